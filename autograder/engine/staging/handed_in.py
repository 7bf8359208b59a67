"""Which file of a folder that was handed in belongs to which exercise, whatever browsers, sites and people call it.

What has the starter's name is taken. Else one file is, if no other could be meant, and that is said. Nothing is taken
from files that differ, and nothing is left out without a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.engine.catalogue import Exercise, exercises, is_named, share_of
from autograder.engine.reading import Unreadable
from autograder.engine.staging.folder import Folder

__all__ = ["NOTEBOOK", "HandedIn", "handed_in", "why_absent"]

LOOKED_AT = 1_000_000  # bytes of a file
ENOUGH = 0.5  # of an exercise's functions; a helper may define one of them
SOURCES = (".py", ".py.txt")
NOTEBOOK = "is a notebook: save it as {starter} (in Jupyter: File, Save and Export Notebook As, Executable Script)"
PROJECT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class HandedIn:
    """The file of one exercise, or where it would be; what to say about the choice."""

    path: Path
    note: str = ""


def handed_in(place: Path) -> dict[str, HandedIn]:
    """The file of each exercise, by the exercise's name."""
    folder = Folder(place)
    names = _names(folder)
    return {exercise.name: _choice(folder, exercise, names) for exercise in exercises()}


def why_absent(place: Path, starter: str) -> str:
    """What to say where a folder holds no file of this name, and none was taken for it."""
    folder = Folder(place)
    lying = [name for name, _ in folder.names() if "/" not in name]
    names = _names(folder)
    said = f"there is no file {starter} in {place.name}"
    exercise = next((e for e in exercises() if e.starter == starter), None)
    if exercise is None:
        return said
    found = _candidates(folder, exercise, names)
    if found:
        return f"{said}; {' and '.join(found[:3])} could each be it, and differ: hand in one, named {starter}"
    for name in names:
        if is_named(exercise, Path(name).stem + ".py") and name.lower().endswith(".ipynb"):
            return f"{said}; {name} {NOTEBOOK.format(starter=starter)}"
    others = [name for name in lying if not any(is_named(e, name) for e in exercises())]
    return said + (f"; what lies there: {', '.join(others[:5])}" if others else "")


def _choice(folder: Folder, exercise: Exercise, names: Sequence[str]) -> HandedIn:
    usual = folder.place / exercise.starter
    found = _candidates(folder, exercise, names)
    if exercise.starter in names:
        also = [name for name in found if name != exercise.starter]
        return HandedIn(usual, f"{' and '.join(also[:3])} beside it: not looked at" if also else "")
    if len(found) != 1:
        return HandedIn(usual)
    return HandedIn(folder.place / found[0], f"{found[0]} was taken for {exercise.starter}")


def _candidates(folder: Folder, exercise: Exercise, names: Sequence[str]) -> list[str]:
    """The files that may be meant, each content once: by their names, in the folder itself or else deeper; by what
    they define.
    """
    named = [name for name in names if is_named(exercise, name.rpartition("/")[2])]
    upper = [name for name in named if "/" not in name]
    if not named:
        free = [name for name in names if "/" not in name and not any(is_named(e, name) for e in exercises())]
        upper = [name for name in free if share_of(exercise, _source(folder, name)) >= ENOUGH]
    contents: dict[bytes, str] = {}
    for name in sorted(upper or named, key=lambda name: name != exercise.starter):
        contents.setdefault(_source(folder, name), name)
    return list(contents.values())


def _names(folder: Folder) -> list[str]:
    """The sources and notebooks in a folder, but for tests and for what belongs to the course itself."""
    found = [name for name, why in folder.names() if not why and not name.rpartition("/")[2].startswith("test_")]
    found = [name for name in found if name.lower().endswith((*SOURCES, ".ipynb"))]
    return [name for name in found if "/" not in name or PROJECT not in (folder.place / name).resolve().parents]


def _source(folder: Folder, name: str) -> bytes:
    try:
        return folder.read(name, LOOKED_AT) if name.lower().endswith(SOURCES) else b""
    except Unreadable:
        return b""
