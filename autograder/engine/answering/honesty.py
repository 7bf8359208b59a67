"""Whether what a worker reports is still true: a planted function does what is known, and the report must say so.

A submission that tells its worker to see no change, or a draw in any case, tells it so about this function as well.
"""

from __future__ import annotations

import numpy as np

from autograder.engine.calls import Answer, Call, Generator, Leaf, Round

__all__ = ["Dishonest", "must_be_true", "planted_call"]

MISBEHAVES = (True, False)  # in each round


class Dishonest(Exception):
    """What a worker says is known to be untrue; the text says what."""


def planted_call(function: str) -> Call:
    """The call that the planted function answers in the place of this one."""
    x = np.linspace(-1, 2, 6, dtype=np.float32).reshape(2, 3)
    rounds = [Round(n, {"misbehaves": bad, "generator": Generator(n)}) for n, bad in enumerate(MISBEHAVES)]
    return Call(function, [x], probe="planted", rounds=rounds)


def must_be_true(call: Call, answer: Answer) -> None:
    """Raises Dishonest unless the report is true. One that ended in an error says nothing, and proves nothing."""
    if answer.error or answer.missing:
        return
    for bad, told in zip(MISBEHAVES, answer.rounds, strict=True):
        changed, moved = "input:0" in told.changes, told.used["generator"]["advanced"]
        right = 3 * (call.args[0] + bad)
        got = told.result.array if isinstance(told.result, Leaf) else np.empty(0)
        if changed != bad:
            raise Dishonest(f"the worker {_saw(changed)} that an input was changed, which the grader {_did(bad)}")
        if told.drew != bad:
            raise Dishonest(f"the worker {_saw(told.drew)} that a number was drawn, which the grader {_did(bad)}")
        if moved == bad:
            raise Dishonest(f"the worker {_saw(moved)} that a generator was used, which the grader {_did(not bad)}")
        if got.shape != right.shape or not np.allclose(got, right):
            raise Dishonest("the worker gave other numbers for a function of the grader's than it gives")


def _saw(said: bool) -> str:
    return "saw" if said else "did not see"


def _did(done: bool) -> str:
    return "had done" if done else "had not done"
