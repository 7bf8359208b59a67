"""What lessons 7 and 8 say about the likelihood of grey pixels: a VAE under three readings of its outputs."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np
import torch

from course.claims import fashion_runs
from course.claims.base import FEW_SEEDS, Claim, Measure, RunSpec, at_least, at_most, between
from course.claims.baselines import AUROC, UNTRAINED, chance, pca_back, without_model
from course.claims.statistics import codes_of
from course.datasets import held_out
from course.models import VAE
from course.studies.identifiability import used
from course.studies.ood_images import ood_images
from course.studies.ood_scores import Scores, auroc, grey_floor, negative_elbos
from course.studies.sample_quality import edges

__all__ = ["CLAIMS", "RUNS"]

_SCORED = 2000

_READINGS = {"bernoulli": "fashion-vae", "continuous": "fashion-vae-continuous", "gaussian": "fashion-vae-gaussian"}
RUNS: dict[str, RunSpec] = {
    "fashion-vae": fashion_runs.RUNS["fashion-vae"],
    "fashion-vae-continuous": RunSpec("fashion", {"likelihood": "continuous"}),
    "fashion-vae-gaussian": RunSpec("fashion", {"likelihood": "gaussian"}),
}


def _entries(model: VAE, _seed: int) -> float:
    """Entries of 16 whose mu varies over test images."""
    return float(used(codes_of(model, held_out("fashion").images)).sum())


@torch.no_grad()
def _sharpness(model: VAE, _seed: int) -> float:
    """Differences between neighbouring pixels that are left in what comes back from mu, in per cent."""
    images = held_out("fashion").images
    return 100 * edges(model.decode(model.encode(torch.from_numpy(images))).numpy()) / edges(images)


@torch.no_grad()
def _error(model: VAE, _seed: int) -> float:
    """Squared error of what comes back from mu."""
    images = held_out("fashion").images
    back = model.decode(model.encode(torch.from_numpy(images))).numpy()
    return float(np.square(back - images).sum(axis=1).mean())


@cache
def _usual(reading: str, seed: int) -> Scores:
    return negative_elbos(RUNS[_READINGS[reading]].model(seed), held_out("fashion").images[:_SCORED], seed=seed)


def _tells(kind: str, reading: str) -> Measure:
    """How well the -ELBO tells strange images of this kind from test images."""

    def measure(model: Any, seed: int) -> float:
        strange = ood_images(kind, held_out("fashion").images[_SCORED : 2 * _SCORED], seed)
        return auroc(_usual(reading, seed), negative_elbos(model, strange, seed=seed))

    return measure


def _floor_share(reading: str) -> Measure:
    """How much of the variance of the -ELBO over test images goes with the entropy of their grey pixels."""

    def measure(_model: Any, seed: int) -> float:
        floor = grey_floor(held_out("fashion").images[:_SCORED])
        return 100 * float(np.corrcoef(_usual(reading, seed), floor)[0, 1] ** 2)

    return measure


def _scale(model: Any, _seed: int) -> float:
    return float(model.pixels.scale.detach())


_SAYS = {
    "bernoulli": "the binary cross-entropy",
    "continuous": "the continuous Bernoulli",
    "gaussian": "a Gaussian with a learned scale",
}
_STRANGE = {
    "bars": "patterns, enlarged", "dimmed": "clothes at three tenths of their brightness",
    "grey": "images of one shade of grey", "black": "black images",
}  # fmt: skip
_TOLD = {
    "continuous": {
        "bars": between(0.35, 0.52), "dimmed": between(0.4, 0.47), "grey": at_least(0.99), "black": at_most(0.01),
    },
    "gaussian": {
        "bars": between(0.88, 0.97), "dimmed": at_most(0.05), "grey": between(0.6, 0.75), "black": at_most(0.01),
    },
}  # fmt: skip
_claim = partial(Claim, digits=1, seeds=FEW_SEEDS)
_NO_RELATION = chance(100 / (_SCORED - 1), "scores that have nothing to do with each other")
_AXES = "16 principal axes of the pixels"
_BY_AXES = without_model(_AXES, lambda _seed: 100 * edges(pca_back(16)) / edges(held_out("fashion").images))
_ERROR_BY_AXES = without_model(
    _AXES, lambda _seed: float(np.square(pca_back(16) - held_out("fashion").images).sum(axis=1).mean())
)

CLAIMS: dict[str, Claim] = {
    **{
        f"{reading}-entries": _claim(
            f"Entries of 16 that a VAE uses whose loss is {_SAYS[reading]}.",
            (_READINGS[reading],), _entries, bound, baseline=UNTRAINED,
        )
        for reading, bound in (("continuous", at_least(10)), ("gaussian", at_least(10)))
    },
    **{
        f"{reading}-edges": _claim(
            f"Differences between neighbouring pixels that are left by a VAE whose loss is {_SAYS[reading]}.",
            (_READINGS[reading],), _sharpness, between(50, 95), unit="%", baseline=_BY_AXES,
        )
        for reading in ("continuous", "gaussian")
    },
    **{
        f"{reading}-error": _claim(
            f"Squared error of an image that a VAE gives back whose loss is {_SAYS[reading]}.",
            (_READINGS[reading],), _error, at_most(25), baseline=_ERROR_BY_AXES,
        )
        for reading in ("continuous", "gaussian")
    },
    **{
        f"{reading}-floor-share": _claim(
            f"Variance of the -ELBO that goes with the entropy of an image's grey pixels, by {_SAYS[reading]}.",
            (_READINGS[reading],), _floor_share(reading), at_most(70), unit="%", baseline=_NO_RELATION,
        )
        for reading in ("continuous", "gaussian")
    },
    **{
        f"{reading}-tells-{kind}": Claim(
            f"How often the -ELBO by {_SAYS[reading]} is larger for {what} than for test images (AUROC).",
            (_READINGS[reading],), _tells(kind, reading), _TOLD[reading][kind], seeds=FEW_SEEDS, baseline=AUROC,
        )
        for reading in ("continuous", "gaussian")
        for kind, what in _STRANGE.items()
    },
    "gaussian-scale": Claim(
        "The scale of a pixel that a Gaussian learns; its size before the first step is 1.",
        ("fashion-vae-gaussian",), _scale, between(0.02, 0.4), digits=3, seeds=FEW_SEEDS, baseline=UNTRAINED,
    ),
}  # fmt: skip
