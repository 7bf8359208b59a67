"""Learning curves: what a kept training saw at each step."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from course import runs
from course.models import VAE
from course.registry import Model
from course.run_config import RunConfig
from course.training import History, Settings, one_thread

__all__ = ["curve"]


def curve(
    data: str,
    size: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    store: Path | None = None,
    *,
    kind: type[Model] = VAE,
) -> History:
    """The History of a run: from the store, or trained now and kept. Arguments are those of `runs.load_or_train`.

    Warns as `runs.load_or_make`; where the store cannot keep the run, it is trained for its History alone.
    """
    runs.load_or_train(data, size, settings, store, kind=kind)
    config = RunConfig.of(data, kind, size, settings)
    kept = runs.from_store(config, runs.Run.history, store)
    if kept is not None:
        return kept
    with one_thread():
        return config.train(False)[1]
