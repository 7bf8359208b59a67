"""How like data a set of images is, by their features: as sets, one by one, and in sharpness.

No single number tells. A set can lie right in the middle and hold broken images; an image can be near another and grey.
`frechet_to_real` and `image_outlier_share` ask the judge about images of clothes, and need the whole of
Fashion-MNIST.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from course.datasets import held_out, images_of
from course.studies import judge

__all__ = [
    "confident_share", "edges", "frechet_distance", "frechet_to_real", "image_outlier_share", "nearest_distance",
    "outlier_share",
]  # fmt: skip

Rows = NDArray[np.floating]


def frechet_distance(a: Rows, b: Rows) -> float:
    """Squared distance of the Gaussians with the mean and covariance of features a (N, K) and b (M, K).

    |mu_a - mu_b|^2 + tr(C_a + C_b - 2 (C_a^1/2 C_b C_a^1/2)^1/2), 0 for equal ones (Dowson & Landau 1982); in the
    features of a classifier it compares sets of images (Heusel et al. 2017). Raises ValueError for fewer than two
    rows, for other widths, or where a number is not finite.
    """
    a, b = _features(a), _features(b)
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"features must have one width, got {a.shape[1]} and {b.shape[1]}: are they of one judge?")
    cov_a, cov_b = (np.atleast_2d(np.cov(rows, rowvar=False)) for rows in (a, b))  # (K, K)
    values, vectors = np.linalg.eigh(cov_a)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    # The root's trace is the sum of the roots of the eigenvalues, of which rounding makes some just negative.
    shared = np.sqrt(np.linalg.eigvalsh(root @ cov_b @ root).clip(0)).sum()
    apart = np.square(a.mean(axis=0) - b.mean(axis=0)).sum()
    return float(apart + np.trace(cov_a) + np.trace(cov_b) - 2 * shared)


def nearest_distance(points: Rows, known: Rows) -> NDArray[np.float64]:
    """Distance (N,) of each of the points (N, K) to the nearest of the known ones (M, K)."""
    from sklearn.neighbors import NearestNeighbors

    distances, _ = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(known).kneighbors(points)
    return np.asarray(distances[:, 0], np.float64)


def outlier_share(points: Rows, known: Rows, real: Rows, quantile: float = 0.95) -> float:
    """Share of points (N, K) further from the nearest known one (M, K) than `quantile` of real ones (R, K) are.

    Of real points that were held out it is 1 - `quantile`, so that is the value to compare with.
    """
    if not 0 < quantile < 1:
        raise ValueError(f"quantile must lie between 0 and 1, got {quantile}")
    limit = np.quantile(nearest_distance(real, known), quantile)
    return float((nearest_distance(points, known) > limit).mean())


def edges(images: Rows) -> float:
    """By how much neighbouring pixels differ, summed over an image (N, side^2) and averaged over images.

    Blur lowers it, and so does an image of nothing: compare reconstructions with their own originals.
    """
    images = np.asarray(images, np.float64)
    side = round(images.shape[-1] ** 0.5)
    if images.ndim != 2 or side * side != images.shape[1]:
        raise ValueError(f"images must be (N, side * side), got {images.shape}")
    squares = images.reshape(-1, side, side)
    return float(sum(np.abs(np.diff(squares, axis=axis)).sum(axis=(1, 2)) for axis in (1, 2)).mean())


def frechet_to_real(images: Rows) -> float:
    """The Fréchet distance of images (N, 784) to the 10 000 test images, in the judge's features."""
    return frechet_distance(judge.features(images), _test_features())


def confident_share(images: Rows) -> float:
    """Share of images (N, 784) of whose class the judge is more than 90 % sure."""
    return float((judge.certainty(images) > 0.9).mean())


def image_outlier_share(images: Rows) -> float:
    """Share of images (N, 784) further, in the judge's features, from 10 000 training images than 95 % of test images.

    At most 2000 of the images are looked at.
    """
    return outlier_share(judge.features(images[:2000]), _known_features(), _test_features()[:2000])


def _features(rows: Rows) -> NDArray[np.float64]:
    exact = np.asarray(rows, np.float64)
    if exact.ndim != 2 or len(exact) < 2 or not np.isfinite(exact).all():
        raise ValueError(f"features must be finite rows (N, K) with N at least 2, got {exact.shape}")
    return exact


@cache
def _test_features() -> NDArray[np.float32]:
    return judge.features(held_out("fashion").images)


@cache
def _known_features() -> NDArray[np.float32]:
    return judge.features(images_of("fashion").images[:10_000])
