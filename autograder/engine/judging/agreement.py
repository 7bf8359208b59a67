"""What a check says: the student's answers agree with the reference's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograder.engine.answering.oracle import Oracle
from autograder.engine.answering.student import Student
from autograder.engine.calls import Answer, Call, Leaf, Many, Value
from autograder.engine.judging.comparison import compare
from autograder.engine.verdicts import Wrong

__all__ = ["agree", "agree_on_gradients", "gradient_free", "shows_gradient"]

Shape = Callable[[Value], Value]


def _as_it_is(value: Value) -> Value:
    return value


def agree(
    student: Student, reference: Oracle, calls: Sequence[Call], what: str, axes: str = "", form: Shape = _as_it_is
) -> None:
    """The student's results are the reference's, and nothing else changed. `form` brings equal results together."""

    def look(_call: Call, answer: Answer) -> object:
        return [form(answer.result), list(answer.changes)]

    answers = student(calls, look)
    for call, answer in zip(calls, answers, strict=True):
        right = reference(call)
        compare(what, axes, form(answer.result), form(right.exact.result), form(right.rounded.result))
        student.unchanged(call, answer)


def agree_on_gradients(
    student: Student, reference: Oracle, calls: Sequence[Call], rng: np.random.Generator, what: str
) -> None:
    """Gradients flow from the result to every float input, and they are the reference's."""
    student.must_answer(calls[0])
    asked = []
    for call in calls:
        result = reference(call).exact.result
        leaves = [r for r in (result.items if isinstance(result, Many) else [result]) if isinstance(r, Leaf)]
        asked.append(call.differentiated(*(rng.standard_normal(leaf.array.shape) for leaf in leaves)))
    answers = student(asked, lambda _, answer: list(answer.gradients))
    for call, answer in zip(asked, answers, strict=True):
        right = reference(call)
        for index, (mine, exact, rounded) in enumerate(
            zip(answer.gradients, right.exact.gradients, right.rounded.gradients, strict=True)
        ):
            name = call.names[index]
            if not isinstance(mine, Leaf):
                raise Wrong(f"a gradient that flows from {what} back to {name}", f"no gradient reaches {name}")
            compare(f"the gradient of {what} with respect to {name}", "", mine, exact, rounded)


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
