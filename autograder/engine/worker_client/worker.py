"""The grader's side of a worker: starts the process, asks it with a deadline, and names what became of it.

Where workers are fresh processes (see `forked.is_possible`), whoever starts one must be a thread that lives as long as
the worker: on Linux the kernel ends a worker with the thread that started it, so that a killed grader leaves nothing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from autograder.engine import trees, wire
from autograder.engine.messages import CHANNEL_LOST, Request
from autograder.engine.walls.enough import TRUST
from autograder.engine.walls.sandbox import SPACE, Plan
from autograder.engine.worker_client import process, room, workdir
from autograder.engine.worker_client.forked import Vanished
from autograder.engine.worker_client.limits import Death, Limits, NotStarted
from autograder.engine.worker_client.talk import Talk

__all__ = ["Answering", "Worker"]

MOST_NOTES = 100  # in one answer
LOOK = 0.25  # seconds between looks at the worker's folder
FILLED = (
    f"filled its folder with more than {SPACE >> 20} MB, {trees.ENTRIES:,} files or {trees.DEPTH} folders in one "
    "another, or with a closed folder"
)

Answering = Callable[[wire.Message, float], wire.Message | None]


class Worker:
    """One process, one conversation. After a Death it is of no further use.

    A worker of a student may read nothing but what it is sent and what Python needs. A `trusted` one, which runs the
    reference, may read everything.
    """

    def __init__(self, limits: Limits | None = None, trusted: bool = False) -> None:
        self.limits = limits or Limits()
        self.home = workdir.make()
        self.busy = 0.0  # seconds with requests
        self.walls: dict[str, str] = {}  # once it answers: each wall, and why it is missing, if it is
        self._number = 0
        self._next_look = 0.0  # at the worker's folder
        self._greeted = False
        plan = Plan(str(self.home), trusted, workdir.environment(self.home), trusts=bool(os.environ.get(TRUST)))
        try:
            self._process = process.start(plan)
        except (OSError, Vanished) as error:
            workdir.remove(self.home)
            raise NotStarted(f"no worker process could be started: {error}") from error
        self._requests, self._answers = self._process.requests, self._process.answers
        self._talk = Talk()
        self._talk.ask(lambda: wire.read(self._answers))

    @property
    def pid(self) -> int:
        """The process, as long as it runs."""
        self._process.ended(0)
        return self._process.pid

    def ask(
        self,
        body: Request,
        arrays: tuple[wire.Array, ...] = (),
        seconds: float = 10.0,
        answering: Answering | None = None,
    ) -> wire.Message:
        """Sends a request and returns its answer, or raises Death. All that happens meanwhile shares the deadline.

        `answering` answers what the worker asks back, within the seconds that are left; None says that it is junk.
        """
        self.wait_until_ready()
        begun = time.monotonic()
        try:
            return self._answered(body, arrays, begun + seconds, seconds, answering)
        finally:
            self.busy += time.monotonic() - begun

    def _answered(
        self,
        body: Request,
        arrays: tuple[wire.Array, ...],
        deadline: float,
        seconds: float,
        answering: Answering | None,
    ) -> wire.Message:
        self._number += 1
        notes: list[str] = []
        plain: Mapping[str, Any] = body
        asked: wire.Message | None = wire.Message({**plain, "id": self._number}, arrays)
        while asked is not None:
            self._talk.ask(partial(self._exchange, wire.encode(asked), notes))
            reply = self._awaited(deadline, seconds)
            asked = None
            if answering is not None and isinstance(reply, wire.Message) and "ask" in reply.body:
                asked = answering(reply, deadline - time.monotonic())
        if isinstance(reply, wire.Message) and reply.body.get("id") == self._number and "trouble" not in reply.body:
            return reply
        death = self._death(reply)
        self.close()
        death.notes = tuple(notes)
        raise death

    def _exchange(self, request: bytes, notes: list[str]) -> wire.Message:
        self._requests.write(request)
        self._requests.flush()
        while True:
            message = wire.read(self._answers)
            if "note" not in message.body or len(notes) > MOST_NOTES:
                return message
            notes.append(str(message.body["note"])[:10])

    def close(self) -> None:
        """Ends the process and all that it started, and removes its folder."""
        self._talk.close()
        self._process.end()
        with contextlib.suppress(Vanished):
            self._process.ended(5)
        for pipe in (self._requests, self._answers):
            # A thread that still waits on the pipe (a grandchild holds its other end) keeps it.
            threading.Thread(target=_close, args=(pipe,), daemon=True).start()
        workdir.remove(self.home)

    def wait_until_ready(self) -> None:
        """Returns once the walls stand; NotStarted if the process does not come up."""
        if self._greeted:
            return
        self._greeted = True
        first = self._talk.answer(self.limits.start)
        if first is None:
            first = TimeoutError(f"no sign of life within {self.limits.start:g} seconds")
        if not (isinstance(first, wire.Message) and first.body.get("ready") is True):
            self.close()
            reason = first.body.get("trouble") if isinstance(first, wire.Message) else repr(first)
            raise NotStarted(f"the worker did not start: {reason!s:.400}")
        self.walls = first.body["walls"]

    def _awaited(self, deadline: float, seconds: float) -> wire.Message | Exception:
        """The answer, if it comes in time and the worker does not fill the disk meanwhile."""
        while (now := time.monotonic()) < deadline:
            if now >= self._next_look:
                if self._fills_its_folder():
                    return Death("space", FILLED)
                self._next_look = now + LOOK
            if (answer := self._talk.answer(min(deadline - now, LOOK))) is not None:
                return answer
        return Death("timeout", f"gave no answer within {seconds:g} seconds (an endless loop?)")

    def _fills_its_folder(self) -> bool:
        with contextlib.suppress(Vanished):
            return room.taken(self.home, self.pid, SPACE) > SPACE
        return False  # whoever waits for its answer will see that it is lost

    def _death(self, said: wire.Message | Exception) -> Death:
        if isinstance(said, Death):
            return said
        if isinstance(said, wire.Message):
            if said.body.get("id") != self._number or "trouble" not in said.body:
                return Death("garbage", "gave an answer that belongs to no question")
            trouble = f"{said.body['trouble']!s:.200}"
            return Death("trouble", f"left Python in a state that cannot be worked with ({trouble})")
        try:
            code = self._process.ended(2)
        except Vanished as error:
            self.close()
            raise NotStarted(f"the worker was lost: {error}") from error
        if code is None and isinstance(said, wire.WireError):
            return Death("garbage", "answered with something that is not an answer")
        if code is None or code == CHANNEL_LOST:
            return Death("closed", "closed a connection that was not its own")
        if code < 0:
            with contextlib.suppress(ValueError):
                return Death("crash", f"crashed the Python process ({signal.Signals(-code).name})")
            return Death("crash", f"crashed the Python process (signal {-code})")
        return Death("exit", f"ended the Python process with exit code {code}")


def _close(pipe: Any) -> None:
    with contextlib.suppress(OSError, ValueError):
        pipe.close()
