"""Answers that know which of them a check is looking at, so that a verdict can say which input decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

import numpy as np

from autograder.engine.calls import Answer, Call, Generator

__all__ = ["JudgedAnswers", "in_words", "inputs_in_words"]

LONGEST = 200
FEW = 8  # numbers that are shown one by one


class JudgedAnswers(Sequence[Answer]):
    """In the order of their calls. `judging` is told which calls are looked at: each in its turn, then all together.

    A check goes through the answers one by one and raises Wrong at the first that is not right, so the call that was
    told last is the one that decided.
    """

    def __init__(
        self, calls: Sequence[Call], answers: Sequence[Answer], judging: Callable[[Sequence[Call]], None]
    ) -> None:
        self._calls, self._answers, self._judging = calls, answers, judging

    def __iter__(self) -> Iterator[Answer]:
        for call, answer in zip(self._calls, self._answers, strict=True):
            self._judging([call])
            yield answer
        self._judging(self._calls)

    def __len__(self) -> int:
        return len(self._answers)

    @overload
    def __getitem__(self, index: int) -> Answer: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Answer]: ...
    def __getitem__(self, index: int | slice) -> Answer | Sequence[Answer]:
        return self._answers[index]


def in_words(calls: Sequence[Call]) -> str:
    """A probe by its label and inputs: `images 0: x_hat (3, 40), x (3, 40)`. Of several, which are judged together,
    the labels.
    """
    labels = list(dict.fromkeys(call.probe for call in calls if call.probe))
    if len(calls) != 1:
        more = f" and {len(labels) - 3} more" if len(labels) > 3 else ""
        return f"{', '.join(labels[:3])}{more}: {len(calls)} calls together" if calls else ""
    inputs = ", ".join(filter(None, (_input(name, value) for name, value in _named(calls[0]))))
    rounds = f"{len(calls[0].rounds)} rounds" if calls[0].rounds else ""
    return ": ".join(filter(None, ("".join(labels), ", ".join(filter(None, (inputs, rounds))))))[:LONGEST]


def inputs_in_words(calls: Sequence[Call]) -> str:
    """The inputs of one call, and of short vectors their numbers: `labels = (2, 0, 1), num_classes = 4`. Of several
    calls nothing.
    """
    if len(calls) != 1:
        return ""
    said = (_numbers(name, value) or _input(name, value) for name, value in _named(calls[0]))
    return ", ".join(filter(None, said))[:LONGEST]


def _numbers(name: str, value: Any) -> str:
    if not isinstance(value, np.ndarray) or value.ndim != 1 or not 0 < value.size <= FEW:
        return ""
    return f"{name} = ({', '.join(f'{float(v) + 0.0:.4g}' for v in value)}{',' if value.size == 1 else ''})"


def _named(call: Call) -> Iterator[tuple[str, Any]]:
    names = call.names if len(call.names) >= len(call.args) else [""] * len(call.args)
    yield from zip(names, call.args, strict=False)
    yield from call.kwargs.items()


def _input(name: str, value: Any) -> str:
    """An input as one would write it down: an array by its shape, a number by its value."""
    match value:
        case np.ndarray() if value.ndim:
            return f"{name} {value.shape}".strip()
        case np.ndarray() | float():
            said = f"{float(value):.6g}"
        case bool() | int() | str() | None:
            said = str(value)
        case Generator(seed=seed):
            said = f"seed {seed}"
        case list():
            return f"{name} [{', '.join(_input('', item) for item in value[:4])}{', ...' if len(value) > 4 else ''}]"
        case _:
            return ""
    return f"{name} = {said}" if name else said
