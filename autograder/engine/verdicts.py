"""The words of a verdict: states of a part, the ways a check ends, and what was found."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

__all__ = ["Blocked", "Finding", "Mistake", "NotChecked", "NotHandedIn", "State", "Stub", "Untrusted", "Wrong"]


class State(enum.Enum):
    """What is known about a part."""

    DONE = "done"
    WRONG = "wrong"
    HALF = "half done"
    BLOCKED = "blocked"
    NOT_STARTED = "not started"
    NOT_HANDED_IN = "not handed in"
    UNFINISHED = "not checked"
    UNCHECKED = "could not be checked"
    UNTRUSTED = "could not be trusted"


class Wrong(AssertionError):
    """The student's answer is not right: what was expected, in the lesson's words, and what it got."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(f"expected {expected}; got {got}")
        self.expected = expected
        self.got = got


class Stub(Exception):
    """The starter's NotImplementedError was raised: this function of the part is not written yet. `caller` is another
    one of the part that is, and calls it.
    """

    def __init__(self, function: str, caller: str = "") -> None:
        super().__init__(function)
        self.function = function
        self.caller = caller


class Blocked(Exception):
    """The part cannot be judged before something else is put right."""

    def __init__(self, by: str, reason: str = "") -> None:
        super().__init__(reason or by)
        self.by = by
        self.reason = reason


class Untrusted(Exception):
    """The worker was seen to lie about what a function did. Nothing of the submission counts."""


class NotHandedIn(Exception):
    """There is no file of this exercise; the text says what lies there instead."""


class NotChecked(Exception):
    """The grader could not do its work. Never a student's fault."""


@dataclass(frozen=True)
class Mistake:
    """A mistake with a name: what it is called, the question a tutor would ask, and where the lesson answers it."""

    name: str
    part: str
    question: str
    section: str
    place: str  # of its code: file and line


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    state: State
    expected: str = ""
    got: str = ""
    by: str = ""  # what blocks it
    reason: str = ""
    mistake: Mistake | None = field(default=None)
    stood_in: tuple[str, ...] = ()  # earlier parts that are not done, for which the reference stood in
    missing: tuple[str, ...] = ()  # functions that are not written yet
    given: str = ""  # the inputs of the call that decided
    refused: str = ""  # what the walls refused, though the code went on
    check: str = ""  # the function that decided
    probe: str = ""  # the input that decided, in words
    file: str = ""  # of the check
    line: int = 0  # in that file: where the check ended

    @property
    def decided(self) -> bool:
        """Whether one check decided about the part, by what it found on one input."""
        return bool(self.check) and self.state in (State.WRONG, State.UNCHECKED, State.UNTRUSTED)
