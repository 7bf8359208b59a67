"""The right answers: the reference solution, run like a submission in a worker of its own.

Nothing else in the grader knows where solutions are.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograder.engine import wire
from autograder.engine.answering.loaded_worker import PATIENCE, LoadedWorker, NotLoaded
from autograder.engine.calls import Answer, Call, parse
from autograder.engine.catalogue import Exercise
from autograder.engine.evidence import must_be_whole
from autograder.engine.messages import Request
from autograder.engine.staging.own import own_files
from autograder.engine.verdicts import Mistake, NotChecked
from autograder.engine.worker_client.limits import Death, Limits, NotStarted
from autograder.engine.worker_client.worker import Worker

__all__ = ["Expected", "Oracle", "not_whole"]

SOLUTIONS = Path(__file__).resolve().parents[3] / "solutions"


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


class Oracle:
    """Answers calls rightly, and as each named mistake would. May be shared between sessions."""

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

    def __call__(self, call: Call) -> Expected:
        with self._lock:
            return Expected(self._answer(call, "float64"), self._answer(call, "float32"))

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
        with self._lock:
            return self._answer(call, "float32", (mistake.part, mistake.name))

    def close(self) -> None:
        self._file.close()

    def _answer(self, call: Call, precision: str, variant: Sequence[str] = ()) -> Answer:
        body, arrays = call.pack(precision)
        try:
            reply = self._ask({**body, "variant": list(variant)}, arrays)
            must_be_whole(reply.body, call)
            answer = parse(reply)
        except ValueError as error:
            raise NotChecked(f"the reference gave no answer: {error}") from error
        if not variant and (answer.error or answer.missing):
            raise NotChecked(f"the reference for {call.function} failed: {answer.error or 'it is missing'}")
        return answer

    def _ask(self, body: Request, arrays: tuple[wire.Array, ...] = ()) -> wire.Message:
        """A request's answer. A lost worker is replaced once, but not for a mistake: a new one has learned none."""
        again = () if body.get("variant") else (Death, NotStarted, NotLoaded)
        try:
            return self._file.ask(body, arrays, 6 * self._limits.call + PATIENCE, again=again)
        except NotLoaded as error:
            raise NotChecked(f"the reference does not load: {error}") from error
        except (Death, NotStarted) as error:
            raise NotChecked(f"the reference's worker {error}") from error
