"""What is asked of a function: a description that goes over the pipe, and the answer that comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder.engine import wire
from autograder.engine.messages import CallRequest, ErrorReport
from autograder.engine.messages import Value as Described

__all__ = [
    "ASKED",
    "MOST_VALUES",
    "Answer",
    "Call",
    "Generator",
    "Leaf",
    "Many",
    "Model",
    "Odd",
    "Optimizer",
    "Path",
    "Round",
    "TooMuch",
    "Value",
    "parse",
]

IN_EVAL_MODE = " in eval mode"  # ends the kind of a model that is
ASKED = tuple(kind + mode for kind in ("bent", "recording") for mode in ("", IN_EVAL_MODE))
"""Kinds of models that a student's worker asks the grader about."""
MOST_NUMBERS = 8 * 1024 * 1024  # in all arrays of one answer; of an array that is empty, one
MOST_VALUES = 5000  # arrays and lists in one answer
MOST_ROUNDS = 100
DEEPEST = 4
OBJECT = 500  # bytes that a value takes besides its numbers
NAMES = {np.dtype(name).name for name in wire.DTYPES}
WIDENED = {"float32": "bfloat16"}  # types of torch's that arrive as others of numpy's


class TooMuch(ValueError):
    """What an answer holds more of than is looked at."""


@dataclass(frozen=True)
class Model:
    """A model that the worker builds of these arrays (see `worker_process/models.py`) and hands to the function."""

    kind: str
    arrays: Mapping[str, wire.Array]


@dataclass(frozen=True)
class Optimizer:
    """An optimizer of torch's (SGD, Adam) with this learning rate, for the model in the place `of` of the arguments."""

    name: str
    rate: float
    of: str = "0"


@dataclass(frozen=True)
class Path:
    """A place for a file in the worker's own folder; the file comes back with the answer."""

    name: str


@dataclass(frozen=True)
class Generator:
    """A torch.Generator with this seed, from which some numbers may have been drawn before."""

    seed: int
    drawn: int = 0


@dataclass(frozen=True)
class Round:
    """One of several times that a call is made: the seed of the global random numbers, and arguments that replace."""

    seed: int
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a function. Arrays become tensors, lists stay lists, scalars are passed as they are.

    `probe` names the inputs: calls that share their inputs are one piece of evidence, not two.
    """

    function: str
    args: Sequence[Any]
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    layers: Mapping[str, tuple[wire.Array, wire.Array]] = field(default_factory=dict)  # weight, bias
    cotangents: Sequence[wire.Array] | None = None  # asks for gradients
    probe: str = ""
    names: Sequence[str] = ()  # what the lesson calls the positional arguments
    seed: int = 0
    grad_mode: bool = True  # False: under torch.no_grad(), as whoever only looks at results calls it
    rounds: Sequence[Round] = ()  # the call is made once for each; the results come back as a list

    def differentiated(self, *cotangents: wire.Array) -> Call:
        """The same call, with the gradients of its inputs asked for."""
        return replace(self, cotangents=cotangents)

    def pack(self, precision: str, asking: bool = False) -> tuple[CallRequest, tuple[wire.Array, ...]]:
        """The request's body and arrays. Who is `asking` gets models without their weights, and asks for answers."""
        packer = _Packer(asking)
        body: CallRequest = {
            "op": "call",
            "function": self.function,
            "float": precision,
            "seed": self.seed,
            "args": [packer.item(value) for value in self.args],
            "kwargs": packer.named(self.kwargs),
            "layers": {name: [packer.add(w), packer.add(b)] for name, (w, b) in self.layers.items()},
            "collect": [v.name for v in [*self.args, *self.kwargs.values()] if isinstance(v, Path)],
        }
        if not self.grad_mode:
            body["grad_mode"] = False
        if self.rounds:
            body["rounds"] = [{"seed": r.seed, "kwargs": packer.named(r.kwargs)} for r in self.rounds]
        if self.cotangents is not None:
            body["cotangents"] = [packer.add(array) for array in self.cotangents]
        return body, tuple(packer.arrays)


class _Packer:
    def __init__(self, asking: bool) -> None:
        self.arrays: list[wire.Array] = []
        self._asking = asking

    def add(self, array: wire.Array) -> int:
        self.arrays.append(array)
        return len(self.arrays) - 1

    def named(self, values: Mapping[str, Any]) -> dict[str, Described]:
        return {name: self.item(value) for name, value in values.items()}

    def item(self, value: Any) -> Described:
        match value:
            case np.ndarray():
                return {"tag": "tensor", "array": self.add(value)}
            case list():
                return {"tag": "list", "items": [self.item(inner) for inner in value]}
            case Path(name=name):
                return {"tag": "path", "name": name}
            case Generator(seed=seed, drawn=drawn):
                return {"tag": "seed", "seed": seed, "drawn": drawn}
            case Optimizer(name=name, rate=rate, of=of):
                return {"tag": "optimizer", "optimizer": name, "rate": rate, "of": of}
            case Model(kind=kind, arrays=arrays):
                asks = self._asking and kind in ASKED
                sent = {n: self.add(np.zeros_like(array) if asks else array) for n, array in arrays.items()}
                return {"tag": "model", "model": kind, "arrays": sent, "asks": asks}
        return {"tag": "value", "value": value}


@dataclass(frozen=True, eq=False)
class Leaf:
    """An array that came back; `kind` is torch, numpy or python."""

    array: wire.Array
    kind: str = "torch"
    dtype: str = "float32"
    requires_grad: bool = False


@dataclass(frozen=True, eq=False)
class Many:
    """A list or tuple that came back."""

    of: str
    items: Sequence[Value]


@dataclass(frozen=True)
class Odd:
    """Something that is no answer, in words."""

    text: str
    none: bool = False


Value = Leaf | Many | Odd


@dataclass(frozen=True, eq=False)
class Answer:
    """All that is known about a call afterwards. `error` and `missing` exclude a result."""

    result: Value = field(default_factory=lambda: Odd("nothing"))
    gradients: Sequence[Value] = ()
    changes: Sequence[str] = ()
    calls: Sequence[str] = ()  # numbers of the parts that were called on the way
    files: Mapping[str, Value] = field(default_factory=dict)
    others: Sequence[str] = ()
    used: Mapping[str, Any] = field(default_factory=dict)
    drew: bool = False
    error: ErrorReport | None = None
    missing: bool = False
    rounds: Sequence[Answer] = ()
    seen: Mapping[str, Sequence[Value]] = field(default_factory=dict)  # what a recording model was called on
    weight: int = 0  # bytes that are kept of it


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
                return Many(str(item["of"])[:80], [replace(stack, array=row) for row in stack.array])
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
    if said == WIDENED.get(array.dtype.name):
        return said
    return array.dtype.name if kind == "torch" or said in NAMES else said


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
