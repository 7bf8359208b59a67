"""How long a worker may take, and how it may end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Death", "Limits", "NotStarted"]


@dataclass(frozen=True)
class Limits:
    """How many seconds each thing may take."""

    start: float = 120.0  # importing torch on a busy machine with a cold disk
    load: float = 30.0
    call: float = 10.0


class Death(Exception):
    """The worker ended, or had to be ended, over a request. `kind` is one word, the text says what happened.

    `notes` are the parts that the function had called before.
    """

    def __init__(self, kind: str, text: str, notes: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.kind = kind
        self.notes = tuple(notes)


class NotStarted(Exception):
    """The worker did not even start: a fault of the grader or its machine, never of a student."""
