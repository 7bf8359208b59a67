"""Lesson 4, the KL divergence: the checks of `exercises/kl_starter.py`, all in nats per image.

How far a right answer may be off follows from its conditioning: float32 loses digits of a small KL in the usual form
of it, and a small number inside a logarithm, which keeps it finite, moves it a little.
"""

from __future__ import annotations

import math

import numpy as np

from autograder.engine.judging import (
    EPSILON,
    Answer,
    Array,
    Call,
    Leaf,
    Oracle,
    Student,
    Wrong,
    agree,
    agree_on_each,
    agree_on_gradients,
    agree_within,
    describe,
    gradients_within,
    if_written,
    part,
    probes,
)

LEAST = 10.0  # nats of a pixel that is certain and wrong
GUARD = math.exp(-LEAST)  # so much may be added inside a logarithm, or cut off, to keep it finite


def pairs_of_images(rng: np.random.Generator) -> list[Call]:
    """Decoded images, never quite 0 or 1, and images that are grey; once of as many pixels as real ones have."""
    calls = []
    for number, (count, pixels, _) in enumerate((*probes.SIZES, (2, 256, 0))):
        given = [probes.images(rng, count, pixels), probes.images(rng, count, pixels)]
        names = ("x_hat", "x")
        calls.append(Call("reconstruction_loss", given, probe=f"images {number}", names=names, seed=number))
    return calls


def guard(x_hat: Array, steepness: int) -> Array:
    """What a small number inside both logarithms does to the loss of each pixel (1), or to its gradient (2)."""
    near = x_hat.astype(np.float64)
    return GUARD * (near**-steepness + (1 - near) ** -steepness)


def guarded_mean(call: Call) -> float:
    return float(guard(call.args[0], 1).sum(1).mean())


def guarded_gradient(call: Call, name: str) -> Array | float:
    """The allowance for a gradient with respect to a pixel; cotangents are scalars."""
    assert call.cotangents is not None
    if name in ("mu", "log_var"):
        return 0.0
    weight = abs(float(call.cotangents[0])) / len(call.args[0])
    return weight * guard(call.args[0], 2 if name in ("x_hat", "recon_x") else 1)


def weight(rng: np.random.Generator) -> Array:
    """A cotangent for a scalar."""
    return np.asarray(rng.uniform(0.5, 2.0))


