"""What a worker's process gives up for good: new privileges, capabilities, root's identity."""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import stat
from pathlib import Path

__all__ = [
    "are_open",
    "become_nobody",
    "drop_capabilities",
    "is_ours",
    "keeps_reading",
    "no_new_privileges",
    "outermost_pid",
]

CAPSET = {"x86_64": 126, "AMD64": 126, "aarch64": 91, "arm64": 91}
VERSION_3 = 0x20080522
READ_ANYTHING = 1 << 2  # CAP_DAC_READ_SEARCH
KEEP_CAPABILITIES, DROP_BOUND, NO_NEW_PRIVILEGES, AMBIENT, CLEAR_ALL = 8, 24, 38, 47, 4
_kept: list[int] = []  # by this process
FIRST_USER, USERS = 61184, 4000  # a range that systemd, too, keeps for users that live as long as a process


def _prctl(option: int, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(n) for n in (*arguments, 0, 0, 0, 0)[:4]]
    if libc.prctl(option, *padded):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def no_new_privileges() -> None:
    """No program started from here gains rights by a set-user-id bit."""
    _prctl(NO_NEW_PRIVILEGES, 1)


def become_nobody(home: Path, needed: tuple[Path, ...]) -> None:
    """Root becomes a user who owns nothing but the worker's folder, and is nobody else at the same time.

    If the `needed` files, Python's and the course's, are closed to others, as in root's home, the right to read in
    spite of that is kept; Landlock then says what may be read.
    """
    user = FIRST_USER + outermost_pid() % USERS
    os.chown(home, user, user)
    keep = 0 if are_open(needed) else READ_ANYTHING
    _drop_bounds()
    _prctl(KEEP_CAPABILITIES, 1)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    _kept.append(keep)


def is_ours(user: int) -> bool:
    """Whether this is the user who runs the grader, or one that root's workers become."""
    me = os.getuid() if hasattr(os, "getuid") else user
    return user == me or (me == 0 and FIRST_USER <= user < FIRST_USER + USERS)


def drop_capabilities() -> None:
    """All of them, also those that a user namespace gave, but the right to read where `become_nobody` kept it."""
    _prctl(AMBIENT, CLEAR_ALL)
    _set_capabilities(sum(_kept))


def keeps_reading() -> bool:
    """Whether this process kept the right to read what its user may not."""
    return any(_kept)


@functools.cache
def outermost_pid() -> int:
    """This process's number outside of its namespace, so that no two workers are the same user. It must be asked for
    before a /proc is mounted that knows nothing of the outside; and never before a fork, which would inherit it.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("NSpid:"):
            return int(line.split()[1])
    return os.getpid()


def _drop_bounds() -> None:
    for capability in range(64):
        try:
            _prctl(DROP_BOUND, capability)
        except OSError:
            return


def _set_capabilities(bits: int) -> None:
    if platform.machine() not in CAPSET:
        raise OSError(f"the system calls of {platform.machine()} processors are not listed here")
    header = (ctypes.c_uint32 * 2)(VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(bits, bits, 0, 0, 0, 0)  # effective, permitted, inheritable; then the upper halves
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(CAPSET[platform.machine()], ctypes.byref(header), ctypes.byref(data)):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@functools.cache
def are_open(paths: tuple[Path, ...]) -> bool:
    """Whether somebody who owns nothing can read all these files and folders."""
    return all(map(_is_open, paths))


def _is_open(path: Path) -> bool:
    """Whether somebody who owns nothing can read this file, or all in this folder."""
    try:
        if any(not parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents):
            return False
        inside = list(path.iterdir()) if path.is_dir() else []
        return all(place.stat().st_mode & stat.S_IROTH for place in [path, *inside])
    except OSError:
        return False
