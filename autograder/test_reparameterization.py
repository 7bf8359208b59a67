"""Lesson 2, reparameterization: the checks of `exercises/reparameterization_starter.py`.

Random answers are judged by their distribution, which `engine/judging/moments.py` looks at, and by where their
randomness comes from; where noise is handed in, the answer is one number and is compared.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograder.engine.judging import (
    Answer,
    Array,
    Call,
    Generator,
    Kind,
    Leaf,
    Model,
    Oracle,
    Round,
    Student,
    Wrong,
    agree,
    agree_on_each,
    agree_on_gradients,
    compare,
    draws_rightly,
    gradients_within,
    in_rounds,
    part,
    probes,
)

GAUSSIAN = ("mu", "log_var")


def encodings(rng: np.random.Generator) -> list[Call]:
    """An encoder, two heads and images; log-variances reach nearly 8 in size, the largest that is looked at."""
    names = ("encoder", "fc_mu", "fc_log_var", "x")
    calls = []
    for number, (count, pixels, latent) in enumerate(probes.SIZES):
        width = 12 + number
        x = probes.images(rng, count, pixels)
        sizes = {"encoder": (pixels, width), "fc_mu": (width, latent), "fc_log_var": (width, latent)}
        given = probes.layers(rng, sizes)
        weight, bias = given["encoder"]
        last, offset = given["fc_log_var"]
        largest = np.abs(np.tanh(x @ weight.T + bias) @ last.T + offset).max()
        given["fc_log_var"] = (last * np.float32(7.9 / largest), offset * np.float32(7.9 / largest))
        mode = " in eval mode" if number % 2 else ""  # whatever it is, it stays
        kinds = (f"bent{mode}", f"layer{mode}", f"layer{mode}")
        models = [
            Model(k, dict(zip(("weight", "bias"), v, strict=True))) for k, v in zip(kinds, given.values(), strict=True)
        ]
        calls.append(Call("encode_distribution", [*models, x], probe=f"encoding {number}", names=names, seed=number))
    return calls


def runs(answer: Answer) -> int:
    """How often the encoder ran."""
    used = answer.used.get("0")
    count = used.get("forward", 0) if isinstance(used, dict) else 0
    return count if isinstance(count, int) else 0


@part("2.1")
def test_encode_distribution(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """mu and log_var of shape (B, Z), as the heads give them; the encoder runs once."""

    def look(_call: Call, answer: Answer) -> object:
        return [answer.result, list(answer.changes), runs(answer)]

    for answer in agree_on_each(student, reference, encodings(rng), GAUSSIAN, "(B, Z)", look=look):
        if runs(answer) != 1:
            raise Wrong("one run of the encoder", f"{runs(answer)} runs")


@part("2.1")
def test_encode_distribution_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow from both results to the images."""
    asked = []
    for call in encodings(rng):
        x, heads = call.args[-1], call.args[1]
        shape = (len(x), len(heads.arrays["bias"]))
        weights = (probes.normal(rng, *shape), probes.normal(rng, *shape))
        asked.append(_named_last(call).differentiated(*weights))
    gradients_within(student, reference, asked, "mu and log_var")


def _named_last(call: Call) -> Call:
    """Gradients are asked for float inputs alone, and a model is none."""
    return Call(call.function, call.args, probe=call.probe, names=("x",), seed=call.seed)


def gaussians(rng: np.random.Generator, count: int, latent: int) -> list[Array]:
    """mu and log_var (B, Z), not symmetric about zero, so that no wrong formula has the right spread by luck."""
    return [probes.normal(rng, count, latent) + np.float32(0.7), _uniform(rng, -3, 1, count, latent)]


def _uniform(rng: np.random.Generator, low: float, high: float, *shape: int) -> Array:
    return rng.uniform(low, high, shape).astype(np.float32)


def log_variances(rng: np.random.Generator) -> list[Call]:
    """Around zero, and once far from it."""
    calls = []
    for number, (count, _, latent) in enumerate((*probes.SIZES, (6, 0, 5))):
        values = _uniform(rng, -8, 8, count, latent) if number == 4 else probes.normal(rng, count, latent, scale=1.5)
        calls.append(Call("log_var_to_std", [values], probe=f"log_var {number}", names=["log_var"], seed=number))
    return calls


