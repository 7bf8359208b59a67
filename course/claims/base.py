"""What a claim is: the runs that it needs, a statistic of their models, and what must hold over seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course import datasets
from course.models import VAE
from course.registry import Model
from course.runs import load_or_train
from course.training import Settings

__all__ = ["FEW_SEEDS", "SEEDS", "Bound", "Claim", "RunSpec", "at_least", "at_most", "between", "every_seed_above"]

SEEDS = (0, 1, 2, 3, 4)
FEW_SEEDS = SEEDS[:3]
"""For trainings on Fashion-MNIST, which take longer."""


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

    @property
    def budget(self) -> str:
        settings = self._with_seed(0)
        return f"{settings.steps} steps of {settings.batch_size} images of {self.data}"

    def _with_seed(self, seed: int) -> Settings:
        return Settings(**{**datasets.default_settings(self.data), **self.settings, "seed": seed})


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


@dataclass(frozen=True)
class Claim:
    """`measure` is given the model of each run for one seed, then the seed, and returns one number."""

    statement: str
    runs: tuple[str, ...]
    measure: Callable[..., float]
    bound: Bound
    unit: str = ""
    digits: int = 2
    seeds: tuple[int, ...] = SEEDS
