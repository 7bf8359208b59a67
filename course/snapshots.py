"""Snapshots of a training: the model after several numbers of steps, in the same training as a run's.

Those of one training are kept in the run store as one folder, with a checkpoint for each step. It appears whole or not
at all, like a run, and is no run itself: `runs.find` passes it over.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np

from course import checkpoints, datasets, folders, older_runs, runs
from course.errors import CourseError
from course.interrupts import held
from course.models import VAE
from course.registry import Model
from course.run_config import RunConfig, build
from course.training import Settings, fit, one_thread

__all__ = ["log_spaced", "snapshots"]

M = TypeVar("M", bound=Model)


def log_spaced(steps: int, count: int = 10) -> tuple[int, ...]:
    """0, the untrained model, then up to `count - 1` steps at even ratios, the last of them `steps`."""
    if steps < 1 or count < 2:
        raise CourseError(f"expected at least 1 step and 2 snapshots, got {steps} steps and {count} snapshots")
    later = np.geomspace(min(10, steps), steps, count - 1).round().astype(int)
    return tuple(dict.fromkeys([0, *later.tolist()]))


@overload
def snapshots(
    data: str,
    size: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    at: Sequence[int] | None = None,
    store: Path | None = None,
) -> dict[int, VAE]: ...


@overload
def snapshots(
    data: str,
    size: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    at: Sequence[int] | None = None,
    store: Path | None = None,
    *,
    kind: type[M],
) -> dict[int, M]: ...


def snapshots(
    data: str,
    size: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    at: Sequence[int] | None = None,
    store: Path | None = None,
    *,
    kind: type[Any] = VAE,
) -> dict[int, Any]:
    """The model after each number of steps in `at`, in rising order: from the store, or trained now once and kept.

    Arguments are those of `runs.load_or_train`; `at` is `log_spaced` if left out. Step 0 is the untrained model, and
    the snapshot at `settings.steps` is the model of the run. Raises ValueError for a step outside of the training.
    Warns as `runs.load_or_make`, and returns the models all the same.
    """
    config = RunConfig.of(data, kind, size, settings)
    last = config.settings.steps
    steps = tuple(sorted(set(log_spaced(last) if at is None else at)))
    if not steps or steps[0] < 0 or steps[-1] > last:
        raise CourseError(f"at must hold steps from 0 to {last}, the last of the training, got {at}")
    name = f"{config.name}-at-{'-'.join(map(str, steps))}"
    for place in runs.stores(store):
        try:
            return folders.read_from(place / name, lambda folder: _read(folder, steps))
        except (ValueError, OSError) as error:
            if (place / name).exists():
                warnings.warn(runs.DamagedRun(place / name, error), stacklevel=2)
    place = runs.stores(store)[0]
    for other in older_runs.other_snapshots(config, steps, place):
        warnings.warn(other, stacklevel=2)
    with one_thread():
        models = _train(config, steps)
    with held():
        try:
            _keep(models, place / name, config)
        except OSError as error:
            warnings.warn(runs.NotKept(place, error), stacklevel=2)
    return models


def _train(config: RunConfig, steps: tuple[int, ...]) -> dict[int, Any]:
    model, images = build(config.size, config.settings.seed, config.kind), datasets.images_of(config.data)
    seen: dict[int, Any] = {0: copy.deepcopy(model).eval()} if 0 in steps else {}

    def look(step: int) -> None:
        if step in steps:
            seen[step] = copy.deepcopy(model).eval()

    history = fit(model, images.images, config.settings, labels=images.labels, progress=False, after_step=look)
    if history.interrupted:
        raise KeyboardInterrupt
    return seen


def _read(folder: Path, steps: tuple[int, ...]) -> dict[int, Any]:
    """All snapshots; raises ValueError or OSError where one is missing or damaged."""
    return {step: checkpoints.load_any(folder / str(step)) for step in steps}


def _keep(models: Mapping[int, Model], folder: Path, config: RunConfig) -> None:
    """Writes the folder whole or not at all; equal snapshots that another process has written meanwhile stay."""
    record = {name: config.record[name] for name in ("data", "settings", "training_versions")}
    with folders.filled(folder, lambda folder: _read(folder, tuple(models))) as half:
        for step, model in models.items():
            checkpoints.save(model, half / str(step), {**record, "step": step, "versions": checkpoints.versions()})
