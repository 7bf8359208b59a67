"""Ways of sampling z that look like reparameterization and are not; lesson 2 trains with them to see what they cost.

Each runs without an error and gives z of the right shape. `VAE.reparameterize` is the right one.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from course.models import VAE

__all__ = ["SAMPLERS", "MissampledVAE"]

Sampler = Callable[[Tensor, Tensor, Generator], Tensor]


def detached(mu: Tensor, log_var: Tensor, generator: Generator) -> Tensor:
    """The right z, cut off from what it was made of: what a random number generator alone would give."""
    return (mu + torch.exp(0.5 * log_var) * torch.randn(mu.shape, generator=generator)).detach()


def variance(mu: Tensor, log_var: Tensor, generator: Generator) -> Tensor:
    """Stretched by the variance in place of its root."""
    return mu + torch.exp(log_var) * torch.randn(mu.shape, generator=generator)


def half_variance(mu: Tensor, log_var: Tensor, generator: Generator) -> Tensor:
    """Stretched by half of the variance: the factor slipped out of the exponent."""
    return mu + 0.5 * torch.exp(log_var) * torch.randn(mu.shape, generator=generator)


def uniform(mu: Tensor, log_var: Tensor, generator: Generator) -> Tensor:
    """Noise from 0 to 1 in place of a standard normal."""
    return mu + torch.exp(0.5 * log_var) * torch.rand(mu.shape, generator=generator)


def quiet(mu: Tensor, log_var: Tensor, generator: Generator) -> Tensor:
    """A tenth of the noise, perhaps to make training calmer."""
    return mu + torch.exp(0.5 * log_var) * 0.1 * torch.randn(mu.shape, generator=generator)


def one_for_dimensions(mu: Tensor, log_var: Tensor, generator: Generator) -> Tensor:
    """One number of noise for each image, shared by its dimensions."""
    return mu + torch.exp(0.5 * log_var) * torch.randn((len(mu), 1), generator=generator)


def one_for_images(mu: Tensor, log_var: Tensor, generator: Generator) -> Tensor:
    """One number of noise for each dimension, shared by the images of the batch."""
    return mu + torch.exp(0.5 * log_var) * torch.randn((1, mu.shape[1]), generator=generator)


SAMPLERS: dict[str, Sampler] = {
    f.__name__: f for f in (detached, variance, half_variance, uniform, quiet, one_for_dimensions, one_for_images)
}


class MissampledVAE(VAE):
    """A VAE of the reference size that samples z by one of SAMPLERS."""

    def __init__(self, sampler: str, *, generator: Generator) -> None:
        if sampler not in SAMPLERS:
            raise ValueError(f"sampler must be one of {', '.join(SAMPLERS)}; got {sampler!r}")
        super().__init__(generator=generator)
        self.sampler = SAMPLERS[sampler]

    def reparameterize(
        self, mu: Tensor, log_var: Tensor, eps: Tensor | None = None, generator: Generator | None = None
    ) -> Tensor:
        """What the sampler makes of mu and log_var (B, Z); it samples its own noise, from `generator`."""
        if eps is not None or generator is None:
            raise ValueError("a sampler takes its own eps from a generator: give a generator, and no eps")
        return self.sampler(mu, log_var, generator)
