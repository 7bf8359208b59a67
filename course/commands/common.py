"""What the commands share: how they name data, and how they say what is wrong."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click

from course.errors import CourseError, CourseWarning

__all__ = ["DATA", "in_one_line"]

DATA = "lines64, bars512, cross8x8, classic, fashion, fashion-sample, or the path of your own images"

P = ParamSpec("P")
R = TypeVar("R")


def in_one_line(command: Callable[P, R]) -> Callable[P, R]:
    """A command that ends with one line and exit code 1 where a reader can help; a bug keeps its traceback.

    A reader can help where the course says what is wrong (`CourseError`), and where a file cannot be read or written.
    """

    @wraps(command)
    def answered(*args: P.args, **options: P.kwargs) -> R:
        try:
            with _warnings_in_one_line():
                return command(*args, **options)
        except BrokenPipeError:  # whoever read what we say has left
            raise
        except (CourseError, OSError) as error:
            raise click.ClickException(str(error)) from None

    return answered


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
