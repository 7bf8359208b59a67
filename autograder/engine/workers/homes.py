"""The folder in which a worker works: made, measured, removed; and those that a killed grader left are swept away."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import math
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from autograder.engine.walls import privileges

__all__ = ["environment", "make", "remove", "size"]

fcntl: Any = importlib.import_module("fcntl") if importlib.util.find_spec("fcntl") else None
PREFIX = "latent-worker-"
RECENT = 60  # seconds; a folder is locked a moment after it is made
_locks: dict[Path, int | None] = {}


def make() -> Path:
    """A folder that is held as long as this grader lives."""
    _sweep(Path(tempfile.gettempdir()))
    home = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    _locks[home] = _lock(home)
    return home


def _lock(folder: Path) -> int | None:
    """A descriptor that holds the folder; None if another process does, or nothing can be locked here."""
    if fcntl is None:
        return None
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


@functools.cache
def _sweep(place: Path) -> None:
    """Removes, once, what graders left that were killed: folders of ours, not of this minute, which nobody holds."""
    for folder in place.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            about = folder.lstat()
            if not privileges.is_ours(about.st_uid) or time.time() - about.st_mtime < RECENT:
                continue
            held = _lock(folder)
            if held is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(held)


def size(folder: Path) -> float:
    """Bytes of all files beneath; a folder that was made unreadable could hold any number."""
    total = 0.0

    def unreadable(error: OSError) -> None:
        nonlocal total
        total += math.inf if isinstance(error, PermissionError) else 0

    for place, _, files in os.walk(folder, onerror=unreadable):
        for name in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size
    return total


def remove(folder: Path) -> None:
    """Also what is unreadable. Nobody is left who could put a link in a folder's place meanwhile."""
    held = _locks.pop(folder, None)
    if held is not None:
        os.close(held)
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        for place, folders, _ in os.walk(folder):
            for name in folders:
                if not os.path.islink(os.path.join(place, name)):
                    os.chmod(os.path.join(place, name), 0o700)
        shutil.rmtree(folder, ignore_errors=True)


def environment(home: Path) -> dict[str, str]:
    """What a worker may know: nothing of the grader's own environment but what the system needs to run Python."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "WINDIR") if name in os.environ}
    single = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
    folder = {name: str(home) for name in ("HOME", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR")}
    return {**kept, **single, **folder, "LC_ALL": "C.UTF-8", "MPLBACKEND": "Agg"}
