"""The course's check of itself finds what it should."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

from autograder.check_course import ROOT, problems_of
from autograder.engine.catalogue import Exercise


def test_lesson_1_is_in_order(latent: Exercise) -> None:
    assert list(problems_of(latent)) == []


def test_faults_are_found(latent: Exercise, tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    (tmp_path / "docs" / latent.lesson).parent.mkdir(parents=True)
    shutil.copy(ROOT / "docs" / f"{latent.lesson}.rst", tmp_path / "docs" / f"{latent.lesson}.rst")
    shutil.copy(ROOT / "solutions" / latent.solution, tmp_path / "exercises" / latent.starter)
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
    found = list(problems_of(faulty, tmp_path))
    assert found[:4] == [f"{n}: the starter is 'done', not 'not started'" for n in ("1.1", "1.2", "1.3", "1.4")]
    assert found[4:] == [
        "1.1: expected 3 hints that say something, got 3",
        "1.2: hint 3 holds a line of the solution: h=torch.relu(self.decoder_fc1(z))",
        "1.3: the lesson has no section for lessons/latent_spaces/lesson.html#nowhere",
        "1.4: expected 3 hints that say something, got 1",
    ]
