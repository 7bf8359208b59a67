"""What a message says: which part comes first, which of two mistakes, and where the lesson is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.engine import report
from autograder.engine.grading.findings import found
from autograder.engine.judging import cosine_rounding
from autograder.engine.verdicts import State
from tests.autograder.submissions import Grade, solution_with, stub


def test_numbers_that_are_off_by_a_factor_are_said_to_be(graded: Grade) -> None:
    shrunk = "return 0.37 * self.fc_mu(torch.relu(self.encoder_fc2(torch.relu(self.encoder_fc1(x)))))"
    assert "the right numbers times 0.37" in graded(solution_with({"1.1": shrunk}))["1.1"].finding.got


LATE = """
weights = torch.arange(num_steps) / num_steps
here, there = vae.encode(pattern_a), vae.encode(pattern_b)
return [vae.decode(here + t * (there - here)).reshape(16, 16) for t in weights]
"""


def test_of_two_mistakes_the_one_that_is_shown_has_its_name(graded: Grade) -> None:
    finding = graded(solution_with({"1.3": LATE}))["1.3"].finding  # it ends too early, and keeps the gradient
    assert finding.mistake is not None
    assert finding.mistake.name == "the last point is never reached"


def test_what_is_wrong_comes_before_what_is_not_started(graded: Grade) -> None:
    outcomes = graded(solution_with({"1.1": stub("1.1"), "1.2": "return torch.sigmoid(z)"}))
    following = report.next_thing(list(outcomes.values()))
    assert following is not None
    assert following.part.number == "1.2"


def test_the_lesson_is_a_file_where_the_site_was_built(
    graded: Grade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = graded(solution_with({"1.2": stub("1.2")}))["1.2"]
    monkeypatch.chdir(tmp_path)
    assert "  Lesson    lessons/latent_spaces/lesson.html#the-decoder" in report.message(outcome)
    page = tmp_path / "build" / "site" / "lessons" / "latent_spaces" / "lesson.html"
    page.parent.mkdir(parents=True)
    page.touch()
    assert "  Lesson    build/site/lessons/latent_spaces/lesson.html#the-decoder" in report.message(outcome)


def test_an_assertion_of_the_engine_is_no_fault_of_the_students(monkeypatch: pytest.MonkeyPatch) -> None:
    def plain() -> None:
        value = 3
        assert value == 4

    assert found(plain, {}).state is State.WRONG
    monkeypatch.setattr(cosine_rounding, "MANY", 0)
    unlucky = found(lambda: cosine_rounding.rounds_beyond_one(np.random.default_rng(0), 3, 1), {})
    assert unlucky.state is State.UNCHECKED, unlucky
