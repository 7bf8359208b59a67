"""The grader's side of a worker: starts the process, asks it with a deadline, and names what became of it.

Where workers are fresh processes (see `zygote.is_possible`), whoever starts one must be a thread that lives as long as
the worker: on Linux the kernel ends a worker with the thread that started it, so that a killed grader leaves nothing.
"""

from __future__ import annotations

import contextlib
import math
import os
import queue
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.engine import reach, wire, zygote
from autograder.engine.fresh import Fresh
from autograder.engine.walls import SPACE, Plan
from autograder.engine.worker import CHANNEL_LOST
from autograder.engine.zygote import Forked, Vanished

__all__ = ["Death", "Limits", "NotStarted", "Worker"]

PROGRAM = Path(__file__).with_name("worker.py")
MOST_NOTES = 100  # in one answer
LOOK = 0.25  # seconds between looks at the worker's folder


@dataclass(frozen=True)
class Limits:
    """How many seconds each thing may take."""

    start: float = 120.0  # importing torch on a busy machine with a cold disk
    load: float = 30.0
    call: float = 10.0


class Death(Exception):
    """The worker ended, or had to be ended, over a request. `kind` is one word, the text says what happened.

    `notes` are the parts that the function had called before.
    """

    def __init__(self, kind: str, text: str, notes: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.kind = kind
        self.notes = tuple(notes)


class NotStarted(Exception):
    """The worker did not even start: a fault of the grader or its machine, never of a student."""


class Worker:
    """One process, one conversation. After a Death it is of no further use.

    A worker of a student may read nothing but the submission's `folder` and what Python needs. A `trusted` one, which
    runs the reference, may read everything.
    """

    def __init__(self, limits: Limits | None = None, folder: Path | None = None, trusted: bool = False) -> None:
        self.limits = limits or Limits()
        self.home = Path(tempfile.mkdtemp(prefix="latent-grader-")).resolve()
        self.walls: dict[str, str] = {}  # once it answers: each wall, and why it is missing, if it is
        self._number = 0
        self._greeting: queue.Queue[wire.Message | Exception] | None = None
        place = str(folder.resolve()) if folder and folder.is_dir() else ""
        crowded = bool(place) and reach.is_crowded(Path(place))
        plan = Plan(str(self.home), place, crowded, trusted, _environment(self.home))
        try:
            self._process = _start(plan)
        except (OSError, Vanished) as error:
            shutil.rmtree(self.home, ignore_errors=True)
            raise NotStarted(f"no worker process could be started: {error}") from error
        self._requests, self._answers = self._process.requests, self._process.answers
        self._greeting = _aside(lambda: wire.read(self._answers))

    @property
    def pid(self) -> int:
        """The process, as long as it runs."""
        self._process.ended(0)
        return self._process.pid

    def ask(self, body: Mapping[str, Any], arrays: tuple[wire.Array, ...] = (), seconds: float = 10.0) -> wire.Message:
        """Sends a request and returns its answer, or raises Death. Reading and writing share the deadline."""
        self.wait_until_ready()
        self._number += 1
        request = wire.encode(wire.Message({**body, "id": self._number}, arrays))

        notes: list[str] = []

        def exchange() -> wire.Message:
            self._requests.write(request)
            self._requests.flush()
            while True:
                message = wire.read(self._answers)
                if "note" not in message.body or len(notes) > MOST_NOTES:
                    return message
                notes.append(str(message.body["note"])[:10])

        reply = self._awaited(_aside(exchange), seconds)
        if isinstance(reply, wire.Message) and reply.body.get("id") == self._number:
            if "trouble" not in reply.body:
                return reply
            reply = Death(
                "trouble", f"left Python in a state that cannot be worked with ({reply.body['trouble']!s:.200})"
            )
        elif isinstance(reply, wire.Message):
            reply = Death("garbage", "gave an answer that belongs to no question")
        elif not isinstance(reply, Death):
            reply = self._death(reply)
        self.close()
        reply.notes = tuple(notes)
        raise reply

    def close(self) -> None:
        """Ends the process and all that it started, and removes its folder."""
        self._process.end()
        with contextlib.suppress(Vanished):
            self._process.ended(5)
        for pipe in (self._requests, self._answers):
            # A thread that still waits on the pipe (a grandchild holds its other end) keeps it.
            threading.Thread(target=_close, args=(pipe,), daemon=True).start()
        _remove(self.home)

    def wait_until_ready(self) -> None:
        """Returns once the walls stand; NotStarted if the process does not come up."""
        if self._greeting is None:
            return
        greeting, self._greeting = self._greeting, None
        try:
            first = greeting.get(timeout=self.limits.start)
        except queue.Empty:
            first = TimeoutError(f"no sign of life within {self.limits.start:g} seconds")
        if not (isinstance(first, wire.Message) and first.body.get("ready") is True):
            self.close()
            reason = first.body.get("trouble") if isinstance(first, wire.Message) else repr(first)
            raise NotStarted(f"the worker did not start: {reason!s:.400}")
        self.walls = first.body["walls"]

    def _awaited(self, answer: queue.Queue[wire.Message | Exception], seconds: float) -> wire.Message | Exception:
        """The answer, if it comes in time and the worker does not fill the disk meanwhile."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                return answer.get(timeout=min(left, LOOK))
            if _size(self.home) > SPACE:
                return Death("space", f"filled its folder with more than {SPACE >> 20} MB")
        return Death("timeout", f"gave no answer within {seconds:g} seconds (an endless loop?)")

    def _death(self, said: Exception) -> Death:
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


def _start(plan: Plan) -> Fresh | Forked:
    """A worker's process: forked from the zygote where that can be, else a fresh one. A dead zygote is replaced."""
    if not zygote.is_possible():
        return Fresh(PROGRAM, plan.packed())
    environment = {**plan.environment, "HOME": "/", "TMPDIR": "/tmp", "TEMP": "/tmp", "TMP": "/tmp"}
    try:
        return Forked(PROGRAM, environment, plan.packed())
    except Vanished:
        return Forked(PROGRAM, environment, plan.packed())


def _size(folder: Path) -> float:
    """Bytes of all files beneath; a folder that was made unreadable could hold any number."""
    total = 0.0

    def unreadable(error: OSError) -> None:
        nonlocal total
        total += math.inf if isinstance(error, PermissionError) else 0

    for place, _, files in os.walk(folder, onerror=unreadable):
        for name in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size
    return total


def _remove(folder: Path) -> None:
    """Also what is unreadable. Nobody is left who could put a link in a folder's place meanwhile."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        for place, folders, _ in os.walk(folder):
            for name in folders:
                if not os.path.islink(os.path.join(place, name)):
                    os.chmod(os.path.join(place, name), 0o700)
        shutil.rmtree(folder, ignore_errors=True)


def _aside(work: Callable[[], wire.Message]) -> queue.Queue[wire.Message | Exception]:
    """Does blocking work in a thread, so that waiting for it can have a deadline on every system."""
    done: queue.Queue[wire.Message | Exception] = queue.Queue()

    def run() -> None:
        try:
            done.put(work())
        except Exception as error:
            done.put(error)

    threading.Thread(target=run, daemon=True).start()
    return done


def _close(pipe: Any) -> None:
    with contextlib.suppress(OSError, ValueError):
        pipe.close()


def _environment(home: Path) -> dict[str, str]:
    """What a worker may know: nothing of the grader's own environment but what the system needs to run Python."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "WINDIR") if name in os.environ}
    single = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
    folder = {name: str(home) for name in ("HOME", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR")}
    return {**kept, **single, **folder, "LC_ALL": "C.UTF-8", "MPLBACKEND": "Agg"}
