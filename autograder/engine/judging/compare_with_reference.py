"""What a check says: the student's results and gradients are the reference's.

A check that knows better than float32 how far a right answer may be off gives an allowance: a number for each call, or
an array of the result's shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.engine.answering.oracle import Oracle
from autograder.engine.answering.student import Student
from autograder.engine.calls import Answer, Call, Leaf, Many, Value
from autograder.engine.judging.comparison import close, compare, describe, must_be_a_tensor, tolerance
from autograder.engine.verdicts import Wrong

__all__ = [
    "agree",
    "agree_on_each",
    "agree_on_gradients",
    "agree_within",
    "as_number",
    "gradient_free",
    "gradients_within",
    "must_be_close",
    "shows_gradient",
]

Allowance = Callable[[Call], Any]
Look = Callable[[Call, Answer], Any]


def must_be_close(what: str, axes: str, got: Value, exact: Value, rounded: Value, allowance: Any = 0.0) -> None:
    """Raises Wrong where an answer is further off than float32 and the allowance together explain."""
    if isinstance(exact, Leaf) and exact.kind == "torch":
        must_be_a_tensor(what, got)
    if isinstance(got, Leaf) and isinstance(exact, Leaf) and isinstance(rounded, Leaf):
        allowed: Any = tolerance(exact.array, rounded.array) + np.asarray(allowance)
        if close(got.array, exact.array, allowed):
            return
    compare(what, axes, got, exact, rounded)


def as_number(value: Value) -> Value:
    """A tensor or an array of one number, without axes, does as well as a float: a `form` for `agree`."""
    if isinstance(value, Leaf) and value.array.shape == ():
        return Leaf(value.array, "python", value.dtype, requires_grad=False)
    return value


def agree(
    student: Student,
    reference: Oracle,
    calls: Sequence[Call],
    what: str,
    axes: str = "",
    form: Callable[[Value], Value] = lambda value: value,
) -> None:
    """The student's results are the reference's, and nothing else changed. `form` brings equal results together."""
    answers = student(calls, lambda _, answer: [form(answer.result), list(answer.changes)])
    for call, answer in zip(calls, answers, strict=True):
        right = reference(call)
        compare(what, axes, form(answer.result), form(right.exact.result), form(right.rounded.result))
        student.unchanged(call, answer)


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
    look: Look = lambda _, answer: [answer.result, list(answer.changes)],
) -> Sequence[Answer]:
    """Each item of a pair or triple is the reference's. Returns the answers."""
    answers = student(calls, look)
    for call, answer in zip(calls, answers, strict=True):
        right = reference(call)
        got = answer.result
        if not isinstance(got, Many) or len(got.items) != len(names):
            raise Wrong(f"{len(names)} things, ({', '.join(names)})", describe(got))
        assert isinstance(right.exact.result, Many)
        assert isinstance(right.rounded.result, Many)
        every = zip(names, got.items, right.exact.result.items, right.rounded.result.items, strict=True)
        for index, (name, mine, exact, rounded) in enumerate(every):
            must_be_close(name, axes, mine, exact, rounded, allowances[index](call) if allowances else 0.0)
        student.unchanged(call, answer)
    return answers


def _gradients(_call: Call, answer: Answer) -> object:
    return list(answer.gradients)


def agree_on_gradients(
    student: Student, reference: Oracle, calls: Sequence[Call], rng: np.random.Generator, what: str
) -> None:
    """Gradients, which are asked for here, flow from the result to every float input and are the reference's."""
    student.must_answer(calls[0])
    reference.expect(calls)
    asked = []
    for call in calls:
        result = reference(call).exact.result
        leaves = [r for r in (result.items if isinstance(result, Many) else [result]) if isinstance(r, Leaf)]
        asked.append(call.differentiated(*(rng.standard_normal(leaf.array.shape) for leaf in leaves)))
    _compare_gradients(student, reference, asked, what, lambda _call, _name: 0.0, _gradients)


def gradients_within(
    student: Student,
    reference: Oracle,
    calls: Sequence[Call],
    what: str,
    allowance: Callable[[Call, str], Any] = lambda _call, _name: 0.0,
    look: Look = _gradients,
) -> None:
    """Gradients, which the calls ask for, flow to every float input and are the reference's, up to an allowance."""
    student.must_answer(calls[0])
    _compare_gradients(student, reference, calls, what, allowance, look)


def _compare_gradients(
    student: Student,
    reference: Oracle,
    calls: Sequence[Call],
    what: str,
    allowance: Callable[[Call, str], Any],
    look: Look,
) -> None:
    for call, answer in zip(calls, student(calls, look), strict=True):
        right = reference(call)
        names = call.names[: len(answer.gradients)]
        every = zip(names, answer.gradients, right.exact.gradients, right.rounded.gradients, strict=True)
        for name, mine, exact, rounded in every:
            if not isinstance(mine, Leaf):
                raise Wrong(f"a gradient that flows from {what} back to {name}", f"no gradient reaches {name}")
            label = f"the gradient of {what} with respect to {name}"
            must_be_close(label, "", mine, exact, rounded, allowance(call, name))


def shows_gradient(value: Value) -> bool:
    """Whether any tensor in a result still carries a gradient."""
    if isinstance(value, Many):
        return any(shows_gradient(item) for item in value.items)
    return isinstance(value, Leaf) and value.requires_grad


def gradient_free(student: Student, calls: Sequence[Call], what: str) -> None:
    """No tensor in the results carries a gradient."""
    for answer in student(calls, lambda _, answer: shows_gradient(answer.result)):
        if shows_gradient(answer.result):
            raise Wrong(f"{what} without a gradient: they are pictures", "tensors with requires_grad=True")
