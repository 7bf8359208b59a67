"""What is known of noise by its numbers: mean, spread, distribution, and what it shares between images or dimensions.

All limits are tail bounds that hold for every sample size (Chernoff for means and spreads, Dvoretzky, Kiefer and
Wolfowitz for distributions, Hoeffding for signs), each with a chance of less than 1e-9 to be passed by right noise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from autograder.engine import wire
from autograder.engine.judging import noise_tails
from autograder.engine.verdicts import Wrong

__all__ = ["Noise", "Seen", "must_be_independent", "must_be_standard_normal", "see"]

RARE = math.log(2e9)  # -log of the chance that a right answer fails one test
QUANTILES = 2000
SHARED = 0.9  # of the signs: what has the same sign so often is the same noise


@dataclass(frozen=True, eq=False)
class Noise:
    """Noise of several draws, (draws, *axes). The draws differ in their seeds alone.

    Where `antithetic`, the first axis may hold pairs of opposite noise.
    """

    values: wire.Array
    axes: tuple[str, ...]
    antithetic: bool = False
    group: wire.Array | None = None  # of each number of a draw: groups may be wrong in different ways

    def effective(self, count: int) -> float:
        """How many independent numbers `count` numbers are worth."""
        return count / 2 if self.antithetic else float(count)

    def centred(self) -> wire.Array:
        """Differences of two draws each: whatever is not random drops out."""
        half = len(self.values) // 2
        return np.asarray(self.values[:half] - self.values[half : 2 * half])


def must_be_standard_normal(noise: Noise, what: str) -> None:
    """Raises Wrong unless mean, spread and distribution are those of N(0, 1), over all and along each axis."""
    values = noise.values
    wanted = f"{what} with mean 0 and standard deviation 1"
    got = f"mean {values.mean():.2f} and standard deviation {values.std():.2f}"
    if not _is_standard(noise, tuple(range(values.ndim))):
        raise Wrong(wanted, got)
    for axis, name in enumerate(noise.axes, start=1):
        others = tuple(k for k in range(values.ndim) if k != axis)
        if not _is_standard(noise, others) or not _is_standard(noise, (0, axis)):
            raise Wrong(wanted, f"{got} over all, but not for each {_one(name)} or along the {name}")
    if 2 * noise.effective(values.size) * _distance_from_normal(values) ** 2 > RARE:
        raise Wrong(f"{what} that is normally distributed", f"{got}, but another distribution")
    if not noise_tails.has_tails(values, noise.effective(values.size), RARE):
        raise Wrong(f"{what} that is normally distributed", f"{got}, but other numbers far from 0 than N(0, 1) has")
    for axis, name in enumerate(noise.axes, start=1):
        if noise_tails.is_too_even(values, axis, not noise.antithetic, RARE):
            raise Wrong(wanted, f"{got}, made the same along the {name}: right noise varies from one to the next")


def must_be_independent(noise: Noise, what: str) -> None:
    """Raises Wrong if images, samples or dimensions share their noise, all of them or some."""
    for name in _shared_axes(noise):
        raise Wrong(f"{what} with numbers of its own for each {_one(name)}", f"the same noise for all {name}")
    for index, name in enumerate(noise.axes):
        if _excess(noise, index) > 1:
            wanted = f"{what} with numbers of its own for each {_one(name)}"
            raise Wrong(wanted, f"noise that goes together for some of the {name}")


@dataclass(frozen=True, eq=False)
class Seen:
    """What is seen of noise, for comparing it with the noise of a known mistake. Equal up to the luck of the draw."""

    shared: tuple[str, ...]  # the axes that share their noise
    scales: tuple[wire.Array, ...]  # for each of these: how much of the first one's noise each has
    sample: wire.Array  # quantiles of the rest
    effective: float
    moments: wire.Array  # (groups, 4): mean, log of the spread, and the standard errors of both

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Seen) or self.shared != other.shared:
            return NotImplemented if not isinstance(other, Seen) else False
        pairs = zip(self.scales, other.scales, strict=True)
        if not all(a.shape == b.shape and np.allclose(a, b, rtol=1e-3, atol=1e-3) for a, b in pairs):
            return False
        if self.moments.shape != other.moments.shape:
            return False
        apart = np.abs(self.moments[:, :2] - other.moments[:, :2])
        if np.any(apart > 1e-3 + 7 * np.hypot(self.moments[:, 2:], other.moments[:, 2:])):
            return False
        gap = max(_ahead(self.sample, other.sample), _ahead(other.sample, self.sample))
        return gap <= math.sqrt(RARE / 2 * (1 / self.effective + 1 / other.effective)) + 2 / QUANTILES


def see(noise: Noise) -> Seen:
    """Takes away the axes that share their noise and keeps the distribution of the rest."""
    shared, scales, axes = _shared_axes(noise), [], list(noise.axes)
    values, centred = noise.values, noise.centred()
    moments = [] if shared else [_moments(v) for v in _groups(noise)]
    for name in shared:
        axis = axes.index(name) + 1
        with np.errstate(all="ignore"):
            ratio = np.moveaxis(centred / np.take(centred, [0], axis), axis, 0).reshape(centred.shape[axis], -1)
        scales.append(np.nan_to_num(np.median(ratio, axis=1)))
        values, centred = np.take(values, 0, axis), np.take(centred, 0, axis)
        axes.remove(name)
    if all(np.array_equal(draw, values[0]) for draw in values):
        values = values[:1]
    # Pairs of opposite noise halve what a sample is worth; so may do what is not noise in a wrong answer.
    estimates = np.array(moments).reshape(-1, 4)
    return Seen(tuple(shared), tuple(scales), _quantiles(values), values.size / 2, estimates)


def _groups(noise: Noise) -> list[wire.Array]:
    """All numbers, or those of each group."""
    if noise.group is None:
        return [noise.values.reshape(-1)]
    group = np.broadcast_to(noise.group, noise.values.shape)
    return [noise.values[group == each] for each in np.unique(group)]


def _moments(values: wire.Array) -> tuple[float, float, float, float]:
    """Mean and log of the spread, each number counted as half of one, with their standard errors."""
    spread = max(float(values.std()), 1e-6)
    peak = float(np.mean(((values - values.mean()) / spread) ** 4))
    count = len(values) / 2
    return float(values.mean()), math.log(spread), spread / math.sqrt(count), math.sqrt(max(peak, 1) / 4 / count)


def _shared_axes(noise: Noise) -> list[str]:
    """The axes along which all entries have the same noise, up to a factor.

    Those with most entries are looked at first, and of shared noise only the first entry afterwards: what is left of it
    may be too little to say anything about an axis with few entries.
    """
    shared = []
    for name in sorted(noise.axes, key=lambda name: -noise.values.shape[noise.axes.index(name) + 1]):
        index = noise.axes.index(name)
        agreement = _agreement(noise, index)
        enough = _tells(noise.values.shape[index + 1], noise.centred().size)
        if enough and agreement.size and float(np.min(np.abs(agreement))) > SHARED:
            shared.append(name)
            noise = replace(noise, values=np.take(noise.values, [0], index + 1))
    return [name for name in noise.axes if name in shared]


def _tells(entries: int, numbers: int) -> bool:
    """Whether so many numbers, spread over the entries of an axis, hardly ever look shared by luck."""
    signs = min(numbers // entries, 100)
    same = 2 * sum(math.comb(signs, others) for others in range(int(signs * (1 - SHARED) / 2) + 1))
    return (entries - 1) * (signs * math.log(2) - math.log(same)) > RARE


def _is_standard(noise: Noise, axes: tuple[int, ...]) -> bool:
    """Whether means and mean squares over some axes are those of N(0, 1), wherever the other axes point."""
    mean, square = noise.values.mean(axes), np.square(noise.values).mean(axes)
    count = noise.effective(math.prod(noise.values.shape[k] for k in axes))
    limit = RARE + math.log(np.size(mean))
    with np.errstate(divide="ignore"):
        surprise = count / 2 * (square - 1 - np.log(square))  # of a chi-square with `count` degrees of freedom
    return bool(np.all(count / 2 * np.square(mean) <= limit) and np.all(surprise <= limit))


def _agreement(noise: Noise, index: int) -> wire.Array:
    """For each two entries of an axis: the mean product of their signs, between -1 and 1."""
    signs = np.sign(np.moveaxis(noise.centred(), index + 1, 0)).reshape(noise.values.shape[index + 1], -1)
    above = np.triu_indices(len(signs), 1)
    return np.asarray((signs @ signs.T / signs.shape[1])[above])


def _excess(noise: Noise, index: int) -> float:
    """The largest agreement along an axis, in multiples of what right noise stays below."""
    agreement = _agreement(noise, index)
    if not agreement.size:
        return 0.0
    count = noise.effective(noise.centred().size // noise.values.shape[index + 1])
    limit = math.sqrt(2 * (RARE + math.log(agreement.size)) / count)
    largest = agreement if noise.antithetic and index == 0 else np.abs(agreement)
    return float(largest.max() / limit)


def _quantiles(values: wire.Array) -> wire.Array:
    """The sorted numbers, or as many of them, evenly spread, as tell their distribution to one in QUANTILES."""
    ordered = np.sort(values, axis=None)
    return ordered[:: max(1, len(ordered) // QUANTILES)]


def _distance_from_normal(values: wire.Array) -> float:
    """The largest distance between the distribution of some numbers and N(0, 1), or a little less."""
    ordered = np.sort(values, axis=None)
    ranks = np.arange(0, len(ordered), max(1, len(ordered) // QUANTILES))
    right = np.array([0.5 * math.erfc(-v / math.sqrt(2)) for v in ordered[ranks]])
    above, below = (ranks + 1) / len(ordered) - right, right - ranks / len(ordered)
    return float(max(above.max(), below.max()))


def _ahead(one: wire.Array, other: wire.Array, slack: float = 1e-3) -> float:
    """How far the distribution of one sorted sample is above that of another, a little to its right."""
    room = slack * (1 + np.abs(one))
    there = np.searchsorted(other, one + room, side="right") / len(other)
    return float(np.max(np.arange(1, len(one) + 1) / len(one) - there, initial=0.0))


def _one(name: str) -> str:
    return name.removesuffix("s")
