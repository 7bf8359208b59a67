"""Operations on latent vectors: each row of z (B, Z) is one point of the latent space."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor

__all__ = ["lerp", "walk"]


def lerp(z_a: Tensor, z_b: Tensor, num_steps: int) -> Tensor:
    """The straight line from z_a (Z,) to z_b (Z,) in equal steps, both ends included: (num_steps, Z)."""
    if num_steps < 2:
        raise ValueError(f"num_steps must be at least 2, for the two ends, got {num_steps}")
    t = torch.linspace(0, 1, num_steps, dtype=z_a.dtype).unsqueeze(1)  # (num_steps, 1)
    return (1 - t) * z_a + t * z_b


def walk(waypoints: Tensor, steps_per_leg: int, closed: bool = True) -> Tensor:
    """Straight legs through the waypoints (W, Z), each once; closed, the first stands again at the end.

    Returns (legs * steps_per_leg + 1, Z), with W legs if closed and W - 1 if not.
    """
    if len(waypoints) < 2 or steps_per_leg < 1:
        raise ValueError(f"a walk needs 2 waypoints and 1 step a leg, got {len(waypoints)} and {steps_per_leg}")
    stops = torch.cat([waypoints, waypoints[:1]]) if closed else waypoints
    legs = [lerp(a, b, steps_per_leg + 1)[:-1] for a, b in pairwise(stops)]
    return torch.cat([*legs, stops[-1:]])
