"""What lesson 1 says about models."""

from __future__ import annotations

from collections.abc import Callable
from math import log

import numpy as np
import torch
from numpy.typing import NDArray

from course.claims.base import (
    Claim,
    Measure,
    Measured,
    RunSpec,
    Summary,
    at_least,
    at_most,
    between,
    every_seed_above,
)
from course.claims.baselines import (
    DIFFERENCE,
    IS_BASELINE,
    LINES_CHANCE,
    UNTRAINED,
    average_image,
    instead,
    without_model,
)
from course.claims.statistics import (
    active,
    codes_of,
    difference,
    distortion,
    elbo,
    exact,
    lines,
    nearest_row,
    nll,
    rate,
    valid_draws,
)
from course.datasets import pattern_set
from course.models import VAE, Autoencoder, LatentModel
from course.objectives import kl
from course.patterns import lines64
from course.studies.clouds import active_rate, hole_share, own_share, valid_inside, valid_outside
from course.studies.strips import distance_between, largest_step, through_latent, through_pixels

__all__ = ["CLAIMS", "RUNS"]

RUNS = {
    "reference": RunSpec(),
    "dim2": RunSpec(size={"latent_dim": 2}),
    "points": RunSpec(size={"latent_dim": 2}, kind=Autoencoder),
    "dim32": RunSpec(size={"latent_dim": 32}),
    "dim64": RunSpec(size={"latent_dim": 64}),
    "constant": RunSpec(settings={"beta_start": 1.0}),
    "short": RunSpec(settings={"steps": 1000}),
    "classic": RunSpec("classic", settings={"learning_rate": 5e-3}),
}


_elbo, _nll, _distortion = elbo(samples=1000), nll(samples=1000), distortion(samples=500)
_active, _rate, _exact, _valid = active(), rate(), exact(), valid_draws()


@torch.no_grad()
def _grey_pixels(model: VAE, _seed: int) -> float:
    """Share of pixels of reconstructions at mu that are neither clearly off nor clearly on."""
    x_hat = model.decode(model.encode(lines()))
    return 100 * float(((x_hat > 0.1) & (x_hat < 0.9)).float().mean())


