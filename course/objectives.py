"""The objective of a variational autoencoder, in nats per image.

Every function sums over pixels or latent dimensions and keeps the images apart; averages over images are taken by the
caller, for reconstruction and KL alike. `total = reconstruction + beta * kl` is the negative ELBO at beta = 1
(Kingma & Welling 2014, eq. 3; beta: Higgins et al. 2017, eq. 4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["Loss", "Terms", "anneal_beta", "kl", "kl_per_dimension", "reconstruction", "vae_loss"]


class Terms(Protocol):
    """What training minimises, `total`, and the terms that it is made of, by name: scalars, averaged over images."""

    @property
    def total(self) -> Tensor: ...

    def _asdict(self) -> dict[str, Any]: ...


class Loss(NamedTuple):
    """Three scalars, averaged over images: total = reconstruction + beta * kl."""

    total: Tensor
    reconstruction: Tensor
    kl: Tensor


def reconstruction(logits: Tensor, x: Tensor) -> Tensor:
    """Binary cross-entropy (B,) of images x (B, D) under the decoder's logits (B, D), summed over pixels."""
    return functional.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=-1)


def kl_per_dimension(mu: Tensor, log_var: Tensor) -> Tensor:
    """KL of N(mu, exp(log_var)) from N(0, 1) for each image and dimension, (B, Z) (Kingma & Welling 2014, app. B).

    expm1 keeps the digits where log_var is near 0, which 1 + log_var - exp(log_var) loses in float32.
    """
    return 0.5 * (mu.square() + torch.expm1(log_var) - log_var)


def kl(mu: Tensor, log_var: Tensor) -> Tensor:
    """KL of the posterior from the prior N(0, I), (B,), summed over latent dimensions."""
    return kl_per_dimension(mu, log_var).sum(dim=-1)


def vae_loss(
    logits: Tensor,
    x: Tensor,
    mu: Tensor,
    log_var: Tensor,
    beta: float = 1.0,
    nats: Callable[[Tensor, Tensor], Tensor] = reconstruction,
) -> Loss:
    """The loss that training minimises, with its two terms; `nats` is -log p(x | z), (B,): see `likelihoods`."""
    distortion, rate = nats(logits, x).mean(), kl(mu, log_var).mean()
    return Loss(distortion + beta * rate, distortion, rate)


def anneal_beta(step: int, anneal_steps: int, beta: float = 1.0, beta_start: float = 0.0) -> float:
    """The weight of the KL at `step` (from 0): from `beta_start` in a straight line to `beta`, there at `anneal_steps`.

    From 0 upwards this is the warm-up of Bowman et al. 2016; from above, it packs the codes into few dimensions first.
    """
    if step < 0 or anneal_steps < 0:
        raise ValueError(f"step and anneal_steps must be 0 or more, got {step} and {anneal_steps}")
    return beta if step >= anneal_steps else beta_start + (beta - beta_start) * step / anneal_steps
