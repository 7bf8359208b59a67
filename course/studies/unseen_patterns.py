"""Images that a model of `lines64` has never seen, and what it makes of them: flipped pixels, half lines, noise."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course.models import VAE
from course.objectives import kl, reconstruction
from course.patterns import IMAGE_SIZE, TYPES, lines64, nearest

__all__ = ["costs", "flipped", "half_lines", "noise", "one_flipped", "reconstructed_rows"]


def one_flipped(x: Tensor) -> Tensor:
    """Images x (N, D) -> (N * D, D): of each in turn all images that differ from it in one pixel."""
    return (x[:, None] - torch.eye(x.shape[1])).abs().reshape(-1, x.shape[1])


def flipped(x: Tensor, count: int, *, generator: Generator) -> Tensor:
    """Images x (N, D), `count` pixels of each flipped; ValueError where there are not so many."""
    if not 0 <= count <= x.shape[1]:
        raise ValueError(f"count must be from 0 to {x.shape[1]}, the pixels of an image, got {count}")
    places = torch.rand(x.shape, generator=generator).argsort(dim=1)[:, :count]  # (N, count)
    return (x - torch.zeros_like(x).scatter(1, places, 1)).abs()


def half_lines() -> tuple[Tensor, NDArray[np.int64]]:
    """The lines of lines64 that are no cross, rubbed out from the middle on (48, 256), and their rows in the set.

    A vertical line loses its lower half, the others their right half.
    """
    images = lines64()
    rows = np.flatnonzero(images.labels != TYPES.index("cross"))
    halves = images.images[rows].reshape(-1, IMAGE_SIZE, IMAGE_SIZE).copy()  # (48, H, W)
    vertical = images.labels[rows] == TYPES.index("vertical")
    half = IMAGE_SIZE // 2
    halves[vertical, half:] = 0
    halves[~vertical, :, half:] = 0
    return torch.from_numpy(halves.reshape(len(rows), -1)), rows


def noise(count: int, *, generator: Generator) -> Tensor:
    """Images (count, 256), every pixel black or white by the toss of a coin."""
    return torch.randint(2, (count, IMAGE_SIZE**2), generator=generator).float()


@torch.no_grad()
def reconstructed_rows(model: VAE, x: Tensor) -> NDArray[np.int64]:
    """Which image of lines64 the decode of mu is for images x (N, 256), in every pixel: its row, or -1 for none."""
    decodes = (model.decode(model.encode(x)) > 0.5).float().numpy()
    rows, distances = nearest(decodes, lines64().templates)
    return np.where(distances == 0, rows, -1)


@torch.no_grad()
def costs(model: VAE, x: Tensor) -> tuple[Tensor, Tensor]:
    """Reconstruction at mu and KL of images x (N, D), each (N,) in nats."""
    mu, log_var = model.posterior(x)
    return reconstruction(model.decode_logits(mu), x), kl(mu, log_var)
