"""Numbers as text that a script can hold: base64 of bytes, of weights as float16."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from course.errors import CourseError

__all__ = ["Layer", "base64", "dense", "float16"]

Layer = tuple[Tensor, Tensor]
"""Weights (outputs, inputs) and bias (outputs,)."""


def base64(values: NDArray[Any]) -> str:
    """The bytes of an array."""
    return b64encode(np.ascontiguousarray(values).tobytes()).decode()


def float16(values: NDArray[np.floating]) -> str:
    """Little-endian float16; ValueError for what they cannot hold."""
    if not (np.abs(values) <= np.finfo(np.float16).max).all():  # NaN is not either
        raise CourseError("a number is too large for the explorer's 16 bits (above 65504), or is not a number")
    return base64(values.astype("<f2"))


def dense(layers: Iterable[Layer]) -> dict[str, Any]:
    """A chain of layers: `sizes` from the first input to the last output, and all `weights`, layer after layer."""
    pairs = list(layers)
    sizes = [pairs[0][0].shape[1], *(len(bias) for _, bias in pairs)]
    flat = torch.cat([part.detach().reshape(-1) for pair in pairs for part in pair])
    return {"sizes": sizes, "weights": float16(flat.numpy())}
