"""Grades mutants: which ones does the grader accept, and which mistake does it name?"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from autograder.engine.catalogue import Exercise
from autograder.engine.grade import grade
from autograder.engine.oracle import SOLUTIONS, Oracle
from autograder.engine.process import Limits
from autograder.engine.verdicts import Finding, State
from tests.bank.mutants import Mutant, mutants_of

__all__ = ["Trial", "equivalent", "missed", "trials_of"]

LIMITS = Limits(call=4)


@dataclass(frozen=True)
class Trial:
    """A mutant and the verdict about its part."""

    mutant: Mutant
    finding: Finding

    @property
    def accepted(self) -> bool:
        return self.finding.state is State.DONE


def equivalent() -> dict[str, str]:
    """Mutants that are right, by name, each with the reason."""
    return _argued("equivalent.toml")


def missed() -> dict[str, str]:
    """Mutants that are wrong and are accepted for some random inputs."""
    return _argued("missed.toml")


def _argued(file: str) -> dict[str, str]:
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    return {name: entry["why"] for name, entry in tomllib.loads(text).items()}


def trials_of(exercise: Exercise, jobs: int = 2, seed: int = 11) -> Iterator[Trial]:
    """All mutants of an exercise's solution, graded side by side with one worker for the reference."""
    oracle = Oracle(exercise)
    oracle.start()
    solution = (SOLUTIONS / exercise.solution).read_text(encoding="utf-8")

    def one(mutant: Mutant) -> Trial:
        with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
            path = Path(folder) / exercise.starter
            path.write_text(mutant.text, encoding="utf-8")
            outcomes = grade(exercise, path, parts=[mutant.part], seed=seed, oracle=oracle, limits=LIMITS)
        return Trial(mutant, next(o.finding for o in outcomes if o.part.number == mutant.part))

    try:
        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(one, mutants_of(exercise, solution))
    finally:
        oracle.close()
