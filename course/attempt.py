"""A starter as a script: it goes on until a part is missing, and then says in a sentence which, and what comes next."""

from __future__ import annotations

import functools
import importlib.util
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["beside", "returned", "show"]

T = TypeVar("T")


def beside(file: str, exercise: str) -> Any:
    """The module of another exercise, from the file that lies beside this one. NotImplementedError where none does."""
    ending = "solution" if Path(file).stem.endswith("_solution") else "starter"
    return _loaded(Path(file).resolve().with_name(f"{exercise}_{ending}.py"))


@functools.cache
def _loaded(path: Path) -> Any:
    found = importlib.util.spec_from_file_location(path.stem, path)
    if not path.is_file() or found is None or found.loader is None:
        raise NotImplementedError(f"expected your {path.name} beside this file, got none: put it there")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def returned(part: str, answer: T, *kinds: type) -> T:
    """What a part, such as "1.1 encode", returned. NotImplementedError where it is None, or of none of the kinds."""
    if answer is None:
        raise NotImplementedError(f"{part} returned None: does it end with `return` and what it made?")
    if kinds and not isinstance(answer, kinds):
        expected = " or ".join(map(_name, kinds))
        raise NotImplementedError(f"{part}: expected {expected}, got {_name(type(answer))}")
    return answer


def show(main: Callable[[], None], file: str, exercise: str) -> int:
    """Shows what the functions of a starter make; the exit code is 1 where a part is missing.

    The part may be one of another exercise, in a file beside this one.
    """
    try:
        main()
    except NotImplementedError as missing:
        place = _place(missing, Path(file).resolve())
        own = place.name == Path(file).name
        print(f"Next: {missing}")
        print(f"Write it in {place.name} and run {'this file' if own else Path(file).name} again.")
        checked = exercise if own else place.stem.rpartition("_")[0]
        print(f"In the folder of the course, `pytest autograder -k {checked}` checks it.")
        return 1
    return 0


def _place(missing: NotImplementedError, own: Path) -> Path:
    """The file beside the starter, or the starter itself, that was reached last before a part was missing."""
    frames = [Path(frame.filename).resolve() for frame in traceback.extract_tb(missing.__traceback__)]
    return next((path for path in reversed(frames) if path.parent == own.parent), own)


def _name(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
