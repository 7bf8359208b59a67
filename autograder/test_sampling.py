"""Lesson 7, new images from codes: the checks of `exercises/sampling_starter.py`.

A draw is judged by its distribution: with the mean and covariance that it should have, it is brought back to N(0, I),
by whichever factor of the covariance it was made. `autograder/test_latent.py` says how to write a check.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograder.engine.judging import (
    EPSILON,
    Answer,
    Array,
    Call,
    Kind,
    Leaf,
    Many,
    Model,
    Odd,
    Oracle,
    Student,
    Value,
    Wrong,
    agree,
    agree_on_each,
    close,
    describe,
    draws_rightly,
    in_rounds,
    part,
    probes,
    recording_decoder,
)

GAUSSIAN = ("mean", "covariance")


def covariance_of(rng: np.random.Generator, latent: int) -> Array:
    """(Z, Z): dimensions of different spread, neighbours of which vary together or against one another."""
    apart = np.abs(np.subtract.outer(np.arange(latent), np.arange(latent)))
    scale = rng.permutation(np.linspace(0.5, 2.0, latent)) * rng.uniform(0.8, 1.2, latent)
    return np.asarray((-rng.uniform(0.4, 0.7)) ** apart * np.outer(scale, scale), np.float32)


def codes_of(rng: np.random.Generator, count: int, latent: int) -> Array:
    """(N, Z): codes with such a covariance, which lie around another point than 0."""
    noise = rng.standard_normal((count, latent)) @ np.linalg.cholesky(covariance_of(rng, latent)).T
    return np.asarray(noise + rng.uniform(1, 3, latent) * rng.choice([-1, 1], latent), np.float32)


SIZES = ((9, 4), (30, 3), (6, 2), (4, 1), (5, 3), (200, 8), (2, 1), (12, 11))  # N, Z


def numbers_and_gaps(value: Value) -> object:
    """Where numbers are finite, and these numbers. NaN equals nothing, and so would tell no mistake from another."""
    if isinstance(value, Many):
        return [numbers_and_gaps(item) for item in value.items]
    if not isinstance(value, Leaf):
        return value
    finite = np.isfinite(value.array)
    return [str(finite.tolist()), Leaf(np.where(finite, value.array, 0))]


@part("7.1")
def test_fit_gaussian(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Mean and covariance of few codes and of many, of one dimension and of more."""
    calls = [
        Call("fit_gaussian", [codes_of(rng, *size)], probe=f"codes {number}", names=("codes",))
        for number, size in enumerate(SIZES)
    ]
    agree_on_each(student, reference, calls, GAUSSIAN, "", look=lambda _, a: [numbers_and_gaps(a.result), *a.changes])


def whitened(draws: Array, mean: Array, covariance: Array) -> Array:
    """The noise of which draws (num_samples, Z) were made, if they come from this Gaussian."""
    factor = np.linalg.cholesky(covariance.astype(np.float64))
    return np.asarray(np.linalg.solve(factor, (draws - mean).T).T)


AXES = ("samples", "dimensions")
DRAWN = Kind(
    "noise L^-1 (z - mean)",
    AXES,
    "(num_samples, Z)",
    lambda c: (c.args[2], len(c.args[0])),
    antithetic=True,
    whitened=lambda c, draws: whitened(draws, *c.args[:2]),
)


@part("7.2")
def test_draw_codes(student: Student, rng: np.random.Generator) -> None:
    """Draws with this mean and this covariance, each sample by itself; from the generator if there is one."""
    calls = []
    for number, (samples, latent) in enumerate(((400, 4), (500, 6), (60, 90), (300, 5), (1, 3), (4, 1), (3, 5))):
        mean = codes_of(rng, 1, latent)[0]
        args = [mean, covariance_of(rng, latent), samples]
        names = (*GAUSSIAN, "num_samples")
        call = Call("draw_codes", args, probe=f"draws {number}", names=names, grad_mode=number % 2 == 0)
        calls += [in_rounds(call, rng, generator) for generator in (False, True)]
    draws_rightly(student, calls, DRAWN)


NAMES = ("encode", "decode", "images", "num_samples")


def asked_for(rng: np.random.Generator, number: int, count: int, pixels: int, latent: int, samples: int) -> Call:
    """A call of `new_images` whose encoder bends so much that its codes are nowhere near a Gaussian's draws."""
    mode = " in eval mode" if number % 2 else ""
    weight = rng.standard_normal((latent, pixels)) + rng.standard_normal((1, pixels))
    weight *= rng.permutation(np.linspace(1, 3, latent))[:, None]
    offset = rng.uniform(0.7, 1.2, latent) * rng.choice([-1, 1], latent)
    arrays = {"weight": weight, "bias": offset - 0.5 * weight.sum(1)}
    encode = Model(f"bent{mode}", {name: array.astype(np.float32) for name, array in arrays.items()})
    decode = Model(f"recording{mode}", {"weight": probes.normal(rng, latent, 2 * latent + 3)})
    args = [encode, decode, probes.images(rng, count, pixels), samples]
    return Call("new_images", args, probe=f"images {number}", names=NAMES, seed=int(rng.integers(2**31)))


def codes_wanted(call: Call) -> tuple[int, int]:
    return call.args[3], len(call.args[0].arrays["bias"])


