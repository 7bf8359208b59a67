import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course.models import VAE
from course.patterns import lines64, parities
from course.studies.collapse import best_distortion, totals, way


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_clouds_that_say_nothing_cost_the_entropies_of_the_pixels() -> None:
    x = torch.from_numpy(lines64().images).double()
    mean = x.mean(dim=0)
    entropies = torch.distributions.Bernoulli(mean).entropy().sum()  # type: ignore[no-untyped-call]
    zero = torch.zeros(64, 3, dtype=torch.float64)
    assert best_distortion(zero, zero, x, noise(5, 64, 3)) == pytest.approx(float(entropies), abs=1e-6)


def test_clouds_far_apart_lose_nothing() -> None:
    x = torch.from_numpy(parities().images).double()
    mu = 100 * torch.arange(16, dtype=torch.float64)[:, None]
    assert best_distortion(mu, torch.zeros_like(mu), x, noise(20, 16, 1)) == pytest.approx(0, abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(st.floats(0.2, 2), st.floats(-1.5, 1))
def test_one_bit_in_one_dimension_by_quadrature(at: float, log_var: float) -> None:
    """Two images of one pixel with clouds at +-a: the loss is the mean of log(1 + exp(-2 a z / sigma^2))."""
    x, mu = torch.tensor([[0.0], [1.0]]).double(), torch.tensor([[-at], [at]]).double()
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    sigma = np.exp(log_var / 2)
    exact = weights @ np.logaddexp(0, -2 * at * (at + sigma * nodes) / sigma**2) / weights.sum()
    found = best_distortion(mu, torch.full_like(mu, log_var), x, noise(20_000, 2, 1))
    assert found == pytest.approx(exact, abs=0.02)


def test_the_way_begins_at_collapse_and_ends_at_the_model() -> None:
    model, x = VAE(generator=torch.Generator().manual_seed(0)), torch.from_numpy(parities().images)
    generator = torch.Generator().manual_seed(1)
    found = way(model, x, [0, 0.5, 1], generator=generator)
    mu, log_var = (each.detach() for each in model.posterior(x))
    own = 0.5 * (mu.square() + log_var.exp() - log_var - 1).sum(dim=1).mean()
    assert found[0] == pytest.approx([0, 240 * np.log(2)], abs=1e-6)
    assert found[2, 0] == pytest.approx(float(own), rel=1e-4)
    assert totals(found, 3.0) == pytest.approx(found @ [3, 1] - found[0, 1])


@pytest.mark.parametrize(("beta", "pays"), [(15.5, True), (16.5, False)])
def test_a_small_step_pays_on_parities_only_below_16(beta: float, pays: bool) -> None:
    """By quadrature: one bit in one dimension, clouds at +-a with sigma^2 = 1 - a^2, which tells about 16 pixels."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    losses = []
    for a in (0.02, 0.05, 0.08):
        variance = 1 - a**2
        z = a + np.sqrt(variance) * nodes
        one_pixel = weights @ np.logaddexp(0, -2 * a * z / variance) / weights.sum() - np.log(2)
        losses.append(16 * one_pixel + beta * 0.5 * (a**2 + variance - np.log(variance) - 1))
    assert bool(min(losses) < 0) is pays
