"""Reads one file that a student made: nothing blocks, nothing huge is read, and links are followed only where said."""

from __future__ import annotations

import os
import stat
from pathlib import Path

__all__ = ["Absent", "Unreadable", "beginning", "read", "read_beneath"]

NO_LINK = getattr(os, "O_NOFOLLOW", 0)
FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
FOLDER = os.O_RDONLY | NO_LINK | getattr(os, "O_DIRECTORY", 0)
BY_HANDLE = {os.open, os.stat} <= os.supports_dir_fd
PIECE = 1 << 20
LINK = "is a link: put the file itself there"


class Unreadable(Exception):
    """Why a file is not read, to be said after its name."""


class Absent(Unreadable):
    """There is no such file."""


def read(path: Path, at_most: int) -> bytes:
    """The bytes of a file, through links as well. Raises Unreadable."""
    try:
        _must_be_file(os.stat(path), at_most)
        return _whole(os.open(path, FILE), at_most)
    except OSError as error:
        raise _why(error) from None


def beginning(path: Path, at_most: int) -> bytes:
    """So many bytes of a file, for a look at what it is. Raises Unreadable."""
    try:
        _must_be_file(os.stat(path))
        return _contents(os.open(path, FILE), at_most)[:at_most]
    except OSError as error:
        raise _why(error) from None


def read_beneath(folder: Path, name: str, at_most: int) -> bytes:
    """The bytes of a file beneath a folder, no step of the way being a link. Raises Unreadable.

    Each step is opened from the last one, so that whoever owns the folder cannot put a link there meanwhile.
    """
    if not BY_HANDLE:
        if any((folder / "/".join(name.split("/")[: n + 1])).is_symlink() for n in range(name.count("/") + 1)):
            raise Unreadable(LINK)
        return read(folder / name, at_most)
    *way, last = name.split("/")
    try:
        handle = os.open(folder, FOLDER)
        try:
            for step in way:
                _must_be_no_link(step, handle)
                below = os.open(step, FOLDER, dir_fd=handle)
                os.close(handle)
                handle = below
            _must_be_no_link(last, handle)
            _must_be_file(os.stat(last, dir_fd=handle, follow_symlinks=False), at_most)
            return _whole(os.open(last, FILE | NO_LINK, dir_fd=handle), at_most)
        finally:
            os.close(handle)
    except OSError as error:
        raise _why(error) from None


def _must_be_no_link(name: str, handle: int) -> None:
    if stat.S_ISLNK(os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode):
        raise Unreadable(LINK)


def _must_be_file(about: os.stat_result, at_most: int | None = None) -> None:
    if not stat.S_ISREG(about.st_mode):
        raise Unreadable("is not a file")
    if at_most is not None and about.st_size > at_most:
        raise Unreadable(f"has {about.st_size:,} bytes; up to {at_most:,} are read")


def _whole(handle: int, at_most: int) -> bytes:
    data = _contents(handle, at_most)
    if len(data) > at_most:
        raise Unreadable(f"has more than {at_most:,} bytes; up to that many are read")
    return data


def _contents(handle: int, at_most: int) -> bytes:
    """Reads a file, which may be another one than was looked at, up to a byte beyond `at_most`, and closes it."""
    try:
        _must_be_file(os.fstat(handle))
        pieces, left = [], at_most + 1
        while left and (piece := os.read(handle, min(left, PIECE))):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)
    finally:
        os.close(handle)


def _why(error: OSError) -> Unreadable:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Absent("is not there")
    if isinstance(error, PermissionError):
        return Unreadable("may not be read by the user who runs the grader: change its mode, or its folder's")
    return Unreadable(f"cannot be read: {error.strerror}")
