"""What is kept of each question to a student's file, so that a mistake can be named afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.engine.calls import Answer, Call

__all__ = ["Look", "Record", "itself"]

Look = Callable[[Call, Answer], Any]  # what matters of an answer


@dataclass(frozen=True, eq=False)
class Record:
    """One question, what matters of the answer, and the student's answer."""

    call: Call
    look: Look
    answer: Answer


def itself(_call: Call, answer: Answer) -> Answer:
    """The whole answer matters."""
    return answer
