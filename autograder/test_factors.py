"""Lesson 10, factors: the checks of `exercises/factors_starter.py`, all in nats.

These are ordinary pytest tests; `autograder/test_latent.py` says how to write one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.engine.judging import (
    Answer,
    Array,
    Call,
    Leaf,
    Oracle,
    Student,
    Value,
    Wrong,
    describe,
    must_be_close,
    part,
)

NEAR_A_LOGARITHM = 1e-4  # nats that a small number inside a logarithm may cost, put there to keep it finite


def numbers_and_gaps(value: Value) -> object:
    """Which numbers are finite, as NaN equals nothing, and these with a 1 behind, beside which a rounding of 0 is 0."""
    if not isinstance(value, Leaf):
        return value
    finite = np.isfinite(value.array)
    return [str(finite.tolist()), Leaf(np.append(np.where(finite, value.array, 0), 1.0))]


def agree(student: Student, reference: Oracle, calls: Sequence[Call], what: str, axes: str = "") -> None:
    """The student's results are the reference's, and nothing else changed."""

    def look(_call: Call, answer: Answer) -> object:
        return [numbers_and_gaps(answer.result), list(answer.changes)]

    for call, answer in zip(calls, student(calls, look), strict=True):
        right = reference(call)
        must_be_close(what, axes, answer.result, right.exact.result, right.rounded.result, NEAR_A_LOGARITHM)
        student.unchanged(call, answer)


def whole(rng: np.random.Generator, count: int, values: int, least: int = 0) -> Array:
    """`count` whole numbers from least on, of so many values, some of which are frequent and some may be missing."""
    shares = rng.dirichlet(np.full(values, 2.0))
    return np.asarray(rng.choice(values, count, p=shares) + least, np.int64)


def apart(values: Array) -> Array:
    """The same numbers, further apart: most of those in between are missing."""
    return np.asarray(3 * values + 2, np.int64)


LABELS = (  # N, values, the least of them
    (6, 3, 0), (17, 5, 0), (40, 9, 1), (64, 8, 4), (9, 30, 2), (5, 2, 0), (33, 4, 7), (12, 1, 5), (1, 1, 3), (3, 1, 0),
)  # fmt: skip


def columns(rng: np.random.Generator) -> list[Call]:
    """Few values and many, with missing ones and without; one value for all images, one image, no two alike."""
    given = [whole(rng, *size) for size in LABELS]
    given += [apart(whole(rng, 25, 6)), apart(whole(rng, 7, 4)), rng.permutation(11), np.repeat([4, 1, 6], [1, 2, 9])]
    given += [rng.permutation(np.repeat(np.arange(5), 8)), rng.permutation(np.repeat([0, 2, 150], 6))]
    return [
        Call("entropy", [labels.astype(np.int64)], probe=f"values {number}", names=("labels",))
        for number, labels in enumerate(given)
    ]


@part("10.1")
def test_entropy(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The entropy of the frequencies of all values that occur, as one number."""
    agree(student, reference, columns(rng), "the entropy")


PAIRS = (  # N, bins, values of the factor, and the share of images whose bin says nothing
    (40, 4, 3, 0.4), (64, 8, 5, 0.2), (25, 3, 7, 0.6), (60, 2, 2, 0.3), (48, 6, 6, 0.5), (31, 5, 4, 1), (20, 7, 3, 0),
)  # fmt: skip


