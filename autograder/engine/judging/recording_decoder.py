"""What a function did with a decoder of the grader's own: which rows it was called on, what became of its output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.engine import wire
from autograder.engine.calls import Answer, Call, Generator, Leaf, Model, Round, Value
from autograder.engine.judging.comparison import EPSILON, close, describe
from autograder.engine.judging.probes import normal
from autograder.engine.verdicts import Wrong

__all__ = ["became", "call", "latents", "look", "look_at_source", "must_be_returned", "must_come_from", "named"]

NAMES = ("decoder", "label", "num_samples", "latent_dim", "num_classes")


def call(
    rng: np.random.Generator,
    count: int,
    latent: int,
    num_classes: int,
    label: int,
    training: bool = True,
    **extra: Any,
) -> Call:
    """A call of `conditional_sample` with a recording decoder."""
    kind = "recording" if training else "recording in eval mode"
    decoder = Model(kind, {"weight": normal(rng, latent + num_classes, 2 * (latent + num_classes) + 1)})
    args = [decoder, label, count, latent, num_classes]
    return Call("conditional_sample", args, extra, names=NAMES, seed=int(rng.integers(2**31)))


def named(
    asked: Call,
    probe: str,
    rounds: Sequence[Round] = (),
    seed: int | None = None,
    generator: Generator | None = None,
) -> Call:
    """The same call as part of a probe."""
    kwargs = {**asked.kwargs, **({} if generator is None else {"generator": generator})}
    return replace(asked, probe=probe, rounds=rounds, seed=asked.seed if seed is None else seed, kwargs=kwargs)


def rows(asked: Call, answer: Answer) -> wire.Array:
    """The rows that the decoder was called on. Raises Wrong unless it was one tensor of the right shape, and finite."""
    _, _, count, latent, num_classes = asked.args
    seen = list(answer.seen.get("0", ()))
    shape = (count, latent + num_classes)
    wanted = f"one call of the decoder, on a tensor of shape (num_samples, Z + C) = {shape}"
    if len(seen) != 1:
        raise Wrong(wanted, f"{len(seen)} calls" if seen else "no call of the decoder")
    only: Value = seen[0]
    if not isinstance(only, Leaf) or only.array.shape != shape:
        raise Wrong(wanted, f"a call on {describe(only)}")
    if only.array.dtype.kind not in "fiub" or not np.isfinite(only.array).all():
        raise Wrong(f"{wanted}, all numbers finite", "a call on a tensor with numbers that are not")
    return only.array.astype(np.float64)


def latents(asked: Call, answer: Answer) -> wire.Array:
    """The z that the decoder was called on, (num_samples, Z)."""
    return rows(asked, answer)[:, : asked.args[3]]


def _labels(asked: Call, answer: Answer) -> wire.Array:
    """The label columns. Raises Wrong unless they are the one-hot label in every row."""
    _, label, count, latent, num_classes = asked.args
    got = rows(asked, answer)[:, latent:]
    right = np.zeros((count, num_classes))
    right[:, label] = 1
    if not close(got, right, 1e-6):
        wanted = (
            f"z and then label {label} of {num_classes} as one-hot columns in each row: {_words(right[0])} at the end"
        )
        bad = int(np.argmax(np.abs(got - right).max(1)))
        raise Wrong(wanted, f"row {bad} of {count} ends with {_words(got[bad])}")
    return got


def look(asked: Call, answer: Answer) -> list[Any]:
    """What is seen of a call, z and its luck left out: the label columns and whether the output came back."""
    got = rows(asked, answer)
    latent = asked.args[3]
    ending = got[:, latent:]
    whole = [Leaf(ending)] if np.isin(ending, (0, 1)).all() else ["other numbers in the columns of the label"]
    starts = bool(np.isin(got[:, : asked.args[4]], (0, 1)).all())
    return [*whole, starts, _returned(asked, answer), list(answer.changes)]


def must_be_returned(asked: Call, answer: Answer) -> None:
    """Raises Wrong unless the label is right and the decoder's output is the answer."""
    _labels(asked, answer)
    said = _returned(asked, answer)
    if said != "as it is":
        raise Wrong("the decoder's output, as it is", said)


def _returned(asked: Call, answer: Answer) -> str:
    return became(rows(asked, answer), asked.args[0], answer.result)


def became(read: wire.Array, decoder: Model, result: Value) -> str:
    """What a result is of the decoder's output for the rows (N, Z) that it read: "as it is", or what else in words."""
    weight = decoder.arrays["weight"].astype(np.float64)
    output = read @ weight
    if not isinstance(result, Leaf):
        return describe(result)
    if result.array.shape != output.shape:
        return f"shape {result.array.shape} instead of {output.shape}"
    allowed = 64 * EPSILON * float(np.abs(read).sum(1).max() * np.abs(weight).max())
    for said, numbers in (("as it is", output), ("a sigmoid of it", 1 / (1 + np.exp(-output)))):
        if close(result.array, numbers, allowed):
            return said
    return "other numbers than the decoder returned"


def look_at_source(_asked: Call, answer: Answer) -> list[Any]:
    """Where the numbers were drawn from, as far as one call shows it."""
    return [answer.drew, _advanced(answer), list(answer.changes)]


def _advanced(answer: Answer) -> bool:
    used = answer.used.get("generator")
    return bool(used.get("advanced")) if isinstance(used, dict) else False


def must_come_from(calls: Sequence[Call], answers: Sequence[Answer]) -> None:
    """Raises Wrong unless the draws obey the rules. The calls are, in this order: generator A, A under another global
    seed, B, A from which numbers were drawn before; then no generator, the same again, another global seed.
    """
    drawn = [latents(asked, answer) for asked, answer in zip(calls, answers, strict=True)]
    a, a_again, b, a_later, own, own_again, own_other = drawn
    if any(answer.drew for answer in answers[:4]) or not np.array_equal(a, a_again):
        raise Wrong("z drawn from the generator alone", "z that does not depend on the generator alone")
    if np.array_equal(a, b):
        raise Wrong("another z for a generator with another seed", "the same z")
    if np.array_equal(a, a_later) or not all(map(_advanced, answers[:4])):
        raise Wrong("another z with each draw from a generator", "the same z: the generator does not move on")
    if not np.array_equal(own, own_again):
        raise Wrong("without a generator, z that torch.manual_seed repeats", "another z after the same seed")
    if np.array_equal(own, own_other):
        raise Wrong("without a generator, another z each time", "the same z again")


def _words(row: wire.Array) -> str:
    return f"({', '.join(f'{x:.4g}' for x in row)})"
