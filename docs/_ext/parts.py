"""The parts of the exercises, as the grader's tables in ``autograder/parts`` hold them."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sphinx.environment import BuildEnvironment


@dataclass(frozen=True)
class Part:
    """One part of an exercise: what to write, its points, where its lesson explains it, and its hints."""

    number: str
    title: str
    function: str
    points: int
    section: str
    hints: list[str]
    also: list[str] = field(default_factory=list)  # further functions of the same part


@dataclass(frozen=True)
class Exercise:
    """One table: the parts of an exercise and the page of its lesson."""

    name: str
    lesson: str
    parts: list[Part]


def read(env: BuildEnvironment) -> dict[str, Exercise]:
    """All exercises by name, and a note that the current document depends on their tables."""
    exercises = {}
    for file in sorted(Path(env.srcdir, env.config.parts_folder).glob("*.toml")):
        env.note_dependency(file)
        table: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        parts = [Part(**{key: part[key] for key in Part.__dataclass_fields__ if key in part}) for part in table["part"]]
        exercises[table["exercise"]] = Exercise(table["exercise"], table["lesson"], parts)
    return exercises
