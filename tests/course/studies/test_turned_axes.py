"""Turns are orthogonal, and the nearest Gaussian without correlations is the nearest by torch's own KL."""

import pytest
import torch
from torch import Generator
from torch.distributions import MultivariateNormal, kl_divergence

from course import metrics
from course.models import VAE
from course.studies.turned_axes import nearest_diagonal, negative_elbo_along, random_turn


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
