"""A session that is told to end ends as after Ctrl-C: workers are stopped, and the report says what was not checked."""

from __future__ import annotations

import signal
import threading
from types import FrameType

__all__ = ["Signals"]

NAMES = ("SIGTERM", "SIGHUP")  # what a system sends to end a program, and a terminal that is closed


class Signals:
    """Turns these signals into KeyboardInterrupt, once: a second one ends the process as it would without this."""

    def __init__(self) -> None:
        self._taken: list[int] = []
        if threading.current_thread() is not threading.main_thread():
            return  # only the main thread can take signals
        for number in (getattr(signal, name) for name in NAMES if hasattr(signal, name)):
            if signal.getsignal(number) is signal.SIG_DFL:  # who starts a grader with nohup wants it to stay
                signal.signal(number, self._interrupt)
                self._taken.append(number)

    def close(self) -> None:
        for number in self._taken:
            signal.signal(number, signal.SIG_DFL)
        self._taken.clear()

    def _interrupt(self, number: int, _frame: FrameType | None) -> None:
        self.close()
        raise KeyboardInterrupt(signal.Signals(number).name)