def pairs(rng: np.random.Generator) -> list[Call]:
    """Codes that follow the factor more or less, and not at all; with many values, with one, and far apart."""
    given = [related(rng, *size) for size in PAIRS]
    for codes, factor in (related(rng, 36, 4, 5, 0.4), related(rng, 50, 5, 3, 0.5), related(rng, 44, 8, 4, 0.3)):
        given += [(codes, apart(factor)), (apart(codes), apart(factor)), (codes, len(np.unique(factor)) * factor)]
    given += [(apart(whole(rng, 30, 12)), whole(rng, 30, 11, 1)), related(rng, 80, 6, 14, 0.3)]
    for step in (10, 100):
        codes, factor = related(rng, 60, 5, 4, 0.6)
        given += [(codes, step * factor)]
    known = whole(rng, 28, 6)
    given += [(known, known.copy()), (known, np.asarray(5 - known)), (known, rng.permutation(6)[known] // 2)]
    given += [(np.full(15, 3), whole(rng, 15, 4)), (whole(rng, 15, 4), np.full(15, 2)), (np.zeros(1), np.full(1, 4))]
    grid = rng.permutation(24)
    given += [(grid // 6, grid % 6), (grid % 3, grid // 3)]  # every pair once: neither says anything about the other
    names = ("codes", "factor")
    return [
        Call("mutual_information", [np.asarray(c, np.int64), np.asarray(f, np.int64)], probe=f"pairs {n}", names=names)
        for n, (c, f) in enumerate(given)
    ]


def related(rng: np.random.Generator, count: int, bins: int, values: int, noise: float) -> tuple[Array, Array]:
    """A code (N,) in bins that follows a factor (N,), but for a share `noise` of images."""
    factor = whole(rng, count, values)
    lost = rng.random(count) < noise
    return np.where(lost, whole(rng, count, bins), rng.permutation(max(bins, values))[factor] % bins), factor


@part("10.2")
def test_mutual_information(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The two entropies minus that of pairs, as one number."""
    agree(student, reference, pairs(rng), "the mutual information")


TABLES = ((40, 4, 3), (25, 2, 5), (64, 8, 3), (30, 3, 3), (18, 1, 4), (22, 5, 1), (7, 1, 1), (5, 5, 5))  # N, Z, F


def tables(rng: np.random.Generator) -> list[Call]:
    """More dimensions than factors and fewer, as many of both as there are images, and columns of a single value."""
    calls = []
    for number, (count, dimensions, factors) in enumerate(TABLES):
        columns = [whole(rng, count, int(rng.integers(2, 7))) for _ in range(factors)]
        codes = [related(rng, count, 5, 4, 1.0)[0] for _ in range(dimensions)]
        for j in range(dimensions):  # a dimension follows a factor, and hardly two of them the same one
            kept = rng.random(count) < 0.7
            codes[j] = np.where(kept, (j + 1 + columns[(j + number) % factors]) % 5, codes[j])
        if number in (2, 5):
            codes[1] = np.full(count, 4)
        if number == 1:
            columns[3] = np.full(count, 1)
        args = [np.stack(codes, axis=1).astype(np.int64), np.stack(columns, axis=1).astype(np.int64)]
        calls.append(Call("information_table", args, probe=f"table {number}", names=("codes", "factors")))
    return calls


@part("10.3")
def test_information_table(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The mutual information of each dimension with each factor: a row a dimension, a column a factor."""
    agree(student, reference, tables(rng), "the information", "(Z, F)")


@part("10.3")
def test_information_table_is_a_tensor(student: Student, rng: np.random.Generator) -> None:
    """What the next part sorts and compares is a tensor of torch's."""

    def kind(answer: Answer) -> str:
        return answer.result.kind if isinstance(answer.result, Leaf) else describe(answer.result)

    for answer in student(tables(rng)[:3], lambda _, answer: kind(answer)):
        if kind(answer) != "torch":
            raise Wrong("the information (Z, F) as a torch tensor", f"{kind(answer)}: torch.tensor makes one of it")


GAPS = ((4, 3), (8, 2), (2, 5), (6, 6), (3, 1), (2, 1), (5, 4), (2, 2), (7, 3))  # Z, F


def gaps(rng: np.random.Generator) -> list[Call]:
    """Tables of which some columns have one strong dimension and some two; in a few, two are equally strong."""
    calls = []
    for number, (dimensions, factors) in enumerate(GAPS):
        entropies = rng.uniform(0.4, 3.0, factors)
        share = rng.uniform(0.02, 0.5, (dimensions, factors))
        share[rng.integers(dimensions, size=factors), np.arange(factors)] += rng.uniform(0, 0.45, factors)
        if number in (2, 6):  # the two best dimensions of one factor say the same
            best, second = share[:, 0].argsort()[::-1][:2]
            share[second, 0] = share[best, 0]
        calls.append(of_gap(share * entropies, entropies, f"gap {number}"))
    return calls


def of_gap(information: Array, entropies: Array, label: str) -> Call:
    given = [np.asarray(information, np.float32), np.asarray(entropies, np.float32)]
    return Call("mig", given, probe=label, names=("information", "entropies"))


@part("10.4")
def test_mig(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The largest minus the second largest over dimensions, in units of the entropy, averaged over factors."""
    agree(student, reference, gaps(rng), "the gap")


@part("10.4")
def test_mig_of_factors_that_vary(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """A factor of a single value has no entropy, no information, and no part in the average."""
    calls = []
    for number, (dimensions, factors, fixed) in enumerate(
        ((5, 3, [1]), (3, 4, [0, 3]), (6, 2, [1]), (2, 5, [0, 1, 4]))
    ):
        entropies = rng.uniform(0.5, 2.5, factors)
        information = entropies * rng.uniform(0.05, 0.95, (dimensions, factors))
        entropies[fixed], information[:, fixed] = 0, 0
        calls.append(of_gap(information, entropies, f"factors that stay {number}"))
    agree(student, reference, calls, "the gap")
