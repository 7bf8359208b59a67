"""Landlock: a Linux process gives up, for good, the right to open what it was not granted. No privilege is needed.

Own ctypes, because of the libraries `py-landlock` and `landlock` are alphas by one author, and `sandlock` is a binary
of 13 MB of which this would be one function.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

__all__ = ["CONNECTIONS", "READ", "SIGNALS", "WRITE", "abi", "confine", "scopes_signals"]

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every processor
READ_FILE, READ_DIR, REFER, TRUNCATE, IOCTL_DEVICE = 1 << 2, 1 << 3, 1 << 13, 1 << 14, 1 << 15
READ = READ_FILE | READ_DIR
WRITE = READ | 1 << 1 | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 10 | 1 << 12 | REFER | TRUNCATE  # no device, no socket
ONLY_FILES = 1 << 0 | 1 << 1 | READ_FILE | TRUNCATE | IOCTL_DEVICE
SINCE = {1: (1 << 13) - 1, 2: REFER, 3: TRUNCATE, 5: IOCTL_DEVICE}  # rights by the version that brought them
CONNECTIONS, SIGNALS = 4, 6  # versions: TCP, and signals with abstract sockets
_confined: list[int] = []  # by this process: the version that does it


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("tcp", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("rights", ctypes.c_uint64), ("place", ctypes.c_int32))


def abi() -> int:
    """The version that this kernel knows; 0 if it has no Landlock."""
    try:
        version: int = ctypes.CDLL(None).syscall(CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    except (OSError, AttributeError, TypeError):
        return 0
    return max(0, version)


def confine(grants: Iterable[tuple[Path, int]]) -> None:
    """Leaves this thread, and all that it starts, only these rights beneath these places; OSError if that fails.

    Where the kernel can, TCP connections and signals to processes outside are given up as well.
    """
    version = abi()
    if not version:
        raise OSError("this kernel has no Landlock")
    handled = sum(rights for since, rights in SINCE.items() if since <= version)
    about = _Ruleset(handled, 3 if version >= CONNECTIONS else 0, 3 if version >= SIGNALS else 0)
    rules = _call(CREATE_RULESET, ctypes.byref(about), ctypes.c_size_t(ctypes.sizeof(about)), 0)
    try:
        for path, rights in grants:
            _grant(rules, path, rights & handled)
        _call(RESTRICT_SELF, rules, 0)
        _confined.append(version)
    finally:
        os.close(rules)


def scopes_signals() -> bool:
    """Whether this process is confined, and so that it can signal nobody outside."""
    return any(version >= SIGNALS for version in _confined)


def _grant(rules: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # what is not there needs no right
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= ONLY_FILES
        _call(ADD_RULE, rules, 1, ctypes.byref(_Beneath(rights, place)), 0)
    finally:
        os.close(place)


def _call(number: int, *arguments: object) -> int:
    result: int = ctypes.CDLL(None, use_errno=True).syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
