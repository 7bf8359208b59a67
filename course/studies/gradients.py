"""Two ways to estimate the gradient of an expectation over the posterior, one estimate a sample.

Wanted is the gradient of F = E[f(z)], z ~ N(mu, sigma^2), by mu and log_var. Both estimators have it as their mean:

    pathwise        d/dmu F = E[f'(mu + sigma * eps)]                   moves the sample and asks f for its slope
    score function  d/dmu F = E[f(z) * d/dmu log q(z)]                  moves the probability and asks f for its value

(Mohamed et al. 2020, sections 4 and 5. Pathwise: Kingma & Welling 2014, Rezende et al. 2014; score function: Williams
1992, who calls it REINFORCE.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from course.models import VAE
from course.objectives import reconstruction

__all__ = ["Gradients", "pathwise", "reconstruction_gradients", "score_function", "total_variance"]

Function = Callable[[Tensor], Tensor]


class Gradients(NamedTuple):
    """Estimates (K, ..., Z) of the gradient by mu and by log_var, one for each sample of eps."""

    mu: Tensor
    log_var: Tensor


def pathwise(f: Function, mu: Tensor, log_var: Tensor, eps: Tensor) -> Gradients:
    """The slope of f at z = mu + sigma * eps, taken back to mu and log_var by the chain rule.

    mu and log_var are (..., Z), eps is (K, ..., Z). `f` maps z (K, ..., Z) to values (K, ...), each of which depends on
    its own row of z alone; it needs a gradient. Raises ValueError where shapes do not fit.
    """
    sigma = torch.exp(0.5 * log_var)
    z = (mu + sigma * eps).detach().requires_grad_()
    (slope,) = torch.autograd.grad(_values(f, z).sum(), z)
    return Gradients(slope, slope * 0.5 * sigma.detach() * eps)


@torch.no_grad()
def score_function(f: Function, mu: Tensor, log_var: Tensor, eps: Tensor, baseline: Tensor | float = 0.0) -> Gradients:
    """The value of f at z = mu + sigma * eps, times the slope of log q(z) by mu and by log_var.

    Shapes as for `pathwise`; f needs no gradient. A `baseline`, a number or (...,), is subtracted from the values. It
    changes no mean, because the slope of log q has mean zero, as long as it does not depend on eps.
    """
    sigma = torch.exp(0.5 * log_var)
    weight = (_values(f, mu + sigma * eps) - baseline).unsqueeze(-1)  # (K, ..., 1)
    return Gradients(weight * eps / sigma, weight * 0.5 * (eps.square() - 1))


def reconstruction_gradients(model: VAE, x: Tensor, eps: Tensor, generator: Generator) -> dict[str, Gradients]:
    """Estimates of the gradient of the reconstruction of images x (B, D), by each estimator, from eps (K, B, Z).

    The baseline of an image is the mean of its reconstruction over S other samples, from `generator`.
    """
    with torch.no_grad():
        mu, log_var = model.posterior(x)

    def f(z: Tensor) -> Tensor:
        return reconstruction(model.decode_logits(z), x.expand(*z.shape[:-1], -1))

    with torch.no_grad():
        other = torch.randn(eps.shape, generator=generator)
        baseline = f(model.reparameterize(mu, log_var, other)).mean(dim=0)  # (B,)
    return {
        "pathwise": pathwise(f, mu, log_var, eps),
        "score": score_function(f, mu, log_var, eps),
        "score_with_baseline": score_function(f, mu, log_var, eps, baseline),
    }


def total_variance(estimates: Tensor) -> float:
    """Variance over samples of estimates (K, B, Z), summed over dimensions and averaged over images."""
    return float(estimates.var(dim=0).sum(dim=-1).mean())


def _values(f: Function, z: Tensor) -> Tensor:
    values = f(z)
    if values.shape != z.shape[:-1]:
        raise ValueError(f"f must give one value for each row of z, {tuple(z.shape[:-1])}; got {tuple(values.shape)}")
    return values
