"""What claims are compared with, by kind: an untrained model, chance, an average image, pixels, another way.

Each function makes the `baseline` of a `Claim`. Those without a number say why in words that hold for their whole kind.
"""

from __future__ import annotations

from functools import cache
from math import exp, lgamma, sqrt

import numpy as np
import torch
from numpy.typing import NDArray

from course import maps
from course.claims.base import Measure, Measured, NoBaseline
from course.claims.statistics import Images, lines
from course.datasets import held_out, images_of
from course.objectives import reconstruction
from course.patterns import lines64

__all__ = [
    "AUROC", "DIFFERENCE", "IS_BASELINE", "LINES_CHANCE", "PIXEL_TYPES", "RATIO", "UNTRAINED", "average_clothes",
    "average_image", "average_nats", "chance", "chance_neighbours", "class_chance", "gaussian_pixels", "instead",
    "pca_back", "prior_length", "without_model",
]  # fmt: skip

Rows = NDArray[np.float32]

UNTRAINED = Measured(words="the same model before its first step", untrained=True)
DIFFERENCE = NoBaseline(reason="it is a difference, so what is subtracted is its baseline, and 0 is no difference")
RATIO = NoBaseline(reason="it is a quotient, so what it is divided by is its baseline, and 1 is no difference")
IS_BASELINE = NoBaseline(reason="it is itself what claims beside it are compared with")


def chance(value: float, words: str) -> Measured:
    """A number that follows from the statistic alone."""
    return Measured(words=words, measure=lambda _seed: value, runs=())


AUROC = chance(0.5, "a score that tells nothing")
LINES_CHANCE = chance(100 * 15 / 63, "any other image, picked by chance")
"""Of the 63 other images of lines64, 15 have the type of a given one."""


def class_chance(share: float = 100.0) -> Measured:
    """Guessing among the ten classes of Fashion-MNIST, as a share of `share`."""
    return chance(share / 10, "a guess among ten classes")


def without_model(words: str, measure: Measure) -> Measured:
    """A rival that needs no training; its measure is given the seed alone."""
    return Measured(words=words, measure=measure, runs=())


def instead(words: str, *runs: str, measure: Measure | None = None) -> Measured:
    """Models of other runs, or another measure of the claim's own."""
    return Measured(words=words, measure=measure, runs=runs or None)


def average_image(of: Images = lines) -> Measured:
    """The -ELBO and the -log p(x) of a model that says nothing: no KL, and the average image for every image."""
    return without_model("the average image for every image, at a KL of 0", lambda _seed: average_nats(of))


def average_nats(of: Images = lines) -> float:
    """Reconstruction of images by their own average, in nats; for clothes that of training images."""
    x = of().double()
    mean = x.mean(dim=0) if x.shape[1] == 256 else torch.from_numpy(average_clothes()).double()
    return float(reconstruction(torch.logit(mean, eps=1e-12).expand_as(x), x).mean())


@cache
def average_clothes() -> Rows:
    """The average (784,) of all training images of Fashion-MNIST."""
    mean: Rows = images_of("fashion").images.mean(axis=0, dtype=np.float64).astype(np.float32)
    return mean


@cache
def _axes() -> tuple[Rows, Rows]:
    """Mean (784,) and principal axes (784, 784), strongest first, of 10 000 training images."""
    images = images_of("fashion").images[:10_000].astype(np.float64)
    mean = images.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(images - mean, rowvar=False))
    return mean.astype(np.float32), vectors[:, ::-1].astype(np.float32)


@cache
def pca_back(dimensions: int) -> Rows:
    """Test images (10000, 784) given back from their place on so many principal axes, cut to what a pixel can be."""
    mean, axes = _axes()
    chosen = axes[:, :dimensions]
    back: Rows = np.clip((held_out("fashion").images - mean) @ chosen @ chosen.T + mean, 0, 1)
    return back


@cache
def gaussian_pixels(seed: int, count: int = 4000) -> Rows:
    """Images (count, 784) drawn from a Gaussian that is fitted to the pixels of training images."""
    mean, axes = _axes()
    turned = (images_of("fashion").images[:10_000] - mean) @ axes
    noise = np.random.default_rng(seed).standard_normal((count, len(mean)), dtype=np.float32)
    images: Rows = np.clip((noise * turned.std(axis=0)) @ axes.T + mean, 0, 1)
    return images


def chance_neighbours(labels: NDArray[np.integer]) -> float:
    """Share of pairs of different images that have one class."""
    counts = np.bincount(labels)
    return float((counts * (counts - 1)).sum() / (len(labels) * (len(labels) - 1)))


def prior_length(dimensions: int) -> Measured:
    """The mean length of a draw from N(0, I)."""
    mean = sqrt(2) * exp(lgamma((dimensions + 1) / 2) - lgamma(dimensions / 2))
    return chance(mean, "the mean length of a draw from the prior")


PIXEL_TYPES = without_model(
    "the pixels, with no model", lambda _seed: 100 * maps.neighbour_share(lines64().images, lines64().labels, 1)
)
