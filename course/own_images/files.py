"""Where readers' own images can come from: an .npz file, the four files of MNIST's form, a folder of pictures.

Each becomes the same arrays, as they are; what they must be, `checks` says.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from course import idx
from course.errors import CourseError
from course.own_images import pictures
from course.own_images.pictures import listed, shown

__all__ = ["IDX", "Arrays", "Stamp", "load", "shown", "stamp"]

IDX = {
    "images": "train-images-idx3-ubyte", "labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte", "test_labels": "t10k-labels-idx1-ubyte",
}  # fmt: skip
_AGAIN = "np.savez_compressed(path, images=images, labels=labels)"

Stamp = tuple[tuple[str, int, int], ...]


class Arrays(NamedTuple):
    """Images (N, H, W) or (N, D) and what may come with them, unchecked; `words` say what reading did to them."""

    images: NDArray[Any]
    labels: NDArray[Any] | None = None
    test_images: NDArray[Any] | None = None
    test_labels: NDArray[Any] | None = None
    class_names: tuple[str, ...] | None = None
    words: tuple[str, ...] = ()


def load(path: Path) -> Arrays:
    """The arrays of an .npz file, of a folder with MNIST's four files, or of one with pictures.

    Raises ValueError, FileNotFoundError or PermissionError, with what was expected there.
    """
    if not path.is_dir():
        if path.suffix != ".npz":
            raise CourseError(
                f"{shown(path)}: expected a folder or an .npz file, got a file of another name: write {_AGAIN}"
            )
        return _npz(path)
    if any(_of_form(path, name) for name in IDX.values()):
        return _idx(path)
    images, labels, names, words = pictures.read(path)
    return Arrays(images, labels, class_names=names, words=(words,))


def stamp(path: Path) -> Stamp:
    """Name, size and time of each file there: as long as it stays, so do the images."""
    places = sorted(place for pattern in ("*", "*/*") for place in path.glob(pattern)) if path.is_dir() else [path]
    stats = [(os.fspath(place), place.stat() if place.exists() else place.lstat()) for place in places]
    return tuple((name, status.st_size, status.st_mtime_ns) for name, status in stats)


def _npz(path: Path) -> Arrays:
    try:
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                raise CourseError("something else, or half of one")
            file.seek(0)
            with np.load(file, allow_pickle=False) as content:  # a pickle may run code; images may not
                arrays = {name: content[name] for name in Arrays._fields[:-1] if name in content}
                names = content.files
            if not all(isinstance(array, np.ndarray) for array in arrays.values()):
                raise CourseError("other files in it")
    except PermissionError:
        raise
    except (
        ValueError,
        OSError,
        EOFError,
        KeyError,
        RuntimeError,
        MemoryError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise CourseError(
            f"{shown(path)}: expected an .npz file of plain arrays, got {error}. Write it again: {_AGAIN}"
        ) from None
    if "images" not in arrays:
        raise CourseError(
            f"{shown(path)}: expected an array `images`, and if there are any `labels`, `test_images`, `test_labels`, "
            f"`class_names`, got {listed(names) or 'none'}. Write it again: {_AGAIN}"
        )
    words = arrays.pop("class_names", None)
    if words is not None and (words.ndim != 1 or words.dtype.kind != "U"):
        raise CourseError(
            f"{shown(path)}: expected class_names as words, (C,), got {words.dtype} of shape {words.shape}: "
            "write class_names=np.array(['cat', 'dog'])"
        )
    return Arrays(**arrays, class_names=None if words is None else tuple(shown(word) for word in words.tolist()))


def _idx(folder: Path) -> Arrays:
    found = {what: path for what, name in IDX.items() if (path := _of_form(folder, name))}
    if len(found) < len(IDX):
        raise FileNotFoundError(
            f"{shown(folder)}: expected the four files {', '.join(IDX.values())}, each with or without .gz, but "
            f"{', '.join(name for what, name in IDX.items() if what not in found)} is not there: copy it to the others"
        )
    arrays = {what: idx.read(path, (None,) * (3 if "images" in what else 1)) for what, path in found.items()}
    return Arrays(arrays["images"], arrays["labels"], arrays["test_images"], arrays["test_labels"])


def _of_form(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)
