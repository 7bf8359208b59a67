"""What a map keeps of the codes that it was made of, and what it makes up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from course.maps import Map, codes_of_map, finite_rows, labelled_rows, silhouette

__all__ = [
    "clumping",
    "continuity",
    "distance_rank_correlation",
    "gap_ratio",
    "kmeans_clusters",
    "kmeans_silhouette",
    "nearest_neighbour_accuracy",
    "neighbours_kept",
    "noise_like",
    "spread",
    "three_clouds",
]

Points = NDArray[np.float64]
Labels = NDArray[np.integer]


def neighbours_kept(made: Map, *groups: NDArray[np.floating], k: int = 10) -> float:
    """Of the k nearest codes of each code (N_g, Z), the share that is among the k nearest on the map.

    By chance it is k / (N - 1).
    """
    from sklearn.neighbors import NearestNeighbors

    near_codes, near_points = (
        NearestNeighbors(n_neighbors=k).fit(rows).kneighbors(return_distance=False)  # (N, k)
        for rows in (codes_of_map(made, groups, k), made.points)
    )
    return float((near_codes[:, :, None] == near_points[:, None, :]).sum() / near_codes.size)


def continuity(made: Map, *groups: NDArray[np.floating], k: int = 5) -> float:
    """1 if the k nearest codes (N_g, Z) of a code are its neighbours on the map, less for each that is drawn far off.

    Trustworthiness with codes and map changed over (Venna & Kaski 2001).
    """
    from sklearn.manifold import trustworthiness

    return float(trustworthiness(made.points, codes_of_map(made, groups, k), n_neighbors=k))


def clumping(points: NDArray[np.floating]) -> float:
    """Mean distance of points (N, 2) to the nearest other, by what it is for points placed at random in their hull.

    About 1 without clumps, less with them (Clark & Evans 1954).
    """
    from scipy.spatial import ConvexHull
    from sklearn.neighbors import NearestNeighbors

    points = finite_rows(points, "points")
    nearest, _ = NearestNeighbors(n_neighbors=1).fit(points).kneighbors()  # (N, 1)
    return float(nearest.mean() / (0.5 * np.sqrt(ConvexHull(points).volume / len(points))))


def distance_rank_correlation(made: Map, *groups: NDArray[np.floating]) -> float:
    """Rank correlation of all distances in the map with those among the codes (N_g, Z): 1 keeps their order.

    Spearman 1904. By chance it is 0.
    """
    from scipy.spatial.distance import pdist
    from scipy.stats import spearmanr

    codes = np.concatenate([finite_rows(group, "codes") for group in groups])
    if len(codes) != len(made.points):
        raise ValueError(f"the map is of {len(made.points)} points, got {len(codes)} codes")
    return float(spearmanr(pdist(codes), pdist(made.points)).statistic)


def nearest_neighbour_accuracy(train: Points, train_labels: Labels, test: Points, test_labels: Labels) -> float:
    """Accuracy of a classifier by one neighbour: how many test points (M, K) have the label of their nearest
    train point (N, K).
    """
    from sklearn.neighbors import NearestNeighbors

    train, train_labels = labelled_rows(train, train_labels)
    test, test_labels = labelled_rows(test, test_labels)
    if train.shape[1] != test.shape[1]:
        raise ValueError(f"train and test must have the same width, got {train.shape[1]} and {test.shape[1]}")
    nearest = NearestNeighbors(n_neighbors=1).fit(train).kneighbors(test, return_distance=False)[:, 0]  # (M,)
    return float((train_labels[nearest] == test_labels).mean())


def kmeans_clusters(points: NDArray[np.floating], count: int = 10, seed: int = 0) -> NDArray[np.int64]:
    """The k-means cluster (N,) of each of the points (N, K): it finds `count` of them whether there are any or not."""
    from sklearn.cluster import KMeans

    found: NDArray[np.int64] = KMeans(count, n_init=1, random_state=seed).fit_predict(points).astype(np.int64)
    return found


def kmeans_silhouette(points: NDArray[np.floating], count: int = 10, seed: int = 0) -> float:
    """How well apart the clusters seem that k-means finds among these very points (N, K)."""
    return silhouette(points, kmeans_clusters(points, count, seed))


def spread(points: NDArray[np.floating]) -> float:
    """Root mean square distance of points (N, K) from their centre."""
    points = finite_rows(points, "points")
    return float(np.sqrt(np.square(points - points.mean(axis=0)).sum(axis=1).mean()))


def noise_like(codes: NDArray[np.floating], seed: int) -> Points:
    """As many draws (N, Z) from one Gaussian, with the mean and the covariance of codes (N, Z): it has no groups."""
    codes = finite_rows(codes, "codes")
    return np.random.default_rng(seed).multivariate_normal(codes.mean(axis=0), np.cov(codes.T), len(codes))


def three_clouds(seed: int, count: int = 200, dims: int = 16) -> tuple[Points, NDArray[np.int64]]:
    """Three Gaussian clouds of `count` points, with their number (3 count,): the second wide, the third far away.

    Their widths are 1, 10 and 1 a dimension, their centres lie on a line at 0, 100 and 1100: a width and a gap ten
    times the other.
    """
    widths, places = np.array([1.0, 10, 1]), np.array([0.0, 100, 1100])
    labels = np.arange(3).repeat(count)
    points = widths[labels, None] * np.random.default_rng(seed).standard_normal((3 * count, dims))
    points[:, 0] += places[labels]
    return points, labels


def gap_ratio(points: NDArray[np.floating], labels: Labels) -> float:
    """How many times as far the centre of label 2 is from that of 1 as the centre of 1 from that of 0."""
    points, labels = labelled_rows(points, labels)
    near, middle, far = (points[labels == label].mean(axis=0) for label in range(3))
    return float(np.linalg.norm(far - middle) / np.linalg.norm(middle - near))
