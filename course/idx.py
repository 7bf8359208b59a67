"""IDX files, the format of MNIST and Fashion-MNIST: a header that says what follows, then one byte a value.

The header is big-endian: two zero bytes, the type of the values (8: unsigned byte), the number of dimensions, and four
bytes for each dimension (LeCun, Cortes, Burges, The MNIST database, "File formats").
"""

from __future__ import annotations

import gzip
import hashlib
import struct
import zlib
from math import prod
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from course.errors import CourseError

__all__ = ["read"]

_KINDS = {1: "labels", 3: "images"}
_UNSIGNED_BYTE = b"\0\0\x08"
_GZIP = b"\x1f\x8b"
_PIECE = 1 << 20
_LONGEST_HEAD = 64  # of 15 dimensions; to say what it is, where it is not what it should be


def read(path: str | Path, shape: tuple[int | None, ...], sha256: str | None = None) -> NDArray[np.uint8]:
    """The values of an IDX file of unsigned bytes, in the shape that they must have; gzipped if its name ends in .gz.

    Where `shape` says None, any length will do. `sha256` is the checksum of the uncompressed bytes. Raises
    FileNotFoundError, or CourseError for a file that is not whole, holds something else, or has another checksum. No
    more than the expected bytes, and one, are read.
    """
    path = Path(path)
    start = _content(path, _LONGEST_HEAD)
    found = _shape(start)
    if found is None or len(found) != len(shape) or any(n not in (None, m) for n, m in zip(shape, found, strict=True)):
        raise _refused(path, f"{_KINDS[len(shape)]} of shape {shape}".replace("None", "any"), _described(start))
    head = 4 + 4 * len(shape)
    size = head + prod(found)
    content = _content(path, size + 1)
    if len(content) != size:
        got = f"{len(content)}: it is cut off" if len(content) < size else "more: something follows the end"
        raise _refused(path, f"{size} bytes", got)
    digest = hashlib.sha256(content).hexdigest()
    if digest != (sha256 or digest):
        raise _refused(path, f"sha256 {sha256}", f"{digest}: damaged, or another data set with the same file names")
    return np.frombuffer(content, np.uint8, offset=head).reshape(found)


def _content(path: Path, limit: int) -> bytes:
    if path.suffix != ".gz":
        with path.open("rb") as file:
            return _bounded(file, limit)
    try:
        with gzip.open(path) as unpacked:
            return _bounded(unpacked, limit)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise _refused(path, "a whole gzip file", f"this: {error}") from None


def _bounded(file: IO[bytes] | gzip.GzipFile, limit: int) -> bytes:
    """At most `limit` bytes, piece by piece: what a header promises may be more than memory holds."""
    parts = []
    while limit > 0 and (part := file.read(min(limit, _PIECE))):
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)


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
