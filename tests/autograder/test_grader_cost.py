"""What keeps grading cheap: no work and no memory that verdicts do not need. What it costs, benchmarks/ measures."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.engine.answering.submission import Submission
from autograder.engine.calls import Answer, Call, Leaf
from autograder.engine.catalogue import Exercise
from autograder.engine.worker_client.limits import Limits
from tests.autograder.submissions import ROOT

FILE = """
import os, sys, torch
def square(x):
    return x * x
def imported():
    return float("sympy" in sys.modules)
def entries():
    return float(len(os.listdir("."))) + 100.0 * os.path.exists("left")
def leaves_a_file():
    open("left", "w").close()
    os.makedirs("a/b")
    return 0.0
def leaves_a_link():
    here = os.getcwd()
    os.chdir("..")
    os.rmdir(here)
    os.symlink("submission", here)
    return 0.0
def seeds():
    torch.manual_seed(7)
    return 0.0
def draws():
    return torch.rand(()) * 0
"""


@pytest.fixture(scope="module")
def asked(latent: Exercise, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Submission]:
    path = tmp_path_factory.mktemp("cost") / "kl_starter.py"
    path.write_text(FILE)
    names = [line.split("(")[0].removeprefix("def ") for line in FILE.splitlines() if line.startswith("def ")]
    submission = Submission(latent, path, Limits())
    submission.file._functions = dict.fromkeys(names, "1.1")
    yield submission
    submission.close()


def number(answer: Answer) -> float:
    assert isinstance(answer.result, Leaf), answer
    return float(answer.result.array)


def test_gradients_are_those_of_the_given_cotangents_and_bring_no_sympy(asked: Submission) -> None:
    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((2, 3, 4)).astype(np.float32) * np.float32(1e3)
    answer = asked.ask(Call("square", (x,)).differentiated(weight))
    [gradient] = answer.gradients
    assert isinstance(gradient, Leaf)
    np.testing.assert_array_equal(gradient.array, weight * x + weight * x)  # to the bit, as autograd adds them
    assert number(asked.ask(Call("imported", ()))) == 0


@pytest.mark.parametrize("before", ["entries", "leaves_a_file", "leaves_a_link"])
def test_each_call_begins_in_an_empty_folder(asked: Submission, before: str) -> None:
    assert number(asked.ask(Call(before, ()))) == 0
    assert number(asked.ask(Call("entries", ()))) == 0


def test_seeding_and_drawing_are_still_told_apart(asked: Submission) -> None:
    assert list(asked.ask(Call("seeds", (), seed=3)).changes) == ["seed"]
    answer = asked.ask(Call("draws", (), seed=3))
    assert (list(answer.changes), answer.drew) == ([], True)
    assert not asked.ask(Call("imported", (), seed=3)).drew


@pytest.mark.skipif(sys.platform != "linux", reason="counts processes in /proc")
def test_of_all_exercises_only_one_has_workers_at_a_time(tmp_path: Path) -> None:
    for name in ("kl", "conditional", "latent"):
        shutil.copy(ROOT / "solutions" / f"{name}_solution.py", tmp_path / f"{name}_starter.py")
    line = ["pytest", "autograder", f"--submission={tmp_path}", "-k", "kl or conditional or latent"]
    with tempfile.TemporaryFile("w+") as said:
        grader = subprocess.Popen([sys.executable, "-m", *line, "-p", "no:cacheprovider"], cwd=ROOT, stdout=said)
        most = 0
        while grader.poll() is None:
            most = max(most, len(_homes(grader.pid)))
            time.sleep(0.01)
        said.seek(0)
        assert grader.returncode == 0, said.read()
    assert 1 <= most <= 3  # the student's, the reference's, and one that is just ending


def _homes(grader: int) -> set[str]:
    """The folders of workers that a grader holds open."""
    found = set()
    try:
        for descriptor in os.listdir(f"/proc/{grader}/fd"):
            found.add(os.readlink(f"/proc/{grader}/fd/{descriptor}"))
    except OSError:  # it ended
        return set()
    return {name for name in found if Path(name).name.startswith("latent-worker-")}
