"""The zygote: one process that has imported torch, runs nothing of students', and forks a worker in milliseconds.

It holds no reference solution, so a worker forked from it cannot find one. It answers the grader on a socket: `fork`
brings three pipes and a plan, `end` ends a worker. How each worker ended goes down the third pipe; if that pipe closes
without a word, it was the zygote that ended. When the grader ends, its end of the socket closes, the zygote ends, and
the kernel ends the workers.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
from typing import Any

from autograder.engine import wire
from autograder.engine.walls.namespaces import apart
from autograder.engine.walls.sandbox import prepare
from autograder.engine.worker_process.serving import begin, serve

__all__ = ["LONGEST", "fork_on_request"]

LONGEST = 32 * 1024  # bytes of one request
WARM = ("course.attempt", "course.checkpoints", "course.patterns", "imageio.plugins.pillow", "imageio.v3")


def fork_on_request(descriptor: int) -> None:
    """Works until the grader's end of the socket closes."""
    control = socket.socket(fileno=descriptor)
    trouble = _prepare()
    gc.collect()
    gc.freeze()  # a collection in a worker would copy all of these pages
    _Zygote(control, trouble).run()


def _prepare() -> str:
    try:
        importlib.import_module("autograder.engine.worker_process.dispatch").warm_up()
        for name in WARM:
            importlib.import_module(name)
        prepare()
        importlib.import_module("PIL.Image").init()  # all of its plug-ins: reading one picture brings them all
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:1000]
    threads = len(os.listdir("/proc/self/task"))
    return f"the zygote has {threads} threads, and can only fork safely with one" if threads != 1 else ""


class _Zygote:
    def __init__(self, control: socket.socket, trouble: str) -> None:
        self.control = control
        self.trouble = trouble
        self.children: dict[int, tuple[int, int]] = {}  # by process: the grader's number for it, and its third pipe

    def run(self) -> None:
        woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        while True:
            ready, _, _ = select.select([self.control.fileno(), woken], [], [])
            if woken in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(woken, 4096)
                self._reap()
            if self.control.fileno() in ready:
                self._request()

    def _reap(self) -> None:
        while self.children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            _, report = self.children.pop(pid)
            with contextlib.suppress(OSError):
                os.write(report, f"{os.waitstatus_to_exitcode(status)}\n".encode())
            os.close(report)

    def _request(self) -> None:
        try:
            text, pipes, _, _ = socket.recv_fds(self.control, LONGEST, 3)
        except ConnectionError:
            text = b""
        if not text:
            os._exit(0)
        asked = json.loads(text)
        if "fork" in asked:
            self._fork(asked["fork"], asked["plan"], pipes)
        for pid, (number, _) in list(self.children.items()):
            if number == asked.get("end"):
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)

    def _fork(self, number: int, plan: dict[str, Any], pipes: list[int]) -> None:
        requests, answers, report = pipes
        try:
            with contextlib.nullcontext() if plan["trusted"] or "namespaces" in plan["without"] else apart():
                pid = os.fork()
        except OSError as error:
            pid = -1
            self._say(answers, f"no process could be forked: {error}")
        if pid == 0:
            _child(requests, answers, plan, self.trouble)
        os.close(requests)
        os.close(answers)
        if pid < 0:
            os.close(report)
        else:
            self.children[pid] = (number, report)
            with contextlib.suppress(OSError):
                os.write(report, f"{pid}\n".encode())

    @staticmethod
    def _say(answers: int, trouble: str) -> None:
        with contextlib.suppress(OSError):
            os.write(answers, wire.encode(wire.Message({"trouble": trouble})))


def _child(requests: int, answers: int, plan: dict[str, Any], trouble: str) -> None:
    """From here on this process is a worker."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if trouble:
            _Zygote._say(answers, trouble)
            os._exit(1)
        pipes = begin(requests, answers, plan)
        serve(*pipes)
    finally:
        os._exit(1)
