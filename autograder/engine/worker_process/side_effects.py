"""What a function changed although it should not: its inputs, a model, or anything global."""

from __future__ import annotations

import functools
import os
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.engine.worker_process.models import Counted
from autograder.engine.worker_process.settings import OF_CALLS, SLOW, Settings

__all__ = ["USED", "Snapshot", "keeps_another_default"]

_equal = torch.equal  # as it is before a submission is loaded
USED: set[str] = set()  # codes of functions that were used since a call began
OWN = ("training", "used", "seen")  # attributes of models that are looked at elsewhere


def _note(owner: Any, name: str, code: str) -> None:
    """Notes each use of a function. What it does may leave no trace, as a default that is set to what it was."""
    function = getattr(owner, name)

    @functools.wraps(function)
    def noted(*args: Any, **kwargs: Any) -> Any:
        USED.add(code)
        return function(*args, **kwargs)

    setattr(owner, name, noted)


_usual = Settings(SLOW)
for _owner, _name, _code in (
    (random, "seed", "seed"),
    (np.random, "seed", "seed"),
    (torch, "set_default_dtype", "default_dtype"),
    (torch, "set_default_device", "device"),
    (torch, "set_autocast_enabled", "autocast"),
    (np, "seterr", "numpy_errors"),
):
    _note(_owner, _name, _code)


def keeps_another_default(run: Callable[[], object]) -> bool:
    """Whether a function that set the default dtype leaves another one than the usual, if that is the default before
    it, as it was. One that fails then says nothing.
    """
    usual = torch.get_default_dtype()
    other = torch.float32 if usual == torch.float64 else torch.float64
    torch.set_default_dtype(other)
    try:
        run()
        return torch.get_default_dtype() == other
    except BaseException:
        return True
    finally:
        torch.set_default_dtype(usual)


class Snapshot:
    """A snapshot of all that must stay as it is; `changes` compares with it and puts global state right again."""

    def __init__(self, inputs: list[tuple[str, Any]], modules: list[nn.Module], seed: int) -> None:
        self.folder = os.getcwd()
        self.inputs = [(name, value, _copy(value)) for name, value in inputs]
        for module in modules:
            _plant_gradients(module)
        self.modules = [(module, _state(module)) for module in modules]
        self.attributes = [(module, _attributes(module)) for module in modules if isinstance(module, Counted)]
        # A seed that nobody would choose: drawing numbers keeps it, seeding replaces it.
        self.seed = (1 << 40) + seed
        torch.default_generator.manual_seed(self.seed)  # torch.manual_seed takes down a stack trace for each device
        self.random_state = torch.get_rng_state()
        self.settings = Settings(OF_CALLS)
        USED.clear()

    def drew(self) -> bool:
        """Whether torch's global random numbers were used."""
        return not _equal(self.random_state, torch.get_rng_state())

    def changes(self) -> list[str]:
        """Which things are not as they were: codes, with the name of an input behind a colon."""
        found = [f"input:{name}" for name, value, copy in self.inputs if not _same(value, copy)]
        for module, (mode, values, gradients, wants) in self.modules:
            _, values_now, gradients_now, wants_now = _state(module)
            found += ["mode"] if any(inner.training != was for inner, was in mode) else []
            found += [] if _same(values_now, values) and wants == wants_now else ["parameters"]
            found += [] if _same(gradients_now, gradients) else ["gradients"]
        found += [] if all(_attributes(model) == before for model, before in self.attributes) else ["attributes"]
        found += ["seed"] if torch.initial_seed() != self.seed or "seed" in USED else []
        found += self.settings.put_back() + (_usual.put_back() if USED & {*SLOW} else [])
        os.chdir(self.folder)
        return sorted(set(found))


def _plant_gradients(module: nn.Module) -> None:
    """A model in training holds gradients; where there are none, nobody would see that they were wiped."""
    for parameter in module.parameters():
        if parameter.grad is None:
            parameter.grad = torch.full_like(parameter, 0.5)


def _attributes(module: nn.Module) -> dict[str, Any]:
    """By name, what a model of the grader's own holds, which only its methods count up; hooks by their number.

    Objects are kept, so that none is taken for another at its place in memory.
    """
    held = {name: value for name, value in vars(module).items() if name not in OWN}
    return {name: len(value) if isinstance(value, dict) else _Itself(value) for name, value in held.items()}


class _Itself:
    """Equal to the same object alone."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.value is other.value


State = tuple[list[tuple[nn.Module, bool]], list[Any], list[Any], list[bool]]


def _state(module: nn.Module) -> State:
    parameters = list(module.parameters())
    values = [_copy(p) for p in [*parameters, *module.buffers()]]
    mode = [(inner, inner.training) for inner in module.modules()]
    return mode, values, [_copy(p.grad) for p in parameters], [p.requires_grad for p in parameters]


def _copy(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _same(value: Any, copy: Any) -> bool:
    if isinstance(copy, torch.Tensor):
        alike = isinstance(value, torch.Tensor) and value.shape == copy.shape and value.dtype == copy.dtype
        return alike and _equal(value.detach(), copy)
    if isinstance(copy, list):
        return isinstance(value, list) and len(value) == len(copy) and all(map(_same, value, copy))
    return value is copy or bool(value == copy)
