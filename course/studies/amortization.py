"""What one encoder for all images costs: each image's posterior made better by itself, with the decoder held fixed.

The gap between -ELBO and -log p(x) has two parts (Cremer et al. 2018): the encoder may miss the best Gaussian of an
image, and the best Gaussian may miss the true posterior.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Generator, Tensor

from course.models import VAE

__all__ = ["Gaussians", "encoded", "negative_elbos", "refined"]

_STEPS, _SAMPLES, _RATE = 600, 32, 0.02


class Gaussians(NamedTuple):
    """One Gaussian for each of B images: mean mu (B, Z), and covariance scale scale^T with `scale` (B, Z, Z)."""

    mu: Tensor
    scale: Tensor

    def draw(self, num_samples: int, generator: Generator) -> Tensor:
        """z (num_samples, B, Z)."""
        eps = torch.randn((num_samples, *self.mu.shape), generator=generator)
        return self.mu + torch.einsum("bij,kbj->kbi", self.scale, eps)

    @property
    def kl(self) -> Tensor:
        """KL from the prior N(0, I), (B,), for lower triangular scales with a positive diagonal."""
        squares = self.scale.square().sum(dim=(1, 2)) + self.mu.square().sum(dim=1)
        return 0.5 * (squares - self.mu.shape[1]) - torch.diagonal(self.scale, dim1=1, dim2=2).log().sum(dim=1)


@torch.no_grad()
def encoded(model: VAE, x: Tensor) -> Gaussians:
    """The encoder's posteriors of images x (B, D)."""
    mu, log_var = model.posterior(x)
    return Gaussians(mu, torch.diag_embed(torch.exp(0.5 * log_var)))


def refined(model: VAE, x: Tensor, *, full: bool, generator: Generator, steps: int = _STEPS) -> Gaussians:
    """Posteriors of images x (B, D) that begin at the encoder's and go down the -ELBO, each for itself, by Adam.

    With `full`, a Gaussian may have any covariance; without, its dimensions stay independent. The learning rate
    falls to 0. The model stays as it is.
    """
    start = encoded(model, x)
    mu, log_std, lower = (
        each.clone().requires_grad_()
        for each in (start.mu, torch.diagonal(start.scale, dim1=1, dim2=2).log(), torch.zeros_like(start.scale))
    )
    free = [mu, log_std, lower] if full else [mu, log_std]
    optimizer = torch.optim.Adam(free, lr=_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        gradients = torch.autograd.grad(_loss(model, x, _gaussians(mu, log_std, lower), generator), free)
        for each, gradient in zip(free, gradients, strict=True):
            each.grad = gradient
        optimizer.step()
        schedule.step()
    return _gaussians(*(each.detach() for each in (mu, log_std, lower)))


def negative_elbos(model: VAE, x: Tensor, posteriors: Gaussians, num_samples: int, *, generator: Generator) -> Tensor:
    """-ELBO (B,) of images x (B, D) with these posteriors in place of the encoder's."""
    with torch.no_grad():
        costs = [_reconstruction(model, x, posteriors.draw(1, generator)) for _ in range(num_samples)]
        return torch.stack(costs).mean(dim=0) + posteriors.kl


def _gaussians(mu: Tensor, log_std: Tensor, lower: Tensor) -> Gaussians:
    """`lower` is in units of each row's own standard deviation."""
    std = torch.exp(log_std)
    return Gaussians(mu, torch.diag_embed(std) + std[:, :, None] * torch.tril(lower, -1))


def _loss(model: VAE, x: Tensor, posteriors: Gaussians, generator: Generator) -> Tensor:
    return (_reconstruction(model, x, posteriors.draw(_SAMPLES, generator)) + posteriors.kl).sum()


def _reconstruction(model: VAE, x: Tensor, z: Tensor) -> Tensor:
    """Mean over z (K, B, Z) of -log p(x | z), (B,)."""
    nats: Tensor = model.pixels.nats(model.decode_logits(z), x.expand(*z.shape[:-1], -1))  # (K, B)
    return nats.mean(dim=0)
