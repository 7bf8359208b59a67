"""Folders that a submission filled: looked through, measured and removed, whatever is in them, following no link.

`shutil.rmtree` and `os.walk` recurse, so that a thousand folders, each in the last, end them with an error that is no
OSError; and a path to what lies so deep is longer than the system takes.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import shutil
import stat
from collections.abc import Generator, Iterator
from pathlib import Path

__all__ = ["DEPTH", "ENTRIES", "bytes_of", "files", "remove", "size"]

ENTRIES, DEPTH = 20_000, 50  # of files and folders, of folders in folders: no honest submission makes as many
BY_HANDLE = {os.open, os.unlink, os.rmdir, os.stat, os.chmod} <= os.supports_dir_fd and os.listdir in os.supports_fd
FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
BLOCK = 512  # bytes of what `st_blocks` counts, on every file system
WHOLE = stat.S_IRWXU


def size(place: Path, at_most: float = math.inf) -> float:
    """Bytes of all files beneath; more than `at_most` need not be counted.

    A folder that cannot be looked into, or holds more than anyone should have to look at, could hold any number.
    """
    total = 0.0
    try:
        with contextlib.closing(files(place)) as found:
            for entry in found:
                with contextlib.suppress(FileNotFoundError):
                    total += bytes_of(entry.stat(follow_symlinks=False))
                if total > at_most:
                    break
    except OSError:
        return math.inf
    return total


def bytes_of(about: os.stat_result) -> int:
    """Of a file: what it holds, or what is set aside for it."""
    return max(about.st_size, BLOCK * getattr(about, "st_blocks", 0))


def files(place: Path) -> Generator[os.DirEntry[str]]:
    """All beneath that is no folder. OSError at a folder that cannot be looked into, and where it is too much."""
    count = 0
    waiting = [(os.fspath(place), 0)]
    while waiting:
        folder, depth = waiting.pop()
        with _entries(folder) as entries:
            for entry in entries:
                count += 1
                if count > ENTRIES or depth >= DEPTH:
                    raise OSError(errno.EOVERFLOW, "more files or deeper folders than are looked at", folder)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, depth + 1))
                else:
                    yield entry


@contextlib.contextmanager
def _entries(folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
    """What is in a folder; nothing if it vanished meanwhile, or gave way to something else."""
    try:
        entries = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        yield iter(())
        return
    with entries:
        yield entries


def remove(place: Path) -> None:
    """Removes a file, a link or a folder with all that is in it, also what is closed. What cannot go stays."""
    if not BY_HANDLE:
        with contextlib.suppress(OSError, RecursionError):
            shutil.rmtree(place, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        os.unlink(place)
    with contextlib.suppress(OSError):
        _empty(_entered(os.fspath(place)))
    with contextlib.suppress(OSError):
        os.rmdir(place)


def _empty(handle: int) -> None:
    """Removes all that is in an open folder, and closes it.

    It goes down by names and up by `..`, so that one handle and short names do at any depth. A folder that is elsewhere
    on the way back was moved by somebody who is still there: then all stops.
    """
    device = os.fstat(handle).st_dev
    way: list[tuple[str, tuple[int, int], list[str]]] = []  # name; the folder that it is in, and what else is in there
    try:
        folders = _without_files(handle)
        while folders or way:
            if not folders:
                name, above, folders = way.pop()
                handle = _instead(handle, os.open("..", FOLDER, dir_fd=handle))
                if _identity(handle) != above:
                    return
                with contextlib.suppress(OSError):
                    os.rmdir(name, dir_fd=handle)
                continue
            name = folders.pop()
            with contextlib.suppress(OSError):  # what is empty, or what cannot be entered, is done with
                if not _is_removed(name, handle):
                    below = _entered(name, handle)
                    way.append((name, _identity(handle), folders))
                    handle, folders = _instead(handle, below), []
                    folders = _without_files(handle) if os.fstat(handle).st_dev == device else []  # not what is mounted
    finally:
        os.close(handle)


def _instead(old: int, new: int) -> int:
    os.close(old)
    return new


def _identity(handle: int) -> tuple[int, int]:
    about = os.fstat(handle)
    return about.st_dev, about.st_ino


def _is_removed(name: str, handle: int) -> bool:
    try:
        os.rmdir(name, dir_fd=handle)
    except OSError:
        return False
    return True


def _entered(name: str, beneath: int | None = None) -> int:
    """A handle to a folder, which is opened to its owner if it was closed. OSError if it is none, or another's."""
    try:
        handle = os.open(name, FOLDER, dir_fd=beneath)
    except PermissionError:  # never root, who would have the right to change what a link leads to
        if not stat.S_ISDIR(os.stat(name, dir_fd=beneath, follow_symlinks=False).st_mode):
            raise
        os.chmod(name, WHOLE, dir_fd=beneath)
        handle = os.open(name, FOLDER, dir_fd=beneath)
    if os.fstat(handle).st_mode & WHOLE != WHOLE:
        with contextlib.suppress(OSError):  # a worker may not change modes: its grader clears up after it
            os.chmod(handle, WHOLE)
    return handle


def _without_files(handle: int) -> list[str]:
    """Removes what is no folder; the names of the rest."""
    rest = []
    for name in os.listdir(handle):
        try:
            os.unlink(name, dir_fd=handle)
        except (IsADirectoryError, PermissionError):
            rest.append(name)
        except OSError:
            continue
    return rest
