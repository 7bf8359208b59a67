"""Tries each wall in a real worker, and says which hold here."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.engine.calls import Call, Leaf
from autograder.engine.parsing import parse
from autograder.engine.staging.own import Staged
from autograder.engine.walls import landlock
from autograder.engine.walls.sandbox import SPACE
from autograder.engine.worker_client import forked
from autograder.engine.worker_client.limits import Death, NotStarted
from autograder.engine.worker_client.worker import Worker

__all__ = ["Wall", "checkup"]

ATTEMPTS = Path(__file__).with_name("attempts.py")
SECRET = "LATENT_COURSE_CHECKUP"


@dataclass(frozen=True)
class Wall:
    """One wall, what was tried against it, and what came of that."""

    name: str
    prevents: str
    base: bool  # holds without any privilege on a Linux of today; verdicts about strangers' code need it
    holds: bool
    why: str = ""


@dataclass(frozen=True)
class _Trial:
    name: str
    prevents: str
    raised_by: str  # in walls/sandbox.py
    attempts: Sequence[tuple[str, Mapping[str, Any]]]
    base: bool = True
    hint: str = "the attempt got through"


def checkup() -> list[Wall]:
    """All walls, tried one by one."""
    if sys.platform != "linux":
        return [_start(), *[Wall(t.name, t.prevents, t.base, False, "only Linux has it") for t in _trials(0, "", "")]]
    started = _start()
    with _surroundings() as (port, folder):
        trials = _trials(port, str(folder), sys.executable)
        if not started.holds:  # then nothing gets through, but nothing is graded either
            return [started, *[Wall(t.name, t.prevents, t.base, False, "no worker starts") for t in trials]]
        return [started, *[_try(trial) for trial in trials]]


def _start() -> Wall:
    try:
        worker = Worker()
        worker.wait_until_ready()
        worker.close()
    except NotStarted as error:
        return Wall("worker", "runs no student's code where verdicts are made", True, False, str(error))
    how = "forked from a zygote" if forked.is_possible() else "a fresh process each: slower, but the same verdicts"
    return Wall("worker", "runs no student's code where verdicts are made", True, True, how)


def _trials(port: int, folder: str, python: str) -> list[_Trial]:
    grader = os.getpid()
    return [
        _Trial("reading", "opening the grader's files, the project's, or another submission's", "files",
               (("read", {"path": str(Path(__file__))}), ("read", {"path": "/etc/passwd"}),
                ("read", {"path": f"{folder}/attempts.py"}), ("read", {"path": f"/proc/{grader}/environ"}))),
        _Trial("writing", "writing outside the worker's own folder, or changing a file's mode", "files",
               (("write", {"path": f"{folder}/written"}), ("change_mode", {"path": f"{folder}/attempts.py"}))),
        _Trial("environment", "seeing the grader's environment", "session", (("environment", {"name": SECRET}),)),
        _Trial("descriptors", "using what the grader has open", "session", (("descriptors", {"most": 2}),)),
        _Trial("network", "connecting and listening", "calls", (("connect", {"port": port}), ("bind", {}))),
        _Trial("programs", "starting processes and programs", "calls",
               (("fork", {}), ("execute", {"program": python}))),
        _Trial("signals", "signalling other processes", "files", (("send_signal", {"pid": grader}),)),
        _Trial("tracing", "reading or steering other processes", "calls",
               (("trace", {"pid": grader}), ("read", {"path": f"/proc/{grader}/mem"}))),
        _Trial("kernel", "having the kernel send signals, or hold files and watch folders for it", "calls",
               (("own_signals", {"pid": grader}), ("lease", {}), ("watch_folder", {}))),
        _Trial("memory", "taking all memory", "limits", (("memory", {"size": 1 << 40}),)),
        _Trial("file size", "writing one huge file", "limits", (("one_file", {"size": 1 << 40}),)),
        _Trial("disk", "filling the disk with many files", "space", (("fill", {"size": 2 * SPACE}),)),
        _Trial("time", "using the processor for ever", "limits", (("more_time", {}),)),
        _Trial("no orphans", "outliving the grader", "ends with the grader", (("outlive", {}),)),
        _Trial("user", "being root", "user", (("be_root", {}),), hint="the worker is root"),
        _Trial("namespaces", "seeing other processes and the network at all", "namespaces", (("see_others", {}),),
               base=False),
    ]  # fmt: skip


@contextmanager
def _surroundings() -> Iterator[tuple[int, Path]]:
    """Something to attack: a listening socket, a secret in the environment, a folder."""
    folder = Path(tempfile.mkdtemp(prefix="latent-checkup-")).resolve()
    shutil.copy(ATTEMPTS, folder)
    folder.chmod(0o755)
    os.environ[SECRET] = "secret"
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            yield server.getsockname()[1], folder
    finally:
        del os.environ[SECRET]
        shutil.rmtree(folder, ignore_errors=True)


def _try(trial: _Trial) -> Wall:
    for name, arguments in trial.attempts:
        stopped, missing = _attempt(name, arguments)
        if not stopped:
            why = missing.get(trial.raised_by) or trial.hint
            return Wall(trial.name, trial.prevents, trial.base, False, why)
    return Wall(trial.name, trial.prevents, trial.base, True)


def _attempt(function: str, arguments: Mapping[str, Any]) -> tuple[bool, Mapping[str, str]]:
    """Whether a worker was stopped, and the walls that its process could not raise."""
    body, arrays = Call(function, (), arguments).pack("float64")
    worker = Worker()
    try:
        handed_in = Staged(ATTEMPTS.name, {ATTEMPTS.name: ATTEMPTS.read_bytes()})
        worker.ask(*handed_in.request({function: "0.0"}), 30)
        answer = parse(worker.ask(body, arrays, 20))
        stopped = isinstance(answer.result, Leaf) and bool(answer.result.array == 1.0)
    except Death as death:
        stopped = death.kind in ("space", "crash")
    finally:
        worker.close()
    return stopped, worker.walls


def base_kernel() -> str:
    """What this kernel offers, in words."""
    version = landlock.abi()
    return f"Landlock version {version}" if version else "no Landlock"
