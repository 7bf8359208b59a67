"""A classifier that judges images of clothes: trained on the labels, apart from every model that it judges."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray

from course.labelled import Classifier
from course.runs import trained
from course.training import Settings

__all__ = ["SETTINGS", "classes", "judge"]

SETTINGS = Settings(steps=4000, batch_size=128, learning_rate=3e-3, seed=100)


@cache
def judge() -> Classifier:
    """The classifier, from the run store; it needs the whole of Fashion-MNIST only if it has to be trained."""
    return trained("fashion", settings=SETTINGS, kind=Classifier)


def classes(images: NDArray[np.floating]) -> NDArray[np.int64]:
    """The likeliest class (N,) of images (N, 784), an index into fashion.CLASSES."""
    return judge().predict(torch.from_numpy(np.asarray(images, np.float32))).numpy()
