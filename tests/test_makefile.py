"""What `make` says to somebody who begins."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def make(*words: str) -> subprocess.CompletedProcess[str]:
    """As from a shell, even where these tests are run by `make test`."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", *words], cwd=ROOT, capture_output=True, text=True, env=env)


def test_make_alone_builds_nothing_and_says_what_there_is() -> None:
    [targets] = re.findall(r"^\.PHONY: help (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    said = make()
    assert (said.returncode, said.stderr) == (0, "")
    assert sorted(re.findall(r"^  make (\S+)  ", said.stdout, re.MULTILINE)) == sorted(targets.split())


def test_a_python_that_is_too_old_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    old = tmp_path / "python3.8"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.8.20\n')
    old.chmod(0o755)
    said = make("site", f"VENV={tmp_path}/venv", f"PYTHON={old}")
    assert said.returncode == 2
    assert "Expected Python 3.11 or newer, got Python 3.8.20: name another, as in make PYTHON=" in said.stdout
    assert list(tmp_path.iterdir()) == [old]


def test_make_test_judges_no_answer() -> None:
    commands = make("--dry-run", "test").stdout
    assert "ruff check ." in commands
    assert "starters" not in commands
