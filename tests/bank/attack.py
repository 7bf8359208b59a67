"""Grades one file in a process of its own: `python -m tests.bank.attack EXERCISE FILE` prints the states."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from autograder.engine.catalogue import exercises
from autograder.engine.grading.grade import grade
from autograder.engine.workers.limits import Limits

__all__ = ["main"]

LIMITS = Limits(load=6, call=4)


def main(name: str, path: str) -> None:
    exercise = next(exercise for exercise in exercises() if exercise.name == name)
    outcomes = grade(exercise, Path(path), limits=LIMITS)
    print(json.dumps({o.part.number: o.finding.state.value for o in outcomes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
