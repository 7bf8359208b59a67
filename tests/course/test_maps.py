import subprocess
import sys
from collections.abc import Callable
from typing import Literal

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes
from scipy.spatial.distance import cdist, pdist
from scipy.stats import ortho_group
from sklearn.cluster import KMeans
from sklearn.manifold import TSNE
from sklearn.neighbors import KNeighborsClassifier

from course.maps import (
    Map,
    align,
    joint_mds,
    joint_pca,
    joint_tsne,
    neighbour_share,
    silhouette,
    trustworthiness,
)

Points = NDArray[np.float64]
seeds = st.integers(0, 2**31)
SCALES = np.array([5.0, 3, 1.5, 0.5])


def normal(seed: int, *shape: int) -> Points:
    return np.random.default_rng(seed).standard_normal(shape)


def codes(seed: int, count: int) -> Points:
    made: Points = normal(seed, count, 4) * SCALES + 7
    return made


def turn(seed: int, dims: int) -> Points:
    """A random orthogonal matrix (dims, dims), mirrors among them."""
    matrix: Points = ortho_group.rvs(dims, random_state=seed % 2**32)
    return matrix


def same_up_to_signs(a: Points, b: Points) -> None:
    np.testing.assert_allclose(a, b * np.sign((a * b).sum(axis=0)), atol=1e-8)


def blobs(seed: int, count: int) -> tuple[Points, NDArray[np.int64]]:
    labels = np.arange(count) % 3
    return normal(seed, count, 5) + 20 * np.eye(3, 5)[labels], labels


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(4, 30), st.integers(1, 30), st.integers(1, 4))
def test_pca_is_the_svd_of_all_codes_together(seed: int, first: int, second: int, dimensions: int) -> None:
    train, test = codes(seed, first), codes(seed + 1, second) + 2
    made = joint_pca(train, test, dimensions=dimensions)
    together = np.concatenate([train, test])
    u, s, _ = np.linalg.svd(together - together.mean(axis=0), full_matrices=False)
    same_up_to_signs(made.points, (u * s)[:, :dimensions])
    np.testing.assert_allclose(made.explained, (s**2 / (s**2).sum())[:dimensions], atol=1e-10)
    assert [part.shape for part in made.parts] == [(first, dimensions), (second, dimensions)]


def test_pca_of_a_line_has_one_axis_with_the_true_distances() -> None:
    made = joint_pca(np.array([[0.0, 0, 0], [1, 2, 2]]), np.array([[3.0, 6, 6]]))
    np.testing.assert_allclose(made.explained, [1, 0], atol=1e-12)
    np.testing.assert_allclose(pdist(made.points), [3, 9, 6])


@settings(deadline=None, max_examples=30)
@given(seeds)
def test_pca_sees_neither_order_nor_place_nor_turn(seed: int) -> None:
    a, b, c = codes(seed, 20), codes(seed + 1, 30), codes(seed + 2, 10)
    made = joint_pca(a, b, c)
    for part, other in zip(made.parts, joint_pca(c, a, b).parts[1:], strict=False):
        np.testing.assert_allclose(part, other, atol=1e-8)
    np.testing.assert_allclose(joint_pca(a + 100, b + 100, c + 100).points, made.points, atol=1e-8)
    q = turn(seed, 4)
    turned = joint_pca(a @ q, b @ q, c @ q)
    same_up_to_signs(turned.points, made.points)
    np.testing.assert_allclose(turned.explained, made.explained)


def test_two_fits_laid_over_each_other_would_hide_a_shift_that_a_joint_one_shows() -> None:
    train, test = codes(0, 200), codes(1, 200) + np.array([15, 0, 0, 0])
    gap = np.subtract(*(part.mean(axis=0) for part in joint_pca(train, test).parts))
    assert np.linalg.norm(gap) == pytest.approx(15, rel=0.1)
    apart = np.subtract(*(joint_pca(group).points.mean(axis=0) for group in (train, test)))
    np.testing.assert_allclose(apart, 0, atol=1e-10)


def test_tsne_is_one_fit_that_its_seed_and_perplexity_give_again() -> None:
    points, labels = blobs(0, 90)
    made = joint_tsne(points[:60], points[60:], perplexity=8, seed=3)
    assert (made.perplexity, made.seed, made.start) == (8, 3, "pca")
    assert [part.shape for part in made.parts] == [(60, 2), (30, 2)]
    again = joint_tsne(points[:10], points[10:50], points[50:], perplexity=8, seed=3)
    np.testing.assert_array_equal(again.points, made.points)
    assert neighbour_share(made.points, labels, k=5) == 1
    assert trustworthiness(made, points[:60], points[60:]) > 0.9


