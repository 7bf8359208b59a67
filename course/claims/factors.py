"""What lesson 10 says about models: whether a dimension stands for a factor, and what the measures of it see."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from course import metrics
from course.claims.base import (
    FEW_SEEDS,
    Claim,
    Measure,
    Measured,
    NoBaseline,
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
    UNTRAINED,
    instead,
)
from course.claims.statistics import codes_of, exact, patterns, rate
from course.models import VAE
from course.patterns import bars512, cross8x8
from course.studies import disentanglement
from course.sweep import gap

__all__ = ["CLAIMS", "RUNS"]


BETAS = (1, 4, 8, 16)
READERS: tuple[tuple[disentanglement.Reader, str], ...] = (("forest", "random forest"), ("linear", "linear classifier"))
_BARS = {"learning_rate": 5e-3, "batch_size": 128}


def _constant(beta: float) -> dict[str, float]:
    return {"beta": float(beta), "beta_start": float(beta)}


RUNS = {
    **{f"crosses-{beta}": RunSpec("cross8x8", settings=_constant(beta)) for beta in BETAS},
    "crosses-4-to-8": RunSpec("cross8x8", settings={"beta": 8.0, "beta_start": 4.0}),
    **{f"bars-{beta}": RunSpec("bars512", settings=_constant(beta) | _BARS) for beta in (1, 4)},
}


_DOTS = Summary(kind="dots")
_few = partial(Claim, digits=1, seeds=FEW_SEEDS)


_crosses, _bars = patterns("cross8x8"), patterns("bars512")
_crosses_exact, _crosses_rate, _bars_exact = exact(_crosses), rate(_crosses), exact(_bars)


def _factors() -> NDArray[np.integer]:
    return disentanglement.varying(cross8x8().factors)


def _gap(model: VAE, _seed: int) -> float:
    return gap(model, cross8x8())


def _turned_gap(bins: int) -> Measure:
    """The gap of binned codes after a random turn of the active axes alone."""

    def measure(model: VAE, seed: int) -> float:
        images = cross8x8().images
        used = metrics.dimension_kl(model, torch.from_numpy(images)) > metrics.ACTIVE_ABOVE
        return _binned(disentanglement.turned(codes_of(model, images)[:, used], seed), bins)

    return measure


def _binned(codes: NDArray[np.floating], bins: int) -> float:
    information = disentanglement.binned_information(codes, _factors(), bins)
    return disentanglement.mig(information, disentanglement.entropies(_factors()))


def _with_bins(bins: int) -> Measure:
    return lambda model, _seed: _binned(codes_of(model, cross8x8().images), bins)


def _dci(reader: disentanglement.Reader) -> Measure:
    def measure(model: VAE, seed: int) -> float:
        return disentanglement.dci(codes_of(model, cross8x8().images), _factors(), reader, seed).disentanglement

    return measure


def _dci_of_factors(seed: int) -> float:
    return disentanglement.dci(_factors().astype(float), _factors(), "forest", seed).disentanglement


def _bars_gap(model: VAE, _seed: int) -> float:
    return gap(model, bars512())


def _turned(bins: int) -> Measured:
    return instead("the same codes after a random turn", measure=_turned_gap(bins))


_CEILING = NoBaseline(reason="the positions themselves are the best code there is, so it is the most that can be had")


CLAIMS = {
    **{
        f"gap-beta-{beta}": Claim(
            f"Mutual information gap of the two positions of crosses, constant beta {beta}.",
            (f"crosses-{beta}",), _gap, bound, baseline=UNTRAINED, summary=_DOTS,
        )
        for beta, bound in zip(BETAS, (at_most(0.2), at_most(0.7), at_least(0.5), at_most(0.4)), strict=True)
    },
    "gap-gain": Claim(
        "By how much the mutual information gap of crosses is larger at a constant beta of 8 than of 1.",
        ("crosses-1", "crosses-8"), lambda a, b, seed: _gap(b, seed) - _gap(a, seed), every_seed_above(0),
        baseline=DIFFERENCE,
    ),
    "gap-4-to-8": Claim(
        "Mutual information gap of crosses where beta rises from 4 to 8 over the first half of the training.",
        ("crosses-4-to-8",), _gap, at_most(0.65), baseline=UNTRAINED,
    ),
    "gap-turned": Claim(
        "Mutual information gap of crosses, with 20 bins, after a random turn of the active axes at beta 8.",
        ("crosses-8",), _turned_gap(20), at_most(0.4), baseline=IS_BASELINE,
    ),
    **{
        f"gap-bins-{bins}": Claim(
            f"Mutual information gap of crosses at beta 8 as it is usually estimated, with {bins} bins.",
            ("crosses-8",), _with_bins(bins), at_least(0.3), baseline=_turned(bins),
        )
        for bins in (5, 20, 50)
    },
    **{
        f"crosses-exact-{beta}": Claim(
            f"Crosses that come back in every pixel at beta {beta}.",
            (f"crosses-{beta}",), _crosses_exact, bound, unit="%", digits=0, baseline=UNTRAINED,
        )
        for beta, bound in ((8, at_least(95)), (16, at_most(20)))
    },
    **{
        f"crosses-rate-{beta}": Claim(
            f"KL of crosses at beta {beta}.",
            (f"crosses-{beta}",), _crosses_rate, bound, unit="nats", baseline=UNTRAINED, summary=_DOTS,
        )
        for beta, bound in ((1, at_least(4.16)), (8, at_least(4)))
    },
    **{
        f"dci-{reader}-{beta}": Claim(
            f"DCI's disentanglement at beta {beta}, read by a {words}.",
            (f"crosses-{beta}",), _dci(reader), bound, baseline=UNTRAINED,
        )
        for (reader, words), bounds in zip(READERS, ((0.1, 0.04), (0.4, 0.4)), strict=True)
        for beta, bound in ((1, at_most(bounds[0])), (8, at_least(bounds[1])))
    },
    "dci-factors": Claim(
        "DCI's disentanglement of the two positions themselves, read by a random forest.",
        (), _dci_of_factors, between(0.2, 0.6), baseline=_CEILING,
    ),
    "bars-gap-1": _few(
        "Mutual information gap of the four factors of bars512 at beta 1.",
        ("bars-1",), _bars_gap, at_most(0.3), digits=2, baseline=UNTRAINED,
    ),
    "bars-gap-4": _few(
        "Mutual information gap of the four factors of bars512 at beta 4.",
        ("bars-4",), _bars_gap, at_most(0.3), digits=2, baseline=UNTRAINED,
    ),
    "bars-exact-1": _few(
        "Bars of bars512 that come back exactly at beta 1.",
        ("bars-1",), _bars_exact, at_least(20), unit="%", digits=0, baseline=UNTRAINED,
    ),
    "bars-exact-4": _few(
        "Bars of bars512 that come back exactly at beta 4.",
        ("bars-4",), _bars_exact, at_most(60), unit="%", digits=0, baseline=UNTRAINED,
    ),
}  # fmt: skip
