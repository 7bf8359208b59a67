"""What lesson 5 says about collapse and warm-up, on lines and on the set where collapse is not the last word."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course.claims.base import Claim, Measure, RunSpec, Summary, at_least, at_most, between, every_seed_above
from course.claims.baselines import DIFFERENCE, UNTRAINED, average_image
from course.claims.statistics import Images, active, difference, distortion, elbo, exact, lines, patterns, rate
from course.claims.training import SWEEP
from course.models import VAE
from course.studies import collapse

__all__ = ["CLAIMS", "RUNS"]

RUNS = {f"warm_up_{beta:g}": RunSpec(settings={"beta": beta, "beta_start": 0.0}) for beta in (16.0, 24.0, 28.0)}
RUNS["trapped"] = RunSpec(settings={"beta": 1.0, "beta_start": 64.0})
RUNS |= {
    f"parities_{beta:g}": RunSpec("parities", settings={"beta": beta, "beta_start": beta}) for beta in (12.0, 24.0)
}
RUNS |= {
    f"parities_warm_{beta:g}": RunSpec("parities", settings={"beta": beta, "beta_start": 0.0})
    for beta in (12.0, 24.0, 32.0, 48.0)
}

_WORDS = patterns("parities")
_elbo, _rate, _active, _exact = elbo(samples=300), rate(), active(), exact()
_SHARES = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3)


def _loss(beta: float, of: Images = lines) -> Measure:
    """What a training at this beta makes small."""
    lost, said = distortion(of, samples=300), rate(of)
    return lambda model, seed: lost(model, seed) + beta * said(model, seed)


def _on_the_way(beta: float, of: Images, pick: Callable[[NDArray[np.float64]], float]) -> Measure:
    """The picked one of the losses on the way from collapse to a model and a little beyond, beside that of collapse."""

    def measure(model: VAE, seed: int) -> float:
        found = collapse.way(model, of(), _SHARES, generator=Generator().manual_seed(seed))
        return float(pick(collapse.totals(found, beta)))

    return measure


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
    "collapsed-rate": Claim(
        "KL at beta 32, which is also what means over pixels and over dimensions imply.",
        (SWEEP[32],), _rate, at_most(0.01), unit="nats", digits=4, baseline=UNTRAINED, summary=Summary(kind="largest"),
    ),
    "collapsed-elbo": Claim(
        "-ELBO of the collapsed models, beta 32.",
        (SWEEP[32],), _elbo, between(85.9, 86.2), unit="nats", baseline=average_image(),
    ),
    "collapsed-average": Claim(
        "Largest difference of a pixel of prior samples from the average image, of at most 1, models collapsed at "
        "beta 32.",
        (SWEEP[32],), _from_average, at_most(0.02), digits=4, baseline=UNTRAINED, summary=Summary(kind="largest"),
    ),
    "warm-up-16-exact": Claim(
        "Images given back in every pixel at beta 16 after a warm-up.",
        ("warm_up_16",), _exact, at_least(75), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "warm-up-16-gain": Claim(
        "By how much reconstruction + 16 KL, the loss of beta 16, is lower with a warm-up than without.",
        (SWEEP[16], "warm_up_16"), difference(_loss(16)),
        every_seed_above(0), unit="nats", baseline=DIFFERENCE, summary=Summary(kind="smallest"),
    ),
    "warm-up-24-rate": Claim(
        "KL at beta 24 after a warm-up.",
        ("warm_up_24",), _rate, at_least(0.02), unit="nats", digits=3, baseline=UNTRAINED,
    ),
    "warm-up-24-active": Claim(
        "Active dimensions of 8 at beta 24 after a warm-up; two eigenvalues lie above 24.",
        ("warm_up_24",), _active, between(1, 3), digits=0, baseline=UNTRAINED, summary=Summary(kind="dots"),
    ),
    "warm-up-28-rate": Claim(
        "KL at beta 28 after a warm-up.",
        ("warm_up_28",), _rate, at_most(0.01), unit="nats", digits=4, baseline=UNTRAINED,
        summary=Summary(kind="largest"),
    ),
    "trapped-elbo": Claim(
        "-ELBO when beta starts at 64, falls to 1 over half of the steps and stays there.",
        ("trapped",), _elbo, between(85.9, 86.2), unit="nats", baseline=average_image(),
    ),
    "trapped-rate": Claim(
        "KL, in the end, when beta starts at 64, falls to 1 over half of the steps and stays there.",
        ("trapped",), _rate, at_most(0.01), unit="nats", digits=4, baseline=UNTRAINED, summary=Summary(kind="largest"),
    ),
    "trapped-units": Claim(
        "Units, of 128 in the encoder's last hidden layer, that differ between images when beta starts at 64 and "
        "falls to 1.",
        ("trapped",), _answering_units, at_most(2), digits=0, baseline=UNTRAINED, summary=Summary(kind="dots"),
    ),
    "lines-way-20": Claim(
        "Loss at beta 20 of the clouds of a warm-up to 24, minus that of collapse, on lines.",
        ("warm_up_24",), _on_the_way(20, lines, lambda way: way[10]), at_most(0), unit="nats", baseline=DIFFERENCE,
        summary=Summary(kind="largest"),
    ),
    "lines-way-28": Claim(
        "Least loss at beta 28 on the way to the clouds of a warm-up to 24 and beyond, from t = 0.5 on, minus that of "
        "collapse.",
        ("warm_up_24",), _on_the_way(28, lines, lambda way: way[5:].min()), every_seed_above(0), unit="nats",
        baseline=DIFFERENCE, digits=3, summary=Summary(kind="smallest"),
    ),
    "parities-cold-rate": Claim(
        "KL on parities with a constant beta of 24.",
        ("parities_24",), rate(_WORDS), at_most(0.01), unit="nats", digits=4, baseline=UNTRAINED,
        summary=Summary(kind="largest"),
    ),
    "parities-cold-total": Claim(
        "Reconstruction + 24 KL on parities with a constant beta of 24.",
        ("parities_24",), _loss(24, _WORDS), between(166.2, 166.8), unit="nats", baseline=average_image(_WORDS),
    ),
    "parities-24-total": Claim(
        "Reconstruction + 24 KL on parities with a warm-up from 0 to 24.",
        ("parities_warm_24",), _loss(24, _WORDS), at_most(125), unit="nats", digits=1, baseline=average_image(_WORDS),
        summary=Summary(kind="dots"),
    ),
    "parities-24-rate": Claim(
        "KL on parities after a warm-up to 24.",
        ("parities_warm_24",), rate(_WORDS), between(2, 5), unit="nats", baseline=UNTRAINED,
        summary=Summary(kind="median"),
    ),
    "parities-24-exact": Claim(
        "Code words of parities given back in every pixel after a warm-up to 24.",
        ("parities_warm_24",), exact(_WORDS), at_least(85), unit="%", digits=1, baseline=UNTRAINED,
        summary=Summary(kind="dots"),
    ),
    "parities-32-total": Claim(
        "Reconstruction + 32 KL on parities with a warm-up from 0 to 32.",
        ("parities_warm_32",), _loss(32, _WORDS), at_most(155), unit="nats", digits=1, baseline=average_image(_WORDS),
        summary=Summary(kind="dots"),
    ),
    "parities-48-total": Claim(
        "Reconstruction + 48 KL on parities with a warm-up from 0 to 48.",
        ("parities_warm_48",), _loss(48, _WORDS), every_seed_above(166.2), unit="nats", digits=1,
        baseline=average_image(_WORDS), summary=Summary(kind="dots"),
    ),
    "parities-12-gain": Claim(
        "By how much reconstruction + 12 KL on parities is lower with a warm-up to 12 than with a constant 12.",
        ("parities_12", "parities_warm_12"), difference(_loss(12, _WORDS)), every_seed_above(0), unit="nats", digits=1,
        baseline=DIFFERENCE, summary=Summary(kind="smallest"),
    ),
    "parities-hill": Claim(
        "Highest loss at beta 24, on parities, on the way from collapse to the clouds of a warm-up to 24, minus that "
        "of collapse.",
        ("parities_warm_24",), _on_the_way(24, _WORDS, lambda way: way[:11].max()), every_seed_above(0), unit="nats",
        baseline=DIFFERENCE, summary=Summary(kind="smallest"),
    ),
    "parities-valley": Claim(
        "Loss at beta 24, on parities, of the clouds of a warm-up to 24, minus that of collapse.",
        ("parities_warm_24",), _on_the_way(24, _WORDS, lambda way: way[10]), at_most(-30), unit="nats", digits=1,
        baseline=DIFFERENCE,
        summary=Summary(kind="median"),
    ),
}  # fmt: skip
