"""Right answers that are known already: each call is asked once, and what was kept of an earlier run not at all.

A kept file holds what the reference said, for each call under a digest of all that the call sends. It begins with a
digest of the rest, is written whole or not at all, and one that is damaged counts as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import struct
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from autograder.engine import wire
from autograder.engine.answering.oracle import Expected, Live, Replies, read
from autograder.engine.calls import Answer, Call
from autograder.engine.verdicts import Mistake

__all__ = ["Table"]

DIGEST = hashlib.sha256().digest_size
LARGEST = 32 * 1024 * 1024  # bytes of a file


class Table:
    """An oracle that asks another one only what it does not know. With a place for a file, it knows what is there, and
    leaves there what it learned.
    """

    def __init__(self, live: Live, kept: Path | None = None) -> None:
        self.exercise, self.solution = live.exercise, live.solution
        self._live, self._kept = live, kept
        self._lock = threading.RLock()
        self._known: dict[bytes, Expected] = {}
        self._said = _read(kept) if kept else {}  # by a call's digest, what answers are read from
        self._learned = False
        self._together: Sequence[Call] = ()

    def start(self) -> None:
        """Lets the other oracle come up, if it will be asked."""
        if not self._said:
            self._live.start()

    def expect(self, calls: Sequence[Call]) -> None:
        """Says which calls will be asked about together, unless one of them decides."""
        with self._lock:
            self._together = calls

    def __call__(self, call: Call) -> Expected:
        key = _digest(call)
        with self._lock:
            if key not in self._known:
                if key not in self._said:
                    self._learn(call)
                self._known[key] = read(call, _unpacked(self._said[key]))
            return self._known[key]

    def mistakes(self, part: str) -> list[Mistake]:
        """The named mistakes of a part."""
        return self._live.mistakes(part)

    def mistaken(self, mistake: Mistake, call: Call) -> Answer:
        """What this mistake answers to a call."""
        return self._live.mistaken(mistake, call)

    def close(self) -> None:
        """Keeps what was learned, and ends the other oracle's worker."""
        with self._lock:
            if self._kept and self._learned:
                _write(self._kept, self._said)
            self._learned = False
        self._live.close()

    def _learn(self, call: Call) -> None:
        """Asks about a call; and if it is one of several that were announced, about all of them."""
        calls = self._together if any(each is call for each in self._together) else [call]
        wanted = {key: each for each in calls if (key := _digest(each)) not in self._said}
        for key, replies in zip(wanted, self._live.replies([*wanted.values()]), strict=True):
            self._said[key] = b"".join(map(wire.encode, replies))
        self._learned = True


def _digest(call: Call) -> bytes:
    return hashlib.sha256(wire.encode(wire.Message(*call.pack("float32")))).digest()


def _unpacked(said: bytes) -> Replies:
    stream = io.BytesIO(said)
    return wire.read(stream), wire.read(stream)


def _read(kept: Path) -> dict[bytes, bytes]:
    """What a file holds; nothing if there is none, or it is not as it was written."""
    try:
        with kept.open("rb") as file:
            whole, rest = file.read(DIGEST), file.read(LARGEST)
    except OSError:
        return {}
    return dict(_entries(rest)) if hashlib.sha256(rest).digest() == whole else {}


def _entries(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place < len(data):
        (size,) = struct.unpack_from(">I", data, place + DIGEST)
        start = place + DIGEST + 4
        yield data[place : place + DIGEST], data[start : start + size]
        place = start + size


def _write(kept: Path, said: Mapping[bytes, bytes]) -> None:
    """Writes a file whole or not at all; where it cannot be written, nothing is kept."""
    rest = b"".join(part for key, value in said.items() for part in (key, struct.pack(">I", len(value)), value))
    if len(rest) > LARGEST:
        return
    with contextlib.suppress(OSError), tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as half:
        try:
            half.write(hashlib.sha256(rest).digest() + rest)
            half.close()
            os.replace(half.name, kept)
        except OSError:
            os.unlink(half.name)
            raise
