import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from course.studies.identifiability import (
    correlations,
    mass_moved,
    mean_correlation_coefficient,
    pair_correlation,
    random_turn,
    same_index_correlation,
    used,
)


def normal(seed: int, *shape: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(shape)


def test_entries_that_changed_places_are_found_again() -> None:
    a = normal(0, 500, 4)
    a[:, 3] *= 0.01  # collapsed
    b = -a[:, [1, 2, 0, 3]]
    assert used(a).tolist() == [True, True, True, False]
    assert mean_correlation_coefficient(a, b) == pytest.approx(1)
    assert same_index_correlation(a, b) < 0.2
    assert same_index_correlation(a, a) == pytest.approx(1)
    expected = np.abs([[np.corrcoef(x, y)[0, 1] for y in b.T[:3]] for x in a.T[:3]])
    np.testing.assert_allclose(correlations(a, b)[:3, :3], expected)
    assert (correlations(a, b)[3] == 0).all()
    with pytest.raises(ValueError, match="same images"):
        correlations(a, b[:10])


def test_pairs_correlate_as_two_by_two_says_and_entries_out_of_use_do_not_count() -> None:
    a = normal(2, 2000, 3)
    a[:, 1] = a[:, 0] - a[:, 1]  # correlations of 0.71, 0 and 0
    a[:, 2] *= -3
    expected = np.mean([abs(np.corrcoef(a[:, i], a[:, j])[0, 1]) for i, j in ((0, 1), (0, 2), (1, 2))])
    assert pair_correlation(np.c_[a, 0.01 * a]) == pytest.approx(expected)
    assert pair_correlation(a[:, :2]) == pytest.approx(np.sqrt(0.5), abs=0.03)
    assert pair_correlation(a[:, :1]) == 0


def test_a_turn_keeps_all_distances_the_centre_and_what_is_not_used() -> None:
    codes = normal(0, 300, 5) * [1, 2, 0.01, 3, 1] + 4
    turned = random_turn(codes, 1)
    assert used(turned).tolist() == used(codes).tolist()
    np.testing.assert_array_equal(turned[:, 2], codes[:, 2])
    np.testing.assert_allclose(turned.mean(axis=0), codes.mean(axis=0))
    np.testing.assert_allclose(np.cov(turned.T).trace(), np.cov(codes.T).trace())
    np.testing.assert_allclose(
        np.linalg.norm(turned[1:] - turned[0], axis=1), np.linalg.norm(codes[1:] - codes[0], axis=1)
    )
    assert same_index_correlation(codes, turned) < 0.9
    np.testing.assert_array_equal(random_turn(codes, 1), turned)


def test_mass_moved_of_a_linear_decoder_is_its_columns() -> None:
    weights, codes = torch.from_numpy(normal(0, 3, 6)), torch.from_numpy(normal(1, 50, 3))
    region = np.array([True, True, False, False, True, False])
    expected = np.abs(2 * codes.std(dim=0).numpy() * weights.numpy()[:, region].sum(axis=1))
    np.testing.assert_allclose(mass_moved(lambda z: z @ weights, codes, region), expected)
