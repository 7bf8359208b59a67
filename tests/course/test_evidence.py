# mypy: untyped-calls-exclude=torch.distributions
# torch leaves log_prob without annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Generator, Tensor
from torch.distributions import Bernoulli, MultivariateNormal, Normal, kl_divergence

from course.evidence import (
    effective_samples,
    log_likelihoods,
    log_mean_exp,
    log_normal,
    on_line,
    posterior_log_weights,
    prior_log_weights,
)
from course.models import VAE
from course.objectives import kl, reconstruction
from course.training import Settings, fit


def generator(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def x() -> Tensor:
    return (torch.rand(5, 6, generator=generator(2)) > 0.5).float()


@pytest.fixture(scope="module")
def model(x: Tensor) -> VAE:
    """A VAE with one latent dimension and posteriors that fit a little."""
    vae = VAE(input_dim=6, hidden_dim=8, latent_dim=1, generator=generator(1))
    fit(vae, x, Settings(steps=300))
    return vae


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 4), st.integers(1, 5), st.integers(1, 3), st.integers(0, 1000))
def test_log_normal_is_torchs_multivariate_density(draws: int, images: int, dims: int, seed: int) -> None:
    noise = generator(seed)
    z = torch.randn(draws, images, dims, generator=noise, dtype=torch.float64)
    mu, log_var = (torch.randn(images, dims, generator=noise, dtype=torch.float64) for _ in range(2))
    wanted = MultivariateNormal(mu, torch.diag_embed(log_var.exp())).log_prob(z)
    torch.testing.assert_close(log_normal(z, mu, log_var), wanted)
    standard = MultivariateNormal(torch.zeros(dims).double(), torch.eye(dims).double()).log_prob(z)
    torch.testing.assert_close(log_normal(z), standard)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=20), st.sampled_from([0.0, -2000.0, 2000.0]))
def test_log_mean_exp_is_right_however_far_the_values_are_moved(values: list[float], far: float) -> None:
    near = torch.tensor(values, dtype=torch.float64)
    torch.testing.assert_close(log_mean_exp(near + far), near.exp().mean().log() + far)


def test_log_mean_exp_goes_along_the_dimension_asked_for_and_counts_a_weight_of_zero() -> None:
    values = torch.log(torch.tensor([[1.0, 3.0], [0.0, 1.0]]))
    torch.testing.assert_close(log_mean_exp(values, dim=1).exp(), torch.tensor([2.0, 0.5]))
    torch.testing.assert_close(log_mean_exp(values).exp(), torch.tensor([0.5, 2.0]))


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 20), st.integers(0, 20), st.floats(-2000, 2000))
def test_equal_weights_count_as_they_are_and_weights_of_zero_do_not(equal: int, zero: int, far: float) -> None:
    weights = torch.cat([torch.full((equal,), far), torch.full((zero,), -torch.inf)])
    assert float(effective_samples(weights)) == pytest.approx(equal, rel=1e-3)


def test_log_likelihoods_are_torchs_bernoulli_for_every_pair() -> None:
    logits = 3 * torch.randn(4, 6, generator=generator())
    x = (torch.rand(5, 6, generator=generator(1)) > 0.5).float()
    wanted = Bernoulli(logits=logits[:, None]).log_prob(x).sum(dim=-1)
    torch.testing.assert_close(log_likelihoods(logits, x), wanted)


def test_line_integrates_what_torch_and_the_closed_forms_give(model: VAE, x: Tensor) -> None:
    line = on_line(model, x, points=4001)
    assert line.log_joint.shape == line.log_q.shape == (4001, 5)
    ones = torch.ones(5, dtype=torch.float64)
    torch.testing.assert_close(line.integral(line.log_q.exp()), ones, rtol=0, atol=1e-4)
    torch.testing.assert_close(line.integral(line.log_posterior.exp()), ones, rtol=0, atol=1e-9)
    with torch.no_grad():
        mu, log_var = model.posterior(x)
        rate = kl(mu, log_var)
        std = torch.exp(0.5 * log_var)
        torch.testing.assert_close(kl_divergence(Normal(mu, std), Normal(0.0, 1.0)).sum(dim=1), rate)
        draws = mu + std * torch.randn(100_000, 1, 1, generator=generator())
        samples = reconstruction(model.decode_logits(draws), x.expand(100_000, -1, -1))
    error = samples.std(dim=0) / len(samples) ** 0.5
    assert ((samples.mean(dim=0) + rate + line.elbo).abs() < 4.5 * error + 1e-4).all()


def test_elbo_and_gap_make_the_evidence_and_the_gap_is_never_negative(model: VAE, x: Tensor) -> None:
    line = on_line(model, x, points=4001)
    torch.testing.assert_close(line.elbo + line.gap, line.log_evidence, rtol=0, atol=1e-3)
    assert (line.gap > 0).all()


def test_both_kinds_of_weights_have_the_evidence_as_their_mean(model: VAE, x: Tensor) -> None:
    truth = on_line(model, x, points=4001).log_evidence.exp()
    for weights in (prior_log_weights, posterior_log_weights):
        drawn = weights(model, x, 5_000, generator=generator(3)).double().exp()
        assert drawn.shape == (5_000, 5)
        error = drawn.std(dim=0) / 5_000**0.5
        assert ((drawn.mean(dim=0) - truth).abs() < 4.5 * error).all()


def test_the_evidence_of_all_possible_images_adds_up_to_one(model: VAE) -> None:
    every = torch.tensor([[image >> bit & 1 for bit in range(6)] for image in range(64)], dtype=torch.float32)
    assert float(on_line(model, every, points=4001).log_evidence.exp().sum()) == pytest.approx(1, abs=1e-5)


def test_grey_pixels_are_weighed_as_the_model_says(x: Tensor) -> None:
    grey = 0.25 + 0.5 * x
    gaussian = VAE(input_dim=6, hidden_dim=8, latent_dim=1, generator=generator(1), likelihood="gaussian", scale=0.5)
    truth = on_line(gaussian, grey, points=4001)
    with torch.no_grad():
        mean = gaussian.decode(truth.z.float()[:, None])  # (G, D)
    log_px_z = Normal(mean[:, None], 0.5).log_prob(grey).sum(dim=-1).double()
    torch.testing.assert_close(truth.log_joint, log_px_z + Normal(0.0, 1.0).log_prob(truth.z)[:, None])
    drawn = prior_log_weights(gaussian, grey, 5_000, generator=generator())
    torch.testing.assert_close(log_mean_exp(drawn).double(), truth.log_evidence, rtol=0, atol=0.05)


def test_weights_are_drawn_from_the_generator_alone(model: VAE, x: Tensor) -> None:
    for weights in (prior_log_weights, posterior_log_weights):
        first, again, other = (weights(model, x, 3, generator=generator(seed)) for seed in (0, 0, 1))
        assert torch.equal(first, again)
        assert not torch.equal(first, other)
        with pytest.raises(ValueError, match="num_samples must be at least 1, got 0"):
            weights(model, x, 0, generator=generator())


def test_a_grid_is_for_one_dimension(x: Tensor) -> None:
    plane = VAE(input_dim=6, hidden_dim=8, latent_dim=2, generator=generator())
    with pytest.raises(ValueError, match="one latent dimension, the model has 2"):
        on_line(plane, x)
    assert prior_log_weights(plane, x, 7, generator=generator()).shape == (7, 5)
