"""The checks of an exercise: which part each belongs to, and where they are found."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Iterator
from typing import Any

from autograder.engine.catalogue import Exercise
from autograder.engine.verdicts import Stub

__all__ = ["Check", "checks_of", "if_written", "part"]

Check = Callable[..., Any]


def part(number: str) -> Callable[[Check], Check]:
    """Says which part a check belongs to: `@part("1.1")`. A part is done when all its checks pass."""

    def mark(check: Check) -> Check:
        vars(check)["part_number"] = number
        return check

    return mark


@contextlib.contextmanager
def if_written() -> Iterator[None]:
    """What is asked for inside need not be written yet: another check of the part says so."""
    with contextlib.suppress(Stub):
        yield


def checks_of(exercise: Exercise) -> dict[str, list[Check]]:
    """The checks of each part, in the order in which they are written."""
    module = importlib.import_module(f"autograder.test_{exercise.name}")
    found: dict[str, list[Check]] = {p.number: [] for p in exercise.parts}
    for check in vars(module).values():
        if hasattr(check, "part_number") and check.__name__.startswith("test"):
            found[check.part_number].append(check)
    return found
