"""How much room a worker takes on the disk: its folder, and the files without a name that it holds open or mapped."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from autograder.engine import trees

__all__ = ["taken"]

REMOVED = " (deleted)"


def taken(home: Path, pid: int, at_most: float) -> float:
    """Bytes. More than `at_most` need not be counted, and a folder that cannot be looked into counts as endless."""
    size = trees.size(home, at_most)
    if size > at_most or not pid:
        return size
    return size + sum({**dict(_mapped(home, pid)), **dict(_open(home, pid))}.values())


def _open(home: Path, pid: int) -> Iterator[tuple[int, int]]:
    """Number and bytes of each removed file that a process holds open, as far as the system shows it: Linux does."""
    try:
        device, names = os.stat(home).st_dev, os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return
    for name in names:
        try:
            about = os.stat(f"/proc/{pid}/fd/{name}")
        except OSError:
            continue
        if not about.st_nlink and about.st_dev == device and stat.S_ISREG(about.st_mode):
            yield about.st_ino, trees.bytes_of(about)


def _mapped(home: Path, pid: int) -> Iterator[tuple[int, int]]:
    """The same for files that are mapped into its memory: of each, all pieces."""
    try:
        lines = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    found: dict[int, int] = {}
    for line in lines:
        if line.endswith(REMOVED) and f" {home}{os.sep}" in line:
            span, _, _, _, number, *_ = line.split()
            start, end = (int(place, 16) for place in span.split("-"))
            found[int(number)] = found.get(int(number), 0) + end - start
    yield from found.items()
