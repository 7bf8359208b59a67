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

__all__ = ["Trial", "equivalent", "trials_of"]

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
    text = Path(__file__).with_name("equivalent.toml").read_text(encoding="utf-8")
    return {name: entry["why"] for name, entry in tomllib.loads(text).items()}


def trials_of(exercise: Exercise, jobs: int = 2) -> Iterator[Trial]:
    """All mutants of an exercise's solution, graded side by side with one worker for the reference."""
    oracle = Oracle(exercise)
    oracle.start()
    solution = (SOLUTIONS / exercise.solution).read_text(encoding="utf-8")

    def one(mutant: Mutant) -> Trial:
        with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
            path = Path(folder) / exercise.starter
            path.write_text(mutant.text, encoding="utf-8")
            outcomes = grade(exercise, path, parts=[mutant.part], oracle=oracle, limits=LIMITS)
        return Trial(mutant, next(o.finding for o in outcomes if o.part.number == mutant.part))

    try:
        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(one, mutants_of(exercise, solution))
    finally:
        oracle.close()
