"""What lesson 11 says about models: whether a label is obeyed, at which price, and what a branch does to z."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator

from course import datasets, maps
from course.claims import fashion_runs
from course.claims.base import (
    FEW_SEEDS,
    Claim,
    Measure,
    RunSpec,
    at_least,
    at_most,
    between,
    every_seed_above,
)
from course.claims.baselines import (
    DIFFERENCE,
    PIXEL_TYPES,
    chance,
    chance_neighbours,
    class_chance,
    instead,
    without_model,
)
from course.claims.statistics import clothes, codes_of, difference, elbo
from course.labelled import BranchedVAE, ConditionalVAE
from course.models import VAE
from course.patterns import lines64, nearest
from course.studies import conditional_sampling, judge, probe
from course.studies.class_means import class_means

__all__ = ["CLAIMS", "RUNS"]


Source = Callable[[ConditionalVAE, int], torch.Tensor]  # a model and a seed -> z, as many for each class

BRANCHES = ("trunk", "z")
PER_CLASS = 500
_SHARED = ("fashion-vae", "fashion-cvae", "fashion-branch-z", "fashion-branch-trunk")


def _constant(beta: float) -> dict[str, float]:
    return {"beta": float(beta), "beta_start": float(beta)}


RUNS = {
    "lines-cvae": RunSpec("lines64", kind=ConditionalVAE),
    "lines-plain": RunSpec("lines64"),
    **{f"lines-{branch}": RunSpec("lines64", {"branch": branch}, kind=BranchedVAE) for branch in BRANCHES},
    **{f"fashion-{b}-30": RunSpec("fashion", {"branch": b, "gamma": 30.0}, kind=BranchedVAE) for b in BRANCHES},
    **{f"fashion-cvae-{beta}": RunSpec("fashion", settings=_constant(beta), kind=ConditionalVAE) for beta in (4, 8)},
    **{name: fashion_runs.RUNS[name] for name in _SHARED},
}


_few = partial(Claim, digits=1, seeds=FEW_SEEDS)
_asked = partial(Claim, digits=1)  # of conditional VAEs, over five seeds


_cost = difference(elbo(clothes(2000), samples=10))


def _lines_obtained(model: ConditionalVAE, seed: int) -> float:
    images = conditional_sampling.sample_by_label(model, _prior(model, seed))
    rows, _ = nearest((images > 0.5).astype(np.float32), lines64().templates)
    return 100 * float(conditional_sampling.class_accuracy(lines64().labels[rows], model.num_classes).mean())


def _prior(model: ConditionalVAE, seed: int) -> torch.Tensor:
    return torch.randn((model.num_classes * PER_CLASS, model.latent_dim), generator=Generator().manual_seed(seed))


def _shares(model: ConditionalVAE, z: torch.Tensor) -> NDArray[np.float64]:
    return conditional_sampling.class_accuracy(
        judge.classes(conditional_sampling.sample_by_label(model, z)), model.num_classes
    )


def _obtained(model: ConditionalVAE, seed: int) -> float:
    return 100 * float(_shares(model, _prior(model, seed)).mean())


def _worst(model: ConditionalVAE, seed: int) -> float:
    return 100 * float(_shares(model, _prior(model, seed)).min())


def _coded() -> tuple[torch.Tensor, torch.Tensor]:
    """The training images to whose codes Gaussians are fitted, and their labels."""
    known = datasets.images_of("fashion")
    return torch.from_numpy(known.images[:20_000]), torch.from_numpy(known.labels[:20_000])


def _fitted_z(model: ConditionalVAE, seed: int) -> torch.Tensor:
    """z from a Gaussian fitted to the codes of each class, class after class."""
    return conditional_sampling.sample_fitted_gaussians(model, *_coded(), PER_CLASS, Generator().manual_seed(seed))


def _overall_z(model: ConditionalVAE, seed: int) -> torch.Tensor:
    """As many z from one Gaussian, fitted to the codes of all classes."""
    count = model.num_classes * PER_CLASS
    return conditional_sampling.sample_overall_gaussian(model, *_coded(), count, Generator().manual_seed(seed))


def _fitted(model: ConditionalVAE, seed: int) -> float:
    return 100 * float(_shares(model, _fitted_z(model, seed)).mean())


def _overall(model: ConditionalVAE, seed: int) -> float:
    return 100 * float(_shares(model, _overall_z(model, seed)).mean())


def _unasked(model: VAE, seed: int) -> float:
    """What a decoder without a label gives to somebody who wants each class equally often."""
    drawn = model.sample(10 * PER_CLASS, Generator().manual_seed(seed)).numpy()
    return 100 * float(conditional_sampling.class_accuracy(judge.classes(drawn), 10).mean())


def _variety(model: ConditionalVAE, seed: int) -> float:
    real = datasets.held_out("fashion")
    return 100 * conditional_sampling.variance_ratio(
        conditional_sampling.sample_by_label(model, _prior(model, seed)), real.images, real.labels
    )


def _spread_within(images: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Variance within a class, of that of real clothes, in per cent; of classes that have at least two images."""
    real = datasets.held_out("fashion")
    there = [label for label in range(10) if (labels == label).sum() > 1]
    ours, theirs = (
        np.mean([rows[of == label].var(axis=0).sum() for label in there])
        for rows, of in ((images, labels), (real.images, real.labels))
    )
    return 100 * float(ours / theirs)


