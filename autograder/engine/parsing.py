"""Reads the answer in a message, with bounds: a worker can say anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.engine import wire
from autograder.engine.calls import Answer, Leaf, Many, Odd, Value
from autograder.engine.messages import ErrorReport

__all__ = ["MOST_VALUES", "TooMuch", "parse"]

MOST_NUMBERS = 8 * 1024 * 1024  # in all arrays of one answer; of an array that is empty, one
MOST_VALUES = 5000  # arrays and lists in one answer
MOST_ROUNDS = 100
DEEPEST = 4
OBJECT = 500  # bytes that a value takes besides its numbers
NAME_OF = {np.dtype(name).newbyteorder("<"): np.dtype(name).name for name in wire.DTYPES}  # numpy's own is slow
NAMES = {*NAME_OF.values()}
WIDENED = {"float32": "bfloat16"}  # types of torch's that arrive as others of numpy's


class TooMuch(ValueError):
    """What an answer holds more of than is looked at."""


def parse(message: wire.Message) -> Answer:
    """The answer in a message. ValueError if it is none, TooMuch if it is too large: a worker can say anything."""
    reading = _Reading(message.arrays)
    try:
        answer = reading.answer(message.body)
    except (KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise ValueError(f"not an answer: {error!r:.100}") from None
    return replace(answer, weight=sum(array.nbytes for array in message.arrays) + OBJECT * reading.values)


class _Reading:
    """Reads one message with bounds, so that the work and memory it takes are those of what was really sent.

    An array is used once, and a value is deep in no more than a few others.
    """

    def __init__(self, arrays: Sequence[wire.Array]) -> None:
        numbers = sum(max(1, array.size) for array in arrays)
        if numbers > MOST_NUMBERS:
            raise TooMuch(f"{numbers:,} numbers, and up to {MOST_NUMBERS:,} are looked at")
        self._arrays = arrays
        self._used: set[int] = set()
        self.values = 0

    def answer(self, body: Mapping[str, Any]) -> Answer:
        if "missing" in body:
            return Answer(missing=True)
        if "rounds" in body:
            return self._together(body["rounds"][:MOST_ROUNDS])
        return self._once(body, 0, len(self._arrays))

    def _together(self, items: Sequence[Any]) -> Answer:
        rounds = [self._once(dict(i["body"]), int(i["start"]), int(i["count"])) for i in items]
        return Answer(
            result=Many("list", [answer.result for answer in rounds]),
            changes=sorted({code for answer in rounds for code in answer.changes}),
            calls=sorted({number for answer in rounds for number in answer.calls}),
            drew=any(answer.drew for answer in rounds),
            refused=sorted({word for answer in rounds for word in answer.refused}),
            error=next((answer.error for answer in rounds if answer.error), None),
            rounds=rounds,
        )

    def _once(self, body: Mapping[str, Any], start: int, count: int) -> Answer:
        """One run of the function, whose arrays are `count` from `start` on."""
        if "missing" in body:
            return Answer(missing=True)
        calls = _words(body.get("calls", []))
        if "error" in body:
            return Answer(error=_error(body["error"]), calls=calls)
        within = range(start, start + count)
        return Answer(
            result=self._value(body["result"], within),
            gradients=[self._value(item, within) for item in body.get("gradients", [])],
            changes=_words(body["changes"]),
            calls=calls,
            files={str(name): self._value(item, within) for name, item in body["files"].items()},
            others=_words(body["others"]),
            used=dict(body["used"]),
            drew=bool(body["drew"]),
            refused=_words(body["refused"]),
            seen={
                str(name): [self._value(item, within) for item in items[:100]]
                for name, items in dict(body.get("seen", {})).items()
            },
        )

    def _value(self, item: Any, within: range, depth: int = 0) -> Value:
        self._count(1)
        if depth > DEEPEST:
            raise TooMuch(f"lists in lists, more than {DEEPEST} deep")
        match item["tag"]:
            case "leaf":
                return self._leaf(item, within)
            case "stack":
                stack = self._leaf(item["stack"], within)
                if stack.array.ndim == 0:
                    raise ValueError("a stack without an array")
                self._count(len(stack.array))
                about = stack.kind, stack.dtype, stack.requires_grad
                return Many(str(item["of"])[:80], [Leaf(row, *about) for row in stack.array])
            case "many":
                return Many(str(item["of"])[:80], [self._value(inner, within, depth + 1) for inner in item["items"]])
            case "odd":
                return Odd(str(item["text"])[:200], bool(item["none"]))
        raise ValueError("an unknown kind of value")

    def _leaf(self, item: Any, within: range) -> Leaf:
        if item["tag"] != "leaf":
            raise ValueError("a stack of something else than numbers")
        index = within[item["array"]]
        if index < 0 or index in self._used:
            raise ValueError("an array that is not there, or is used twice")
        self._used.add(index)
        array, kind = self._arrays[index], str(item["kind"])[:80]
        return Leaf(array, kind, _dtype(array, kind, str(item["dtype"])[:80]), bool(item["requires_grad"]))

    def _count(self, values: int) -> None:
        self.values += values
        if self.values > MOST_VALUES:
            raise TooMuch(f"more than the {MOST_VALUES:,} arrays and lists that are looked at")


def _dtype(array: wire.Array, kind: str, said: str) -> str:
    """The type of an array's numbers, from their bytes: a worker's word counts only where these cannot tell."""
    name = NAME_OF.get(array.dtype) or array.dtype.name
    if said == WIDENED.get(name):
        return said
    return name if kind == "torch" or said in NAMES else said


def _words(items: Any) -> list[str]:
    return [str(item)[:80] for item in items][:100]


def _error(error: Any) -> ErrorReport:
    kind, message, note, text, file = (
        str(error.get(key) or "")[:500] for key in ("type", "message", "note", "text", "file")
    )
    line, called = error.get("line"), error.get("called_line")
    found: ErrorReport = {"type": kind, "message": message, "note": note, "text": text, "file": file}
    found["line"] = line if isinstance(line, int) else 0
    if "refused" in error:
        found["refused"] = str(error["refused"])[:20]
    if isinstance(called, int):
        found["called_line"] = called
        found["called_file"], found["called_text"] = (
            str(error.get(f"called_{w}") or "")[:500] for w in ("file", "text")
        )
    if "stub" in error:
        found["stub"] = str(error["stub"])[:10]
    return found
