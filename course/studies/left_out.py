"""Models that never saw one class of clothes, so that its images are new to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from course import datasets, runs
from course.fashion import CLASSES
from course.models import LatentModel
from course.training import History, Settings, fit

__all__ = ["trained_without"]

M = TypeVar("M", bound=LatentModel)


def trained_without(label: int, kind: type[M], settings: Settings, store: Path | None = None) -> M:
    """The model of a training on Fashion-MNIST without the class `label`: from the run store, or trained now and kept.

    Raises ValueError for a label that is no class.
    """
    if not 0 <= label < len(CLASSES):
        raise ValueError(f"label must be one of 0 to {len(CLASSES) - 1}, got {label}")
    plan = runs.Plan.of("fashion", kind, settings=settings)
    parameters: dict[str, Any] = {**plan.parameters, "without": label}

    def train() -> tuple[M, History]:
        model, images = runs.build(plan.size, settings.seed, kind), datasets.images_of("fashion")
        seen = images.labels != label
        return model, fit(model, images.images[seen], settings, labels=images.labels[seen], progress=False)

    name = runs.name_of(f"{plan.name}-without-{label}", parameters, (__name__,))
    model = runs.kept(name, parameters, train, store)
    assert isinstance(model, kind)
    return model
