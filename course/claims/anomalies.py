"""What lesson 8 says about strange images: which scores of an autoencoder and a VAE find them, and which do not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from course.claims import fashion_runs
from course.claims.base import FEW_SEEDS, Bound, Claim, Measure, RunSpec, at_least, at_most, between
from course.claims.baselines import AUROC, chance
from course.datasets import held_out, images_of
from course.models import VAE, LatentModel
from course.studies.left_out import trained_without
from course.studies.ood_images import ood_images
from course.studies.ood_scores import Score, Scores, auroc, grey_floor, model_scores, pixel_scores, two_sided

__all__ = ["CLAIMS", "RUNS"]

_BOTH = ("fashion-ae", "fashion-vae")

_KNOWN = 10_000
_SCORED = 2000


@dataclass(frozen=True)
class LeftOut(RunSpec):
    """A run that never sees the class of this label."""

    kind: type[LatentModel] = VAE
    without: int = 0

    def model(self, seed: int) -> Any:
        return trained_without(self.without, self.kind, self._with_seed(seed))


_LEFT_OUT = {"bags": 8, "sandals": 5, "shirts": 6}

RUNS: dict[str, RunSpec] = {
    **{name: fashion_runs.RUNS[name] for name in _BOTH},
    **{f"fashion-vae-without-{clothes}": LeftOut("fashion", without=label) for clothes, label in _LEFT_OUT.items()},
}


@cache
def _score(name: str, seed: int) -> Score:
    """One of the scores, of the two models of this seed if it needs any."""
    known = images_of("fashion").images[:_KNOWN]
    without_model = pixel_scores(known)
    if name in without_model:
        return without_model[name]
    return model_scores(RUNS["fashion-ae"].model(seed), RUNS["fashion-vae"].model(seed), known, seed)[name]


@cache
def _usual(name: str, seed: int) -> Scores:
    return _score(name, seed)(held_out("fashion").images[:_SCORED])


@cache
def _strangers(kind: str, name: str, seed: int) -> Scores:
    """Scores of strange images, made from other test images than the usual ones."""
    return _score(name, seed)(ood_images(kind, held_out("fashion").images[_SCORED : 2 * _SCORED], seed))


def _tells(kind: str, name: str) -> Measure:
    """How well a score tells strange images of this kind from test images."""

    def measure(*models_and_seed: Any) -> float:
        seed = models_and_seed[-1]
        return auroc(_usual(name, seed), _strangers(kind, name, seed))

    return measure


def _tells_from_both_sides(kind: str, name: str) -> Measure:
    """The same by how far a score is from the middle of the scores of further test images."""

    def measure(*models_and_seed: Any) -> float:
        seed = models_and_seed[-1]
        middle = _score(name, seed)(held_out("fashion").images[2 * _SCORED : 3 * _SCORED])
        return auroc(two_sided(_usual(name, seed), middle), two_sided(_strangers(kind, name, seed), middle))

    return measure


def _tells_left_out(clothes: str, name: str) -> Measure:
    """How well a score tells a class that was in no training image from the other nine."""
    label = _LEFT_OUT[clothes]

    def measure(*models_and_seed: Any) -> float:
        *vae, seed = models_and_seed
        seen, test = images_of("fashion"), held_out("fashion")
        known = seen.images[seen.labels != label][:_KNOWN]
        scores = model_scores(vae[0], vae[0], known, seed) if vae else pixel_scores(known)
        usual, strange = test.images[test.labels != label][:_SCORED], test.images[test.labels == label]
        return auroc(scores[name](usual), scores[name](strange))

    return measure


def _floor_share(_model: VAE, seed: int) -> float:
    """How much of the variance of the -ELBO over test images goes with the floor of each."""
    floor = grey_floor(held_out("fashion").images[:_SCORED])
    return 100 * float(np.corrcoef(_usual("elbo", seed), floor)[0, 1] ** 2)


_claim = partial(Claim, seeds=FEW_SEEDS)

_SCORES = {
    "error": (_BOTH[:1], "the squared error of the autoencoder"),
    "elbo": (_BOTH[1:], "the -ELBO of the VAE"),
    "above-floor": (_BOTH[1:], "the -ELBO of the VAE, above the floor of the image's grey pixels,"),
    "mahalanobis": (_BOTH[1:], "the Mahalanobis distance of mu from 10 000 codes of the VAE"),
    "nearest-image": ((), "the distance to the nearest of 10 000 training images"),
}
_SCORES_OF_VAE = {**_SCORES, "error": (_BOTH[1:], "the squared error of the VAE")}
_TOLD: dict[str, tuple[str, tuple[Bound, ...]]] = {
    "noise": ("uniform noise", (at_least(0.99), at_least(0.99), at_least(0.99), at_least(0.9), at_least(0.99))),
    "flipped": (
        "clothes with a tenth of their pixels flipped",
        (at_least(0.99), at_least(0.99), at_least(0.99), between(0.3, 0.6), at_least(0.98)),
    ),
    "square": (
        "clothes behind a black square of 8 x 8 pixels",
        (between(0.73, 0.83), between(0.5, 0.6), between(0.73, 0.83), between(0.48, 0.62), between(0.7, 0.8)),
    ),
    "upside-down": (
        "clothes upside down",
        (between(0.82, 0.9), between(0.63, 0.73), between(0.82, 0.9), between(0.5, 0.72), between(0.82, 0.9)),
    ),
    "mirrored": (
        "mirrored clothes",
        (between(0.63, 0.72), between(0.55, 0.64), between(0.64, 0.73), between(0.53, 0.7), between(0.64, 0.73)),
    ),
    "bars": (
        "patterns, enlarged",
        (between(0.88, 0.97), between(0.03, 0.17), at_least(0.93), between(0.68, 0.95), between(0.83, 0.93)),
    ),
    "grey": (
        "images of one shade of grey",
        (between(0.5, 0.72), at_least(0.88), between(0.7, 0.92), between(0.75, 0.93), between(0.72, 0.82)),
    ),
    "dimmed": (
        "clothes at three tenths of their brightness",
        (at_most(0.05), between(0.25, 0.37), at_most(0.1), between(0.2, 0.4), between(0.08, 0.18)),
    ),
    "black": (
        "black images", (at_most(0.001), at_most(0.001), at_most(0.2), at_least(0.9), at_most(0.06)),
    ),
}  # fmt: skip
_TOLD_LEFT_OUT = {
    "bags": (between(0.9, 0.98), between(0.8, 0.92), between(0.9, 0.98), between(0.7, 0.98), between(0.95, 0.99)),
    "sandals": (between(0.83, 0.93), between(0.28, 0.42), between(0.83, 0.93), between(0.4, 0.7), between(0.8, 0.87)),
    "shirts": (between(0.5, 0.62), between(0.7, 0.82), between(0.5, 0.61), between(0.25, 0.55), between(0.55, 0.64)),
}
CLAIMS: dict[str, Claim] = {
    **{
        f"odd-{kind}-{name}": _claim(
            f"How often {score} is larger for {what} than for test images (AUROC).",
            runs, _tells(kind, name), bound, baseline=AUROC,
        )
        for kind, (what, bounds) in _TOLD.items()
        for (name, (runs, score)), bound in zip(_SCORES.items(), bounds, strict=True)
    },
    **{
        f"odd-{clothes}-{name}": _claim(
            f"How often {score} is larger for {clothes} than for other test images, without {clothes} in training "
            "(AUROC).",
            (f"fashion-vae-without-{clothes}",) if runs else (), _tells_left_out(clothes, name), bound, baseline=AUROC,
        )
        for clothes, bounds in _TOLD_LEFT_OUT.items()
        for (name, (runs, score)), bound in zip(_SCORES_OF_VAE.items(), bounds, strict=True)
    },
    **{
        f"odd-{kind}-both-sides": _claim(
            f"How often the squared error of the autoencoder is further from the middle for {what} (AUROC).",
            _BOTH[:1], _tells_from_both_sides(kind, "error"), bound, baseline=AUROC,
        )
        for kind, what, bound in (
            ("black", "black images", at_least(0.99)),
            ("dimmed", "clothes at three tenths of their brightness", at_least(0.95)),
            ("upside-down", "clothes upside down", between(0.7, 0.78)),
        )
    },
    "odd-floor-share": _claim(
        "Variance of the -ELBO over test images that goes with the floor of their grey pixels.",
        _BOTH[1:], _floor_share, between(86, 93), unit="%", digits=1,
        baseline=chance(100 / (_SCORED - 1), "scores that have nothing to do with each other"),
    ),
    "odd-noise-brightness": _claim(
        "How often uniform noise is brighter than test images (AUROC).",
        (), _tells("noise", "brightness"), at_least(0.93), baseline=AUROC,
    ),
    "odd-flipped-kl": _claim(
        "How often the KL of the VAE is larger for clothes with a tenth of their pixels flipped (AUROC).",
        _BOTH[1:], _tells("flipped", "kl"), at_most(0.5), baseline=AUROC,
    ),
    "odd-flipped-length": _claim(
        "How often mu is longer for clothes with a tenth of their pixels flipped (AUROC).",
        _BOTH[1:], _tells("flipped", "length"), at_most(0.25), baseline=AUROC,
    ),
    "odd-black-nearest-code": _claim(
        "How often the distance to the nearest of 10 000 codes of the VAE is larger for black images (AUROC).",
        _BOTH[1:], _tells("black", "nearest-code"), at_least(0.97), baseline=AUROC,
    ),
}  # fmt: skip
