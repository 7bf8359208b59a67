"""The tests themselves run anywhere: with signals turned off, and to an end where one hangs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import conftest

ROOT = Path(__file__).parents[1]
TURNED_OFF = """
import signal, subprocess, sys
for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD):
    signal.signal(number, signal.SIG_IGN)
import os
os.execv(sys.executable, [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *sys.argv[1:]])
"""
HANGS = """
import threading

def test_waits():
    threading.Event().wait()

def test_is_next():
    pass
"""


def test_every_test_has_a_time_limit(request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("timeout")
    assert request.config.getoption("timeout") or (marker and marker.args == (conftest.LIMIT,))


@pytest.mark.parametrize("workers", [[], ["-n", "1"]])
def test_a_test_that_hangs_is_ended_and_shown_and_the_others_run(workers: list[str], tmp_path: Path) -> None:
    (tmp_path / "test_hanging.py").write_text(HANGS)
    program = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "-W",
        "error",
        *workers,
    ]
    done = subprocess.run(
        [*program, "--timeout", "2", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert "1 failed, 1 passed" in done.stdout
    assert "Timeout (>2.0s)" in done.stdout
    assert "threading.Event().wait()" in done.stdout
    assert done.returncode == 1


def test_tests_that_send_signals_pass_where_signals_are_turned_off() -> None:
    sending = [
        "tests/course/test_fashion_download.py",
        "tests/course/test_keeping.py",
        "tests/course/test_older_runs.py",
    ]
    words = ["-k", "is_ended_leaves or ctrl_c"]
    program = [sys.executable, "-c", TURNED_OFF, *sending, *words]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
