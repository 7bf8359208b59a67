"""Whatever a function returned, as arrays and plain words. Nothing that comes out of student code may crash this."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import torch

from autograder.engine import wire
from autograder.engine.messages import LeafResult, ManyResult, OddResult, Result, StackResult

__all__ = ["Results", "odd"]

DEEPEST = 3
LONGEST = 4096
LARGEST = 8 * 1024 * 1024  # numbers in one array
Kind = Literal["torch", "numpy", "python"]

WIDER = {torch.bfloat16: torch.float32, torch.complex32: torch.complex64}


class Results:
    """Collects arrays for a message, and describes values by referring to them."""

    def __init__(self) -> None:
        self.arrays: list[wire.Array] = []

    def describe(self, value: Any, depth: int = 0) -> Result:
        """A JSON description: a leaf with its array, a list of descriptions, or what it is in words."""
        try:
            return self._describe(value, depth)
        except Exception as error:
            return odd(f"{article(type(value).__name__)} that cannot be read ({type(error).__name__})")

    def _describe(self, value: Any, depth: int) -> Result:
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, bool | int | float | np.ndarray | np.generic):
            kind: Kind = "numpy" if isinstance(value, np.ndarray | np.generic) else "python"
            return self._array(np.asarray(value), kind, type(value).__name__, False)
        if isinstance(value, list | tuple):
            return self._sequence(value, depth)
        if value is None:
            return odd("None", none=True)
        if isinstance(value, str):
            return odd(f"the text {value[:60]!r}")
        if callable(getattr(value, "__next__", None)):
            return odd("a generator, not its values")
        return odd(article(type(value).__name__[:60]))

    def _tensor(self, tensor: torch.Tensor) -> LeafResult | OddResult:
        what = f"{str(tensor.dtype).removeprefix('torch.')} tensor"
        if tensor.is_nested:
            return odd(f"a nested {what}")
        shape = f"of shape {tuple(tensor.shape)}"
        if tensor.layout != torch.strided:
            return odd(f"a sparse {what} {shape}")
        if tensor.is_quantized:
            return odd(f"a quantised {what} {shape}")
        if tensor.device.type == "meta":
            return odd(f"a {what} {shape} without values (on the meta device)")
        if tensor.numel() > LARGEST:
            return odd(f"a {what} {shape}: more numbers than are looked at")
        plain = tensor.detach().as_subclass(torch.Tensor).cpu().resolve_conj().resolve_neg()
        plain = plain.to(WIDER.get(plain.dtype, plain.dtype)).contiguous()
        return self._array(plain.numpy(), "torch", str(tensor.dtype).removeprefix("torch."), tensor.requires_grad)

    def _array(self, array: wire.Array, kind: Kind, dtype: str, requires_grad: bool) -> LeafResult | OddResult:
        if array.size > LARGEST or not wire.is_sendable(array):
            return odd(f"{article(array.dtype.name)} array of shape {array.shape}, which is not looked at")
        if len(self.arrays) >= wire.MAX_ARRAYS or sum(a.nbytes for a in self.arrays) + array.nbytes > wire.MAX_BYTES:
            return odd("one array more than are looked at")
        self.arrays.append(np.array(array))
        index = len(self.arrays) - 1
        return {"tag": "leaf", "array": index, "kind": kind, "dtype": dtype, "requires_grad": requires_grad}

    def _sequence(self, value: list[Any] | tuple[Any, ...], depth: int) -> Result:
        kind = "list" if isinstance(value, list) else "tuple"
        if depth >= DEEPEST or len(value) > LONGEST:
            return odd(f"a {kind} of {len(value)} items, too deep or too long to look at")
        inner = Results()
        items = [inner.describe(item, depth + 1) for item in value]
        return self._packed(kind, items, inner.arrays) or self._listed(kind, value, depth)

    def _packed(self, kind: str, items: list[Result], arrays: list[wire.Array]) -> StackResult | OddResult | None:
        """Many leaves alike travel as one array: a walk of a thousand frames must not fill the header."""
        leaves = [item for item in items if item["tag"] == "leaf"]
        alike = {(leaf["kind"], leaf["dtype"], leaf["requires_grad"]) for leaf in leaves}
        shapes = {(a.shape, a.dtype.str) for a in arrays}
        if len(leaves) != len(items) or len(alike) != 1 or len(shapes) != 1:
            return None
        if math.prod(arrays[0].shape) * len(arrays) > LARGEST:
            return odd(f"a {kind} of {len(arrays)} arrays of shape {arrays[0].shape}: more than is looked at")
        first = leaves[0]
        stack = self._array(np.stack(arrays), first["kind"], first["dtype"], first["requires_grad"])
        return stack if stack["tag"] == "odd" else {"tag": "stack", "of": kind, "stack": stack}

    def _listed(self, kind: str, value: list[Any] | tuple[Any, ...], depth: int) -> ManyResult | OddResult:
        if len(value) > 64:
            return odd(f"a {kind} of {len(value)} things that are not alike")
        return {"tag": "many", "of": kind, "items": [self.describe(item, depth + 1) for item in value]}


def odd(text: str, none: bool = False) -> OddResult:
    return {"tag": "odd", "text": text[:200], "none": none}


def article(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
