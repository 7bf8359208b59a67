"""Are these points a Gaussian cloud? Mardia's two tests (Mardia 1970)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from course.maps import finite_rows

__all__ = ["Mardia", "classes_rejected", "mardia"]


class Mardia(NamedTuple):
    """Skewness, 0 for a Gaussian, and kurtosis, K (K + 2) for one, each with its p-value.

    A p-value is how often a Gaussian cloud of as many points would be at least as odd.
    """

    skewness: float
    kurtosis: float
    p_skewness: float
    p_kurtosis: float

    def rejects(self, level: float) -> bool:
        """Whether either test, each at half the level (Bonferroni), says that this is no Gaussian."""
        return min(self.p_skewness, self.p_kurtosis) < level / 2


def mardia(points: NDArray[np.floating]) -> Mardia:
    """Mardia's multivariate skewness and kurtosis of points (N, K).

    Raises ValueError for fewer points than K + 1, or points that lie on a line or plane.
    """
    from scipy.stats import chi2, norm

    points = finite_rows(points, "points")
    count, dims = points.shape
    centred = points - points.mean(axis=0)
    covariance = centred.T @ centred / count  # (K, K)
    if np.linalg.matrix_rank(covariance) < dims:
        raise ValueError(f"{count} points must fill their {dims} dimensions, but they lie in fewer: has one collapsed?")
    products = centred @ np.linalg.solve(covariance, centred.T)  # (N, N)
    skewness = float((products**3).mean())
    kurtosis = float((np.diag(products) ** 2).mean())
    freedom = dims * (dims + 1) * (dims + 2) / 6
    expected, deviation = dims * (dims + 2), np.sqrt(8 * dims * (dims + 2) / count)
    return Mardia(
        skewness,
        kurtosis,
        float(chi2.sf(count * skewness / 6, freedom)),
        float(2 * norm.sf(abs(kurtosis - expected) / deviation)),
    )


def classes_rejected(codes: NDArray[np.floating], labels: NDArray[np.integer], level: float = 0.01) -> int:
    """How many of the labels (N,) have codes (N, K) that are no Gaussian cloud at this level."""
    return sum(mardia(codes[labels == label]).rejects(level) for label in np.unique(labels))
