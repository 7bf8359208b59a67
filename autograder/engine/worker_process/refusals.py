"""What a worker's walls refuse, told apart by what a student would call it, so that the refusal is not called wrong.

A program that may not be started looks as on a machine that lacks it: code that asks whether `nvidia-smi` is there goes
on. Copies of files, which end with the worker, get no modes and times, and nobody is told.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["begin", "look_natural", "refused", "refused_so_far"]

NO = (errno.EPERM, errno.EACCES)
NOTED = {
    "os.fork": "processes",
    "os.forkpty": "processes",
    "os.system": "programs",
    "os.exec": "programs",
    "os.posix_spawn": "programs",
    "os.chmod": "modes",
    "os.chown": "modes",
    "os.utime": "modes",
}  # and all of sockets
NEVER = {  # is refused whatever it is about
    "os.fork": "processes",
    "os.forkpty": "processes",
    "os.system": "programs",
    "os.exec": "programs",
    "os.posix_spawn": "programs",
    "subprocess.Popen": "programs",
    "socket.connect": "network",
    "socket.getaddrinfo": "network",
    "socket.__new__": "network",
}
MOST = 100  # names of files that are remembered
MODULES = {"multiprocessing": "processes", "socket.py": "network"}
WORDS = {
    "CUDA": "gpu",
    "NVIDIA": "gpu",
    "'MPS'": "gpu",
    "unable to open shared memory": "processes",
    "EOF when reading a line": "keyboard",
    "interactive framework": "windows",
}
_last = [""]  # what was tried last, of what is noted
_opened: list[str | bytes] = []
_tried: set[str] = set()


class _Absent(FileNotFoundError):
    """A program that may not be started."""


_Absent.__name__ = FileNotFoundError.__name__  # as its author would see it where there is no such program


def look_natural() -> None:
    """From now on this process takes notice, for good, of what is tried."""
    sys.addaudithook(_notice)
    popen: Any = subprocess.Popen
    popen.__init__ = _or_absent(popen.__init__)
    for name in ("copymode", "copystat"):
        setattr(shutil, name, _without_a_word(getattr(shutil, name)))


def _notice(event: str, about: tuple[Any, ...]) -> None:
    if event == "open":
        if len(_opened) < MOST and isinstance(about[0], str | bytes):
            _opened.append(about[0])
    elif event in NOTED:
        _last[0] = NOTED[event]
    elif event.startswith("socket."):
        _last[0] = "network"
    if event in NEVER:
        _tried.add(NEVER[event])


def begin() -> None:
    """From now on counts what was refused."""
    _opened.clear()
    _tried.clear()


def refused_so_far() -> list[str]:
    """In words, what the walls refused since `begin`, also where the code caught the error and went on."""
    opened = {path for path in _opened if _is_refused(path)}
    _opened.clear()
    return sorted({*_tried, *(["files"] if opened else [])})


def _is_refused(path: str | bytes) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)))
    except OSError as error:
        return error.errno in NO
    except ValueError:
        return False
    return False


def _or_absent(start: Callable[..., None]) -> Callable[..., None]:
    def started(popen: Any, args: Any, *more: Any, **named: Any) -> None:
        try:
            start(popen, args, *more, **named)
        except PermissionError:
            shell = "/bin/sh" if named.get("shell") else None
            name = shell or (args if isinstance(args, str | bytes | os.PathLike) else next(iter(args), ""))
            raise _Absent(errno.ENOENT, os.strerror(errno.ENOENT), name) from None

    return started


def _without_a_word(change: Callable[..., None]) -> Callable[..., None]:
    def changed(*args: Any, **kwargs: Any) -> None:
        try:
            change(*args, **kwargs)
        except PermissionError:
            return

    return changed


def refused(error: BaseException) -> str:
    """In one word, what the walls refused; nothing if an error has another reason."""
    try:
        return next(filter(None, map(_kind, _behind(error))), "")
    except BaseException:  # an exception is the student's code, too, and may do anything when it is looked at
        return ""


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and what it was made of."""
    for _ in range(20):
        if not isinstance(error, BaseException):
            return
        yield error
        reason = getattr(error, "reason", None)  # urllib keeps the cause there
        error = reason if isinstance(reason, OSError) else error.__cause__ or error.__context__


def _kind(error: BaseException) -> str:
    if isinstance(error, _Absent):
        return "programs"
    if (type(error).__module__, type(error).__name__) == ("bdb", "BdbQuit"):
        return "keyboard"
    if (type(error).__module__, type(error).__name__) == ("socket", "gaierror"):
        return "network"
    if isinstance(error, OSError):
        return _of_system(error) if error.errno in NO else ""
    message = str(error)
    return next((kind for words, kind in WORDS.items() if words in message), "")


def _of_system(error: OSError) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = trace.tb_frame.f_code.co_filename if trace else ""
    for part, kind in MODULES.items():
        if f"{os.sep}{part}" in place:
            return kind
    return "files" if error.filename is not None and error.errno == errno.EACCES else _last[0] or "this"
