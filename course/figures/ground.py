"""What a model with two latent dimensions makes of its plane: codes, clouds, and the ground that they lie on."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.colors import to_rgb
from numpy.typing import NDArray
from torch import Tensor

from course.figures.style import Theme, colours
from course.models import VAE, LatentModel
from course.palette import PAPER
from course.patterns import lines64, nearest
from course.runs import load_or_train

__all__ = ["Ground", "clouds", "codes_of", "decoded", "ground_of", "tinted", "types_of"]

_SIDE = 160


class Ground(NamedTuple):
    """What the decoder makes of a grid of points: rows of images (side * side, 256), from the upper left corner."""

    extent: tuple[float, float, float, float]
    points: NDArray[np.float32]
    images: NDArray[np.float32]
    types: NDArray[np.int64]
    """The type of the image of the set that each point decodes to; -1 in a hole."""


@cache
def _model(kind: type[LatentModel]) -> LatentModel:
    model: LatentModel = load_or_train("lines64", {"latent_dim": 2}, kind=kind)
    return model


def _x() -> Tensor:
    return torch.from_numpy(lines64().images)


@cache
def codes_of(kind: type[LatentModel]) -> NDArray[np.float32]:
    """The codes (64, 2) of all images of the set."""
    with torch.no_grad():
        return _model(kind).encode(_x()).numpy()


@cache
def ground_of(kind: type[LatentModel], side: int = _SIDE) -> Ground:
    """The rectangle of the codes, with a margin."""
    codes = codes_of(kind)
    low, high = codes.min(axis=0), codes.max(axis=0)
    margin = 0.06 * (high - low)
    (left, bottom), (right, top) = low - margin, high + margin
    x, y = np.meshgrid(np.linspace(left, right, side), np.linspace(top, bottom, side))
    points = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
    images = decoded(kind, points)
    return Ground((left, right, bottom, top), points, images, types_of(images))


def types_of(images: NDArray[np.float32]) -> NDArray[np.int64]:
    """The type of the image of the set that each image (B, 256) is; -1 where it is none."""
    rows, distances = nearest((images > 0.5).astype(np.float32), lines64().templates)
    types: NDArray[np.int64] = np.where(distances == 0, lines64().labels[rows], -1)
    return types


def tinted(types: NDArray[np.int64], theme: Theme) -> NDArray[np.float64]:
    """Pale colours (side, side, 3) of types; a hole is the page."""
    page = np.array(to_rgb(PAPER[theme]))
    pale = 0.35 * np.array([to_rgb(colour) for colour in colours(theme)]) + 0.65 * page
    side = round(len(types) ** 0.5)
    shades: NDArray[np.float64] = np.vstack([pale, page])[types].reshape(side, side, 3)
    return shades


@cache
def clouds() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """mu and sigma (64, 2) of the VAE."""
    model = _model(VAE)
    assert isinstance(model, VAE)
    with torch.no_grad():
        mu, log_var = model.posterior(_x())
    return mu.numpy(), torch.exp(0.5 * log_var).numpy()


def decoded(kind: type[LatentModel], z: NDArray[np.float32]) -> NDArray[np.float32]:
    """Images (B, 256) of points (B, 2)."""
    with torch.no_grad():
        x_hat: NDArray[np.float32] = _model(kind).decode(torch.from_numpy(z)).numpy()
    return x_hat
