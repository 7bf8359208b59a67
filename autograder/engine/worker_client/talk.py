"""Blocking work on a worker's pipes, done in a thread, so that waiting for it can have a deadline on every system."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from autograder.engine import wire

__all__ = ["Talk"]

Work = Callable[[], wire.Message]


class Talk:
    """One thread for all that is said to one worker: to start one for each question takes longer than most answers."""

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[wire.Message | Exception] = queue.SimpleQueue()
        threading.Thread(target=_work, args=(self._asked, self._answers), daemon=True).start()

    def ask(self, work: Work) -> None:
        """Has this done, after all that was asked before."""
        self._asked.put(work)

    def answer(self, seconds: float) -> wire.Message | Exception | None:
        """What the next piece of work gave or raised; None if that takes longer."""
        try:
            return self._answers.get(timeout=seconds)
        except queue.Empty:
            return None

    def close(self) -> None:
        """Lets the thread end once it is not held up any more."""
        self._asked.put(None)


def _work(asked: queue.SimpleQueue[Work | None], answers: queue.SimpleQueue[wire.Message | Exception]) -> None:
    while (work := asked.get()) is not None:
        try:
            answers.put(work())
        except Exception as error:
            answers.put(error)
