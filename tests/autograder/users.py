"""Runs a program as root, as an ordinary user, and as one for whom the kernel makes no namespaces."""

from __future__ import annotations

import ctypes
import os
import platform
import shlex
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.engine.walls import seccomp
from tests.autograder.submissions import ROOT

__all__ = ["MODES", "NOBODY", "OPEN", "command", "folder_for_all", "run"]

ENVIRONMENT = dict(os.environ)  # as it is now: pytest changes it for each test, and threads would stumble over that

NOBODY = 65534
MODES = ("as we are", "as we are, no namespaces", "ordinary user", "ordinary user, no namespaces")
OPEN = "as we are, with Python where others can read"


def command(mode: str, program: list[str]) -> list[str]:
    """The command that runs a program in this mode; somebody who is not root is the ordinary user already."""
    if "no namespaces" in mode:
        program = [sys.executable, "-m", "tests.autograder.users", *program]
    if os.getuid() != 0 or not (mode.startswith("ordinary") or mode == OPEN):
        return program
    closed = {
        parent
        for place in (Path(sys.base_prefix), ROOT, Path(sys.prefix))
        for parent in place.resolve().parents
        if not parent.stat().st_mode & 1
    }
    steps = ["mount --make-rprivate /"]
    for folder in sorted(closed)[:1]:  # the same places, in a copy of the file system that an ordinary user may enter
        inside = [p for p in dict.fromkeys((Path(sys.base_prefix).resolve(), ROOT)) if p.is_relative_to(folder)]
        kept = [f"/mnt/kept{number}" for number in range(len(inside))]
        steps += ["mount -t tmpfs none /mnt"]
        steps += [f"mkdir {k} && mount --bind {shlex.quote(str(p))} {k}" for k, p in zip(kept, inside, strict=True)]
        steps += [f"mount -t tmpfs -o mode=755 none {shlex.quote(str(folder))}"]
        for k, p in zip(kept, inside, strict=True):
            steps += [f"mkdir -p {shlex.quote(str(p))} && mount --bind {k} {shlex.quote(str(p))}"]
    user = f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups" if mode != OPEN else ""
    return ["unshare", "--mount", "sh", "-c", " && ".join([*steps, f"exec {user} {shlex.join(program)}"])]


def run(mode: str, folder: Path, *program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs Python in this mode, with `folder` as its folder for temporary files."""
    if mode.startswith("ordinary") and os.getuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    line = command(mode, [sys.executable, *program])
    environment = {**ENVIRONMENT, "TMPDIR": str(folder), **environment}
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=300, env=environment)


@contextmanager
def folder_for_all() -> Iterator[Path]:
    """A folder that an ordinary user can get at; pytest's own is closed to others."""
    with tempfile.TemporaryDirectory(prefix="latent-attack-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def _forbid_namespaces() -> None:
    column, _ = seccomp.MACHINES[platform.machine()]
    steps = [(0x20, 0, 0, 0), (0x15, 0, 1, seccomp.CALLS["unshare"][column]), (6, 0, 0, 0x50001), (6, 0, 0, 0x7FFF0000)]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    libc = ctypes.CDLL(None)
    libc.prctl(38, 1, 0, 0, 0)
    assert libc.prctl(22, 2, ctypes.byref(seccomp._Program(len(steps), code)), 0, 0) == 0


if __name__ == "__main__":
    _forbid_namespaces()
    os.execv(sys.argv[1], sys.argv[1:])
