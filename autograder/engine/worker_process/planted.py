"""A function of the grader's own that does what must be reported: whoever reports less of it is not believed."""

from __future__ import annotations

import torch

__all__ = ["planted"]

_rand, _no_grad, _add = torch.rand, torch.no_grad, torch.Tensor.add_


def planted(x: torch.Tensor) -> torch.Tensor:
    """Changes its input, draws a number from torch's global random numbers, and gives 3 x, for the new x."""
    with _no_grad():
        _rand(1, device="cpu")
        _add(x, 1)
        return 3 * x
