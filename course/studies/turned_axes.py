"""What it costs to describe the clouds of a model along other axes than its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Generator, Tensor

from course.models import VAE
from course.objectives import kl, reconstruction

__all__ = ["nearest_diagonal", "negative_elbo_along", "random_turn"]


def random_turn(dimensions: Sequence[int], latent_dim: int, generator: Generator) -> Tensor:
    """An orthogonal matrix (Z, Z), drawn evenly, that turns these dimensions among themselves and no other."""
    noise = torch.randn((len(dimensions), len(dimensions)), generator=generator)
    turn = torch.eye(latent_dim)
    turn[np.ix_(dimensions, dimensions)] = torch.linalg.qr(noise)[0]
    return turn


def nearest_diagonal(log_var: Tensor, turn: Tensor) -> Tensor:
    """Log-variances (N, Z) along turned axes: of all Gaussians q without correlations there, those nearest to clouds.

    The clouds have the log-variances (N, Z) along the model's own axes; z @ turn are turned coordinates. Nearest is
    what has the smallest KL(q || cloud), the direction that the ELBO asks for: one over the diagonal of the precision.
    """
    precision = torch.einsum("ij,ni,ij->nj", turn, (-log_var).exp(), turn)  # (N, Z), its diagonal alone
    return -precision.log()


@torch.no_grad()
def negative_elbo_along(model: VAE, x: Tensor, turn: Tensor, *, num_samples: int, generator: Generator) -> float:
    """-ELBO of images x (N, D) in nats per image, with each posterior replaced by its nearest one along turned axes."""
    mu, log_var = model.posterior(x)
    along, turned = nearest_diagonal(log_var, turn), mu @ turn
    samples = (model.reparameterize(turned, along, generator=generator) @ turn.T for _ in range(num_samples))
    distortion = torch.stack([reconstruction(model.decode_logits(z), x).mean() for z in samples]).mean()
    return float(distortion + kl(turned, along).mean())
