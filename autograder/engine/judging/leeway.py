"""Agreement where a check knows better than the reference how far a right answer may be off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.engine.answering.oracle import Oracle
from autograder.engine.answering.student import Student
from autograder.engine.calls import Answer, Call, Leaf, Many, Value
from autograder.engine.judging.comparison import close, compare, describe, tolerance
from autograder.engine.verdicts import Wrong

__all__ = ["agree_on_each", "agree_within", "gradients_within", "must_be_close"]

Allowance = Callable[[Call], Any]  # a number, or an array of the result's shape


def must_be_close(what: str, axes: str, came: Value, exact: Value, rounded: Value, allowance: Any = 0.0) -> None:
    """Raises Wrong where an answer is further off than float32 and the allowance together explain."""
    if isinstance(came, Leaf) and isinstance(exact, Leaf) and isinstance(rounded, Leaf):
        allowed: Any = tolerance(exact.array, rounded.array) + np.asarray(allowance)
        if close(came.array, exact.array, allowed):
            return
    compare(what, axes, came, exact, rounded)


def agree_within(
    student: Student, reference: Oracle, calls: Sequence[Call], what: str, axes: str, allowance: Allowance
) -> None:
    """The student's results are the reference's, up to an allowance, and nothing else changed."""
    answers = student(calls, lambda _, answer: [answer.result, list(answer.changes)])
    for call, answer in zip(calls, answers, strict=True):
        right = reference(call)
        must_be_close(what, axes, answer.result, right.exact.result, right.rounded.result, allowance(call))
        student.unchanged(call, answer)


def agree_on_each(
    student: Student,
    reference: Oracle,
    calls: Sequence[Call],
    names: Sequence[str],
    axes: str,
    allowances: Sequence[Allowance] = (),
    look: Callable[[Call, Answer], Any] | None = None,
) -> list[Answer]:
    """Each item of a pair or triple is the reference's. Returns the answers."""

    def result(_call: Call, answer: Answer) -> object:
        return [answer.result, list(answer.changes)]

    answers = student(calls, look or result)
    for call, answer in zip(calls, answers, strict=True):
        right = reference(call)
        came = answer.result
        if not isinstance(came, Many) or len(came.items) != len(names):
            raise Wrong(f"{len(names)} things, ({', '.join(names)})", describe(came))
        assert isinstance(right.exact.result, Many)
        assert isinstance(right.rounded.result, Many)
        every = zip(names, came.items, right.exact.result.items, right.rounded.result.items, strict=True)
        for index, (name, mine, exact, rounded) in enumerate(every):
            must_be_close(name, axes, mine, exact, rounded, allowances[index](call) if allowances else 0.0)
        student.unchanged(call, answer)
    return answers


def gradients_within(
    student: Student,
    reference: Oracle,
    calls: Sequence[Call],
    what: str,
    allowance: Callable[[Call, str], Any] = lambda _call, _name: 0.0,
    look: Callable[[Call, Answer], Any] = lambda _, answer: list(answer.gradients),
) -> None:
    """Gradients, which the calls ask for, flow to every float input and are the reference's, up to an allowance."""
    student.must_answer(calls[0])
    for call, answer in zip(calls, student(calls, look), strict=True):
        right = reference(call)
        every = zip(call.names, answer.gradients, right.exact.gradients, right.rounded.gradients, strict=True)
        for name, mine, exact, rounded in every:
            if not isinstance(mine, Leaf):
                raise Wrong(f"a gradient that flows from {what} back to {name}", f"no gradient reaches {name}")
            label = f"the gradient of {what} with respect to {name}"
            must_be_close(label, "", mine, exact, rounded, allowance(call, name))
