"""Models that stay with the grader: a student's function calls them, and each call is a question that is counted here.

A worker could say that it called a model once when it did so seven times, or that it called it on other rows. Without
the weights, which it never gets, it has to ask, so that what is counted is what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.engine import wire
from autograder.engine.answering.honesty import Dishonest
from autograder.engine.calls import ASKED, IN_EVAL_MODE, Answer, Call, Leaf, Model, Round

__all__ = ["OwnModels", "may_ask"]

MOST, LARGEST = 10_000, 1 << 20  # questions in one call, and numbers in one of them
KEPT = 100  # inputs of one model in one round
Arrays = Mapping[str, wire.Array]


def _bent(given: Arrays, x: wire.Array, weight: wire.Array | None) -> wire.Array:
    """tanh(x W^T + b), or its gradient with respect to x for this weight of the output."""
    y = np.tanh(x @ given["weight"].T + given["bias"])
    return np.asarray(y if weight is None else (weight * (1 - y**2)) @ given["weight"])


def _recording(given: Arrays, x: wire.Array, weight: wire.Array | None) -> wire.Array:
    """Rows times weights, as many columns as both have."""
    width = min(x.shape[-1], len(given["weight"]))
    if weight is None:
        return np.asarray(x[..., :width] @ given["weight"][:width])
    gradient = np.zeros_like(x)
    gradient[..., :width] = weight @ given["weight"][:width].T
    return gradient


FORWARD: Mapping[str, Callable[[Arrays, wire.Array, wire.Array | None], wire.Array]] = {
    kind + mode: forward
    for kind, forward in (("bent", _bent), ("recording", _recording))
    for mode in ("", IN_EVAL_MODE)
}
assert set(FORWARD) == set(ASKED)


def may_ask(call: Call) -> bool:
    """Whether a function that is called so may ask about such a model."""
    given = (*call.args, *call.kwargs.values(), *(value for each in call.rounds for value in each.kwargs.values()))
    return any(isinstance(value, Model) and value.kind in ASKED for value in given)


class OwnModels:
    """Those of one call. It answers questions about them, and remembers on what they were asked."""

    def __init__(self, call: Call) -> None:
        self._models: dict[tuple[int, str], Model] = {}
        given = {**{str(place): value for place, value in enumerate(call.args)}, **call.kwargs}
        for number, again in enumerate(call.rounds or [Round(call.seed)]):
            named = {**given, **again.kwargs}
            self._models |= {(number, n): v for n, v in named.items() if isinstance(v, Model) and v.kind in ASKED}
        self.begin()

    def begin(self) -> None:
        """The call is made, or made again."""
        self._counts = dict.fromkeys(self._models, 0)
        self._seen: dict[tuple[int, str], list[wire.Array]] = {key: [] for key in self._models}

    def __call__(self, question: wire.Message) -> wire.Message | None:
        """The answer; None for junk."""
        try:
            body = question.body
            key = int(body["round"]), str(body["model"])
            x, *weights = (question.arrays[index] for index in range(2 if body["gradient"] is True else 1))
            model = self._models[key]
            if x.size > LARGEST or sum(self._counts.values()) >= MOST:
                return None
            arrays = {name: array.astype(np.float64) for name, array in model.arrays.items()}
            weight = weights[0].astype(np.float64) if weights else None
            y = FORWARD[model.kind](arrays, x.astype(np.float64), weight)
        except (KeyError, IndexError, ValueError, TypeError):
            return None
        if not weights:
            self._counts[key] += 1
            self._seen[key] += [x] if len(self._seen[key]) < KEPT else []
        return wire.Message({}, [y.astype(np.float32)])

    def witnessed(self, answer: Answer) -> Answer:
        """The answer, which says of these models what was seen here. Dishonest if the worker counted less."""
        if not answer.rounds:
            return self._witnessed(answer, 0)
        return replace(answer, rounds=[self._witnessed(each, number) for number, each in enumerate(answer.rounds)])

    def _witnessed(self, answer: Answer, number: int) -> Answer:
        if answer.error or answer.missing:
            return answer
        used, seen = dict(answer.used), dict(answer.seen)
        for (of, name), count in self._counts.items():
            if of != number:
                continue
            if _count(used.get(name)) < count:
                said = _count(used.get(name))
                raise Dishonest(
                    f"the worker says that a model was called {said} times, and the grader saw {count} calls"
                )
            used[name] = {"forward": count}
            seen[name] = [Leaf(x, "torch", x.dtype.name) for x in self._seen[of, name]]
        return replace(answer, used=used, seen=seen)


def _count(said: Any) -> int:
    count = said.get("forward", 0) if isinstance(said, dict) else 0
    return count if type(count) is int else 0
