"""What a check sees of a submission: calls go in, answers come out, all else is said as a verdict."""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Iterator, Sequence

from autograder.engine.answering.judged_answers import JudgedAnswers, in_words, inputs_in_words
from autograder.engine.answering.oracle import Oracle
from autograder.engine.answering.records import Look, Record, itself
from autograder.engine.answering.refused import refusal, refused_in, refused_silently
from autograder.engine.answering.stand_in import StandIns
from autograder.engine.answering.submission import Submission
from autograder.engine.calls import Answer, Call
from autograder.engine.messages import ErrorReport
from autograder.engine.verdicts import Blocked, Stub, Wrong
from autograder.engine.worker_client.limits import Death

__all__ = ["Student"]

CHANGED = {
    "mode": "a model's train or eval mode",
    "parameters": "a model's parameters",
    "gradients": "the gradients stored in a model's parameters",
    "attributes": "what a model that you were given holds: an attribute, a method or a hook",
    "seed": "the seed of the global random numbers",
    "grad_mode": "torch's gradient mode, for all code that runs afterwards",
    "default_dtype": "torch's default dtype, for all code that runs afterwards",
    "device": "torch's default device, for all code that runs afterwards",
    "threads": "the number of torch's threads, for all code that runs afterwards",
    "deterministic": "whether torch uses deterministic algorithms only, for all code that runs afterwards",
    "autocast": "torch's autocast, for all code that runs afterwards",
    "precision": "torch's precision of products, for all code that runs afterwards",
    "anomaly": "torch's search for anomalies, for all code that runs afterwards",
    "numpy_errors": "what numpy does about errors, for all code that runs afterwards",
}


class Student:
    """The submission, for one check."""

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
        self._judged: Sequence[Call] = ()
        self._refused: set[str] = set()

    @property
    def probe(self) -> str:
        """The input that the check looks at, in words."""
        return in_words(self._judged)

    @property
    def given(self) -> str:
        """The values that the function was given there, if it was one call."""
        return inputs_in_words(self._judged)

    @property
    def refused(self) -> str:
        """What the walls refused the submission, in words, though it went on."""
        return refused_silently(self._refused)

    def __call__(self, calls: Sequence[Call], look: Look = itself) -> Sequence[Answer]:
        """Answers to all calls, in their order, so that a mistake shows on each of them before one is judged.

        `look` says what of an answer matters, for comparing it with known mistakes.
        """
        answers: list[Answer] = []
        self._reference.expect(calls)
        with contextlib.closing(self._submission.ask_each(calls)) as asked:
            for call in calls:
                answer = self._told(call, asked)
                self._records.append(Record(call, look, answer))
                answers.append(answer)
        judged = JudgedAnswers(calls, answers, self._look_at)
        for call, answer in zip(calls, judged, strict=True):
            if answer.error:
                raise Wrong(f"an answer from `{call.function}`{_sizes(answer.error)}", _raised(answer.error))
        return judged

    def must_answer(self, call: Call) -> None:
        """Ends the check at once if the part is not written yet, before the reference is waited for."""
        with contextlib.closing(self._submission.ask_each([call])) as asked:
            self._told(call, asked)

    def unchanged(self, call: Call, answer: Answer) -> None:
        """Raises Wrong if the function changed what it should leave alone."""
        for code in answer.changes:
            name = code.removeprefix("input:")
            if name != code:
                named = call.names[int(name)] if name.isdecimal() and int(name) < len(call.names) else name
                raise Wrong(f"that `{call.function}` leaves its input `{named}` as it is", f"a changed `{named}`")
            changed = CHANGED.get(code, "something that it does not name")
            raise Wrong(f"that `{call.function}` leaves everything else as it is", f"a change of {changed}")

    def _look_at(self, calls: Sequence[Call]) -> None:
        self._judged = calls

    def _told(self, call: Call, asked: Iterator[Answer]) -> Answer:
        """The next answer. Raises what it says about the part."""
        self._look_at([call])
        self._submission.stand_ins, self._submission.part = self._stand_ins, self._part
        try:
            answer = next(asked)
        except Death as death:
            self.called |= set(death.notes)
            if death.kind == "trouble":
                self._reference(call)  # raises NotChecked if the grader itself is to blame
            raise Wrong(f"an answer from `{call.function}`", f"`{call.function}` {death}") from None
        self.called |= set(answer.calls)
        self._refused |= {*answer.refused, *self._submission.file.refused}
        if answer.missing:
            raise Wrong(f"a function `{call.function}`", self._missing(call.function))
        stub = answer.error.get("stub") if answer.error else None
        if stub == self._part:
            line = self._submission.file.leftover.get(call.function)
            if not line:
                raise self._stub(call.function, answer.error)
            raise Wrong(
                f"an answer from `{call.function}`",
                f"the starter's `raise NotImplementedError`, which still stands in line {line}: remove it",
            )
        if stub and stub in self._submission.exercise.functions.values():
            raise Blocked(stub)
        if answer.error and (kind := refused_in(answer.error)):
            raise refusal(kind, _raised(answer.error))
        return answer

    def _stub(self, function: str, error: ErrorReport | None) -> Stub:
        """Which function of the part is not written: the one that was called, or another one that this calls."""
        numbers = self._submission.exercise.functions
        others = [name for name, number in numbers.items() if number == self._part and name != function]
        return Stub(others[0], function) if error and error.get("called_line") and len(others) == 1 else Stub(function)

    def _missing(self, function: str) -> str:
        near = difflib.get_close_matches(function, self._submission.file.names, 1, 0.6)
        return f"no function `{function}`: did you rename it" + (f" to `{near[0]}`?" if near else "?")


def _raised(error: ErrorReport) -> str:
    """What was raised and where; and, if that is in another function, where that one was called."""
    note = f" {error['note']}" if error.get("note") else ""
    place = _place(error.get("line"), error.get("file"), error.get("text"))
    caller = _place(error.get("called_line"), error.get("called_file"), error.get("called_text"))
    said = f"{error['type']}: {error['message']}".removesuffix(": ")
    return said + note + place + (f" -- called{caller}" if caller else "")


def _place(line: int | None, file: str | None, text: str | None) -> str:
    if not line:
        return ""
    return f" in line {line}" + (f" of {file}" if file else "") + (f": {text}" if text else "")


def _sizes(error: ErrorReport) -> str:
    """What to think of where an error speaks of sizes."""
    about = re.search(r"\b(shapes?|sizes?|dimensions?|broadcast)\b", error["message"])
    return ", which works for any sizes" if about and error["type"] in ("RuntimeError", "ValueError") else ""
