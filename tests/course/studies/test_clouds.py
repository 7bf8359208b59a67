"""Clouds whose places, widths and decoder are known, for which every share can be computed by hand."""

# mypy: untyped-calls-exclude=torch.distributions
# torch leaves kl_divergence without annotations

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from torch import Generator, Tensor
from torch.distributions import Normal, kl_divergence

from course.models import VAE
from course.patterns import lines64
from course.studies import clouds

IMAGES = torch.from_numpy(lines64().images)
NOTHING = torch.full((1, 256), 0.4)
"""Thresholded, a blank page: no image of the set."""


class Placed(VAE):
    """Clouds (64, Z) of the images of lines64 where they are put, and a decoder that is given."""

    def __init__(self, mu: Tensor, sigma: Tensor, decoder: Callable[[Tensor], Tensor] | None = None) -> None:
        super().__init__(latent_dim=mu.shape[1], hidden_dim=1)
        self.mu, self.sigma, self.draws = mu, sigma, decoder or self.nearest

    def nearest(self, z: Tensor) -> Tensor:
        """The image whose code is nearest."""
        return IMAGES[torch.cdist(z, self.mu).argmin(dim=-1)]

    def posterior(self, x: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        assert x.shape == IMAGES.shape
        assert labels is None
        return self.mu, 2 * self.sigma.log()

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        assert labels is None
        return self.draws(z)


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=Generator().manual_seed(seed))


@pytest.mark.parametrize("width", [0.5, 1.0, 2.0])
def test_share_of_own_images_on_a_line_is_that_of_the_normal_distribution(width: float) -> None:
    mu = torch.arange(64.0)[:, None]
    share = clouds.own_share(width)(Placed(mu, torch.full((64, 1), 0.4)), 0) / 100
    below = float(Normal(0, 1).cdf(torch.tensor(0.5 / (0.4 * width))))
    exact = (62 * (2 * below - 1) + 2 * below) / 64  # the first and the last have a neighbour on one side only
    assert abs(share - exact) < 4.5 * sqrt(exact * (1 - exact) / (200 * 64))


def test_holes_are_the_part_of_the_rectangle_that_decodes_to_no_image() -> None:
    mu = torch.stack([torch.linspace(-2, 6, 64), torch.linspace(10, 30, 64).flip(0)], dim=1)

    def right_quarter(z: Tensor) -> Tensor:
        return torch.where(z[:, :1] > 4, IMAGES[:1], NOTHING)

    assert clouds.hole_share(Placed(mu, torch.ones(64, 2), right_quarter), 0) == pytest.approx(75)
    assert clouds.hole_share(Placed(mu, torch.ones(64, 2)), 0) == 0


def test_draws_inside_of_clouds_are_told_from_those_outside_by_active_dimensions_alone() -> None:
    mu = torch.cat([2 * noise(64, 2), torch.zeros(64, 1)], dim=1)
    sigma = torch.tensor([0.3, 0.2, 1.0]).expand(64, 3)
    reach = sqrt(5.991)  # the 95 % quantile of the squared length in two dimensions

    def inside_only(z: Tensor) -> Tensor:
        lengths = ((z[:, None, :2] - mu[:, :2]) / sigma[0, :2]).norm(dim=2)
        return torch.where(lengths.min(dim=1, keepdim=True).values < reach, IMAGES[:1], NOTHING)

    model = Placed(mu, sigma, inside_only)
    assert clouds.valid_inside(model, 0) > 99.9
    assert clouds.valid_outside(model, 0) < 0.1
    assert clouds.active_rate(model, 0) == pytest.approx(
        float(kl_divergence(Normal(mu, sigma), Normal(0, 1))[:, :2].sum(dim=1).mean()), rel=1e-5
    )


@given(st.floats(-2, 2), st.floats(-3, 3))
def test_slope_is_that_by_which_volumes_were_made(slope: float, offset: float) -> None:
    mu = noise(64, 3)
    volume = slope * mu.square().sum(dim=1) / 2 + offset
    model = Placed(mu, torch.exp(volume / 3)[:, None].expand(64, 3))
    assert clouds.equal_mass_slope(model, 0) == pytest.approx(slope, abs=1e-4)


def test_the_kl_of_an_image_is_its_place_less_its_volume_as_the_lesson_writes_it() -> None:
    mu, sigma = noise(64, 5), noise(64, 5, seed=1).exp()
    place, volume = clouds.volumes(Placed(mu, sigma))
    exact = kl_divergence(Normal(mu, sigma), Normal(0, 1)).sum(dim=1).numpy()
    by_parts = place - volume + (sigma.square() - 1).sum(dim=1).numpy() / 2
    np.testing.assert_allclose(by_parts, exact, rtol=1e-4)


def test_partial_rank_correlation_is_the_textbook_formula() -> None:
    given_, second, first = noise(3, 200).numpy() @ np.eye(200)
    first, second = first + 2 * given_, second - given_ + 0.5 * first
    ab, ac, bc = (spearmanr(a, b).statistic for a, b in ((first, second), (first, given_), (second, given_)))
    exact = (ab - ac * bc) / sqrt((1 - ac**2) * (1 - bc**2))
    assert clouds.rank_given(first, second, given_) == pytest.approx(exact, abs=1e-9)


def test_one_sidedness_tells_clouds_that_are_large_where_neighbours_lie_on_one_side() -> None:
    mu = torch.nn.functional.normalize(noise(64, 2), dim=1) * torch.rand(64, 1, generator=Generator().manual_seed(2))
    toward = mu[torch.cdist(mu, mu).argsort(dim=1)[:, 1:9]] - mu[:, None]
    sides = torch.nn.functional.normalize(toward, dim=2).mean(dim=1).norm(dim=1)
    grows, shrinks = (Placed(mu, torch.exp(sign * sides)[:, None].expand(64, 2)) for sign in (1, -1))
    assert clouds.one_sidedness(grows, 0) == pytest.approx(1)
    assert clouds.one_sidedness(shrinks, 0) == pytest.approx(-1)
