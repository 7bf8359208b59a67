"""The walls around a worker, raised in its own process before any student code runs there.

Landlock, seccomp and the limits need no privilege and are the base. Root, and whoever may make namespaces, gets more.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.engine.walls import enough, files, landlock, namespaces, privileges, seccomp

__all__ = ["SPACE", "Plan", "prepare", "raise_walls"]

MEMORY = 3 * 1024**3  # bytes beyond those of a worker that has imported torch and done nothing yet
FILE = 64 * 1024**2  # bytes of one file
SPACE = 128 * 1024**2  # bytes of the whole temporary folder
SECONDS = 1800  # of processor time, in all: each call has a deadline of its own
THREADS = 64
FILES = 128  # open at once
REFUSAL = "refusal"  # of a worker whose walls are not enough


@dataclass(frozen=True)
class Plan:
    """What one worker may do. The grader makes it, the worker's process carries it out."""

    home: str  # its own temporary folder, the only place to write
    trusted: bool  # runs the reference, not a student's code
    environment: Mapping[str, str]
    trusts: bool = False  # whoever grades says that the code is their own
    without: tuple[str, ...] = ()  # walls to leave out, and REFUSAL: for tests that must see an attack succeed

    @classmethod
    def of(cls, plan: Mapping[str, Any]) -> Plan:
        return cls(**{name: plan[name] for name in cls.__dataclass_fields__})

    def packed(self) -> dict[str, Any]:
        return asdict(self)


def raise_walls(plan: Plan) -> dict[str, str]:
    """Raises all walls that can be raised here: for each, an empty text, or why it is missing.

    Raises `enough.Lacking` if those that stand do not keep a student's code in.
    """
    root = hasattr(os, "getuid") and os.getuid() == 0
    standing: dict[str, str] = {}
    for name, wall in (TRUSTED if plan.trusted else WALLS).items():
        if name in plan.without:
            standing[name] = "left out"
            continue
        try:
            wall(plan)
            standing[name] = ""
        except (OSError, ValueError, ImportError, AttributeError) as error:
            standing[name] = str(error) or type(error).__name__
    if not plan.trusted and REFUSAL not in plan.without:
        enough.must_be_enough(standing, root, privileges.keeps_reading(), plan.trusts)
    return standing


def prepare() -> None:
    """Finds out, once for all workers that are forked from here, what is the same for all."""
    if sys.platform == "linux":
        files.grants(Path("/"))
        privileges.are_open(files.needed())
        with contextlib.suppress(OSError):
            seccomp.program(platform.machine(), signals=True), seccomp.program(platform.machine(), signals=False)


def _session(_: Plan) -> None:
    """A session and process group of its own, without a terminal."""
    if hasattr(os, "setsid") and os.getsid(0) != os.getpid():
        os.setsid()


def _namespaces(plan: Plan) -> None:
    """Goes on in a child that is the first process of its own namespaces, and this process only waits for it; or in
    this process, if it is the first of one already.
    """
    _only_linux()
    namespaces.enter()
    pid = os.fork() if os.getpid() != 1 else 0
    if pid:
        os.closerange(3, 1 << 16)
        _die_with_parent(plan)
        namespaces.follow(pid)
    _session(plan)


def _space(plan: Plan) -> None:
    _only_linux()
    if os.getpid() != 1:
        raise OSError("it takes namespaces")
    privileges.outermost_pid()
    namespaces.shrink(Path(plan.home), SPACE)


def _limits(_: Plan) -> None:
    import resource

    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    wanted = {"AS": used + MEMORY, "CPU": SECONDS, "FSIZE": FILE, "NOFILE": FILES, "CORE": 0, "MSGQUEUE": 0}
    if os.getuid() == 0 or os.getpid() == 1:  # elsewhere it would count what else this user runs
        wanted["NPROC"] = THREADS
    for name, value in wanted.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def _user(plan: Plan) -> None:
    _only_linux()
    if os.getuid() != 0:
        raise OSError("it takes root; the worker keeps the user who started the grader")
    privileges.become_nobody(Path(plan.home), files.needed())


def _privileges(_: Plan) -> None:
    _only_linux()
    privileges.no_new_privileges()
    privileges.drop_capabilities()


def _die_with_parent(_: Plan) -> None:
    _only_linux()
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _files(plan: Plan) -> None:
    _only_linux()
    if threading.active_count() > 1:
        raise OSError("a thread is running that would stay outside")
    landlock.confine(files.grants(Path(plan.home)))


def _calls(_: Plan) -> None:
    _only_linux()
    seccomp.forbid(signals=not landlock.scopes_signals())


def _only_linux() -> None:
    if sys.platform != "linux":
        raise OSError("only Linux has it")


TRUSTED: dict[str, Callable[[Plan], None]] = {"session": _session, "ends with the grader": _die_with_parent}
WALLS: dict[str, Callable[[Plan], None]] = {  # in this order: each takes away what the next might still need
    "session": _session,
    "namespaces": _namespaces,
    "space": _space,
    "limits": _limits,
    "user": _user,
    "ends with the grader": _die_with_parent,
    "privileges": _privileges,
    "files": _files,
    "calls": _calls,
}
