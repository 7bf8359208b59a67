"""What the commands share: how they name data and places, and how they say what is wrong."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from traceback import walk_tb
from typing import Any, ParamSpec, TypeVar

import click

from course.errors import CourseError, CourseWarning

__all__ = [
    "DATA", "INTERRUPTED", "SEED", "OutPath", "force", "in_one_line", "output_lost", "say_replaced"
]  # fmt: skip

DATA = "lines64, bars512, cross8x8, classic, parities, fashion, fashion-sample, digits, or the path of your own images"

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""

SEED = click.IntRange(0, 2**63 - 1)
"""What torch and numpy both take for a seed."""

P = ParamSpec("P")
R = TypeVar("R")

force = click.option("--force", is_flag=True, help="Replace files even if the course did not write them.")


class OutPath(click.Path):
    """A place to write to, which has a name; a file, or a folder."""

    def __init__(self, *, folder: bool = False) -> None:
        super().__init__(path_type=Path, dir_okay=folder, file_okay=not folder)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not os.fspath(value):
            self.fail("expected a name, got an empty one", param, ctx)
        return super().convert(value, param, ctx)


def say_replaced(paths: Iterable[Path]) -> None:
    """Says which files this call replaces, all of them the course's or given up by --force."""
    names = [str(path) for path in paths]
    if names:
        click.echo(f"Replaces the earlier {', '.join(names)}", err=True)


def in_one_line(command: Callable[P, R]) -> Callable[P, R]:
    """A command that ends with one line and exit code 1 where a reader can help; a bug keeps its traceback.

    A reader can help where the course says what is wrong (`CourseError`), and where a file cannot be read or written.
    After Ctrl-C the exit code is 130.
    """

    @wraps(command)
    def answered(*args: P.args, **options: P.kwargs) -> R:
        try:
            with _warnings_in_one_line():
                return command(*args, **options)
        except BrokenPipeError:  # whoever read what we say has left
            raise
        except KeyboardInterrupt:
            click.echo("Interrupted", err=True)
            sys.exit(INTERRUPTED)
        except (CourseError, OSError) as error:
            raise click.ClickException(output_lost(error) or _said(error)) from None

    return answered


def output_lost(error: Exception) -> str:
    """What to say if this came of a standard output that takes nothing more, such as a full disk; else nothing.

    From then on, what is printed is dropped: Python would fail once more when it ends.
    """
    printing = any(frame.f_code is click.echo.__code__ for frame, _ in walk_tb(error.__traceback__))
    if not printing or not isinstance(error, OSError):
        return ""
    with suppress(OSError, ValueError):  # without a file descriptor nothing is left to be written
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return f"what this command prints could not be written ({error.strerror}): make room there, or print elsewhere"


def _said(error: Exception) -> str:
    """An error in words: what the system says of a file is its name, and the reason without a number."""
    if isinstance(error, OSError) and error.errno and error.strerror:
        where = f"{error.filename!s}: " if error.filename is not None else ""
        return f"{where}{error.strerror}"
    return str(error)


@contextmanager
def _warnings_in_one_line() -> Iterator[None]:
    """Says a warning of the course without the line of code that it came from; others are shown as always."""
    show = warnings.showwarning

    def shown(message: Warning | str, category: type[Warning], *rest: Any, **more: Any) -> None:
        if issubclass(category, CourseWarning):
            click.echo(f"Note: {message}", err=True)
        else:
            show(message, category, *rest, **more)

    warnings.showwarning = shown
    try:
        yield
    finally:
        warnings.showwarning = show
