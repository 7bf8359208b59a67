"""The program in a worker process: answers the grader's requests beside one student's file, until the pipe closes.

It is started as `python -I worker.py` in a fresh folder. The pipe arrives as standard input and output; both are
moved away before any student code runs, so that a print cannot end up in the middle of a message.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import IO

__all__ = ["CHANNEL_LOST", "main"]

CHANNEL_LOST = 86  # exit code: the pipe broke while an answer was sent
PROJECT = Path(__file__).resolve().parents[2]


def take_channel() -> tuple[IO[bytes], IO[bytes]]:
    """The pipe's two ends, as files of our own; standard input, output and errors lead nowhere from now on."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return requests, answers


def end_with(parent: int) -> None:
    """No worker outlives the grader, not even one that is stuck in a student's loop."""
    if sys.platform == "linux":
        # The kernel does it (1 is PR_SET_PDEATHSIG) when the thread that started this process ends.
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)
    elif os.name == "posix":

        def watch() -> None:
            while os.getppid() == parent:
                time.sleep(0.5)
            os._exit(0)

        threading.Thread(target=watch, daemon=True).start()


def expose(package: str) -> None:
    """Makes one package of this project importable without its neighbours (-I leaves the project off the path)."""
    start = PROJECT / package / "__init__.py"
    if package in sys.modules or not start.is_file():
        return
    spec = spec_from_file_location(package, start, submodule_search_locations=[str(start.parent)])
    assert spec is not None
    assert spec.loader is not None
    sys.modules[package] = module = module_from_spec(spec)
    spec.loader.exec_module(module)


def main(parent: int) -> None:
    requests, answers = take_channel()
    end_with(parent)
    expose("autograder")
    expose("course")

    from autograder.engine import wire

    try:
        from autograder.engine.inside.desk import Desk

        desk = Desk(Path.cwd(), lambda number: wire.write(answers, wire.Message({"note": number})))
    except Exception as error:
        wire.write(answers, wire.Message({"trouble": f"{type(error).__name__}: {error}"[:1000]}))
        os._exit(1)
    try:
        wire.write(answers, wire.Message({"ready": True}))
        while True:
            answers.write(desk.answer(wire.read(requests)))
            answers.flush()
    except EOFError:
        os._exit(0)
    except BaseException:
        os._exit(CHANNEL_LOST)


if __name__ == "__main__":
    main(int(sys.argv[1]))
