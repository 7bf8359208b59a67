"""The loss on the way from a collapsed VAE to a trained one, with the decoder that suits each place on the way best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course.models import VAE
from course.objectives import kl

__all__ = ["best_distortion", "totals", "way"]

_NEVER = 1e-12  # a probability that a logarithm can be taken of


@torch.no_grad()
def way(model: VAE, x: Tensor, shares: Sequence[float], *, generator: Generator) -> NDArray[np.float64]:
    """Rate and distortion (T, 2) where the clouds of images x (N, D) are `shares` (T,) of the model's, in nats.

    At the share t a cloud is N(t mu, exp(t^2 log_var)): at 0 all clouds are the prior, which is collapse, and at 1 they
    are the model's. The powers of t are those for which rate and distortion both begin with t^2.
    """
    mu, log_var = (each.double() for each in model.posterior(x))
    eps = torch.randn((200, *mu.shape), generator=generator, dtype=torch.float64)  # one noise for all shares
    found = []
    for t in shares:
        clouds = t * mu, t**2 * log_var
        found.append((float(kl(*clouds).mean()), best_distortion(*clouds, x.double(), eps)))
    return np.array(found)


def best_distortion(mu: Tensor, log_var: Tensor, x: Tensor, eps: Tensor) -> float:
    """Reconstruction of images x (N, D) from their clouds (N, Z), with the decoder that no other one can beat.

    It answers z with the average of the images, each weighed with how likely z is to be drawn for it (Bayes). The
    noise is `eps` (S, N, Z); all images are equally frequent.
    """
    z = mu + torch.exp(0.5 * log_var) * eps  # (S, N, Z)
    apart = (z[:, :, None] - mu).square() / log_var.exp()  # (S, N, N, Z), of each z from each cloud
    weights = torch.softmax(-0.5 * (apart + log_var).sum(dim=-1), dim=-1)  # (S, N, N)
    x_hat = (weights @ x).clamp(_NEVER, 1 - _NEVER)  # (S, N, D)
    return float(-(x * x_hat.log() + (1 - x) * (1 - x_hat).log()).sum(dim=-1).mean())


def totals(found: NDArray[np.float64], beta: float) -> NDArray[np.float64]:
    """The loss (T,) at this beta, beside that of the first place: below 0 is better."""
    total = found[:, 1] + beta * found[:, 0]
    beside: NDArray[np.float64] = total - total[0]
    return beside
