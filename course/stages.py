"""A model at several moments of its training: the same training as a run's, looked at on its way.

The stages of one training are kept in the run store as one folder, with a checkpoint for each step. It appears whole
or not at all, like a run, and is no run itself: `runs.find` passes it over.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np

from course import checkpoints, datasets, files, runs
from course.interrupts import held
from course.kinds import Model
from course.models import VAE
from course.runs import Plan
from course.training import Settings, fit

__all__ = ["log_spaced", "stages"]

M = TypeVar("M", bound=Model)


def log_spaced(steps: int, count: int = 10) -> tuple[int, ...]:
    """0, the untrained model, then up to `count - 1` steps at even ratios, the last of them `steps`."""
    if steps < 1 or count < 2:
        raise ValueError(f"expected at least 1 step and 2 stages, got {steps} steps and {count} stages")
    later = np.geomspace(min(10, steps), steps, count - 1).round().astype(int)
    return tuple(dict.fromkeys([0, *later.tolist()]))


@overload
def stages(
    data: str,
    size: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    at: Sequence[int] | None = None,
    store: Path | None = None,
) -> dict[int, VAE]: ...


@overload
def stages(
    data: str,
    size: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    at: Sequence[int] | None = None,
    store: Path | None = None,
    *,
    kind: type[M],
) -> dict[int, M]: ...


def stages(
    data: str,
    size: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    at: Sequence[int] | None = None,
    store: Path | None = None,
    *,
    kind: type[Any] = VAE,
) -> dict[int, Any]:
    """The model after each number of steps in `at`, in rising order: from the store, or trained now once and kept.

    Arguments are those of `runs.trained`; `at` is `log_spaced` if left out. Step 0 is the untrained model, and the
    stage at `settings.steps` is the model of the run. Raises ValueError for a step outside of the training. Where the
    store cannot be written, the models are returned with the warning runs.NotKept.
    """
    plan = Plan.of(data, kind, size, settings)
    steps = tuple(sorted(set(log_spaced(plan.settings.steps) if at is None else at)))
    if not steps or steps[0] < 0 or steps[-1] > plan.settings.steps:
        raise ValueError(f"at must hold steps from 0 to {plan.settings.steps}, the last of the training, got {at}")
    name = f"{plan.name}-stages-{'-'.join(map(str, steps))}"
    for place in runs.stores(store):
        try:
            return files.read_from(place / name, lambda folder: _read(folder, steps))
        except (ValueError, OSError):
            pass  # one is missing or damaged: what was lost can be trained again
    with runs.one_thread():
        models = _train(plan, steps)
    place = runs.stores(store)[0]
    with held():
        try:
            _keep(models, place / name, plan)
        except OSError as error:
            warnings.warn(runs.NotKept(place, error), stacklevel=2)
    return models


def _train(plan: Plan, steps: tuple[int, ...]) -> dict[int, Any]:
    model, images = runs.build(plan.size, plan.settings.seed, plan.kind), datasets.images_of(plan.data)
    seen: dict[int, Any] = {0: copy.deepcopy(model).eval()} if 0 in steps else {}

    def look(step: int) -> None:
        if step in steps:
            seen[step] = copy.deepcopy(model).eval()

    history = fit(model, images.images, plan.settings, labels=images.labels, progress=False, after_step=look)
    if history.interrupted:
        raise KeyboardInterrupt
    return seen


def _read(folder: Path, steps: tuple[int, ...]) -> dict[int, Any]:
    """All stages; raises ValueError or OSError where one is missing or damaged."""
    return {step: checkpoints.load_any(folder / str(step)) for step in steps}


def _keep(models: Mapping[int, Model], folder: Path, plan: Plan) -> None:
    """Writes the folder whole or not at all; equal stages that another process has written meanwhile stay."""
    record = {name: plan.parameters[name] for name in ("data", "settings")}
    with files.filled(folder, lambda folder: _read(folder, tuple(models))) as half:
        for step, model in models.items():
            checkpoints.save(model, half / str(step), {**record, "step": step, "versions": checkpoints.versions()})
