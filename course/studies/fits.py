"""A density fitted to codes, to draw new ones from: what a model without a prior needs, and one with a prior may need.

An autoencoder's decoder was never told where codes lie. Asking it for draws from N(0, I) tests nothing but that; a
density fitted to its codes asks whether it can decode new points that lie where codes do (Ghosh et al. 2020).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["draws_of_fit"]


def draws_of_fit(codes: NDArray[np.floating], count: int, parts: int = 1, seed: int = 0) -> NDArray[np.float32]:
    """New codes (count, Z) from a Gaussian, or a mixture of `parts`, fitted to codes (N, Z) by likelihood.

    The rows are in random order. Raises ValueError for fewer codes than a covariance of each part needs.
    """
    from sklearn.mixture import GaussianMixture

    if count < 1 or parts < 1:
        raise ValueError(f"count and parts must be at least 1, got {count} and {parts}")
    if codes.ndim != 2 or len(codes) <= parts * codes.shape[1]:
        raise ValueError(f"{parts} covariances of codes need more than {parts} * Z rows (N, Z), got {codes.shape}")
    fit = GaussianMixture(parts, tol=0.01, max_iter=200, random_state=seed).fit(np.asarray(codes, np.float64))
    drawn, _ = fit.sample(count)
    return np.random.default_rng(seed).permutation(drawn).astype(np.float32)
