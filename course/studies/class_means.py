"""Arithmetic with the means of classes: what a class has that another has not, added to images of the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Sums", "class_means", "class_sums"]

Rows = NDArray[np.floating]
Labels = NDArray[np.integer]


class Sums(NamedTuple):
    """Moved rows (P, K), the class (P,) that each came from, and the class (P,) that it was moved towards."""

    rows: Rows
    before: NDArray[np.int64]
    wanted: NDArray[np.int64]


def class_means(rows: Rows, labels: Labels, classes: int = 10) -> Rows:
    """The mean (classes, K) of the codes or pixels (N, K) of each class; ValueError for a class without rows."""
    if missing := sorted(set(range(classes)) - {int(label) for label in labels}):
        raise ValueError(f"every class needs a row, but there is none of {missing}")
    return np.stack([rows[labels == label].mean(axis=0) for label in range(classes)])


def class_sums(rows: Rows, labels: Labels, means: Rows, per_class: int = 50) -> Sums:
    """row - mean of its class + mean of another, for the first rows (N, K) of each class and every other class.

    `means` (classes, K) should be of other rows than these, so that no row is part of its own direction.
    """
    moved, before, wanted = [], [], []
    for a in range(len(means)):
        first = rows[labels == a][:per_class]
        for b in range(len(means)):
            if a != b:
                moved.append(first + (means[b] - means[a]))
                before += [a] * len(first)
                wanted += [b] * len(first)
    return Sums(np.concatenate(moved), np.array(before), np.array(wanted))
