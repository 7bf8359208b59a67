"""The three parts are those of definitions that can be had otherwise: closed forms, quadrature, an even net."""

from math import cos, log, pi, sin

import numpy as np
import pytest
import torch
from torch import Generator

from course.models import VAE
from course.objectives import kl
from course.studies.information import told
from course.studies.kl_parts import kl_parts
from course.studies.turned_axes import random_turn


def _seeded(seed: int) -> Generator:
    return Generator().manual_seed(seed)


def _clouds(count: int, dims: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    mu = 1.2 * torch.randn((count, dims), generator=_seeded(seed))
    return mu, torch.rand((count, dims), generator=_seeded(seed + 1)) * 2 - 2.5


@pytest.mark.parametrize("seed", range(3))
def test_their_sum_is_the_average_kl_along_any_axes(seed: int) -> None:
    mu, log_var = _clouds(12, 3, seed)
    turn = random_turn([0, 1, 2], 3, _seeded(seed))
    for axes in (None, turn):
        parts = kl_parts(mu, log_var, 1500, generator=_seeded(9), turn=axes)
        assert sum(parts) == pytest.approx(float(kl(mu, log_var).mean()), abs=0.05)


def test_a_turn_moves_nats_between_the_last_two_parts_alone() -> None:
    mu, log_var = _clouds(10, 4)
    own = kl_parts(mu, log_var, 20, generator=_seeded(3))
    turned = kl_parts(mu, log_var, 20, generator=_seeded(3), turn=random_turn([0, 1, 2, 3], 4, _seeded(1)))
    assert turned.index_code == pytest.approx(own.index_code)
    assert sum(turned) == pytest.approx(sum(own))
    assert abs(turned.total_correlation - own.total_correlation) > 0.01


def test_they_are_the_integrals_of_their_definitions() -> None:
    mu, log_var = _clouds(4, 2, seed=5)
    line = np.linspace(-9, 9, 901)
    step = line[1] - line[0]
    m, v = mu.double().numpy(), log_var.double().exp().numpy()
    each = np.exp(-((line - m[..., None]) ** 2) / (2 * v[..., None])) / np.sqrt(2 * pi * v[..., None])  # (N, 2, P)
    q = np.einsum("na,nb->ab", each[:, 0], each[:, 1]) / len(m)
    product = np.outer(each[:, 0].mean(axis=0), each[:, 1].mean(axis=0))
    prior = np.exp(-(line[:, None] ** 2 + line**2) / 2) / (2 * pi)

    def divergence(p: np.ndarray, other: np.ndarray) -> float:
        tiny = np.finfo(float).tiny
        return float((p * (np.log(np.maximum(p, tiny)) - np.log(np.maximum(other, tiny)))).sum() * step**2)

    clouds = np.mean([divergence(np.outer(*pair), q) for pair in each])
    parts = kl_parts(mu, log_var, 6000, generator=_seeded(0))
    assert parts == pytest.approx((clouds, divergence(q, product), divergence(product, prior)), abs=0.02)


def test_a_net_along_the_axes_has_no_total_correlation_and_a_turned_one_has() -> None:
    places = torch.tensor([-1.5, 0.0, 1.5])
    mu, log_var = torch.cartesian_prod(places, places), torch.full((9, 2), -3.0)
    turn = torch.tensor([[cos(0.7), -sin(0.7)], [sin(0.7), cos(0.7)]])
    assert kl_parts(mu, log_var, 5, generator=_seeded(0)).total_correlation == pytest.approx(0, abs=1e-9)
    assert kl_parts(mu, log_var, 200, generator=_seeded(0), turn=turn).total_correlation > 0.2


def test_the_first_part_is_what_is_told_about_the_image_and_at_most_ln_n() -> None:
    model = VAE(input_dim=6, hidden_dim=5, latent_dim=3, generator=_seeded(0)).eval()
    x = torch.rand((8, 6), generator=_seeded(1))
    mu, log_var = model.posterior(x)
    found = kl_parts(mu, log_var, 1500, generator=_seeded(2)).index_code
    assert found == pytest.approx(told(model, x, 1500, generator=_seeded(3)), abs=0.01)
    apart = kl_parts(100 * torch.arange(7.0)[:, None], torch.zeros(7, 1), 10, generator=_seeded(0))
    assert apart.index_code == pytest.approx(log(7))
    assert apart.total_correlation == pytest.approx(0)
