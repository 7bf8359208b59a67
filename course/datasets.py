"""The data sets: those of the course by name, readers' own by path, and how each is trained on if nothing is said.

A data set is called by a string everywhere: one of NAMES, or the path of own images (see `own_images`). What differs
between data sets stands in its `Source`, so that nothing else has to ask which one it has before it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from course import digits, fashion, own_images, patterns
from course.convolutional import Convolutional
from course.digits import DigitSet
from course.errors import CourseError
from course.fashion import FashionSet
from course.models import VAE, LatentModel
from course.own_images import OwnSet
from course.patterns import PatternSet
from course.registry import Model

__all__ = [
    "NAMES", "DataSet", "Source", "class_names", "default_settings", "default_size", "held_out", "images_of",
    "pattern_set", "recorded", "source",
]  # fmt: skip

DataSet = PatternSet | FashionSet | DigitSet | OwnSet
_SHORT = {"steps": 2000, "learning_rate": 4e-3, "beta_start": 1.0}
_LONG = {**_SHORT, "steps": 4000}
_FEW = 5000


@dataclass(frozen=True)
class Source:
    """A data set: where its images come from, and how it is trained on if nothing else is said.

    `name` stands in the parameters of a run, `title` is what readers call it. `train` gives the images to learn from,
    `test` those to judge on, `on_map` those that an explorer shows. `modules` are those whose code decides the images.
    Own images have a checksum as name and no module; they lie at `path`, and `words` say what was read there.
    """

    name: str
    title: str
    train: Callable[[], DataSet]
    test: Callable[[], DataSet]
    on_map: Callable[[], DataSet]
    image_dim: int
    class_names: tuple[str, ...]
    latent_dim: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    path: Path | None = None
    words: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What files about this data are called."""
        return self.name if self.path is None else self.title


@cache
def pattern_set(name: str) -> PatternSet:
    """The patterns of this name: one of patterns.SETS, or "classic", which is drawn with its own fixed seed."""
    if name == "classic":
        return patterns.classic(generator=np.random.default_rng(42))
    if name not in patterns.SETS:
        raise CourseError(f"expected patterns, one of classic, {', '.join(patterns.SETS)}; got {name!r}")
    return patterns.SETS[name]()


def _patterns(name: str) -> Source:
    images = partial(pattern_set, name)
    return Source(
        name, f"Patterns, {name}", images, images, images,
        patterns.IMAGE_DIM, patterns.CODE_WORDS if name == "parities" else patterns.TYPES, 8,
        modules=(patterns.__name__,),
    )  # fmt: skip


def _clothes(
    name: str, train: Callable[[], FashionSet], test: Callable[[], FashionSet], settings: Mapping[str, Any]
) -> Source:
    return Source(
        name, "Fashion-MNIST", train, test, _SAMPLE_TEST,
        fashion.IMAGE_DIM, fashion.CLASSES, 16, settings, (fashion.__name__,),
    )  # fmt: skip


def _digits() -> Source:
    train, test = partial(digits.load, "train"), partial(digits.load, "test")
    return Source(
        "digits", "Digits", train, test, test, digits.IMAGE_DIM, digits.CLASSES, 8, _SHORT, (digits.__name__,),
    )  # fmt: skip


def _own(path: str) -> Source:
    own = own_images.read(path)
    settings = _LONG if len(own.train) > _FEW else _SHORT
    return Source(
        f"own-{own.checksum[:12]}", own.title, lambda: own.train, lambda: own.test, lambda: own.test,
        own.train.images.shape[1], own.train.class_names, 16, settings, path=own.path, words=own.words,
    )  # fmt: skip


_SAMPLE_TEST = cache(partial(fashion.sample, "test"))
_NAMED = {
    **{name: _patterns(name) for name in ("lines64", "bars512", "cross8x8", "classic", "parities")},
    "fashion": _clothes("fashion", cache(partial(fashion.load, "train")), cache(partial(fashion.load, "test")), _LONG),
    "fashion-sample": _clothes("fashion-sample", cache(partial(fashion.sample, "train")), _SAMPLE_TEST, _SHORT),
    "digits": _digits(),
}
NAMES = tuple(_NAMED)


def source(data: str) -> Source:
    """The data set of this name, or of this path; a name comes first, and ./fashion is a folder of that name.

    Raises ValueError where there is neither, and ValueError or OSError for images that cannot be read.
    """
    if data in _NAMED:
        return _NAMED[data]
    if not data or not os.path.exists(os.path.expanduser(data)):
        raise CourseError(
            f"{own_images.shown(data)!r} is not one of {', '.join(NAMES)}, and no folder or .npz file lies there: "
            "expected one of these names, or the path of your own images"
        )
    return _own(data)


def recorded(record: Mapping[str, Any]) -> str:
    """The data set of a run's or a checkpoint's record, as `source` takes it: its name, or where own images lie.

    Raises ValueError where own images are gone, or are no longer those that the run has learned.
    """
    data, path = str(record["data"]), record.get("path")
    if path is None:
        return data
    if not os.path.exists(path):
        got = "they are gone"
    elif (now := source(str(path)).name) != data:
        got = f"others lie there now ({now})"
    else:
        return str(path)
    raise CourseError(
        f"expected the images {data} in {own_images.shown(path)}, but {got}. If they lie elsewhere: latent-course "
        "explore takes their place as --data, and latent-course train with that --data finds the run and notes it"
    )


def images_of(data: str) -> DataSet:
    """The images to learn from; "fashion" has to lie on this machine.

    Raises as `source`, and FileNotFoundError where the whole of Fashion-MNIST is not here.
    """
    return source(data).train()


def held_out(data: str) -> DataSet:
    """Images to judge on: the test images; of patterns the set itself, which is all there is."""
    return source(data).test()


def class_names(data: str) -> tuple[str, ...]:
    """What the labels of a data set mean; one name alone where images have no labels."""
    return source(data).class_names


def default_size(data: str, kind: type[Model] = VAE) -> dict[str, Any]:
    """The network for this data where it differs from the model's own: the input, the latent space of the lessons.

    Raises ValueError for a model that learns from labels where there are none.
    """
    images = source(data)
    size: dict[str, Any] = {"input_dim": images.image_dim}
    if issubclass(kind, LatentModel):
        size |= {} if issubclass(kind, Convolutional) else {"hidden_dim": 128}
        size["latent_dim"] = images.latent_dim
    if kind.needs_labels:
        if len(images.class_names) < 2:
            raise CourseError(
                f"the model {kind.__name__} learns from labels, and {images.title} has none: train ae or vae, or add "
                "labels: an array `labels` in the .npz file, or pictures in a subfolder for each class"
            )
        size["num_classes"] = len(images.class_names)
    return size


def default_settings(data: str) -> dict[str, Any]:
    """The budget for this data: patterns have that of `training.Settings`."""
    return dict(source(data).settings)