def _variety_of_obedient(model: ConditionalVAE, seed: int, source: Source = _prior) -> float:
    """The same of those draws that the judge takes for the class asked for."""
    drawn = conditional_sampling.sample_by_label(model, source(model, seed))
    asked = np.repeat(np.arange(10), PER_CLASS)
    obeys = judge.classes(drawn) == asked
    return _spread_within(drawn[obeys], asked[obeys])


@torch.no_grad()
def _variety_given_back(model: ConditionalVAE, _seed: int) -> float:
    """The same of test images that the model gives back."""
    test = datasets.held_out("fashion")
    x, labels = torch.from_numpy(test.images), torch.from_numpy(test.labels)
    return _spread_within(model.decode(model.encode(x, labels), labels).numpy(), test.labels)


def _variety_fitted(model: ConditionalVAE, seed: int) -> float:
    return _variety_of_obedient(model, seed, _fitted_z)


def _variety_overall(model: ConditionalVAE, seed: int) -> float:
    return _variety_of_obedient(model, seed, _overall_z)


@torch.no_grad()
def _z_and_labels(model: VAE) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Codes of 2000 test images, of a conditional VAE with their labels."""
    test = datasets.held_out("fashion")
    x, labels = torch.from_numpy(test.images[:2000]), torch.from_numpy(test.labels[:2000])
    return model.posterior(x, labels)[0].numpy(), labels.numpy()


def _neighbours(model: VAE, _seed: int) -> float:
    return 100 * maps.neighbour_share(*_z_and_labels(model))


@torch.no_grad()
def _error(model: ConditionalVAE, _seed: int) -> float:
    test = datasets.held_out("fashion")
    x, labels = torch.from_numpy(test.images), torch.from_numpy(test.labels)
    return float((model.decode(model.encode(x, labels), labels) - x).square().sum(dim=1).mean())


@torch.no_grad()
def _reconstructions_told(model: ConditionalVAE, _seed: int) -> float:
    test = datasets.held_out("fashion")
    x, labels = torch.from_numpy(test.images), torch.from_numpy(test.labels)
    return 100 * float((judge.classes(model.decode(model.encode(x, labels), labels).numpy()) == test.labels).mean())


def _real_told(_seed: int) -> float:
    test = datasets.held_out("fashion")
    return 100 * float((judge.classes(test.images) == test.labels).mean())


def _shirts_told(_seed: int) -> float:
    test = datasets.held_out("fashion")
    shirts = test.labels == datasets.class_names("fashion").index("Shirt")
    return 100 * float((judge.classes(test.images[shirts]) == test.labels[shirts]).mean())


@torch.no_grad()
def _branch_right(model: BranchedVAE, _seed: int) -> float:
    test = datasets.held_out("fashion")
    found = model.classify(torch.from_numpy(test.images)).argmax(dim=1).numpy()
    return 100 * float((found == test.labels).mean())


@torch.no_grad()
def _branch_nats(model: BranchedVAE, seed: int) -> float:
    """The third term of the loss on test images, before gamma weighs it."""
    test = datasets.held_out("fashion")
    x, labels = torch.from_numpy(test.images), torch.from_numpy(test.labels)
    return float(model.loss(x, labels, generator=Generator().manual_seed(seed))._asdict()["cross_entropy"])


@torch.no_grad()
def _probe_nats(model: VAE, seed: int) -> float:
    """The same term of a linear classifier that is trained afterwards, on draws of z from the posteriors."""
    (x, labels), test, generator = _coded(), datasets.held_out("fashion"), Generator().manual_seed(seed)
    known, asked = (
        model.reparameterize(*model.posterior(images), generator=generator).numpy()
        for images in (x, torch.from_numpy(test.images))
    )
    return probe.probe_nats(known, labels.numpy(), asked, test.labels)


def _saved(gamma: float) -> Measure:
    """What a branch saves of the weighted third term, where a probe of a VAE without a branch is the alternative."""
    return lambda branched, plain, seed: gamma * (_probe_nats(plain, seed) - _branch_nats(branched, seed))


def _lines_neighbour(model: VAE, _seed: int) -> float:
    return 100 * maps.neighbour_share(codes_of(model, lines64().images), lines64().labels, 1)


def _silhouette(model: VAE, _seed: int) -> float:
    return maps.silhouette(*_z_and_labels(model))


def _class_averages(_seed: int) -> float:
    known, test = datasets.images_of("fashion"), datasets.held_out("fashion")
    averages = class_means(known.images, known.labels)
    return float(np.square(test.images - averages[test.labels]).sum(axis=1).mean())


def _few_clothes() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    test = datasets.held_out("fashion")
    return test.images[:2000], test.labels[:2000]


_CLASS_AVERAGES = without_model("the average training image of the class", _class_averages)


_CHANCE = without_model("pairs of images, picked by chance", lambda _seed: 100 * chance_neighbours(_few_clothes()[1]))


_PIXELS = without_model("the pixels, with no model", lambda _seed: 100 * maps.neighbour_share(*_few_clothes()))


_PIXEL_SILHOUETTE = without_model("the pixels, with no model", lambda _seed: maps.silhouette(*_few_clothes()))


_PLACES = (
    ("plain", "fashion-vae", "without a branch", at_most(72)),
    ("trunk", "fashion-branch-trunk", "with a branch on the trunk, gamma 1", at_most(74)),
    ("z", "fashion-branch-z", "with a branch on z, gamma 1", at_most(74)),
    ("trunk-30", "fashion-trunk-30", "with a branch on the trunk, gamma 30", at_most(76)),
    ("z-30", "fashion-z-30", "with a branch on z, gamma 30", at_least(78)),
)


_FROM_PRIOR = instead("the same model, with z from the prior", measure=_obtained)
_FROM_ALL = instead("one Gaussian, fitted to the codes of all classes", measure=_overall)
_PROBE = instead("a linear classifier on z of a VAE without a branch", "fashion-vae", measure=_probe_nats)
_REAL_VARIETY = chance(100.0, "real clothes, by definition")
_GIVEN_BACK = instead("test images that the same model gives back", measure=_variety_given_back)
_VARIETIES = (
    (1, "fashion-cvae", between(55, 95)),
    (4, "fashion-cvae-4", between(40, 60)),
    (8, "fashion-cvae-8", between(30, 50)),
)

CLAIMS = {
    "lines-obtained": Claim(
        "Draws from the prior of the type that was asked for, by the nearest template.",
        ("lines-cvae",), _lines_obtained, at_least(95), unit="%", digits=1,
        baseline=chance(25.0, "a guess among four types"),
    ),
    "asked-beta-1": _asked(
        "Clothes of the class that was asked for, by the judge, at beta 1.",
        ("fashion-cvae",), _obtained, between(45, 80), unit="%", baseline=class_chance(),
    ),
    "asked-beta-4": _asked(
        "Clothes of the class that was asked for, by the judge, at beta 4.",
        ("fashion-cvae-4",), _obtained, at_least(88), unit="%", baseline=class_chance(),
    ),
    "asked-beta-8": _asked(
        "Clothes of the class that was asked for, by the judge, at beta 8.",
        ("fashion-cvae-8",), _obtained, at_least(95), unit="%", baseline=class_chance(),
    ),
    "asked-worst": _asked(
        "Clothes of the class that was asked for, by the judge, at beta 8, of the class that succeeds least often.",
        ("fashion-cvae-8",), _worst, at_least(88), unit="%", baseline=class_chance(),
    ),
    "asked-overall": _asked(
        "Clothes of the class that was asked for, at beta 1, where z is drawn from one Gaussian, fitted to the codes "
        "of all classes.",
        ("fashion-cvae",), _overall, between(45, 80), unit="%", baseline=_FROM_PRIOR,
    ),
    "asked-fitted": _asked(
        "Clothes of the class that was asked for, at beta 1, where z is drawn from a Gaussian fitted to the codes of "
        "the class.",
        ("fashion-cvae",), _fitted, at_least(85), unit="%", baseline=_FROM_ALL,
    ),
    "asked-fitted-8": _asked(
        "Clothes of the class that was asked for, at beta 8, where z is drawn from a Gaussian fitted to the codes of "
        "the class.",
        ("fashion-cvae-8",), _fitted, at_least(95), unit="%", baseline=_FROM_PRIOR,
    ),
    "asked-nobody": _few(
        "Clothes of the class that one wants, from a decoder that is given no label.",
        ("fashion-vae",), _unasked, between(8, 12), unit="%", baseline=class_chance(),
    ),
    **{
        f"variety-beta-{beta}": _asked(
            f"Variance within a class of all draws, of that of real clothes, at beta {beta}.",
            (run,), _variety, bound, unit="%", digits=0, baseline=_GIVEN_BACK,
        )
        for beta, run, bound in _VARIETIES
    },
    **{
        f"obedient-variety-beta-{beta}": _asked(
            f"Variance within a class of the draws that are of the class asked for, of that of real clothes, at beta "
            f"{beta}.",
            (run,), _variety_of_obedient, bound, unit="%", digits=0, baseline=_GIVEN_BACK,
        )
        for beta, run, bound in _VARIETIES
    },
    **{
        f"back-variety-beta-{beta}": _asked(
            f"Variance within a class of test images that are given back, of that of real clothes, at beta {beta}.",
            (run,), _variety_given_back, bound, unit="%", digits=0, baseline=_REAL_VARIETY,
        )
        for beta, run, bound in _VARIETIES
    },
    "overall-variety": _asked(
        "Variance within a class of obedient draws with z from one Gaussian, fitted to the codes of all classes, of "
        "that of real clothes, at beta 1.",
        ("fashion-cvae",), _variety_overall, between(50, 80), unit="%", digits=0, baseline=_GIVEN_BACK,
    ),
    "fitted-variety": _asked(
        "Variance within a class of obedient draws with z from a Gaussian fitted to the codes of the class, of that of "
        "real clothes, at beta 1.",
        ("fashion-cvae",), _variety_fitted, between(50, 70), unit="%", digits=0, baseline=_GIVEN_BACK,
    ),
    "error-beta-1": _asked(
        "Squared error of reconstructions of test images by the conditional VAE at beta 1.",
        ("fashion-cvae",), _error, at_most(16), baseline=_CLASS_AVERAGES,
    ),
    "error-beta-8": _asked(
        "Squared error of reconstructions of test images by the conditional VAE at beta 8.",
        ("fashion-cvae-8",), _error, at_least(18), baseline=_CLASS_AVERAGES,
    ),
    "cvae-neighbours-1": _asked(
        "Neighbours of a code that have its class, conditional VAE at beta 1.",
        ("fashion-cvae",), _neighbours, between(30, 50), unit="%", digits=0, baseline=_CHANCE,
    ),
    "cvae-neighbours-8": _asked(
        "Neighbours of a code that have its class, conditional VAE at beta 8.",
        ("fashion-cvae-8",), _neighbours, at_most(22), unit="%", digits=0, baseline=_CHANCE,
    ),
    "told-real": _few(
        "Real test images that the judge tells rightly.",
        (), _real_told, between(85, 93), unit="%", baseline=class_chance(),
    ),
    "told-shirts": _few(
        "Real shirts that the judge tells rightly.",
        (), _shirts_told, between(50, 85), unit="%", baseline=class_chance(),
    ),
    "told-reconstructed": _asked(
        "Reconstructions of test images that the judge tells rightly, conditional VAE at beta 1.",
        ("fashion-cvae",), _reconstructions_told, at_least(89), unit="%", baseline=class_chance(),
    ),
    **{
        f"lines-neighbours-{where}": Claim(
            f"Images whose nearest code has their type, {words}.",
            (f"lines-{where}",), _lines_neighbour, bound, unit="%", digits=0, baseline=PIXEL_TYPES,
        )
        for where, words, bound in (
            ("plain", "without a branch", at_most(85)),
            ("trunk", "with a branch on the trunk", at_most(85)),
            ("z", "with a branch on z", at_least(60)),
        )
    },
    **{
        f"branch-silhouette-{where}": _few(
            f"Silhouette of the classes of clothes among codes, {words}.",
            (run,), _silhouette, bound, digits=2, baseline=_PIXEL_SILHOUETTE,
        )
        for where, run, words, bound in (
            ("plain", "fashion-vae", "without a branch", at_most(0.12)),
            ("trunk-30", "fashion-trunk-30", "with a branch on the trunk, gamma 30", at_most(0.15)),
            ("z-30", "fashion-z-30", "with a branch on z, gamma 30", at_least(0.15)),
        )
    },
    **{
        f"branch-neighbours-{where}": _few(
            f"Neighbours of a code that have its class, {words}.",
            (run,), _neighbours, bound, unit="%", baseline=_PIXELS,
        )
        for where, run, words, bound in _PLACES
    },
    **{
        f"branch-right-{where}": _few(
            f"Test images told rightly, {words}.",
            (run,), _branch_right, at_least(65), unit="%", baseline=class_chance(),
        )
        for where, run, words, _ in _PLACES[1:]
    },
    "code-nats": _few(
        "Cross-entropy of a linear classifier on z of test images, of a VAE without a branch.",
        ("fashion-vae",), _probe_nats, at_most(1.0), unit="nats", digits=2,
        baseline=chance(float(np.log(10)), "a guess among ten classes"),
    ),
    **{
        f"branch-nats-{where}": _few(
            f"Cross-entropy of the branch, {words}.",
            (run,), _branch_nats, bound, unit="nats", digits=2, baseline=_PROBE,
        )
        for where, run, words, bound in (
            ("z", "fashion-branch-z", "on z, gamma 1", at_least(0.7)),
            ("z-30", "fashion-z-30", "on z, gamma 30", at_most(0.5)),
        )
    },
    "branch-saved-30": _few(
        "By how much a branch on z lowers 30 times the cross-entropy, against a linear classifier without a branch.",
        ("fashion-z-30", "fashion-vae"), _saved(30.0), at_least(8), unit="nats", baseline=DIFFERENCE,
    ),
    "branch-cost-1": _few(
        "By how much the -ELBO of clothes is higher with a branch on z, gamma 1, than without a branch.",
        ("fashion-branch-z", "fashion-vae"), _cost, between(-4, 5), unit="nats", digits=2, baseline=DIFFERENCE,
    ),
    "branch-cost-30": _few(
        "By how much the -ELBO of clothes is higher with a branch on z, gamma 30, than without a branch.",
        ("fashion-z-30", "fashion-vae"), _cost, every_seed_above(0), unit="nats", digits=2, baseline=DIFFERENCE,
    ),
}  # fmt: skip
