"""Lesson 3, the bound: the checks of `exercises/bound_starter.py`, all in nats.

How far a right answer may be off follows from its conditioning: terms of which each is large and the sum is small lose
digits in float32, and a squared distance may be written as (z - mu)^2 or multiplied out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
    gradients_within,
    must_be_close,
    part,
    probes,
)

SHAPES = ((5, 3), (4, 6, 3), (7,), (1, 4), (6, 1), (3, 1, 2), (2, 3, 4, 5), (1,))  # of latent vectors; the last is Z


def numbers_and_gaps(value: Value) -> object:
    """What came back as finite numbers, and apart from them what is not finite: NaN is not even equal to itself."""
    if not isinstance(value, Leaf) or value.array.dtype.kind != "f":
        return value
    array = value.array
    gaps = np.select([np.isnan(array), np.isposinf(array), np.isneginf(array)], [1.0, 2.0, 3.0], 0.0)
    return [Leaf(np.where(gaps, 0, array), value.kind), Leaf(gaps)]


def agree(
    student: Student, reference: Oracle, calls: Sequence[Call], what: str, axes: str, lost: Callable[[Call], Array]
) -> None:
    """The student's results are the reference's, up to what float32 loses, and nothing else changed."""

    def look(_call: Call, answer: Answer) -> object:
        return [numbers_and_gaps(answer.result), list(answer.changes)]

    for call, answer in zip(calls, student(calls, look), strict=True):
        right = reference(call)
        must_be_close(what, axes, answer.result, right.exact.result, right.rounded.result, lost(call))
        student.unchanged(call, answer)


def agree_on_gradients(
    student: Student,
    reference: Oracle,
    calls: Sequence[Call],
    rng: np.random.Generator,
    what: str,
    lost: Callable[[Call], float] = lambda _: 0.0,
) -> None:
    """Gradients flow from the result to every input and are the reference's, up to what float32 loses."""
    student.must_answer(calls[0])
    asked = []
    for call in calls:
        result = reference(call).exact.result
        assert isinstance(result, Leaf)
        asked.append(call.differentiated(rng.standard_normal(result.array.shape)))

    def look(_call: Call, answer: Answer) -> object:
        return [numbers_and_gaps(gradient) for gradient in answer.gradients]

    gradients_within(student, reference, asked, what, lambda call, _name: lost(call), look)


def latent_vectors(rng: np.random.Generator) -> list[Call]:
    """z with one axis and with several; then far out."""
    calls = []
    for number, shape in enumerate((*SHAPES, (4, 19), (2, 3, 23))):
        z = probes.normal(rng, *shape, scale=25.0 if number >= len(SHAPES) else 1.2)
        calls.append(Call("log_prior", [z], probe=f"z {number}", names=("z",), seed=number))
    return calls


def lost_in_prior(call: Call) -> Array:
    """How far float32 may lead a log density astray: by a few roundings of each of its terms."""
    z = call.args[0].astype(np.float64)
    return np.asarray(16 * EPSILON * (1 + np.square(z)).sum(-1))


