"""Turns are orthogonal, and the nearest Gaussian without correlations is the nearest by torch's own KL."""

import pytest
import torch
from torch import Generator
from torch.distributions import MultivariateNormal, kl_divergence

from course import metrics
from course.models import VAE
from course.patterns import cross8x8
from course.studies.disentanglement import varying
from course.studies.turned_axes import (
    clouds_along,
    gap_along,
    nearest_diagonal,
    negative_elbo_along,
    negative_elbo_turned,
    plane_turn,
    random_turn,
)


def _seeded(seed: int) -> Generator:
    return Generator().manual_seed(seed)


def test_a_turn_keeps_lengths_and_leaves_the_other_dimensions_alone() -> None:
    turn = random_turn([0, 2, 3], 5, _seeded(0))
    torch.testing.assert_close(turn @ turn.T, torch.eye(5))
    assert (turn[[1, 4]] == torch.eye(5)[[1, 4]]).all()
    assert (turn[[0, 2, 3]][:, [0, 2, 3]].abs() > 0.01).all()


@pytest.mark.parametrize("seed", range(3))
def test_no_other_diagonal_gaussian_is_nearer_to_the_turned_cloud(seed: int) -> None:
    turn = random_turn([0, 1, 2], 3, _seeded(seed)).double()
    log_var = torch.randn((1, 3), generator=_seeded(seed + 10)).double()
    cloud = MultivariateNormal(torch.zeros(3).double(), turn.T @ torch.diag(log_var[0].exp()) @ turn)

    def distance(log_variances: torch.Tensor) -> float:
        return float(kl_divergence(MultivariateNormal(torch.zeros(3).double(), log_variances.exp().diag()), cloud))

    best = nearest_diagonal(log_var, turn)[0]
    for step in 0.05 * torch.randn((20, 3), generator=_seeded(seed + 20)).double():
        assert distance(best) < distance(best + step)


def test_along_its_own_axes_a_cloud_stays_as_it_is() -> None:
    log_var = torch.randn((4, 3), generator=_seeded(0))
    torch.testing.assert_close(nearest_diagonal(log_var, torch.eye(3)), log_var)


def test_along_the_own_axes_it_is_the_negative_elbo() -> None:
    model = VAE(input_dim=6, hidden_dim=5, latent_dim=3, generator=_seeded(0)).eval()
    x = (torch.rand((7, 6), generator=_seeded(1)) > 0.5).float()
    along = negative_elbo_along(model, x, torch.eye(3), num_samples=4, generator=_seeded(2))
    assert along == pytest.approx(metrics.negative_elbo(model, x, 4, generator=_seeded(2)), rel=1e-5)


def test_equal_widths_have_no_axes_of_their_own() -> None:
    log_var = torch.full((2, 3), -1.5)
    torch.testing.assert_close(nearest_diagonal(log_var, random_turn([0, 1, 2], 3, _seeded(5))), log_var)


def test_a_plane_turn_turns_two_axes_by_its_angle_and_no_other() -> None:
    turn = plane_turn((3, 1), 5, 30)
    torch.testing.assert_close(turn @ turn.T, torch.eye(5))
    assert torch.linalg.det(turn) == pytest.approx(1)
    assert float(turn[3, 3]) == pytest.approx(3**0.5 / 2)
    assert (turn[[0, 2, 4]] == torch.eye(5)[[0, 2, 4]]).all()
    torch.testing.assert_close(torch.linalg.matrix_power(plane_turn((0, 1), 2, 45), 8), torch.eye(2))


def test_clouds_along_turned_axes_are_those_of_turned_draws() -> None:
    mu, log_var = torch.randn((2, 3), generator=_seeded(0)), torch.tensor([[-1.0, 0.5, -3.0], [0.0, -2.0, 1.0]])
    turn = random_turn([0, 1, 2], 3, _seeded(4))
    clouds = clouds_along(mu, log_var, turn)
    eps = torch.randn((100_000, 2, 3), generator=_seeded(1))
    draws = (mu + (0.5 * log_var).exp() * eps) @ turn
    torch.testing.assert_close(draws.mean(dim=0), clouds.mean.float(), atol=0.02, rtol=0)
    for image in range(2):
        covariance = torch.cov(draws[:, image].T)
        torch.testing.assert_close(covariance, clouds.covariance_matrix[image].float(), atol=0.05, rtol=0)


@pytest.mark.parametrize("seed", range(3))
def test_a_turned_model_has_the_same_negative_elbo(seed: int) -> None:
    model = VAE(input_dim=6, hidden_dim=5, latent_dim=3, generator=_seeded(seed)).eval()
    x = (torch.rand((7, 6), generator=_seeded(1)) > 0.5).float()
    turn = random_turn([0, 1, 2], 3, _seeded(seed))
    turned = negative_elbo_turned(model, x, turn, num_samples=4, generator=_seeded(2))
    assert turned == pytest.approx(metrics.negative_elbo(model, x, 4, generator=_seeded(2)), rel=1e-5)


def test_a_net_along_the_axes_has_a_gap_of_one_and_none_if_it_is_turned_by_45_degrees() -> None:
    positions = varying(cross8x8().factors)
    mu, log_var = torch.from_numpy(positions).float() - 7.5, torch.full((64, 2), -6.0)
    for degrees, gap in ((0, 1), (45, 0), (90, 1)):
        assert gap_along(mu, log_var, plane_turn((0, 1), 2, degrees), positions) == pytest.approx(gap, abs=1e-3)
