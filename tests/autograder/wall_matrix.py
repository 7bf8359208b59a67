"""Leaves out walls, some at a time, and says in JSON what a submission then reads of root's and stops of others'.

Started as `python -m tests.autograder.wall_matrix FOLDER SECRET WALLS...`; `WALLS` are names joined by commas. It is a
grader of its own. For each `WALLS` a program waits beside it, with the same user, for a submission to get at.
"""

from __future__ import annotations

import functools
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from autograder.engine.answering.oracle import Live
from autograder.engine.catalogue import exercises
from autograder.engine.grading.grade import grade
from autograder.engine.verdicts import State
from autograder.engine.walls.sandbox import Plan
from autograder.engine.worker_client import worker
from autograder.engine.worker_client.limits import Limits
from tests.autograder.submissions import solution_with

KEEPS_RIGHTS = """
def take_rights_back():  # that are permitted, and were only put aside
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc.capget(ctypes.byref(header), ctypes.byref(data))
    data[0], data[3] = data[1], data[4]
    libc.capset(ctypes.byref(header), ctypes.byref(data))

def signal_by_kernel(command, value):
    reader, writer = os.pipe()
    fcntl.fcntl(reader, command, value)
    fcntl.fcntl(reader, 10, 9)  # F_SETSIG
    fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    os.write(writer, b"x")
"""
READS = ("open(secret).read()", "open('/etc/shadow').read()")
STOPS = (
    "os.kill(other, 9)",
    "signal.pidfd_send_signal(os.pidfd_open(other), 9)",
    "libc.syscall(129, other, 9, 0)",
    "signal_by_kernel(fcntl.F_SETOWN, other)",
    "signal_by_kernel(15, struct.pack('ii', 1, other))",
    "resource.prlimit(other, resource.RLIMIT_CPU, (1, 1))",
    "os.setpriority(os.PRIO_PROCESS, other, 19)",
    "libc.ptrace(16, other, 0, 0)",
)
BODY = f"""
take_rights_back()
for attempt in {STOPS!r}:
    with contextlib.suppress(BaseException):
        exec(attempt)
read = []
for attempt in {READS!r}:
    with contextlib.suppress(BaseException):
        exec(attempt)
        read.append(attempt)
raise RuntimeError(f"READ {{read}}")
"""


def traces(pid: int) -> list[Any]:
    """What a submission may do to a program short of ending it."""
    status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    limits = resource.prlimit(pid, resource.RLIMIT_CPU)
    return [status["TracerPid"], "stopped" in status["State"], limits, os.getpriority(os.PRIO_PROCESS, pid)]


def main(folder: Path, secret: str, left_out: list[str]) -> None:
    latent = next(exercise for exercise in exercises() if exercise.name == "latent")
    found: dict[str, Any] = {}
    oracle = Live(latent)
    oracle.start()
    for number, walls in enumerate(left_out):
        other = subprocess.Popen(["sleep", "600"])
        facts = f"secret, other = {secret!r}, {other.pid}\nlibc = ctypes.CDLL(None)\n"
        modules = "import contextlib, ctypes, fcntl, os, resource, signal, struct\n"
        path = folder / str(number) / latent.starter
        path.parent.mkdir()
        path.write_text(solution_with({"1.3": BODY}, modules + facts + KEEPS_RIGHTS), encoding="utf-8")
        before = traces(other.pid)
        plan = functools.partial(Plan, without=tuple(filter(None, walls.split(","))))
        with mock.patch.object(worker, "Plan", plan):
            [outcome] = grade(latent, path, parts=["1.3"], oracle=oracle, limits=Limits(call=4.0))
        said = outcome.finding.reason if outcome.finding.state is State.UNCHECKED else outcome.finding.got
        found[walls] = {"said": said, "untouched": other.poll() is None and traces(other.pid) == before}
        other.kill()
        other.wait()
    oracle.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