def _neighbour_type(points: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Share of points whose nearest other point has the same type."""
    return 100 * float((labels[nearest_row(points)] == labels).mean())


def _latent_neighbour(data: str) -> Measure:
    images = pattern_set(data)
    return lambda model, _seed: _neighbour_type(codes_of(model, images.images), images.labels)


def _pixels(data: str) -> Measured:
    images = pattern_set(data)
    return without_model("the pixels, with no model", lambda _seed: _neighbour_type(images.images, images.labels))


def _blend(measure: Callable[[NDArray[np.float32]], float]) -> Measured:
    return without_model("a blend of the pixels", lambda seed: measure(through_pixels(seed)))


def _reach(model: LatentModel, _seed: int) -> float:
    """The largest coordinate of a code, whatever its sign."""
    return float(np.abs(codes_of(model, lines64().images)).max())


def _wide_price(model: VAE, _seed: int) -> float:
    """By how much the KL of an image falls if its cloud is twice as wide."""
    with torch.no_grad():
        mu, log_var = model.posterior(lines())
    return float((kl(mu, log_var) - kl(mu, log_var + 2 * log(2))).mean())


def _rest_rate(model: VAE, seed: int) -> float:
    return _rate(model, seed) - active_rate(model, seed)


_SMALLEST, _LARGEST = (Summary(kind=kind) for kind in ("smallest", "largest"))
_OF_POINTS = instead("the points of an autoencoder with the same layers", "points")
_OF_CLOUDS = instead("the clouds of a VAE with the same layers", "dim2")
_FLOOR = lines64().entropy
_AVERAGE = average_image()

CLAIMS = {
    "points-exact": Claim(
        "Images that an autoencoder with 2 numbers gives back in every pixel.",
        ("points",), _exact, between(95, 100), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "points-reach": Claim(
        "How far the codes of an autoencoder with 2 numbers reach: the largest coordinate.",
        ("points",), _reach, every_seed_above(50), digits=0, baseline=_OF_CLOUDS, summary=_SMALLEST,
    ),
    "clouds-reach": Claim(
        "The largest coordinate of mu, of a VAE with 2 dimensions.",
        ("dim2",), _reach, between(1, 4), digits=1, baseline=_OF_POINTS, summary=_LARGEST,
    ),
    "points-holes": Claim(
        "How much of the rectangle around an autoencoder's codes decodes to no image of the set.",
        ("points",), hole_share, between(50, 90), unit="%", digits=0, baseline=_OF_CLOUDS,
    ),
    "clouds-holes": Claim(
        "How much of the rectangle around the codes of a VAE with 2 dimensions decodes to no image of the set.",
        ("dim2",), hole_share, between(20, 50), unit="%", digits=0, baseline=_OF_POINTS,
    ),
    "overlap-1": Claim(
        "Draws from an image's cloud that decode to it in every pixel, with 2 dimensions.",
        ("dim2",), own_share(1), between(85, 100), unit="%", digits=0, baseline=UNTRAINED,
    ),
    "overlap-2": Claim(
        "Draws from a cloud twice as wide as in training that decode to its image in every pixel, with 2 dimensions.",
        ("dim2",), own_share(2), between(30, 80), unit="%", digits=0, baseline=UNTRAINED,
    ),
    "overlap-price": Claim(
        "By how much the KL falls if clouds are twice as wide, with 2 dimensions.",
        ("dim2",), _wide_price, every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "dim32-active-rate": Claim(
        "By how much the KL of active dimensions is higher with 32 latent dimensions than with 8.",
        ("dim32", "reference"), difference(active_rate), every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "dim32-rest-rate": Claim(
        "By how much the KL of all but the active dimensions is higher with 32 latent dimensions than with 8.",
        ("dim32", "reference"), difference(_rest_rate), between(-0.01, 0.05), unit="nats", digits=3,
        baseline=DIFFERENCE,
    ),
    "dim32-distortion": Claim(
        "By how much the reconstruction is higher with 32 latent dimensions than with 8.",
        ("dim32", "reference"), difference(_distortion), between(-0.1, 0.2), unit="nats", baseline=DIFFERENCE,
    ),
    "valid-32": Claim(
        "Decoded draws from the prior that are images of the set, with 32 latent dimensions.",
        ("dim32",), _valid, between(5, 70), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "valid-64": Claim(
        "Decoded draws from the prior that are images of the set, with 64 latent dimensions.",
        ("dim64",), _valid, between(5, 70), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "valid-inside": Claim(
        "Draws inside the 95 % ellipsoid of some image's cloud that decode to an image of the set.",
        ("reference",), valid_inside, at_least(80), unit="%", digits=0, baseline=instead("all draws", measure=_valid),
    ),
    "valid-outside": Claim(
        "Draws outside the 95 % ellipsoids of all images' clouds that decode to an image of the set.",
        ("reference",), valid_outside, at_most(45), unit="%", digits=0, baseline=instead("all draws", measure=_valid),
    ),
    "constant-elbo": Claim(
        "The -ELBO where the KL has its full weight of 1 from the first step on.",
        ("constant",), _elbo, at_least(6.8), unit="nats", baseline=_AVERAGE,
    ),
    "reference-elbo": Claim(
        "The -ELBO of the reference VAE, with 8 latent dimensions.",
        ("reference",), _elbo, at_most(7.7), unit="nats", baseline=_AVERAGE,
    ),
    "reference-nll": Claim(
        "The -log p(x) of the reference VAE, as the importance-weighted bound with 1000 samples gives it.",
        ("reference",), _nll, between(_FLOOR, 7.7), unit="nats", baseline=_AVERAGE,
    ),
    "dim2-elbo": Claim(
        "The -ELBO with 2 latent dimensions.",
        ("dim2",), _elbo, at_most(6.5), unit="nats", baseline=_AVERAGE,
    ),
    "dim2-gain": Claim(
        "By how much the -ELBO is lower with 2 latent dimensions than with 8.",
        ("reference", "dim2"), difference(_elbo), every_seed_above(0), unit="nats",
        baseline=DIFFERENCE, summary=_SMALLEST,
    ),
    "dim32-cost": Claim(
        "By how much the -ELBO is higher with 32 latent dimensions than with 8.",
        ("dim32", "reference"), difference(_elbo), every_seed_above(0), unit="nats",
        baseline=DIFFERENCE,
    ),
    "active-8": Claim("Active dimensions of 8.", ("reference",), _active, between(3, 7), digits=1, baseline=UNTRAINED),
    "active-32": Claim("Active dimensions of 32.", ("dim32",), _active, at_most(12), digits=1, baseline=UNTRAINED),
    "active-64": Claim("Active dimensions of 64.", ("dim64",), _active, at_most(16), digits=1, baseline=UNTRAINED),
    "exact-reconstruction": Claim(
        "Images that the reference VAE gives back in every pixel, from mu.",
        ("reference",), _exact, at_least(99), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "exact-dim2": Claim(
        "Images that a VAE with 2 latent dimensions gives back in every pixel, from mu.",
        ("dim2",), _exact, at_least(95), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "exact-dim64": Claim(
        "Images that a VAE with 64 latent dimensions gives back in every pixel, from mu.",
        ("dim64",), _exact, at_least(95), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "grey-pixels": Claim(
        "Pixels between 0.1 and 0.9 in reconstructions from mu.",
        ("reference",), _grey_pixels, at_most(1), unit="%", baseline=UNTRAINED,
    ),
    "short-exact": Claim(
        "Images given back in every pixel after a quarter of the budget, 1000 steps.",
        ("short",), _exact, at_least(95), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "between-latent": Claim(
        "Distance of the in-between frames to the nearest image, through the latent space.",
        ("reference",), lambda m, seed: distance_between(through_latent(m, seed)), at_most(10), unit="pixels", digits=1,
        baseline=_blend(distance_between),
    ),
    "between-blend": Claim(
        "Distance of the in-between frames to the nearest image, through a blend of the pixels.",
        (), lambda seed: distance_between(through_pixels(seed)), at_least(10), unit="pixels", digits=1,
        baseline=IS_BASELINE,
    ),
    "between-gain": Claim(
        "By how much the latent way stays closer to the images than the blend.",
        ("reference",),
        lambda m, seed: distance_between(through_pixels(seed)) - distance_between(through_latent(m, seed)),
        every_seed_above(0), unit="pixels", digits=1, baseline=DIFFERENCE, summary=_SMALLEST,
    ),
    "largest-step": Claim(
        "Largest step between neighbouring frames of an interpolation, in units of its mean step.",
        ("reference",), lambda m, seed: largest_step(through_latent(m, seed)), at_least(2), digits=1,
        baseline=_blend(largest_step),
    ),
    "valid-8": Claim(
        "Decoded draws from the prior that are images of the set, with 8 latent dimensions.",
        ("reference",), _valid, between(5, 70), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "valid-2": Claim(
        "Decoded draws from the prior that are images of the set, with 2 latent dimensions.",
        ("dim2",), _valid, between(30, 100), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "neighbour-latent": Claim(
        "Images whose nearest neighbour in the latent space has their type.",
        ("reference",), _latent_neighbour("lines64"), between(25, 95), unit="%", digits=0, baseline=_pixels("lines64"),
    ),
    "neighbour-pixels": Claim(
        "Images whose nearest neighbour among the pixels, with no model, has their type.",
        (), lambda _seed: _neighbour_type(lines64().images, lines64().labels), between(0, 100), unit="%", digits=0,
        baseline=LINES_CHANCE,
    ),
    "neighbour-classic": Claim(
        "Images of the four noisy prototypes whose nearest neighbour in the latent space has their type.",
        ("classic",), _latent_neighbour("classic"), at_least(99), unit="%", digits=0, baseline=_pixels("classic"),
    ),
}  # fmt: skip
