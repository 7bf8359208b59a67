"""What lesson 10 says about the choice of axes: the parts of the KL, and the same model with a turned latent space."""

from __future__ import annotations

from functools import cache
from math import log

import torch
from torch import Generator, Tensor

from course import metrics
from course.claims.base import Claim, Measure, RunSpec, Summary, at_least, at_most, between, every_seed_above
from course.claims.baselines import DIFFERENCE, IS_BASELINE, chance, instead
from course.claims.statistics import patterns
from course.models import VAE
from course.patterns import cross8x8
from course.studies import disentanglement, turned_axes
from course.studies.kl_parts import Parts, kl_parts
from course.sweep import gap

__all__ = ["CLAIMS", "RUNS"]

RUNS: dict[str, RunSpec] = {
    f"crosses-{beta}": RunSpec("cross8x8", settings={"beta": float(beta), "beta_start": float(beta)}) for beta in (1, 8)
}

_DOTS = Summary(kind="dots")
_crosses = patterns("cross8x8")
_FACTORS = disentanglement.varying(cross8x8().factors)


def _strongest(model: VAE) -> tuple[int, int]:
    """The two dimensions with the largest KL."""
    first, second, *_ = (-metrics.dimension_kl(model, _crosses())).argsort().tolist()
    return first, second


def _rotation(model: VAE) -> Tensor:
    return turned_axes.plane_turn(_strongest(model), model.latent_dim, 45)


@cache
def _parts(model: VAE, seed: int, *, turned: bool) -> Parts:
    """The parts of the KL, along the model's axes or along axes that are turned at random in all dimensions."""
    mu, log_var = model.posterior(_crosses())
    every = range(model.latent_dim)
    turn = turned_axes.random_turn(every, model.latent_dim, Generator().manual_seed(seed)) if turned else None
    return kl_parts(mu, log_var, 500, generator=Generator().manual_seed(seed), turn=turn)


def _part(name: str, *, turned: bool = False) -> Measure:
    return lambda model, seed: float(getattr(_parts(model, seed, turned=turned), name))


@torch.no_grad()
def _rotated_gap(model: VAE, _seed: int) -> float:
    """The gap of the posteriors along the two strongest axes turned by 45 degrees."""
    return turned_axes.gap_along(*model.posterior(_crosses()), _rotation(model), _FACTORS)


def _rotation_costs(*, correlated: bool) -> Measure:
    """By how much the -ELBO changes with the turn by 45 degrees, over the same draws of eps."""
    along = turned_axes.negative_elbo_turned if correlated else turned_axes.negative_elbo_along

    def measure(model: VAE, seed: int) -> float:
        own, turned = (
            along(model, _crosses(), turn, num_samples=100, generator=Generator().manual_seed(seed))
            for turn in (torch.eye(model.latent_dim), _rotation(model))
        )
        return turned - own

    return measure


CLAIMS = {
    **{
        f"index-code-{beta}": Claim(
            f"Information of the latent vector about which of the 64 crosses it is, beta {beta}.",
            (f"crosses-{beta}",), _part("index_code"), between(*bounds), unit="nats",
            baseline=chance(log(64), "ln 64, all that there is to tell"),
        )
        for beta, bounds in ((1, (4.1, 4.17)), (8, (3.8, 4.05)))
    },
    **{
        f"{name.replace('_', '-')}-{beta}": Claim(
            f"{words} of the codes of crosses, beta {beta}.",
            (f"crosses-{beta}",), _part(name), bound, unit="nats", summary=_DOTS,
            baseline=instead("along axes that are turned at random", measure=_part(name, turned=True)),
        )
        for beta, name, words, bound in (
            (1, "total_correlation", "Total correlation", at_least(1.5)),
            (8, "total_correlation", "Total correlation", at_most(0.2)),
            (1, "dimension_wise", "Dimension-wise KL", at_most(0.3)),
            (8, "dimension_wise", "Dimension-wise KL", at_most(0.3)),
        )
    },
    **{
        f"{name.replace('_', '-')}-turned-{beta}": Claim(
            f"{words} along axes that are turned at random, beta {beta}.",
            (f"crosses-{beta}",), _part(name, turned=True), bound, unit="nats", baseline=IS_BASELINE,
        )
        for beta, name, words, bound in (
            (1, "total_correlation", "Total correlation", at_least(2)),
            (8, "total_correlation", "Total correlation", between(0.2, 0.5)),
            (1, "dimension_wise", "Dimension-wise KL", at_most(0.1)),
            (8, "dimension_wise", "Dimension-wise KL", at_most(0.1)),
        )
    },
    "rotation-gap": Claim(
        "The gap at beta 8 after the two strongest axes are turned by 45 degrees.",
        ("crosses-8",), _rotated_gap, at_most(0.4), summary=_DOTS,
        baseline=instead("the model's own axes", measure=lambda model, _seed: gap(model, cross8x8())),
    ),
    "rotation-elbo": Claim(
        "By how much the -ELBO at beta 8 changes with this turn, if the posteriors may have correlations.",
        ("crosses-8",), lambda model, seed: abs(_rotation_costs(correlated=True)(model, seed)), between(0, 1e-4),
        unit="nats", digits=3, summary=Summary(kind="largest"), baseline=DIFFERENCE,
    ),
    "rotation-cost": Claim(
        "Rise of the -ELBO at beta 8 with this turn, if the posteriors become the nearest ones without correlations.",
        ("crosses-8",), _rotation_costs(correlated=False), every_seed_above(0.05), unit="nats", summary=_DOTS,
        baseline=instead("posteriors that keep them", measure=_rotation_costs(correlated=True)),
    ),
}  # fmt: skip
