"""The right answers: the reference solution, run like a submission in a worker of its own.

Nothing else in the grader knows where solutions are.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.engine import wire
from autograder.engine.calls import Answer, Call, parse
from autograder.engine.catalogue import Exercise
from autograder.engine.evidence import must_be_whole
from autograder.engine.reading import Unreadable
from autograder.engine.staging.own import own_files
from autograder.engine.verdicts import Mistake, NotChecked
from autograder.engine.worker_client.limits import Death, Limits, NotStarted
from autograder.engine.worker_client.worker import Worker

__all__ = ["Expected", "Oracle"]

SOLUTIONS = Path(__file__).resolve().parents[3] / "solutions"


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
        self._mistakes: list[Mistake] | None = None
        self._loaded = False
        self._worker: Worker | None = None

    def start(self) -> None:
        """Lets the worker come up while others work. If it cannot, the first question says so."""
        with self._lock, contextlib.suppress(NotStarted):
            self._worker = self._worker or Worker(self._limits, trusted=True)

    def __call__(self, call: Call) -> Expected:
        with self._lock:
            return Expected(self._answer(call, "float64"), self._answer(call, "float32"))

    def mistakes(self, part: str) -> list[Mistake]:
        """The named mistakes of a part."""
        with self._lock:
            if self._mistakes is None:
                module = f"autograder.misconceptions.{self.exercise.name}"
                reply = self._ask({"op": "mistakes", "module": module})
                self._mistakes = [Mistake(**about) for about in reply.body["mistakes"]]
            return [mistake for mistake in self._mistakes if mistake.part == part]

    def mistaken(self, mistake: Mistake, call: Call) -> Answer:
        """What this mistake answers to a call."""
        self.mistakes(mistake.part)
        with self._lock:
            return self._answer(call, "float32", (mistake.part, mistake.name))

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._worker, self._loaded = None, False

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

    def _ask(self, body: Mapping[str, Any], arrays: tuple[wire.Array, ...] = ()) -> wire.Message:
        for attempt in (1, 2):
            try:
                self._worker = self._worker or Worker(self._limits, trusted=True)
                if not self._loaded:
                    self._load(self._worker)
                return self._worker.ask(body, arrays, 6 * self._limits.call + 60)
            except (Death, NotStarted) as error:
                self.close()
                self._mistakes = None if body["op"] != "mistakes" else self._mistakes
                if attempt == 2 or (body["op"] == "call" and body["variant"]):
                    raise NotChecked(f"the reference's worker {error}") from error
        raise AssertionError("unreachable")

    def _load(self, worker: Worker) -> None:
        try:
            request = own_files(self.solution).request(self.exercise.functions)
        except Unreadable as error:
            raise NotChecked(f"the reference does not load: {error}") from error
        reply = worker.ask(*request, self._limits.load + 60)
        if "problem" in reply.body:
            raise NotChecked(f"the reference does not load: {reply.body['problem']}")
        self._loaded = True
