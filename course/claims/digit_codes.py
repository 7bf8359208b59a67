"""What lesson 7 says about digits: entries in use under two likelihoods, and codes as features for few labels."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from course import digits
from course.claims.base import Claim, RunSpec, at_least, between
from course.claims.baselines import UNTRAINED, chance, without_model
from course.claims.statistics import codes_of
from course.models import Autoencoder, LatentModel
from course.studies.identifiability import used
from course.studies.probe import few_labelled, probe_accuracy

__all__ = ["CLAIMS", "RUNS"]

_PER_CLASS = 10

RUNS: dict[str, RunSpec] = {
    "digits-ae": RunSpec("digits", kind=Autoencoder),
    "digits-vae": RunSpec("digits"),
    "digits-continuous": RunSpec("digits", {"likelihood": "continuous"}),
}

Features = Callable[[NDArray[np.float32]], NDArray[np.floating]]


def _entries(model: LatentModel, _seed: int) -> float:
    return float(used(codes_of(model, digits.load("test").images)).sum())


def _read(features: Features, seed: int) -> float:
    """Test digits that a linear probe reads from their features, learned from ten of each digit."""
    known, asked = digits.load("train"), digits.load("test")
    rows = few_labelled(known.labels, _PER_CLASS, seed)
    found = probe_accuracy(features(known.images[rows]), known.labels[rows], features(asked.images), asked.labels)
    return 100 * found


def _from_codes(model: LatentModel, seed: int) -> float:
    return _read(lambda images: codes_of(model, images), seed)


@cache
def _axes() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The centre (64,) and the eight principal axes (64, 8) of the training digits."""
    images = digits.load("train").images.astype(np.float64)
    centre = images.mean(axis=0)
    _, _, axes = np.linalg.svd(images - centre, full_matrices=False)
    return centre, axes[:8].T


def _from_axes(seed: int) -> float:
    centre, axes = _axes()
    return _read(lambda images: (images - centre) @ axes, seed)


def _from_pixels(seed: int) -> float:
    return _read(lambda images: images, seed)


def _more_than_axes(model: LatentModel, seed: int) -> float:
    return _from_codes(model, seed) - _from_axes(seed)


_claim = partial(Claim, digits=1)
_AXES = without_model("eight principal axes of the pixels", _from_axes)

CLAIMS: dict[str, Claim] = {
    "digits-entries": _claim(
        "Entries of 8 that a VAE of digits uses whose loss is the binary cross-entropy.",
        ("digits-vae",), _entries, between(2, 8), baseline=UNTRAINED,
    ),
    "digits-continuous-entries": _claim(
        "Entries of 8 that a VAE of digits uses whose loss is the continuous Bernoulli.",
        ("digits-continuous",), _entries, at_least(7), baseline=UNTRAINED,
    ),
    "digits-ae-probe": _claim(
        "Digits read by a linear probe from 8 numbers of an autoencoder, learned from ten of each digit.",
        ("digits-ae",), _from_codes, between(40, 100), unit="%", baseline=_AXES,
    ),
    "digits-vae-probe": _claim(
        "Digits read by a linear probe from mu of a VAE with 8 dimensions, learned from ten of each digit.",
        ("digits-vae",), _from_codes, between(40, 100), unit="%", baseline=_AXES,
    ),
    "digits-continuous-probe": _claim(
        "Digits read by a linear probe from mu of a VAE with the continuous Bernoulli, learned from ten of each "
        "digit.",
        ("digits-continuous",), _from_codes, between(40, 100), unit="%", baseline=_AXES,
    ),
    "digits-axes-probe": _claim(
        "Digits read by a linear probe from eight principal axes of the pixels, learned from ten of each digit.",
        (), _from_axes, between(40, 100), unit="%", baseline=without_model("all 64 pixels", _from_pixels),
    ),
    "digits-pixel-probe": _claim(
        "Digits read by a linear probe from all 64 pixels, learned from ten of each digit.",
        (), _from_pixels, between(40, 100), unit="%", baseline=chance(10.0, "a guess among ten digits"),
    ),
}  # fmt: skip
