"""IDX files, the format of MNIST and Fashion-MNIST: a header that says what follows, then one byte a value.

The header is big-endian: two zero bytes, the type of the values (8: unsigned byte), the number of dimensions, and four
bytes for each dimension (LeCun, Cortes, Burges, The MNIST database, "File formats").
"""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from course import memory
from course.errors import CourseError

__all__ = ["read", "shape_of"]

_KINDS = {1: "labels", 3: "images"}
_UNSIGNED_BYTE = b"\0\0\x08"
_GZIP = b"\x1f\x8b"
_PIECE = 1 << 20
_MOST_PACKED = 1032  # times, by gzip's method (RFC 1951)
_LONGEST_HEAD = 64  # of 15 dimensions; to say what it is, where it is not what it should be


def shape_of(path: str | Path, shape: tuple[int | None, ...]) -> tuple[int, ...]:
    """The shape that the header of an IDX file declares; where `shape` says None, any length will do.

    Raises as `read`, before anything but the header is read. What a header promises is held against the file's size.
    """
    path = Path(path)
    with _opened(path) as file:
        start = file.read(_LONGEST_HEAD)
    found = _shape(start)
    if found is None or len(found) != len(shape) or any(n not in (None, m) for n, m in zip(shape, found, strict=True)):
        raise _refused(path, f"{_KINDS[len(shape)]} of shape {shape}".replace("None", "any"), _described(start))
    size, length = 4 + 4 * len(shape) + prod(found), path.stat().st_size
    packed = path.suffix == ".gz"
    if size > length * (_MOST_PACKED if packed else 1):
        raise _refused(path, f"{size} bytes", f"{length}{' packed ones' if packed else ''}: it is cut off")
    if packed:
        memory.check_packed(length, size, str(path))
    return found


def read(path: str | Path, shape: tuple[int | None, ...], sha256: str | None = None) -> NDArray[np.uint8]:
    """The values of an IDX file of unsigned bytes, in the shape that they must have; gzipped if its name ends in .gz.

    Where `shape` says None, any length will do. `sha256` is the checksum of the uncompressed bytes. Raises
    FileNotFoundError, or CourseError for a file that is not whole, holds something else, has another checksum, or does
    not fit into memory. No more than the expected bytes, and one, are read.
    """
    path = Path(path)
    found = shape_of(path, shape)
    head = 4 + 4 * len(shape)
    size = head + prod(found)
    memory.check(size, str(path))
    content = np.empty(size + 1, np.uint8)
    count = 0
    with _opened(path) as file:
        while count <= size and (got := file.readinto(content[count : count + _PIECE].data)):
            count += got
    if count != size:
        raise _refused(
            path, f"{size} bytes", f"{count}: it is cut off" if count < size else "more: something follows the end"
        )
    content = content[:size]
    if sha256 and (digest := hashlib.sha256(content.data).hexdigest()) != sha256:
        raise _refused(path, f"sha256 {sha256}", f"{digest}: damaged, or another data set with the same file names")
    return content[head:].reshape(found)


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedIOBase]:
    """The content of a file, unpacked on the way if its name ends in .gz."""
    if path.suffix != ".gz":
        with path.open("rb") as file:
            yield file
        return
    try:
        with gzip.open(path) as unpacked:
            yield unpacked
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise _refused(path, "a whole gzip file", f"this: {error}") from None


def _shape(head: bytes) -> tuple[int, ...] | None:
    """The shape that a header declares; None where it is none, or is cut off."""
    if len(head) < 4 or head[:3] != _UNSIGNED_BYTE or len(head) < 4 + 4 * head[3]:
        return None
    return struct.unpack_from(f">{head[3]}I", head, 4)


def _described(content: bytes) -> str:
    """What the head of a file says that it is."""
    if not content:
        return "an empty file"
    if content.startswith(_GZIP):
        return "gzipped bytes, though the name does not end in .gz"
    if len(content) < 4 or content[:3] != _UNSIGNED_BYTE:
        return f"a file that starts with {content[:8]!r}, which is no IDX file of bytes"
    kind = _KINDS.get(content[3], f"values of {content[3]} dimensions")
    shape = _shape(content)
    return f"{kind} of shape {shape}" if shape else f"{kind} cut off in the header, after {len(content)} bytes"


def _refused(path: Path, expected: str, got: str) -> CourseError:
    return CourseError(f"{path}: expected {expected}, got {got}. Replace this file by a whole copy of the right one")
