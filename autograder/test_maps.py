"""Lesson 9, maps: the checks of `exercises/maps_starter.py`.

Which points are near is judged by sets, so no probe has two distances that rounding could put in another order.
"""

from __future__ import annotations

import numpy as np

from autograder.engine.judging import (
    EPSILON,
    Answer,
    Array,
    Call,
    Leaf,
    Oracle,
    Student,
    Value,
    Wrong,
    agree,
    agree_within,
    as_number,
    compare,
    part,
    probes,
)

CLEAR = 1e-4  # of the largest square, between two squared distances that must not change their order


def squared_distances(rows: Array) -> Array:
    """Of all pairs of rows (N, K), (N, N), in float64."""
    wide = rows.astype(np.float64)
    return np.asarray(np.square(wide[:, None] - wide[None]).sum(axis=2))


def are_clear(rows: Array, k: int) -> bool:
    """Whether rounding leaves it open nowhere which are the k nearest, nor whether a point is nearest to itself."""
    ordered = np.sort(squared_distances(rows), axis=1)
    gaps = np.diff(ordered, append=np.inf)[:, [0, k]]
    return bool(gaps.min() > CLEAR * np.square(rows.astype(np.float64)).sum(axis=1).max())


def clear_rows(rng: np.random.Generator, count: int, width: int, k: int, shift: float = 0.0) -> Array:
    """Random rows (count, width) around a place that is `shift` away from 0 along each axis."""
    while True:
        rows = (probes.normal(rng, count, width) + np.float32(shift)).astype(np.float32)
        if are_clear(rows, k):
            return rows


NEAREST = (  # N, K, k, shift
    (7, 3, 2, 0.0), (9, 2, 4, 0.0), (6, 1, 3, 0.0), (12, 5, 5, 2.0), (5, 4, 1, 0.0), (4, 3, 3, 0.0), (2, 2, 1, 0.0),
    (30, 3, 6, 0.0), (10, 8, 3, -1.5), (11, 2, 1, 1.0),
)  # fmt: skip


def points_and_k(rng: np.random.Generator) -> list[Call]:
    """Points of several widths, around 0 and elsewhere; once all others are neighbours, once there is only one."""
    return [
        Call(
            "nearest_neighbours",
            [clear_rows(rng, count, width, k, shift), k],
            probe=f"points {n}",
            names=("points", "k"),
        )
        for n, (count, width, k, shift) in enumerate(NEAREST)
    ]


def as_sets(value: Value) -> Value:
    """Rows of whole numbers in ascending order: the order within a row is nobody's business."""
    if isinstance(value, Leaf) and value.array.ndim == 2 and value.array.dtype.kind in "iu":
        return Leaf(np.sort(value.array.astype(np.int64), axis=1), value.kind, value.dtype)
    return value


def must_be_the_same_neighbours(got: Value, exact: Value, rounded: Value) -> None:
    """Raises Wrong where a row holds other numbers, or where the numbers are none to look rows up with."""
    got, exact, rounded = as_sets(got), as_sets(exact), as_sets(rounded)
    assert isinstance(exact, Leaf)
    if isinstance(got, Leaf) and got.array.shape == exact.array.shape and got.kind == "torch":
        if got.array.dtype.kind not in "iu":
            raise Wrong("the numbers of rows, as integers", f"{got.dtype}, with which no row can be looked up")
        for i in np.flatnonzero((got.array != exact.array).any(axis=1)):
            nearest = f"for point {i}, of {len(got.array)}, the neighbours {in_words(exact.array[i])}"
            raise Wrong(nearest, in_words(got.array[i]))
    compare("the neighbours", "(N, k)", got, exact, rounded)


def in_words(numbers: Array) -> str:
    return ", ".join(str(int(number)) for number in numbers)


@part("9.1")
def test_nearest_neighbours(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The row numbers of the k nearest other points, in any order within a row."""
    calls = points_and_k(rng)

    def look(_call: Call, answer: Answer) -> object:
        return [as_sets(answer.result), list(answer.changes)]

    for call, answer in zip(calls, student(calls, look), strict=True):
        right = reference(call)
        must_be_the_same_neighbours(answer.result, right.exact.result, right.rounded.result)
        student.unchanged(call, answer)


KEPT = (  # N, Z, k, noise
    (9, 3, 3, 0.3), (16, 5, 2, 0.8), (7, 2, 2, 0.5), (30, 8, 6, 0.2), (11, 4, 1, 0.4), (8, 3, 5, 1.0), (20, 4, 1, 0.7),
    (10, 2, 3, 0.0),
)  # fmt: skip


def codes_and_maps(rng: np.random.Generator) -> list[Call]:
    """Codes, and two of their dimensions with some noise; in the last one every neighbour is kept."""
    return [
        Call(
            "neighbours_kept",
            [*codes_and_map(rng, count, latent, k, noise), k],
            probe=f"codes {n}",
            names=("codes", "points", "k"),
        )
        for n, (count, latent, k, noise) in enumerate(KEPT)
    ]


def codes_and_map(rng: np.random.Generator, count: int, latent: int, k: int, noise: float) -> tuple[Array, Array]:
    """Codes (count, latent) and points (count, 2), both with clear neighbours."""
    while True:
        codes = clear_rows(rng, count, latent, k)
        points = (5 * codes[:, :2] + probes.normal(rng, count, 2, scale=5 * noise) + 3).astype(np.float32)
        if are_clear(points, k):
            return codes, points


@part("9.2")
def test_neighbours_kept(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The share of neighbours that the map keeps, averaged over images."""
    agree(student, reference, codes_and_maps(rng), "the share of neighbours kept", form=as_number)


MAPS = ((5, 1.0), (3, 0.3), (2, 1.0), (9, 6.0), (30, 1.5), (20, 20.0), (6, 0.8), (8, 3.0))  # N, scale
TWINS = (6, 7)


def maps(rng: np.random.Generator) -> list[Call]:
    """Maps of several sizes, small and large, not around 0; on the last two, two points lie at the same place."""
    calls = []
    for number, (count, scale) in enumerate(MAPS):
        points = (probes.normal(rng, count, 2, scale=scale) + np.float32(scale / 2)).astype(np.float32)
        if number in TWINS:
            points[count - 2] = points[1]
        calls.append(Call("student_similarities", [points], probe=f"map {number}", names=("points",)))
    return calls


def lost_digits(call: Call) -> Array:
    """How far float32 may lead q astray where squared distances are multiplied out, |a|^2 - 2ab + |b|^2."""
    points = call.args[0].astype(np.float64)
    kernel = 1 / (1 + squared_distances(points))
    np.fill_diagonal(kernel, 0)
    sizes = np.square(points).sum(axis=1)
    lost = 16 * EPSILON * (sizes[:, None] + sizes[None]) * np.square(kernel)
    return np.asarray((lost + kernel / kernel.sum() * lost.sum()) / kernel.sum())


@part("9.3")
def test_student_similarities(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The Student kernel of each pair, 0 on the diagonal, divided by the sum over all pairs."""
    agree_within(student, reference, maps(rng), "the similarities", "(N, N)", lost_digits)
