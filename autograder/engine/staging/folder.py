"""A folder that was handed in, looked through with bounds: it may be somebody's home."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from autograder.engine.reading import Unreadable, read_beneath

__all__ = ["Folder"]

LOOKED_AT = 5_000  # entries
DEEPEST = 20
OTHERS = ("__pycache__", "node_modules")
LINK_OUT = "is a link to something outside of the folder that was handed in: put the file itself there"
LINK_UP = "is a link to a folder that it is in"


class Folder:
    """Names are relative to it, with slashes. A link inside it stands for what it leads to, if that is inside, too."""

    def __init__(self, place: Path) -> None:
        self.place = Path(os.path.realpath(place))

    def read(self, name: str, at_most: int) -> bytes:
        """The bytes of a file. Raises Unreadable."""
        return read_beneath(self.place, self._inside(name), at_most)

    def names(self) -> Iterator[tuple[str, str]]:
        """All files by name, those of the folder itself first; and why a link cannot be followed, or nothing."""
        waiting, left = deque([""]), LOOKED_AT
        while waiting:
            entries = self._entries(waiting.popleft(), left)
            left -= len(entries)
            for name in entries:
                why = self._why_not(name)
                if why or not os.path.isdir(self.place / name):
                    yield name, why
                elif name.count("/") < DEEPEST and not _is_other(self.place / name):
                    waiting.append(name)

    def _entries(self, above: str, most: int) -> list[str]:
        names: list[str] = []
        with contextlib.suppress(OSError, Unreadable), os.scandir(self.place / self._inside(above)) as entries:
            for entry in entries:
                if len(names) >= most:
                    break
                if not entry.name.startswith("."):
                    names.append(f"{above}/{entry.name}" if above else entry.name)
        return sorted(names)

    def _why_not(self, name: str) -> str:
        try:
            above, target = self._inside(str(PurePosixPath(name).parent)), self._inside(name)
        except Unreadable as error:
            return str(error)
        return LINK_UP if PurePosixPath(above).is_relative_to(target) else ""

    def _inside(self, name: str) -> str:
        """Where a name leads; Unreadable if that is outside."""
        target = Path(os.path.realpath(self.place / name))
        if not target.is_relative_to(self.place):
            raise Unreadable(LINK_OUT)
        return target.relative_to(self.place).as_posix()


def _is_other(path: Path) -> bool:
    """Whether a folder holds what nobody hands in: compiled files, a virtual environment, packages of JavaScript."""
    return path.name in OTHERS or os.path.exists(path / "pyvenv.cfg")
