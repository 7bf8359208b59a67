"""Stands in for parts that a student has not done, so that later parts which call them can be judged.

In the middle of a call the student's worker asks for what a missing function answers. The reference answers, in a
worker of its own with all walls around it, since a submission chooses the arguments: nothing that it asks for can
disturb the oracle. Only arrays travel, never code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from autograder.engine import wire
from autograder.engine.answering.loaded_worker import PATIENCE, LoadedWorker, NotLoaded
from autograder.engine.catalogue import Exercise
from autograder.engine.messages import StandInRequest
from autograder.engine.staging.own import own_files
from autograder.engine.verdicts import Blocked, NotChecked
from autograder.engine.worker_client.limits import Death, Limits, NotStarted

__all__ = ["StandInWorker", "StandIns"]

MOST = 1000  # questions in one call
QUESTION = {"ask", "args", "kwargs", "random", "weights"}


class StandInWorker:
    """The reference's worker for one submission; it starts when the first part needs it."""

    def __init__(self, exercise: Exercise, solution: Path, limits: Limits) -> None:
        self.exercise = exercise
        self.reserve = limits.call / 5  # seconds of a call in which nothing is answered: it must still come to an end
        self._limits = limits
        staged = partial(own_files, solution)
        self._file = LoadedWorker(solution.name, staged, exercise.functions, limits, patience=PATIENCE)

    def stand_in_for(self, numbers: Sequence[str]) -> StandIns:
        """Stand-ins for the functions of these parts. Comes up beforehand, so that no call waits for it."""
        try:
            self._file.load()
        except (NotStarted, NotLoaded) as error:
            self.close()
            raise NotChecked(f"the reference cannot stand in: its worker {_why(error)}") from error
        functions = {name: number for name, number in self.exercise.functions.items() if number in numbers}
        return StandIns(self, functions)

    def answer(self, question: wire.Message, seconds: float) -> wire.Message:
        """What the reference answers. Raises Death, NotStarted or NotLoaded if its worker is lost."""
        body = cast("StandInRequest", {**question.body, "op": "stand in"})
        return self._file.ask(body, tuple(question.arrays), min(seconds, self._limits.call), again=())

    def close(self) -> None:
        self._file.close()


def _why(error: NotStarted | NotLoaded) -> str:
    return f"cannot load it: {error}" if isinstance(error, NotLoaded) else str(error)


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
        except wire.WireError as error:  # what was read may be longer when it is written anew
            return self._refused(name, f"the question cannot be handed on: {error}")
        except (NotStarted, NotLoaded) as error:
            self.problem = NotChecked(f"the reference cannot stand in: its worker {_why(error)}")
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
