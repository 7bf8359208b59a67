"""The program in a worker process: answers the grader's requests beside one student's file, until the pipe closes.

A worker is forked from a zygote (see `zygote.py`), or started as `python -I program.py fresh PLAN`. In both cases the
walls stand, and standard input, output and errors lead nowhere, before any student code runs.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import IO, Any

__all__ = ["CHANNEL_LOST", "begin", "main", "serve"]

CHANNEL_LOST = 86  # exit code: the pipe broke while an answer was sent
PROJECT = Path(__file__).resolve().parents[3]

Pipes = tuple[IO[bytes], IO[bytes]]


def begin(requests: int, answers: int, plan: Mapping[str, Any]) -> Pipes:
    """Makes this process a worker: raises the walls of the plan and tells the grader which of them stand."""
    from autograder.engine import wire
    from autograder.engine.walls.surround import Plan, surround

    answers = _only(requests, answers)
    _forget(plan["environment"])
    os.chdir(plan["home"])
    standing = surround(Plan.of(plan))
    reader, writer = os.fdopen(3, "rb"), os.fdopen(answers, "wb")
    wire.write(writer, wire.Message({"ready": True, "walls": standing}))
    return reader, writer


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answers until the pipe closes. Never returns: the teardown of an interpreter with torch takes a third second."""
    try:
        from autograder.engine import wire

        line = importlib.import_module("autograder.engine.inside.line").Line(requests, answers)
        desk = importlib.import_module("autograder.engine.inside.desk").Desk(Path.cwd(), line)
        while True:
            line.send(desk.answer(wire.read(requests)))
    except EOFError:
        os._exit(0)
    except BaseException:
        os._exit(CHANNEL_LOST)


def _only(requests: int, answers: int) -> int:
    """Closes every descriptor but the two pipes, which become 3 and 4, and what leads nowhere, 0 to 2."""
    spare = [os.dup(descriptor) for descriptor in (requests, answers)]
    high = [os.dup2(descriptor, 200 + i) for i, descriptor in enumerate(spare)]
    os.closerange(3, 200)
    os.closerange(202, 1 << 16)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    for target, descriptor in zip((3, 4), high, strict=True):
        os.dup2(descriptor, target, inheritable=False)
        os.close(descriptor)
    return 4


def _forget(environment: Mapping[str, str]) -> None:
    """Nothing that a process before this one chose stays: environment, folder for temporary files, random state.

    torch's and numpy's global random states start alike in every process, forked or fresh.
    """
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    random.seed()


def _end_with(parent: int) -> None:
    """Where the kernel does not end a worker with its grader, the worker looks after that itself."""
    if sys.platform == "linux" or os.name != "posix":
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def _expose(package: str) -> None:
    """Makes one package of this project importable without its neighbours (-I leaves the project off the path)."""
    start = PROJECT / package / "__init__.py"
    if package in sys.modules or not start.is_file():
        return
    spec = spec_from_file_location(package, start, submodule_search_locations=[str(start.parent)])
    assert spec is not None
    assert spec.loader is not None
    sys.modules[package] = module = module_from_spec(spec)
    spec.loader.exec_module(module)


def main(role: str, given: str) -> None:
    _expose("autograder")
    _expose("course")
    if role == "zygote":
        importlib.import_module("autograder.engine.workers.zygote").fork_on_request(int(given))
        return
    from autograder.engine import wire

    plan = json.loads(given)
    requests, answers = os.dup(0), os.dup(1)
    try:
        importlib.import_module("autograder.engine.inside.desk")
    except Exception as error:
        trouble = wire.Message({"trouble": f"{type(error).__name__}: {error}"[:1000]})
        os.write(answers, wire.encode(trouble))
        os._exit(1)
    _end_with(plan["parent"])
    serve(*begin(requests, answers, plan))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, who then ends its workers
    main(*sys.argv[1:3])
