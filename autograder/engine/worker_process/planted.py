"""A function of the grader's own of which it is known what must be reported: whoever reports else is not believed."""

from __future__ import annotations

import torch

__all__ = ["planted"]

_rand, _no_grad, _add = torch.rand, torch.no_grad, torch.Tensor.add_


def planted(x: torch.Tensor, misbehaves: bool, generator: torch.Generator) -> torch.Tensor:
    """3 x. If it misbehaves it adds 1 to its input before, and draws a number from torch's global random numbers;
    else from the generator.
    """
    with _no_grad():
        if misbehaves:
            _add(x, 1)
        _rand(1, device="cpu", generator=None if misbehaves else generator)
        return 3 * x
