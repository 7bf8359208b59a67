"""A map of the course in the terminal: a bar for each exercise, from what its parts earned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.engine.catalogue import Exercise, exercises
from autograder.engine.grading.session import Outcome
from autograder.engine.verdicts import State

__all__ = ["course_map"]

BAR = 20


def course_map(found: Mapping[str, Sequence[Outcome]], here: str = "", symbols: bool = False) -> list[str]:
    """A line for each exercise, and the sum. `found` holds outcomes by exercise name; `here` is marked."""
    full, empty, mark = ("█", "░", "▸") if symbols else ("#", ".", ">")
    lines = []
    total = top = 0.0
    for exercise in exercises():
        score, most = _points(exercise, found.get(exercise.name, ()))
        done = sum(o.finding.state is State.DONE for o in found.get(exercise.name, ()))
        filled = int(BAR * score / most)
        pointer = mark if exercise.name == here else " "
        lesson = exercise.parts[0].number.split(".")[0]
        parts = f"{done} of {len(exercise.parts)} parts"
        bar = full * filled + empty * (BAR - filled)
        lines.append(f"{pointer} {lesson}  {exercise.title:<22}{bar}  {parts:<14}{score:g} of {most:g}")
        total, top = total + score, top + most
    return [*lines, f"     {'all':<22}{'':{BAR}}  {'':<14}{total:g} of {top:g}"]


def _points(exercise: Exercise, outcomes: Sequence[Outcome]) -> tuple[float, float]:
    return sum(o.score for o in outcomes), sum(part.points for part in exercise.parts)