@pytest.mark.parametrize("start", ["pca", "random"])
def test_tsne_is_that_of_scikit_learn(start: Literal["pca", "random"]) -> None:
    points = codes(0, 60)
    expected = TSNE(init=start, perplexity=9, random_state=3).fit_transform(points)
    made = joint_tsne(points[:40], points[40:], perplexity=9, seed=3, start=start)
    np.testing.assert_array_equal(made.points, expected)
    other = joint_tsne(points, perplexity=9, seed=4, start=start)
    assert np.allclose(other.points, made.points) == (start == "pca"), "from the PCA on, another seed changes nothing"


def test_torch_codes_are_welcome() -> None:
    given = torch.from_numpy(codes(0, 8))
    np.testing.assert_array_equal(joint_pca(given.numpy()).points, joint_pca(given).points)  # type: ignore[arg-type]


def test_clusters_found_in_noise_look_better_on_a_map() -> None:
    """Ten k-means clusters of pure noise, found on the map, gain silhouette; those of the codes themselves lose it.

    Any flattening does it, the PCA as well.
    """
    noise = normal(0, 300, 16)

    def clusters(points: Points) -> NDArray[np.integer]:
        return np.asarray(KMeans(10, n_init=1, random_state=0).fit_predict(points))

    of_codes = clusters(noise)
    before = silhouette(noise, of_codes)
    assert 0 < before < 0.1
    for made in (joint_tsne(noise), joint_pca(noise)):
        assert silhouette(made.points, clusters(made.points)) > 0.28
        assert silhouette(made.points, of_codes) < before
        assert trustworthiness(made, noise) < 0.9


def brute_trustworthiness(points: Points, flat: Points, k: int) -> float:
    n = len(points)
    rank = cdist(points, points).argsort(axis=1).argsort(axis=1)  # 0 for the point itself
    shown = cdist(flat, flat).argsort(axis=1)[:, 1 : k + 1]
    penalty = sum(max(0, int(rank[i, j]) - k) for i in range(n) for j in shown[i])
    return 1 - penalty * 2 / (n * k * (2 * n - 3 * k - 1))


@settings(deadline=None, max_examples=20)
@given(seeds, st.integers(1, 9))
def test_trustworthiness_is_the_formula(seed: int, k: int) -> None:
    points, flat = normal(seed, 20, 5), normal(seed + 1, 20, 2)
    made = Map((flat[:12], flat[12:]))
    assert trustworthiness(made, points[:12], points[12:], k=k) == pytest.approx(brute_trustworthiness(points, flat, k))
    swapped = Map((flat[12:], flat[:12]))
    assert trustworthiness(swapped, points[12:], points[:12], k=k) == pytest.approx(
        trustworthiness(made, points[:12], points[12:], k=k)
    )
    assert trustworthiness(Map((points,)), points @ turn(seed, 5), k=k) == 1


@settings(deadline=None, max_examples=20)
@given(seeds, st.integers(1, 24), st.integers(1, 4))
def test_neighbour_share_is_what_leaving_each_point_out_gives(seed: int, k: int, kinds: int) -> None:
    points = normal(seed, 25, 3)
    labels = np.random.default_rng(seed).integers(kinds, size=25)
    shares = []
    for i in range(25):
        rest = np.arange(25) != i
        model = KNeighborsClassifier(k, algorithm="brute").fit(points[rest], labels[rest])
        shares.append(model.predict_proba(points[i : i + 1])[0, model.classes_ == labels[i]].sum())
    found = neighbour_share(points, labels, k)
    assert found == pytest.approx(np.mean(shares))
    assert neighbour_share(points @ turn(seed, 3) + 5, labels, k) == pytest.approx(found)


def test_neighbour_share_of_points_on_a_line() -> None:
    points, labels = np.array([[0.0], [1], [2], [10], [11], [12]]), np.array([0, 0, 0, 1, 1, 1])
    assert neighbour_share(points, labels, 2) == 1
    assert neighbour_share(points, labels, 3) == pytest.approx(2 / 3)
    assert neighbour_share(np.repeat(points, 2, axis=0), np.tile([0, 1], 6), 1) == 0, "a twin is another point"


def test_silhouette_of_two_pairs() -> None:
    points, labels = np.array([[0.0], [1], [10], [11]]), np.array([4, 4, 7, 7])
    assert silhouette(points, labels) == pytest.approx(1 - (1 / 10.5 + 1 / 9.5) / 2)


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(2, 4), st.integers(5, 20))
def test_align_undoes_turns_mirrors_and_moves(seed: int, dims: int, count: int) -> None:
    maps = [normal(seed + epoch, count, dims) for epoch in range(4)]
    aligned = align(*maps)
    moved = [maps[0], *(points @ turn(seed + i, dims) + 10 * i for i, points in enumerate(maps[1:], start=1))]
    for a, b, points in zip(aligned, align(*moved), maps, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-7)
        np.testing.assert_allclose(pdist(a), pdist(points), atol=1e-9)
    for before, after, points in zip(aligned, aligned[1:], maps[1:], strict=False):
        centred = points - points.mean(axis=0)
        np.testing.assert_allclose(after, centred @ orthogonal_procrustes(centred, before)[0], atol=1e-7)


