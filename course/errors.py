"""The error that the course raises where it knows what is wrong, so that a command can say it without a traceback."""

from __future__ import annotations

__all__ = ["CourseError"]


class CourseError(ValueError):
    """What a reader can mend: the message says what was expected, what the course got, and the next step."""