@part("4.1")
def test_reconstruction_loss(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The binary cross-entropy, summed over pixels and averaged over images."""
    agree_within(student, reference, pairs_of_images(rng), "the reconstruction", "", guarded_mean)


@part("4.1")
def test_reconstruction_loss_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow to both images."""
    asked = [call.differentiated(weight(rng)) for call in pairs_of_images(rng)]
    gradients_within(student, reference, asked, "the reconstruction", guarded_gradient)


@part("4.1")
def test_reconstruction_loss_of_certain_pixels(student: Student, rng: np.random.Generator) -> None:
    """Finite where x_hat is 0 or 1: near 0 where that is right, at least 10 nats a pixel where it is wrong."""
    calls = []
    for number, (count, pixels, wrong) in enumerate(((3, 40, 0), (2, 31, 0), (3, 40, 12), (2, 31, 9), (4, 50, 50))):
        x = rng.integers(0, 2, (count, pixels)).astype(np.float32)
        x_hat = x.copy()
        where = rng.permutation(pixels)[:wrong]
        x_hat[:, where] = 1 - x_hat[:, where]
        names = ("x_hat", "x")
        calls.append(Call("reconstruction_loss", [x_hat, x], probe=f"certain {number}", names=names, seed=number))

    def fault(call: Call, answer: Answer) -> tuple[str, str]:
        """What was expected, and what we got; empty if all is well."""
        x_hat, x = call.args
        least = LEAST * float(np.abs(x_hat - x).sum(1).mean())
        if not isinstance(answer.result, Leaf) or answer.result.array.shape:
            return "a scalar", describe(answer.result)
        got = float(answer.result.array)
        if not math.isfinite(got):
            return "a finite loss where x_hat is exactly 0 or 1", f"{got}"
        if least and got < least * (1 - 1e-4):
            return f"at least {least:.4g} nats where x_hat is 0 or 1 and wrong in some pixels", f"{got:.4g}"
        if not least and abs(got) > 1e-3 * x.shape[1]:
            return "a loss near 0 where x_hat is 0 or 1 and right in all pixels", f"{got:.4g}"
        return "", ""

    def look(call: Call, answer: Answer) -> object:
        return fault(call, answer)[0]

    for call, answer in zip(calls, student(calls, look), strict=True):
        expected, got = fault(call, answer)
        if expected:
            raise Wrong(expected, got)
        student.unchanged(call, answer)


def gaussians(rng: np.random.Generator, function: str) -> list[Call]:
    """mu and log_var of several sizes: ordinary, large and extreme ones, and some of which hardly anything is left."""
    calls = []
    for number, (count, _, latent) in enumerate((*probes.SIZES, (7, 0, 5), (6, 0, 4))):
        scale = (1.0, 1.0, 1.0, 1.0, 3.0, 0.03)[number]
        log_var = (1.3 * scale * rng.uniform(-2, 1.6, (count, latent))).astype(np.float32)
        given = [probes.normal(rng, count, latent, scale=scale), log_var]
        calls.append(Call(function, given, probe=f"{function} {number}", names=("mu", "log_var"), seed=number))
    for number, (low, high) in enumerate(((-20, -12), (12, 20))):
        given = [probes.normal(rng, 3, 4, scale=12.0), rng.uniform(low, high, (3, 4)).astype(np.float32)]
        calls.append(Call(function, given, probe=f"{function} extreme {number}", names=("mu", "log_var")))
    return calls


def lost_digits(mu: Array, log_var: Array) -> Array:
    """How far float32 may lead each dimension's KL astray in any usual form: by a few roundings of its largest term."""
    mu, log_var = mu.astype(np.float64), log_var.astype(np.float64)
    return 16 * EPSILON * (1 + np.square(mu) + np.abs(log_var) + np.exp(log_var))


@part("4.2")
def test_kl_divergence(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The closed form, one number an image."""

    def allowance(call: Call) -> Array:
        return np.asarray(lost_digits(*call.args).sum(1))

    agree_within(student, reference, gaussians(rng, "kl_divergence"), "the KL", "(B,)", allowance)


@part("4.2")
def test_kl_divergence_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow to mu and log_var."""
    agree_on_gradients(student, reference, gaussians(rng, "kl_divergence")[:5], rng, "the KL")


def agree_on_dimensions(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    def allowance(call: Call) -> Array:
        return np.asarray(lost_digits(*call.args).mean(0))

    calls = gaussians(rng, "kl_per_dimension")
    agree_within(student, reference, calls, "the KL of each dimension", "(Z,)", allowance)


@part("4.3")
def test_kl_per_dimension(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """One number for each latent dimension, averaged over images."""
    agree_on_dimensions(student, reference, rng)


@part("4.3")
def test_kl_per_dimension_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow to mu and log_var."""
    agree_on_gradients(student, reference, gaussians(rng, "kl_per_dimension")[:5], rng, "the KL of each dimension")


def usages(rng: np.random.Generator) -> list[Call]:
    """Dimensions of all strengths, with thresholds that lie clearly between two of them; 0.01 without one."""
    calls = []
    sizes = ((6, 9, None), (5, 12, None), (1, 7, None), (6, 10, 0.1), (4, 11, 0.6), (7, 8, 0.03), (9, 1, 0.2))
    for number, (count, latent, threshold) in enumerate(sizes):
        limit = threshold or 0.01
        sides = rng.permutation(np.resize([-1, 1, 1], latent))
        nats = limit * np.exp(sides * rng.uniform(0.3, 1.2, latent))  # (Z,), none near the limit
        shares = rng.uniform(0.05, 0.15, (count, latent))
        for dimension in range(latent):
            shares[rng.permutation(count)[:2], dimension] = count  # two images have most of it
        nats = nats * shares / shares.mean(0)  # (B, Z); the mean is what was chosen
        log_var = -np.sqrt(nats) * rng.permutation(np.resize([0.3, 1.9], latent))
        mu = np.sqrt(2 * nats - (np.expm1(log_var) - log_var)) * rng.choice([-1, 1], nats.shape)
        given = [mu.astype(np.float32), log_var.astype(np.float32)]
        named = {} if threshold is None else {"threshold": threshold}
        calls.append(Call("active_units", given, named, probe=f"usage {number}", names=("mu", "log_var"), seed=number))
    return [*calls, *thresholds(rng)]


def thresholds(rng: np.random.Generator) -> list[Call]:
    """Any threshold, among them 0; all dimensions above it, or none, or some exactly at it."""
    calls = []
    for number, (threshold, nats) in enumerate(
        ((0.0, 0.004), (0.0, 0.006), (0.002, 0.005), (3.0, 2.0), (0.5, 0.1), (None, 0.002))
    ):
        mu = np.sqrt(2 * nats) * rng.choice([-1, 1], (4, 6)) * rng.uniform(0.9, 1.1, 6)
        given = [mu.astype(np.float32), np.full((4, 6), 1e-3, np.float32)]
        named = {} if threshold is None else {"threshold": threshold}
        calls.append(Call("active_units", given, named, probe=f"threshold {number}", names=("mu", "log_var")))
    for count, latent, size in ((4, 6, 1.0), (2, 9, 2.0)):  # at log_var 0 the KL is mu^2 / 2, without any rounding
        mu = size * rng.choice([-1, 1], (count, latent)) * rng.permutation(np.resize([1, 2, 0], latent))
        given = [mu.astype(np.float32), np.zeros((count, latent), np.float32)]
        named = {"threshold": size**2 / 2}
        calls.append(Call("active_units", given, named, probe=f"at {size**2 / 2}", names=("mu", "log_var")))
    return calls


@part("4.3")
def test_active_units(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The number of dimensions above the threshold. It is asked for once the KL of each dimension, if it is written, is
    right.
    """
    with if_written():
        agree_on_dimensions(student, reference, rng)
    agree(student, reference, usages(rng), "active dimensions")


def losses(rng: np.random.Generator) -> list[Call]:
    """Everything the loss needs, with several weights of the KL; without one it is 1. In two, the KL is nearly 0."""
    calls = []
    for number, (count, pixels, latent) in enumerate((*probes.SIZES, (6, 8, 3), (4, 5, 6), (3, 7, 8))):
        given = [probes.images(rng, count, pixels), probes.images(rng, count, pixels)]
        scale = 1.0 if number < 5 else 0.03
        log_var = (1.3 * scale * rng.uniform(-2, 1.6, (count, latent))).astype(np.float32)
        given += [probes.normal(rng, count, latent, scale=scale), log_var]
        beta = (None, 4.0, 0.3, None, 0.0, 25.0, 250.0)[number]
        named = {} if beta is None else {"beta": beta}
        names = ("recon_x", "x", "mu", "log_var")
        calls.append(Call("vae_loss", given, named, probe=f"loss {number}", names=names, seed=number))
    return calls


def lost_kl(call: Call) -> float:
    return float(lost_digits(*call.args[2:]).sum(1).mean())


def lost_total(call: Call) -> float:
    return guarded_mean(call) + float(call.kwargs.get("beta", 1.0)) * lost_kl(call)


@part("4.4")
def test_vae_loss(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Three scalars: the total, the reconstruction, the KL averaged over images."""
    allowances = (lost_total, guarded_mean, lost_kl)
    agree_on_each(student, reference, losses(rng), ("total", "recon", "kl"), "", allowances)


@part("4.4")
def test_vae_loss_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow from the total to all four inputs."""
    zero = np.zeros(())
    asked = [call.differentiated(weight(rng), zero, zero) for call in losses(rng)[:4]]
    gradients_within(student, reference, asked, "the total", guarded_gradient)


@part("4.5")
def test_beta_warm_up(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """A straight line from 0 to beta_max, which is reached at warm_up_steps and kept; at once if there are none."""
    calls = []
    for number, beta in enumerate((None, 4.0, 0.5, 0.0, 0.25)):
        total = int(rng.integers(30, 400))
        inside, beyond = int(rng.integers(2, total // 2)), total + int(rng.integers(2, 3 * total))
        steps = [(0, total), (inside, total), (total - 1, total), (total, total), (beyond, total)]
        far = [(50 * total, total), (1234, 5000)] if number < 2 else [(1, 2), (0, 1)]
        for step, warm_up in [*steps, *far, (1, 1), (0, 0), (inside, 0)]:
            named = {} if beta is None else {"beta_max": beta}
            label = f"step {step} of {warm_up}, {number}"
            calls.append(Call("beta_warm_up", [step, warm_up], named, probe=label, names=("step", "warm_up_steps")))
    agree(student, reference, calls, "beta")