def test_align_stops_a_flip_and_keeps_growth() -> None:
    points = normal(0, 30, 2)
    points -= points.mean(axis=0)
    first, second, third = align(points, 2 * points * [-1, 1], 3 * points[:, ::-1])
    np.testing.assert_allclose(first, points, atol=1e-12)
    np.testing.assert_allclose(second, 2 * points, atol=1e-12)
    np.testing.assert_allclose(third, 3 * points, atol=1e-12)
    assert align() == ()


NAN = np.array([[1.0, 2], [np.nan, 0]])
FEW = codes(0, 10)
FAULTS: list[tuple[Callable[[], object], str]] = [
    (lambda: joint_pca(), "at least one group of codes, got none"),
    (lambda: joint_pca(FEW, np.empty((0, 4))), r"group 2 of 2 must be rows \(N, Z\).* got \(0, 4\)"),
    (lambda: joint_pca(FEW[:, 0]), r"group 1 of 1 must be rows .* got \(10,\)"),
    (lambda: joint_pca(FEW[:, :2], NAN), r"group 2 of 2 must be finite, but row 1 is not \(1 in all\)"),
    (lambda: joint_tsne(FEW[:, :2], np.full((3, 2), np.inf)), "group 2 of 2 must be finite"),
    (lambda: joint_pca(FEW, FEW[:, :3]), r"same width, got \[4, 3\]"),
    (lambda: joint_pca(np.ones((5, 3)), np.ones((2, 3))), "all 7 codes are the same point"),
    (lambda: joint_pca(FEW, dimensions=5), r"between 1 and 4 for codes \(10, 4\): 5"),
    (lambda: joint_pca(FEW, dimensions=0), "between 1 and 4"),
    (lambda: joint_tsne(FEW, FEW), "between 1 and 6.33, .* got 30 for 20 codes: take more codes or a smaller"),
    (lambda: joint_tsne(FEW, perplexity=3.1), "between 1 and 3, .* got 3.1 for 10 codes"),
    (lambda: joint_tsne(FEW, perplexity=0.5), "perplexity must lie between 1 and 3"),
    (lambda: joint_tsne(FEW[:, :1], perplexity=2), "the codes have one: draw their histogram"),
    (lambda: trustworthiness(Map((FEW,)), FEW[:5], FEW[5:], k=2), r"of \[10\] points, got \[5, 5\] codes"),
    (lambda: trustworthiness(Map((FEW,)), FEW, k=5), "below half of 10 codes, got 5"),
    (lambda: neighbour_share(FEW, np.zeros(9, int), 2), r"labels must be \(10,\), one a point, got \(9,\)"),
    (lambda: neighbour_share(FEW, np.zeros(10, int), 10), "between 1 and 9, .* got 10"),
    (lambda: neighbour_share(NAN, np.zeros(2, int), 1), "points must be finite"),
    (lambda: silhouette(FEW, np.zeros(10, int)), "at least 2 labels .* got 1"),
    (lambda: silhouette(FEW, np.arange(10)), "fewer than the 10 points, got 10"),
    (lambda: align(FEW, FEW[:9]), r"one shape, got \[\(10, 4\), \(9, 4\)\]"),
    (lambda: align(FEW[:2, :2], NAN), "points must be finite"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "message"), FAULTS)
def test_an_error_says_what_was_expected_and_what_came(wrong: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wrong()


def test_as_many_codes_as_the_perplexity_needs_are_enough() -> None:
    assert joint_tsne(FEW, perplexity=3).points.shape == (10, 2)


def test_importing_maps_is_quick() -> None:
    heavy = "{'torch', 'sklearn', 'scipy', 'matplotlib'} & set(sys.modules)"
    code = f"import sys, course.maps; assert not {heavy}, {heavy}"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_mds_lays_a_plane_out_as_it_was_and_beats_pca_where_there_is_none() -> None:
    plane = normal(0, 30, 2) * 3 @ turn(1, 6)[:2]
    np.testing.assert_allclose(pdist(joint_mds(plane[:10], plane[10:]).points), pdist(plane), atol=1e-6)
    noise = normal(2, 60, 8)
    stress = [np.square(pdist(made.points) - pdist(noise)).sum() for made in (joint_mds(noise), joint_pca(noise))]
    assert stress[0] < 0.7 * stress[1]
    with pytest.raises(ValueError, match="the codes have one"):
        joint_mds(normal(3, 9, 1))
