"""Files that appear whole or not at all, whoever else writes there, and that last once they are there.

Until it is whole, a file has a hidden name that nobody else has. What was written is asked to be on the disk, not only
on its way, before anybody is told: it costs some milliseconds, and a training may have cost hours when the power fails.
"""

from __future__ import annotations

import errno
import os
import re
import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from course.errors import CourseError

__all__ = ["cache_folder", "check_writable", "make", "real", "settle", "why", "write"]


_DAY = 24 * 60 * 60
_HALF = re.compile(r"\.[0-9a-f]{32}\.half")


def cache_folder() -> Path:
    """The course's folder in the user's cache folder. Raises CourseError where the system knows of no home."""
    with suppress(RuntimeError):  # no HOME, and no such user
        for place in (Path(os.environ.get("XDG_CACHE_HOME", "")), Path.home() / ".cache"):
            if place.is_absolute():  # a relative one would be another in every folder
                return place / "latent-course"
    raise CourseError(
        "there is no home folder to keep trainings and data in: expected one in HOME, got "
        f"{os.environ.get('HOME', 'none')!r}; set it, or XDG_CACHE_HOME, to a folder of your own"
    )


def write(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, and makes its folder if need be; what was there before stays until then.

    A link stays, and what it leads to is replaced.
    """
    path = real(path)
    make(path.parent)
    half = path.with_name(f".{uuid4().hex}.half")  # not longer if the name is long: that could be too long
    try:
        with half.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # a full disk, or a failing one, may say so no sooner
        half.replace(path)
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    settle(path.parent)


def settle(folder: Path) -> None:
    """Asks the disk to keep the names in a folder, where the system can ask for that."""
    with suppress(OSError):
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)


def real(path: Path) -> Path:
    """Where a path leads, through all links."""
    return Path(os.path.realpath(path))


def check_writable(folder: Path) -> None:
    """Makes the folder if need be, and raises OSError where no file can be made in it.

    What a killed process had begun to write there goes a day later.
    """
    make(folder)
    for left in folder.glob(".*.half"):
        with suppress(OSError):  # gone meanwhile, or not ours to remove
            if _HALF.fullmatch(left.name) and time.time() - left.stat().st_mtime > _DAY:
                left.unlink()
    trial = folder / f".{uuid4().hex}.half"
    trial.touch(exist_ok=False)
    trial.unlink()


def why(error: OSError) -> str:
    """The reason alone, without the number and the hidden name that a reader has not asked for."""
    return error.strerror or str(error)


def make(folder: Path) -> None:
    """Makes a folder and those above it, unless they are there. Raises NotADirectoryError where one is a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:  # true of a file where a folder should be, but no help
        raise NotADirectoryError(errno.ENOTDIR, f"{folder} is not a folder") from None
