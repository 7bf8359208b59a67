"""Scores of strange images: against scipy, scikit-learn, closed forms and cases that can be counted by hand."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from scipy.spatial.distance import mahalanobis as scipy_mahalanobis
from scipy.stats import bernoulli, mannwhitneyu, percentileofscore
from torch import Generator, distributions

from course import checkpoints, datasets, runs
from course.fashion import FashionSet, sample
from course.models import VAE, Autoencoder
from course.patterns import bars512
from course.studies import left_out, ood_scores
from course.studies.ood_images import KINDS, ood_images
from course.training import Settings

seeds = st.integers(0, 2**31)
X = sample("test").images[:40]
RNG = np.random.default_rng(0)


def small(kind: type[Autoencoder] | type[VAE]) -> Autoencoder | VAE:
    return kind(784, 16, 3, 1, generator=Generator().manual_seed(0))


def scores(seed: int, count: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).integers(0, 9, count).astype(np.float64)  # with many ties


@settings(deadline=None)
@given(seeds, st.integers(1, 30), st.integers(1, 30))
def test_auroc_counts_the_pairs_in_which_the_strange_image_scores_higher(seed: int, n: int, m: int) -> None:
    usual, strange = scores(seed, n), scores(seed + 1, m)
    told = ood_scores.auroc(usual, strange)
    assert told == pytest.approx(mannwhitneyu(strange, usual).statistic / (n * m))
    assert told == pytest.approx(1 - ood_scores.auroc(strange, usual))
    assert told == pytest.approx(ood_scores.auroc(np.exp(usual), np.exp(strange)))  # ranks alone count
    assert ood_scores.auroc(usual, usual) == pytest.approx(0.5)


@settings(deadline=None)
@given(seeds, st.integers(1, 30), st.integers(1, 30))
def test_two_sided_is_the_distance_from_the_middle_percentile(seed: int, n: int, m: int) -> None:
    usual, points = scores(seed, n), scores(seed + 1, m)
    expected = np.abs(percentileofscore(usual, points, kind="mean") / 100 - 0.5)
    np.testing.assert_allclose(ood_scores.two_sided(points, usual), expected, atol=1e-12)
    np.testing.assert_allclose(ood_scores.two_sided(-points, -usual), expected, atol=1e-12)


def test_two_sided_finds_what_is_too_low_as_well_as_what_is_too_high() -> None:
    usual = np.arange(100.0)
    np.testing.assert_allclose(ood_scores.two_sided(np.array([-1, 1000, 49.5]), usual), [0.5, 0.5, 0])


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 5))
def test_mahalanobis_is_that_of_scipy_and_knows_no_units(seed: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    known, points = rng.standard_normal((60, width)) * 3 + 5, rng.standard_normal((7, width))
    inverse = np.linalg.inv(np.atleast_2d(np.cov(known, rowvar=False, bias=True)))
    expected = [scipy_mahalanobis(point, known.mean(axis=0), inverse) for point in points]
    np.testing.assert_allclose(ood_scores.mahalanobis(points, known), expected, rtol=1e-6)
    stretch = np.diag(rng.uniform(0.1, 10, width))
    np.testing.assert_allclose(ood_scores.mahalanobis(points @ stretch - 2, known @ stretch - 2), expected, rtol=1e-6)


def test_the_floor_is_the_entropy_of_each_pixel_and_the_least_that_any_image_can_cost() -> None:
    exact = X.astype(np.float64)
    np.testing.assert_allclose(ood_scores.grey_floor(X), bernoulli(exact).entropy().sum(axis=1), rtol=1e-6)
    assert ood_scores.grey_floor(np.full((1, 784), 0.5, np.float32)) == pytest.approx(784 * np.log(2))
    np.testing.assert_array_equal(ood_scores.grey_floor(np.eye(3, 784, dtype=np.float32)), 0)
    vae = small(VAE)
    assert isinstance(vae, VAE)
    assert (ood_scores.negative_elbos(vae, X) > ood_scores.grey_floor(X)).all()


def test_negative_elbo_of_an_image_is_that_of_torch_distributions() -> None:
    vae = small(VAE)
    assert isinstance(vae, VAE)
    x, generator = torch.from_numpy(X), Generator().manual_seed(3)
    with torch.no_grad():
        mu, log_var = vae.posterior(x)
        posterior = distributions.Normal(mu, (0.5 * log_var).exp())
        rate = distributions.kl_divergence(posterior, distributions.Normal(0.0, 1.0)).sum(dim=1)
        cost = torch.zeros(len(x), dtype=torch.float64)
        for _ in range(4):
            z = mu + posterior.scale * torch.randn(mu.shape, generator=generator)
            p = vae.decode_logits(z).double().sigmoid()
            cost -= (x * p.log() + (1 - x) * (1 - p).log()).sum(dim=1) / 4
    np.testing.assert_allclose(ood_scores.negative_elbos(vae, X, 4, seed=3), (cost + rate).numpy(), rtol=1e-4)
    different = ood_scores.negative_elbos(vae, X, 4, seed=4)
    assert (different != ood_scores.negative_elbos(vae, X, 4, seed=3)).any()


def test_scores_by_name_are_what_their_names_say() -> None:
    autoencoder, vae = small(Autoencoder), small(VAE)
    assert isinstance(autoencoder, Autoencoder)
    assert isinstance(vae, VAE)
    known = sample("train").images[:60]
    given = ood_scores.model_scores(autoencoder, vae, known, seed=1) | ood_scores.pixel_scores(known)
    of = {name: np.asarray(score(X)) for name, score in given.items()}
    assert all(values.shape == (40,) and np.isfinite(values).all() for values in of.values())
    with torch.no_grad():
        x = torch.from_numpy(X)
        back = autoencoder.decode(autoencoder.encode(x)).numpy()
        mu, log_var = (part.double().numpy() for part in vae.posterior(x))
        codes = vae.encode(torch.from_numpy(known)).double().numpy()
    np.testing.assert_allclose(
        of["error"], [np.linalg.norm(a - b) ** 2 for a, b in zip(back, X, strict=True)], rtol=1e-4
    )
    np.testing.assert_allclose(of["kl"], 0.5 * (mu**2 + np.exp(log_var) - 1 - log_var).sum(axis=1), rtol=1e-4)
    np.testing.assert_allclose(of["length"], np.sqrt((mu**2).sum(axis=1)), rtol=1e-5)
    np.testing.assert_allclose(of["nearest-code"], cdist(mu, codes).min(axis=1), atol=1e-4)
    np.testing.assert_allclose(of["nearest-image"], cdist(X, known).min(axis=1), rtol=1e-4)
    np.testing.assert_allclose(of["brightness"], X.sum(axis=1) / 784, rtol=1e-4)
    np.testing.assert_allclose(of["above-floor"] + ood_scores.grey_floor(X), of["elbo"], rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_as_many_images_and_the_same_ones_again(kind: str) -> None:
    made = ood_images(kind, X, seed=5)
    assert made.shape == X.shape
    assert made.dtype == np.float32
    assert made.min() >= 0
    assert made.max() <= 1
    np.testing.assert_array_equal(made, ood_images(kind, X, seed=5))
    assert (made != X).any(axis=1).mean() > 0.8  # a black square on black ground covers nothing


def test_strange_images_are_what_they_are_called() -> None:
    squares = X.reshape(-1, 28, 28)
    made = {kind: ood_images(kind, X) for kind in KINDS}
    np.testing.assert_array_equal(made["upside-down"].reshape(-1, 28, 28), np.flip(squares, 1))
    np.testing.assert_array_equal(made["mirrored"].reshape(-1, 28, 28), np.flip(squares, 2))
    flipped = np.isclose(made["flipped"], 1 - X) & ~np.isclose(X, 0.5)
    assert flipped.mean() == pytest.approx(0.1, abs=0.01)
    assert (flipped | (made["flipped"] == X)).all()
    covered = (made["square"] != X).reshape(-1, 28, 28)
    assert (made["square"][made["square"] != X] == 0).all()
    assert max(np.ptp(np.flatnonzero(image.any(axis=axis))) for image in covered if image.any() for axis in (0, 1)) == 7
    np.testing.assert_allclose(made["dimmed"], 0.3 * X, rtol=1e-6)
    assert (np.ptp(made["grey"], axis=1) == 0).all()
    assert np.ptp(made["grey"][:, 0]) > 0.5
    assert made["black"].max() == 0
    assert made["noise"].mean() == pytest.approx(0.5, abs=0.01)
    small_bars = {image.tobytes() for image in bars512().images.reshape(-1, 16, 16)}
    first = np.searchsorted(np.arange(28) * 16 // 28, np.arange(16))
    assert {
        image.tobytes() for image in np.ascontiguousarray(made["bars"].reshape(-1, 28, 28)[:, first][:, :, first])
    } <= small_bars
    with pytest.raises(ValueError, match="one of noise, flipped"):
        ood_images("odd", X)


def test_a_class_that_is_left_out_is_in_no_batch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    labels = np.repeat([0, 1], 64)
    images = np.repeat(np.eye(2, 784, dtype=np.float32), 64, axis=0)  # the first pixel is class 0, the second class 1
    monkeypatch.setattr(datasets, "images_of", lambda _data: FashionSet("two", images, labels))
    plan = Settings(steps=60, batch_size=16, learning_rate=1e-2, seed=0)
    brightest = {
        label: int(model.decode(model.encode(torch.from_numpy(images[:1]))).argmax())
        for label in (0, 1)
        for model in [left_out.trained_without(label, Autoencoder, plan, tmp_path)]
    }
    assert brightest == {0: 1, 1: 0}
    kept = {path.name for path in tmp_path.iterdir()}
    left_out.trained_without(0, Autoencoder, plan, tmp_path)
    assert sorted(checkpoints.read_record(tmp_path / name / "run")["without"] for name in kept) == [0, 1]
    [without_trousers] = runs.find(tmp_path, data="fashion", without=1)
    assert without_trousers.name in kept
    assert kept == {path.name for path in tmp_path.iterdir()}
    with pytest.raises(ValueError, match="0 to 9, got 10"):
        left_out.trained_without(10, Autoencoder, plan, tmp_path)