@part("3.1")
def test_log_prior(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The log density of N(0, I), one number for each latent vector, whatever axes there are besides."""
    agree(student, reference, latent_vectors(rng), "the log density of the prior", "", lost_in_prior)


@part("3.1")
def test_log_prior_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow to z."""
    agree_on_gradients(student, reference, latent_vectors(rng)[:4], rng, "the log density of the prior")


def clouds(rng: np.random.Generator) -> list[Call]:
    """Vectors drawn for Gaussians, one or several for each; then narrow and wide ones, and vectors far from them."""
    calls = []
    sizes = ((0, 5, 3), (4, 3, 6), (3, 1, 2), (1, 4, 3), (0, 1, 4), (6, 2, 1), (3, 3, 3), (0, 4, 4))
    for number, (samples, images, latent) in enumerate(sizes):
        mu = probes.normal(rng, images, latent, scale=1.5)
        log_var = rng.uniform(-3, 1.6, (images, latent)).astype(np.float32)
        eps = rng.standard_normal((samples, images, latent) if samples else (images, latent))
        z = (mu + np.exp(log_var / 2) * eps).astype(np.float32)
        calls.append(of_clouds(z, mu, log_var, f"clouds {number}", number))
    for number, (low, high) in enumerate(((-20, -14), (-18, -12), (12, 20))):
        mu, z = probes.normal(rng, 3, 4, scale=12.0), probes.normal(rng, 5, 3, 4, scale=12.0)
        log_var = rng.uniform(low, high, (3, 4)).astype(np.float32)
        calls.append(of_clouds(z, mu, log_var, f"extreme clouds {number}", number))
    return calls


def of_clouds(z: Array, mu: Array, log_var: Array, label: str, seed: int) -> Call:
    return Call("log_posterior", [z, mu, log_var], probe=label, names=("z", "mu", "log_var"), seed=seed)


def lost_in_posterior(call: Call) -> Array:
    """The same, with a square that may be multiplied out."""
    z, mu, log_var = (array.astype(np.float64) for array in call.args)
    squares = (np.square(z) + np.square(mu)) / np.exp(log_var)
    return np.asarray(16 * EPSILON * (1 + np.abs(log_var) + squares).sum(-1))


def lost_in_gradient(call: Call) -> float:
    """A few roundings of the largest term of any gradient, for each sample that adds to it."""
    assert call.cotangents is not None
    z, mu, log_var = (array.astype(np.float64) for array in call.args)
    largest = float(((1 + np.square(z) + np.square(mu)) / np.exp(log_var)).max())
    return 4 * EPSILON * largest * float(np.abs(call.cotangents[0]).max()) * (len(z) if z.ndim == 3 else 1)


@part("3.2")
def test_log_posterior(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The log density of N(mu, sigma^2), one number for each latent vector."""
    agree(student, reference, clouds(rng), "the log density of the posterior", "", lost_in_posterior)


@part("3.2")
def test_log_posterior_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow to z, mu and log_var."""
    what = "the log density of the posterior"
    agree_on_gradients(student, reference, clouds(rng)[:4], rng, what, lost_in_gradient)


def logarithms(rng: np.random.Generator) -> list[Call]:
    """Values of ordinary size, along each axis of tensors with one axis and with several."""
    calls = []
    cases = (
        ((5, 3), None), ((3, 4, 2), 1), ((6,), None), ((1, 4), None), ((4, 7), -1), ((2, 3, 5), 2), ((4, 3, 2), 0),
        ((5, 1), 1), ((9, 2), 0), ((3, 8), 1), ((7, 7), -2),
    )  # fmt: skip
    for number, (shape, dim) in enumerate(cases):
        calls.append(of_values(probes.normal(rng, *shape, scale=1.5), dim, f"values {number}", number))
    return calls


def of_values(values: Array, dim: int | None, label: str, seed: int = 0) -> Call:
    named = {} if dim is None else {"dim": dim}
    return Call("log_mean_exp", [values], named, probe=label, names=("values",), seed=seed)


def extreme_logarithms(rng: np.random.Generator) -> list[Call]:
    """Values whose exponentials are 0 or infinite: all of them, some of each mean, or some of the means."""
    each, apart = np.asarray([-2000.0, 0, 2000, 3, -700, 500]), np.tile([-3000.0, 0, 900, 0, 0, -150, 250], (6, 1))
    given: list[tuple[Array, int | None]] = [
        *((probes.normal(rng, 5, 3) + shift, None) for shift in (-2000.0, 2000.0, -120.0, 95.0)),
        (probes.normal(rng, 4, 6) + each, None),  # each mean elsewhere
        (probes.normal(rng, 2, 5) + np.asarray([[1200], [-1200]]), 1),
        *((probes.normal(rng, 6, 7) + rng.permuted(apart, axis=1), dim) for dim in (None, 1)),  # within one mean
        (probes.normal(rng, 5, 3) + np.linspace(0, 120, 5)[:, None], None),
    ]
    return [
        of_values(np.asarray(values, np.float32), dim, f"extreme values {number}")
        for number, (values, dim) in enumerate(given)
    ]


def weights_of_zero(rng: np.random.Generator) -> list[Call]:
    """Values of which some are -inf, but never all of one mean."""
    calls = []
    for number, (shape, dim) in enumerate((((5, 3), None), ((4, 6), 1), ((7,), None), ((3, 5), -1))):
        values = probes.normal(rng, *shape) + (0, -1500, 0, 1500)[number]
        axis = dim or 0
        lost = np.argsort(rng.uniform(size=shape), axis=axis) < rng.integers(1, shape[axis])
        calls.append(of_values(np.where(lost, -np.inf, values).astype(np.float32), dim, f"with -inf {number}"))
    return calls


def lost_in_mean(_call: Call) -> Array:
    """A few roundings of numbers around 1, for results near 0."""
    return np.asarray(16 * EPSILON)


@part("3.3")
def test_log_mean_exp(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The logarithm of the mean exponential along one axis, the first if none is named."""
    agree(student, reference, logarithms(rng), "the logarithm of the mean", "", lost_in_mean)


@part("3.3")
def test_log_mean_exp_of_extremes(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Right where the exponentials are too small or too large for a float, and where a weight is 0."""
    calls = [*extreme_logarithms(rng), *weights_of_zero(rng)]
    agree(student, reference, calls, "the logarithm of the mean", "", lost_in_mean)


@part("3.3")
def test_log_mean_exp_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow to the values."""
    agree_on_gradients(student, reference, logarithms(rng)[:5], rng, "the logarithm of the mean")


def terms(rng: np.random.Generator, function: str) -> list[Call]:
    """The three log densities of K samples of B images, as a model has them: likelihoods that cost tens of nats."""
    calls = []
    for number, (samples, images) in enumerate(((5, 3), (7, 4), (1, 4), (6, 1), (3, 8), (1, 1), (4, 4))):
        shape = (samples, images)
        given = [
            probes.normal(rng, *shape, scale=1.5) - rng.uniform(3, 9, images),
            probes.normal(rng, *shape) - rng.uniform(2, 8, images),
            probes.normal(rng, *shape) + rng.uniform(-3, 4, images),
        ]
        calls.append(of_terms(function, given, f"terms {number}", number))
    return calls


def of_terms(function: str, given: Sequence[Array], label: str, seed: int = 0) -> Call:
    names = ("log_px_z", "log_pz", "log_qz")
    return Call(function, [np.asarray(g, np.float32) for g in given], probe=label, names=names, seed=seed)


def extreme_terms(rng: np.random.Generator, function: str) -> list[Call]:
    """Weights too small or too large for a float: of all samples, of some, of some images; and terms that cancel."""
    calls = []
    of_images, of_samples = np.asarray([0.0, -2000, 1500, 40]), np.asarray([[-900.0], [300], [0], [1200]])
    shifts = (-2000.0, 2000.0, -120.0, 95.0, of_images, -of_images, of_samples, -of_samples)
    for number, shift in enumerate(shifts):
        given = [probes.normal(rng, 4, 4) + shift, probes.normal(rng, 4, 4) - 5, probes.normal(rng, 4, 4) + 2]
        calls.append(of_terms(function, given, f"extreme terms {number}"))
    large = [probes.normal(rng, 6, 2) - 30, probes.normal(rng, 6, 2) - 2500, probes.normal(rng, 6, 2) - 2400]
    return [*calls, of_terms(function, large, "terms that cancel")]


def weights_of_nothing(rng: np.random.Generator) -> list[Call]:
    """Samples under which an image is impossible, log p(x|z) = -inf, beside others: their weight is 0."""
    calls = []
    for number, (samples, images) in enumerate(((5, 3), (4, 4), (9, 2))):
        log_px_z = probes.normal(rng, samples, images)
        log_px_z[rng.permutation(samples)[: samples // 2]] = -np.inf
        given = [log_px_z, probes.normal(rng, samples, images) - 5, probes.normal(rng, samples, images) + 2]
        calls.append(of_terms("importance_weighted_bound", given, f"weights of 0, {number}"))
    return calls


def lost_in_sum(call: Call) -> Array:
    """A few roundings of the largest term of each image."""
    sizes = [np.where(np.isfinite(term), np.abs(term.astype(np.float64)), 0) for term in call.args]
    return np.asarray(8 * EPSILON * sum(size.max(0) for size in sizes))


@part("3.4")
def test_elbo(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The mean of the log weights over samples, one number for each image."""
    calls = [*terms(rng, "elbo"), *extreme_terms(rng, "elbo")]
    agree(student, reference, calls, "the ELBO", "(B,)", lost_in_sum)


@part("3.4")
def test_elbo_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow to all three terms."""
    agree_on_gradients(student, reference, terms(rng, "elbo")[:4], rng, "the ELBO")


@part("3.5")
def test_importance_weighted_bound(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The logarithm of the mean weight, one number for each image."""
    calls = terms(rng, "importance_weighted_bound")
    agree(student, reference, calls, "the importance-weighted bound", "(B,)", lost_in_sum)


@part("3.5")
def test_importance_weighted_bound_of_extremes(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Right where the weights are too small or too large for a float."""
    calls = [*extreme_terms(rng, "importance_weighted_bound"), *weights_of_nothing(rng)]
    agree(student, reference, calls, "the importance-weighted bound", "(B,)", lost_in_sum)


@part("3.5")
def test_importance_weighted_bound_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow to all three terms."""
    calls = terms(rng, "importance_weighted_bound")[:4]
    agree_on_gradients(student, reference, calls, rng, "the importance-weighted bound")
