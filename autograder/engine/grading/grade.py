"""One call that grades one file: what the pytest session does for a reader, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.engine.answering import kept
from autograder.engine.answering.oracle import Oracle
from autograder.engine.catalogue import Exercise
from autograder.engine.grading.session import Outcome, Session
from autograder.engine.judging.checks import checks_of
from autograder.engine.worker_client.limits import Limits

__all__ = ["fresh_seed", "grade"]


def fresh_seed() -> int:
    """A seed that a submission cannot know beforehand."""
    return kept.seed()


def grade(
    exercise: Exercise,
    path: Path,
    *,
    parts: Sequence[str] | None = None,
    seed: int | None = None,
    limits: Limits | None = None,
    oracle: Oracle | None = None,
    whole_folder: bool = False,
) -> list[Outcome]:
    """The verdicts about a file, part by part. A shared `oracle` saves starting a worker for the reference.

    The file may use modules beside it that it imports; with `whole_folder`, everything in its folder.
    """
    seed = fresh_seed() if seed is None else seed
    with Session(exercise, path, seed, limits, oracle, whole_folder=whole_folder) as session:
        session.start()
        for number, checks in checks_of(exercise).items():
            for check in checks if parts is None or number in parts else ():
                session.check(number, check)
        return session.outcomes()
