"""Each likelihood against quadrature, torch's own distributions, and in a model that trains, saves and loads."""

from math import isfinite, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Generator

from course import checkpoints, experiment
from course.errors import CourseError
from course.likelihoods import Bernoulli, ContinuousBernoulli, Gaussian, Likelihood, log_normaliser, named
from course.metrics import negative_elbo, quality
from course.models import VAE, Autoencoder
from course.patterns import lines64
from course.run_config import RunConfig
from course.training import Settings, fit

LOGITS = st.floats(-30, 30, allow_nan=False)


def density(likelihood: Likelihood, output: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """p(x | z) of one pixel with each of these values."""
    with torch.no_grad():
        outputs = torch.full((len(x), 1), output, dtype=torch.float64)
        return np.asarray(torch.exp(-likelihood.nats(outputs, torch.from_numpy(x)[:, None])))


def grid(low: float, high: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places and weights of a Gauss-Legendre quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(400)
    return low + (high - low) * (nodes + 1) / 2, weights * (high - low) / 2


@given(LOGITS)
def test_the_continuous_bernoulli_integrates_to_one_and_has_the_mean_that_it_says(output: float) -> None:
    x, weights = grid(0, 1)
    mass = weights * density(ContinuousBernoulli(), output, x)
    assert mass.sum() == pytest.approx(1, abs=1e-6)
    assert ContinuousBernoulli().mean(torch.tensor(output).double()).item() == pytest.approx(mass @ x, abs=1e-6)


def test_the_binary_cross_entropy_of_grey_pixels_is_no_density() -> None:
    x, weights = grid(0, 1)
    assert weights @ density(Bernoulli(), 0.0, x) == pytest.approx(0.5)


@pytest.mark.parametrize("scale", [0.05, 0.5, 3.0])
def test_the_gaussian_integrates_to_one(scale: float) -> None:
    x, weights = grid(0.67 - 10 * scale, 0.67 + 10 * scale)
    assert weights @ density(Gaussian(scale), 0.7, x) == pytest.approx(1, abs=1e-6)


@given(st.floats(-12, 12), st.floats(0, 1))
def test_torch_says_the_same_of_a_continuous_bernoulli(output: float, x: float) -> None:
    theirs: Any = torch.distributions.ContinuousBernoulli(logits=torch.tensor(output).double(), lims=(0.4999, 0.5001))
    expected = float(theirs.log_prob(torch.tensor(x).double()))
    assert np.log(density(ContinuousBernoulli(), output, np.array([x]))) == pytest.approx(expected, abs=1e-4)


@given(st.floats(0, 1), st.floats(-5, 5))
def test_torch_says_the_same_of_a_gaussian(x: float, output: float) -> None:
    ours = Gaussian(0.3).nats(torch.tensor([[output]]), torch.tensor([[x]]))
    theirs: Any = torch.distributions.Normal(torch.sigmoid(torch.tensor(output)), 0.3)
    assert float(ours) == pytest.approx(-float(theirs.log_prob(torch.tensor(x))), rel=1e-4, abs=1e-4)


@given(st.floats(-1e-2, 1e-2) | LOGITS | st.sampled_from([0.0, 0.1, -0.1, 0.0999999, 1e4, -1e4]))
def test_normaliser_and_mean_are_finite_even_and_smooth_with_their_gradients(output: float) -> None:
    logit = torch.tensor(output, dtype=torch.float64, requires_grad=True)
    value, mean = log_normaliser(logit), ContinuousBernoulli().mean(logit)
    [slopes] = torch.autograd.grad(value + mean, logit)
    assert all(isfinite(number.item()) for number in (value, mean, slopes))
    assert 0 <= mean.item() <= 1
    assert log_normaliser(-logit).item() == pytest.approx(value.item())
    assert log_normaliser(logit + 1e-6).item() == pytest.approx(value.item(), abs=1e-5)


def test_gradients_are_right_on_both_sides_of_the_series() -> None:
    logits = torch.tensor([-3.0, -0.1001, -0.0999, 0.0, 0.05, 0.11, 8.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(log_normaliser, logits)
    assert torch.autograd.gradcheck(ContinuousBernoulli().mean, logits)


@pytest.mark.parametrize("name", ["continuous", "gaussian"])
def test_a_model_with_it_learns_saves_and_loads(name: str, tmp_path: Path) -> None:
    images = lines64().images
    model = VAE(latent_dim=2, hidden_dim=32, likelihood=name, generator=Generator().manual_seed(0))
    history = fit(model, images, Settings(steps=200), progress=False)
    assert history.steps[-1, 0] < history.steps[0, 0]
    checkpoints.save(model, tmp_path / "grey", {})
    again = checkpoints.load(tmp_path / "grey")
    assert again.size == model.size
    assert again.size["likelihood"] == name
    x = torch.from_numpy(images[:5])
    assert torch.equal(again(x, eps=torch.zeros(5, 2))[0], model(x, eps=torch.zeros(5, 2))[0])
    assert "entropy_floor" not in quality(again, lines64(), generator=Generator().manual_seed(0))


def test_the_gaussian_learns_its_scale_which_stays_above_the_narrowest() -> None:
    model = Autoencoder(latent_dim=8, hidden_dim=64, likelihood="gaussian", generator=Generator().manual_seed(0))
    fit(model, lines64().images, Settings(steps=600), progress=False)
    assert isinstance(model.pixels, Gaussian)
    x = torch.from_numpy(lines64().images)
    with torch.no_grad():
        spread = float((model(x) - x).square().mean().sqrt())
    assert model.pixels.scale.item() == pytest.approx(spread, rel=0.5)
    model.pixels.log_scale.data.fill_(-50)
    assert model.pixels.scale.item() == pytest.approx(1e-3)


def test_a_fixed_scale_is_kept_and_a_learned_one_is_a_parameter() -> None:
    fixed = VAE(likelihood="gaussian", scale=0.5)
    assert fixed.size["scale"] == 0.5
    assert "pixels.log_scale" not in fixed.state_dict()
    assert "pixels.log_scale" in VAE(likelihood="gaussian").state_dict()


def test_the_usual_likelihood_changes_no_name_and_no_weight() -> None:
    assert "likelihood" not in VAE().size
    assert RunConfig.of("lines64", size={"likelihood": "bernoulli"}).name == RunConfig.of("lines64").name
    assert RunConfig.of("lines64", size={"likelihood": "continuous"}).versions["likelihoods"] == 1
    assert "likelihoods" not in RunConfig.of("lines64").versions


def test_a_bound_on_a_density_is_above_minus_its_logarithm() -> None:
    """One latent dimension: the integral over z on a grid, beside the -ELBO."""
    model = VAE(latent_dim=1, hidden_dim=16, likelihood="continuous", generator=Generator().manual_seed(1))
    x = torch.from_numpy(lines64().images)
    z = torch.linspace(-8, 8, 4001)[:, None]
    with torch.no_grad():
        outputs = model.decode_logits(z)  # (G, D)
        prior = -0.5 * z[:, 0].square() - 0.5 * log(2 * np.pi) + log(16 / 4000)
        log_p = [torch.logsumexp(prior - model.pixels.nats(outputs, row.expand_as(outputs)), 0) for row in x]
    assert negative_elbo(model, x, generator=Generator().manual_seed(0)) >= -float(torch.stack(log_p).mean()) - 0.02


@pytest.mark.parametrize(
    ("name", "scale", "words"),
    [("poisson", None, "must be one of bernoulli, continuous, gaussian"), ("continuous", 0.1, "only the gaussian"),
     ("gaussian", 0.0, "scale"), ("gaussian", float("nan"), "scale"), ("gaussian", -1.0, "scale")],
)  # fmt: skip
def test_what_does_not_fit_is_said(name: str, scale: float | None, words: str) -> None:
    with pytest.raises(CourseError, match=words):
        named(name, scale)


def test_the_command_takes_it() -> None:
    config = experiment.config_of("lines64", "vae", {"likelihood": "gaussian", "scale": 0.2, "steps": 5})
    assert config.size["likelihood"] == "gaussian"
    assert "scale0.2" in config.name
