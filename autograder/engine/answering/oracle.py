"""The right answers: what judging knows of them, and the reference solution, from which they come.

Nothing else in the grader knows where solutions are.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from autograder.engine import wire
from autograder.engine.answering.loaded_worker import PATIENCE, Asked, LoadedWorker, NotLoaded
from autograder.engine.calls import Answer, Call
from autograder.engine.catalogue import Exercise
from autograder.engine.evidence import must_be_whole
from autograder.engine.messages import Request
from autograder.engine.parsing import parse
from autograder.engine.staging.own import own_files
from autograder.engine.verdicts import Mistake, NotChecked
from autograder.engine.worker_client.limits import Death, Limits, NotStarted
from autograder.engine.worker_client.worker import Worker

__all__ = ["SOLUTIONS", "Expected", "Live", "Oracle", "Replies", "not_whole", "read"]

SOLUTIONS = Path(__file__).resolve().parents[3] / "solutions"
LOST = (Death, NotStarted, NotLoaded)  # a worker that is replaced once


def not_whole() -> str:
    """Why nothing can be graded with this copy of the course, and what to do; nothing where it is whole."""
    if SOLUTIONS.is_dir():
        return ""
    return (
        f"expected the solutions, with which the grader compares, got none in {SOLUTIONS}: grade in the folder of the "
        "whole course; if the course was handed to you without them, who teaches it grades"
    )


@dataclass(frozen=True)
class Expected:
    """The reference's answer in float64 and in float32."""

    exact: Answer
    rounded: Answer


Replies = tuple[wire.Message, wire.Message]  # what an answer in float64 and one in float32 are read from


class Oracle(Protocol):
    """Answers calls rightly, and as each named mistake would. May be shared between sessions."""

    exercise: Exercise
    solution: Path

    def start(self) -> None:
        """Lets whoever answers come up while others work. If that cannot be, the first question says so."""

    def expect(self, calls: Sequence[Call]) -> None:
        """Says which calls will be asked about together, unless one of them decides."""

    def __call__(self, call: Call) -> Expected:
        """The right answer. Raises NotChecked if there is none."""

    def mistakes(self, part: str) -> list[Mistake]:
        """The named mistakes of a part."""

    def mistaken(self, mistake: Mistake, call: Call) -> Answer:
        """What this mistake answers to a call."""

    def close(self) -> None:
        """Ends what was started; a later question starts it again."""


def read(call: Call, replies: Replies) -> Expected:
    """The right answer in what the reference said. Raises NotChecked if it is none."""
    exact, rounded = (_read(call, reply) for reply in replies)
    for answer in (exact, rounded):
        if answer.error or answer.missing:
            raise NotChecked(f"the reference for {call.function} failed: {answer.error or 'it is missing'}")
    return Expected(exact, rounded)


def _read(call: Call, reply: wire.Message) -> Answer:
    try:
        must_be_whole(reply.body, call)
        return parse(reply)
    except ValueError as error:
        raise NotChecked(f"the reference gave no answer: {error}") from error


class Live:
    """The solution, run like a submission in a worker of its own, which is asked each time."""

    def __init__(self, exercise: Exercise, limits: Limits | None = None, solution: Path | None = None) -> None:
        self.exercise = exercise
        self.solution = solution or SOLUTIONS / exercise.solution
        self._limits = limits or Limits()
        self._lock = threading.RLock()
        staged = partial(own_files, self.solution)
        self._file = LoadedWorker(
            self.solution.name, staged, exercise.functions, self._limits, trusted=True, patience=PATIENCE
        )
        self._mistakes: list[Mistake] = []
        self._learned: Worker | None = None  # the worker that knows the mistakes

    def start(self) -> None:
        """Lets the worker come up while others work. If it cannot, the first question says so."""
        with self._lock:
            self._file.start()

    def expect(self, calls: Sequence[Call]) -> None:
        """Nothing is done beforehand."""

    def __call__(self, call: Call) -> Expected:
        [replies] = self.replies([call])
        return read(call, replies)

    def replies(self, calls: Sequence[Call]) -> list[Replies]:
        """What the reference says to each call. Raises NotChecked if it says nothing."""
        packed = (call.pack(precision) for call in calls for precision in ("float64", "float32"))
        requests: list[Asked] = [({**body, "variant": []}, arrays) for body, arrays in packed]
        with self._lock, self._troubles():
            told = list(self._file.ask_each(requests, lambda: self._seconds, LOST))
        return list(zip(told[::2], told[1::2], strict=True))

    def mistakes(self, part: str) -> list[Mistake]:
        """The named mistakes of a part."""
        with self._lock:
            if self._learned is None or self._file.worker is not self._learned:
                module = f"autograder.misconceptions.{self.exercise.name}"
                reply = self._ask({"op": "mistakes", "module": module})
                self._mistakes = [Mistake(**about) for about in reply.body["mistakes"]]
                self._learned = self._file.worker
            return [mistake for mistake in self._mistakes if mistake.part == part]

    def mistaken(self, mistake: Mistake, call: Call) -> Answer:
        """What this mistake answers to a call."""
        self.mistakes(mistake.part)
        body, arrays = call.pack("float32")
        with self._lock:
            return _read(call, self._ask({**body, "variant": [mistake.part, mistake.name]}, arrays))

    def close(self) -> None:
        self._file.close()

    @property
    def _seconds(self) -> float:
        return 6 * self._limits.call + PATIENCE

    def _ask(self, body: Request, arrays: tuple[wire.Array, ...] = ()) -> wire.Message:
        """A request's answer. A lost worker is replaced once, but not for a mistake: a new one has learned none."""
        with self._troubles():
            return self._file.ask(body, arrays, self._seconds, again=() if body.get("variant") else LOST)

    @contextlib.contextmanager
    def _troubles(self) -> Iterator[None]:
        """What is wrong with the reference or its worker is never a student's fault."""
        try:
            yield
        except NotLoaded as error:
            raise NotChecked(f"the reference does not load: {error}") from error
        except (Death, NotStarted) as error:
            raise NotChecked(f"the reference's worker {error}") from error
