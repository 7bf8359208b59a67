"""Mardia's tests against their definition, known distributions, and their own level."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import ortho_group

from course.studies.gaussianity import classes_rejected, mardia

seeds = st.integers(0, 2**31)


def gaussian(seed: int, count: int, dims: int = 2) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal((count, dims))


@settings(deadline=None, max_examples=20)
@given(seeds, st.integers(6, 25), st.integers(1, 4))
def test_both_are_the_sums_over_pairs_that_define_them(seed: int, count: int, dims: int) -> None:
    points = gaussian(seed, count, dims)
    inverse = np.linalg.inv(np.cov(points.T, bias=True).reshape(dims, dims))
    away = [point - points.mean(axis=0) for point in points]
    found = mardia(points)
    assert found.skewness == pytest.approx(sum((a @ inverse @ b) ** 3 for a in away for b in away) / count**2)
    assert found.kurtosis == pytest.approx(sum((a @ inverse @ a) ** 2 for a in away) / count)


@settings(deadline=None, max_examples=20)
@given(seeds)
def test_neither_sees_place_turn_nor_scale(seed: int) -> None:
    points = gaussian(seed, 40, 3)
    moved = points @ ortho_group.rvs(3, random_state=seed % 2**32) * 7 + 100
    np.testing.assert_allclose(mardia(moved), mardia(points), rtol=1e-6)


def test_of_one_dimension_they_are_the_ordinary_ones() -> None:
    from scipy.stats import kurtosis, skew

    points = np.random.default_rng(0).exponential(size=(500, 1))
    found = mardia(points)
    assert found.skewness == pytest.approx(skew(points[:, 0]) ** 2)
    assert found.kurtosis == pytest.approx(kurtosis(points[:, 0], fisher=False))


def test_a_gaussian_has_the_values_of_the_closed_form() -> None:
    for dims in (1, 2, 5):
        found = mardia(gaussian(0, 2000, dims))
        assert found.kurtosis == pytest.approx(dims * (dims + 2), rel=0.05)
        assert found.skewness < 0.1 * dims


def test_a_uniform_square_has_its_own_kurtosis() -> None:
    square = np.random.default_rng(0).uniform(size=(2000, 2))
    assert mardia(square).kurtosis == pytest.approx(2 * 9 / 5 + 2, rel=0.03)  # 1.8 an axis, and twice 1 for the pair


def test_a_test_at_five_percent_rejects_about_that_many_gaussians() -> None:
    rejected = np.mean([mardia(gaussian(seed, 300)).rejects(0.05) for seed in range(200)])
    assert 0.01 < rejected < 0.1


@pytest.mark.parametrize("shape", ["skewed", "heavy"])
def test_what_is_no_gaussian_is_rejected(shape: str) -> None:
    rng = np.random.default_rng(0)
    points = rng.exponential(size=(500, 2)) if shape == "skewed" else rng.standard_t(4, size=(500, 2))
    assert mardia(points).rejects(0.01)


def test_classes_are_counted_one_by_one() -> None:
    rng = np.random.default_rng(0)
    codes = np.concatenate([gaussian(1, 500), rng.exponential(size=(500, 2)), rng.standard_t(3, size=(500, 2))])
    assert classes_rejected(codes, np.arange(3).repeat(500)) == 2


def test_points_without_a_width_are_refused() -> None:
    line = np.outer(np.arange(9.0), [1, 2])
    with pytest.raises(ValueError, match="9 points must fill their 2 dimensions"):
        mardia(line)
    with pytest.raises(ValueError, match="must fill their 3 dimensions"):
        mardia(gaussian(0, 3, 3))
