"""Ways between two images, decoded, and how far their frames are from data and from even steps.

Every way is measured on the same pairs of images, so that ways can be compared.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from course import metrics
from course.latent import lerp
from course.models import VAE
from course.patterns import lines64, nearest

__all__ = ["Way", "decoded", "distance_between", "encoded_ends", "image_ends", "largest_step", "through_latent",
           "through_pixels"]  # fmt: skip

Way = Callable[[Tensor, Tensor, int], Tensor]


def image_ends(seed: int, count: int = 200) -> Tensor:
    """Pairs (count, 2, 256) of images of lines64 of different types."""
    images, generator = lines64(), np.random.default_rng(seed)
    pairs = generator.integers(len(images), size=(20 * count, 2))
    differing = pairs[images.labels[pairs[:, 0]] != images.labels[pairs[:, 1]]][:count]
    return torch.from_numpy(images.images[differing])


@torch.no_grad()
def encoded_ends(model: VAE, seed: int, count: int = 200) -> Tensor:
    """The codes (count, 2, Z) of these pairs."""
    return model.encode(image_ends(seed, count).reshape(-1, 256)).reshape(count, 2, -1)


@torch.no_grad()
def decoded(model: VAE, ends: Tensor, way: Way = lerp, num_steps: int = 8) -> NDArray[np.float32]:
    """Strips (P, num_steps, 256): what the model makes of a way between two latent vectors, for each pair of ends."""
    return np.stack([model.decode(way(a, b, num_steps)).numpy() for a, b in ends])


def through_latent(model: VAE, seed: int, way: Way = lerp, num_steps: int = 8) -> NDArray[np.float32]:
    """Strips (200, num_steps, 256) from image to image through the latent space."""
    return decoded(model, encoded_ends(model, seed), way, num_steps)


def through_pixels(seed: int, num_steps: int = 8) -> NDArray[np.float32]:
    """Strips (200, num_steps, 256) in which the pixels themselves are blended."""
    return np.stack([lerp(a, b, num_steps).numpy() for a, b in image_ends(seed)])


def distance_between(strips: NDArray[np.float32]) -> float:
    """Mean L1 distance, in pixels, of the frames between the ends to the nearest image of lines64."""
    return float(nearest(strips[:, 1:-1].reshape(-1, 256), lines64().templates)[1].mean())


def largest_step(strips: NDArray[np.float32]) -> float:
    """Largest over mean step of a strip, averaged over strips; an even way has 1."""
    steps = np.stack([metrics.step_sizes(strip) for strip in strips])
    return float((steps.max(axis=1) / steps.mean(axis=1)).mean())
