"""What a map keeps: against scipy, brute force and cases that can be counted by hand."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist
from scipy.stats import rankdata
from sklearn.manifold import trustworthiness as sklearn_trustworthiness

from course.maps import Map, joint_pca, silhouette
from course.studies.map_limits import (
    clumping,
    continuity,
    distance_rank_correlation,
    gap_ratio,
    kmeans_clusters,
    kmeans_silhouette,
    nearest_neighbour_accuracy,
    neighbours_kept,
    noise_like,
    spread,
    three_clouds,
)

RNG = np.random.default_rng(0)
CODES = RNG.standard_normal((40, 5)) * [3, 2, 1, 1, 1]


def test_order_of_distances_is_spearman_of_all_pairs() -> None:
    made = joint_pca(CODES[:30], CODES[30:])
    ranks = [rankdata(pdist(points)) for points in (CODES, made.points)]
    assert distance_rank_correlation(made, CODES[:30], CODES[30:]) == pytest.approx(np.corrcoef(*ranks)[0, 1])
    assert distance_rank_correlation(joint_pca(CODES, dimensions=5), CODES) == pytest.approx(1)
    shuffled = Map((RNG.permutation(made.points),))
    assert abs(distance_rank_correlation(shuffled, CODES)) < 0.25
    with pytest.raises(ValueError, match="of 40 points, got 30 codes"):
        distance_rank_correlation(made, CODES[:30])


def test_nearest_across_is_what_all_distances_say() -> None:
    train, test = CODES[:25], CODES[25:]
    labels = np.arange(40) % 3
    by_hand = (labels[:25][cdist(test, train).argmin(axis=1)] == labels[25:]).mean()
    assert nearest_neighbour_accuracy(train, labels[:25], test, labels[25:]) == pytest.approx(by_hand)
    assert nearest_neighbour_accuracy(train, labels[:25], train, labels[:25]) == 1
    assert nearest_neighbour_accuracy(
        np.array([[0.0], [9]]), np.array([0, 1]), np.array([[1.0], [2], [8]]), np.array([0, 1, 1])
    ) == (pytest.approx(2 / 3))
    with pytest.raises(ValueError, match="same width, got 5 and 2"):
        nearest_neighbour_accuracy(train, labels[:25], test[:, :2], labels[25:])


def test_clusters_are_found_where_there_are_some_and_where_there_are_none() -> None:
    places = 50 * np.eye(3, 4).repeat(20, axis=0)
    points = places + RNG.standard_normal((60, 4))
    found = kmeans_clusters(points, 3)
    assert len({tuple(found[20 * i : 20 * i + 20]) for i in range(3)}) == 3
    assert all(len(set(found[20 * i : 20 * i + 20])) == 1 for i in range(3))
    assert kmeans_silhouette(points, 3) == pytest.approx(silhouette(points, found))
    assert kmeans_silhouette(points, 3) > 0.9
    noise = RNG.standard_normal((200, 4))
    assert len(np.unique(kmeans_clusters(noise))) == 10
    assert kmeans_silhouette(noise) < 0.4


def test_spread_of_a_cross() -> None:
    assert spread(np.array([[3.0, 0], [-3, 0], [0, 4], [0, -4]]) + 7) == pytest.approx(np.sqrt((9 + 9 + 16 + 16) / 4))


def test_the_clouds_have_the_widths_and_gaps_that_they_say() -> None:
    points, labels = three_clouds(0, count=4000)
    widths = [spread(points[labels == label]) for label in range(3)]
    np.testing.assert_allclose(widths, np.array([1, 10, 1]) * np.sqrt(16), rtol=0.03)
    assert gap_ratio(points, labels) == pytest.approx(10, rel=0.02)
    assert gap_ratio(np.array([[0.0], [1], [4]]), np.arange(3)) == pytest.approx(3)
    assert (three_clouds(1)[0] != three_clouds(2)[0]).all()


def test_neighbours_kept_is_counted_set_by_set() -> None:
    made = joint_pca(CODES[:25], CODES[25:])
    nearest = [
        [set(np.argsort(row)[1:7].tolist()) for row in cdist(rows, rows)]  # the first is the point itself
        for rows in (CODES, made.points)
    ]
    by_hand = np.mean([len(codes & points) / 6 for codes, points in zip(*nearest, strict=True)])
    assert neighbours_kept(made, CODES[:25], CODES[25:], k=6) == pytest.approx(by_hand)
    assert neighbours_kept(joint_pca(CODES, dimensions=5), CODES) == 1
    with pytest.raises(ValueError, match="below half of 40"):
        neighbours_kept(made, CODES[:25], CODES[25:], k=20)


def test_continuity_falls_where_neighbours_are_torn_apart_and_trust_where_strangers_meet() -> None:
    ring = np.arange(40) / 40 * 2 * np.pi
    circle = np.stack([np.cos(ring), np.sin(ring)], axis=1)
    cut = Map((ring[:, None] * [1, 0],))  # a line: the ends were neighbours
    folded = Map((circle * [1, 1e-6],))  # both halves on one line
    trust = [sklearn_trustworthiness(circle, made.points, n_neighbors=4) for made in (cut, folded)]
    assert continuity(cut, circle, k=4) < trust[0]
    assert continuity(folded, circle, k=4) > trust[1]
    assert continuity(Map((CODES @ np.eye(5)[::-1] + 1,)), CODES) == 1


def test_clumping_is_one_for_strewn_points_and_less_for_clumps() -> None:
    strewn = RNG.uniform(size=(4000, 2))
    assert clumping(strewn) == pytest.approx(1, abs=0.04)
    assert clumping(7 * strewn + 3) == pytest.approx(clumping(strewn))
    pairs = np.concatenate([strewn, strewn + 1e-9])
    assert clumping(pairs) < 0.01


def test_noise_like_codes_has_their_mean_and_covariance_and_none_of_their_groups() -> None:
    codes, _ = three_clouds(0, count=4000, dims=3)
    drawn = noise_like(codes, seed=1)
    assert drawn.shape == codes.shape
    spread = codes.std(axis=0)
    assert np.abs((drawn.mean(axis=0) - codes.mean(axis=0)) / spread).max() < 5 / np.sqrt(len(codes))
    assert np.abs((np.cov(drawn.T) - np.cov(codes.T)) / np.outer(spread, spread)).max() < 8 / np.sqrt(len(codes))
    empty = (codes[:, 0] > 300) & (codes[:, 0] < 900)  # the long gap between two clouds
    assert not empty.any()
    assert ((drawn[:, 0] > 300) & (drawn[:, 0] < 900)).mean() > 0.3
    assert (noise_like(codes, seed=1) == drawn).all()
    assert (noise_like(codes, seed=2) != drawn).all()
