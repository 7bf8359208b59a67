"""An .npz file of the reader's own: which of its arrays are read, and none before its header is known to be sound."""

from __future__ import annotations

import io
import tokenize
import warnings
import zipfile
import zlib
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from course import memory
from course.errors import CourseError
from course.own_images import shapes
from course.own_images.arrays import BYTES, Arrays
from course.own_images.naming import listed, shown

__all__ = ["AGAIN", "read"]

AGAIN = "np.savez_compressed(path, images=images, labels=labels)"
_ROLES = {
    "images": ("images", "image", "imgs", "x_train", "train_x", "train_images", "x", "data"),
    "labels": ("labels", "label", "y_train", "train_y", "train_labels", "y", "targets", "target"),
    "test_images": ("test_images", "x_test", "test_x"),
    "test_labels": ("test_labels", "y_test", "test_y"),
    "class_names": ("class_names",),
}
_HEADS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
_LONGEST_HEAD = 1 << 14
_FEWER = "Take fewer, such as images[::10], or close other programs"
_DAMAGE = (
    ValueError, OSError, EOFError, RuntimeError, KeyError, zipfile.BadZipFile, zlib.error,
    SyntaxError, tokenize.TokenError,  # a header is an expression of Python
    SystemError,  # names may hold characters that do not exist
)  # fmt: skip


class _Member(NamedTuple):
    """An array in the file that is not read yet."""

    info: zipfile.ZipInfo
    shape: tuple[int, ...]
    dtype: np.dtype[Any]


def read(path: Path) -> Arrays:
    """The arrays of an .npz file, by their names here or by usual ones elsewhere; the words name what is not read.

    Raises CourseError for what is no .npz file, or holds no set of images, or more than there is memory for.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            roles, words = _roles([info.filename.removesuffix(".npy") for info in archive.infolist()])
            members = {role: _member(archive, name) for role, name in roles.items()}
            _check(members)
            arrays = {role: _array(archive, member) for role, member in members.items()}
        names = arrays.pop("class_names", None)
        class_names = None if names is None else tuple(map(shown, names.tolist()))
    except (CourseError, PermissionError):
        raise
    except _DAMAGE as error:
        raise CourseError(
            f"expected an .npz file of plain arrays, got: {str(error) or type(error).__name__}. Write it again: {AGAIN}"
        ) from None
    return Arrays(**arrays, class_names=class_names, words=words)


def _roles(names: list[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """What each array is, by its name; and in words which have other names than here, and which are not read."""
    spelled = {role: [name for name in names if name.lower() in usual] for role, usual in _ROLES.items()}
    roles: dict[str, str] = {}
    for role, found in spelled.items():
        if len(found) > 1 and found.count(role) != 1:
            raise CourseError(f"expected one array of {role}, got {listed(found)}: call the right one {role}")
        if found:
            roles[role] = role if role in found else found[0]
    if "images" not in roles:
        raise CourseError(
            "expected an array `images`, and if there are any `labels`, `test_images`, `test_labels`, `class_names`, "
            f"got {listed(names) or 'none'}. Write it again: {AGAIN}"
        )
    words = [f"{name} read as {role}" for role, name in roles.items() if name != role]
    rest = [name for name in names if name not in roles.values()]
    return roles, (*([", ".join(map(shown, words))] if words else []), *([f"not read: {listed(rest)}"] if rest else []))


def _member(archive: zipfile.ZipFile, name: str) -> _Member:
    info = archive.NameToInfo.get(f"{name}.npy") or archive.getinfo(name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others are unpacked without a limit
        raise CourseError(f"expected {name} packed as NumPy packs it, got another method. Write it again: {AGAIN}")
    with archive.open(info) as member:
        head = io.BytesIO(member.read(_LONGEST_HEAD))
    version = np.lib.format.read_magic(head)
    if version not in _HEADS:
        raise CourseError(f"expected {name} as a plain array, got version {version}. Write it again: {AGAIN}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a header from Python 2, which is read all the same
        shape, _, dtype = _HEADS[version](head)
    if dtype.kind not in "biufcSU" or dtype.itemsize == 0 or min(shape, default=0) < 0:
        got = "Python objects, which may run code" if dtype.hasobject else f"{dtype} of shape {shape}"
        raise CourseError(f"expected {name} as plain numbers, got {got}. Write it again: {AGAIN}")
    return _Member(info, shape, dtype)


def _check(members: dict[str, _Member]) -> None:
    """Raises CourseError where shapes do not fit together, or where all would not fit into memory."""
    if (names := members.get("class_names")) and (len(names.shape) != 1 or names.dtype.kind != "U"):
        raise CourseError(
            f"expected class_names as words, (C,), got {names.dtype} of shape {names.shape}: "
            "write class_names=np.array(['cat', 'dog'])"
        )
    shapes.check({role: member.shape for role, member in members.items()})
    need = 0
    for role, member in members.items():
        count = prod(member.shape)
        if (length := count * member.dtype.itemsize) > member.info.file_size:
            got = f"{memory.size(member.info.file_size)}: it is cut off. Write it again: {AGAIN}"
            raise CourseError(f"expected {memory.size(length)} of {role}, got {got}")
        memory.check_packed(member.info.compress_size, member.info.file_size, role)
        need += length + count * BYTES * ("images" in role)
    memory.check(need, " and ".join(f"{role} of shape {member.shape}" for role, member in members.items()), _FEWER)


def _array(archive: zipfile.ZipFile, member: _Member) -> NDArray[Any]:
    with archive.open(member.info) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a header from Python 2, which is read all the same
        array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)  # a pickle may run code
    return array
