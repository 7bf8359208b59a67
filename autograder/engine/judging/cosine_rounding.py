"""Parallel vectors whose cosine is surely rounded beyond 1, in whatever usual way a student's code computes it."""

from __future__ import annotations

from itertools import permutations

import numpy as np

from autograder.engine import wire

__all__ = ["rounds_beyond_one", "rounds_beyond_one_by_root"]

# Whole numbers whose squares add up to less than 2^24: their dot products are exact, in any order and precision.
SMALLEST, LARGEST = 300, 900
SCALE = 2.0**-9  # brings lengths near 1; a power of two changes no rounding
MANY = 8000
FEW = "one candidate in a few hundred will do"


def rounds_beyond_one(rng: np.random.Generator, size: int, count: int) -> list[wire.Array]:
    """Vectors (size,), of 2 to 4 dimensions. So do their products with powers of two, and below -1 their negatives.

    Both z.z / (|z| |z|), in float32 and float64, and u.u with u = z / |z|, in float32, are above 1.
    """
    z = _candidates(rng, size)
    z = z[_by_lengths(z)]
    return _scaled(z[_by_units(z)], count)


def rounds_beyond_one_by_root(rng: np.random.Generator, count: int) -> list[tuple[wire.Array, wire.Array]]:
    """Pairs (2,) whose a.b / sqrt(a.a * b.b) is above 1 in float32; torch's root is not always exact, so take many."""
    a = rng.standard_normal((MANY, 2)).astype(np.float32)
    b = np.float32(1.7) * a
    lengths = np.sqrt(_sums(a, a).max(0) * _sums(b, b).max(0))
    fits = np.flatnonzero(_sums(a, b).min(0) > lengths)
    assert len(fits) >= count, FEW
    return [(a[i], b[i]) for i in fits[:count]]


def _sums(a: wire.Array, b: wire.Array) -> wire.Array:
    """Dot products of rows (N, 2): with both products rounded before they are added, or one of them, or neither."""
    exact = a.astype(np.float64) * b
    rounded = exact.astype(np.float32)
    ways = [(one[:, 0], other[:, 1]) for one in (exact, rounded) for other in (exact, rounded)]
    return np.stack([(one + other).astype(np.float32) for one, other in ways])


def _candidates(rng: np.random.Generator, size: int) -> wire.Array:
    return np.asarray(rng.choice([-1.0, 1.0], (MANY, size)) * rng.integers(SMALLEST, LARGEST, (MANY, size)))


def _scaled(z: wire.Array, count: int) -> list[wire.Array]:
    assert len(z) >= count, FEW
    return list((SCALE * z[:count]).astype(np.float32))


def _by_lengths(z: wire.Array) -> wire.Array:
    """Divided by the product of the lengths, or by one after the other."""
    square = np.square(z).sum(1)
    fits = np.ones(len(z), bool)
    for precise in (square.astype(np.float32), square):
        length = np.sqrt(precise)
        fits &= (precise / (length * length) > 1) & (precise / length / length > 1)
    return fits


def _by_units(z: wire.Array) -> wire.Array:
    """Added in any order, each product rounded before it is added or not."""
    units = z.astype(np.float32) / np.sqrt(np.square(z).sum(1, keepdims=True).astype(np.float32))
    fits = np.ones(len(z), bool)
    for order in permutations(range(z.shape[1])):
        for product in (np.float32, np.float64):
            total = np.zeros(len(z), np.float32)
            for column in order:
                total = (total + np.square(units[:, column].astype(product))).astype(np.float32)
            fits &= total > 1
    return fits
