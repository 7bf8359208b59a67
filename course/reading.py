"""Files that anybody may have written: only ordinary ones are read, and none that is larger than expected."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

from course.errors import CourseError

__all__ = ["content", "json_object", "kind_of"]

_JSON = 1 << 24  # bytes: a record has some hundreds, all claims together a million
_DEEP = 50  # levels: a record has four, and what is too deep for Python's stack ends a program anywhere


def content(path: Path, limit: int | None = None) -> bytes:
    """The bytes of an ordinary file. Raises CourseError for anything else, or for more than `limit` bytes; OSError."""
    found = path.stat()  # before it is opened, because that would wait for whoever writes into a FIFO
    if not stat.S_ISREG(found.st_mode):
        raise CourseError(f"{path} is {kind_of(found.st_mode)} where a file is expected")
    if limit is not None and found.st_size > limit:
        raise CourseError(f"{path} is too large (expected at most {limit} bytes, got {found.st_size})")
    return path.read_bytes()


def json_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file. Raises CourseError, with the path, where there is none; OSError."""
    try:
        found = json.loads(content(path, _JSON))
    except CourseError:
        raise
    except (ValueError, RecursionError) as error:  # the last: brackets in brackets in brackets
        raise CourseError(f"{path} holds no JSON ({error})") from None
    if not isinstance(found, dict):
        raise CourseError(f"{path} holds no JSON object, but a {type(found).__name__}")
    if not _shallow(found, _DEEP):
        raise CourseError(f"{path} holds JSON of more than {_DEEP} levels")
    return found


def kind_of(mode: int) -> str:
    """What is there, by the mode that `stat` gives, in words."""
    return "a file" if stat.S_ISREG(mode) else "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"


def _shallow(value: object, levels: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_shallow(each, levels - 1) for each in inside)
