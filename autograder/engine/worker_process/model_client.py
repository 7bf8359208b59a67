"""Asks the grader what a model gives that stays with it."""

from __future__ import annotations

from collections.abc import Callable

import torch

from autograder.engine import wire
from autograder.engine.messages import ModelQuestion
from autograder.engine.worker_process.marshal_values import Packer, Unpacker

__all__ = ["Ask", "ask_model"]

Ask = Callable[[wire.Message], wire.Message]


def ask_model(ask: Ask, number: int, name: str, x: torch.Tensor, weight: torch.Tensor | None) -> torch.Tensor:
    """Its output for `x`, or the gradient for a weight of the output, in round `number` of a call."""
    packer = Packer()
    for tensor in (x,) if weight is None else (x, weight):
        packer.tensor(tensor.float() if tensor.dtype == torch.bfloat16 else tensor)
    question: ModelQuestion = {"ask": "", "round": number, "model": name, "gradient": weight is not None}
    told = ask(wire.Message(question, packer.arrays))
    return Unpacker(told.arrays, lambda tensor: tensor).tensor(0)
