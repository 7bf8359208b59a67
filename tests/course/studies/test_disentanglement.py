from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.feature_selection import mutual_info_classif

from course.patterns import bars512, cross8x8
from course.studies.disentanglement import (
    binned_information,
    dci,
    entropies,
    mig,
    posterior_information,
    turned,
    varying,
)

CROSSES = varying(cross8x8().factors)  # (64, 2): two positions of eight values
IDENTITY = CROSSES.astype(float) - 7.5
NARROW = np.full(IDENTITY.shape, 2 * np.log(0.01))


def test_only_factors_that_vary_are_kept_and_their_entropy_is_that_of_equal_shares() -> None:
    assert CROSSES.shape == (64, 2)
    np.testing.assert_allclose(entropies(CROSSES), np.log([8, 8]))
    np.testing.assert_allclose(entropies(varying(bars512().factors)), np.log([4, 8, 8, 2]))


def test_a_code_that_is_the_factors_has_a_gap_of_one_by_both_estimates() -> None:
    exact = posterior_information(IDENTITY, NARROW, CROSSES)
    binned = binned_information(IDENTITY, CROSSES, 8)
    for information in (exact, binned):
        np.testing.assert_allclose(information, np.log(8) * np.eye(2), atol=1e-4)
        assert mig(information, entropies(CROSSES)) == pytest.approx(1, abs=1e-4)


def test_the_information_of_gaussian_posteriors_is_that_of_a_channel_sampled_and_counted() -> None:
    rng = np.random.default_rng(3)
    mu, log_var = rng.normal(size=(64, 1)) * 2, rng.normal(size=(64, 1)) - 1
    rows = rng.integers(0, 64, 200_000)
    z = mu[rows, 0] + np.exp(0.5 * log_var[rows, 0]) * rng.standard_normal(len(rows))
    densities = norm.pdf(z[:, None], mu[:, 0], np.exp(0.5 * log_var[:, 0]))  # (samples, 64)
    for k in range(2):
        given_value = np.where(CROSSES[:, k] == CROSSES[rows, k][:, None], densities, 0).sum(axis=1) / 8
        sampled = np.log(given_value / densities.mean(axis=1)).mean()
        assert posterior_information(mu, log_var, CROSSES)[0, k] == pytest.approx(sampled, abs=0.01)


def test_one_bit_through_noise_is_the_closed_form_of_two_gaussians() -> None:
    """For two values at distance 2a the information is ln 2 - E ln(1 + exp(-2a (a + eps))): Gauss-Hermite."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    for a in (0.2, 1.0, 2.0):
        lost = (weights * np.log1p(np.exp(-2 * a * (a + nodes)))).sum() / np.sqrt(2 * np.pi)
        found = posterior_information(np.array([[-a], [a]]), np.zeros((2, 1)), np.array([[0], [1]]))
        assert found[0, 0] == pytest.approx(np.log(2) - lost, abs=1e-6)


def test_a_dimension_at_the_prior_carries_nothing() -> None:
    mu, log_var = np.c_[IDENTITY, np.zeros(64)], np.c_[NARROW, np.zeros(64)]
    assert posterior_information(mu, log_var, CROSSES)[2] == pytest.approx([0, 0], abs=1e-6)
    assert (binned_information(mu, CROSSES)[2] == 0).all()
    nearly = np.c_[IDENTITY, 1e-4 * CROSSES[:, 0]]
    assert (binned_information(nearly, CROSSES)[2] == 0).all()


def test_binned_information_agrees_with_another_count() -> None:
    codes = np.random.default_rng(0).normal(size=(512, 3))
    factors = varying(bars512().factors)
    for j in range(3):
        edges = np.linspace(codes[:, j].min(), codes[:, j].max(), 11)
        steps = np.clip(np.searchsorted(edges, codes[:, j], side="right") - 1, 0, 9)
        for k in range(4):
            other = mutual_info_classif(steps[:, None], factors[:, k], discrete_features=True)
            assert binned_information(codes, factors, 10)[j, k] == pytest.approx(other[0])


def test_pure_noise_gains_information_from_bins_as_the_docstring_says() -> None:
    rng = np.random.default_rng(1)
    found = np.mean([binned_information(rng.random((512, 1)), CROSSES.repeat(8, axis=0), 10) for _ in range(50)])
    assert found == pytest.approx(9 * 7 / (2 * 512), rel=0.1)


def test_a_turn_keeps_distances_and_loses_the_gap() -> None:
    for seed in range(5):
        codes = turned(IDENTITY, seed)
        np.testing.assert_allclose(codes @ codes.T, IDENTITY @ IDENTITY.T, atol=1e-9)
    half = IDENTITY @ np.array([[1, -1], [1, 1]]) / np.sqrt(2)
    assert mig(posterior_information(half, NARROW, CROSSES), entropies(CROSSES)) < 0.3
    assert dci(half, CROSSES).disentanglement < 0.3


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31))
def test_information_lies_between_nothing_and_the_entropy_and_axes_have_no_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mu, log_var = rng.normal(size=(64, 3)), rng.normal(size=(64, 3)) - 2
    information = posterior_information(mu, log_var, CROSSES)
    assert (information > -1e-4).all()
    assert (information <= np.log(8) + 1e-4).all()
    order = rng.permutation(3)
    np.testing.assert_allclose(
        posterior_information(-mu[:, order], log_var[:, order], CROSSES), information[order], atol=1e-4
    )
    assert 0 <= mig(information, entropies(CROSSES)) <= 1


@pytest.mark.parametrize("reader", ["forest", "linear"])
def test_dci_is_high_for_the_factors_themselves_and_near_zero_for_noise(reader: str) -> None:
    factors = varying(bars512().factors)[:, 1:3]
    clean = dci(factors.astype(float), factors, reader)  # type: ignore[arg-type]
    assert clean.disentanglement > 0.8  # a forest splits on the other factor, too, so not 1
    assert clean.completeness > 0.8
    assert clean.informativeness > 0.95
    noise = dci(np.random.default_rng(0).normal(size=(512, 2)), factors, reader)  # type: ignore[arg-type]
    assert noise.disentanglement < 0.2
    assert noise.informativeness < 0.25


def test_dci_tells_a_dimension_that_serves_two_factors_from_a_factor_in_two_dimensions() -> None:
    factors = varying(bars512().factors)[:, 1:3]
    doubled = dci(np.c_[factors, factors[:, 0]].astype(float), factors)  # one factor has two dimensions
    assert doubled.disentanglement > 0.8
    assert doubled.completeness < 0.7
    shared = dci((factors[:, :1] * 8 + factors[:, 1:]).astype(float), factors)  # one dimension has both
    assert shared.disentanglement < 0.1
    assert shared.completeness == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [(lambda: varying(np.zeros((4, 2), int)), "nothing to find"),
     (lambda: varying(np.zeros((4, 2))), "whole numbers"),  # type: ignore[arg-type]
     (lambda: binned_information(IDENTITY[:5], CROSSES), "same images, got 5 and 64"),
     (lambda: binned_information(IDENTITY, CROSSES, 1), "at least 2, got 1"),
     (lambda: posterior_information(IDENTITY, NARROW[:, :1], CROSSES), "one shape"),
     (lambda: mig(np.ones((1, 2)), np.ones(2)), "one dimension only"),
     (lambda: dci(IDENTITY, CROSSES, "tree"), 'must be "linear" or "forest"'),  # type: ignore[arg-type]
     (lambda: dci(np.full((64, 2), np.nan), CROSSES), "did training diverge")],
)  # fmt: skip
def test_what_cannot_be_measured_is_said(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
