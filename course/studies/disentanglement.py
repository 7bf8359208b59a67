"""Whether each latent dimension stands for one true factor: mutual information gap (MIG), and DCI.

Both look at single axes, so that a turn of the latent space, which changes no likelihood, changes them (Locatello et
al. 2019). Codes are rows (N, Z), factors rows (N, F) of whole numbers with every combination once.
"""

from __future__ import annotations

from math import log, pi
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from course.maps import finite_rows

__all__ = [
    "DCI",
    "Reader",
    "binned_information",
    "dci",
    "entropies",
    "mig",
    "posterior_information",
    "turned",
    "varying",
]

Array = NDArray[np.float64]
Factors = NDArray[np.integer]
Reader = Literal["linear", "forest"]
_ALIVE = 1e-2
"""Standard deviation of codes below which a dimension holds nothing, and its bins would only magnify rounding."""


class DCI(NamedTuple):
    """Disentanglement: does a dimension serve one factor? Completeness: is a factor in one dimension? From 0 to 1.

    `informativeness` is the share of held-out images whose factors a reader of the codes tells rightly.
    """

    disentanglement: float
    completeness: float
    informativeness: float


def varying(factors: Factors) -> Factors:
    """The columns of factors (N, F) that take more than one value; ValueError if there is none."""
    factors = np.asarray(factors)
    if factors.ndim != 2 or not factors.size or not np.issubdtype(factors.dtype, np.integer):
        raise ValueError(f"factors must be whole numbers (N, F), got {factors.dtype} {factors.shape}")
    kept = factors[:, (factors != factors[:1]).any(axis=0)]
    if not kept.shape[1]:
        raise ValueError("factors must hold one that varies, but each has a single value: nothing to find")
    return kept


def entropies(factors: Factors) -> Array:
    """Entropy (F,) of each factor (N, F), in nats."""
    shares = [np.unique(column, return_counts=True)[1] / len(factors) for column in np.asarray(factors).T]
    return np.array([-(share * np.log(share)).sum() for share in shares])


def binned_information(codes: NDArray[np.floating], factors: Factors, bins: int = 20) -> Array:
    """Mutual information (Z, F) in nats of each dimension of codes (N, Z), in `bins` equal steps, with each factor.

    The usual estimate, and too high where an image has few bins to share: for N images and L levels of a factor, by
    about (bins - 1) (L - 1) / 2N. A collapsed dimension counts as 0.
    """
    from sklearn.metrics import mutual_info_score

    codes, factors = _matching(codes, factors)
    if bins < 2:
        raise ValueError(f"bins must be at least 2, got {bins}")
    information = np.zeros((codes.shape[1], factors.shape[1]))
    for j in np.flatnonzero(codes.std(axis=0) > _ALIVE):
        steps = np.digitize(codes[:, j], np.histogram_bin_edges(codes[:, j], bins)[1:-1])
        information[j] = [mutual_info_score(steps, column) for column in factors.T]
    return information


def posterior_information(
    mu: NDArray[np.floating], log_var: NDArray[np.floating], factors: Factors, points: int = 10_000
) -> Array:
    """Mutual information (Z, F) in nats of z with each factor, where z is sampled from the posteriors (N, Z).

    I(z; v) = h(z) - h(z | v), whose densities are mixtures of the images' Gaussians: integrated on `points` of a line,
    without bins and, as the set is all there is, without an error of sampling (Chen et al. 2018, eq. 5).
    """
    mu, factors = _matching(mu, factors)
    sigma = np.exp(0.5 * finite_rows(log_var, "log_var"))
    if sigma.shape != mu.shape:
        raise ValueError(f"mu and log_var must have one shape, got {mu.shape} and {sigma.shape}")
    information = np.zeros((mu.shape[1], factors.shape[1]))
    for j in range(mu.shape[1]):
        line = _line(mu[:, j], sigma[:, j], points)
        densities = np.exp(-0.5 * ((line - mu[:, j, None]) / sigma[:, j, None]) ** 2)  # (N, P)
        densities /= sigma[:, j, None] * (2 * pi) ** 0.5
        whole = _entropy(densities.mean(axis=0), line)
        for k, column in enumerate(factors.T):
            values, counts = np.unique(column, return_counts=True)
            parts = [_entropy(densities[column == value].mean(axis=0), line) for value in values]
            information[j, k] = whole - float(counts @ np.array(parts)) / len(mu)
    return information


