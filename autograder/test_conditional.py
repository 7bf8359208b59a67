"""Lesson 11, labels: the checks of `exercises/conditional_starter.py`.

These are ordinary pytest tests; `autograder/test_latent.py` says how to write one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograder.engine.judging import (
    Answer,
    Array,
    Call,
    Generator,
    Leaf,
    Noise,
    Oracle,
    Round,
    Seen,
    Student,
    Wrong,
    agree,
    agree_on_gradients,
    describe,
    must_be_independent,
    must_be_standard_normal,
    part,
    probes,
    recording_decoder,
    see,
)

INTEGERS = (np.int64, np.int32, np.uint8, np.int64, np.int16, np.int64, np.uint8, np.int8)


def classes(rng: np.random.Generator, count: int, num_classes: int, number: int = 0, lowest: int = 0) -> Array:
    """`count` labels, not in order; with room for it, one class is missing and the last is not."""
    labels = rng.integers(lowest, max(lowest + 1, num_classes - 1), count).astype(INTEGERS[number % len(INTEGERS)])
    labels[labels == num_classes // 2] = lowest
    if number % 2:
        labels[rng.integers(count)] = num_classes - 1
    return np.asarray(labels)


def labelled(rng: np.random.Generator) -> list[Call]:
    """Labels of several integer types. The number of classes is neither that of images nor the largest label."""
    calls = []
    for number, (count, num_classes) in enumerate(
        ((6, 4), (3, 7), (1, 5), (4, 1), (5, 300), (7, 12), (40, 200), (4, 3), (5, 2))
    ):
        args = [classes(rng, count, num_classes, number), num_classes]
        names = ("labels", "num_classes")
        calls.append(Call("one_hot", args, probe=f"labels {number}", names=names))
    for number, (count, num_classes) in enumerate(((3, 6), (1, 4))):  # no label 0
        args = [classes(rng, count, num_classes, number, lowest=1), num_classes]
        calls.append(Call("one_hot", args, probe=f"from label 1 on {number}", names=("labels", "num_classes")))
    return calls


@part("11.1")
def test_one_hot(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """A single 1 in each row, in the column of the label, for integers of any type."""
    agree(student, reference, labelled(rng), "one-hot labels", "(B, C)")


@part("11.1")
def test_one_hot_is_float(student: Student, rng: np.random.Generator) -> None:
    """A linear layer reads torch's default float type."""

    def dtype(answer: Answer) -> str:
        return answer.result.dtype if isinstance(answer.result, Leaf) else describe(answer.result)

    calls = labelled(rng)
    for answer in student(calls, lambda _, answer: dtype(answer)):
        if dtype(answer) != "float32":
            raise Wrong("one-hot labels of torch's default float type, float32", dtype(answer))


