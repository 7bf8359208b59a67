"""Whether what a worker reports is still true: a planted function does what is known, and the report must say so.

A submission that tells its worker to see no change, or no draw, tells it so about this function as well.
"""

from __future__ import annotations

import numpy as np

from autograder.engine.calls import Answer, Call, Leaf

__all__ = ["Dishonest", "must_be_true", "planted_call"]


class Dishonest(Exception):
    """What a worker says is known to be untrue; the text says what."""


def planted_call(function: str) -> Call:
    """The call that the planted function answers in the place of this one."""
    return Call(function, [np.linspace(-1, 2, 6, dtype=np.float32).reshape(2, 3)], probe="planted")


def must_be_true(call: Call, answer: Answer) -> None:
    """Raises Dishonest unless the report is true. One that ended in an error says nothing, and proves nothing."""
    if answer.error or answer.missing:
        return
    if "input:0" not in answer.changes:
        raise Dishonest("the worker did not see that an input was changed which the grader had changed")
    if not answer.drew:
        raise Dishonest("the worker did not see that a number was drawn which the grader had drawn")
    right = 3 * (call.args[0] + 1)
    got = answer.result.array if isinstance(answer.result, Leaf) else np.empty(0)
    if got.shape != right.shape or not np.allclose(got, right):
        raise Dishonest("the worker gave other numbers for a function of the grader's than it gives")