def mig(information: Array, entropy: Array) -> float:
    """Mutual information gap (Chen et al. 2018, eq. 6): by how much the best dimension of a factor leads, 0 to 1.

    `information` (Z, F) with each factor, whose `entropy` (F,) it is divided by; averaged over factors.
    """
    if len(information) < 2:
        raise ValueError("the gap is between a factor's two best dimensions, but there is one dimension only")
    first, second = np.sort(information, axis=0)[::-1][:2]
    return float(((first - second) / entropy).mean())


def dci(codes: NDArray[np.floating], factors: Factors, reader: Reader = "forest", seed: int = 0) -> DCI:
    """DCI of codes (N, Z) and factors (N, F) (Eastwood & Williams 2018), by what a `reader` of the codes looks at.

    A classifier for each factor learns from three quarters of the images; what it weighs is the importance (Z, F) of
    dimensions. "linear" is a logistic regression with an L1 penalty, "forest" a random forest.
    """
    from sklearn.model_selection import train_test_split

    codes, factors = _matching(codes, factors)
    spread = codes.std(axis=0)
    codes = (codes - codes.mean(axis=0)) / np.where(spread > _ALIVE, spread, np.inf)
    importance, right = np.zeros((codes.shape[1], factors.shape[1])), []
    for k, column in enumerate(factors.T):
        seen, held, target, truth = train_test_split(codes, column, test_size=0.25, random_state=seed, stratify=column)
        importance[:, k], score = _read(seen, target, held, truth, reader, seed)
        right.append(score)
    total = importance.sum()
    if total == 0:
        return DCI(0.0, 0.0, float(np.mean(right)))
    serves = importance.sum(axis=1) / total  # (Z,)
    needs = importance.sum(axis=0) / total  # (F,)
    return DCI(float(serves @ _purity(importance)), float(needs @ _purity(importance.T)), float(np.mean(right)))


def turned(codes: NDArray[np.floating], seed: int) -> Array:
    """Codes (N, Z) turned by a random rotation or mirror: the same distances, the same prior, other axes."""
    codes = finite_rows(codes, "codes")
    q, r = np.linalg.qr(np.random.default_rng(seed).standard_normal((codes.shape[1],) * 2))
    rotated: Array = codes @ (q * np.sign(np.diag(r)))
    return rotated


def _read(seen: Array, target: Factors, held: Array, truth: Factors, reader: Reader, seed: int) -> tuple[Array, float]:
    """The importance (Z,) of dimensions for one factor, and the share of held-out images that are told rightly."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression

    if reader == "forest":
        model = RandomForestClassifier(100, random_state=seed).fit(seen, target)
        return model.feature_importances_, float(model.score(held, truth))
    if reader == "linear":
        model = LogisticRegression(solver="saga", l1_ratio=1.0, max_iter=5000, tol=1e-3, random_state=seed)
        model = model.fit(seen, target)
        return np.abs(model.coef_).mean(axis=0), float(model.score(held, truth))
    raise ValueError(f'reader must be "linear" or "forest", got {reader!r}')


def _purity(importance: Array) -> Array:
    """For each row (M, K) one minus its entropy in units of ln K: 1 if all weight is in one place, 0 if it is even."""
    if importance.shape[1] == 1:
        return np.ones(len(importance))
    total = importance.sum(axis=1, keepdims=True)
    share = importance / np.where(total > 0, total, 1)
    entropy = -(share * np.log(np.where(share > 0, share, 1))).sum(axis=1)
    purity: Array = 1 - entropy / log(importance.shape[1])
    return purity


def _line(mu: Array, sigma: Array, points: int) -> Array:
    """About `points` to integrate on, around every one of the Gaussians (N,)."""
    grid = np.linspace(-8, 8, max(points // len(mu), 33))
    return np.unique(mu[:, None] + sigma[:, None] * grid)


def _entropy(density: Array, line: Array) -> float:
    """Differential entropy in nats of a density on a line, by the trapezium rule."""
    return float(np.trapezoid(-density * np.log(np.where(density > 0, density, 1)), line))


def _matching(codes: NDArray[np.floating], factors: Factors) -> tuple[Array, Factors]:
    codes, factors = finite_rows(codes, "codes"), varying(factors)
    if len(codes) != len(factors):
        raise ValueError(f"codes and factors must be of the same images, got {len(codes)} and {len(factors)}")
    return codes, factors
