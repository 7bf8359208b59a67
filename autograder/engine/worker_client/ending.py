"""What became of a worker that gave no answer, or another one than it was asked for."""

from __future__ import annotations

import signal

from autograder.engine import wire
from autograder.engine.messages import CHANNEL_LOST
from autograder.engine.worker_client.limits import Death
from autograder.engine.worker_client.process import WorkerProcess

__all__ = ["ending"]


def ending(process: WorkerProcess, said: wire.Message | Exception, is_answer: bool) -> Death:
    """How it ended, from the last that it said, which `is_answer` to what it was asked or not. May raise Vanished."""
    if isinstance(said, Death):
        return said
    if isinstance(said, wire.Message):
        if not is_answer or "trouble" not in said.body:
            return Death("garbage", "gave an answer that belongs to no question")
        return Death("trouble", f"left Python in a state that cannot be worked with ({said.body['trouble']!s:.200})")
    code = process.ended(2)
    if code is None and isinstance(said, wire.WireError):
        return Death("garbage", "answered with something that is not an answer")
    if code is None or code == CHANNEL_LOST:
        return Death("closed", "closed a connection that was not its own")
    if code < 0:
        known = -code in {*signal.Signals}
        return Death(
            "crash", f"crashed the Python process ({signal.Signals(-code).name if known else f'signal {-code}'})"
        )
    return Death("exit", f"ended the Python process with exit code {code}")
