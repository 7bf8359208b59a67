"""What lesson 5 says about training, the weight of the KL, and what a change of the network costs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from course import metrics
from course.claims.base import (
    Claim,
    Measure,
    RunSpec,
    Summary,
    at_least,
    at_most,
    between,
    every_seed_above,
)
from course.claims.baselines import DIFFERENCE, UNTRAINED, average_image
from course.claims.statistics import active, difference, distortion, elbo, exact, lines, rate
from course.curves import curve
from course.patterns import lines64
from course.training import History

__all__ = ["CLAIMS", "RUNS", "SWEEP"]

# The run of each constant beta.
SWEEP = {
    beta: {1.0: "constant"}.get(beta, f"beta_{beta:g}") for beta in (0.125, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 256.0)
}


@dataclass(frozen=True)
class Curve(RunSpec):
    """What the training of a run saw at each step, in place of its model."""

    def model(self, seed: int) -> History:
        return curve(self.data, self.size, self._with_seed(seed), kind=self.kind)

    @property
    def cost(self) -> float:
        """After all trainings: then the run is kept already."""
        return 0


RUNS: dict[str, RunSpec] = {
    "shallow": RunSpec(size={"depth": 1}),
    "deep": RunSpec(size={"depth": 3}),
} | {
    name: RunSpec(settings={"beta": beta, "beta_start": beta})
    for beta, name in SWEEP.items()
    if name.startswith("beta_")
} | {
    "warm_up_1": RunSpec(settings={"beta": 1.0, "beta_start": 0.0}),
    "reference_curve": Curve(),
}  # fmt: skip

_H = lines64().entropy
_elbo, _distortion = elbo(samples=300), distortion(samples=300)
_rate, _active, _exact = rate(), active(), exact()
_RECONSTRUCTION, _KL = 1, 2  # columns of a curve


def _smallest_fall(*models_and_seed: Any) -> float:
    """The smallest step of the KL from one model to the next one, downwards."""
    *models, _seed = models_and_seed
    return min(before - after for before, after in pairwise(metrics.rate(model, lines()) for model in models))


def _least_gap(*models_and_seed: Any) -> float:
    """The smallest distance of rate + distortion to the entropy."""
    *models, seed = models_and_seed
    return min(_elbo(model, seed) - _H for model in models)


def _fall(term: int, before: int, after: int) -> Measure:
    """By how much a term of the loss falls from one step to another, each a mean of the hundred steps before it."""

    def measure(seen: History, _seed: int) -> float:
        return float(seen.steps[before - 100 : before, term].mean() - seen.steps[after - 100 : after, term].mean())

    return measure


_CURVE = ("reference_curve",)

CLAIMS = {
    "late-reconstruction": Claim(
        "By how much the reconstruction falls from step 1000 to 4000 of the reference training, as training sees it.",
        _CURVE, _fall(_RECONSTRUCTION, 1000, 4000), at_least(1), unit="nats", baseline=DIFFERENCE,
    ),
    "late-rate": Claim(
        "By how much the KL falls from step 1000 to 4000 of the reference training, as training sees it.",
        _CURVE, _fall(_KL, 1000, 4000), at_least(0.2), unit="nats", baseline=DIFFERENCE,
    ),
    "middle-rate": Claim(
        "By how much the KL rises from step 1000 to 2000 of the reference training, while its weight falls from 2.5 "
        "to 1.",
        _CURVE, _fall(_KL, 2000, 1000), every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "short-cost": Claim(
        "By how much the -ELBO is higher if all of the training, with its schedules, has 1000 steps and not 4000.",
        ("short", "reference"), difference(_elbo), every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "short-rate": Claim(
        "By how much the KL is higher if all of the training, with its schedules, has 1000 steps and not 4000.",
        ("short", "reference"), difference(_rate), every_seed_above(0), unit="nats", baseline=DIFFERENCE,
    ),
    "floor-gap": Claim(
        "Least distance of rate + distortion to ln 64, over nine values of beta from 1/8 to 256.",
        tuple(SWEEP.values()), _least_gap, every_seed_above(0), unit="nats", baseline=DIFFERENCE,
        summary=Summary(kind="smallest"),
    ),
    "rate-order": Claim(
        "Smallest fall of the KL from one beta to the next, over 1/8, 1/2, 1, 2, 4, 8, 16 and 32.",
        tuple(SWEEP[beta] for beta in SWEEP if beta <= 32), _smallest_fall, every_seed_above(0), unit="nats",
        baseline=DIFFERENCE, summary=Summary(kind="smallest"),
    ),
    "beta-1-excess": Claim(
        "By how much the -ELBO is higher when trained with a constant beta of 1 than with one of 2.",
        (SWEEP[1], SWEEP[2]), difference(_elbo), every_seed_above(0),
        unit="nats", baseline=DIFFERENCE, summary=Summary(kind="smallest"),
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
    "active-eighth": Claim(
        "Active dimensions of 8 at beta 1/8.",
        (SWEEP[0.125],), _active, at_least(7), digits=0, baseline=UNTRAINED, summary=Summary(kind="dots"),
    ),
    "active-beta-1": Claim(
        "Active dimensions of 8 at a constant beta of 1.",
        (SWEEP[1],), _active, between(4, 8), digits=0, baseline=UNTRAINED, summary=Summary(kind="dots"),
    ),
    "active-beta-8": Claim(
        "Active dimensions of 8 at beta 8.",
        (SWEEP[8],), _active, at_most(4), digits=0, baseline=UNTRAINED, summary=Summary(kind="dots"),
    ),
    "mean-pixels-rate": Claim(
        "KL at beta 256, which is what a mean over pixels implies.",
        (SWEEP[256],), _rate, at_most(0.01), unit="nats", digits=4, baseline=UNTRAINED, summary=Summary(kind="largest"),
    ),
    "eighth-elbo": Claim(
        "-ELBO at beta 1/8, which is what a KL averaged over 8 dimensions implies.",
        (SWEEP[0.125],), _elbo, at_least(8.5), unit="nats", baseline=average_image(),
    ),
    "warm-up-active": Claim(
        "Active dimensions of 8 with a warm-up from 0 to beta 1.",
        ("warm_up_1",), _active, at_least(6.5), digits=0, baseline=UNTRAINED, summary=Summary(kind="dots"),
    ),
    "warm-up-cost": Claim(
        "By how much the -ELBO is higher with a warm-up from 0 to 1 than with a constant beta of 1.",
        ("warm_up_1", SWEEP[1]), difference(_elbo), every_seed_above(0),
        unit="nats", baseline=DIFFERENCE, summary=Summary(kind="smallest"),
    ),
    "anneal-gain": Claim(
        "By how much the -ELBO is lower with beta from 4 down to 1 than with a constant beta of 1.",
        (SWEEP[1], "reference"), difference(_elbo),
        every_seed_above(0), unit="nats", baseline=DIFFERENCE, summary=Summary(kind="smallest"),
    ),
    "mean-pixels-elbo": Claim(
        "-ELBO at beta 256, which is what a mean over pixels implies.",
        (SWEEP[256],), _elbo, between(85.9, 86.2), unit="nats", baseline=average_image(),
    ),
    "mean-pixels-own": Claim(
        "The own loss of models trained with a mean over pixels: that mean, and the KL.",
        (SWEEP[256],), lambda m, seed: _distortion(m, seed) / lines().shape[1] + _rate(m, seed),
        at_most(0.4), digits=3, baseline=UNTRAINED,
    ),
    "depth-1-elbo": Claim(
        "The -ELBO with one hidden layer on either side.",
        ("shallow",), _elbo, at_most(12), unit="nats", baseline=average_image(), summary=Summary(kind="dots"),
    ),
    "depth-3-elbo": Claim(
        "The -ELBO with three hidden layers on either side.",
        ("deep",), _elbo, at_most(12), unit="nats", baseline=average_image(), summary=Summary(kind="dots"),
    ),
}  # fmt: skip
