"""Stops code that runs for too long from within, while it can still be seen at which line it is."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

__all__ = ["TooLong", "patience"]

AGAIN = 0.2  # seconds; code may have caught it


class TooLong(BaseException):
    """Raised wherever the code is just then."""


@contextlib.contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Raises TooLong in what runs for longer. Where there are no such signals, the grader's own deadline is all."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TooLong
