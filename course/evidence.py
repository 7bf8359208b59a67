"""How probable a VAE makes an image: log p(x), the evidence, by sampling or, with one latent dimension, on a grid.

p(x) is the integral of p(x | z) p(z) over z. Any q that is nowhere zero turns it into a mean over draws of q, of the
weights p(x, z) / q(z) (Kloek & van Dijk 1978); Burda et al. 2016 take the encoder's q. All logarithms are in nats.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log, pi
from typing import NamedTuple

import torch
from torch import Generator, Tensor
from torch.nn.functional import softplus

from course.likelihoods import Bernoulli
from course.models import VAE

__all__ = [
    "Line", "effective_samples", "log_likelihoods", "log_mean_exp", "log_normal", "on_line", "posterior_log_weights",
    "posterior_samples", "prior_log_weights",
]  # fmt: skip

_AT_ONCE = 5000  # draws of the prior that are decoded together


def log_normal(z: Tensor, mu: Tensor | float = 0.0, log_var: Tensor | float = 0.0) -> Tensor:
    """Log density (...) of N(mu, exp(log_var)) at z (..., Z), summed over independent dimensions; shapes broadcast."""
    log_var = torch.as_tensor(log_var, dtype=z.dtype)
    return -0.5 * ((z - mu).square() * torch.exp(-log_var) + log_var + log(2 * pi)).sum(dim=-1)


def log_mean_exp(values: Tensor, dim: int = 0) -> Tensor:
    """Logarithm of the mean of exp(values) along `dim`, without ever leaving the range of floats."""
    return torch.logsumexp(values, dim=dim) - log(values.shape[dim])


def effective_samples(log_weights: Tensor, dim: int = 0) -> Tensor:
    """How many equal weights would estimate a mean as well as these: (sum of w)^2 / sum of w^2, from 1 to their number.

    (Kong 1992.)
    """
    return torch.exp(2 * torch.logsumexp(log_weights, dim) - torch.logsumexp(2 * log_weights, dim))


def log_likelihoods(logits: Tensor, x: Tensor) -> Tensor:
    """log p(x | z), pixels being on or off, of every image x (B, D) under every decode, logits (K, D): (K, B).

    x log(s) + (1 - x) log(1 - s), with s the sigmoid of a logit l, is x l - softplus(l).
    """
    return logits @ x.T - softplus(logits).sum(dim=1, keepdim=True)


def prior_log_weights(model: VAE, x: Tensor, num_samples: int, *, generator: Generator) -> Tensor:
    """log p(x | z), (num_samples, B), for draws z from the prior, the same for all images x (B, D)."""
    with torch.no_grad():
        z = torch.randn((_positive(num_samples), model.latent_dim), generator=generator)
        return _likelihoods_at(model, z, x)


def posterior_log_weights(model: VAE, x: Tensor, num_samples: int, *, generator: Generator) -> Tensor:
    """log of p(x | z) p(z) / q(z | x), (num_samples, B), for draws z from the posterior of each image x (B, D)."""
    log_weights = []
    with torch.no_grad():
        mu, log_var = model.posterior(x)
        for z in posterior_samples(model, mu, log_var, num_samples, generator):
            log_px_z = -model.pixels.nats(model.decode_logits(z), x)  # (B,)
            log_weights.append(log_px_z + log_normal(z) - log_normal(z, mu, log_var))
    return torch.stack(log_weights)


def posterior_samples(
    model: VAE, mu: Tensor, log_var: Tensor, num_samples: int, generator: Generator
) -> Iterator[Tensor]:
    """`num_samples` draws z (B, Z) of the posteriors, one after the other."""
    for _ in range(_positive(num_samples)):
        yield model.reparameterize(mu, log_var, generator=generator)


class Line(NamedTuple):
    """One latent dimension on an even grid, for B images: where the integral over z is a sum."""

    z: Tensor
    """Points (G,)."""
    log_joint: Tensor
    """log p(x, z) = log p(z) + log p(x | z), (G, B)."""
    log_q: Tensor
    """log q(z | x), (G, B)."""

    def integral(self, values: Tensor) -> Tensor:
        """Of values (G, B) over z: (B,)."""
        return values.sum(dim=0) * (self.z[1] - self.z[0])

    @property
    def log_evidence(self) -> Tensor:
        """log p(x), (B,)."""
        return torch.logsumexp(self.log_joint, dim=0) + torch.log(self.z[1] - self.z[0])

    @property
    def log_posterior(self) -> Tensor:
        """The true one, log p(z | x) = log p(x, z) - log p(x), (G, B)."""
        return self.log_joint - self.log_evidence

    @property
    def elbo(self) -> Tensor:
        """The mean over q of log p(x, z) - log q(z | x), (B,)."""
        return self.integral(self.log_q.exp() * (self.log_joint - self.log_q))

    @property
    def gap(self) -> Tensor:
        """KL of q(z | x) from the true posterior, (B,)."""
        return self.integral(self.log_q.exp() * (self.log_q - self.log_posterior))


@torch.no_grad()
def on_line(model: VAE, x: Tensor, points: int = 24_001, limit: float = 6.0) -> Line:
    """The densities of images x (B, D) at `points` from -limit to limit, in float64.

    Raises ValueError for a model of more than one latent dimension, whose grid would need points ** dimensions.
    """
    if model.latent_dim != 1:
        raise ValueError(f"a line has one latent dimension, the model has {model.latent_dim}")
    z = torch.linspace(-limit, limit, points, dtype=torch.float64)[:, None]  # (G, 1)
    mu, log_var = (each.double() for each in model.posterior(x))
    log_joint = log_normal(z)[:, None] + _likelihoods_at(model, z.float(), x).double()
    return Line(z[:, 0], log_joint, log_normal(z[:, None], mu, log_var))


def _likelihoods_at(model: VAE, z: Tensor, x: Tensor) -> Tensor:
    """log p(x | z) of images x (B, D) at each of many z (K, Z): (K, B), decoded in pieces that fit into memory."""
    pieces = (z[start : start + _AT_ONCE] for start in range(0, len(z), _AT_ONCE))
    return torch.cat([_every_pair(model, model.decode_logits(some), x) for some in pieces])


def _every_pair(model: VAE, outputs: Tensor, x: Tensor) -> Tensor:
    if isinstance(model.pixels, Bernoulli):
        return log_likelihoods(outputs, x)  # a matrix product, which is much faster
    return torch.stack([-model.pixels.nats(outputs, image.expand_as(outputs)) for image in x], dim=1)


def _positive(num_samples: int) -> int:
    if num_samples < 1:
        raise ValueError(f"num_samples must be at least 1, got {num_samples}")
    return num_samples
