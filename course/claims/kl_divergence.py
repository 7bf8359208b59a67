"""What lesson 4 says about models."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from torch import Generator, Tensor

from course import metrics
from course.claims.base import Claim, Measure, RunSpec, at_least, at_most, between, every_seed_above
from course.claims.baselines import DIFFERENCE, UNTRAINED, average_image
from course.claims.statistics import active, difference, distortion, elbo, exact, lines, nll, rate
from course.models import VAE
from course.patterns import lines64

__all__ = ["CLAIMS", "RUNS", "SWEEP"]

# The run of each constant beta; 1 and 4 are trainings of lesson 1.
SWEEP = {
    beta: {1.0: "constant", 4.0: "beta4"}.get(beta, f"beta_{beta:g}")
    for beta in (0.125, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 256.0)
}
RUNS = {
    name: RunSpec(settings={"beta": beta, "beta_start": beta})
    for beta, name in SWEEP.items()
    if name.startswith("beta_")
} | {
    f"warm_up_{beta:g}": RunSpec(settings={"beta": beta, "beta_start": 0.0}) for beta in (1.0, 16.0, 24.0, 28.0)
}  # fmt: skip
RUNS["trapped"] = RunSpec(settings={"beta": 1.0, "beta_start": 64.0})

_H = lines64().entropy


_elbo, _nll, _distortion = elbo(samples=300), nll(samples=1000), distortion(samples=300)
_rate, _active, _exact = rate(), active(), exact()


def _loss(beta: float) -> Measure:
    """What a training at this beta makes small."""
    return lambda model, seed: _distortion(model, seed) + beta * _rate(model, seed)


def _smallest_fall(*models_and_seed: Any) -> float:
    """The smallest step of the KL from one model to the next one, downwards."""
    *models, _seed = models_and_seed
    return min(before - after for before, after in pairwise(metrics.rate(model, lines()) for model in models))


def _least_gap(*models_and_seed: Any) -> float:
    """The smallest distance of rate + distortion to the entropy."""
    *models, seed = models_and_seed
    return min(_elbo(model, seed) - _H for model in models)


@torch.no_grad()
def _from_average(model: VAE, seed: int) -> float:
    """Largest difference of a pixel of 100 prior samples from its average over the images."""
    samples = model.sample(100, Generator().manual_seed(seed))
    return float((samples - lines().mean(dim=0)).abs().max())


@torch.no_grad()
def _answering_units(model: VAE, _seed: int) -> float:
    """Units of the encoder's last hidden layer whose value is not the same for all images."""
    h: Tensor = model.encoder(lines())
    return int((h.amax(dim=0) > h.amin(dim=0)).sum())


