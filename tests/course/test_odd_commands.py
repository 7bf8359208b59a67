"""What a reader types by mistake is answered in words, by real processes; the lines stand in odd_commands.py."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.course.odd_commands import GROUPS, Answer, Odd, amiss

CLAIMS = [sys.executable, "-m", "course.cli", "claims", "--only", "grey-pixels", "--out", "c.json"]


@pytest.mark.parametrize("group", [name for name in GROUPS if name != "surroundings"])
def test_every_odd_line_is_answered_in_words_and_costs_the_reader_nothing(group: str) -> None:
    done = subprocess.run([sys.executable, "-m", "tests.course.odd_commands", group], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert done.stdout.endswith(" lines, 0 answers amiss\n")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(1, "", "Error: no\n", ()), []),
        (Answer(0, "", "", ()), ["taken for good"]),
        (Answer(1, "", "Traceback (most recent call last):\n", ()), ["a traceback"]),
        (Answer(-9, "", "Error: no\n", ()), ["no answer within 60 seconds"]),
        (Answer(1, "", "no\n", ()), ["no line that begins with Error:"]),
        (Answer(1, "", "Error: no\n", ("own.json",)), ["changed the reader's own.json"]),
    ],
)
def test_the_judge_sees_what_is_amiss(answer: Answer, words: list[str]) -> None:
    assert amiss(Odd("train --steps x"), answer) == words


def test_ctrl_c_while_claims_are_trained_is_said_and_keeps_what_is_done(tmp_path: Path) -> None:
    store = tmp_path / "store"
    environment = {**os.environ, "LATENT_COURSE_RUNS": str(store), "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(
        CLAIMS, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 100
    while not list(store.glob("[!.]*/run.json")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert (process.returncode, said) == (
        130,
        "Interrupted; finished trainings are kept: the same command goes on\n",
    )
    assert not (tmp_path / "c.json").exists()
    assert len(list(store.glob("[!.]*/run.json"))) >= 1


def test_a_process_of_claims_that_is_killed_is_said(tmp_path: Path) -> None:
    environment = {**os.environ, "LATENT_COURSE_RUNS": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(CLAIMS, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline, workers = time.monotonic() + 100, list[str]()
    while len(workers) < 1:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
        workers = [child for child in children.read_text().split() if "spawn_main" in _command_line(child)]
    os.kill(int(workers[0]), signal.SIGKILL)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert said.startswith("Error: a process that measured was ended by somebody else")


def _command_line(process: str) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except FileNotFoundError:
        return ""
