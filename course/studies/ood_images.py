"""Out-of-distribution images: no photographs of clothes, or damaged ones; noise, other things, nothing at all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from course.fashion import IMAGE_SIZE
from course.patterns import bars512

__all__ = ["KINDS", "ood_images"]

Images = NDArray[np.float32]

_SQUARE = 8
_DIMMED = 0.3
_FLIPPED = 0.1


def _squares(images: Images) -> Images:
    return images.reshape(-1, IMAGE_SIZE, IMAGE_SIZE)


def _covered(images: Images, generator: Generator) -> Images:
    """With a black square at a place of its own in each; on black ground it covers nothing."""
    covered = _squares(images).copy()
    corners = generator.integers(IMAGE_SIZE - _SQUARE + 1, size=(len(images), 2))
    for image, (top, left) in zip(covered, corners, strict=True):
        image[top : top + _SQUARE, left : left + _SQUARE] = 0
    return covered


def _bars(images: Images, generator: Generator) -> Images:
    """Patterns of lesson 1, 16 x 16, enlarged to 28 x 28 by repeating rows and columns."""
    patterns = generator.choice(bars512().images, len(images)).reshape(-1, 16, 16)
    repeated = np.arange(IMAGE_SIZE) * 16 // IMAGE_SIZE
    enlarged: Images = patterns[:, repeated][:, :, repeated]
    return enlarged


KINDS: dict[str, Callable[[Images, Generator], NDArray[np.floating]]] = {
    "noise": lambda x, generator: generator.random(x.shape),
    "flipped": lambda x, generator: np.abs(x - (generator.random(x.shape) < _FLIPPED)),
    "square": _covered,
    "upside-down": lambda x, _: _squares(x)[:, ::-1],
    "mirrored": lambda x, _: _squares(x)[:, :, ::-1],
    "bars": _bars,
    "dimmed": lambda x, _: _DIMMED * x,
    "grey": lambda x, generator: np.ones_like(x) * generator.random((len(x), 1)),
    "black": lambda x, _: np.zeros_like(x),
}


def ood_images(kind: str, images: Images, seed: int = 0) -> Images:
    """As many strange images (N, 784) of a kind of KINDS, made from images (N, 784) or in their place."""
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}; got {kind!r}")
    return KINDS[kind](images, np.random.default_rng(seed)).reshape(images.shape).astype(np.float32)
