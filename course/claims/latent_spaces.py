"""What lesson 1 says about models."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course import metrics
from course.claims.base import Claim, RunSpec, at_least, at_most, between, every_seed_above
from course.datasets import pattern_set
from course.models import VAE
from course.patterns import lines64
from course.studies.strips import distance_between, largest_step, through_latent, through_pixels

__all__ = ["CLAIMS", "RUNS"]

RUNS = {
    "reference": RunSpec(),
    "dim2": RunSpec(size={"latent_dim": 2}),
    "dim32": RunSpec(size={"latent_dim": 32}),
    "dim64": RunSpec(size={"latent_dim": 64}),
    "beta_half": RunSpec(settings={"beta": 0.5}),
    "beta4": RunSpec(settings={"beta": 4.0}),
    "shallow": RunSpec(size={"depth": 1}),
    "deep": RunSpec(size={"depth": 3}),
    "constant": RunSpec(settings={"beta_start": 1.0}),
    "short": RunSpec(settings={"steps": 1000}),
    "classic": RunSpec("classic", settings={"learning_rate": 5e-3}),
}


def _x() -> Tensor:
    return torch.from_numpy(lines64().images)


def _elbo(model: VAE, seed: int) -> float:
    return metrics.negative_elbo(model, _x(), 1000, generator=Generator().manual_seed(seed))


def _nll(model: VAE, seed: int) -> float:
    return metrics.iwae(model, _x(), 1000, generator=Generator().manual_seed(seed))


def _active(model: VAE, _seed: int) -> float:
    return metrics.active_units(metrics.dimension_kl(model, _x()))


def _valid_samples(model: VAE, seed: int) -> float:
    samples = model.sample(2000, Generator().manual_seed(seed)).numpy()
    return 100 * metrics.validity(samples, lines64().templates)


@torch.no_grad()
def _grey_pixels(model: VAE, _seed: int) -> float:
    """Share of pixels of reconstructions at mu that are neither clearly off nor clearly on."""
    x_hat = model.decode(model.encode(_x()))
    return 100 * float(((x_hat > 0.1) & (x_hat < 0.9)).float().mean())


def _neighbour_type(points: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Share of points whose nearest other point has the same type."""
    distances = np.square(points[:, None] - points[None]).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    return 100 * float((labels[distances.argmin(axis=1)] == labels).mean())


@torch.no_grad()
def _latent_neighbour(model: VAE, _seed: int) -> float:
    return _neighbour_type(model.encode(_x()).numpy(), lines64().labels)


@torch.no_grad()
def _classic_neighbour(model: VAE, _seed: int) -> float:
    images = pattern_set("classic")
    return _neighbour_type(model.encode(torch.from_numpy(images.images)).numpy(), images.labels)


@torch.no_grad()
def _classic_active(model: VAE, _seed: int) -> float:
    return metrics.active_units(metrics.dimension_kl(model, torch.from_numpy(pattern_set("classic").images)), 0.1)


def _rate(model: VAE) -> float:
    return metrics.rate(model, _x())


def _distortion(model: VAE, seed: int) -> float:
    return metrics.distortion(model, _x(), 500, generator=Generator().manual_seed(seed))


def _exact(model: VAE, _seed: int) -> float:
    return 100 * metrics.exact_reconstructions(model, _x())


_FLOOR = lines64().entropy