@part("2.2")
def test_log_var_to_std(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The standard deviation, of the same shape."""
    agree(student, reference, log_variances(rng), "standard deviations", "(B, Z)")


@part("2.2")
def test_log_var_to_std_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow to log_var."""
    agree_on_gradients(student, reference, log_variances(rng), rng, "the standard deviations")


def with_noise(rng: np.random.Generator) -> list[Call]:
    """mu, log_var and noise that is handed in, which need not look like a draw from N(0, 1)."""
    calls = []
    for number, (count, _, latent) in enumerate(probes.SIZES):
        noise = probes.normal(rng, count, latent, scale=1.0 + number) + np.float32(0.2)
        label = f"eps given {number}"
        names = (*GAUSSIAN, "eps")
        calls.append(Call("reparameterize", gaussians(rng, count, latent), {"eps": noise}, probe=label, names=names))
    for number, scale in enumerate((0.0, 30.0)):  # no noise at all is noise that is given; log_var is wide
        given = [probes.normal(rng, 4, 3), _uniform(rng, -8, 8, 4, 3)]
        noise = probes.normal(rng, 4, 3, scale=scale)
        label = f"unusual eps {number}"
        calls.append(Call("reparameterize", given, {"eps": noise}, probe=label, names=(*GAUSSIAN, "eps")))
    return calls


@part("2.3")
def test_reparameterize_with_noise_given(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """mu + std * eps with eps as it is given, the same at every call."""
    once = with_noise(rng)
    calls = [
        Call(c.function, c.args, c.kwargs, probe=c.probe, names=c.names, rounds=[Round(1), Round(2)]) for c in once
    ]

    def look(_call: Call, answer: Answer) -> object:
        first, *more = (r.result for r in answer.rounds)
        steady = isinstance(first, Leaf) and all(
            isinstance(r, Leaf) and np.array_equal(r.array, first.array) for r in more
        )
        return [first if steady or not isinstance(first, Leaf) else ["random", first.array.shape], [*answer.changes]]

    for call, plain, answer in zip(calls, once, student(calls, look), strict=True):
        right = reference(plain)
        for again in answer.rounds:
            compare("z", "(B, Z)", again.result, right.exact.result, right.rounded.result)
        student.unchanged(call, answer)


@part("2.3")
def test_reparameterize_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Gradients flow to mu, to log_var and to the noise that is given."""
    asked = [call.differentiated(probes.normal(rng, *call.args[0].shape)) for call in with_noise(rng)]

    def look(_call: Call, answer: Answer) -> object:
        flows = [isinstance(gradient, Leaf) for gradient in answer.gradients]
        return [flows, "random" if answer.drew else list(answer.gradients)]

    gradients_within(student, reference, asked, "z", look=look)


def moved_and_stretched(call: Call) -> tuple[Array, Array]:
    """Mean and spread of z."""
    mu, log_var = (array.astype(np.float64) for array in call.args[:2])
    return mu, np.exp(0.5 * log_var)


Z = Kind("noise (z - mu) / std", ("images", "dimensions"), "(B, Z)", lambda c: c.args[0].shape, moved_and_stretched)


def draws(rng: np.random.Generator) -> list[Call]:
    """mu and log_var alone: eps has to be drawn. Many images for the moments, few for the shapes."""
    calls = []
    for number, (count, latent) in enumerate(((80, 70), (60, 90), (1, 3), (4, 1))):
        call = Call("reparameterize", gaussians(rng, count, latent), probe=f"drawn {number}", names=GAUSSIAN)
        call = replace(call, grad_mode=number % 2 == 0)  # a draw is one without gradients as well
        calls += [in_rounds(call, rng, generator) for generator in (False, True)]
    return calls


@part("2.3")
def test_reparameterize_draws(student: Student, rng: np.random.Generator) -> None:
    """Without eps: one number from N(0, 1) for each image and dimension, from the generator if there is one."""
    draws_rightly(student, draws(rng), Z)


@part("2.3")
def test_reparameterize_gradients_of_draws(student: Student, rng: np.random.Generator) -> None:
    """The gradient passes through a draw as well: 1 to mu, half of the distance from mu to log_var."""
    calls = []
    for number, named in enumerate(({}, {"generator": Generator(5)}, {}, {"generator": Generator(8)})):
        given = gaussians(rng, 6 + number, 4)
        call = Call("reparameterize", given, named, probe=f"gradient {number}", names=GAUSSIAN, seed=number)
        calls.append(call.differentiated(probes.normal(rng, *given[0].shape)))

    def flows(call: Call, answer: Answer) -> list[str]:
        if not isinstance(answer.result, Leaf) or answer.result.array.shape != call.args[0].shape:
            return ["odd"] * 2
        assert call.cotangents is not None
        weight, distance = call.cotangents[0], answer.result.array - call.args[0]
        found = []
        for gradient, right in zip(answer.gradients, (weight, 0.5 * weight * distance), strict=True):
            here = gradient.array if isinstance(gradient, Leaf) else np.empty(0)
            near = here.shape == right.shape and np.allclose(here, right, rtol=1e-3, atol=1e-3)
            found.append("right" if near else "none" if not isinstance(gradient, Leaf) else "other")
        return found

    for call, answer in zip(calls, student(calls, flows), strict=True):
        for name, found in zip(GAUSSIAN, flows(call, answer), strict=True):
            if found == "none":
                raise Wrong(f"a gradient that flows from z back to {name}", f"no gradient reaches {name}")
            if found != "right":
                raise Wrong(f"the gradient of mu + std * eps with respect to {name}, eps held fixed", "another one")


SAMPLES = Kind(
    "noise (z - mu) / std",
    ("samples", "images", "dimensions"),
    "(num_samples, B, Z)",
    lambda c: (c.args[2], *c.args[0].shape),
    moved_and_stretched,
    antithetic=True,
)


@part("2.4")
def test_sample_posterior(student: Student, rng: np.random.Generator) -> None:
    """num_samples draws for each image, each with noise of its own."""
    calls = []
    for number, (samples, count, latent) in enumerate(((60, 12, 9), (50, 9, 14), (60, 1, 40), (1, 4, 3), (5, 1, 1))):
        given = [*gaussians(rng, count, latent), samples]
        names = (*GAUSSIAN, "num_samples")
        call = Call("sample_posterior", given, probe=f"posterior {number}", names=names, grad_mode=number % 2 == 0)
        calls += [in_rounds(call, rng, generator) for generator in (False, True)]
    draws_rightly(student, calls, SAMPLES)


PRIOR = Kind(
    "numbers", ("samples", "dimensions"), "(num_samples, Z)", lambda c: (c.args[0], c.args[1]), antithetic=True
)


@part("2.5")
def test_sample_prior(student: Student, rng: np.random.Generator) -> None:
    """Numbers from N(0, 1) for each sample and dimension."""
    calls = []
    for number, sizes in enumerate(((80, 70), (60, 90), (1, 3), (4, 1))):
        call = Call("sample_prior", list(sizes), probe=f"prior {number}", names=("num_samples", "latent_dim"))
        calls += [in_rounds(call, rng, generator) for generator in (False, True)]
    draws_rightly(student, calls, PRIOR)
