"""Geometric patterns: images whose distribution is known exactly.

An image is a row of D = 256 pixels in [0, 1], 16 x 16 row by row. `classic` is the four prototypes under pixel noise.
The factorised sets `lines64`, `bars512` and `cross8x8` hold every combination of their factors once, so their entropy
in nats is exact: no model can have a negative ELBO below it (Cover & Thomas, Elements of Information Theory, ch. 5).
`parities` is no drawing but sixteen code words, made so that knowing a little about one tells next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CODE_WORDS", "IMAGE_DIM", "IMAGE_SIZE", "SETS", "TYPES", "PatternSet", "bars512", "classic", "cross8x8", "lines64",
    "nearest", "parities",
]  # fmt: skip

TRAINING_VERSION = 1  # raise it when a change of these images alters training: see identity.py

IMAGE_SIZE = 16
IMAGE_DIM = IMAGE_SIZE**2
TYPES = ("diagonal", "horizontal", "vertical", "cross")
CODE_WORDS = tuple("".join(bits) for bits in product("01", repeat=4))
POSITIONS = range(4, 12)
THICKNESSES = (1, 2)

Images = NDArray[np.float32]
Integers = NDArray[np.int64]
Factors = dict[str, tuple[str, ...] | tuple[int, ...] | range]


@dataclass(frozen=True)
class PatternSet:
    """Images (N, 256) with their type (N,), an index into TYPES, and their factors (N, F), in the true units.

    Those of `parities` have a code word for a type, an index into CODE_WORDS.

    `templates` (N, 256) are the images before noise, where there is any.
    """

    name: str
    images: Images
    labels: Integers
    factors: Integers
    factor_names: tuple[str, ...]
    templates: Images

    def __len__(self) -> int:
        return len(self.images)

    @property
    def entropy(self) -> float:
        """Entropy in nats of an image drawn from the templates, -sum p ln p: the floor of the negative ELBO."""
        counts = np.unique(self.templates, axis=0, return_counts=True)[1]
        share = counts / counts.sum()
        return float(-(share * np.log(share)).sum())

    def prototypes(self) -> Images:
        """One image (4, 256) of each type, in the order of TYPES: the middle position, the largest thickness."""
        centre = [2 if name == "thickness" else 8 for name in self.factor_names[1:]]
        middle = np.abs(self.factors[:, 1:] - centre).sum(axis=1)
        rows = [np.flatnonzero(self.labels == t) for t in np.unique(self.labels)]
        return self.templates[[row[np.argmin(middle[row])] for row in rows]]


def classic(num_images: int = 1000, noise: float = 0.05, *, generator: np.random.Generator) -> PatternSet:
    """Four prototypes, type = index mod 4, each pixel with Gaussian noise of standard deviation `noise`, clipped.

    Its four prototypes carry 2 bits and nothing else varies; it is kept to show what such a set cannot show.
    """
    if num_images < 1 or noise < 0:
        raise ValueError(f"classic needs at least one image and noise >= 0, got {num_images} images, noise {noise}")
    diagonal, horizontal, vertical = np.zeros((3, IMAGE_SIZE, IMAGE_SIZE), np.float32)
    diagonal += 0.5 * (np.eye(IMAGE_SIZE, k=-1) + np.eye(IMAGE_SIZE, k=1)) + np.eye(IMAGE_SIZE)
    horizontal[7:9, :] = 1
    vertical[:, 7:9] = 1
    shapes = np.stack([diagonal, horizontal, vertical, np.maximum(horizontal, vertical)]).reshape(4, IMAGE_DIM)
    labels = np.arange(num_images) % 4
    noisy = shapes[labels] + generator.normal(0, noise, (num_images, IMAGE_DIM))
    images = np.clip(noisy, 0, 1).astype(np.float32)
    return PatternSet("classic", images, labels, labels[:, None], ("type",), shapes[labels])


def lines64() -> PatternSet:
    """Full-length lines: type 4 x position 8 x thickness 2, 64 distinct images, ln 64 = 4.159 nats.

    A diagonal is moved sideways and wraps around, so that every line has 16 pixels for each unit of thickness.
    """
    index = np.arange(IMAGE_SIZE)

    def draw(kind: str, position: int, thickness: int) -> NDArray[np.bool_]:
        image = np.zeros((IMAGE_SIZE, IMAGE_SIZE), bool)
        for at in range(position - thickness + 1, position + 1):
            if kind == "diagonal":
                image[index, (index + at - 8) % IMAGE_SIZE] = True
            if kind in ("horizontal", "cross"):
                image[at, :] = True
            if kind in ("vertical", "cross"):
                image[:, at] = True
        return image

    return _every_combination("lines64", draw, {"type": TYPES, "position": POSITIONS, "thickness": THICKNESSES})


def bars512() -> PatternSet:
    """Segments of 8 pixels around (cx, cy): type 4 x cx 8 x cy 8 x thickness 2, 512 distinct images, 6.238 nats."""
    factors: Factors = {"type": TYPES, "cx": POSITIONS, "cy": POSITIONS, "thickness": THICKNESSES}
    return _every_combination("bars512", _segment, factors)


def cross8x8() -> PatternSet:
    """The thick crosses of `bars512`: cx 8 x cy 8, 64 distinct images whose only factors are two positions."""
    factors: Factors = {"type": ("cross",), "cx": POSITIONS, "cy": POSITIONS, "thickness": (2,)}
    return _every_combination("cross8x8", _segment, factors)


def parities() -> PatternSet:
    """The 16 words of 4 bits, 2.773 nats, each as a board of 4 x 4 squares, a square of 16 pixels for each parity.

    A parity says whether the number of ones among some of the bits is odd. There are 15 ways to choose one bit or
    more, and so 15 parities; the square of no bits is blank. Any two squares are uncorrelated over the 16 words, and
    each bit more that is known makes as many squares certain as all bits before it, and one.
    """
    bits = np.array(list(product((0, 1), repeat=4)), np.int64)  # (16, 4), of words and of choices alike
    board = (bits @ bits.T % 2).reshape(16, 4, 4)
    images = board.repeat(4, axis=1).repeat(4, axis=2).reshape(16, IMAGE_DIM).astype(np.float32)
    return PatternSet("parities", images, np.arange(16), bits, ("bit 1", "bit 2", "bit 3", "bit 4"), images)


SETS: dict[str, Callable[[], PatternSet]] = {
    "lines64": lines64, "bars512": bars512, "cross8x8": cross8x8, "parities": parities,
}  # fmt: skip


def nearest(images: NDArray[np.floating], templates: Images) -> tuple[Integers, NDArray[np.float64]]:
    """For each image (B, D) the index (B,) of the nearest template (N, D) and its L1 distance (B,) in pixels."""
    distances = np.stack([np.abs(templates - image).sum(axis=1, dtype=np.float64) for image in images])  # (B, N)
    return distances.argmin(axis=1), distances.min(axis=1)


def _segment(kind: str, cx: int, cy: int, thickness: int) -> NDArray[np.bool_]:
    image = np.zeros((IMAGE_SIZE, IMAGE_SIZE), bool)
    along = np.arange(-4, 4)
    for across in range(1 - thickness, 1):
        if kind == "diagonal":
            image[cy + along, cx + along - across] = True
        if kind in ("horizontal", "cross"):
            image[cy + across, cx + along] = True
        if kind in ("vertical", "cross"):
            image[cy + along, cx + across] = True
    return image


def _every_combination(name: str, draw: Callable[..., NDArray[np.bool_]], factors: Factors) -> PatternSet:
    combinations = list(product(*factors.values()))
    images = np.stack([draw(*c) for c in combinations]).reshape(-1, IMAGE_DIM).astype(np.float32)
    values = np.array([[TYPES.index(str(kind)), *rest] for kind, *rest in combinations], np.int64)
    return PatternSet(name, images, values[:, 0], values, tuple(factors), images)
