"""The watcher sees a save and answers it, on a terminal and in a pipe; the map adds up."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.engine.catalogue import Exercise, exercises
from autograder.engine.grading.session import Outcome
from autograder.engine.report.progress import course_map
from autograder.engine.verdicts import Finding, State
from autograder.watch import Watcher
from tests.autograder.submissions import SOLUTION, clone, environment, solution_with, stubs

COMMAND = [sys.executable, "-c", "from autograder.watch import watch; watch()"]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "latent_starter.py").write_text(solution_with(stubs("1.1", "1.2", "1.3", "1.4")))
    return tmp_path


@pytest.fixture
def watcher(folder: Path) -> Iterator[Watcher]:
    made = Watcher(folder)
    yield made
    made.close()


def test_a_save_is_seen_once_and_answered_by_workers_that_wait(watcher: Watcher, latent: Exercise) -> None:
    assert watcher.changed() == [latent]
    assert watcher.changed() == []
    assert {o.finding.state for o in watcher.grade(latent)} == {State.NOT_STARTED}
    watcher.get_ready(latent)
    (watcher.folder / latent.starter).write_text(SOLUTION)
    assert watcher.changed() == [latent]
    assert {o.finding.state for o in watcher.grade(latent)} == {State.DONE}
    (watcher.folder / latent.starter).unlink()
    assert watcher.changed() == []
    assert watcher.lost() == [latent]
    assert watcher.lost() == []
    assert watcher.found == {}


class Terminal:
    """The command in a terminal of its own."""

    def __init__(self, folder: Path, course: Path) -> None:
        self.master, inside = pty.openpty()
        termios.tcsetwinsize(inside, (40, 100))
        self.process = subprocess.Popen(
            [*COMMAND, "--exercises", str(folder)],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            cwd=course,
            env=environment(),
        )
        self.state = termios.tcgetattr(inside)
        self.inside = inside

    def until(self, words: str, seconds: float = 60) -> str:
        """What is written until the words come."""
        seen = ""
        end = time.monotonic() + seconds
        while words not in seen and time.monotonic() < end:
            if select.select([self.master], [], [], 0.2)[0]:
                seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", os.read(self.master, 65536).decode("utf-8", "replace"))
        assert words in seen, seen
        return seen

    def press(self, key: str) -> None:
        os.write(self.master, key.encode())


def test_in_a_terminal_saves_and_keys_are_answered_and_the_terminal_is_put_back(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    course = clone(tmp_path_factory.mktemp("clone"))
    memory = course / ".latent-course" / "hints.json"
    memory.parent.mkdir()
    memory.write_text('{"1.3": 1}')  # as `pytest autograder --hint 1.3` leaves it
    terminal = Terminal(folder, course)
    assert "Next: 1.1 encode" in terminal.until("q quit")
    (folder / "latent_starter.py").write_text(solution_with(stubs("1.3", "1.4")))
    shown = terminal.until("q quit")
    assert "2 of 4 parts" in shown
    assert "Next: 1.3 interpolate" in shown
    terminal.press("h")
    hint = terminal.until("q quit")
    assert "Hint 2 of 3 for 1.3" in hint
    assert max(map(len, hint.splitlines())) <= 100
    assert json.loads(memory.read_text()) == {"1.3": 2}
    terminal.press("n")
    assert "Next: 1.4" in terminal.until("q quit")
    (folder / "latent_starter.py").unlink()
    gone = terminal.until("q quit")
    assert "latent_starter.py is gone" in gone
    assert "0 of 4 parts" in gone
    for key in "hn":  # nothing is shown that a hint could be about
        terminal.press(key)
    (folder / "latent_starter.py").write_text(SOLUTION)
    assert "All parts of this exercise are done." in terminal.until("q quit")
    terminal.press("q")
    assert terminal.process.wait(timeout=20) == 0
    assert termios.tcgetattr(terminal.inside)[3] == terminal.state[3]
    os.close(terminal.master)
    os.close(terminal.inside)


def test_in_a_pipe_each_save_is_answered_in_plain_words_until_ctrl_c(folder: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--exercises", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Hint" in line and len(lines) < 15:
            (folder / "latent_starter.py").write_text(solution_with(stubs("1.4")))
        elif "Next: 1.4" in line:
            process.send_signal(signal.SIGINT)
            break
    rest = process.stdout.read()
    process.wait(timeout=20)
    process.stdout.close()
    assert rest.endswith("Stopped.\n")
    assert "\x1b" not in "".join(lines)
    assert sum("1.3  interpolate               done" in line for line in lines) == 1


def test_a_folder_without_starters_is_answered_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place, got in {".": "none", "file": "a file", "absent": "no such folder"}.items():
        folder = tmp_path / place
        command = [*COMMAND, "--exercises", str(folder)]
        run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        assert run.returncode == 1
        assert run.stderr.startswith("Error: expected starters (latent_starter.py, ")
        assert f" in {folder}, got {got}: call this in the course's folder" in run.stderr
        assert len(run.stderr.splitlines()) == 1


def test_the_map_adds_up(latent: Exercise) -> None:
    done = {"1.1", "1.3"}
    outcomes = [Outcome(p, Finding(State.DONE if p.number in done else State.WRONG)) for p in latent.parts]
    lines = course_map({"latent": outcomes}, here="latent")
    assert lines[0].startswith("> 1  Latent spaces")
    assert "###########.........  2 of 4 parts" in lines[0]
    assert lines[0].endswith("11 of 20")
    assert len(lines) == len(exercises()) + 1
    top = sum(part.points for exercise in exercises() for part in exercise.parts)
    assert lines[-1].endswith(f"11 of {top:g}")
