"""Lesson 5, training: the checks of `exercises/training_starter.py`, all in nats per image.

A step is judged by the numbers that it returns and by the parameters that it leaves. A run is judged by its result
alone: the honest -ELBO of the VAE, which the grader measures itself from the parameters. What a right run reaches and
what a wrong one does not was measured; `tests/autograder/test_grader_training.py` measures it again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from autograder.engine.judging import (
    Answer,
    Array,
    Call,
    Generator,
    Leaf,
    Many,
    Noise,
    Optimizer,
    Oracle,
    Round,
    Student,
    Value,
    Wrong,
    agree,
    close,
    describe,
    must_be_close,
    must_be_independent,
    must_be_standard_normal,
    part,
    probes,
    small_vae,
)

TERMS = ("total", "recon", "kl")
OWN_AFFAIR = ("parameters", "gradients", "mode")  # of a VAE that is trained
BETAS = (None, 4.0, 0.3, 0.0, 2.5)


def steps(rng: np.random.Generator, noise: bool) -> list[Call]:
    """A VAE, an optimizer and images, with several weights of the KL; without one it is 1. SGD shows each factor."""
    calls = []
    for number, (count, pixels, latent) in enumerate((*probes.SIZES, (6, 8, 3))):
        model = small_vae.probe(rng, pixels, 6 + number, latent, -0.5, (" in eval mode", "")[number % 2])
        optimizer = Optimizer("Adam", 0.02) if number == 4 else Optimizer("SGD", 0.03 + 0.01 * number)
        named: dict[str, object] = {} if BETAS[number] is None else {"beta": BETAS[number]}
        if noise:
            named["eps"] = probes.normal(rng, count, latent, scale=1.5)
        label = f"step {'with' if noise else 'without'} eps {number}"
        given = [model, optimizer, probes.images(rng, count, pixels)]
        calls.append(Call("training_step", given, named, probe=label, names=("vae", "optimizer", "x"), seed=number))
    return calls


def look_at_step(call: Call, answer: Answer) -> object:
    after = list(answer.seen.get("0", ()))[: len(call.args[0].arrays)]
    return [answer.result, after, [code for code in answer.changes if code not in OWN_AFFAIR]]


def must_be_the_step(call: Call, answer: Answer, reference: Oracle, blur: float = 0.0) -> None:
    """The three numbers, and each parameter as the optimizer leaves it. `blur` is the relative error of the noise."""
    right = reference(call)
    got = answer.result
    if not isinstance(got, Many) or len(got.items) != len(TERMS):
        raise Wrong(f"{len(TERMS)} things, ({', '.join(TERMS)})", describe(got))
    if any(isinstance(item, Leaf) and item.requires_grad for item in got.items):
        raise Wrong("three numbers without a gradient", "a tensor with requires_grad=True")
    every = zip(TERMS, got.items, _items(right.exact.result), _items(right.rounded.result), strict=True)
    for name, mine, exact, rounded in every:
        allowance = blur * abs(float(exact.array)) if isinstance(exact, Leaf) else 0.0
        must_be_close(f"{name} before the step", "", mine, exact, rounded, allowance)
    after = small_vae.parameters(call, replace(answer, result=got.items[0]))
    exact_after = small_vae.parameters(call, right.exact)
    rounded_after = small_vae.parameters(call, right.rounded)
    for name, array in exact_after.items():
        moved = float(np.abs(array - call.args[0].arrays[name]).max())
        pair = Leaf(after[name]), Leaf(array), Leaf(rounded_after[name])
        must_be_close(f"{name} after one step of the optimizer", "", *pair, blur * max(moved, 1e-6))


def _items(value: Value) -> Sequence[Value]:
    return value.items if isinstance(value, Many) else ()


def must_change_nothing_else(student: Student, call: Call, answer: Answer) -> None:
    student.unchanged(call, replace(answer, changes=[code for code in answer.changes if code not in OWN_AFFAIR]))


@part("5.1")
def test_training_step(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Three numbers, and the parameters one step further, with the noise that is given."""
    calls = steps(rng, noise=True)
    for call, answer in zip(calls, student(calls, look_at_step), strict=True):
        must_be_the_step(call, answer, reference)
        must_change_nothing_else(student, call, answer)


