"""How much memory a piece of work may take, asked before it takes it.

An allocator finds out too late: Linux promises more than there is, and ends the process when the promise is called in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from course.errors import CourseError

__all__ = ["available", "check", "size"]

_UNKNOWN = 4 * 10**9  # where no system says it
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def available() -> int:
    """Bytes that this process can still take: what is free, within the limits of its group and of its own.

    Linux says what is free; elsewhere it is half of what the machine has, or 4 GB.
    """
    return max(0, min(_free(), *_group_limits(Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")), *_own_limit()))


def check(need: int, what: str, instead: str = "Take something smaller, or close other programs") -> None:
    """Raises CourseError if `need` bytes are more than are available; `what` needs them, `instead` is the next step."""
    if need > (free := available()):
        raise CourseError(f"{what}: expected to fit into {size(free)} of free memory, got {size(need)}. {instead}")


def size(count: int) -> str:
    """A number of bytes in words, such as 1.4 GB; units are powers of 1000."""
    power = min((len(str(count)) - 1) // 3, len(_UNITS) - 1)
    return f"{count} bytes" if not power else f"{count * 10 // 1000**power / 10:,} {_UNITS[power]}"


def _free() -> int:
    values = _fields(Path("/proc/meminfo"))
    if "MemAvailable:" in values:
        return values["MemAvailable:"] * 1024
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):  # Windows has none of these
        return _UNKNOWN


def _group_limits(groups: Path, root: Path) -> Iterator[int]:
    """What each control group of this process, and each group around it, still allows: a container, a batch job."""
    for line in _text(groups).splitlines():
        _, kinds, inner = (*line.split(":", 2), "", "")[:3]
        if kinds not in ("", "memory"):
            continue
        top = root / kinds
        limit, used, cache = (
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file") if kinds
            else ("memory.max", "memory.current", "inactive_file")
        )  # fmt: skip
        inside = top / inner.strip("/")
        for place in (inside, *inside.parents[: len(inside.relative_to(top).parts)]):
            if (most := _text(place / limit).strip()).isdigit():  # not "max"
                taken = int(_text(place / used) or 0) - _fields(place / "memory.stat").get(cache, 0)
                yield int(most) - taken


def _own_limit() -> Iterator[int]:
    """What `ulimit -v` still allows."""
    try:
        import resource
    except ImportError:  # Windows
        return
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most != resource.RLIM_INFINITY and (pages := _text(Path("/proc/self/statm")).split()):
        yield most - int(pages[0]) * resource.getpagesize()


def _fields(path: Path) -> dict[str, int]:
    """The first number of each line, by the word before it."""
    words = [line.split() for line in _text(path).splitlines()]
    return {line[0]: int(line[1]) for line in words if len(line) > 1 and line[1].isdigit()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
