"""What a claim is: the runs that it needs, a statistic of their models, its baseline, and what must hold over seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course import datasets
from course.models import VAE
from course.registry import Model
from course.run_config import RunConfig, build
from course.runs import load_or_train
from course.snapshots import snapshots
from course.training import Settings

__all__ = [
    "FEW_SEEDS", "SEEDS", "Baseline", "Bound", "Claim", "Measure", "Measured", "NoBaseline", "RunSpec", "SnapshotsSpec",
    "Summary", "at_least", "at_most", "between", "every_seed_above",
]  # fmt: skip

SEEDS = (0, 1, 2, 3, 4)
FEW_SEEDS = SEEDS[:3]
"""For trainings on Fashion-MNIST, which take longer."""

Measure = Callable[..., float]
"""Given the model of each run for one seed, then the seed, it returns one number."""


@dataclass(frozen=True)
class RunSpec:
    """A kind of run; with a seed it is one training, kept in the run store."""

    data: str = "lines64"
    size: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, float] = field(default_factory=dict)
    kind: type[Model] = VAE

    def model(self, seed: int) -> Any:
        """The model of this run and seed, of the run's kind."""
        return load_or_train(self.data, self.size, self._with_seed(seed), kind=self.kind)

    def untrained(self, seed: int) -> Any:
        """The same model before its first step."""
        size = RunConfig.of(self.data, self.kind, self.size, self._with_seed(seed)).size
        return build(size, seed, self.kind).eval()

    @property
    def budget(self) -> str:
        settings = self._with_seed(0)
        return f"{settings.steps} steps of {settings.batch_size} images of {self.data}"

    @property
    def cost(self) -> float:
        """How long a training takes beside others, roughly: steps, and how much is multiplied in one."""
        settings = self._with_seed(0)
        weights: int = sum(p.numel() for p in self.untrained(0).parameters())
        # A step has a price of its own, about that of multiplying 64 images by 100 000 weights.
        return settings.steps * (1e5 * 64 + settings.batch_size * weights)

    def _with_seed(self, seed: int) -> Settings:
        return Settings(**{**datasets.default_settings(self.data), **self.settings, "seed": seed})


@dataclass(frozen=True)
class SnapshotsSpec(RunSpec):
    """The same training, looked at after these steps; without any, at ten of them, from the first to the last."""

    at: tuple[int, ...] | None = None

    def model(self, seed: int) -> dict[int, Any]:
        """The model after each step."""
        return snapshots(self.data, self.size, self._with_seed(seed), self.at, kind=self.kind)


@dataclass(frozen=True)
class Bound:
    """What must hold of the values over seeds, in words and as a test."""

    text: str
    holds: Callable[[NDArray[np.float64]], bool]


def at_most(limit: float) -> Bound:
    return Bound(f"mean at most {limit:g}", lambda values: bool(values.mean() <= limit))


def at_least(limit: float) -> Bound:
    return Bound(f"mean at least {limit:g}", lambda values: bool(values.mean() >= limit))


def every_seed_above(limit: float) -> Bound:
    return Bound(f"above {limit:g} for every seed", lambda values: bool((values > limit).all()))


def between(low: float, high: float) -> Bound:
    return Bound(f"between {low:g} and {high:g} for every seed", lambda v: bool(((low <= v) & (v <= high)).all()))


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What nothing, chance or the simplest rival gives by the same statistic, measured over the claim's seeds.

    `words` say what it is. What is left out, `measure` or `runs`, is the claim's own. With `untrained`, the models are
    those of the runs before their first step.
    """

    words: str
    measure: Measure | None = None
    runs: tuple[str, ...] | None = None
    untrained: bool = False


@dataclass(frozen=True, kw_only=True)
class NoBaseline:
    """Why there is nothing to measure beside the claim, in words that are true of it."""

    reason: str


Baseline = Measured | NoBaseline


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How the values over seeds are said as one: see `course.claims.results` for what each `kind` prints.

    A count out of `of` things a seed needs that number; the others have none.
    """

    kind: str = "mean"
    of: int | None = None

    def __post_init__(self) -> None:
        kinds = ("mean", "median", "smallest", "largest", "dots", "count")
        if self.kind not in kinds:
            raise ValueError(f"a summary is one of {', '.join(kinds)}; got {self.kind!r}")
        if (self.kind == "count") != (self.of is not None):
            raise ValueError(f"a count, and nothing else, needs `of`: how many are counted a seed; got {self}")

    def as_json(self) -> dict[str, Any]:
        """The kind, and of a count how many were counted."""
        return {"kind": self.kind} if self.of is None else {"kind": self.kind, "of": self.of}


@dataclass(frozen=True)
class Claim:
    """`measure` is given the model of each run for one seed, then the seed, and returns one number."""

    statement: str
    runs: tuple[str, ...]
    measure: Measure
    bound: Bound
    _: KW_ONLY
    baseline: Baseline
    unit: str = ""
    digits: int = 2
    seeds: tuple[int, ...] = SEEDS
    summary: Summary = Summary()
