"""What t-SNE makes small: p of pairs of codes, q of pairs on the map, their KL, and the two forces on a point.

After van der Maaten & Hinton 2008. `course.maps.joint_tsne` makes the maps of the lessons; here are its parts, one by
one, for at most some hundreds of points.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from course.maps import finite_rows

__all__ = ["Kernel", "affinities", "descend", "divergence", "forces", "neighbour_probabilities", "similarities"]

Points = NDArray[np.float64]
Kernel = Literal["student", "gaussian"]

_KERNELS: dict[Kernel, Callable[[Tensor], Tensor]] = {
    "student": lambda squares: 1 / (1 + squares),
    "gaussian": lambda squares: torch.exp(-squares),
}


def neighbour_probabilities(codes: NDArray[np.floating], perplexity: float = 30.0) -> Points:
    """p of j given i (N, N): a Gaussian around each of the codes (N, Z), as wide as gives each row the perplexity.

    The perplexity of a row is exp of its entropy: that of k equally likely neighbours is k. ValueError if it is not
    between 1 and N - 1.
    """
    squares = _squares(finite_rows(codes, "codes"))
    if not 1 < perplexity < len(squares) - 1:
        raise ValueError(f"perplexity must lie between 1 and {len(squares) - 1}, got {perplexity:g}")
    low, high = np.full((2, len(squares), 1), [[[-40.0]], [[40.0]]])  # of log 1 / (2 sigma^2)
    for _ in range(60):
        middle = (low + high) / 2
        p = _rows_of(squares, np.exp(middle))
        entropy = -np.sum(p * np.log(np.where(p > 0, p, 1)), axis=1, keepdims=True)
        wide = entropy > np.log(perplexity)
        low, high = np.where(wide, middle, low), np.where(wide, high, middle)
    return p


def affinities(codes: NDArray[np.floating], perplexity: float = 30.0) -> Points:
    """p of each pair (N, N) of codes (N, Z): both conditional probabilities, averaged; all together are 1."""
    p = neighbour_probabilities(codes, perplexity)
    joint: Points = (p + p.T) / (2 * len(p))
    return joint


def similarities(points: NDArray[np.floating]) -> Points:
    """q of each pair (N, N) of points (N, 2) on a map, by the Student kernel 1 / (1 + d^2); all together are 1."""
    kernel = _kernel(points)
    q: Points = kernel / kernel.sum()
    return q


def divergence(p: Points, q: Points) -> float:
    """KL(P || Q) of pairs (N, N), in nats."""
    pairs = p > 0
    return float(np.sum(p[pairs] * np.log(p[pairs] / q[pairs])))


def forces(p: Points, points: NDArray[np.floating]) -> tuple[Points, Points]:
    """Attraction and repulsion (N, 2) of each of the points (N, 2): together the KL's gradient, with its sign turned.

    Both reach from point to point along the line between them. The first weighs it by p (N, N), the second by q.
    """
    kernel, q = _kernel(points), similarities(points)
    towards = points[None] - points[:, None]  # (N, N, 2)
    attraction = 4 * ((p * kernel)[:, :, None] * towards).sum(axis=1)
    repulsion = -4 * ((q * kernel)[:, :, None] * towards).sum(axis=1)
    return attraction, repulsion


def descend(p: Points, start: NDArray[np.floating], kernel: Kernel = "student", steps: int = 600) -> Points:
    """Points (N, 2) that make KL(P || Q) small, with q by this kernel, from a start (N, 2) made small."""
    target = torch.from_numpy(p)
    points = torch.tensor(0.01 * start / start.std(), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([points], lr=0.1)
    alike = torch.eye(len(p), dtype=torch.bool)
    for _ in range(steps):
        squares = (points[:, None] - points[None]).square().sum(dim=2)  # (N, N)
        weights = _KERNELS[kernel](squares).masked_fill(alike, 0)
        loss = -(target * torch.log(weights.clamp_min(1e-300) / weights.sum())).sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return points.detach().numpy()


def _squares(rows: Points) -> Points:
    """Squared distances (N, N) of all pairs of rows (N, K)."""
    from scipy.spatial.distance import pdist, squareform

    squares: Points = squareform(pdist(rows, "sqeuclidean"))
    return squares


def _kernel(points: NDArray[np.floating]) -> Points:
    kernel = 1 / (1 + _squares(finite_rows(points, "points")))
    np.fill_diagonal(kernel, 0)
    return kernel


def _rows_of(squares: Points, precision: Points) -> Points:
    """exp(-precision * squares) (N, N) without the diagonal, each row as probabilities."""
    scores = -precision * squares
    np.fill_diagonal(scores, -np.inf)
    scores -= scores.max(axis=1, keepdims=True)
    weights = np.exp(scores)
    rows: Points = weights / weights.sum(axis=1, keepdims=True)
    return rows
