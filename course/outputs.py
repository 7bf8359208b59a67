"""What the course writes where a reader says: it replaces only what it wrote itself, and nobody else's files.

Who wrote a file is told by what is in it, never by its name: weights, pictures, animations and pages carry a mark, and
a record or a file of claims is known by its entries.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from course import files, reading
from course.errors import CourseError

__all__ = ["COMMENT", "GENERATOR", "PICTURES", "SOFTWARE", "Kind", "check", "is_ours"]

Kind = Literal["weights", "record", "claims", "figure", "animation", "page"]

SOFTWARE = {"software": "latent-course"}
"""The mark of weights: the metadata of a safetensors file."""

PICTURES = {
    ".png": {"Software": "latent-course"},
    ".svg": {"Creator": "latent-course"},
    ".pdf": {"Creator": "latent-course"},
}
"""The formats of figures, and what makes matplotlib write the mark into each: its `metadata`."""

COMMENT = b"latent-course"
"""The mark of an animation: the comment in a GIF."""

GENERATOR = '<meta name="generator" content="latent-course">'
"""The mark of a page, in its head."""

_ENDS = 8192  # bytes: a mark is among the first, or in a PDF among the last
_MARKS: dict[Kind, tuple[tuple[bytes, bytes], ...]] = {  # how such a file begins, and the mark in it
    "weights": ((b"", b'"__metadata__":{"software":"latent-course"}'),),
    "figure": (
        (b"\x89PNG", b"tEXtSoftware\0latent-course"),
        (b"<?xml", b"<dc:title>latent-course</dc:title>"),
        (b"%PDF", b"/Creator (latent-course)"),
    ),
    "animation": ((b"GIF8", b"\x21\xfe\x0dlatent-course\0"),),
    "page": ((b"<!doctype html>", GENERATOR.encode()),),
}


def check(targets: Mapping[Path, Kind], *, force: bool = False) -> list[Path]:
    """Asks, before any work begins, whether all these files can be written; returns those that will be replaced.

    `targets` says what each file is to become: `outputs.check({out: "page"}, force=force)`. A missing folder is made,
    a link is followed. Raises CourseError where something else is there: a folder, a device, a link to nothing, a file
    that is only to be read, or one that the course did not write as this kind of thing. Of these, `force` lets only
    the last be replaced. Raises OSError, with the path and the next step, where the system refuses the name or place.
    """
    for path, kind in targets.items():
        with _refused(path):
            _check_found(path, kind, force)
    for path in targets:
        with _refused(path):
            files.check_writable(files.real(path).parent)
            with suppress(FileNotFoundError):
                path.stat()  # a name that is too long shows only where its folder is there
    return [path for path in targets if path.exists()]


def is_ours(path: Path, kind: Kind) -> bool:
    """Whether the course wrote this file as this kind of thing. False for one that cannot be read."""
    try:
        if kind == "record" or kind == "claims":
            return _is_record(reading.json_object(path), kind)
        with path.open("rb") as file:
            first = file.read(_ENDS)
            file.seek(max(file.tell(), os.fstat(file.fileno()).st_size - _ENDS))
            ends = first + file.read(_ENDS)
    except (OSError, CourseError):
        return False
    return any(ends.startswith(start) and mark in ends for start, mark in _MARKS[kind])


def _is_record(found: dict[str, Any], kind: Kind) -> bool:
    """Records of trainings and of claims say which versions made them, and each has a table that the other has not."""
    table, versions = found.get("model" if kind == "record" else "claims"), found.get("versions")
    return isinstance(table, dict) and isinstance(versions, dict) and {"python", "torch", "numpy"} <= set(versions)


def _check_found(path: Path, kind: Kind, force: bool) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if path.is_symlink():
            raise CourseError(f"{path} is a link to nothing: remove it, or name another place with --out") from None
        return
    if (what := reading.kind_of(mode)) != "a file":
        raise CourseError(f"{path} is {what}: expected the name of a file; name another place with --out")
    if not mode & 0o222:
        raise CourseError(f"{path} is only to be read: make it writable, or name another place with --out")
    if not force and not is_ours(path, kind):
        raise CourseError(
            f"{path} is there already, and latent-course did not write it: name another place with --out, or replace "
            "it with --force"
        )


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = files.why(error)
        raise OSError(f"{path} cannot be written ({why}): name another place with --out") from None
