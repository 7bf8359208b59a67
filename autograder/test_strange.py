"""Lesson 8, strange images: the checks of `exercises/strange_starter.py`.

These are ordinary pytest tests; `autograder/test_latent.py` says how to write one.
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
    agree,
    agree_within,
    as_number,
    must_be_close,
    part,
    probes,
)

NEAR_A_LOGARITHM = 1e-4  # nats a pixel that a small number inside a logarithm may cost, put there to keep it finite


def pairs_of_images(rng: np.random.Generator) -> list[Call]:
    """What came back and the images, of several sizes; once nothing differs, and once all numbers are small."""
    calls = []
    for number, (count, pixels, _) in enumerate((*probes.SIZES, (2, 256, 0), (6, 2, 0))):
        x = probes.images(rng, count, pixels)
        x_hat = x + (probes.normal(rng, count, pixels, scale=0.02) if number == 1 else 0)
        x_hat = probes.images(rng, count, pixels) if number not in (1, 5) else x_hat.astype(np.float32)
        calls.append(Call("squared_errors", [x_hat, x], probe=f"images {number}", names=("x_hat", "x")))
    return calls


@part("8.1")
def test_squared_errors(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Summed over pixels, one number an image."""
    agree(student, reference, pairs_of_images(rng), "the squared errors", "(B,)")


SHIFTS = ((7, 4, 0.6), (3, 9, -0.8), (1, 5, 0.2), (6, 1, 0.4), (60, 45, 0.7), (8, 6, -0.9), (5, 6, -1.2), (8, 6, 30.0))


def scores(rng: np.random.Generator) -> list[Call]:
    """Usual and strange scores, more of the one or of the other; apart, overlapping, in the wrong order, with ties."""
    usual_and_strange: list[tuple[Array, Array]] = []
    for count, others, shift in SHIFTS:
        usual_and_strange.append((probes.normal(rng, count), probes.normal(rng, others) + np.float32(shift)))
    for count, others, values in ((9, 7, 4), (5, 11, 3), (40, 31, 6), (4, 6, 1)):  # whole numbers: many pairs are equal
        usual_and_strange.append((whole(rng, count, values, 0), whole(rng, others, values, values > 1)))
    usual_and_strange.append((1e6 + probes.normal(rng, 5, scale=40), 1e6 + probes.normal(rng, 8, scale=40)))
    usual_and_strange.append((np.zeros(1, np.float32), np.zeros(1, np.float32)))
    names = ("usual", "strange")
    return [
        Call("auroc", [np.float32(usual), np.float32(strange)], probe=f"scores {n}", names=names)
        for n, (usual, strange) in enumerate(usual_and_strange)
    ]


def whole(rng: np.random.Generator, count: int, values: int, least: int) -> Array:
    """`count` numbers from least to least + values - 1."""
    return (rng.integers(values, size=count) + least).astype(np.float32)


@part("8.2")
def test_auroc(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The share of pairs in which the strange score is the larger one; equal scores count one half."""
    agree(student, reference, scores(rng), "the AUROC", form=as_number)


SIZES = ((5, 3, 7), (2, 9, 11), (4, 1, 6), (1, 6, 3), (30, 40, 5), (3, 4, 1))  # B, M, D


def images_and_known(rng: np.random.Generator) -> list[Call]:
    """More images than known ones and fewer, one known image only, and once some of the images themselves."""
    calls = []
    for number, (count, known, pixels) in enumerate(SIZES):
        x, others = probes.images(rng, count, pixels), probes.images(rng, known, pixels)
        if number in (1, 4):
            others[4] = x[1]
        calls.append(Call("nearest_distance", [x, others], probe=f"known {number}", names=("x", "known")))
    x = probes.images(rng, 3, 300)  # of an image that is known, |a|^2 - 2ab + |b|^2 may be below 0
    calls.append(Call("nearest_distance", [x, x[::-1].copy()], probe="all known", names=("x", "known")))
    return calls


def lost_digits(call: Call) -> Array:
    """How far float32 may lead a distance astray; most where it is nearly 0, in the form |a|^2 - 2ab + |b|^2."""
    x, known = (rows.astype(np.float64) for rows in call.args)
    distance = np.sqrt(np.square(x[:, None] - known[None]).sum(axis=2).min(axis=1))
    lost = 32 * EPSILON * (np.square(x).sum(axis=1) + np.square(known).sum(axis=1).max())
    return np.asarray(lost / np.maximum(distance, np.sqrt(lost)))


@part("8.3")
def test_nearest_distance(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The Euclidean distance to the nearest of the known images, one number an image."""
    agree_within(student, reference, images_and_known(rng), "the distances", "(B,)", lost_digits)


def grey(rng: np.random.Generator, certain: float) -> list[Call]:
    """Images in shades of grey; each pixel is exactly 0 or 1 with probability `certain`."""
    calls = []
    for number, (count, pixels) in enumerate(((5, 7), (3, 11), (1, 6), (4, 9), (2, 30))):
        x = probes.images(rng, count, pixels)
        exact = rng.random((count, pixels)) < certain
        exact[0, 0] = certain > 0
        x[exact] = rng.integers(0, 2, exact.sum())
        calls.append(Call("grey_floor", [x], probe=f"grey {number}, {certain:g} certain", names=("x",)))
    return calls


def allowance(call: Call) -> float:
    return NEAR_A_LOGARITHM * float(call.args[0].shape[1])


@part("8.4")
def test_grey_floor(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The entropy of each pixel, summed over an image; also of pixels that are nearly 0 or 1."""
    faint = rng.uniform(0.002, 0.009, (3, 12)).astype(np.float32)
    faint[1] = 1 - faint[1]
    calls = [*grey(rng, 0.0), Call("grey_floor", [faint], probe="faint", names=("x",))]
    agree_within(student, reference, calls, "the floor", "(B,)", allowance)


@part("8.4")
def test_grey_floor_of_certain_pixels(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """A pixel that is exactly 0 or 1 costs nothing: 0 times the logarithm of 0 is 0 here, and no NaN."""

    def look(_call: Call, answer: Answer) -> object:
        """NaN equals nothing, so that where it stands is looked at apart."""
        if not isinstance(answer.result, Leaf):
            return answer.result
        finite = np.isfinite(answer.result.array)
        return [str(finite.tolist()), Leaf(np.where(finite, answer.result.array, 0), "torch")]

    calls = [*grey(rng, 0.5), *grey(rng, 1.0)]
    for call, answer in zip(calls, student(calls, look), strict=True):
        right = reference(call)
        must_be_close("the floor", "(B,)", answer.result, right.exact.result, right.rounded.result, allowance(call))
        student.unchanged(call, answer)
