"""Namespaces: a worker that sees no other process, no network, and a temporary folder of bounded size.

They need root, or a system that lets ordinary users make user namespaces, and are a second line behind the walls that
need no privilege.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from collections.abc import Iterator
from pathlib import Path

__all__ = ["apart", "enter", "follow", "shrink"]

MOUNTS, NAMES, MESSAGES, USERS, PROCESSES, NETWORK = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
ALL = MOUNTS | NAMES | MESSAGES | PROCESSES | NETWORK
PRIVATE, RECURSIVE, NO_SETUID, NO_DEVICES, NO_PROGRAMS = 1 << 18, 1 << 14, 2, 4, 8


@contextlib.contextmanager
def apart() -> Iterator[None]:
    """Meanwhile a child is the first process of a namespace of its own, if this is root and the system lets it.

    So it need not fork once more to become that, which costs as much as all other walls. Raises RuntimeError if this
    process cannot come back: its next child would join the last one.
    """
    home = _left() if os.getuid() == 0 else -1
    try:
        yield
    finally:
        if home >= 0 and os.getpid() != 1:  # not in the child
            try:
                _call("setns", home, PROCESSES)
            except OSError as error:
                raise RuntimeError("no way back into the namespace") from error
            os.close(home)


def _left() -> int:
    """Has the next child in a namespace of its own; a handle to the one that was left, or -1 where that cannot be."""
    try:
        home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1
    try:
        _call("setns", home, PROCESSES)  # changes nothing, and shows that there is a way back
        _call("unshare", PROCESSES)
    except (OSError, AttributeError):
        os.close(home)
        return -1
    return home


def enter() -> None:
    """Moves this process into namespaces of its own; its next child is the first process of a new one, unless this is
    the first of one already. Or OSError.
    """
    user, group = os.getuid(), os.getgid()
    wanted = ALL if os.getpid() != 1 else ALL & ~PROCESSES
    _call("unshare", wanted if user == 0 else wanted | USERS)
    if user != 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def shrink(home: Path, size: int) -> None:
    """From now on only this process and its children see the folder, as an empty one in memory, of bounded size."""
    _call("mount", None, b"/", None, PRIVATE | RECURSIVE, None)
    options = f"size={size},nr_inodes=4096,mode=700,uid={os.getuid()},gid={os.getgid()}".encode()
    flags = NO_SETUID | NO_DEVICES | NO_PROGRAMS
    _call("mount", b"latent-grader", os.fsencode(home), b"tmpfs", flags, options)
    with contextlib.suppress(OSError):
        _call("mount", b"proc", b"/proc", b"proc", flags, None)  # shows this namespace's processes only
    os.chdir(home)


def follow(pid: int) -> None:
    """Waits for a child and ends as it ends."""
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        if -code not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(max(code, 0))


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*[ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
