"""What it costs to describe the clouds of a model along other axes than its own: nothing, if they may correlate."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor
from torch.distributions import MultivariateNormal, kl_divergence

from course.models import VAE
from course.objectives import kl, reconstruction
from course.studies import disentanglement

__all__ = [
    "clouds_along", "gap_along", "nearest_diagonal", "negative_elbo_along", "negative_elbo_turned", "plane_turn",
    "random_turn",
]  # fmt: skip


def random_turn(dimensions: Sequence[int], latent_dim: int, generator: Generator) -> Tensor:
    """An orthogonal matrix (Z, Z), drawn evenly, that turns these dimensions among themselves and no other."""
    noise = torch.randn((len(dimensions), len(dimensions)), generator=generator)
    turn = torch.eye(latent_dim)
    turn[np.ix_(dimensions, dimensions)] = torch.linalg.qr(noise)[0]
    return turn


def plane_turn(dimensions: tuple[int, int], latent_dim: int, degrees: float) -> Tensor:
    """The rotation (Z, Z) by an angle in the plane of two dimensions, which leaves the others alone."""
    c, s = cos(radians(degrees)), sin(radians(degrees))
    turn = torch.eye(latent_dim)
    turn[np.ix_(dimensions, dimensions)] = torch.tensor([[c, -s], [s, c]])
    return turn


def clouds_along(mu: Tensor, log_var: Tensor, turn: Tensor) -> MultivariateNormal:
    """Clouds (N, Z) along turned axes, as they are: with the correlations that they have there, in float64."""
    turn = turn.double()
    return MultivariateNormal(mu.double() @ turn, turn.T @ torch.diag_embed(log_var.double().exp()) @ turn)


def gap_along(mu: Tensor, log_var: Tensor, turn: Tensor, factors: NDArray[np.integer]) -> float:
    """The mutual information gap of clouds (N, Z) with factors (N, F), which all vary, along turned axes."""
    clouds = clouds_along(mu, log_var, turn)
    information = disentanglement.posterior_information(clouds.mean.numpy(), clouds.variance.log().numpy(), factors)
    return disentanglement.mig(information, disentanglement.entropies(factors))


@torch.no_grad()
def negative_elbo_turned(model: VAE, x: Tensor, turn: Tensor, *, num_samples: int, generator: Generator) -> float:
    """-ELBO of images x (N, D) in nats per image, of the model whose latent space is turned.

    Its posteriors are `clouds_along` the turned axes, and its decoder turns z back first.
    """
    mu, log_var = model.posterior(x)
    prior = MultivariateNormal(torch.zeros(model.latent_dim).double(), torch.eye(model.latent_dim).double())
    draws = (model.reparameterize(mu, log_var, generator=generator) @ turn for _ in range(num_samples))
    distortion = torch.stack([reconstruction(model.decode_logits(z @ turn.T), x).mean() for z in draws]).mean()
    return float(distortion + kl_divergence(clouds_along(mu, log_var, turn), prior).mean())


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
