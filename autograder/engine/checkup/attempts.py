"""What a hostile submission would try. `trials.py` has a worker run this file as if a student had handed it in.

Each function gets what it needs from outside, and returns 1.0 if it was stopped and 0.0 if it got through.
"""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import resource
import signal
import socket
import time
from collections.abc import Callable

__all__: list[str] = []


def _stopped(attempt: Callable[[], object]) -> float:
    try:
        attempt()
    except (OSError, MemoryError, ValueError):
        return 1.0
    return 0.0


def read(path: str) -> float:
    return _stopped(lambda: open(path, "rb").read(1))


def write(path: str) -> float:
    return _stopped(lambda: open(path, "ab").close())


def change_mode(path: str) -> float:
    return _stopped(lambda: os.chmod(path, 0o777))


def environment(name: str) -> float:
    return float(name not in os.environ and name.encode() not in open("/proc/self/environ", "rb").read())


def descriptors(most: int) -> float:
    def is_open(descriptor: int) -> bool:
        return not _stopped(lambda: os.fstat(descriptor))

    return float(sum(map(is_open, range(3, 4096))) <= most)


def connect(port: int) -> float:
    return _stopped(lambda: socket.create_connection(("127.0.0.1", port), 1).close())


def bind() -> float:
    return _stopped(lambda: socket.create_server(("127.0.0.1", 0)).close())


def _fork() -> None:
    if os.fork() == 0:
        time.sleep(0.2)
        os._exit(0)


def fork() -> float:
    return _stopped(_fork)


def execute(program: str) -> float:
    return _stopped(lambda: os.execv(program, [program, "-c", ""]))


def send_signal(pid: int) -> float:
    return _stopped(lambda: os.kill(pid, 0))


def _libc(name: str, *arguments: int) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*map(ctypes.c_ulong, arguments)) < 0:
        raise OSError(ctypes.get_errno(), name)


def trace(pid: int) -> float:
    return _stopped(lambda: _libc("ptrace", 0x4206, pid, 0, 0))  # PTRACE_SEIZE


def own_signals(pid: int) -> float:
    return _stopped(lambda: fcntl.fcntl(0, fcntl.F_SETOWN, pid))


def lease() -> float:
    return _stopped(lambda: fcntl.fcntl(os.open("leased", os.O_RDONLY | os.O_CREAT), fcntl.F_SETLEASE, fcntl.F_WRLCK))


def watch_folder() -> float:
    return _stopped(lambda: _libc("inotify_init1", 0))


def memory(size: int) -> float:
    return _stopped(lambda: mmap.mmap(-1, size))


def one_file(size: int) -> float:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    return _stopped(lambda: os.truncate(os.open("large", os.O_RDWR | os.O_CREAT), size))


def _fill(size: int) -> None:
    block = b"\1" * (1 << 20)
    for number in range(size // (32 << 20)):
        with open(f"part{number}", "wb") as file:
            for _ in range(32):
                file.write(block)
    time.sleep(3)


def fill(size: int) -> float:
    return _stopped(lambda: _fill(size))


def more_time() -> float:
    return _stopped(lambda: resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)))


def outlive() -> float:
    return _stopped(lambda: _libc("prctl", 1, 0, 0, 0, 0))


def be_root() -> float:
    return float(os.getuid() != 0)


def see_others() -> float:
    return float(os.getpid() == 1)
