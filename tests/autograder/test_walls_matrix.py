"""Each wall left out, as root and as an ordinary user: nothing of root's is read, nothing outside is stopped, or else
no worker starts and what is missing is said.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.engine.walls import files, privileges
from autograder.engine.walls.enough import Lacking, must_be_enough
from autograder.engine.walls.sandbox import WALLS
from tests.autograder.submissions import ROOT
from tests.autograder.users import MODES, OPEN, folder_for_all, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's; `doctor` says so elsewhere")
LEFT_OUT = ("", *WALLS, "files,user", "calls,user", "files,calls")
ROOT_BOUND, ROOT_FREE, USER_BOUND, USER_FREE = MODES
PYTHON_IS_OPEN = privileges.are_open(files.needed())
IF_CLOSED = {"files", "files,calls"}  # Landlock alone keeps in who may read whatever root can
READING, STOPPING = "a submission could read whatever root can", "a submission could stop other programs"
REFUSED = {  # as root, for want of these; the kernel takes neither `files` nor `calls` from root without `privileges`
    ROOT_BOUND: {"privileges", "files,user"} | (set() if PYTHON_IS_OPEN else IF_CLOSED),
    ROOT_FREE: {"files,user", "calls,user"} | (set() if PYTHON_IS_OPEN else IF_CLOSED | {"privileges"}),
    OPEN: {"privileges", "files,user"},
    USER_BOUND: set(),
    USER_FREE: {"calls", "calls,user", "files,calls"},
}


@functools.cache
def attacked(mode: str, *left_out: str) -> dict[str, dict[str, Any]]:
    """By the walls left out: what was said about the submission, and whether the other program is as it was."""
    with folder_for_all() as folder, tempfile.NamedTemporaryFile(prefix="latent-secret-") as secret:  # 0600
        ran = run(mode, folder, "-m", "tests.autograder.wall_matrix", str(folder), secret.name, *left_out)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, dict[str, Any]] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("mode", REFUSED)
def test_without_any_wall_nothing_of_roots_is_read_and_nothing_is_stopped(mode: str) -> None:
    if os.getuid() != 0 and mode not in (USER_BOUND, USER_FREE):
        mode = USER_BOUND  # then there is nothing of root's power to try
    found = attacked(mode, *LEFT_OUT)
    assert [walls for walls in found if not found[walls]["untouched"]] == []
    refused = {walls for walls, about in found.items() if "the worker did not start" in about["said"]}
    for walls in set(found) - refused:
        assert "READ []" in found[walls]["said"], (walls, found[walls])
    if os.getuid() == 0:
        assert refused == REFUSED[mode]


@pytest.mark.skipif(os.getuid() != 0, reason="shows what root's rights, or an ordinary user's, would let through")
@pytest.mark.parametrize(("mode", "walls"), [(OPEN, "privileges"), (OPEN, "files,user"), (USER_FREE, "calls")])
def test_where_a_worker_is_refused_an_attack_would_get_through(mode: str, walls: str) -> None:
    about = attacked(mode, f"{walls},refusal")[f"{walls},refusal"]
    assert "READ []" not in about["said"] or not about["untouched"]


def standing(*missing: str) -> dict[str, str]:
    return {name: "not here" if name in missing else "" for name in WALLS}


REFUSALS: list[tuple[dict[str, str], dict[str, bool], str]] = [
    (standing("files"), {"root": True, "keeps_reading": True}, READING),
    (standing("files"), {"root": True, "keeps_reading": True, "trusts": True}, READING),
    (standing("files", "user"), {"root": True}, READING),
    (standing("files", "privileges"), {"root": True, "trusts": True}, READING),
    (standing("calls", "namespaces", "user"), {}, STOPPING),
    (standing("calls", "namespaces", "user"), {"root": True}, STOPPING),
    (standing("files"), {"root": True}, ""),
    (standing("files", "user"), {}, ""),
    (standing("calls", "namespaces"), {"root": True}, ""),
    (standing("calls", "namespaces", "user"), {"trusts": True}, ""),
    (standing("calls", "user"), {}, ""),
]


@pytest.mark.parametrize(("walls", "about", "danger"), REFUSALS)
def test_what_is_enough(walls: Mapping[str, str], about: Mapping[str, bool], danger: str) -> None:
    settings = {"root": False, "keeps_reading": False, "trusts": False, **about}
    if not danger:
        must_be_enough(walls, **settings)
        return
    with pytest.raises(Lacking, match=danger) as caught:
        must_be_enough(walls, **settings)
    said = str(caught.value)
    assert "(not here)" in said
    assert len(said) < 400
    assert ("LATENT_COURSE_TRUST=1" in said) == (danger == STOPPING)
    assert ("where others can read" in said) == settings["keeps_reading"]


WATCHED = """
import ctypes, fcntl, os, struct, sys
from autograder.engine.walls import privileges, seccomp
libc = ctypes.CDLL(None)
reader, writer = os.pipe()
leased = os.open(sys.argv[1], os.O_RDONLY | os.O_CREAT)
here = os.open(os.path.dirname(sys.argv[1]), os.O_RDONLY)
ATTEMPTS = {
    "owner": lambda: fcntl.fcntl(reader, fcntl.F_SETOWN, os.getppid()),
    "owner by structure": lambda: fcntl.fcntl(reader, 15, struct.pack("ii", 1, os.getppid())),
    "which signal": lambda: fcntl.fcntl(reader, 10, 9),
    "lease": lambda: fcntl.fcntl(leased, fcntl.F_SETLEASE, fcntl.F_WRLCK),
    "news of a folder": lambda: fcntl.fcntl(here, fcntl.F_NOTIFY, 0),
    "inotify": lambda: 1 / (libc.inotify_init1(0) >= 0),
    "flags": lambda: fcntl.fcntl(reader, fcntl.F_SETFL, os.O_NONBLOCK),
    "copy": lambda: fcntl.fcntl(reader, fcntl.F_DUPFD_CLOEXEC, 0),
}
def possible():
    for name, attempt in ATTEMPTS.items():
        try:
            attempt()
        except (PermissionError, ZeroDivisionError):
            continue
        yield name
print(*possible(), sep=", ")
privileges.no_new_privileges()
seccomp.forbid(signals=False)
print(*possible(), sep=", ")
"""


def test_the_kernel_sends_no_signal_holds_no_file_and_watches_no_folder_for_a_worker(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED, str(tmp_path / "leased")], cwd=ROOT, check=True, capture_output=True, text=True
    )
    before, after = ran.stdout.splitlines()
    assert before.split(", ")[:6] == [
        "owner", "owner by structure", "which signal", "lease", "news of a folder", "inotify",
    ]  # fmt: skip
    assert after == "flags, copy"
