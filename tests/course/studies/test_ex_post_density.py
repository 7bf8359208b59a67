import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.stats import spearmanr
from torch import Generator

from course.fashion import sample
from course.models import VAE, Autoencoder
from course.studies.ex_post_density import new_codes, sample_fitted_density


def normal(seed: int, *shape: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(shape)


def test_a_fitted_gaussian_has_the_mean_and_covariance_of_the_codes() -> None:
    codes = normal(0, 4000, 3) @ np.array([[2.0, 0, 0], [1, 1, 0], [0, 0, 0.5]]) + [5, 0, -1]
    samples = sample_fitted_density(codes, 20_000, seed=1)
    assert samples.dtype == np.float32
    np.testing.assert_allclose(samples.mean(axis=0), codes.mean(axis=0), atol=0.06)
    np.testing.assert_allclose(np.cov(samples, rowvar=False), np.cov(codes, rowvar=False), atol=0.15)


def test_a_mixture_finds_two_heaps_and_a_gaussian_fills_the_gap() -> None:
    codes = normal(0, 1000, 2) + np.repeat([[-10, 0], [10, 0]], 500, axis=0)
    gaussian, mixture = sample_fitted_density(codes, 1000), sample_fitted_density(codes, 1000, n_components=2)
    assert (np.abs(gaussian[:, 0]) < 5).mean() > 0.3
    assert (np.abs(mixture[:, 0]) < 5).mean() == 0
    assert abs(spearmanr(np.arange(1000), mixture[:, 0]).statistic) < 0.15  # the heaps come in random order


def test_a_fit_depends_on_its_seed_only_and_needs_enough_codes() -> None:
    codes = normal(0, 100, 3)
    np.testing.assert_array_equal(
        sample_fitted_density(codes, 5, 2, seed=3), sample_fitted_density(codes, 5, 2, seed=3)
    )
    assert (sample_fitted_density(codes, 5, seed=3) != sample_fitted_density(codes, 5, seed=4)).any()
    with pytest.raises(ValueError, match="more than 40"):
        sample_fitted_density(codes[:40], 5, n_components=40)
    with pytest.raises(ValueError, match="at least 1"):
        sample_fitted_density(codes, 0)


def test_new_codes_come_from_where_each_model_has_its_codes() -> None:
    x = torch.from_numpy(sample("train").images)
    for kind in (Autoencoder, VAE):
        model = kind(784, 16, 3, 1, generator=Generator().manual_seed(0))
        with torch.no_grad():
            model.fc_mu.bias.add_(20)
            if isinstance(model, VAE):
                model.fc_log_var.bias.add_(4 - model.posterior(x)[1].mean(dim=0))  # sigma near e^2
            prior, fitted = (new_codes(model, x, source, 4000, 0) for source in ("prior", "gaussian"))
        assert prior.shape == fitted.shape == (4000, 3)
        assert prior.mean(dim=0).abs().max() < 0.1
        assert ((fitted.mean(dim=0) - 20).abs() < 1.5).all()
        assert (fitted.std(dim=0) > 6).all() == (kind is VAE)  # samples of its posteriors, not mu
