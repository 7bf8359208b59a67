"""What a function is given and gives, as JSON and arrays, faithfully: between a student's worker and a reference's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import torch

from autograder.engine import wire
from autograder.engine.messages import TensorItem, Value
from autograder.engine.worker_process.models import MODELS, Counted

__all__ = ["Packer", "Unpacker", "Unsendable"]

DEEPEST = 4


class Unsendable(Exception):
    """What a value is that cannot be sent."""


class Packer:
    """Describes values, and keeps in their order those for which a gradient or a new state may come back."""

    def __init__(self) -> None:
        self.arrays: list[wire.Array] = []
        self.leaves: list[torch.Tensor] = []  # tensors that need a gradient
        self.generators: list[torch.Generator] = []
        self.models: list[Counted] = []

    def item(self, value: Any, depth: int = 0) -> Value:
        if depth > DEEPEST:
            raise Unsendable("something deeply nested")
        if value is None or isinstance(value, bool | int | str):
            return {"tag": "value", "value": value}
        if isinstance(value, float):
            return {"tag": "float", "value": float(value).hex()}
        if isinstance(value, list | tuple):
            kind: Literal["list", "tuple"] = "list" if isinstance(value, list) else "tuple"
            return {"tag": kind, "items": [self.item(inner, depth + 1) for inner in value]}
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, np.ndarray | np.generic):
            return {"tag": "array", "array": self._add(np.asarray(value))}
        if isinstance(value, torch.Generator) and value.device.type == "cpu":
            self.generators.append(value)
            return {"tag": "generator", "state": self.tensor(value.get_state())}
        for name, model in MODELS.items():
            if type(value) is model and value.asks is None:
                self.models.append(value)
                arrays = {part: self.tensor(numbers) for part, numbers in value.named_parameters()}
                return {"tag": "model", "model": name, "arrays": arrays}
        raise Unsendable(f"a value of type {type(value).__name__[:60]}")

    def tensor(self, tensor: torch.Tensor) -> int:
        """The index of a tensor's numbers."""
        try:
            return self._add(tensor.detach().as_subclass(torch.Tensor).resolve_conj().resolve_neg().numpy())
        except (TypeError, RuntimeError, NotImplementedError):
            raise Unsendable(f"a {str(tensor.dtype).removeprefix('torch.')} tensor without plain numbers") from None

    def _tensor(self, tensor: torch.Tensor) -> TensorItem:
        described: TensorItem = {"tag": "tensor", "array": self.tensor(tensor), "grad": tensor.requires_grad}
        if tensor.requires_grad:
            self.leaves.append(tensor)
        return described

    def _add(self, array: wire.Array) -> int:
        size = array.nbytes + sum(a.nbytes for a in self.arrays)
        if not wire.is_sendable(array) or size > wire.MAX_BYTES or len(self.arrays) >= wire.MAX_ARRAYS:
            raise Unsendable(f"{array.dtype.name} numbers of shape {array.shape}"[:100])
        self.arrays.append(np.array(array))
        return len(self.arrays) - 1


class Unpacker:
    """Makes the values anew, on the other side. `leaf` is what to make of a tensor that needs a gradient."""

    def __init__(self, arrays: Sequence[wire.Array], leaf: Callable[[torch.Tensor], torch.Tensor]) -> None:
        self._arrays = arrays
        self._leaf = leaf
        self.leaves: list[torch.Tensor] = []
        self.generators: list[torch.Generator] = []
        self.models: list[Counted] = []

    def value(self, item: Value) -> Any:
        match item["tag"]:
            case "value":
                return item["value"]
            case "float":
                return float.fromhex(item["value"])
            case "list" | "tuple" as kind:
                values = [self.value(inner) for inner in item["items"]]
                return values if kind == "list" else tuple(values)
            case "tensor":
                tensor = self.tensor(item["array"])
                if not item.get("grad"):
                    return tensor
                self.leaves.append(self._leaf(tensor))
                return self.leaves[-1]
            case "array":
                return np.array(self._arrays[item["array"]])
            case "generator":
                self.generators.append(torch.Generator())
                self.generators[-1].set_state(self.tensor(item["state"]))
                return self.generators[-1]
            case "model":
                arrays = {name: self.tensor(index) for name, index in item["arrays"].items()}
                self.models.append(MODELS[item["model"]](arrays))
                return self.models[-1]
        raise ValueError(f"no value is described by {item['tag']!r}")

    def tensor(self, index: int) -> torch.Tensor:
        return torch.from_numpy(np.array(self._arrays[index]))
