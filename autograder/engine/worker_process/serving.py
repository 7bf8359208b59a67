"""A process becomes a worker and serves: it answers the grader's requests beside one student's file.

The walls stand, and standard input, output and errors lead nowhere, before any student code runs.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from autograder.engine import wire
from autograder.engine.messages import CHANNEL_LOST
from autograder.engine.walls.enough import Lacking
from autograder.engine.walls.sandbox import Plan, raise_walls
from autograder.engine.worker_process.channel import Channel

__all__ = ["begin", "serve"]

Pipes = tuple[IO[bytes], IO[bytes]]


def begin(requests: int, answers: int, plan: Mapping[str, Any]) -> Pipes:
    """Makes this process a worker: raises the walls of the plan and tells the grader which of them stand."""
    answers = _only(requests, answers)
    _forget(plan["environment"])
    os.chdir(plan["home"])
    reader, writer = os.fdopen(3, "rb"), os.fdopen(answers, "wb")
    try:
        standing = raise_walls(Plan.of(plan))
    except Lacking as lacking:
        wire.write(writer, wire.Message({"trouble": str(lacking)}))
        os._exit(1)
    wire.write(writer, wire.Message({"ready": True, "walls": standing}))
    return reader, writer


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answers until the pipe closes. Never returns: the teardown of an interpreter with torch takes a third second."""
    try:
        from autograder.engine.worker_process.dispatch import Dispatcher  # brings torch: whoever starts a worker did so

        channel = Channel(requests, answers)
        dispatcher = Dispatcher(Path.cwd(), channel)
        while True:
            channel.send(dispatcher.answer(wire.read(requests)))
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
