"""What the course raises where it knows what is wrong, and warns of, so that a command can say it in a line."""

from __future__ import annotations

__all__ = ["CourseError", "CourseWarning"]


class CourseError(ValueError):
    """What a reader can mend: the message says what was expected, what the course got, and the next step."""


class CourseWarning(UserWarning):
    """What a reader should know, though the work goes on: the message says what was found and what is done about it."""
