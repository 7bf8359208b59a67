"""How codes are spread: how long they are, where their centre is, and how far classes lie apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from course.maps import labelled_rows

__all__ = ["centre_length", "mean_length", "separation"]

Codes = NDArray[np.floating]


def mean_length(codes: Codes) -> float:
    """Mean length of codes (N, Z)."""
    return float(np.linalg.norm(codes, axis=1).mean())


def centre_length(codes: Codes) -> float:
    """Length of the mean code of codes (N, Z): 0 if they are centred."""
    return float(np.linalg.norm(np.mean(codes, axis=0)))


def separation(points: Codes, labels: NDArray[np.integer]) -> float:
    """Mean distance of two classes' centres over the spread within a class, of points (N, K) and labels (N,).

    The spread is the root of the mean squared distance to the class's centre, classes counting alike. A quotient of
    two lengths: stretching the whole space changes nothing, so that spaces of different scale can be compared.
    """
    points, labels = labelled_rows(points, labels)
    groups = [points[labels == label] for label in np.unique(labels)]
    if len(groups) < 2:
        raise ValueError("separation needs points of at least 2 classes")
    centres = np.stack([group.mean(axis=0) for group in groups])  # (C, K)
    within = [np.square(group - centre).sum(axis=1).mean() for group, centre in zip(groups, centres, strict=True)]
    first, second = np.triu_indices(len(groups), 1)
    return float(np.linalg.norm(centres[first] - centres[second], axis=1).mean() / np.sqrt(np.mean(within)))
