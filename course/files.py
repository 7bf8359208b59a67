"""Files and folders that appear whole or not at all, whoever else writes there: other processes, other threads.

Until it is whole, what is written has a hidden name that nobody else has. A folder that is replaced steps aside before
the new one takes its place, under a lock of the folder above, which ends with its process. A process that is killed
in between leaves the old one aside; whoever looks for it next, or writes beside it, puts it back.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

__all__ = ["cache_folder", "check_writable", "filled", "folders", "read_from", "real", "why", "write"]

T = TypeVar("T")
_DAY = 24 * 60 * 60
_HALF = re.compile(r"\..+\.([0-9a-f]{32}\.half|\d+)")  # with a number alone: what earlier versions left
_ASIDE = re.compile(r"\.(.+)\.[0-9a-f]{32}\.old")


def cache_folder() -> Path:
    """The course's folder in the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "latent-course"


def write(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, and makes its folder if need be; what was there before stays until then.

    A link stays, and what it leads to is replaced.
    """
    path = real(path)
    _make(path.parent)
    half = path.with_name(f".{uuid4().hex}.half")  # not longer if the name is long: that could be too long
    try:
        half.write_bytes(content)
        half.replace(path)
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def real(path: Path) -> Path:
    """Where a path leads, through all links."""
    return Path(os.path.realpath(path))


def check_writable(folder: Path) -> None:
    """Makes the folder if need be, and raises OSError where no file can be made in it."""
    _make(folder)
    trial = folder / f".{uuid4().hex}.half"
    trial.touch(exist_ok=False)
    trial.unlink()


@contextmanager
def filled(folder: Path, whole: Callable[[Path], object] | None = None) -> Iterator[Path]:
    """A new folder to write into, which becomes `folder` at the end of the block; after an error it is gone.

    A folder that is there already is replaced. With `whole`, it stays if that can read it: it raises OSError or
    ValueError where something is missing or damaged.
    """
    _make(folder.parent)
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


def folders(store: Path) -> list[Path]:
    """The folders in `store` by name, without hidden ones; none where there is no such place."""
    with suppress(OSError), _alone(store):
        _put_in_order(store)
        return sorted(store.glob("[!.]*/"))
    return []


def why(error: OSError) -> str:
    """The reason alone, without the number and the hidden name that a reader has not asked for."""
    return error.strerror or str(error)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:  # true of a file where a folder should be, but no help
        raise NotADirectoryError(errno.ENOTDIR, f"{folder} is not a folder") from None


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
    shutil.rmtree(aside, ignore_errors=True)


def _put_in_order(store: Path) -> None:
    """Puts back what a killed process had only moved aside, and removes what nobody needs; to be called alone.

    What somebody had begun to write goes a day later, when nobody can be writing it any more.
    """
    for left in [store / name for name in os.listdir(store) if name.startswith(".")]:
        with suppress(OSError):  # gone meanwhile, or not ours to move
            if aside := _ASIDE.fullmatch(left.name):
                if os.path.lexists(store / aside[1]):
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.rename(store / aside[1])
            elif _HALF.fullmatch(left.name) and time.time() - left.stat().st_mtime > _DAY:
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    """One after the other, over all threads and processes; at once on Windows, and where a file system has no locks."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    place = os.open(store, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        with suppress(OSError):
            fcntl.flock(place, fcntl.LOCK_UN)  # closing is not enough if a child has a copy
        os.close(place)
