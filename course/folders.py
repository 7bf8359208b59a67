"""Folders that appear whole or not at all, whoever else writes there: other processes, other threads.

Until it is whole, a folder has a hidden name that nobody else has. One that is replaced steps aside before the new one
takes its place, under a lock of the folder above, which ends with its process. A process that is killed in between
leaves the old one aside; whoever looks for it next, or writes beside it, puts it back and says so.
"""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from course import files
from course.errors import CourseWarning

__all__ = ["PutBack", "filled", "listed", "read_from"]

T = TypeVar("T")
_DAY = 24 * 60 * 60
_PATIENCE = 30  # seconds; what is done under the lock takes some milliseconds
_HALF = re.compile(r"\..+\.([0-9a-f]{32}\.half|\d+)")  # with a number alone: what earlier versions left
_ASIDE = re.compile(r"\.(.+)\.[0-9a-f]{32}\.old")


class PutBack(CourseWarning):
    """A folder is whole, but stood aside: whoever was replacing it was killed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} had been left aside by a process that was killed; it is back in its place")


@contextmanager
def filled(folder: Path, whole: Callable[[Path], object] | None = None) -> Iterator[Path]:
    """A new folder to write into, which becomes `folder` at the end of the block; after an error it is gone.

    A folder that is there already is replaced. With `whole`, it stays if that can read it: it raises OSError or
    ValueError where something is missing or damaged.
    """
    files.make(folder.parent)
    half = folder.with_name(f".{folder.name}.{uuid4().hex}.half")
    try:
        half.mkdir()
        yield half
        _put(half, folder, whole)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def read_from(folder: Path, read: Callable[[Path], T]) -> T:
    """What `read` finds in `folder`. What it cannot read is put in order first, and asked for once more.

    `read` raises OSError or ValueError where something is missing or damaged.
    """
    try:
        return read(folder)
    except (OSError, ValueError):  # perhaps it is being replaced just now, or somebody was killed while replacing it
        with _alone(folder.parent):
            _put_in_order(folder.parent)
            return read(folder)


def listed(store: Path) -> list[Path]:
    """The folders in `store` by name, without hidden ones; none where there is no such place."""
    with suppress(OSError):
        try:
            with _alone(store):
                _put_in_order(store)
                return _visible(store)
        except TimeoutError:
            return _visible(store)
    return []


def _visible(store: Path) -> list[Path]:
    return sorted(store.glob("[!.]*/"))


def _put(half: Path, folder: Path, whole: Callable[[Path], object] | None) -> None:
    aside = folder.with_name(f".{folder.name}.{uuid4().hex}.old")
    with _alone(folder.parent):
        _put_in_order(folder.parent)
        if whole:
            with suppress(OSError, ValueError):
                whole(folder)
                return
        with suppress(FileNotFoundError):
            folder.rename(aside)
        try:
            half.rename(folder)
        except OSError:
            with suppress(OSError):
                aside.rename(folder)
            raise
        files.settle(folder.parent)
    _remove(aside)


def _put_in_order(store: Path) -> None:
    """Puts back what a killed process had only moved aside, and removes what nobody needs; to be called alone.

    What somebody had begun to write goes a day later, when nobody can be writing it any more.
    """
    back = []
    for left in [store / name for name in os.listdir(store) if name.startswith(".")]:
        with suppress(OSError):  # gone meanwhile, or not ours to move
            if aside := _ASIDE.fullmatch(left.name):
                if os.path.lexists(store / aside[1]):
                    _remove(left)
                else:
                    back.append(left.rename(store / aside[1]))
            elif _HALF.fullmatch(left.name) and time.time() - left.stat().st_mtime > _DAY:
                _remove(left)
    for folder in back:
        warnings.warn(PutBack(folder), stacklevel=2)


def _remove(path: Path) -> None:
    """Removes a folder, or a file or link that had its name, as far as that can be done."""
    with suppress(OSError):
        path.unlink()
    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    """One after the other, over all threads and processes; at once on Windows, and where a file system has no locks.

    Raises TimeoutError, which is an OSError, if another process keeps the lock: one that was stopped with Ctrl-Z.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    place = os.open(store, os.O_RDONLY | os.O_DIRECTORY)
    try:
        ends = time.monotonic() + _PATIENCE
        while not _locked(place):
            if time.monotonic() > ends:
                raise TimeoutError(errno.ETIMEDOUT, f"another process has locked it for {_PATIENCE} seconds")
            time.sleep(random.uniform(0.001, 0.01))
        yield
    finally:
        with suppress(OSError):
            fcntl.flock(place, fcntl.LOCK_UN)  # closing is not enough if a child has a copy
        os.close(place)


def _locked(place: int) -> bool:
    """Whether we have the lock now; True where there are no locks."""
    import fcntl

    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
