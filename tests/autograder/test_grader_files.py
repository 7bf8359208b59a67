"""Files that cannot be used are named as what they are; nothing of that is the grader's fault or a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.engine.answering.loaded_worker import NotLoaded
from autograder.engine.answering.oracle import Oracle
from autograder.engine.catalogue import Exercise, exercise_for
from autograder.engine.grading.grade import grade
from autograder.engine.worker_client.limits import Limits
from autograder.engine.worker_client.worker import Worker
from tests.autograder.harness import Shared
from tests.autograder.submissions import SOLUTION, Grade, GradeAll, solution_with, states, stubs

BROKEN: list[tuple[str | bytes, str]] = [
    ("", "is empty"),
    (b"# caf\xe9\nx = 1\n", "is not UTF-8 text: see line 1"),
    ("x = 1\0\n", "holds zero bytes"),
    ("def encode(self, x:\n    return x\n", "line 1 of latent_starter.py is not Python: SyntaxError"),
    ("def f():\n  x = 1\n   y = 2\n", "line 3 of latent_starter.py is not Python: IndentationError"),
    ("import torch\nimport no_such_module\n", "line 2 of latent_starter.py fails: ModuleNotFoundError"),
    ("import sys\nsys.exit(0)\n", "it ends the program (sys.exit)"),
]
FATAL = {
    "import os\nos._exit(0)\n": "ended the Python process with exit code 0",
    "import time\nwhile True: time.sleep(1)\n": "line 2 of latent_starter.py was still running",
}


def test_a_file_that_cannot_be_loaded_is_named_as_what_it_is(latent: Exercise, tmp_path: Path) -> None:
    worker = Worker()  # none of these files ends it
    try:
        for text, said in BROKEN:
            (tmp_path / latent.starter).write_bytes(text if isinstance(text, bytes) else text.encode())
            with pytest.raises(NotLoaded) as blocked:
                Shared(latent, tmp_path / latent.starter, worker).load()
            assert said in str(blocked.value)
    finally:
        worker.close()


def test_a_file_that_does_not_load_blocks_its_parts(graded_side_by_side: GradeAll) -> None:
    outcomes = graded_side_by_side({text: text for text in FATAL}, Limits(load=3.0))
    for text, said in FATAL.items():
        assert states(outcomes[text]) == ["blocked"] * 4
        for outcome in outcomes[text].values():
            assert said in outcome.finding.reason
            assert outcome.score == 0


def test_a_missing_file_and_a_folder_in_its_place(latent: Exercise, oracle: Oracle, tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    for name, said in (("absent.py", "there is no file absent.py"), ("folder.py", "folder.py is not a file")):
        outcome, *_ = grade(latent, tmp_path / name, oracle=oracle)
        assert said in outcome.finding.reason


def test_missing_functions_and_missing_returns_are_named(graded: Grade) -> None:
    text = solution_with({"1.1": "x + 1", **stubs("1.2", "1.4")})
    outcomes = graded(text.replace("def interpolate(", "def interpolat(").replace("def decode(", "def decodes("))
    assert outcomes["1.1"].finding.got == "None (is a `return` missing?)"
    assert outcomes["1.2"].finding.got == ("no function `SimpleVAE.decode`: did you rename it to `SimpleVAE.decodes`?")
    assert outcomes["1.3"].finding.got == "no function `interpolate`: did you rename it to `interpolat`?"
    assert states(outcomes) == ["wrong", "wrong", "wrong", "not started"]


def test_a_file_with_another_name_is_recognised_by_its_functions(latent: Exercise, tmp_path: Path) -> None:
    (tmp_path / "jane_doe_1.py").write_text(SOLUTION)
    (tmp_path / "notes.py").write_text("def nothing(): ...\n")
    assert exercise_for(tmp_path / "jane_doe_1.py") == latent
    assert exercise_for(tmp_path / "notes.py") is None
    assert exercise_for(tmp_path / "absent.py") is None
