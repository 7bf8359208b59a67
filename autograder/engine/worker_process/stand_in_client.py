"""Functions that stand in for parts that a student has not done: the arguments travel, the reference's code does not.

In the student's worker a `StandIn` asks the grader; in the reference's, `perform` answers. Gradients are asked for in
the same way, with the same arguments and random state, so that the second run draws what the first one drew.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from autograder.engine import wire
from autograder.engine.messages import GradientsReply, Question, StandInReply, StandInRequest
from autograder.engine.worker_process.marshal_values import Packer, Unpacker, Unsendable

__all__ = ["StandIn", "perform"]

Ask = Callable[[wire.Message], wire.Message]


class StandIn:
    """Takes the place of one function."""

    def __init__(self, name: str, ask: Ask) -> None:
        self._name, self._ask = name, ask

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        packer = Packer()
        try:
            question = self._question(packer, args, kwargs)
            told = self._told(question, packer.arrays)
        except (Unsendable, wire.WireError) as error:
            told = self._told({"ask": self._name, "unsendable": f"it is given {error}"[:200]}, [])
        _continue(packer, told)
        found = Unpacker(told.arrays, lambda tensor: tensor)
        value = found.value(told.body["result"])
        if not (packer.leaves and found.leaves and torch.is_grad_enabled()):
            return value

        def gradients(weights: Sequence[torch.Tensor]) -> list[torch.Tensor | None]:
            return self._gradients(question, packer.arrays, weights)

        joined = iter(_Joined.apply(gradients, found.leaves, *packer.leaves))  # type: ignore[no-untyped-call]  # torch's, without types
        return Unpacker(told.arrays, lambda _: next(joined)).value(told.body["result"])

    def _question(self, packer: Packer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Question:
        return {
            "ask": self._name,
            "args": packer.item(args),
            "kwargs": {name: packer.item(value) for name, value in kwargs.items()},
            "random": packer.tensor(torch.get_rng_state()),
            "weights": [],
        }

    def _gradients(
        self, question: Question, arrays: list[wire.Array], weights: Sequence[torch.Tensor]
    ) -> list[torch.Tensor | None]:
        more = Packer()
        indices = [len(arrays) + more.tensor(weight) for weight in weights]
        told = self._told({**question, "weights": indices}, arrays + more.arrays)
        found = Unpacker(told.arrays, lambda tensor: tensor)
        return [None if index is None else found.tensor(index) for index in told.body["gradients"]]

    def _told(self, question: Mapping[str, Any], arrays: list[wire.Array]) -> wire.Message:
        told = self._ask(wire.Message(question, arrays))
        error = told.body.get("error")
        if error is None:
            return told
        kind = getattr(builtins, error["type"], None)
        exception: type[Exception] = RuntimeError
        if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, UnicodeError):
            exception = kind
        raise exception(error["message"])


class _Joined(torch.autograd.Function):
    """Outputs that came over the pipe, as a function of the inputs that went."""

    @staticmethod
    def forward(ctx: Any, gradients: Any, outputs: list[torch.Tensor], *_: torch.Tensor) -> tuple[torch.Tensor, ...]:
        ctx.gradients = gradients
        return tuple(outputs)

    @staticmethod
    def backward(ctx: Any, *weights: torch.Tensor) -> Any:
        return None, None, *ctx.gradients(weights)


def _continue(packer: Packer, told: wire.Message) -> None:
    """Random states and counters go on as if the function had run here."""
    found = Unpacker(told.arrays, lambda tensor: tensor)
    for generator, index in zip(packer.generators, told.body["generators"], strict=True):
        generator.set_state(found.tensor(index))
    for model, used in zip(packer.models, told.body["used"], strict=True):
        model.used.update(used)
    if told.body["random"] is not None:
        torch.set_rng_state(found.tensor(told.body["random"]))


def perform(function: Callable[..., Any], request: StandInRequest, arrays: Sequence[wire.Array]) -> wire.Message:
    """The reference's answer to a question of a stand-in, or to the same one about gradients."""
    given = Unpacker(arrays, lambda tensor: tensor.requires_grad_())
    try:
        args, kwargs = (
            given.value(request["args"]),
            {name: given.value(item) for name, item in request["kwargs"].items()},
        )
        before = given.tensor(request["random"])
        torch.set_rng_state(before)
        weights = [given.tensor(index) for index in request["weights"]]
    except Exception as error:
        return wire.Message({"refused": f"the question cannot be read ({type(error).__name__})"})
    packer = Packer()
    try:
        result = packer.item(function(*args, **kwargs))
        if weights:
            return _differentiated(packer.leaves, given.leaves, weights)
        states = [packer.tensor(generator.get_state()) for generator in given.generators]
        after = torch.get_rng_state()
        random = None if torch.equal(before, after) else packer.tensor(after)
    except Unsendable as error:
        return wire.Message({"refused": f"it gives {error}"})
    except Exception as error:
        return wire.Message({"error": {"type": type(error).__name__, "message": str(error)[:400]}})
    used = [dict(model.used) for model in given.models]
    reply: StandInReply = {"result": result, "random": random, "generators": states, "used": used}
    return wire.Message(reply, packer.arrays)


def _differentiated(
    outputs: list[torch.Tensor], leaves: list[torch.Tensor], weights: list[torch.Tensor]
) -> wire.Message:
    packer = Packer()
    taken = torch.autograd.grad(outputs, leaves, weights, allow_unused=True)
    reply: GradientsReply = {"gradients": [None if g is None else packer.tensor(g) for g in taken]}
    return wire.Message(reply, packer.arrays)
