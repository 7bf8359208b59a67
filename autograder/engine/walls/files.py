"""What a student's worker may open: Python, its libraries, its own folder and what starters need of `course`.

The submission's files are copied into the worker's own folder, so that no folder of a student's is in this list.

Landlock can grant a folder with all that is in it, and take nothing away again. So a folder that holds something
hidden is granted entry by entry.
"""

from __future__ import annotations

import functools
import os
import site
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from autograder.engine.walls.landlock import READ, READ_DIR, WRITE

__all__ = ["grants", "needed"]

PROJECT = Path(__file__).resolve().parents[3]
SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/etc/localtime",
    "/etc/mime.types", "/usr/share/zoneinfo", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig",
    "/etc/fonts", "/etc/os-release", "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu",
    "/sys/devices/system/node", "/sys/fs/cgroup/cpu.max", "/dev/urandom", "/dev/random", "/dev/zero",
)  # fmt: skip

COURSE = PROJECT / "course"
STARTERS_USE = (
    "__init__.py",
    "attempt.py",
    "checkpoints.py",
    "errors.py",
    "files.py",
    "memory.py",
    "outputs.py",
    "palette.py",
    "patterns.py",
    "reading.py",
    "tensors.py",
    "weights",
    *(f"figures/{n}.py" for n in ("__init__", "animation", "signs", "style")),
)

Grant = tuple[Path, int]


def grants(home: Path) -> list[Grant]:
    """Places and the rights beneath them. PermissionError if this process cannot even reach Python's own."""
    os.stat(os.__file__)
    return [(home, WRITE), *_alike()]


@functools.cache
def _alike() -> tuple[Grant, ...]:
    """Those of all workers."""
    hidden = _hidden()
    found: list[Grant] = [(Path("/dev/null"), WRITE)]
    for root in dict.fromkeys([*map(Path, SYSTEM), *_python()]):
        found += _without(root, hidden)
    found += [(COURSE, READ_DIR), (COURSE / "figures", READ_DIR)]
    return (*found, *((COURSE / name, READ) for name in STARTERS_USE))


def needed() -> tuple[Path, ...]:
    """What must be readable to whomever the worker becomes."""
    return (*_python(), COURSE)


@functools.cache
def _python() -> tuple[Path, ...]:
    """The standard library, and whatever else a module may be imported from."""
    paths = sysconfig.get_paths()
    places = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    places += [*site.getsitepackages(), *sys.path, f"{sys.prefix}/pyvenv.cfg", f"{sys.base_prefix}/lib"]
    resolved = [Path(place).resolve() for place in places if place]
    return tuple(place for place in dict.fromkeys(resolved) if place.exists() and place != PROJECT / "exercises")


def _hidden() -> set[Path]:
    """The project's own folders, but a virtual environment; most of `course` holds what the exercises ask for."""
    if not (PROJECT / "pyproject.toml").is_file():  # installed: the neighbours are other people's packages
        return {PROJECT / "autograder", COURSE}
    inside = [path for path in PROJECT.iterdir() if path.is_dir() and not path.is_symlink()]
    return {PROJECT / ".git", *(path for path in inside if not (path / "pyvenv.cfg").is_file())}  # a file in a worktree


def _without(root: Path, hidden: set[Path]) -> Iterator[Grant]:
    root = root if str(root).startswith("/proc") else root.resolve()
    if root in hidden:
        return
    if not any(path.is_relative_to(root) for path in hidden):
        yield root, READ
        return
    yield root, READ_DIR  # names only
    with os.scandir(root) as entries:
        inside = [Path(entry.path) for entry in entries if not entry.is_symlink()]
    for path in inside:
        yield from _without(path, hidden)
