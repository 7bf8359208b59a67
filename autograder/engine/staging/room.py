"""How much of a submission is handed to a worker: files with their bytes, and of the rest, why it was left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import PurePosixPath

from autograder.engine.reading import Absent, Unreadable
from autograder.engine.staging.mentions import Mentions

__all__ = ["OTHER", "SOURCE", "Room"]

SOURCE, OTHER, ALL = 1_000_000, 16_000_000, 48_000_000  # bytes of a Python file, of another file, of all together
MOST = 500  # files
NAMES, REASONS = 24_000, 8_000  # bytes of all names, and of what is said: both travel in the header of a message
LONGEST, DEEPEST = 2_000, 20  # bytes of one name, and folders in it: it grows longer in the worker's own folder


class Room:
    """What was taken so far, and what was not."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.left_out: dict[str, str] = {}
        self._bytes = self._names = 0

    def add(self, name: str, data: bytes) -> None:
        """Takes a file. Raises Unreadable if there is no room for it."""
        self._must_have_room(name)
        if self._bytes + len(data) > ALL:
            raise Unreadable(f"is too much: up to {ALL:,} bytes come along, of all files together")
        self.files[name] = data
        self._bytes += len(data)
        self._names += _length(name)

    def take(self, name: str, fetched: Callable[[str, int], bytes]) -> bool:
        """Takes a file if it is there and there is room; whether it was. Else it is remembered why not."""
        if name in self.files or name in self.left_out:
            return False
        try:
            self._must_have_room(name)  # before anything is read
            room = min(SOURCE if name.endswith(".py") else OTHER, ALL - self._bytes)
            self.add(name, fetched(name, room))
        except Absent:
            return False
        except Unreadable as error:
            self.left_out[name] = str(error)
            return False
        return True

    def _must_have_room(self, name: str) -> None:
        if _length(name) > LONGEST or name.count("/") > DEEPEST:
            raise Unreadable("has too long a name, or is too deep in folders")
        if len(self.files) >= MOST or self._names + _length(name) > NAMES or self._bytes >= ALL:
            raise Unreadable(
                f"comes after the {len(self.files)} files that there is room for: hand in fewer or smaller ones"
            )

    def mentioned(self, said: Mentions) -> dict[str, str]:
        """Of what was left out, the part that the code mentions: its author knows these names anyway."""
        words = {word for text in (*said.modules, *said.texts) for word in text.replace(".", "/").split("/")}
        found: dict[str, str] = {}
        for name, why in self.left_out.items():
            if PurePosixPath(name).name.split(".")[0] in words or PurePosixPath(name).parts[0] in words:
                found[name] = why
                if len(json.dumps(found)) > REASONS:
                    del found[name]
                    break
        return found


def _length(name: str) -> int:
    """Bytes of a name in a message's header."""
    return len(json.dumps(name)) + 2