CLAIMS = {
    "constant-elbo": Claim(
        "The -ELBO where the KL has its full weight of 1 from the first step on.",
        ("constant",),
        _elbo,
        at_least(6.8),
        "nats",
    ),
    "reference-elbo": Claim(
        "The -ELBO of the reference VAE, with 8 latent dimensions.",
        ("reference",),
        _elbo,
        at_most(7.7),
        "nats",
    ),
    "reference-nll": Claim(
        "Its -log p(x), as the importance-weighted bound with 1000 samples gives it.",
        ("reference",),
        _nll,
        between(_FLOOR, 7.7),
        "nats",
    ),
    "dim2-elbo": Claim(
        "The -ELBO with 2 latent dimensions.",
        ("dim2",),
        _elbo,
        at_most(6.5),
        "nats",
    ),
    "dim2-nll": Claim(
        "The -log p(x) with 2 latent dimensions, by the same bound.",
        ("dim2",),
        _nll,
        between(_FLOOR, 6.5),
        "nats",
    ),
    "dim2-gain": Claim(
        "By how much the -ELBO is lower with 2 latent dimensions than with 8.",
        ("reference", "dim2"),
        lambda a, b, seed: _elbo(a, seed) - _elbo(b, seed),
        every_seed_above(0),
        "nats",
    ),
    "dim32-cost": Claim(
        "By how much the -ELBO is higher with 32 latent dimensions than with 8.",
        ("dim32", "reference"),
        lambda a, b, seed: _elbo(a, seed) - _elbo(b, seed),
        every_seed_above(0),
        "nats",
    ),
    "active-8": Claim(
        "Active dimensions of 8.",
        ("reference",),
        _active,
        between(3, 7),
        "",
        1,
    ),
    "active-32": Claim(
        "Active dimensions of 32.",
        ("dim32",),
        _active,
        at_most(12),
        "",
        1,
    ),
    "active-64": Claim(
        "Active dimensions of 64.",
        ("dim64",),
        _active,
        at_most(16),
        "",
        1,
    ),
    "exact-reconstruction": Claim(
        "Images that the reference VAE gives back in every pixel, from mu.",
        ("reference",),
        _exact,
        at_least(99),
        "%",
        1,
    ),
    "exact-dim2": Claim(
        "The same with 2 latent dimensions.",
        ("dim2",),
        _exact,
        at_least(95),
        "%",
        1,
    ),
    "exact-dim64": Claim(
        "The same with 64 latent dimensions.",
        ("dim64",),
        _exact,
        at_least(95),
        "%",
        1,
    ),
    "grey-pixels": Claim(
        "Pixels between 0.1 and 0.9 in reconstructions from mu.",
        ("reference",),
        _grey_pixels,
        at_most(1),
        "%",
    ),
    "short-exact": Claim(
        "Images given back in every pixel after a quarter of the budget, 1000 steps.",
        ("short",),
        _exact,
        at_least(95),
        "%",
        1,
    ),
    "between-latent": Claim(
        "Distance of the in-between frames to the nearest image, through the latent space.",
        ("reference",),
        lambda m, seed: distance_between(through_latent(m, seed)),
        at_most(10),
        "pixels",
        1,
    ),
    "between-blend": Claim(
        "The same for a blend of the pixels.",
        (),
        lambda seed: distance_between(through_pixels(seed)),
        at_least(10),
        "pixels",
        1,
    ),
    "between-gain": Claim(
        "By how much the latent way stays closer to the images than the blend.",
        ("reference",),
        lambda m, seed: distance_between(through_pixels(seed)) - distance_between(through_latent(m, seed)),
        every_seed_above(0),
        "pixels",
        1,
    ),
    "largest-step": Claim(
        "Largest step between neighbouring frames of an interpolation, in units of its mean step.",
        ("reference",),
        lambda m, seed: largest_step(through_latent(m, seed)),
        at_least(2),
        "",
        1,
    ),
    "valid-8": Claim(
        "Decoded draws from the prior that are images of the set, with 8 latent dimensions.",
        ("reference",),
        _valid_samples,
        between(5, 70),
        "%",
        1,
    ),
    "valid-2": Claim(
        "The same with 2 latent dimensions.",
        ("dim2",),
        _valid_samples,
        between(30, 100),
        "%",
        1,
    ),
    "neighbour-latent": Claim(
        "Images whose nearest neighbour in the latent space has their type.",
        ("reference",),
        _latent_neighbour,
        between(25, 95),
        "%",
        0,
    ),
    "neighbour-pixels": Claim(
        "The same among the pixels, with no model.",
        (),
        lambda _seed: _neighbour_type(lines64().images, lines64().labels),
        between(0, 100),
        "%",
        0,
    ),
    "neighbour-classic": Claim(
        "The same in the latent space of the four noisy prototypes.",
        ("classic",),
        _classic_neighbour,
        at_least(99),
        "%",
        0,
    ),
    "classic-active": Claim(
        "Dimensions of 8 with more than 0.1 nats on the four noisy prototypes.",
        ("classic",),
        _classic_active,
        between(1, 4),
        "",
        1,
    ),
    "beta-half-distortion": Claim(
        "Reconstruction at beta 0.5, in nats.",
        ("beta_half",),
        _distortion,
        at_most(0.6),
        "nats",
    ),
    "beta-4-distortion": Claim(
        "Reconstruction at beta 4, in nats.",
        ("beta4",),
        _distortion,
        at_least(1),
        "nats",
    ),
    "beta-half-rate": Claim(
        "KL at beta 0.5.",
        ("beta_half",),
        lambda m, _seed: _rate(m),
        at_least(6),
        "nats",
    ),
    "beta-4-rate": Claim(
        "KL at beta 4.",
        ("beta4",),
        lambda m, _seed: _rate(m),
        at_most(7),
        "nats",
    ),
    "beta-order": Claim(
        "By how much the KL is lower at beta 4 than at beta 0.5.",
        ("beta_half", "beta4"),
        lambda a, b, _seed: _rate(a) - _rate(b),
        every_seed_above(0),
        "nats",
    ),
    "shallow-elbo": Claim(
        "The -ELBO with one hidden layer on either side.",
        ("shallow",),
        _elbo,
        at_most(12),
        "nats",
    ),
    "deep-elbo": Claim(
        "The -ELBO with three hidden layers on either side.",
        ("deep",),
        _elbo,
        at_most(12),
        "nats",
    ),
}
