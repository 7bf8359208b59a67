"""What the commands share: how they name data, and how they say what is wrong."""

from __future__ import annotations

import dis
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from course.errors import CourseError

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
            return command(*args, **options)
        except BrokenPipeError:  # whoever read what we say has left
            raise
        except (CourseError, OSError) as error:
            raise click.ClickException(str(error)) from None
        except (ValueError, FloatingPointError) as error:
            if not _raised_by_course(error):
                raise
            raise click.ClickException(str(error)) from None

    return answered


def _raised_by_course(error: Exception) -> bool:
    """Whether a `raise` of the course made this error, and not a library, nor Python in a line of the course."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    if place is None or not str(place.tb_frame.f_globals.get("__name__")).startswith("course."):
        return False
    return place.tb_frame.f_code.co_code[place.tb_lasti] == dis.opmap["RAISE_VARARGS"]
