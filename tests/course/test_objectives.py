# mypy: untyped-calls-exclude=torch.distributions
# torch leaves log_prob without annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import Bernoulli, Normal, kl_divergence

from course.objectives import anneal_beta, kl, kl_per_dimension, reconstruction, vae_loss

seeds = st.integers(0, 2**31)


def normal(seed: int, *shape: int, scale: float = 1.0) -> torch.Tensor:
    return scale * torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@settings(deadline=None, max_examples=50)
@given(seeds, st.integers(1, 6), st.integers(1, 5))
def test_kl_is_that_of_torch_distributions(seed: int, images: int, dims: int) -> None:
    mu, log_var = normal(seed, images, dims), normal(seed + 1, images, dims, scale=2)
    oracle = kl_divergence(Normal(mu, (0.5 * log_var).exp()), Normal(torch.zeros_like(mu), torch.ones_like(mu)))
    torch.testing.assert_close(kl_per_dimension(mu, log_var), oracle, rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(kl(mu, log_var), oracle.sum(dim=1), rtol=1e-9, atol=1e-12)
    assert (kl(mu, log_var) >= 0).all()


def test_kl_keeps_its_digits_near_the_prior() -> None:
    tiny = torch.full((1, 1), 1e-3)
    exact = 0.5 * (torch.expm1(tiny.double()) - tiny.double())
    torch.testing.assert_close(kl_per_dimension(torch.zeros(1, 1), tiny).double(), exact, rtol=1e-3, atol=0)


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 4), st.integers(1, 7))
def test_reconstruction_is_the_bernoulli_log_likelihood(seed: int, images: int, pixels: int) -> None:
    logits = normal(seed, images, pixels, scale=3)
    x = (normal(seed + 1, images, pixels) > 0).double()
    torch.testing.assert_close(reconstruction(logits, x), -Bernoulli(logits=logits).log_prob(x).sum(dim=1))


def test_reconstruction_is_finite_for_certain_logits() -> None:
    assert reconstruction(torch.tensor([[1e4, -1e4]]), torch.tensor([[0.0, 1.0]])).item() == pytest.approx(2e4)


def test_loss_is_an_average_over_images_and_a_sum_within() -> None:
    logits, x, mu, log_var = normal(0, 3, 5), torch.rand(3, 5).double(), normal(1, 3, 2), normal(2, 3, 2)
    loss = vae_loss(logits, x, mu, log_var, beta=2.5)
    torch.testing.assert_close(loss.total, loss.reconstruction + 2.5 * loss.kl)
    torch.testing.assert_close(loss.reconstruction, reconstruction(logits, x).mean())
    twice = vae_loss(logits.repeat(2, 1), x.repeat(2, 1), mu.repeat(2, 1), log_var.repeat(2, 1), beta=2.5)
    torch.testing.assert_close(torch.stack(twice), torch.stack(loss))


def test_kl_gradient_pulls_towards_the_prior() -> None:
    mu, log_var = normal(3, 2, 3).requires_grad_(), normal(4, 2, 3).requires_grad_()
    mu_gradient, log_var_gradient = torch.autograd.grad(kl(mu, log_var).sum(), [mu, log_var])
    torch.testing.assert_close(mu_gradient, mu.detach())
    torch.testing.assert_close(log_var_gradient, 0.5 * (log_var.detach().exp() - 1))


def test_anneal_beta() -> None:
    assert [anneal_beta(s, 4, 2.0) for s in (0, 1, 2, 4, 9)] == [0, 0.5, 1, 2, 2]
    assert [anneal_beta(s, 2, 1.0, 4.0) for s in (0, 1, 2, 3)] == [4, 2.5, 1, 1]
    assert anneal_beta(0, 0, 3.0) == 3
    with pytest.raises(ValueError, match="0 or more"):
        anneal_beta(-1, 4)
