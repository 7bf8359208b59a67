"""The student's side of a check: one file in a worker of its own, asked call by call."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder.engine import wire
from autograder.engine.answering.oracle import Oracle
from autograder.engine.answering.records import Look, Record, itself
from autograder.engine.answering.stand_in import StandIns
from autograder.engine.calls import Answer, Call, parse
from autograder.engine.catalogue import Exercise
from autograder.engine.evidence import must_be_whole
from autograder.engine.reading import Unreadable, beginning
from autograder.engine.staging.own import Staged, own_files
from autograder.engine.verdicts import Blocked, NotChecked, Stub, Wrong
from autograder.engine.worker_client.limits import Death, Limits, NotStarted
from autograder.engine.worker_client.worker import Worker

__all__ = ["Student", "Submission"]

LARGEST = 1_000_000  # bytes of a file that are looked at

CHANGED = {
    "mode": "a model's train or eval mode",
    "parameters": "a model's parameters",
    "gradients": "the gradients stored in a model's parameters",
    "seed": "the seed of the global random numbers",
    "grad_mode": "torch's gradient mode, for all code that runs afterwards",
    "default_dtype": "torch's default dtype, for all code that runs afterwards",
}


class Submission:
    """The file and the worker that runs it; a worker that died is replaced when the next question comes."""

    def __init__(self, exercise: Exercise, path: Path, limits: Limits, whole_folder: bool = False) -> None:
        self.exercise = exercise
        self.path = path.absolute()
        self.whole_folder = whole_folder  # was handed in, and not the file alone
        self.limits = limits
        self.names: list[str] = []
        self.leftover: dict[str, int] = {}
        self.stand_ins: StandIns | None = None  # for the calls that follow
        self._worker: Worker | None = None
        self._staged: Staged | None = None  # as the files were when a worker first loaded them
        self._loaded = False
        self._problem = ""
        self._deaths: dict[tuple[str, ...], Death] = {}  # what killed its worker is not called in this way again

    def start(self) -> None:
        """Lets the worker come up while others work. If it cannot, the first question says so."""
        if self._worker is None:
            with contextlib.suppress(NotStarted):
                self._worker = Worker(self.limits)

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._worker, self._loaded = None, False

    def is_begun(self) -> bool:
        """Whether a stub of the starter is missing, as far as the text tells: then the reference will be needed."""
        try:
            text = beginning(self.path, LARGEST)
        except Unreadable:
            return False
        return not all(f"Exercise {number}:".encode() in text for number in self.exercise.functions.values())

    def ask(self, call: Call) -> Answer:
        """The answer to one call. Raises Blocked if the file does not load or a part cannot be stood in for, Death if
        the call killed the worker.
        """
        stand_ins = self.stand_ins
        standing = sorted(stand_ins.functions) if stand_ins else []
        way = (call.function, *standing)
        if way in self._deaths:
            raise self._deaths[way]
        body, arrays = call.pack("float32")
        answer, fatal = self._answer(call, {**body, "stand_ins": standing}, arrays)
        if stand_ins and stand_ins.problem:
            raise stand_ins.problem
        if fatal:
            self._deaths[way] = fatal
            raise fatal
        return answer

    def _answer(
        self, call: Call, body: Mapping[str, Any], arrays: tuple[wire.Array, ...]
    ) -> tuple[Answer, Death | None]:
        """The answer, or how the worker ended over it."""
        if self.stand_ins:
            self.stand_ins.begin()
        try:
            reply = self._sent(body, arrays)
            must_be_whole(reply.body, call)
            return parse(reply), None
        except Death as death:
            fatal = death
        except ValueError as error:
            fatal = Death("garbage", f"gave an answer that does not hold what was asked for ({error})")
        self.close()
        return Answer(), fatal

    def _sent(self, body: Mapping[str, Any], arrays: tuple[wire.Array, ...]) -> wire.Message:
        """A request's answer. A worker that was lost through no fault of the student's is replaced once."""
        if self._problem:
            raise Blocked(self.path.name, self._problem)
        for attempt in (1, 2):
            try:
                if self._worker is None:
                    self._worker = Worker(self.limits)
                if not self._loaded:
                    self.load(self._worker)
                return self._worker.ask(body, arrays, self.limits.call, self.stand_ins)
            except NotStarted as error:
                self.close()
                if self.stand_ins:
                    self.stand_ins.begin()
                if attempt == 2:
                    raise NotChecked(str(error)) from error
        raise AssertionError("unreachable")

    def load(self, worker: Worker) -> None:
        """Has a worker load the file; raises Blocked, and remembers why, if that cannot be."""
        try:
            self._staged = self._staged or own_files(self.path, self.whole_folder)
            reply = worker.ask(*self._staged.request(self.exercise.functions), self.limits.load).body
            if "problem" in reply:
                self._problem = _in_words(self.path.name, reply["problem"])
            else:
                self.names = [str(name) for name in reply["names"]]
                self.leftover = {str(name): int(line) for name, line in reply["leftover"].items()}
        except Unreadable as error:
            self._problem = str(error)
        except Death as death:
            self._problem = f"while {self.path.name} was imported, it {death}"
        except (KeyError, TypeError, ValueError, AttributeError):
            self._problem = f"{self.path.name} interferes with the grader's worker while it is imported"
        if self._problem:
            self.close()
            raise Blocked(self.path.name, self._problem)
        self._loaded = True


class Student:
    """What a check sees of the submission: calls go in, answers come out, all else is said as a verdict."""

    def __init__(
        self,
        submission: Submission,
        reference: Oracle,
        part: str,
        records: list[Record],
        stand_ins: StandIns | None = None,
    ) -> None:
        self._submission = submission
        self._stand_ins = stand_ins
        self._reference = reference
        self._part = part
        self._records = records
        self.called: set[str] = set()

    def __call__(self, calls: Sequence[Call], look: Look = itself) -> list[Answer]:
        """Answers to all calls, in their order, so that a mistake shows on each of them before one is judged.

        `look` says what of an answer matters, for comparing it with known mistakes.
        """
        answers = []
        for call in calls:
            answer = self._ask(call)
            self._records.append(Record(call, look, answer))
            answers.append(answer)
        for call, answer in zip(calls, answers, strict=True):
            if answer.error:
                raise Wrong(f"an answer from `{call.function}`{_sizes(call)}", _raised(answer.error))
        return answers

    def must_answer(self, call: Call) -> None:
        """Ends the check at once if the part is not written yet, before the reference is waited for."""
        self._ask(call)

    def unchanged(self, call: Call, answer: Answer) -> None:
        """Raises Wrong if the function changed what it should leave alone."""
        for code in answer.changes:
            name = code.removeprefix("input:")
            if name != code:
                named = call.names[int(name)] if name.isdecimal() and int(name) < len(call.names) else name
                raise Wrong(f"that `{call.function}` leaves its input `{named}` as it is", f"a changed `{named}`")
            changed = CHANGED.get(code, "something that it does not name")
            raise Wrong(f"that `{call.function}` leaves everything else as it is", f"a change of {changed}")

    def _ask(self, call: Call) -> Answer:
        self._submission.stand_ins = self._stand_ins
        try:
            answer = self._submission.ask(call)
        except Death as death:
            self.called |= set(death.notes)
            if death.kind == "trouble":
                self._reference(call)  # raises NotChecked if the grader itself is to blame
            raise Wrong(f"an answer from `{call.function}`", f"`{call.function}` {death}") from None
        self.called |= set(answer.calls)
        if answer.missing:
            raise Wrong(f"a function `{call.function}`", self._missing(call.function))
        stub = answer.error.get("stub") if answer.error else None
        if stub == self._part:
            line = self._submission.leftover.get(call.function)
            if not line:
                raise Stub(stub)
            raise Wrong(
                f"an answer from `{call.function}`",
                f"the starter's `raise NotImplementedError`, which still stands in line {line}: remove it",
            )
        if stub and stub in self._submission.exercise.functions.values():
            raise Blocked(stub)
        return answer

    def _missing(self, function: str) -> str:
        near = difflib.get_close_matches(function, self._submission.names, 1, 0.6)
        return f"no function `{function}`: did you rename it" + (f" to `{near[0]}`?" if near else "?")


def _raised(error: Any) -> str:
    line = f" in line {error['line']}" if error["line"] else ""
    other = f" of {error['file']}" if error["line"] and error["file"] else ""
    text = f": {error['text']}" if error["line"] and error["text"] else ""
    note = f" {error['note']}" if error["note"] else ""
    return f"{error['type']}: {error['message']}{note}{line}{other}{text}"


def _sizes(call: Call) -> str:
    if not call.layers:
        return ""
    shapes = [f"{n} {v.shape}" for n, v in zip(call.names, call.args, strict=False) if isinstance(v, np.ndarray)]
    return f" for {', '.join(shapes)} (every function works for any sizes)" if shapes else ""


def _in_words(name: str, problem: Any) -> str:
    """Why a file does not load."""
    kind, message = str(problem.get("type", ""))[:80], str(problem.get("message", ""))[:400]
    if not kind:
        return message
    line, text = problem.get("line"), str(problem.get("text") or "")[:200]
    place = f"line {line} of {str(problem.get('file') or name)[:80]}" if isinstance(line, int) else name
    note = f" {problem['note']}"[:500] if problem.get("note") else ""
    what = f"{place} is not Python" if kind in ("SyntaxError", "IndentationError", "TabError") else f"{place} fails"
    said = "it ends the program (sys.exit)" if kind == "SystemExit" else f"{kind}: {message}"
    return f"{what}: {said}{note}" + (f": {text}" if text else "")
