"""The pipe to the grader, for whoever speaks in the middle of a call. One at a time: student code may run threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from autograder.engine import wire

__all__ = ["Channel"]


class Channel:
    """Notes go to the grader at any time; questions only while it listens to them."""

    def __init__(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        self._requests, self._answers = requests, answers
        self._lock = threading.Lock()
        self._listening = False

    def send(self, packed: bytes) -> None:
        with self._lock:
            self._answers.write(packed)
            self._answers.flush()

    def note(self, number: str) -> None:
        """Says that a part was called."""
        self.send(wire.encode(wire.Message({"note": number})))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While the grader answers questions. A question that is under way is waited for at the end."""
        self._listening = True
        try:
            yield
        finally:
            with self._lock:
                self._listening = False

    def ask(self, question: wire.Message) -> wire.Message:
        """The grader's answer."""
        packed = wire.encode(question)
        with self._lock:
            if not self._listening:
                raise RuntimeError("this call is over")
            self._answers.write(packed)
            self._answers.flush()
            return wire.read(self._requests)