CLAIMS = {
    "reference-distortion": Claim(
        "Reconstruction of the reference VAE.",
        ("reference",), _distortion, between(0, 1.5), unit="nats", baseline=average_image(),
    ),
    "reference-rate": Claim(
        "KL of the reference VAE.",
        ("reference",), _rate, between(_H, 7.5), unit="nats", baseline=UNTRAINED,
    ),
    "price-posterior": Claim(
        "-ELBO minus the importance-weighted bound on -log p(x), reference VAE: the price of Gaussian posteriors.",
        ("reference",),
        lambda m, seed: elbo(samples=1000)(m, seed) - _nll(m, seed),
        every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "price-model": Claim(
        "That bound minus the entropy of the images: what a distribution costs that is not that of the images.",
        ("reference",), lambda model, seed: _nll(model, seed) - _H, every_seed_above(0), unit="nats",
        baseline=DIFFERENCE,
    ),
    "floor-gap": Claim(
        "Least distance of rate + distortion to ln 64, over nine values of beta from 1/8 to 256.",
        tuple(SWEEP.values()), _least_gap, every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "rate-order": Claim(
        "Smallest fall of the KL from one beta to the next, over 1/8, 1/2, 1, 2, 4, 8, 16 and 32.",
        tuple(SWEEP[beta] for beta in SWEEP if beta <= 32), _smallest_fall, every_seed_above(0), unit="nats",
        baseline=DIFFERENCE,
    ),
    "beta-1-excess": Claim(
        "By how much the -ELBO is higher when trained with a constant beta of 1 than with one of 2.",
        (SWEEP[1], SWEEP[2]), difference(_elbo), every_seed_above(0),
        unit="nats", baseline=DIFFERENCE,
    ),
    "beta-2-elbo": Claim(
        "-ELBO of models trained with beta 2.",
        (SWEEP[2],), _elbo, at_most(7.7), unit="nats", baseline=average_image(),
    ),
    "beta-8-exact": Claim(
        "Images given back in every pixel at beta 8.",
        (SWEEP[8],), _exact, at_least(90), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "beta-16-exact": Claim(
        "Images given back in every pixel at beta 16.",
        (SWEEP[16],), _exact, at_most(60), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "beta-16-rate": Claim("KL at beta 16.", (SWEEP[16],), _rate, between(0.1, 4), unit="nats", baseline=UNTRAINED),
    "active-eighth": Claim(
        "Active dimensions of 8 at beta 1/8.",
        (SWEEP[0.125],), _active, at_least(7), digits=1, baseline=UNTRAINED,
    ),
    "active-beta-1": Claim(
        "Active dimensions of 8 at a constant beta of 1.",
        (SWEEP[1],), _active, between(4, 8), digits=1, baseline=UNTRAINED,
    ),
    "active-beta-8": Claim(
        "Active dimensions of 8 at beta 8.",
        (SWEEP[8],), _active, at_most(4), digits=1, baseline=UNTRAINED,
    ),
    "collapsed-rate": Claim(
        "KL at beta 32, which is also what means over pixels and over dimensions imply.",
        (SWEEP[32],), _rate, at_most(0.01), unit="nats", digits=4, baseline=UNTRAINED,
    ),
    "collapsed-elbo": Claim(
        "-ELBO of the collapsed models, beta 32.",
        (SWEEP[32],), _elbo, between(85.9, 86.2), unit="nats", baseline=average_image(),
    ),
    "collapsed-average": Claim(
        "Largest difference of a pixel of their prior samples from the average image, of at most 1.",
        (SWEEP[32],), _from_average, at_most(0.02), digits=4, baseline=UNTRAINED,
    ),
    "mean-pixels-rate": Claim(
        "KL at beta 256, which is what a mean over pixels implies.",
        (SWEEP[256],), _rate, at_most(0.01), unit="nats", digits=4, baseline=UNTRAINED,
    ),
    "eighth-elbo": Claim(
        "-ELBO at beta 1/8, which is what a KL averaged over 8 dimensions implies.",
        (SWEEP[0.125],), _elbo, at_least(8.5), unit="nats", baseline=average_image(),
    ),
    "warm-up-active": Claim(
        "Active dimensions of 8 with a warm-up from 0 to beta 1.",
        ("warm_up_1",), _active, at_least(6.5), digits=1, baseline=UNTRAINED,
    ),
    "warm-up-cost": Claim(
        "By how much the -ELBO is higher with a warm-up from 0 to 1 than with a constant beta of 1.",
        ("warm_up_1", SWEEP[1]), difference(_elbo), every_seed_above(0),
        unit="nats", baseline=DIFFERENCE,
    ),
    "anneal-gain": Claim(
        "By how much the -ELBO is lower with beta from 4 down to 1 than with a constant beta of 1.",
        (SWEEP[1], "reference"), difference(_elbo),
        every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "warm-up-16-exact": Claim(
        "Images given back in every pixel at beta 16 after a warm-up.",
        ("warm_up_16",), _exact, at_least(75), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "warm-up-16-gain": Claim(
        "By how much reconstruction + 16 KL, the loss of beta 16, is lower with a warm-up than without.",
        (SWEEP[16], "warm_up_16"), difference(_loss(16)),
        every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "warm-up-24-rate": Claim(
        "KL at beta 24 after a warm-up.",
        ("warm_up_24",), _rate, at_least(0.02), unit="nats", digits=3, baseline=UNTRAINED,
    ),
    "warm-up-24-active": Claim(
        "Active dimensions of 8 in those models; two eigenvalues lie above 24.",
        ("warm_up_24",), _active, between(1, 3), digits=1, baseline=UNTRAINED,
    ),
    "warm-up-28-rate": Claim(
        "KL at beta 28 after a warm-up.",
        ("warm_up_28",), _rate, at_most(0.01), unit="nats", digits=4, baseline=UNTRAINED,
    ),
    "trapped-elbo": Claim(
        "-ELBO when beta starts at 64, falls to 1 over half of the steps and stays there.",
        ("trapped",), _elbo, between(85.9, 86.2), unit="nats", baseline=average_image(),
    ),
    "trapped-rate": Claim(
        "KL of those models, in the end.",
        ("trapped",), _rate, at_most(0.01), unit="nats", digits=4, baseline=UNTRAINED,
    ),
    "trapped-units": Claim(
        "Units, of 128 in the last hidden layer of their encoder, that differ between images.",
        ("trapped",), _answering_units, at_most(2), digits=1, baseline=UNTRAINED,
    ),
}  # fmt: skip
