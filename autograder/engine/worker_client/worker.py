"""The grader's side of a worker: starts the process, asks it with a deadline, and names what became of it.

Where workers are fresh processes (see `forked.is_possible`), whoever starts one must be a thread that lives as long as
the worker: on Linux the kernel ends a worker with the thread that started it, so that a killed grader leaves nothing.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any

from autograder.engine import trees, wire
from autograder.engine.messages import Request
from autograder.engine.walls.enough import TRUST
from autograder.engine.walls.sandbox import SPACE, Plan
from autograder.engine.worker_client import process, room, workdir
from autograder.engine.worker_client.ending import ending
from autograder.engine.worker_client.forked import Vanished
from autograder.engine.worker_client.limits import Death, Limits, NotStarted
from autograder.engine.worker_client.talk import Talk, fitting

__all__ = ["Answering", "Asked", "Worker"]

SOON = 1.0  # seconds for all answers that nobody waits for
LOOK = 0.25  # seconds between looks at the worker's folder
FILLED = (
    f"filled its folder with more than {SPACE >> 20} MB, {trees.ENTRIES:,} files or {trees.DEPTH} folders in one "
    "another, or with a closed folder"
)

Answering = Callable[[wire.Message, float], wire.Message | None]
Asked = tuple[Request, tuple[wire.Array, ...]]


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
        self.is_closed = False
        plan = Plan(str(self.home), trusted, workdir.environment(self.home), trusts=bool(os.environ.get(TRUST)))
        try:
            self._process = process.start(plan)
        except (OSError, Vanished) as error:
            workdir.remove(self.home)
            raise NotStarted(f"no worker process could be started: {error}") from error
        self._requests, self._answers = self._process.requests, self._process.answers
        self._talk = Talk(self._requests, self._answers)
        self._talk.ask(b"", 1)  # it says when it is ready

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
        number, packed = self._numbered(body, arrays)
        self._talk.notes = []
        deadline = time.monotonic() + seconds
        with self._at_work():
            asked: bytes | None = packed
            while asked is not None:
                self._talk.ask(asked, 1)
                reply, asked = self._awaited(deadline, seconds), None
                if answering is not None and isinstance(reply, wire.Message) and "ask" in reply.body:
                    told = answering(reply, deadline - time.monotonic())
                    asked = wire.encode(told) if told is not None else None
        return self._whole(reply, number)

    def ask_each(self, requests: Sequence[Asked], seconds: Callable[[], float]) -> Generator[wire.Message]:
        """The answers to requests in the middle of which nothing is asked back, each with a deadline of its own.

        As many are sent ahead as the pipe holds: the worker reads the same, in the same order, and nobody waits for
        the other after each. If not all answers are taken, the others that are on their way are passed over; a worker
        that does not give them soon is closed.
        """
        self.wait_until_ready()
        waiting = [self._numbered(body, arrays) for body, arrays in requests]
        while waiting:
            group = waiting[: fitting([data for _, data in waiting], self._process.ahead)]
            waiting = waiting[len(group) :]
            left = len(group)
            self._talk.notes = []
            self._talk.ask(b"".join(data for _, data in group), left)
            try:
                for number, _ in group:
                    with self._at_work():
                        limit = seconds()
                        reply = self._awaited(time.monotonic() + limit, limit)
                    left -= 1
                    yield self._whole(reply, number)
            except GeneratorExit:
                self._pass_over(left)
                raise

    def _pass_over(self, count: int) -> None:
        if self.is_closed:
            return
        deadline = time.monotonic() + SOON
        with self._at_work():
            if not all(isinstance(self._awaited(deadline, SOON), wire.Message) for _ in range(count)):
                self.close()

    def _numbered(self, body: Request, arrays: tuple[wire.Array, ...]) -> tuple[int, bytes]:
        self._number += 1
        plain: Mapping[str, Any] = body
        return self._number, wire.encode(wire.Message({**plain, "id": self._number}, arrays))

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[None]:
        begun = time.monotonic()
        try:
            yield
        finally:
            self.busy += time.monotonic() - begun

    def _whole(self, reply: wire.Message | Exception, number: int) -> wire.Message:
        """The answer to the request with this number. Raises Death, and the worker is closed, if it is another."""
        is_answer = isinstance(reply, wire.Message) and reply.body.get("id") == number
        if isinstance(reply, wire.Message) and is_answer and "trouble" not in reply.body:
            return reply
        try:
            death = ending(self._process, reply, is_answer)
        except Vanished as error:
            raise NotStarted(f"the worker was lost: {error}") from error
        finally:
            self.close()
        death.notes = tuple(self._talk.notes)
        raise death

    def close(self) -> None:
        """Ends the process and all that it started, and removes its folder."""
        if self.is_closed:
            return
        self.is_closed = True
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


def _close(pipe: Any) -> None:
    with contextlib.suppress(OSError, ValueError):
        pipe.close()
