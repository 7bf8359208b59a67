import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist

from course.fashion import sample
from course.studies import judge
from course.studies.sample_quality import confident_share, edges, frechet_distance, nearest_distance, outlier_share

seeds = st.integers(0, 2**31)


def rows(seed: int, count: int, width: int) -> NDArray[np.float64]:
    generator = np.random.default_rng(seed)
    samples = generator.standard_normal((count, width)) @ generator.standard_normal((width, width))
    return np.asarray(samples + generator.standard_normal(width))


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 6))
def test_frechet_distance_is_the_formula_with_the_root_of_scipy(seed: int, width: int) -> None:
    a, b = rows(seed, 40, width), rows(seed + 1, 50, width)
    cov_a, cov_b = (np.atleast_2d(np.cov(each, rowvar=False)) for each in (a, b))
    root = sqrtm(cov_a @ cov_b).real
    expected = np.square(a.mean(axis=0) - b.mean(axis=0)).sum() + np.trace(cov_a + cov_b - 2 * root)
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-6, abs=1e-8)
    assert frechet_distance(b, a) == pytest.approx(frechet_distance(a, b), rel=1e-8)


def test_frechet_distance_of_a_moved_and_a_stretched_cloud() -> None:
    a = rows(0, 200, 4)
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(a, a + np.array([3, 4, 0, 0])) == pytest.approx(25)
    assert frechet_distance(a, 3 * a - 2 * a.mean(axis=0)) == pytest.approx(4 * np.trace(np.cov(a, rowvar=False)))


def test_frechet_distance_where_features_never_vary() -> None:
    a = np.pad(rows(1, 50, 3), ((0, 0), (0, 4)))  # a ReLU that is always off
    assert frechet_distance(a, a + 1) == pytest.approx(7)


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (np.zeros((1, 3)), np.zeros((5, 3)), "at least 2"),
        (np.zeros((5, 3)), np.zeros((5, 2)), "one width"),
        (np.full((5, 3), np.nan), np.zeros((5, 3)), "finite"),
    ],
)
def test_frechet_distance_says_what_it_needs(a: NDArray[np.float64], b: NDArray[np.float64], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        frechet_distance(a, b)


@given(seeds)
def test_nearest_distance_is_the_smallest_of_all(seed: int) -> None:
    points, known = rows(seed, 7, 3), rows(seed + 1, 9, 3)
    np.testing.assert_allclose(nearest_distance(points, known), cdist(points, known).min(axis=1), atol=1e-6)


def test_strange_is_what_lies_further_than_most_real_ones() -> None:
    known, real = np.zeros((1, 1)), np.arange(1, 101.0)[:, None]  # 95.05 is their quantile
    points = np.array([[0.0], [95], [96], [-200]])
    assert outlier_share(points, known, real) == 0.5
    assert outlier_share(real, known, real) == pytest.approx(0.05)
    assert outlier_share(points, known, real, quantile=0.5) == 0.75
    with pytest.raises(ValueError, match="between 0 and 1"):
        outlier_share(points, known, real, quantile=1)


def test_edges_are_counted_in_both_directions_and_blur_lowers_them() -> None:
    square = np.zeros((4, 4))
    square[1:3, 1:3] = 1
    assert edges(square.reshape(1, 16)) == 8  # two rows and two columns, a step up and a step down each
    assert edges(np.full((3, 9), 0.7)) == 0
    noise = np.random.default_rng(0).random((5, 64))
    blurred = (noise.reshape(5, 8, 8) + np.roll(noise.reshape(5, 8, 8), 1, axis=2)) / 2
    assert edges(blurred.reshape(5, 64)) < edges(noise)
    with pytest.raises(ValueError, match="side"):
        edges(np.zeros((2, 10)))


def test_the_judge_is_sure_of_noise_and_its_features_lead_to_its_answer() -> None:
    test, noise = sample("test"), np.random.default_rng(0).random((300, 784), dtype=np.float32)
    assert confident_share(noise) > confident_share(test.images)
    features, layer = judge.features(test.images), judge.judge().out
    logits = features @ layer.weight.detach().numpy().T + layer.bias.detach().numpy()
    np.testing.assert_array_equal(logits.argmax(axis=1), judge.classes(test.images))
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    np.testing.assert_allclose(judge.certainty(test.images), 1 / shares.sum(axis=1), rtol=1e-4)
