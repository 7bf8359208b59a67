"""Maps of a latent space as data: many dimensions flattened to two, and what such a map is worth.

A map flattens. What it shows of neighbourhoods has to be measured; its distances, sizes and gaps mean little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Map", "PCAMap", "TSNEMap", "align", "codes_of_map", "finite_rows", "joint_mds", "joint_pca", "joint_tsne",
    "labelled_rows", "neighbour_share", "silhouette", "trustworthiness",
]  # fmt: skip

Codes = NDArray[np.floating]
Points = NDArray[np.float64]
Labels = NDArray[np.integer]
Start = Literal["pca", "random"]


@dataclass(frozen=True)
class Map:
    """One fit for all groups: `parts` holds the points (N_g, dimensions) of each group, in the order given."""

    parts: tuple[Points, ...]

    @property
    def points(self) -> Points:
        """All points (N, dimensions), group after group."""
        return np.concatenate(self.parts)


@dataclass(frozen=True)
class PCAMap(Map):
    """`explained` (dimensions,) is the share of the codes' variance along each axis, largest first."""

    explained: Points


@dataclass(frozen=True)
class TSNEMap(Map):
    """`perplexity` is about how many neighbours each point tries to keep."""

    perplexity: float
    seed: int
    start: Start


def joint_pca(*groups: Codes, dimensions: int = 2) -> PCAMap:
    """Groups of codes (N_g, Z) along the directions in which all of them together vary most (Pearson 1901).

    Raises ValueError for codes that cannot be mapped together: none, of unequal widths, not finite, all the same.
    """
    from sklearn.decomposition import PCA

    codes = _joined(groups)  # (N, Z)
    if not 1 <= dimensions <= min(codes.shape):
        raise ValueError(f"dimensions must lie between 1 and {min(codes.shape)} for codes {codes.shape}: {dimensions}")
    pca = PCA(dimensions, svd_solver="full")
    return PCAMap(_parted(pca.fit_transform(codes), groups), pca.explained_variance_ratio_)


def joint_mds(*groups: Codes) -> Map:
    """Groups of codes (N_g, Z), Z >= 2, on a plane whose distances are as near to those of the codes as can be found.

    Metric multidimensional scaling: from the PCA on, points move until the sum of the squared errors of all distances
    stops falling (SMACOF, de Leeuw 1977). Each step takes time by the square of the number of codes.
    Raises ValueError as `joint_pca`.
    """
    from sklearn.manifold import MDS

    codes = _joined(groups)  # (N, Z)
    if codes.shape[1] < 2:
        raise ValueError("MDS makes a map of two dimensions, but the codes have one: draw their histogram instead")
    made = MDS(2, n_init=1, init="classical_mds", random_state=0, normalized_stress=False).fit_transform(codes)
    return Map(_parted(np.asarray(made, np.float64), groups))


def joint_tsne(*groups: Codes, perplexity: float = 30.0, seed: int = 0, start: Start = "pca") -> TSNEMap:
    """Groups of codes (N_g, Z), Z >= 2, as one map in which neighbours stay neighbours (van der Maaten & Hinton 2008).

    Two fits cannot be laid over each other: each finds places of its own. Started from the PCA, a map hardly depends on
    `seed`; a random start shows what else the same codes can look like. Raises ValueError as `joint_pca`, and for
    fewer than 3 perplexity + 1 codes.
    """
    from sklearn.manifold import TSNE

    codes = _joined(groups)  # (N, Z)
    if codes.shape[1] < 2:
        raise ValueError("t-SNE makes a map of two dimensions, but the codes have one: draw their histogram instead")
    if not 1 <= perplexity <= (len(codes) - 1) / 3:
        raise ValueError(
            f"perplexity must lie between 1 and {(len(codes) - 1) / 3:.3g}, a third of the other points, got "
            f"{perplexity:g} for {len(codes)} codes: take more codes or a smaller perplexity"
        )
    tsne = TSNE(2, perplexity=perplexity, init=start, random_state=seed)
    return TSNEMap(_parted(np.asarray(tsne.fit_transform(codes), np.float64), groups), perplexity, seed, start)


def trustworthiness(made: Map, *groups: Codes, k: int = 5) -> float:
    """1 if the k neighbours of a point in the map were its neighbours among the codes, less for strangers, at least 0.

    `groups` are the codes that the map was made of; k must be below half their number (Venna & Kaski 2001).
    """
    from sklearn.manifold import trustworthiness as measured

    return float(measured(codes_of_map(made, groups, k), made.points, n_neighbors=k))


