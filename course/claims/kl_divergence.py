"""What lesson 4 says about models, and where their nats go."""

from __future__ import annotations

from course.claims.base import Claim, RunSpec, between, every_seed_above
from course.claims.baselines import DIFFERENCE, UNTRAINED, average_image
from course.claims.statistics import distortion, elbo, nll, rate
from course.patterns import lines64

__all__ = ["CLAIMS", "RUNS"]

RUNS = {"reference": RunSpec()}

_H = lines64().entropy
_nll = nll(samples=1000)

CLAIMS = {
    "reference-distortion": Claim(
        "Reconstruction of the reference VAE.",
        ("reference",), distortion(samples=300), between(0, 1.5), unit="nats", baseline=average_image(),
    ),
    "reference-rate": Claim(
        "KL of the reference VAE.",
        ("reference",), rate(), between(_H, 7.5), unit="nats", baseline=UNTRAINED,
    ),
    "price-posterior": Claim(
        "-ELBO minus the importance-weighted bound on -log p(x), reference VAE: the price of Gaussian posteriors.",
        ("reference",),
        lambda m, seed: elbo(samples=1000)(m, seed) - _nll(m, seed),
        every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "price-model": Claim(
        "The importance-weighted bound on -log p(x), reference VAE, minus the entropy of the images: what a "
        "distribution costs that is not theirs.",
        ("reference",), lambda model, seed: _nll(model, seed) - _H, every_seed_above(0), unit="nats",
        baseline=DIFFERENCE,
    ),
}  # fmt: skip
