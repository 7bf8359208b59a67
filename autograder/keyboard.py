"""Single keys from a terminal, without waiting and without Enter; nothing where there is no terminal."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["keys"]


@contextmanager
def keys() -> Iterator[Callable[[], str]]:
    """Gives a function that returns the key pressed since it was last asked, or "". The terminal is put back after."""
    if not sys.stdin.isatty():
        yield lambda: ""
    elif os.name == "nt":
        yield _windows_key
    else:
        import termios
        import tty

        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
        try:
            tty.setcbreak(terminal)
            yield (
                lambda: (
                    os.read(terminal, 1).decode("ascii", "ignore") if select.select([terminal], [], [], 0)[0] else ""
                )
            )
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _windows_key() -> str:
    import msvcrt

    return msvcrt.getwch() if msvcrt.kbhit() else ""  # type: ignore[attr-defined]
