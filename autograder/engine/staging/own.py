"""The files of a submission, read once. They go to a worker as bytes, so that it sees no folder of any student's.

Of a single file, these are the file, the modules beside it that it imports, and the files beside it that it names;
never another submission, and where others of its exercise lie there, as those of a whole class may, no file but its
modules. Of a folder that was handed in, it is all that is in it.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath

import numpy as np

from autograder.engine import wire
from autograder.engine.catalogue import exercise_of, exercises
from autograder.engine.messages import LoadRequest
from autograder.engine.reading import Absent, Unreadable, beginning, read, read_beneath
from autograder.engine.staging.folder import Folder
from autograder.engine.staging.handed_in import why_absent
from autograder.engine.staging.mentions import Mentions, mentions
from autograder.engine.staging.room import SOURCE, Room

__all__ = ["Staged", "own_files"]

LOOKED_AT = 1000  # entries of the folder of a single file, and names in folders of it
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
    other = functools.cache(partial(_of_the_same, folder, path.name, source))
    for name in _named(folder, said.texts):
        if name in (*room.files, *room.left_out):
            continue
        if os.path.isdir(folder / name):
            room.left_out[name] = f"is a folder: {A_FOLDER}"
        elif other():
            room.left_out[name] = f"may be somebody else's, as {other()} beside it is: {A_FOLDER}"
        else:
            room.take(name, fetched)
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


def _named(folder: Path, texts: Sequence[str]) -> Iterator[str]:
    """What texts in the code name beneath a folder: a file, a folder, or both of a file in one, one after the other."""
    names = [name for text in texts if (name := _name_in(text))]
    there = [name for name in names if os.path.lexists(folder / name)]
    yield from there
    inside = (f"{of}/{name}" for of in there if os.path.isdir(folder / of) for name in names)
    yield from (name for name in islice(inside, LOOKED_AT) if os.path.lexists(folder / name))


def _of_the_same(folder: Path, own: str, source: bytes) -> str:
    """The name of another submission of the exercise that lies in a folder; nothing if there is none."""
    exercise = exercise_of(own, source)
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in islice(entries, LOOKED_AT) if entry.name.endswith(".py"))
    for name in names:
        with contextlib.suppress(Unreadable):
            if name != own and exercise_of(name, beginning(folder / name, SOURCE)) == exercise:
                return name
    return ""


def _name_in(text: str) -> str:
    """What a text in the code can name beneath the file's folder, or nothing; hidden files are no part of it."""
    parts = [part for part in text.replace("\\", "/").split("/") if part not in ("", ".")]
    hidden = any(part.startswith(".") for part in parts)
    return "" if hidden or text.startswith(("/", "~")) else "/".join(parts)
