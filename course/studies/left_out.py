"""Models that never saw one class of clothes, so that its images are new to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from course import datasets, runs
from course.fashion import CLASSES
from course.models import LatentModel
from course.run_config import RunConfig, build
from course.training import History, Settings, fit

__all__ = ["trained_without"]

M = TypeVar("M", bound=LatentModel)
TRAINING_VERSION = 1  # raise it when a change here alters training: see identity.py


def trained_without(label: int, kind: type[M], settings: Settings, store: Path | None = None) -> M:
    """The model of a training on Fashion-MNIST without the class `label`: from the run store, or trained now and kept.

    Raises ValueError for a label that is no class.
    """
    if not 0 <= label < len(CLASSES):
        raise ValueError(f"label must be one of 0 to {len(CLASSES) - 1}, got {label}")
    whole = RunConfig.of("fashion", kind, settings=settings)
    config = replace(whole, changes={"without": label}, module=__name__)

    def train() -> tuple[M, History]:
        model, images = build(config.size, settings.seed, kind), datasets.images_of("fashion")
        seen = images.labels != label
        return model, fit(model, images.images[seen], settings, labels=images.labels[seen], progress=False)

    model = runs.load_or_make(config, train, store)
    assert isinstance(model, kind)
    return model
