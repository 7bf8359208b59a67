"""A classifier that judges images of clothes: trained on the labels, apart from every model that it judges."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray

from course.labelled import Classifier
from course.runs import load_or_train
from course.training import Settings

__all__ = ["SETTINGS", "certainty", "classes", "features", "judge"]

SETTINGS = Settings(steps=4000, batch_size=128, learning_rate=3e-3, seed=100)


@cache
def judge() -> Classifier:
    """The classifier, from the run store; it needs the whole of Fashion-MNIST only if it has to be trained."""
    return load_or_train("fashion", settings=SETTINGS, kind=Classifier)


def classes(images: NDArray[np.floating]) -> NDArray[np.int64]:
    """The likeliest class (N,) of images (N, 784), an index into fashion.CLASSES."""
    return judge().predict(torch.from_numpy(np.asarray(images, np.float32))).numpy()


@torch.no_grad()
def certainty(images: NDArray[np.floating]) -> NDArray[np.float32]:
    """The probability (N,) that the judge gives to its own answer; it can be large for images of nothing at all."""
    logits = judge()(torch.from_numpy(np.asarray(images, np.float32)))  # (N, 10)
    sure: NDArray[np.float32] = torch.softmax(logits, dim=1).amax(dim=1).numpy()
    return sure


@torch.no_grad()
def features(images: NDArray[np.floating]) -> NDArray[np.float32]:
    """What the judge makes of images (N, 784) before it decides: its last hidden layer (N, 256)."""
    hidden: NDArray[np.float32] = judge().features(torch.from_numpy(np.asarray(images, np.float32))).numpy()
    return hidden
