"""Identifiability: does one entry of a code mean the same in two trainings, and what does moving it do to the image?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from course.studies.disentanglement import turned

__all__ = [
    "USED_ABOVE", "correlations", "mass_moved", "mean_correlation_coefficient", "pair_correlation", "random_turn",
    "same_index_correlation", "used",
]  # fmt: skip

Codes = NDArray[np.floating]

USED_ABOVE = 0.1
"""The standard deviation over images, in latent units, above which an entry of a code is in use."""


def used(codes: Codes) -> NDArray[np.bool_]:
    """Which entries (Z,) differ from image to image, of codes (N, Z): activity by variance (Burda et al. 2016)."""
    return np.asarray(codes.std(axis=0) > USED_ABOVE)


def correlations(a: Codes, b: Codes) -> NDArray[np.float64]:
    """Size (Z_a, Z_b) of the correlation of each entry of a (N, Z_a) with each of b (N, Z_b): codes of the same images.

    The sign is left out: which end of an axis is positive means nothing. An entry that is not in use has 0.
    """
    if len(a) != len(b):
        raise ValueError(f"codes must be of the same images, got {len(a)} and {len(b)}")
    sizes = np.abs(np.corrcoef(a, b, rowvar=False)[: a.shape[1], a.shape[1] :])
    return np.where(used(a)[:, None] & used(b)[None], sizes, 0.0)


def pair_correlation(codes: Codes) -> float:
    """Mean size of the correlation of two different entries that codes (N, Z) use; 0 if they use fewer than two."""
    sizes = correlations(codes, codes)[used(codes)][:, used(codes)]
    pairs = sizes[np.triu_indices(len(sizes), 1)]
    return float(pairs.mean()) if len(pairs) else 0.0


def same_index_correlation(a: Codes, b: Codes) -> float:
    """Mean correlation of the entries that a uses with the entry of b that has the same index."""
    return float(correlations(a, b).diagonal()[used(a)].mean())


def mean_correlation_coefficient(a: Codes, b: Codes) -> float:
    """The same where each entry is given the partner, once each, that makes the sum of correlations largest.

    It is called MCC where models are asked whether their codes are identifiable (Khemakhem et al. 2020).
    """
    from scipy.optimize import linear_sum_assignment

    sizes = correlations(a, b)[used(a)][:, used(b)]
    rows, columns = linear_sum_assignment(-sizes)
    return float(sizes[rows, columns].mean())


def random_turn(codes: Codes, seed: int) -> Codes:
    """Codes (N, Z) whose used entries are turned about their centre by `turned`, drawn with `seed`; the others stay.

    What a training has found is the same in any axes: agreement of single entries that is no larger than after such a
    turn says nothing about entries.
    """
    moved, which = np.array(codes, np.float64), used(codes)
    centre = moved[:, which].mean(axis=0)
    if which.any():
        moved[:, which] = turned(moved[:, which] - centre, seed) + centre
    return moved


@torch.no_grad()
def mass_moved(
    decode: Callable[[Tensor], Tensor], codes: Tensor, region: NDArray[np.bool_], reach: float = 1.0
) -> NDArray[np.float64]:
    """By how much (Z,) the pixels of a region (D,) change if an entry goes from -reach to +reach standard deviations.

    The sizes of the changes of their sum, averaged over codes (N, Z) with their signs, so that only an entry that does
    the same everywhere is large.
    """
    steps = torch.diag(reach * codes.std(dim=0))  # (Z, Z)
    moved = [(decode(codes + step) - decode(codes - step))[:, torch.from_numpy(region)] for step in steps]
    return np.array([abs(float(change.sum(dim=1).mean())) for change in moved])
