"""What lesson 5 measures an autoencoder and a VAE with."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from torch import Generator

from course.fashion import sample
from course.models import VAE, Autoencoder
from course.studies import judge
from course.studies.class_means import class_means, class_sums
from course.studies.code_statistics import centre_length, mean_length, separation
from course.studies.ex_post_density import new_codes, sample_fitted_density
from course.studies.identifiability import (
    correlations,
    mass_moved,
    mean_correlation_coefficient,
    same_index_correlation,
    used,
)
from course.studies.sample_quality import confident_share


def draw(seed: int, *shape: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(shape)


def test_a_fitted_gaussian_has_the_mean_and_covariance_of_the_codes() -> None:
    codes = draw(0, 4000, 3) @ np.array([[2.0, 0, 0], [1, 1, 0], [0, 0, 0.5]]) + [5, 0, -1]
    drawn = sample_fitted_density(codes, 20_000, seed=1)
    assert drawn.dtype == np.float32
    np.testing.assert_allclose(drawn.mean(axis=0), codes.mean(axis=0), atol=0.06)
    np.testing.assert_allclose(np.cov(drawn, rowvar=False), np.cov(codes, rowvar=False), atol=0.15)


def test_a_mixture_finds_two_heaps_and_a_gaussian_fills_the_gap() -> None:
    codes = draw(0, 1000, 2) + np.repeat([[-10, 0], [10, 0]], 500, axis=0)
    gaussian, mixture = sample_fitted_density(codes, 1000), sample_fitted_density(codes, 1000, n_components=2)
    assert (np.abs(gaussian[:, 0]) < 5).mean() > 0.3
    assert (np.abs(mixture[:, 0]) < 5).mean() == 0
    assert abs(spearmanr(np.arange(1000), mixture[:, 0]).statistic) < 0.15  # the heaps come in random order


def test_a_fit_depends_on_its_seed_only_and_needs_enough_codes() -> None:
    codes = draw(0, 100, 3)
    np.testing.assert_array_equal(
        sample_fitted_density(codes, 5, 2, seed=3), sample_fitted_density(codes, 5, 2, seed=3)
    )
    assert (sample_fitted_density(codes, 5, seed=3) != sample_fitted_density(codes, 5, seed=4)).any()
    with pytest.raises(ValueError, match="more than 40"):
        sample_fitted_density(codes[:40], 5, n_components=40)
    with pytest.raises(ValueError, match="at least 1"):
        sample_fitted_density(codes, 0)


def test_class_sums_move_the_mean_of_a_class_onto_that_of_another() -> None:
    labels = np.repeat(np.arange(3), 20)
    rows = draw(0, 60, 4) + 9 * np.eye(3, 4)[labels]
    means = class_means(rows, labels, 3)
    sums = class_sums(rows, labels, means, per_class=20)
    assert len(sums.rows) == 3 * 2 * 20
    for a in range(3):
        for b in {0, 1, 2} - {a}:
            group = sums.rows[(sums.before == a) & (sums.wanted == b)]
            np.testing.assert_allclose(group.mean(axis=0), rows[labels == b].mean(axis=0))
            np.testing.assert_allclose(group - group[0], rows[labels == a] - rows[labels == a][0], atol=1e-12)
    assert LinearDiscriminantAnalysis().fit(rows, labels).score(sums.rows, sums.wanted) > 0.95
    with pytest.raises(ValueError, match=r"none of \[3\]"):
        class_means(rows, labels, 4)


def test_entries_that_changed_places_are_found_again() -> None:
    a = draw(0, 500, 4)
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


def test_mass_moved_of_a_linear_decoder_is_its_columns() -> None:
    weights, codes = torch.from_numpy(draw(0, 3, 6)), torch.from_numpy(draw(1, 50, 3))
    region = np.array([True, True, False, False, True, False])
    expected = np.abs(2 * codes.std(dim=0).numpy() * weights.numpy()[:, region].sum(axis=1))
    np.testing.assert_allclose(mass_moved(lambda z: z @ weights, codes, region), expected)


def test_lengths_and_separation() -> None:
    codes = np.array([[3.0, 4], [-3, -4], [0, 0]])
    assert mean_length(codes) == pytest.approx(10 / 3)
    assert centre_length(codes) == 0
    assert centre_length(codes + np.array([0, 2])) == 2
    points = np.array([[-1.0, 0], [1, 0], [9, 0], [11, 0]])
    labels = np.array([0, 0, 1, 1])
    assert separation(points, labels) == pytest.approx(10)
    assert separation(7 * points + 3, labels) == pytest.approx(10)  # no scale, no place
    with pytest.raises(ValueError, match="2 classes"):
        separation(points, np.zeros(4, int))


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


def test_the_judge_is_sure_of_noise_and_its_features_lead_to_its_answer() -> None:
    test, noise = sample("test"), np.random.default_rng(0).random((300, 784), dtype=np.float32)
    assert confident_share(noise) > confident_share(test.images)
    features, layer = judge.features(test.images), judge.judge().out
    logits = features @ layer.weight.detach().numpy().T + layer.bias.detach().numpy()
    np.testing.assert_array_equal(logits.argmax(axis=1), judge.classes(test.images))
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    np.testing.assert_allclose(judge.certainty(test.images), 1 / shares.sum(axis=1), rtol=1e-4)
