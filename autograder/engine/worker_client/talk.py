"""Blocking work on a worker's pipes, done in a thread, so that waiting for it can have a deadline on every system."""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Sequence
from itertools import accumulate
from typing import IO

from autograder.engine import wire

__all__ = ["Talk", "fitting"]

MOST_NOTES = 100  # in one answer
AHEAD = 1 << 20  # bytes of answers that are read before somebody takes the first


class Talk:
    """One thread for all that is said to one worker: to start one for each question takes longer than most answers."""

    def __init__(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        self.notes: list[str] = []  # what the worker said on the way to its next answer
        self._requests, self._answers = requests, answers
        self._read_bytes = self._taken_bytes = 0.0  # of answers
        self._taken = threading.Event()
        self._asked: queue.SimpleQueue[tuple[bytes, int] | None] = queue.SimpleQueue()
        self._got: queue.SimpleQueue[wire.Message | Exception] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def ask(self, packed: bytes, count: int) -> None:
        """Sends requests, after all that was sent before, to get so many answers."""
        self._asked.put((packed, count))

    def answer(self, seconds: float) -> wire.Message | Exception | None:
        """The next answer, or why there is none; None if that takes longer."""
        try:
            got = self._got.get(timeout=seconds)
        except queue.Empty:
            return None
        self._taken_bytes += _size(got)
        self._taken.set()
        return got

    def close(self) -> None:
        """Lets the thread end once it is not held up any more."""
        self._asked.put(None)
        self._taken_bytes = math.inf
        self._taken.set()

    def _work(self) -> None:
        while (asked := self._asked.get()) is not None:
            packed, count = asked
            try:
                self._requests.write(packed)
                self._requests.flush()
                for left in reversed(range(count)):
                    self._hand_over(self._read())
                    self.notes = [] if left else self.notes
            except Exception as error:
                self._got.put(error)

    def _hand_over(self, message: wire.Message) -> None:
        """Gives an answer to whoever waits for it; and waits, if too much lies there, until some of it was taken."""
        self._read_bytes += _size(message)
        self._got.put(message)
        while self._read_bytes - self._taken_bytes > AHEAD:
            self._taken.wait()
            self._taken.clear()

    def _read(self) -> wire.Message:
        while True:
            message = wire.read(self._answers)
            if "note" not in message.body or len(self.notes) > MOST_NOTES:
                return message
            self.notes.append(str(message.body["note"])[:10])


def _size(got: wire.Message | Exception) -> int:
    return sum(array.nbytes for array in got.arrays) if isinstance(got, wire.Message) else 0


def fitting(packed: Sequence[bytes], room: int) -> int:
    """How many requests fit together into a pipe of this size; one does in any case, since its reader waits for it."""
    return max(1, sum(size <= room for size in accumulate(map(len, packed))))
