"""Judges draws: noise of the right distribution, from the generator that was given or else from torch's global one.

A call is made several times, with seeds and generators chosen so that each rule shows. What matters of the answer,
for naming a mistake, is which rules it keeps and the moments of its noise, never the numbers that happened to come.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from autograder.engine import wire
from autograder.engine.answering.student import Student
from autograder.engine.calls import Answer, Call, Generator, Leaf, Round, Value
from autograder.engine.judging.comparison import describe, must_be_a_tensor
from autograder.engine.judging.moments import Noise, must_be_independent, must_be_standard_normal, see
from autograder.engine.verdicts import Wrong

__all__ = ["Kind", "draws_rightly", "in_rounds", "rules_kept"]

REPEATED, LATER, OTHERS = 1, 2, (0, 3, 4, 5)  # rounds: like the first; a draw later; with seeds of their own

FEW = 60  # numbers of a draw: of fewer, no more is said than their shape


@dataclass(frozen=True)
class Kind:
    """What a draw should look like: its name, its axes, and the mean and spread of each of its numbers.

    Where its numbers vary together, `whitened` says which noise a draw was made of, and the last axis is looked at
    number by number. `drawn` finds the draw in an answer.
    """

    what: str
    axes: tuple[str, ...]
    letters: str
    shape: Callable[[Call], tuple[int, ...]]
    standard: Callable[[Call], tuple[wire.Array, wire.Array]] = lambda _: (np.array(0.0), np.array(1.0))
    antithetic: bool = False  # whether pairs of opposite noise along the first axis are fine
    whitened: Callable[[Call, wire.Array], wire.Array] | None = None
    drawn: Callable[[Answer], Value] = lambda answer: answer.result


def in_rounds(call: Call, rng: np.random.Generator, generator: bool) -> Call:
    """The call in six rounds, with a generator or without: twice alike, then later or with other seeds."""
    seeds = [int(seed) for seed in rng.choice(2**31, 8, replace=False)]
    one, two, *others = seeds
    if not generator:
        return replace(call, probe=f"{call.probe} alone", rounds=[Round(seed) for seed in (one, one, *others[:4])])
    first, *more = others[:4]
    states = [(one, Generator(first)), (two, Generator(first)), (one, Generator(first, drawn=37))]
    states += [(seed, Generator(own)) for seed, own in zip((one, two, one), more, strict=True)]
    rounds = [Round(seed, {"generator": state}) for seed, state in states]
    return replace(call, probe=f"{call.probe} generator", rounds=rounds)


def draws_rightly(student: Student, calls: Sequence[Call], kind: Kind) -> None:
    """Shape, moments and independence of draws, and where their randomness comes from."""

    def look(call: Call, answer: Answer) -> object:
        values = [_numbers(kind.drawn(r), kind.shape(call)) for r in answer.rounds]
        if len(values) != len(call.rounds) or any(v is None for v in values):
            return ["odd", [_in_brief(kind.drawn(r)) for r in answer.rounds]]
        if math.prod(kind.shape(call)) < FEW:
            return ["of the right shape", list(answer.changes)]
        noise = _noise(call, [v for v in values if v is not None], kind)
        return [rules_kept(call, answer, kind), see(noise), list(answer.changes)]

    for call, answer in zip(calls, student(calls, look), strict=True):
        draws = [_checked(kind.drawn(r), kind, kind.shape(call)) for r in answer.rounds]
        student.unchanged(call, answer)
        noise = _noise(call, draws, kind)
        alone, repeats, advances, fresh, moved = rules_kept(call, answer, kind)
        given = "generator" in call.rounds[0].kwargs
        if not alone:
            raise Wrong("draws from the given generator alone", "draws from torch's global random numbers")
        if not fresh:
            source = "generators with other seeds" if given else "other seeds"
            raise Wrong(f"other draws with {source}", "the same numbers again")
        must_be_independent(noise, kind.what)
        must_be_standard_normal(noise, kind.what)
        if not repeats:
            source = "a generator with the same seed" if given else "torch.manual_seed and the same seed"
            raise Wrong(f"the same draw again with {source}", "other numbers")
        if not advances or not moved:
            source = "the generator" if given else "torch's global random numbers"
            raise Wrong(f"that each draw advances {source}", "two draws in a row that are the same")


def rules_kept(call: Call, answer: Answer, kind: Kind) -> list[bool]:
    """Which rules a draw in rounds keeps: alone, repeats, advances, fresh, moved."""
    given = "generator" in call.rounds[0].kwargs
    values = [kind.drawn(r) for r in answer.rounds]
    draws = [value.array if isinstance(value, Leaf) else np.empty(0) for value in values]
    alone = not (given and any(r.drew for r in answer.rounds))
    moved = all(_advanced(r) if given else r.drew for r in answer.rounds)
    repeats = np.array_equal(draws[0], draws[REPEATED])
    advances = not np.array_equal(draws[0], draws[LATER])
    fresh = not any(np.array_equal(draws[i], draws[j]) for i, j in combinations(OTHERS, 2))
    return [alone, repeats, advances, fresh, moved]


def _advanced(answer: Answer) -> bool:
    about = answer.used.get("generator")
    return isinstance(about, dict) and about.get("advanced") is True


def _noise(call: Call, draws: Sequence[wire.Array], kind: Kind) -> Noise:
    if kind.whitened is not None:
        noise = np.stack([kind.whitened(call, draws[i]) for i in OTHERS])
        return Noise(noise, kind.axes, kind.antithetic, np.arange(noise.shape[-1]))
    mean, spread = kind.standard(call)
    wide = spread > np.median(spread) if spread.size > 1 else None
    return Noise(np.stack([(draws[i] - mean) / spread for i in OTHERS]), kind.axes, kind.antithetic, wide)


def _numbers(value: Value, shape: tuple[int, ...]) -> wire.Array | None:
    """The numbers of a draw, or None where it is something else."""
    if not isinstance(value, Leaf) or value.array.shape != shape or value.array.dtype.kind not in "fiub":
        return None
    array = value.array.astype(np.float64)
    return array if np.isfinite(array).all() else None


def _checked(value: Value, kind: Kind, shape: tuple[int, ...]) -> wire.Array:
    must_be_a_tensor("numbers", value)
    array = _numbers(value, shape)
    if array is not None:
        return array
    wanted = f"numbers of shape {kind.letters} = {shape}"
    if not isinstance(value, Leaf):
        raise Wrong(wanted, describe(value))
    raise Wrong(wanted, f"shape {value.array.shape}" if value.array.shape != shape else "NaN or infinite numbers")


def _in_brief(value: Value) -> str:
    return str(value.array.shape) if isinstance(value, Leaf) else describe(value)
