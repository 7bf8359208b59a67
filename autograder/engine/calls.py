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
    "Value",
]

IN_EVAL_MODE = " in eval mode"  # ends the kind of a model that is
ASKED = tuple(kind + mode for kind in ("bent", "recording") for mode in ("", IN_EVAL_MODE))
"""Kinds of models that a student's worker asks the grader about."""


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
    refused: Sequence[str] = ()  # in words, what the walls refused, though the call went on
    weight: int = 0  # bytes that are kept of it
