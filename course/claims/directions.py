"""What lesson 6 says about directions in a latent space: sums, traversals and turned axes."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course import latent, metrics
from course.claims import latent_spaces
from course.claims.base import (
    Bound,
    Claim,
    Measured,
    RunSpec,
    Summary,
    at_least,
    at_most,
    every_seed_above,
)
from course.claims.baselines import IS_BASELINE, instead, without_model
from course.claims.statistics import lines
from course.models import VAE
from course.patterns import PatternSet, cross8x8, lines64
from course.studies import factors, turned_axes

__all__ = ["CLAIMS", "RUNS"]

RUNS: dict[str, RunSpec] = {"crosses": RunSpec("cross8x8"), "reference": latent_spaces.RUNS["reference"]}
_DOTS = Summary(kind="dots")


def _arithmetic(model: VAE | None, patterns: PatternSet, factor: str) -> float:
    """Share of images that a held-out attribute direction turns into exactly the image with that factor changed."""
    x = torch.from_numpy(patterns.images)
    right = []
    with torch.no_grad():
        codes = x if model is None else model.encode(x)
        for without, having in factors.moves(patterns, factor):
            moved = codes[without] + factors.held_out_directions(codes, without, having)
            images = moved if model is None else model.decode(moved)
            right.append(((images > 0.5) == (x[having] > 0.5)).all(dim=1).float().mean())
    return 100 * float(torch.stack(right).mean())


@torch.no_grad()
def _agreement(model: VAE, patterns: PatternSet, factor: str) -> float:
    codes = model.encode(torch.from_numpy(patterns.images))
    return float(np.mean([factors.agreement(codes, *pair) for pair in factors.moves(patterns, factor)]))


@torch.no_grad()
def _random_agreement(model: VAE, seed: int, patterns: PatternSet, factor: str) -> float:
    codes, generator = model.encode(torch.from_numpy(patterns.images)), Generator().manual_seed(seed)
    return float(
        np.mean([factors.random_agreement(codes, *pair, generator) for pair in factors.moves(patterns, factor)])
    )


@torch.no_grad()
def _miss(model: VAE, patterns: PatternSet, factor: str) -> float:
    """Median distance of a moved code from the right one, in widths of the right cloud, over active dimensions."""
    x = torch.from_numpy(patterns.images)
    mu, log_var = model.posterior(x)
    active = torch.from_numpy(metrics.dimension_kl(model, x) > metrics.ACTIVE_ABOVE)
    codes, widths = mu[:, active], (log_var[:, active] / 2).exp()
    pairs = factors.moves(patterns, factor)
    return float(torch.cat([factors.misses(codes, widths, *pair) for pair in pairs]).median())


def _inside(patterns: PatternSet) -> Measured:
    """How far a draw from a cloud lies from its centre."""

    def measure(model: VAE, _seed: int) -> float:
        return latent.expected_norm(
            metrics.active_units(metrics.dimension_kl(model, torch.from_numpy(patterns.images)))
        )

    return instead("a draw from the right cloud itself, on average", measure=measure)


def _dimensions(model: VAE, *, active: bool) -> list[int]:
    kls = metrics.dimension_kl(model, lines())
    return [int(d) for d in np.flatnonzero((kls > metrics.ACTIVE_ABOVE) == active)]


@torch.no_grad()
def _traversals(model: VAE, dimensions: list[int], turn: Tensor | None = None) -> NDArray[np.float32]:
    """Images (T, 25, 256): from each code along each dimension from -3 to 3, the axes turned by `turn` (Z, Z)."""
    turn = torch.eye(model.latent_dim) if turn is None else turn
    values = torch.linspace(-3, 3, 25)
    rows = [latent.traverse(z @ turn, d, values) @ turn.T for z in model.encode(lines()) for d in dimensions]
    return model.decode(torch.cat(rows)).numpy().reshape(len(rows), len(values), -1)


def _changed_pixels(model: VAE, _seed: int, *, active: bool) -> float:
    """Pixels whose value moves by more than a half along a traversal."""
    images = _traversals(model, _dimensions(model, active=active))
    return float((np.ptp(images, axis=1) > 0.5).sum(axis=1).mean()) if len(images) else 0.0


def _factors_change(model: VAE, seed: int, *, turned: bool = False, count: int = 1) -> float:
    """Share of traversals of active dimensions on which exactly `count` of the true factors change."""
    active = _dimensions(model, active=True)
    turn = turned_axes.random_turn(active, model.latent_dim, Generator().manual_seed(seed)) if turned else None
    changed = [factors.changed_factors(images, lines64()) for images in _traversals(model, active, turn)]
    return 100 * float(np.mean([c == count for c in changed]))


def _turning_cost(model: VAE, seed: int, *, turned: bool = True, turns: int = 20) -> float:
    """By how much the -ELBO rises if each cloud becomes its nearest one without correlations along turned axes."""
    active, generator = _dimensions(model, active=True), Generator().manual_seed(seed)

    def along(turn: Tensor, num_samples: int) -> float:
        return turned_axes.negative_elbo_along(model, lines(), turn, num_samples=num_samples, generator=generator)

    own = torch.eye(model.latent_dim)
    tried = [turned_axes.random_turn(active, model.latent_dim, generator) if turned else own for _ in range(turns)]
    return float(np.mean([along(turn, 50) for turn in tried])) - along(own, 1000)


def _pixel_means(patterns: PatternSet, factor: str) -> Measured:
    return without_model("mean differences of pixels", lambda _seed: _arithmetic(None, patterns, factor))


def _agreement_claim(run: str, patterns: PatternSet, factor: str, words: str, bound: Bound) -> Claim:
    return Claim(
        f"Length of the mean difference of codes over the mean length of these differences, for {words}.",
        (run,), lambda m, _seed: _agreement(m, patterns, factor), bound, summary=_DOTS,
        baseline=instead(
            "differences as long, each in a random direction",
            measure=lambda m, seed: _random_agreement(m, seed, patterns, factor),
        ),
    )  # fmt: skip


def _miss_claim(run: str, patterns: PatternSet, factor: str, words: str, bound: Bound) -> Claim:
    return Claim(
        f"Median distance of a moved code from the right one, in standard deviations of the right cloud, for {words}.",
        (run,), lambda m, _seed: _miss(m, patterns, factor), bound, digits=1, baseline=_inside(patterns),
    )  # fmt: skip


_THICKNESS = "thick less thin"
_POSITION = "one step of the position"
_TYPE = "one type less another"
_CROSSES = "one step of the horizontal position of crosses"
_NOT_ACTIVE = instead("a dimension that is not active", measure=lambda m, seed: _changed_pixels(m, seed, active=False))
_ACTIVE = instead("an active dimension", measure=lambda m, seed: _changed_pixels(m, seed, active=True))


def _at_random(count: int) -> Measured:
    words = "directions turned at random among the active ones"
    return instead(words, measure=lambda m, seed: _factors_change(m, seed, turned=True, count=count))


def _traversal_claims() -> dict[str, Claim]:
    """How many of the three true factors change along an axis, and along directions that are turned at random."""
    kinds = (
        (0, "none", "no true factor changes", at_most(40)),
        (1, "one", "exactly one true factor changes", at_most(25)),
        (3, "all", "all three true factors change", at_least(25)),
    )
    claims = {}
    for count, name, words, bound in kinds:
        claims[f"traversal-{name}"] = Claim(
            f"Traversals of active dimensions on which {words}.",
            ("reference",), lambda m, seed, count=count: _factors_change(m, seed, count=count), bound,
            unit="%", digits=1, baseline=_at_random(count),
        )  # fmt: skip
        claims[f"traversal-turned-{name}"] = Claim(
            f"Traversals along random directions, at right angles to each other, on which {words}.",
            ("reference",), lambda m, seed, count=count: _factors_change(m, seed, turned=True, count=count), bound,
            unit="%", digits=1, baseline=IS_BASELINE,
        )  # fmt: skip
    return claims


CLAIMS: dict[str, Claim] = {
    **{
        f"arithmetic-{factor}": Claim(
            f"Images that the direction of another {factor}, found without them, turns into exactly the right image.",
            ("reference",), lambda m, _seed, factor=factor: _arithmetic(m, lines64(), factor), at_most(limit), unit="%",
            digits=1, baseline=_pixel_means(lines64(), factor),
        )
        for factor, limit in (("type", 5), ("position", 25), ("thickness", 5))
    },
    "arithmetic-pixels": Claim(
        "Images that the mean difference of pixels turns into exactly the right image, at the best of the three "
        "factors.",
        (), lambda _seed: max(_arithmetic(None, lines64(), factor) for factor in lines64().factor_names), at_most(5),
        unit="%", digits=1, baseline=IS_BASELINE,
    ),
    "arithmetic-crosses": Claim(
        "Crosses, of two positions only, that the direction of another horizontal position turns into exactly the "
        "right image.",
        ("crosses",), lambda m, _seed: _arithmetic(m, cross8x8(), "cx"), at_least(50), unit="%", digits=1,
        baseline=_pixel_means(cross8x8(), "cx"),
    ),
    "arithmetic-crosses-pixels": Claim(
        "Crosses, of two positions only, that the mean difference of pixels turns into exactly the right image.",
        (), lambda _seed: _arithmetic(None, cross8x8(), "cx"), at_most(5), unit="%", digits=1,
        baseline=IS_BASELINE,
    ),
    "agreement-thickness": _agreement_claim("reference", lines64(), "thickness", _THICKNESS, at_most(0.5)),
    "agreement-type": _agreement_claim("reference", lines64(), "type", _TYPE, at_most(0.5)),
    "agreement-position": _agreement_claim("reference", lines64(), "position", _POSITION, every_seed_above(0.5)),
    "agreement-crosses": _agreement_claim("crosses", cross8x8(), "cx", _CROSSES, at_least(0.75)),
    "miss-thickness": _miss_claim("reference", lines64(), "thickness", _THICKNESS, at_least(4)),
    "miss-type": _miss_claim("reference", lines64(), "type", _TYPE, at_least(4)),
    "miss-position": _miss_claim("reference", lines64(), "position", _POSITION, at_least(4)),
    "miss-crosses": _miss_claim("crosses", cross8x8(), "cx", _CROSSES, at_most(4)),
    "traversal-active": Claim(
        "Pixels that change by more than a half when an active dimension goes from -3 to 3.",
        ("reference",), lambda m, seed: _changed_pixels(m, seed, active=True), at_least(30), unit="pixels", digits=1,
        baseline=_NOT_ACTIVE,
    ),
    "traversal-collapsed": Claim(
        "Pixels that change by more than a half when a dimension that is not active goes from -3 to 3.",
        ("reference",), lambda m, seed: _changed_pixels(m, seed, active=False), at_most(0.5), unit="pixels", digits=1,
        baseline=_ACTIVE,
    ),
    **_traversal_claims(),
    "turning-cost": Claim(
        "Rise of the -ELBO if each cloud becomes its nearest one without correlations along axes that are turned at "
        "random among the active ones, over 20 turns.",
        ("reference",), _turning_cost, every_seed_above(0), unit="nats", summary=_DOTS,
        baseline=instead("the own axes, sampled again", measure=lambda m, s: _turning_cost(m, s, turned=False)),
    ),
}  # fmt: skip
