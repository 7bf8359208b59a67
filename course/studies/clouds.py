"""The clouds of a model's images in its latent space: what lies in them, between them, and what they cost.

Each function is given a trained model of `lines64`, and a seed for what it draws. Shares are percent.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import chi2
from torch import Generator, Tensor

from course import metrics, planes
from course.models import VAE, LatentModel
from course.patterns import lines64, nearest

__all__ = [
    "active_rate", "equal_mass_slope", "hole_share", "one_sidedness", "own_share", "rank_given", "valid_inside",
    "valid_outside", "volumes",
]  # fmt: skip

_DRAWS = 4000
_SIDE = 120
_INSIDE = 0.95
_NEIGHBOURS = 8


def _x() -> Tensor:
    return torch.from_numpy(lines64().images)


def _valid(images: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which images (B, 256), thresholded at one half, are images of the set."""
    valid: NDArray[np.bool_] = nearest((images > 0.5).astype(np.float32), lines64().templates)[1] == 0
    return valid


def hole_share(model: LatentModel, _seed: int) -> float:
    """Share of the rectangle of all codes, on a grid, that decodes to no image of the set; of 2 latent dimensions."""
    with torch.no_grad():
        codes = model.encode(_x()).numpy()
    images = planes.decoded_grid(model.decode, _SIDE, planes.extent_of(codes, margin=0))
    return 100 * float(1 - _valid(images.reshape(-1, 256)).mean())


def own_share(width: float) -> Callable[[VAE, int], float]:
    """Share of draws from clouds of `width` times their sigma that decode to their own image in every pixel."""

    @torch.no_grad()
    def measure(model: VAE, seed: int) -> float:
        mu, log_var = model.posterior(_x())
        eps = torch.randn(200, *mu.shape, generator=Generator().manual_seed(seed))
        x_hat = model.decode(mu + width * torch.exp(0.5 * log_var) * eps)  # (200, 64, 256)
        return 100 * float(((x_hat > 0.5) == (_x() > 0.5)).all(dim=-1).float().mean())

    return measure


def active_rate(model: VAE, _seed: int) -> float:
    """KL of the active dimensions together, in nats per image."""
    kls = metrics.dimension_kl(model, _x())
    return float(kls[kls > metrics.ACTIVE_ABOVE].sum())


def valid_inside(model: VAE, seed: int) -> float:
    """Share of draws from the prior, of those inside a cloud's 95 % ellipsoid, that are images of the set."""
    inside, valid = _draws(model, seed)
    return 100 * float(valid[inside].mean())


def valid_outside(model: VAE, seed: int) -> float:
    """The same of those that lie in no cloud's ellipsoid."""
    inside, valid = _draws(model, seed)
    return 100 * float(valid[~inside].mean())


@torch.no_grad()
def _draws(model: VAE, seed: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of draws from the prior: which lie inside a cloud, in active dimensions, and which decode to an image."""
    mu, log_var = model.posterior(_x())
    active = torch.from_numpy(metrics.dimension_kl(model, _x()) > metrics.ACTIVE_ABOVE)
    z = torch.randn(_DRAWS, model.latent_dim, generator=Generator().manual_seed(seed))
    squares = (z[:, None, active] - mu[:, active]).square() / log_var[:, active].exp()  # (4000, 64, active)
    inside = squares.sum(dim=2).min(dim=1).values.numpy() < chi2.ppf(_INSIDE, int(active.sum()))
    return inside, _valid(model.decode(z).numpy())


@torch.no_grad()
def volumes(model: VAE) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of each image the place of its code, |mu|^2 / 2, and the log volume of its cloud, the sum of log sigma."""
    mu, log_var = model.posterior(_x())
    return (mu.square().sum(dim=1) / 2).numpy(), (0.5 * log_var.sum(dim=1)).numpy()


def equal_mass_slope(model: VAE, _seed: int) -> float:
    """Slope of log volume by |mu|^2 / 2: 1 if each cloud held the same mass of the prior, 0 for clouds of one size."""
    return float(np.polyfit(*volumes(model), 1)[0])


@torch.no_grad()
def one_sidedness(model: VAE, _seed: int) -> float:
    """Rank correlation of a cloud's volume with how one-sided its neighbours lie, the distance from 0 held fixed.

    One-sided: the length of the mean of the unit vectors to the 8 nearest codes; 1 where all lie on one side, 0 where
    they surround it.
    """
    mu = model.encode(_x())
    toward = mu[torch.cdist(mu, mu).argsort(dim=1)[:, 1 : _NEIGHBOURS + 1]] - mu[:, None]  # (64, 8, Z)
    sides = (toward / toward.norm(dim=2, keepdim=True)).mean(dim=1).norm(dim=1).numpy()
    place, volume = volumes(model)
    return rank_given(volume, sides, place)


def rank_given(first: NDArray[np.floating], second: NDArray[np.floating], given: NDArray[np.floating]) -> float:
    """Partial rank correlation of two series (N,): of what a line through the ranks of `given` leaves of theirs."""
    ranks = [values.argsort().argsort().astype(float) for values in (first, second, given)]
    left = [values - np.polyval(np.polyfit(ranks[2], values, 1), ranks[2]) for values in ranks[:2]]
    return float(np.corrcoef(left[0], left[1])[0, 1])