def neighbour_share(points: Codes, labels: Labels, k: int = 10) -> float:
    """Of the k nearest others of each point (N, K), the share that has its label (N,), averaged over points.

    Compare codes, map and pixels with the same k. By chance it is the sum of the squared shares of the labels.
    """
    from sklearn.neighbors import NearestNeighbors

    points, labels = labelled_rows(points, labels)
    if not 1 <= k < len(points):
        raise ValueError(f"k must lie between 1 and {len(points) - 1}, the number of other points, got {k}")
    others = NearestNeighbors(n_neighbors=k).fit(points).kneighbors(return_distance=False)  # (N, k)
    return float((labels[others] == labels[:, None]).mean())


def silhouette(points: Codes, labels: Labels) -> float:
    """How much nearer each point (N, K) is to its own label (N,) than to the next, averaged: -1 to 1 (Rousseeuw 1987).

    Raises ValueError for one label only, or as many as points.
    """
    from sklearn.metrics import silhouette_score

    points, labels = labelled_rows(points, labels)
    if not 2 <= (count := len(np.unique(labels))) < len(points):
        raise ValueError(f"silhouette needs at least 2 labels and fewer than the {len(points)} points, got {count}")
    return float(silhouette_score(points, labels))


def align(*maps: Codes) -> tuple[Points, ...]:
    """Maps (N, K) of the same points, centred, each turned and mirrored onto the one before, as near as it can be.

    Orthogonal Procrustes (Schönemann 1966). Distances within a map stay as they are; place and direction, which mean
    nothing in a PCA or t-SNE map, no longer jump between epochs. Do not align codes whose axes you want to see.
    """
    aligned: list[Points] = []
    for points in maps:
        if np.shape(points) != np.shape(maps[0]):
            raise ValueError(f"maps of the same points must have one shape, got {[np.shape(each) for each in maps]}")
        moving = finite_rows(points, "points")
        moving = moving - moving.mean(axis=0)
        if aligned:
            u, _, vt = np.linalg.svd(moving.T @ aligned[-1])  # (K, K)
            moving = moving @ (u @ vt)
        aligned.append(moving)
    return tuple(aligned)


def codes_of_map(made: Map, groups: tuple[Codes, ...], k: int) -> Points:
    """The codes (N, Z) of all groups; ValueError if the map is of others, or if k neighbours are no neighbourhood."""
    codes = _joined(groups)
    if [len(part) for part in made.parts] != [len(group) for group in groups]:
        raise ValueError(f"the map is of {[len(p) for p in made.parts]} points, got {[len(g) for g in groups]} codes")
    if not 1 <= k < len(codes) / 2:
        raise ValueError(f"k must be at least 1 and below half of {len(codes)} codes, got {k}")
    return codes


def finite_rows(codes: Codes, name: str) -> Points:
    """Codes as float64 rows (N, Z); ValueError, calling them `name`, if there are none or some are not finite."""
    rows = np.asarray(codes, np.float64)
    if rows.ndim != 2 or not rows.size:
        raise ValueError(f"{name} must be rows (N, Z) with N and Z at least 1, got {rows.shape}")
    if bad := np.flatnonzero(~np.isfinite(rows).all(axis=1)).tolist():
        raise ValueError(f"{name} must be finite, but row {bad[0]} is not ({len(bad)} in all): did training diverge?")
    return rows


def labelled_rows(points: Codes, labels: Labels) -> tuple[Points, Labels]:
    """Finite points (N, K) and their labels (N,); ValueError if there is not one label a point."""
    points, labels = finite_rows(points, "points"), np.asarray(labels)
    if labels.shape != (len(points),):
        raise ValueError(f"labels must be ({len(points)},), one a point, got {labels.shape}")
    return points, labels


def _joined(groups: tuple[Codes, ...]) -> Points:
    if not groups:
        raise ValueError("a map needs at least one group of codes, got none")
    found = [finite_rows(group, f"group {i} of {len(groups)}") for i, group in enumerate(groups, start=1)]
    if len(set(widths := [group.shape[1] for group in found])) > 1:
        raise ValueError(f"groups of one map must have the same width, got {widths}: are they codes of one model?")
    codes = np.concatenate(found)
    if (codes == codes[0]).all():
        raise ValueError(f"all {len(codes)} codes are the same point: there is nothing to map; has the KL collapsed?")
    return codes


def _parted(points: Points, groups: tuple[Codes, ...]) -> tuple[Points, ...]:
    return tuple(np.split(points, np.cumsum([len(group) for group in groups])[:-1]))
