"""Brings an enlarged image back to its size: whatever a student's pictures are enlarged with, squares or soft edges."""

from __future__ import annotations

import functools

import numpy as np

from autograder.engine import wire

__all__ = ["shrunk"]

ROUNDED = 2.0  # of 255: how far a picture may be from the enlargement of what it is brought back to


def shrunk(frame: wire.Array, side: int) -> wire.Array:
    """(N, N), N a multiple of `side` -> (side, side), if it was enlarged by repeating pixels or bilinearly."""
    factor = frame.shape[0] // side
    if factor > 1:
        weights, back = _bilinear(side, factor)
        small = back @ frame @ back.T
        if np.abs(weights @ small @ weights.T - frame).max() <= ROUNDED:
            return np.asarray(small.clip(0, 255))
    return np.asarray(frame.reshape(side, factor, side, factor).mean((1, 3)))


@functools.lru_cache(8)
def _bilinear(side: int, factor: int) -> tuple[wire.Array, wire.Array]:
    """(side * factor, side): the share of each pixel in each larger one, by the distance of their centres; and the way
    back, (side, side * factor).
    """
    places = ((np.arange(side * factor) + 0.5) / factor - 0.5).clip(0, side - 1)
    weights = np.maximum(0.0, 1.0 - np.abs(places[:, None] - np.arange(side)))
    return weights, np.linalg.pinv(weights)
