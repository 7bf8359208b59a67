"""The grader's side of a worker: starts the process, asks it with a deadline, and names what became of it.

Whoever starts a worker must be a thread that lives as long as the worker: on Linux the kernel ends a worker with the
thread that started it, so that a killed grader leaves no process behind.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.engine import wire
from autograder.engine.worker import CHANNEL_LOST

__all__ = ["Death", "Limits", "NotStarted", "Worker"]

PROGRAM = Path(__file__).with_name("worker.py")
MOST_NOTES = 100  # in one answer


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
    """One process, one conversation. After a Death it is of no further use."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.home = Path(tempfile.mkdtemp(prefix="latent-grader-"))
        self._number = 0
        self._greeting: queue.Queue[wire.Message | Exception] | None = None
        command = [sys.executable, "-I", str(PROGRAM), str(os.getpid())]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self.home,
                env=_environment(self.home),
                start_new_session=os.name == "posix",
            )
        except OSError as error:
            shutil.rmtree(self.home, ignore_errors=True)
            raise NotStarted(f"no worker process could be started: {error}") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._greeting = _aside(lambda: wire.read(self._answers))

    def ask(self, body: Mapping[str, Any], arrays: tuple[wire.Array, ...] = (), seconds: float = 10.0) -> wire.Message:
        """Sends a request and returns its answer, or raises Death. Reading and writing share the deadline."""
        self._wait_until_ready()
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

        try:
            reply = _aside(exchange).get(timeout=seconds)
        except queue.Empty:
            reply = Death("timeout", f"gave no answer within {seconds:g} seconds (an endless loop?)")
        if isinstance(reply, wire.Message) and reply.body.get("id") == self._number:
            if "trouble" not in reply.body:
                return reply
            reply = Death(
                "trouble", f"left Python in a state that cannot be worked with ({reply.body['trouble']!s:.200})"
            )
        elif isinstance(reply, wire.Message):
            reply = Death("garbage", "gave an answer that belongs to no question")
        elif isinstance(reply, wire.WireError) and self._ended() is None:
            reply = Death("garbage", "answered with something that is not an answer")
        elif not isinstance(reply, Death):
            reply = self._death()
        self.close()
        reply.notes = tuple(notes)
        raise reply

    def close(self) -> None:
        """Ends the process and all that it started, and removes its folder."""
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        if self._process.returncode is not None:
            for pipe in (self._requests, self._answers):
                # A thread that still waits on the pipe (a grandchild holds its other end) keeps it.
                threading.Thread(target=_close, args=(pipe,), daemon=True).start()
        shutil.rmtree(self.home, ignore_errors=True)

    def _wait_until_ready(self) -> None:
        if self._greeting is None:
            return
        greeting, self._greeting = self._greeting, None
        try:
            first = greeting.get(timeout=self.limits.start)
        except queue.Empty:
            first = TimeoutError(f"no sign of life within {self.limits.start:g} seconds")
        if not (isinstance(first, wire.Message) and first.body == {"ready": True}):
            self.close()
            reason = first.body.get("trouble") if isinstance(first, wire.Message) else repr(first)
            raise NotStarted(f"the worker did not start: {reason!s:.400}")

    def _ended(self, seconds: float = 2.0) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=seconds)
        return None

    def _death(self) -> Death:
        code = self._ended()
        if code is None or code == CHANNEL_LOST:
            return Death("closed", "closed a connection that was not its own")
        if code < 0:
            with contextlib.suppress(ValueError):
                return Death("crash", f"crashed the Python process ({signal.Signals(-code).name})")
            return Death("crash", f"crashed the Python process (signal {-code})")
        return Death("exit", f"ended the Python process with exit code {code}")


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
