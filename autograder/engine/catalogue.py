"""The exercises and their parts, as `parts/*.toml` lists them: numbers, points, hints, and where the lesson is."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from autograder.engine.reading import Unreadable, beginning

__all__ = ["Exercise", "Part", "exercise_for", "exercise_of", "exercises", "is_named", "part", "share_of"]

PARTS = Path(__file__).resolve().parents[1] / "parts"
LOOKED_AT = 1_000_000  # bytes of a file
DEFINED = re.compile(  # each within one line: what reaches over many takes hours for some texts
    r"^[ \t]*(?:async +)?def +(\w+)|^(\w+)[ \t]*=(?!=)|^[ \t]+(\w+)[ \t]*=[ \t]*lambda\b", re.MULTILINE
)


@dataclass(frozen=True)
class Part:
    """One part of an exercise: what a line of the report is about."""

    number: str
    title: str
    function: str
    points: float
    hints: tuple[str, ...]
    link: str  # the page and section of the lesson
    also: tuple[str, ...] = ()  # further functions of the same part


@dataclass(frozen=True)
class Exercise:
    """One file that a student works on."""

    name: str
    title: str
    starter: str
    solution: str
    lesson: str
    parts: tuple[Part, ...]

    @property
    def functions(self) -> dict[str, str]:
        """Part numbers by function name, as a worker wants them."""
        return {name: part.number for part in self.parts for name in (part.function, *part.also)}


@functools.cache
def exercises() -> tuple[Exercise, ...]:
    """All exercises, in the order of their parts' numbers."""
    found = [_read(path) for path in PARTS.glob("*.toml")]
    return tuple(sorted(found, key=lambda e: [int(n) for n in e.parts[0].number.split(".")]))


def part(number: str) -> tuple[Exercise, Part]:
    """The part of this number, and its exercise. KeyError if there is none."""
    for exercise in exercises():
        for candidate in exercise.parts:
            if candidate.number == number:
                return exercise, candidate
    raise KeyError(number)


def exercise_for(path: Path) -> Exercise | None:
    """Which exercise a single file belongs to: by its name, else by the functions that it defines."""
    try:
        source = beginning(path, LOOKED_AT)
    except Unreadable:
        source = b""
    return exercise_of(path.name, source)


def exercise_of(name: str, source: bytes) -> Exercise | None:
    """Which exercise a file of this name and text belongs to."""
    for exercise in exercises():
        if is_named(exercise, name):
            return exercise
    best = max(exercises(), key=lambda e: _count(e, source))
    return best if _count(best, source) else None


def is_named(exercise: Exercise, name: str) -> bool:
    """Whether a file's name is that of the starter, or what browsers, sites and people make of it: a copy's number
    behind it, a student's name before it, other letters' case, a further `.txt`.
    """
    words = exercise.starter.removesuffix(".py").split("_")
    copied = rf"(.*[^a-z])?{'[ _-]*'.join(words)}([^a-z].*)?\.py(\.txt)?"
    return name == exercise.starter or re.fullmatch(copied, name, re.IGNORECASE) is not None


def share_of(exercise: Exercise, source: bytes) -> float:
    """How much of an exercise's functions a source defines, from 0 to 1."""
    return _count(exercise, source) / len(exercise.functions)


def _count(exercise: Exercise, source: bytes) -> int:
    defined = {function for found in DEFINED.findall(source.decode("utf-8", "replace")) for function in found}
    return sum(function.split(".")[-1] in defined for function in exercise.functions)


def _read(path: Path) -> Exercise:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    parts = tuple(
        Part(
            item["number"],
            item["title"],
            item["function"],
            float(item["points"]),
            tuple(item["hints"]),
            f"{data['lesson']}.html#{item['section']}",
            tuple(item.get("also", [])),
        )
        for item in data["part"]
    )
    return Exercise(data["exercise"], data["title"], data["starter"], data["solution"], data["lesson"], parts)
