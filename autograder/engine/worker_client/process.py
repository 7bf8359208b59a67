"""A worker's process: forked from the zygote where that can be, else a fresh one."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Protocol

from autograder.engine.walls.sandbox import Plan
from autograder.engine.worker_client import forked
from autograder.engine.worker_client.forked import Forked, Vanished
from autograder.engine.worker_client.fresh import Fresh

__all__ = ["WorkerProcess", "start"]

PROGRAM = Path(__file__).parents[1] / "worker_process" / "program.py"


class WorkerProcess(Protocol):
    """What a worker needs of its process, of whichever kind: two pipes, its number, its end."""

    requests: IO[bytes]
    answers: IO[bytes]

    @property
    def pid(self) -> int:
        """0 if it is not known yet."""

    @property
    def ahead(self) -> int:
        """Bytes of requests that may wait in its pipe, so that nobody waits to write them."""

    def ended(self, seconds: float) -> int | None:
        """The exit code, or minus the signal; None if it still runs after so many seconds. May raise Vanished."""

    def end(self) -> None:
        """Ends the process and all that it started."""


def start(plan: Plan) -> WorkerProcess:
    """A process for this plan. Raises OSError or Vanished; a dead zygote is replaced once."""
    if not forked.is_possible():
        return Fresh(PROGRAM, plan.packed())
    environment = {**plan.environment, "HOME": "/", "TMPDIR": "/tmp", "TEMP": "/tmp", "TMP": "/tmp"}
    try:
        return Forked(PROGRAM, environment, plan.packed())
    except Vanished:
        return Forked(PROGRAM, environment, plan.packed())
