"""Handwritten digits, 8 x 8 in 17 shades of grey: 1797 of them, which come with scikit-learn.

The test part of: Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998
(CC BY 4.0). MNIST itself, 28 x 28 and 70 000 images, is read as images of your own where its files are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["CLASSES", "IMAGE_DIM", "DigitSet", "load"]

TRAINING_VERSION = 1  # raise it when a change of these images alters training: see identity.py

IMAGE_DIM = 64
CLASSES = tuple("0123456789")

Split = Literal["train", "test"]
_HELD_OUT = 5  # one image of so many is kept to judge on, of each digit


@dataclass(frozen=True)
class DigitSet:
    """Images (N, 64), float32 in [0, 1], 8 x 8 row by row, with their digit (N,), which is its class."""

    name: str
    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...] = CLASSES

    def __len__(self) -> int:
        return len(self.images)


@cache
def load(split: Split = "train") -> DigitSet:
    """1442 digits to train on, or the other 355 to judge on: every fifth of each digit."""
    from sklearn.datasets import load_digits

    pixels, digits = load_digits(return_X_y=True)
    place = np.zeros(len(digits), int)  # how many of the same digit came before
    for digit in range(len(CLASSES)):
        place[digits == digit] = np.arange((digits == digit).sum())
    held_out = place % _HELD_OUT == _HELD_OUT - 1
    rows = held_out if split == "test" else ~held_out
    images = (pixels[rows] / 16).astype(np.float32)
    return DigitSet(f"digits-{split}", images, digits[rows].astype(np.int64))
