# mypy: untyped-calls-exclude=torch.distributions
# torch leaves log_prob without annotations

from math import log

import pytest
import torch
from torch import Generator, Tensor

from course.models import VAE
from course.studies.information import told


class Placed(VAE):
    """A VAE whose posteriors are as given, whatever the image."""

    def __init__(self, mu: Tensor, log_var: float) -> None:
        super().__init__(input_dim=4, hidden_dim=2, latent_dim=mu.shape[1])
        self.mu, self.log_var = mu, log_var

    def posterior(self, x: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        assert labels is None
        mu = self.mu[: len(x)]
        return mu, torch.full_like(mu, self.log_var)


def _told(mu: Tensor, log_var: float) -> float:
    return told(Placed(mu, log_var), torch.zeros(len(mu), 4), 2000, generator=Generator().manual_seed(0))


def test_clouds_that_never_meet_tell_the_image_and_equal_ones_nothing() -> None:
    apart = 100 * torch.arange(8.0)[:, None]
    assert _told(apart, 0.0) == pytest.approx(log(8), abs=1e-5)
    assert _told(torch.zeros(8, 2), 0.0) == pytest.approx(0, abs=1e-5)


def test_two_clouds_that_overlap_tell_what_quadrature_says() -> None:
    z = torch.linspace(-12, 12, 20_001, dtype=torch.float64)
    first, second = (torch.distributions.Normal(m, 1.0).log_prob(z) for m in (-0.7, 0.7))
    both = torch.logaddexp(first, second) - log(2)
    wanted = float(torch.trapezoid(first.exp() * (first - both), z))
    assert _told(torch.tensor([[-0.7], [0.7]]), 0.0) == pytest.approx(wanted, abs=0.02)
