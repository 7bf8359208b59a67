"""What a decoder's outputs say about pixels: p(x | z), for pixels that are black or white, and for grey ones.

`bernoulli` is the binary cross-entropy. Of pixels that are 0 or 1 it is minus a log probability. Of grey ones it is
none: its exponential does not integrate to 1. `continuous` divides by what is missing (Loaiza-Ganem & Cunningham 2019),
and `gaussian` is a normal density around each pixel. Both are densities, so that their nats may be negative, and no
entropy is their floor.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import inf, log, pi
from typing import Literal, get_args

import torch
from torch import Tensor, nn

from course.errors import CourseError
from course.objectives import reconstruction

__all__ = ["Bernoulli", "ContinuousBernoulli", "Gaussian", "Likelihood", "Name", "log_normaliser", "named"]

TRAINING_VERSION = 1  # raise it when a change of these likelihoods alters training: see identity.py

Name = Literal["bernoulli", "continuous", "gaussian"]
_SMALL = 0.1  # logits nearer to 0 than this take the series, whose next term is below 1e-9 there
_NARROWEST = 1e-3  # the scale that a Gaussian may learn: a pixel that is always 0 would draw it to 0


class Likelihood(nn.Module, ABC):
    """p(x | z) of images x (B, D), given the decoder's outputs (B, D), any real numbers."""

    @abstractmethod
    def nats(self, outputs: Tensor, x: Tensor) -> Tensor:
        """-log p(x | z), (B,), summed over pixels."""

    def mean(self, outputs: Tensor) -> Tensor:
        """The expected image x_hat (B, D), in [0, 1]."""
        return torch.sigmoid(outputs)


class Bernoulli(Likelihood):
    """Each pixel is 1 with probability sigmoid(output), else 0."""

    def nats(self, outputs: Tensor, x: Tensor) -> Tensor:
        return reconstruction(outputs, x)


class ContinuousBernoulli(Likelihood):
    """A density over [0, 1] proportional to exp(output * x) (Loaiza-Ganem & Cunningham 2019, eq. 6)."""

    def nats(self, outputs: Tensor, x: Tensor) -> Tensor:
        return reconstruction(outputs, x) - log_normaliser(outputs).sum(dim=-1)

    def mean(self, outputs: Tensor) -> Tensor:
        """1 / (1 - exp(-output)) - 1 / output, and one half where the output is 0. tanh cannot overflow."""
        small = outputs.abs() < _SMALL
        far = torch.where(small, 1.0, outputs)  # both branches are differentiated: neither may divide by 0
        exact = 0.5 + 0.5 / torch.tanh(far / 2) - 1 / far
        return torch.where(small, 0.5 + outputs / 12 - outputs**3 / 720, exact)


class Gaussian(Likelihood):
    """A normal density around sigmoid(output), one `scale` for all pixels; learned, from 1 on, where none is given."""

    def __init__(self, scale: float | None = None) -> None:
        super().__init__()
        self._fixed = scale
        if scale is None:
            self.log_scale = nn.Parameter(torch.zeros(()))

    @property
    def scale(self) -> Tensor:
        """The standard deviation of a pixel, a scalar."""
        return torch.tensor(self._fixed) if self._fixed else self.log_scale.exp().clamp(min=_NARROWEST)

    def nats(self, outputs: Tensor, x: Tensor) -> Tensor:
        away = (x - self.mean(outputs)) / self.scale
        return (0.5 * away.square() + self.scale.log() + 0.5 * log(2 * pi)).sum(dim=-1)


def named(name: str, scale: float | None = None) -> Likelihood:
    """The likelihood of this name; CourseError for another, or for a scale that it does not have."""
    if name not in get_args(Name):
        raise CourseError(f"likelihood must be one of {', '.join(get_args(Name))}, got {name!r:.60}")
    if scale is not None and name != "gaussian":
        raise CourseError(f"only the gaussian likelihood has a scale; got {scale!r:.60} for {name}")
    if scale is not None and not (isinstance(scale, (int, float)) and _NARROWEST <= scale < inf):
        raise CourseError(f"scale, the standard deviation of a pixel, must be at least {_NARROWEST}, got {scale!r:.60}")
    if name == "gaussian":
        return Gaussian(scale)
    return Bernoulli() if name == "bernoulli" else ContinuousBernoulli()


def log_normaliser(logits: Tensor) -> Tensor:
    """log of output / tanh(output / 2), which makes the binary cross-entropy of a grey pixel a density; same shape.

    At 0 it is ln 2; near 0 a series stands in, where the quotient is 0 / 0.
    """
    small = logits.abs() < _SMALL
    far = torch.where(small, 1.0, logits)
    return torch.where(small, log(2) + logits**2 / 12 - 7 * logits**4 / 1440, (far / torch.tanh(far / 2)).log())