def codes_read(answer: Answer) -> Value:
    """What the decoder was called on."""
    seen = answer.seen.get("1", ())
    return seen[0] if len(seen) == 1 else Odd(f"{len(seen)} calls of `decode`")


def noise_read(call: Call, read: Array) -> Array:
    """The noise of which its codes were made, if they come from a Gaussian that is fitted to all codes."""
    encode, _, images, _ = call.args
    codes = np.tanh(images.astype(np.float64) @ encode.arrays["weight"].T + encode.arrays["bias"])
    return whitened(read, codes.mean(0), np.cov(codes.T).reshape(codes.shape[1], -1))


READ = Kind(
    "noise L^-1 (z - mean) of the codes that `decode` reads",
    AXES,
    "(num_samples, Z)",
    codes_wanted,
    antithetic=True,
    whitened=noise_read,
    drawn=codes_read,
)


def runs(answer: Answer, model: str) -> int:
    """How often a model was called."""
    used = answer.used.get(model)
    count = used.get("forward", 0) if isinstance(used, dict) else 0
    return count if isinstance(count, int) else 0


def read_all(call: Call, answer: Answer) -> bool:
    """Whether the encoder was run on the images as they are, as far as the grader saw it; a reference's it does not."""
    images = call.args[2]
    return all(isinstance(seen, Leaf) and close(seen.array, images, EPSILON) for seen in answer.seen.get("0", ()))


def became(call: Call, answer: Answer) -> str:
    """What the result is of the decoder's output."""
    read = codes_read(answer)
    if not isinstance(read, Leaf) or read.array.shape != codes_wanted(call):
        return "something else"
    return recording_decoder.became(read.array.astype(np.float64), call.args[1], answer.result)


def look(call: Call, answer: Answer) -> list[object]:
    read = [value.array.shape if isinstance(value, Leaf) else "odd" for value in answer.seen.get("1", ())]
    return [runs(answer, "0"), read_all(call, answer), answer.drew, read, became(call, answer), list(answer.changes)]


@part("7.3")
def test_what_the_models_read(student: Student, rng: np.random.Generator) -> None:
    """One run of the encoder, one of the decoder, whose output comes back as it is."""
    sizes = ((10, 7, 3, 6), (20, 5, 2, 1), (8, 4, 1, 5), (16, 9, 4, 30))
    calls = [asked_for(rng, number, *size) for number, size in enumerate(sizes)]
    for call, answer in zip(calls, student(calls, look), strict=True):
        if runs(answer, "0") != 1:
            raise Wrong("one run of `encode`", f"{runs(answer, '0')} runs")
        if not read_all(call, answer):
            wanted = f"one run of `encode`, on all images, (N, D) = {call.args[2].shape}"
            raise Wrong(wanted, f"a run on {describe(answer.seen['0'][0])}, with other numbers or another shape")
        read, shape = codes_read(answer), codes_wanted(call)
        wanted = f"one call of `decode`, on codes of shape (num_samples, Z) = {shape}"
        if not isinstance(read, Leaf):
            raise Wrong(wanted, describe(read))
        if read.array.shape != shape:
            raise Wrong(wanted, f"a call on {describe(read)}")
        if became(call, answer) != "as it is":
            raise Wrong("what `decode` returns, as it is", became(call, answer))
        student.unchanged(call, answer)


@part("7.3")
def test_new_images_are_drawn(student: Student, rng: np.random.Generator) -> None:
    """The decoder reads draws from a Gaussian with the mean and covariance of the images' codes."""
    sizes = ((150, 9, 4, 600), (60, 6, 3, 800), (300, 50, 40, 60), (12, 7, 3, 2))
    asked = [asked_for(rng, number, *size) for number, size in enumerate(sizes)]
    calls = [in_rounds(replace(call, grad_mode=False), rng, generator) for call in asked for generator in (False, True)]
    draws_rightly(student, calls, READ)


def strangers(rng: np.random.Generator) -> list[Call]:
    """Distances to judge and usual ones, more of the one or of the other; with the default quantile and with others."""
    calls = []
    sizes = ((40, 31, 0.95), (7, 25, 0.95), (60, 11, 0.5), (1, 6, 0.8), (25, 1, 0.95), (33, 14, 0.3), (50, 45, 0.99))
    for number, (count, others, quantile) in enumerate((*sizes, (20, 200, 0.95), (18, 9, 1.0), (90, 13, 0.84))):
        usual = 1 + np.abs(probes.normal(rng, others))
        low, limit, high = (np.quantile(usual, quantile, method=m) for m in ("lower", "linear", "higher"))
        judged = np.concatenate([rng.uniform(0.8, 3.5, count), [(low + limit) / 2, (limit + high) / 2, high + 0.1]])
        judged[np.abs(judged - limit) < 1e-3] += 0.01  # none is at the limit
        judged = rng.permutation(judged)[: count if count == 1 else None].astype(np.float32)
        named = {"quantile": quantile} if quantile != 0.95 or number == 1 else {}
        names = ("distances", "usual")
        calls.append(Call("share_beyond", [judged, usual], named, probe=f"distances {number}", names=names))
    return calls


@part("7.4")
def test_share_beyond(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The share of the distances above a quantile of the usual ones."""
    agree(student, reference, strangers(rng), "the share")
