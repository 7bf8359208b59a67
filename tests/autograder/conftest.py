from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.engine.answering.oracle import Live, Oracle
from autograder.engine.catalogue import Exercise, exercises
from autograder.engine.grading.grade import grade
from autograder.engine.grading.session import Outcome
from autograder.engine.worker_client.limits import Limits
from tests.autograder.submissions import Grade, GradeAll


@pytest.fixture(scope="session")
def latent() -> Exercise:
    return next(exercise for exercise in exercises() if exercise.name == "latent")


@pytest.fixture(scope="session")
def oracle(latent: Exercise) -> Iterator[Oracle]:
    """One worker with the reference for all tests."""
    made = Live(latent)
    made.start()  # in a thread that lives as long as the tests
    yield made
    made.close()


@pytest.fixture
def pit() -> Iterator[Path]:
    """A folder that may get deep. pytest removes its own recursively, so that a deep one would end every later run."""
    folder = tempfile.mkdtemp(prefix="latent-pit-")
    yield Path(folder)
    subprocess.run(["rm", "-rf", folder], check=True)


@pytest.fixture
def graded(latent: Exercise, oracle: Oracle, tmp_path: Path) -> Grade:
    """Grades the text of a submission: verdicts by part number."""

    def run(text: str | bytes, seed: int = 7, limits: Limits | None = None) -> dict[str, Outcome]:
        return _grade(latent, oracle, tmp_path, text, seed, limits)

    return run


@pytest.fixture(scope="session")
def graded_side_by_side(latent: Exercise, oracle: Oracle, tmp_path_factory: pytest.TempPathFactory) -> GradeAll:
    """Grades several texts at once, on two cores: verdicts by the texts' names, then by part number."""

    def run(texts: Mapping[str, str | bytes], limits: Limits | None = None) -> dict[str, dict[str, Outcome]]:
        def one(item: tuple[str, str | bytes]) -> tuple[str, dict[str, Outcome]]:
            folder = tmp_path_factory.mktemp("submission")
            return item[0], _grade(latent, oracle, folder, item[1], 7, limits)

        with ThreadPoolExecutor(2) as pool:
            return dict(pool.map(one, texts.items()))

    return run


def _grade(
    exercise: Exercise, oracle: Oracle, folder: Path, text: str | bytes, seed: int, limits: Limits | None
) -> dict[str, Outcome]:
    path = folder / exercise.starter
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    outcomes = grade(exercise, path, seed=seed, limits=limits, oracle=oracle)
    assert sorted(p.name for p in folder.iterdir()) == [exercise.starter], "nothing is left beside a file"
    return {outcome.part.number: outcome for outcome in outcomes}
