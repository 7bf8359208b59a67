"""What happens to the true factors of a set of patterns when latent vectors are moved."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course.latent import attribute_direction
from course.patterns import PatternSet, nearest

__all__ = [
    "Moves", "agreement", "changed_factors", "counterparts", "held_out_directions", "misses", "moves",
    "random_agreement",
]  # fmt: skip

Rows = NDArray[np.int64]
Moves = list[tuple[Rows, Rows]]


def counterparts(patterns: PatternSet, factor: str, before: int, after: int) -> tuple[Rows, Rows]:
    """Rows of the images whose factor is `before`, and for each the row of the image that differs only in `after`."""
    column = patterns.factor_names.index(factor)
    row_of = {tuple(values): row for row, values in enumerate(patterns.factors)}
    changed = patterns.factors.copy()
    changed[:, column] = after
    rows = np.flatnonzero(patterns.factors[:, column] == before)
    return rows, np.array([row_of[tuple(changed[row])] for row in rows])


def moves(patterns: PatternSet, factor: str) -> Moves:
    """The counterparts of every change of a factor: between any two types, else one step up or down."""
    values = sorted({int(v) for v in patterns.factors[:, patterns.factor_names.index(factor)]})
    changes = [(a, b) for a in values for b in values if a != b and (factor == "type" or abs(a - b) == 1)]
    return [counterparts(patterns, factor, a, b) for a, b in changes]


def held_out_directions(codes: Tensor, without: Rows, having: Rows) -> Tensor:
    """For each image of `without` (M,) the attribute direction (M, Z) that all pairs but its own give."""
    keep = ~np.eye(len(without), dtype=bool)
    return torch.stack([attribute_direction(codes[having[k]], codes[without[k]]) for k in keep])


def agreement(codes: Tensor, without: Rows, having: Rows) -> float:
    """Length of the mean difference of paired codes over their mean length: 1 if all pairs differ by one vector."""
    differences = codes[having] - codes[without]  # (M, Z)
    return float(differences.mean(dim=0).norm() / differences.norm(dim=1).mean())


def random_agreement(codes: Tensor, without: Rows, having: Rows, generator: Generator) -> float:
    """The agreement of differences as long as these, each in a direction of its own: about 1 / sqrt(M) of M pairs."""
    lengths = (codes[having] - codes[without]).norm(dim=1)  # (M,)
    noise = torch.randn((len(lengths), codes.shape[1]), generator=generator)
    differences = lengths.unsqueeze(1) * noise / noise.norm(dim=1, keepdim=True)
    return float(differences.mean(dim=0).norm() / lengths.mean())


def misses(codes: Tensor, widths: Tensor, without: Rows, having: Rows) -> Tensor:
    """How far codes (N, Z), moved by the held-out direction, end from the right ones: (M,), in its cloud's widths.

    `widths` (N, Z) are the standard deviations of the clouds; a draw from the right cloud is about sqrt(Z) away.
    """
    moved = codes[without] + held_out_directions(codes, without, having)
    away: Tensor = ((moved - codes[having]) / widths[having]).norm(dim=1)
    return away


def changed_factors(images: NDArray[np.floating], patterns: PatternSet) -> int:
    """How many true factors take more than one value over the valid ones of these images (V, 256)."""
    rows, distances = nearest((np.asarray(images) > 0.5).astype(np.float32), patterns.templates)
    seen = patterns.factors[rows[distances == 0]]  # (valid, F)
    return int((seen != seen[:1]).any(axis=0).sum())
