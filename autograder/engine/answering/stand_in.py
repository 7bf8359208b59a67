"""Stands in for parts that a student has not done, so that later parts which call them can be judged.

In the middle of a call the student's worker asks for what a missing function answers. The reference answers, in a
worker of its own with all walls around it, since a submission chooses the arguments: nothing that it asks for can
disturb the oracle. Only arrays travel, never code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.engine import wire
from autograder.engine.catalogue import Exercise
from autograder.engine.reading import Unreadable
from autograder.engine.staging.own import own_files
from autograder.engine.verdicts import Blocked, NotChecked
from autograder.engine.worker_client.limits import Death, Limits, NotStarted
from autograder.engine.worker_client.worker import Worker

__all__ = ["StandInWorker", "StandIns"]

MOST = 1000  # questions in one call
QUESTION = {"ask", "args", "kwargs", "random", "weights"}


class StandInWorker:
    """The reference's worker for one submission; it starts when the first part needs it."""

    def __init__(self, exercise: Exercise, solution: Path, limits: Limits) -> None:
        self.exercise = exercise
        self._solution = solution
        self.reserve = (
            limits.call / 5
        )  # seconds of a call in which no question is answered: it must still come to an end
        self._limits = limits
        self._worker: Worker | None = None

    def stand_in_for(self, numbers: Sequence[str]) -> StandIns:
        """Stand-ins for the functions of these parts. Comes up beforehand, so that no call waits for it."""
        if self._worker is None:
            try:
                self._start()
            except (Death, NotStarted) as error:
                raise NotChecked(f"the reference cannot stand in: its worker {error}") from error
        functions = {name: number for name, number in self.exercise.functions.items() if number in numbers}
        return StandIns(self, functions)

    def answer(self, question: wire.Message, seconds: float) -> wire.Message:
        """What the reference answers. Raises Death or NotStarted if its worker is lost."""
        if self._worker is None:
            self._start()
        assert self._worker is not None
        try:
            body = {**question.body, "op": "stand in"}
            return self._worker.ask(body, tuple(question.arrays), min(seconds, self._limits.call))
        except (Death, NotStarted):
            self.close()
            raise

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._worker = None

    def _start(self) -> None:
        try:
            request = own_files(self._solution).request(self.exercise.functions)
        except Unreadable as error:
            raise NotStarted(f"cannot load it: {error}") from error
        self._worker = Worker(self._limits)
        try:
            reply = self._worker.ask(*request, self._limits.load + 60)
        except (Death, NotStarted):
            self.close()
            raise
        if "problem" in reply.body:
            self.close()
            raise NotStarted(f"cannot load it: {reply.body['problem']}")


class StandIns:
    """For one check: answers what a student's worker asks back; None for junk. `problem` says why one could not."""

    def __init__(self, worker: StandInWorker, functions: Mapping[str, str]) -> None:
        self.functions = functions  # part numbers by function name
        self.problem: Blocked | NotChecked | None = None
        self._stand_in_worker = worker
        self._asked = 0

    def begin(self) -> None:
        """Before each call."""
        self.problem, self._asked = None, 0

    def __call__(self, question: wire.Message, seconds: float) -> wire.Message | None:
        body = question.body
        name = body["ask"]
        if not isinstance(name, str) or name not in self.functions:
            return None
        if set(body) == {"ask", "unsendable"}:
            return self._refused(name, str(body["unsendable"])[:200])
        if set(body) != QUESTION or not isinstance(body["args"], dict) or not isinstance(body["kwargs"], dict):
            return None
        self._asked += 1
        if self._asked > MOST or seconds < self._stand_in_worker.reserve:
            return self._refused(name, f"it is called too often in one call ({self._asked:,} times)")
        try:
            reply = self._stand_in_worker.answer(question, seconds)
        except Death as death:
            return self._refused(name, f"it {death}")
        except NotStarted as error:
            self.problem = NotChecked(f"the reference cannot stand in: its worker {error}")
            return _error("RuntimeError", "the grader has a problem")
        if "refused" in reply.body:
            return self._refused(name, str(reply.body["refused"])[:200])
        return reply

    def _refused(self, name: str, why: str) -> wire.Message:
        number = self.functions[name]
        reason = (
            f"it uses part {number}, which is not done yet, and the course's own cannot stand in for it here: {why}"
        )
        self.problem = self.problem or Blocked(number, reason)
        return _error("RuntimeError", f"the course's own {name} cannot stand in here: {why}")


def _error(kind: str, message: str) -> wire.Message:
    return wire.Message({"error": {"type": kind, "message": message}})
