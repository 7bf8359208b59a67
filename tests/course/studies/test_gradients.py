# mypy: untyped-calls-exclude=torch.distributions
# torch leaves log_prob without annotations

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Generator, Tensor
from torch.distributions import Normal

from course.models import VAE
from course.studies.gradients import Gradients, pathwise, reconstruction_gradients, score_function, total_variance

Estimator = Callable[[Callable[[Tensor], Tensor], Tensor, Tensor, Tensor], Gradients]


def generator(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def quadratic(z: Tensor) -> Tensor:
    """E = sum of (mu - 1)^2 + sigma^2."""
    return (z - 1).square().sum(dim=-1)


@pytest.mark.parametrize("estimator", [pathwise, score_function])
def test_means_are_the_closed_form_for_a_quadratic(estimator: Estimator) -> None:
    mu, log_var = torch.tensor([0.5, -1.0]).double(), torch.tensor([-1.0, 0.5]).double()
    eps = torch.randn(400_000, 2, generator=generator(), dtype=torch.float64)
    by_mu, by_log_var = estimator(quadratic, mu, log_var, eps)
    for estimates, exact in ((by_mu, 2 * (mu - 1)), (by_log_var, log_var.exp())):
        error = estimates.std(dim=0) / len(eps) ** 0.5
        assert ((estimates.mean(dim=0) - exact).abs() < 4.5 * error).all()


def test_variances_for_the_square_are_those_of_the_lesson() -> None:
    mu, log_var = torch.tensor([1.0]).double(), 2 * torch.tensor([0.5]).double().log()
    eps = torch.randn(1_000_000, 1, generator=generator(), dtype=torch.float64)

    def square(z: Tensor) -> Tensor:
        return z.square().sum(dim=-1)

    assert pathwise(square, mu, log_var, eps).mu.var().item() == pytest.approx(1, rel=0.01)
    assert score_function(square, mu, log_var, eps).mu.var().item() == pytest.approx(21.75, rel=0.03)


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 5), st.integers(0, 1000))
def test_each_estimate_is_what_autograd_gives(samples: int, images: int, dims: int, seed: int) -> None:
    noise = generator(seed)
    mu, log_var = (torch.randn(images, dims, generator=noise, dtype=torch.float64).requires_grad_() for _ in range(2))
    eps = torch.randn(samples, images, dims, generator=noise, dtype=torch.float64)

    def f(z: Tensor) -> Tensor:
        return torch.sin(z).prod(dim=-1)

    moved, weighed = pathwise(f, mu, log_var, eps), score_function(f, mu, log_var, eps, baseline=0.3)
    for s in range(samples):
        slope = torch.autograd.grad(f(mu + torch.exp(0.5 * log_var) * eps[s]).sum(), (mu, log_var))
        torch.testing.assert_close(tuple(part[s] for part in moved), slope)
        sigma = torch.exp(0.5 * log_var)
        z = (mu + sigma * eps[s]).detach()
        log_q = Normal(mu, sigma).log_prob(z).sum(dim=-1)
        by_score = torch.autograd.grad(((f(z) - 0.3) * log_q).sum(), (mu, log_var))
        torch.testing.assert_close(tuple(part[s] for part in weighed), by_score)
    assert not moved.mu.requires_grad
    assert not weighed.mu.requires_grad


def test_f_has_to_give_one_value_a_row() -> None:
    zero = torch.zeros(2)
    with pytest.raises(ValueError, match="one value for each row of z"):
        pathwise(lambda z: z, zero, zero, torch.zeros(3, 2))


def test_reconstruction_gradients_agree_on_the_mean_and_leave_the_model_alone() -> None:
    model = VAE(input_dim=6, hidden_dim=8, latent_dim=2, generator=generator())
    x = (torch.rand(3, 6, generator=generator(1)) > 0.5).float()
    estimates = reconstruction_gradients(model, x, torch.randn(60_000, 3, 2, generator=generator(2)), generator(3))
    for part in range(2):
        moved, weighed = (estimates[name][part] for name in ("pathwise", "score_with_baseline"))
        error = (moved - weighed).std(dim=0) / 60_000**0.5
        assert ((moved - weighed).mean(dim=0).abs() < 4.5 * error).all()
    assert all(p.grad is None for p in model.parameters())


def test_total_variance_is_summed_over_dimensions_and_averaged_over_images() -> None:
    estimates = torch.randn(100_000, 2, 3, generator=generator()) * torch.tensor([1.0, 2.0, 3.0])
    assert total_variance(estimates) == pytest.approx(1 + 4 + 9, rel=0.02)
