"""The arguments of a call: values made of what a request describes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autograder.engine import wire
from autograder.engine.messages import CallRequest, Value
from autograder.engine.worker_process.models import MODELS, Asks, Counted

__all__ = ["Arguments", "ModelAsks"]

_equal = torch.equal  # as it is before a submission is loaded
ModelAsks = Callable[[str, torch.Tensor, torch.Tensor | None], torch.Tensor]  # by the name of a model's argument


class Arguments:
    """The values that a request describes. Float arrays get the float type that the request asks for."""

    def __init__(
        self, request: CallRequest, arrays: Sequence[wire.Array], folder: Path, asked: ModelAsks | None = None
    ) -> None:
        self._made_of = request, arrays, folder, asked
        self._asked = asked
        self.dtype = torch.float64 if request["float"] == "float64" else torch.float32
        self.arrays = arrays
        self.folder = folder
        self.track = "cotangents" in request
        self.inputs: list[tuple[str, Any]] = []
        self.leaves: list[torch.Tensor] = []  # float inputs that gradients are asked for
        self.models: dict[str, Counted] = {}
        self.generators: dict[str, tuple[torch.Generator, torch.Tensor]] = {}  # with its state before the call
        self.positional = [self._named(str(i), item) for i, item in enumerate(request["args"])]
        self.named = {name: self._named(name, item) for name, item in request["kwargs"].items()}

    def again(self) -> Arguments:
        """The same values, made anew."""
        return Arguments(*self._made_of)

    def _named(self, name: str, item: Value) -> Any:
        value = self._build(name, item)
        if isinstance(value, torch.Tensor | list):
            self.inputs.append((name, value))
        return value

    def _build(self, name: str, item: Value) -> Any:
        match item["tag"]:
            case "value":
                return item["value"]
            case "tensor":
                return self._tensor(item["array"])
            case "list":
                return [self._build(name, inner) for inner in item["items"]]
            case "path":
                return str(self.folder / item["name"])
            case "seed":
                generator = torch.Generator().manual_seed(item["seed"])
                torch.rand(item["drawn"], generator=generator)
                self.generators[name] = generator, generator.get_state()
                return generator
            case "model":
                parts = {key: self.tensor(index) for key, index in item["arrays"].items()}
                self.models[name] = MODELS[item["model"]](parts)
                if item.get("asks"):
                    assert self._asked is not None
                    self.models[name].asks = Asks(partial(self._asked, name))
                return self.models[name]
            case "optimizer":
                kind: Any = getattr(torch.optim, item["optimizer"])
                return kind(self.models[item["of"]].parameters(), lr=item["rate"])
        raise ValueError(f"no argument is described by {item['tag']!r}")

    def used(self) -> dict[str, dict[str, Any]]:
        """What became of models and generators, by the names of their arguments."""
        found: dict[str, dict[str, Any]] = {name: dict(model.used) for name, model in self.models.items()}
        for name, (generator, state) in self.generators.items():
            found[name] = {"advanced": not _equal(generator.get_state(), state)}
        return found

    def tensor(self, index: int) -> torch.Tensor:
        tensor = torch.from_numpy(np.array(self.arrays[index]))
        return tensor.to(self.dtype) if tensor.is_floating_point() else tensor

    def _tensor(self, index: int) -> torch.Tensor:
        tensor = self.tensor(index)
        if not (self.track and tensor.is_floating_point()):
            return tensor
        self.leaves.append(tensor.requires_grad_())
        return tensor.clone()  # not a leaf: code that works in place is judged by its values, not stopped by autograd
