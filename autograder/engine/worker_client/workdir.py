"""The folder in which a worker works: made, held, removed; and those that a killed grader left are swept away."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from autograder.engine import trees
from autograder.engine.walls import privileges
from autograder.engine.worker_client.limits import NotStarted

__all__ = ["environment", "make", "remove"]

fcntl: Any = importlib.import_module("fcntl") if importlib.util.find_spec("fcntl") else None
PREFIX = "latent-worker-"
RECENT = 60  # seconds; a folder is locked a moment after it is made
_locks: dict[Path, int | None] = {}


def make() -> Path:
    """A folder that is held as long as this grader lives. NotStarted if there is no room for one."""
    try:
        _sweep(Path(tempfile.gettempdir()))
        home = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    except OSError as error:
        why = f"a worker needs a folder for temporary files, and none can be made ({error})"
        raise NotStarted(f"{why}: make room there, or let TMPDIR name a folder that can be written to") from error
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
    names = []
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        names = [entry.name for entry in entries if entry.name.startswith(PREFIX)]
    for name in names:
        with contextlib.suppress(OSError):
            about = (place / name).lstat()
            if not privileges.is_ours(about.st_uid) or time.time() - about.st_mtime < RECENT:
                continue
            held = _lock(place / name)
            if held is not None:
                trees.remove(place / name)
                os.close(held)


def remove(folder: Path) -> None:
    """Lets go of a worker's folder and removes it. The worker has ended: nobody is left who could put a link there."""
    held = _locks.pop(folder, None)
    if held is not None:
        os.close(held)
    trees.remove(folder)


def environment(home: Path) -> dict[str, str]:
    """What a worker may know: nothing of the grader's own environment but what the system needs to run Python."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "WINDIR") if name in os.environ}
    single = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
    folder = {name: str(home) for name in ("HOME", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR")}
    return {**kept, **single, **folder, "USER": "student", "LC_ALL": "C.UTF-8", "MPLBACKEND": "Agg"}
