"""Ctrl-C that waits until something is done, so that it cannot end a program while a training is on its way to disk."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Held", "held"]


class Held:
    """How often Ctrl-C was pressed and has not been answered yet. As a handler of signals, it counts."""

    def __init__(self) -> None:
        self.pressed = 0

    def __call__(self, *_: object) -> None:
        self.pressed += 1


@contextmanager
def held() -> Iterator[Held]:
    """Ctrl-C is counted in this block and raises KeyboardInterrupt at its end; who sets `pressed` to 0 has answered it.

    A block within a block leaves that to the outer one. Nothing is changed where Ctrl-C does not raise
    KeyboardInterrupt anyway: in other threads than the first, or where the program has another handler.
    """
    first = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    if first and isinstance(before, Held):
        yield before
        return
    counting = Held()
    if not first or before is not signal.default_int_handler:
        yield counting
        return
    signal.signal(signal.SIGINT, counting)
    try:
        yield counting
    finally:
        signal.signal(signal.SIGINT, before)
    if counting.pressed:
        raise KeyboardInterrupt