@part("5.1")
def test_training_step_draws(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Without eps, whatever noise is drawn: the step is the one that belongs to it."""
    calls = steps(rng, noise=False)
    for call, answer in zip(calls, student(calls, look_at_step), strict=True):
        try:
            must_be_the_step(call, answer, reference)
        except Wrong:
            drawn = small_vae.noise(call, answer, call.args[2])
            if not drawn.any() or close(drawn, np.zeros_like(drawn), 1e-4):
                raise
            asked = replace(call, kwargs={**call.kwargs, "eps": drawn.astype(np.float32)})
            must_be_the_step(asked, answer, reference, blur=1e-3)
        must_change_nothing_else(student, call, answer)


@part("5.1")
def test_training_step_noise(student: Student, rng: np.random.Generator) -> None:
    """Without eps: noise from N(0, 1), of its own for each image and dimension, and another at each call."""
    calls = []
    for number, (count, latent) in enumerate(((24, 40), (30, 36))):
        model = small_vae.probe(rng, 9, 7, latent, 0.5)
        rounds = [Round(int(seed)) for seed in rng.choice(2**31, 8, replace=False)]
        given = [model, Optimizer("SGD", 1e-3), probes.images(rng, count, 9)]
        names = ("vae", "optimizer", "x")
        calls.append(Call("training_step", given, probe=f"noise {number}", names=names, rounds=rounds))

    def drawn(call: Call, answer: Answer) -> Noise:
        values = [small_vae.noise(call, once, call.args[2]) for once in answer.rounds or [answer]]
        return Noise(np.stack(values), ("images", "dimensions"), antithetic=True)

    def look(call: Call, answer: Answer) -> object:
        values = drawn(call, answer).values
        return ["no noise" if close(values, np.zeros_like(values), 1e-3) else "noise"]

    for call, answer in zip(calls, student(calls, look), strict=True):
        must_be_standard_normal(drawn(call, answer), "the noise of z")
        must_be_independent(drawn(call, answer), "the noise of z")


def measured(
    rng: np.random.Generator, number: int, size: tuple[int, int, int], log_var: float, samples: int | None
) -> Call:
    """A question for the honest -ELBO; copies of few images, so that noise shared among images shows."""
    count, pixels, latent = size
    mode = (" in eval mode", "")[number % 2]
    model = small_vae.probe(rng, pixels, 8 + number, latent, log_var, mode)
    named = {} if samples is None else {"num_samples": samples}
    x = probes.images(rng, 1 if log_var > -9 else count, pixels)
    given = [model, np.repeat(x, count // len(x), axis=0)]
    return Call("negative_elbo", given, named, probe=f"measure {number}", names=("vae", "x"), seed=number)


@part("5.2")
def test_negative_elbo_of_narrow_posteriors(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Where sigma is nearly 0 nothing is left to chance: a sum over pixels and dimensions, a mean over images."""
    samples = (None, 1, 3, 16, 5)
    calls = [measured(rng, n, size, -40, samples[n]) for n, size in enumerate((*probes.SIZES, (6, 8, 3)))]
    calls += [replace(call, grad_mode=False, probe=f"{call.probe} without gradients") for call in calls[:1]]
    agree(student, reference, calls, "the honest -ELBO")


DRAWS, ROUNDS = 32, (12, 12, 24)
FAR = 5.5  # standard errors
SPREAD = 2.5  # times the spread of independent draws; noise shared by all draws, or by all images, has 5.7 times that


@part("5.2")
def test_negative_elbo_averages_over_draws(student: Student, rng: np.random.Generator) -> None:
    """Where sigma is large, z is drawn num_samples times for each image, and the average is the expected one."""
    calls = []
    for number, (size, log_var) in enumerate((((32, 20, 3), 0.6), ((32, 14, 2), 1.0), ((1, 90, 3), 0.8))):
        call = measured(rng, number, size, log_var, DRAWS)
        rounds = [Round(int(seed)) for seed in rng.choice(2**31, ROUNDS[number], replace=False)]
        calls.append(replace(call, probe=f"average {number}", rounds=rounds))

    def numbers(answer: Answer) -> Array:
        found = [r.result for r in answer.rounds]
        if not all(isinstance(f, Leaf) and f.array.shape == () and np.isfinite(f.array) for f in found):
            raise Wrong("a scalar, the honest -ELBO", describe(found[0]))
        return np.array([float(f.array) for f in found if isinstance(f, Leaf)])

    def look(_call: Call, answer: Answer) -> object:
        found = numbers(answer)
        still = close(found, np.full_like(found, found[0]), 1e-5 * abs(found[0]))
        return [Leaf(found[:1]) if still else "varies", list(answer.changes)]

    for call, answer in zip(calls, student(calls, look), strict=True):
        mine, (model, x) = numbers(answer), call.args
        right, one_draw = small_vae.expected(model, x[:1], rng)
        usual = one_draw / math.sqrt(DRAWS * len(x))
        what = f"the honest -ELBO with {DRAWS} draws of z for each image: {right:.2f} on average"
        if abs(mine.mean() - right) > FAR * math.hypot(mine.std(ddof=1), usual) / math.sqrt(len(mine)):
            raise Wrong(what, f"{mine.mean():.2f}")
        if mine.std(ddof=1) > SPREAD * usual:
            spread = f"{usual:.2g} up or down from one call to the next"
            got = f"{mine.std(ddof=1):.2g} up or down: do all draws, or all images, share their noise?"
            raise Wrong(f"{what}, {spread}", got)
        student.unchanged(call, answer)


@part("5.2")
def test_negative_elbo_without_gradient(student: Student, rng: np.random.Generator) -> None:
    """A measure, not a loss: no gradient, and the VAE stays as it was."""
    calls = [measured(rng, n, (3, 8, 2), -0.5, 4) for n in range(2)]
    answers = student(calls, lambda _, answer: [isinstance(answer.result, Leaf) and answer.result.requires_grad])
    for answer in answers:
        if isinstance(answer.result, Leaf) and answer.result.requires_grad:
            raise Wrong("a number without a gradient: it is a measure", "a tensor with requires_grad=True")
    for call, answer in zip(calls, answers, strict=True):
        student.unchanged(call, answer)


@part("5.2")
def test_where_the_draws_come_from(student: Student, rng: np.random.Generator) -> None:
    """From the generator alone if there is one, else from torch's own; the same seed gives the same number."""
    calls = []
    for number in range(2):
        call = measured(rng, number, (3, 8, 2), 0.5, 3)
        one, two, three = (int(seed) for seed in rng.choice(2**31, 3, replace=False))
        given = [(one, Generator(two)), (three, Generator(two)), (one, Generator(three)), (one, Generator(two, 5))]
        rounds = [Round(seed, {"generator": generator}) for seed, generator in given]
        calls.append(replace(call, probe=f"generator {number}", rounds=rounds))
        calls.append(replace(call, probe=f"no generator {number}", rounds=[Round(one), Round(one), Round(two)]))

    def kept(call: Call, answer: Answer) -> list[str]:
        found = [r.result.array.tolist() if isinstance(r.result, Leaf) else None for r in answer.rounds]
        first, again, *others = found
        said = ["repeats" if first == again else "does not repeat", "moves" if first not in others else "stands still"]
        return [*said, "draws elsewhere" if _draws_elsewhere(call, answer) else ""]

    for call, answer in zip(calls, student(calls, kept), strict=True):
        said = kept(call, answer)
        own = "no generator" in call.probe
        if "draws elsewhere" in said or (not own and "does not repeat" in said):
            raise Wrong("draws that come from the generator alone", "draws that depend on something else")
        if "does not repeat" in said:
            raise Wrong("without a generator, draws that torch.manual_seed repeats", "others after the same seed")
        if "stands still" in said:
            raise Wrong("other draws with another seed, and with each draw from a generator", "the same again")


def _draws_elsewhere(call: Call, answer: Answer) -> bool:
    return "no generator" not in call.probe and any(r.drew for r in answer.rounds)


# A run: 12 of the lines, pixels in an order of its own each time, so that no weights from elsewhere are of use.
# Measured over 20 seeds: a plain run (Adam, 1e-2, all images in each step) reaches 8 to 11 nats in 500 steps. Warm-up,
# one-cycle and batches of 3 stay below 17; a gradient that is never cleared ends above 40, noise drawn once and no
# noise above 80, a KL that does not count, or counts 256 times, above 60.
COUNT, HIDDEN, LATENT, STEPS, BAR, PLAIN = 12, 32, 4, 500, 25.0, 10.0
EPOCHS = 150


def shuffled_lines(rng: np.random.Generator) -> Array:
    """(COUNT, 256): some of 64 lines in 16 x 16 pixels, with the pixels in another order."""
    e = np.eye(16, dtype=np.float32)
    across, down = np.repeat(e[:, :, None], 16, axis=2), np.repeat(e[:, None, :], 16, axis=1)  # (16, 16, 16)
    slanted = np.stack([np.roll(e, shift, axis=1) for shift in range(16)])
    images = np.concatenate([slanted, across, down, np.maximum(across, down)]).reshape(64, 256)
    return np.ascontiguousarray(images[rng.permutation(64)[:COUNT]][:, rng.permutation(256)])


def shortfall(call: Call, answer: Answer, x: Array, run: str, secret: int) -> list[str]:
    """What a run reached: nothing if it is enough, else what was expected and what it got.

    Nothing in the call tells the worker of `secret`, so that no VAE can be made for the draws that measure it.
    """
    after = small_vae.worth(small_vae.parameters(call, answer), x, np.random.default_rng(secret))
    if after.total < BAR:
        return []
    before = small_vae.worth(call.args[0].arrays, x, np.random.default_rng(secret))
    floor = math.log(len(x))
    expected = (
        f"a VAE with an honest -ELBO below {BAR:g} nats per image {run} on {len(x)} images (a plain run reaches about "
        f"{PLAIN:g}, and none less than ln {len(x)} = {floor:.2f})"
    )
    got = f"{after.total:.1f} = {after.recon:.1f} + {after.kl:.1f}; before training it was {before.total:.1f}"
    return [expected, f"{got}. {_remark(before, after)}".strip()]


def _remark(before: small_vae.Worth, after: small_vae.Worth) -> str:
    if abs(after.total - before.total) < 1e-3 * before.total:
        return "Does any step change the parameters of the VAE that you were given?"
    if not math.isfinite(after.total):
        return "Is the learning rate too large?"
    if after.kl > 100:
        return "The KL is huge: does it count in what you minimise?"
    if after.recon > 2 * after.at_mu + 20:
        return (
            f"Decoded from mu, the images cost only {after.at_mu:.1f}: what noise did the decoder see while it learned?"
        )
    if after.kl < 0.5:
        return "The KL is nearly 0, so z says nothing about the image: how much does the KL weigh against the pixels?"
    return "Is it still falling, or does it swing? Look at your curve, and at the learning rate."


@part("5.3")
def test_train(student: Student, rng: np.random.Generator) -> None:
    """The VAE that comes back is worth what an honest training makes of it."""
    x = shuffled_lines(rng)
    model = small_vae.untrained(rng, x.shape[1], HIDDEN, LATENT)
    call = Call("train", [model, x], {"steps": STEPS}, probe="run", names=("vae", "images"), seed=5)

    def comes_back(call: Call, answer: Answer) -> bool:
        return small_vae.comes_back(call, answer)

    for answer in student([call], comes_back):
        if not comes_back(call, answer):
            raise Wrong("the trained VAE, `vae` itself or a copy", describe(answer.result))
    must_be_worth_it(student, call, x, f"after {STEPS} steps", int(rng.integers(2**62)))


def must_be_worth_it(student: Student, call: Call, x: Array, run: str, secret: int) -> Answer:
    """Raises Wrong unless the run reached enough. Returns its answer."""

    def look(call: Call, answer: Answer) -> object:
        return [bool(shortfall(call, answer, x, run, secret)), _others(answer)]

    answers = student([call], look)
    for answer in answers:
        short = shortfall(call, answer, x, run, secret)
        if short:
            raise Wrong(*short)
        must_change_nothing_else(student, call, answer)
    return answers[0]


def _others(answer: Answer) -> list[str]:
    return [code for code in answer.changes if code not in OWN_AFFAIR]


def still(rng: np.random.Generator) -> list[Call]:
    """Runs in which no parameter moves, since the optimizer takes steps of 0: so the noise of each epoch shows."""
    calls = []
    for number, (count, pixels, latent, epochs) in enumerate(((5, 9, 3, 4), (7, 6, 2, 3))):
        model = small_vae.probe(rng, pixels, 6 + number, latent, -0.5)
        given = [model, Optimizer("SGD", 0.0), probes.images(rng, count, pixels), epochs]
        names = ("vae", "optimizer", "images", "epochs")
        calls.append(Call("mended_run", given, probe=f"still {number}", names=names, seed=number))
    return calls


def totals(call: Call, answer: Answer) -> Array:
    """The curve, a number for each epoch. Wrong if it is none."""
    curve = [float(v.array) for v in _items(answer.result) if isinstance(v, Leaf) and v.array.shape == ()]
    epochs = call.args[3]
    if isinstance(answer.result, Leaf) and answer.result.array.shape == (epochs,):
        curve = [float(number) for number in answer.result.array]
    if len(curve) != epochs:
        got = f"{len(curve)} numbers" if curve else describe(answer.result)
        raise Wrong(f"the total of each epoch, {epochs} numbers", got)
    if not np.isfinite(curve).all():
        raise Wrong("totals that are finite", f"{int((~np.isfinite(curve)).sum())} that are NaN or infinite")
    return np.array(curve)


def same_again(call: Call, answer: Answer) -> bool:
    """Whether the epochs of a run in which nothing moves report the same total twice."""
    curve = totals(call, answer)
    return len(np.unique(np.round(curve / max(float(np.abs(curve).max()), 1e-9), 5))) < len(curve)


@part("5.4")
def test_mended_run_meets_new_noise(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Where no parameter moves, the totals of two epochs differ by their noise, and by that alone."""
    calls = still(rng)

    def look(call: Call, answer: Answer) -> object:
        curve = totals(call, answer)
        return [Leaf(curve), same_again(call, answer), _others(answer)]

    for call, answer in zip(calls, student(calls, look), strict=True):
        curve = totals(call, answer)
        if same_again(call, answer):
            alike = ", ".join(f"{number:.4g}" for number in curve)
            raise Wrong("another total in each epoch, even where the steps of the optimizer are 0", alike)
        right = totals(call, reference(call).exact)
        if not close(curve, np.full_like(curve, right.mean()), 12 * float(right.std()) + 0.5 * float(right.mean())):
            raise Wrong(f"totals of about {right.mean():.4g} nats per image", f"{curve.min():.4g} to {curve.max():.4g}")
        must_change_nothing_else(student, call, answer)


def without_noise(rng: np.random.Generator) -> list[Call]:
    """Runs in which sigma is nearly 0, so that nothing is left to chance and each total is known."""
    calls = []
    for number, (count, pixels, latent, epochs) in enumerate(((5, 9, 3, 6), (7, 6, 2, 5))):
        model = small_vae.probe(rng, pixels, 6 + number, latent, -40)
        given = [model, Optimizer("SGD", 0.02), probes.images(rng, count, pixels), epochs]
        names = ("vae", "optimizer", "images", "epochs")
        calls.append(Call("mended_run", given, probe=f"without noise {number}", names=names, seed=number))
    return calls


@part("5.4")
def test_mended_run_reports_the_total_of_each_step(
    student: Student, reference: Oracle, rng: np.random.Generator
) -> None:
    """One step an epoch, with all images, and the total of each as it is."""
    calls = without_noise(rng)

    def look(call: Call, answer: Answer) -> object:
        return [Leaf(totals(call, answer)), _others(answer)]

    for call, answer in zip(calls, student(calls, look), strict=True):
        mine, right = totals(call, answer), totals(call, reference(call).exact)
        if not close(mine, right, 1e-3 * float(np.abs(right).max())):
            expected, got = (", ".join(f"{number:.4g}" for number in curve) for curve in (right, mine))
            raise Wrong(f"the total of each epoch, where sigma is nearly 0: {expected}", got)
        must_change_nothing_else(student, call, answer)


@part("5.4")
def test_mended_run(student: Student, rng: np.random.Generator) -> None:
    """The VAE is worth what an honest training makes of it."""
    x = shuffled_lines(rng)
    model = small_vae.untrained(rng, x.shape[1], HIDDEN, LATENT)
    given = [model, Optimizer("Adam", 0.02), x, EPOCHS]
    call = Call("mended_run", given, probe="mended", names=("vae", "optimizer", "images", "epochs"), seed=5)
    totals(call, must_be_worth_it(student, call, x, f"after {EPOCHS} epochs", int(rng.integers(2**62))))
