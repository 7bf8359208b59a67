"""The course's check of itself finds what it should."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from autograder.check_course import ROOT, problems_of
from autograder.engine.catalogue import Exercise
from course.starters import generate


@pytest.fixture
def root(latent: Exercise, tmp_path: Path) -> Path:
    """Starter and lesson as they come with the course, whatever a student has made of exercises/."""
    (tmp_path / "docs" / latent.lesson).parent.mkdir(parents=True)
    shutil.copy(ROOT / "docs" / f"{latent.lesson}.rst", tmp_path / "docs" / f"{latent.lesson}.rst")
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / latent.starter).write_text(generate(ROOT / "solutions")[latent.starter], encoding="utf-8")
    return tmp_path


def test_lesson_1_is_in_order(latent: Exercise, root: Path) -> None:
    assert list(problems_of(latent, root)) == []


def test_faults_are_found(latent: Exercise, root: Path) -> None:
    shutil.copy(ROOT / "solutions" / latent.solution, root / "exercises" / latent.starter)
    first, second, third, fourth = latent.parts
    faulty = dataclasses.replace(
        latent,
        parts=(
            dataclasses.replace(first, hints=("", "b", "c")),
            dataclasses.replace(second, hints=("a", "b", "``h = torch.relu( self.decoder_fc1(z) )``")),
            dataclasses.replace(third, link="lessons/latent_spaces/lesson.html#nowhere"),
            dataclasses.replace(fourth, hints=("a",)),
        ),
    )
    found = list(problems_of(faulty, root))
    assert found[:4] == [f"{n}: the starter is 'done', not 'not started'" for n in ("1.1", "1.2", "1.3", "1.4")]
    assert found[4:] == [
        "1.1: expected 3 hints that say something, got 3",
        "1.2: hint 3 holds a line of the solution: h=torch.relu(self.decoder_fc1(z))",
        "1.3: the lesson has no section for lessons/latent_spaces/lesson.html#nowhere",
        "1.4: expected 3 hints that say something, got 1",
    ]
