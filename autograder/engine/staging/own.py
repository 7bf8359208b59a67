"""The files of a submission, read once. They go to a worker as bytes, so that it sees no folder of any student's.

Of a single file, these are the file and the modules beside it that it imports; never another submission, since files
of a whole class may lie in one folder. Of a folder that was handed in, it is all that is in it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np

from autograder.engine import wire
from autograder.engine.catalogue import exercise_of, exercises
from autograder.engine.messages import LoadRequest
from autograder.engine.reading import Absent, Unreadable, read, read_beneath
from autograder.engine.staging.folder import Folder
from autograder.engine.staging.handed_in import why_absent
from autograder.engine.staging.mentions import Mentions, mentions
from autograder.engine.staging.room import SOURCE, Room

__all__ = ["Staged", "own_files"]

PARSED = 400_000  # bytes of all sources that are looked through for what they import
A_FOLDER = "hand in a folder of your own that holds it"
PROJECT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Staged:
    """What a worker is given: files by name, the one to load, and what the code names that did not come along."""

    start: str
    files: Mapping[str, bytes]
    left_out: Mapping[str, str] = field(default_factory=dict)  # by name: why

    def request(self, functions: Mapping[str, str]) -> tuple[LoadRequest, tuple[wire.Array, ...]]:
        """Body and arrays of the request to load it."""
        body: LoadRequest = {
            "op": "load",
            "start": self.start,
            "files": list(self.files),
            "left_out": dict(self.left_out),
            "functions": dict(functions),
        }
        return body, tuple(np.frombuffer(data, np.uint8) for data in self.files.values())


def own_files(path: Path, whole_folder: bool = False) -> Staged:
    """The files of the submission that begins with this one. Raises Unreadable, in a whole sentence, if it is none.

    `whole_folder` says that its folder was handed in, and not the file alone.
    """
    try:
        return _of_folder(path) if whole_folder else _of_file(path)
    except Absent:
        raise Absent(why_absent(path.parent, path.name)) from None
    except Unreadable as error:
        raise Unreadable(f"{path.name} {error}") from None


def _of_file(path: Path) -> Staged:
    source = read(path, SOURCE)
    folder = Path(path).resolve().parent
    room = Room()
    room.add(path.name, source)

    def fetched(name: str, at_most: int) -> bytes:
        _must_not_be_the_courses(folder, name)
        data = read_beneath(folder, name, at_most)
        if exercise_of(PurePosixPath(name).name, data) or _is_of_another(folder, name):
            raise Unreadable(f"belongs to another submission: {A_FOLDER}")
        return data

    said = _with_imports(room, path.name, fetched)
    for text in said.texts:
        name = _name_in(text)
        if name and name not in (*room.files, *room.left_out) and os.path.lexists(folder / name):
            room.left_out[name] = f"is no module that a single file imports: {A_FOLDER}"
    return Staged(path.name, room.files, room.mentioned(said))


def _of_folder(path: Path) -> Staged:
    folder = Folder(path.parent)
    room = Room()
    room.add(path.name, folder.read(path.name, SOURCE))

    def fetched(name: str, at_most: int) -> bytes:
        _must_not_be_the_courses(folder.place, name)
        return folder.read(name, at_most)

    said = _with_imports(room, path.name, fetched)
    for name, why in folder.names():
        if why:
            room.left_out[name] = why
        elif name not in room.files:
            room.take(name, fetched)
    return Staged(path.name, room.files, room.mentioned(said))


def _with_imports(room: Room, start: str, fetched: Callable[[str, int], bytes]) -> Mentions:
    """Adds the modules that a file imports, and those that they import; what all of them mention."""
    modules: dict[str, None] = {}
    texts: dict[str, None] = {}
    waiting, left = [start], PARSED
    while waiting and left > 0:
        name = waiting.pop(0)
        left -= len(room.files[name])
        said = mentions(room.files[name], ".".join(PurePosixPath(name).parent.parts))
        texts.update(dict.fromkeys(said.texts))
        for module in said.modules:
            if module not in modules:
                modules[module] = None
                waiting += [new for new in _files_of(module) if room.take(new, fetched)]
    return Mentions(tuple(modules), tuple(texts))


def _files_of(module: str) -> Iterator[str]:
    """The files in which a module, and each package that it is in, can lie."""
    steps = module.split(".")
    if len(steps) > 20 or not all(step.isidentifier() for step in steps):
        return
    for count in range(1, len(steps) + 1):
        place = "/".join(steps[:count])
        yield from (f"{place}/__init__.py", f"{place}.py")


def _must_not_be_the_courses(folder: Path, name: str) -> None:
    """A folder that holds the course itself, as a home may, holds the answers, too."""
    if PROJECT.is_relative_to(folder) and PROJECT in (folder / name).resolve().parent.parents:
        raise Unreadable(f"belongs to the course: {A_FOLDER}")


def _is_of_another(folder: Path, name: str) -> bool:
    """Whether a file lies in a folder that somebody handed in, beside a starter."""
    around = list(PurePosixPath(name).parents)[:-1]
    return any(os.path.lexists(folder / place / e.starter) for place in around for e in exercises())


def _name_in(text: str) -> str:
    """What a text in the code can name beneath the file's folder, or nothing."""
    parts = [part for part in text.replace("\\", "/").split("/") if part not in ("", ".")]
    return "" if ".." in parts or text.startswith(("/", "~")) else "/".join(parts)
