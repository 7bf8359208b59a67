"""The grader's side of the zygote: one for the whole process, started when first needed, and again if it dies."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

__all__ = ["Forked", "Vanished", "Zygote", "is_possible"]


class Vanished(Exception):
    """The zygote ended, and its workers with it: a fault of the grader or its machine."""


def is_possible() -> bool:
    """Whether workers are forked here: on Linux, unless LATENT_COURSE_WORKERS=fresh says otherwise."""
    return sys.platform == "linux" and os.environ.get("LATENT_COURSE_WORKERS") != "fresh"


class Zygote:
    """The process, and the socket to it. Messages are one packet each and need no answer."""

    def __init__(self, program: Path, environment: Mapping[str, str]) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(program), "zygote", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=dict(environment),
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._socket = ours
        self._lock = threading.Lock()

    @property
    def pid(self) -> int:
        return self._process.pid

    def lives(self) -> bool:
        return self._process.poll() is None

    def tell(self, message: Mapping[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        try:
            with self._lock:
                socket.send_fds(self._socket, [json.dumps(message).encode()], descriptors)
        except OSError as error:
            raise Vanished(f"the process that starts workers ended ({error})") from None

    def close(self) -> None:
        """Lets the zygote end, and with it all of its workers."""
        self._socket.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        self._process.kill()  # it may still be importing torch
        self._process.wait()

    def leave(self) -> None:
        """For a fork of the grader: the zygote is the other's, and must see when the other ends."""
        self._socket.close()


class Forked:
    """One worker, forked from the zygote."""

    _numbers = itertools.count(1)
    _shared: Zygote | None = None
    _sharing = threading.Lock()

    def __init__(self, program: Path, environment: Mapping[str, str], plan: Mapping[str, Any]) -> None:
        self._number = next(self._numbers)
        self._said = b""
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self._report, theirs_report = os.pipe()
        try:
            self._zygote = self.zygote(program, environment)
            self._zygote.tell({"fork": self._number, "plan": dict(plan)}, (theirs_in, theirs_out, theirs_report))
        except BaseException:
            for descriptor in (ours_out, ours_in, self._report):
                os.close(descriptor)
            raise
        finally:
            for descriptor in (theirs_in, theirs_out, theirs_report):
                os.close(descriptor)
        self.ahead = _room(ours_out)
        self.requests: IO[bytes] = os.fdopen(ours_out, "wb")
        self.answers: IO[bytes] = os.fdopen(ours_in, "rb")

    @classmethod
    def zygote(cls, program: Path, environment: Mapping[str, str]) -> Zygote:
        """The zygote of this process; a new one if there is none, or it ended."""
        with cls._sharing:
            if cls._shared is not None and not cls._shared.lives():
                cls._shared.close()
                cls._shared = None
            if cls._shared is None:
                cls._shared = Zygote(program, environment)
            return cls._shared

    @classmethod
    def shut(cls) -> None:
        with cls._sharing:
            if cls._shared is not None:
                cls._shared.close()
                cls._shared = None

    @classmethod
    def abandon(cls) -> None:
        cls._sharing = threading.Lock()
        if cls._shared is not None:
            cls._shared.leave()
            cls._shared = None

    @property
    def pid(self) -> int:
        """0 if it is not known yet."""
        return int(self._said.split(b"\n")[0] or 0) if b"\n" in self._said else 0

    def ended(self, seconds: float) -> int | None:
        """The exit code, or minus the signal; None if it still runs after so many seconds. May raise Vanished."""
        deadline = time.monotonic() + seconds
        while self._said.count(b"\n") < 2:
            if self._report < 0:
                raise Vanished("the process that starts workers ended")
            left = max(0.0, deadline - time.monotonic())
            if not _is_readable(self._report, left):
                return None
            got = os.read(self._report, 100)
            if not got:
                self._close_report()
                raise Vanished("the process that starts workers ended")
            self._said += got
        self._close_report()
        return int(self._said.split(b"\n")[1])

    def end(self) -> None:
        """Ends the worker and all that it started."""
        with contextlib.suppress(Vanished):
            self._zygote.tell({"end": self._number})

    def _close_report(self) -> None:
        if self._report >= 0:
            os.close(self._report)
        self._report = -1


def _room(pipe: int) -> int:
    """Bytes that an empty pipe takes at once."""
    import fcntl

    return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)


def _is_readable(descriptor: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


atexit.register(Forked.shut)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=Forked.abandon)