@part("11.2")
def test_condition(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """x first, images or latent vectors, then the one-hot label, for any B, D and C."""
    calls = []
    sizes = ((5, 3, 4, 0), (2, 6, 3, 0), (1, 4, 2, 0), (4, 1, 6, 0), (3, 2, 7, 1), (2, 3, 5, 2), (1, 2, 4, 1))
    for number, (count, size, num_classes, lowest) in enumerate(sizes):
        x = probes.normal(rng, count, size, scale=3) if number % 2 else probes.images(rng, count, size)
        args = [x, classes(rng, count, num_classes, number, lowest), num_classes]
        names = ("x", "labels", "num_classes")
        calls.append(Call("condition", args, probe=f"rows {number}", names=names))
    agree(student, reference, calls, "rows", "(B, D + C)")


@part("11.3")
def test_what_the_decoder_reads(student: Student, rng: np.random.Generator) -> None:
    """One call on one tensor [z, one-hot label]; what the decoder returns is returned as it is."""
    calls = []
    sizes = ((4, 3, 5, 2), (1, 2, 3, 0), (6, 1, 2, 1), (3, 4, 1, 0), (2, 5, 4, 3))
    for number, (count, latent, num_classes, label) in enumerate(sizes):
        generator = {"generator": Generator(number)} if number % 2 else {}
        call = recording_decoder.call(rng, count, latent, num_classes, label, training=number % 2 == 0, **generator)
        calls.append(recording_decoder.named(call, f"read {number}"))
    for call, answer in zip(calls, student(calls, recording_decoder.look), strict=True):
        recording_decoder.look(call, answer)
        recording_decoder.must_be_returned(call, answer)
        student.unchanged(call, answer)


@part("11.3")
def test_z_is_drawn_from_the_prior(student: Student, rng: np.random.Generator) -> None:
    """Numbers from N(0, 1), of its own for each sample and dimension; pairs of opposite samples are fine."""
    calls = []
    for number, (count, latent, num_classes) in enumerate(((24, 64, 2), (20, 80, 3))):
        call = recording_decoder.call(rng, count, latent, num_classes, 1)
        rounds = [Round(int(seed)) for seed in rng.choice(2**31, 16, replace=False)]
        asked = recording_decoder.named(call, f"prior {number}", rounds)
        calls.append(replace(asked, grad_mode=number == 0))

    def noise(call: Call, answer: Answer) -> Noise:
        draws = [recording_decoder.latents(call, once) for once in answer.rounds or [answer]]
        return Noise(np.stack(draws), ("samples", "dimensions"), antithetic=True)

    def look(call: Call, answer: Answer) -> Seen:
        return see(noise(call, answer))

    for call, answer in zip(calls, student(calls, look), strict=True):
        must_be_standard_normal(noise(call, answer), "z")
        must_be_independent(noise(call, answer), "z")


def sources(rng: np.random.Generator, number: int) -> list[Call]:
    """The seven calls that `recording_decoder.must_come_from` speaks of."""
    first, second, third = (int(seed) for seed in rng.choice(2**31, 3, replace=False))
    asked = [
        *((first, Generator(second)), (third, Generator(second)), (first, Generator(third))),
        *((first, Generator(second, drawn=3)), (first, None), (first, None), (third, None)),
    ]
    count, latent = ((2, 3), (1, 2), (2, 1))[number]
    call = recording_decoder.call(rng, count, latent, 3, 1)
    return [recording_decoder.named(call, f"source {number}", seed=seed, generator=given) for seed, given in asked]


@part("11.3")
def test_where_z_comes_from(student: Student, rng: np.random.Generator) -> None:
    """From the generator alone if there is one, else from torch's own; the same seed gives the same z."""
    calls = [sources(rng, number) for number in range(3)]
    answers = [student(each, recording_decoder.look_at_source) for each in calls]
    for some_calls, some_answers in zip(calls, answers, strict=True):
        recording_decoder.must_come_from(some_calls, some_answers)
        for call, answer in zip(some_calls, some_answers, strict=True):
            student.unchanged(call, answer)


def losses(rng: np.random.Generator) -> list[Call]:
    """Scalars, logits for more or fewer classes than images, weights that differ from one another and from 1."""
    sizes = ((5, 3, 0.6, 2.5), (2, 4, 1.7, 0.3), (1, 6, 3.1, 1.4))
    return [
        loss(rng, f"loss {n}", probes.normal(rng, b, c, scale=2), *weights) for n, (b, c, *weights) in enumerate(sizes)
    ]


def loss(rng: np.random.Generator, probe: str, logits: Array, beta: float, gamma: float) -> Call:
    terms = [np.array(rng.uniform(*span), np.float32) for span in ((20, 40), (3, 9))]
    labels = rng.integers(0, logits.shape[1], len(logits))
    names = ("recon", "kl", "logits", "labels", "beta", "gamma")
    return Call("branched_loss", [*terms, logits, labels, beta, gamma], probe=probe, names=names)


def certain_losses(rng: np.random.Generator) -> list[Call]:
    """Logits far apart: a branch is certain, and wrong. Such a probability is 0 in float32, its logarithm is not."""
    calls = []
    for number, (count, num_classes) in enumerate(((4, 3), (1, 5), (6, 2))):
        logits = 55 * rng.choice([-1, 1], (count, num_classes)) + rng.uniform(-5, 5, (count, num_classes))
        asked = loss(rng, f"certain {number}", logits.astype(np.float32), 0.8 + number, 1.3)
        logits[0], labels = -55, asked.args[3]
        logits[0, (labels[0] + 1) % num_classes] = 55
        calls.append(replace(asked, args=[*asked.args[:2], logits.astype(np.float32), *asked.args[3:]]))
    return calls


@part("11.4")
def test_branched_loss(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """recon + beta * kl + gamma * cross-entropy, a scalar. Either weight may be 0."""
    unweighted = [loss(rng, f"no {n}", probes.normal(rng, 4, 3, scale=2), 2.0 * n, 2.0 - 2 * n) for n in range(2)]
    agree(student, reference, [*losses(rng), *certain_losses(rng), *unweighted], "the loss")


@part("11.4")
def test_branched_loss_gradients(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Training needs them: gradients flow to recon, kl and the logits."""
    agree_on_gradients(student, reference, losses(rng), rng, "the loss")
