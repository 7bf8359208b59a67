"""The data sets of the course by name, and how each is trained on if nothing else is said."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from course import fashion, patterns
from course.fashion import FashionSet
from course.kinds import Model
from course.labelled import BranchedVAE, Classifier, ConditionalVAE
from course.models import VAE, LatentModel
from course.patterns import PatternSet

__all__ = [
    "NAMES",
    "DataSet",
    "class_names",
    "default_settings",
    "default_size",
    "held_out",
    "images_of",
    "is_fashion",
    "pattern_set",
]

DataSet = PatternSet | FashionSet
NAMES = ("lines64", "bars512", "cross8x8", "classic", "fashion", "fashion-sample")


def is_fashion(data: str) -> bool:
    """Whether this is Fashion-MNIST, whole or the sample."""
    return data in ("fashion", "fashion-sample")


@cache
def pattern_set(data: str) -> PatternSet:
    """The patterns of this name: one of patterns.SETS, or "classic", which is drawn with its own fixed seed."""
    if data == "classic":
        return patterns.classic(generator=np.random.default_rng(42))
    if data not in patterns.SETS:
        raise ValueError(f"data must be one of {', '.join(NAMES)}; got {data!r}")
    return patterns.SETS[data]()


@cache
def images_of(data: str) -> DataSet:
    """The images to train on, by one of NAMES; "fashion" has to lie on this machine.

    Raises ValueError for another name, FileNotFoundError where the whole of Fashion-MNIST is not here.
    """
    if data == "fashion":
        return fashion.load("train")
    return fashion.sample("train") if data == "fashion-sample" else pattern_set(data)


@cache
def held_out(data: str) -> DataSet:
    """Images to judge on: the test images of Fashion-MNIST; of patterns the set itself, which is all there is."""
    if data == "fashion":
        return fashion.load("test")
    return fashion.sample("test") if data == "fashion-sample" else images_of(data)


def class_names(data: str) -> tuple[str, ...]:
    """What the labels of a data set mean."""
    return fashion.CLASSES if is_fashion(data) else patterns.TYPES


def default_size(data: str, kind: type[Model] = VAE) -> dict[str, Any]:
    """The network for this data where it differs from the model's own: the input, the latent space of the lessons."""
    size: dict[str, Any] = {"input_dim": fashion.IMAGE_DIM} if is_fashion(data) else {"input_dim": patterns.IMAGE_DIM}
    if issubclass(kind, LatentModel):
        size |= {"hidden_dim": 128, "latent_dim": 16 if is_fashion(data) else 8}
    if kind in (BranchedVAE, ConditionalVAE, Classifier):
        size["num_classes"] = len(class_names(data))
    return size


def default_settings(data: str) -> dict[str, Any]:
    """The budget for this data: patterns have that of `training.Settings`."""
    if data == "fashion":
        return {"steps": 4000, "learning_rate": 4e-3, "beta_start": 1.0}
    return {"steps": 2000, "learning_rate": 4e-3, "beta_start": 1.0} if data == "fashion-sample" else {}


def module_of(data: str) -> str:
    """The module that makes this data."""
    return fashion.__name__ if is_fashion(data) else patterns.__name__
