"""What lesson 6 says about models."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course import latent, metrics
from course.claims import latent_spaces
from course.claims.base import Bound, Claim, Measure, Measured, RunSpec, at_least, at_most, between, every_seed_above
from course.claims.baselines import DIFFERENCE, IS_BASELINE, chance, instead, prior_length, without_model
from course.claims.statistics import lines, valid_draws
from course.latent import lerp, slerp
from course.models import VAE
from course.patterns import PatternSet, cross8x8, lines64
from course.studies import factors
from course.studies.strips import (
    Way,
    decoded,
    distance_between,
    encoded_ends,
    largest_step,
    through_latent,
    through_pixels,
)  # fmt: skip

__all__ = ["CLAIMS", "RUNS"]

RUNS: dict[str, RunSpec] = {"crosses": RunSpec("cross8x8")}
for _shared in ("reference", "dim2", "dim32", "dim64"):
    RUNS[_shared] = latent_spaces.RUNS[_shared]
_DIMENSION_OF = {"dim2": 2, "reference": 8, "dim32": 32, "dim64": 64}


def _prior_ends(model: VAE, seed: int, count: int = 200) -> Tensor:
    """Pairs (count, 2, Z) of draws from the prior."""
    return torch.randn((count, 2, model.latent_dim), generator=Generator().manual_seed(seed))


def _gain(model: VAE, seed: int, *, prior: bool) -> float:
    """By how many pixels slerp stays closer to the images than lerp, between codes or between draws of the prior."""
    ends = (_prior_ends if prior else encoded_ends)(model, seed)
    return distance_between(decoded(model, ends)) - distance_between(decoded(model, ends, slerp))


def _middle_distance(model: VAE, seed: int, way: Way) -> float:
    """Distance to the nearest image exactly half-way between two codes."""
    return distance_between(through_latent(model, seed, way, num_steps=3))


def _middle_valid(model: VAE, seed: int, way: Way) -> float:
    return _valid(through_latent(model, seed, way, num_steps=3)[:, 1])


def _travelled(model: VAE, seed: int, way: Way) -> float:
    """How many pixels change along the whole of a way, in 33 frames."""
    return float(np.mean([metrics.step_sizes(s).sum() for s in through_latent(model, seed, way, 33)]))


def _valid(images: NDArray[np.float32]) -> float:
    return 100 * metrics.validity(images.reshape(-1, 256), lines64().templates)


def _shrinking_cost(model: VAE, seed: int) -> float:
    """Percentage points of validity that the lengths of straight midpoints cost: they are N(0, I / 2)."""
    return valid_draws()(model, seed) - valid_draws(scale=0.5**0.5)(model, seed)


@torch.no_grad()
def _code_norm(model: VAE, _seed: int) -> float:
    return float(model.encode(lines()).norm(dim=1).mean())


@torch.no_grad()
def _fast_steps(model: VAE, _seed: int) -> float:
    """Share of the pixel change of a leg that its fastest fifth of steps makes; an even walk has 20 %."""
    stops = model.encode(torch.from_numpy(lines64().prototypes()))
    steps = metrics.step_sizes(model.decode(latent.walk(stops, 15)).numpy()).reshape(4, 15)
    return 100 * float((np.sort(steps, axis=1)[:, -3:].sum(axis=1) / steps.sum(axis=1)).mean())


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
def _agreement(model: VAE | None, patterns: PatternSet, factor: str) -> float:
    x = torch.from_numpy(patterns.images)
    codes = x if model is None else model.encode(x)
    return float(np.mean([factors.agreement(codes, *pair) for pair in factors.moves(patterns, factor)]))


@torch.no_grad()
def _traversals(model: VAE, dimensions: list[int], turn: Tensor | None = None) -> NDArray[np.float32]:
    """Images (T, 25, 256): from each code along each dimension from -3 to 3, the axes turned by `turn` (Z, Z)."""
    turn = torch.eye(model.latent_dim) if turn is None else turn
    values = torch.linspace(-3, 3, 25)
    rows = [latent.traverse(z @ turn, d, values) @ turn.T for z in model.encode(lines()) for d in dimensions]
    return model.decode(torch.cat(rows)).numpy().reshape(len(rows), len(values), -1)


def _dimensions(model: VAE, *, active: bool) -> list[int]:
    kls = metrics.dimension_kl(model, lines())
    return [int(d) for d in np.flatnonzero((kls > metrics.ACTIVE_ABOVE) == active)]


def _changed_pixels(model: VAE, _seed: int, *, active: bool) -> float:
    """Pixels whose value moves by more than a half along a traversal."""
    images = _traversals(model, _dimensions(model, active=active))
    return float((np.ptp(images, axis=1) > 0.5).sum(axis=1).mean()) if len(images) else 0.0


def _one_factor(model: VAE, seed: int, *, turned: bool = False, count: int = 1) -> float:
    """Share of traversals of active dimensions on which exactly `count` of the true factors change."""
    active = _dimensions(model, active=True)
    turn = torch.eye(model.latent_dim)
    if turned:
        noise = torch.randn((len(active), len(active)), generator=Generator().manual_seed(seed))
        turn[np.ix_(active, active)] = torch.linalg.qr(noise)[0]
    changed = [factors.changed_factors(images, lines64()) for images in _traversals(model, active, turn)]
    return 100 * float(np.mean([c == count for c in changed]))


def _shortest(model: VAE, seed: int) -> tuple[float, float]:
    """Unevenness and distance to the images of 20 ways of 17 frames, of least change in pixels."""
    ends = encoded_ends(model, seed, 20)
    strips = decoded(model, ends, partial(latent.shortest_way, model.decode), 17)
    return largest_step(strips), distance_between(strips)


def _straight(model: VAE, seed: int) -> tuple[float, float]:
    strips = decoded(model, encoded_ends(model, seed, 20), lerp, 17)
    return largest_step(strips), distance_between(strips)


def _gain_claims() -> dict[str, Claim]:
    """The same measurement at every latent dimension, between codes and between draws of the prior."""
    bounds: dict[tuple[str, bool], Bound] = {
        ("dim2", False): between(-0.5, 0.5),
        ("reference", False): every_seed_above(0),
        ("dim32", False): between(-0.5, 0.5),
        ("dim64", False): between(-0.5, 0.5),
        ("dim2", True): between(-1, 1),
        ("reference", True): every_seed_above(0),
        ("dim32", True): every_seed_above(0),
        ("dim64", True): every_seed_above(0),
    }
    return {
        f"slerp-gain{'-prior' if prior else ''}-{_DIMENSION_OF[run]}": Claim(
            f"How much closer to the nearest image slerp stays than lerp between two {'draws' if prior else 'codes'} "
            f"{'from the prior ' if prior else ''}in {_DIMENSION_OF[run]} dimensions.",
            (run,),
            lambda m, seed, prior=prior: _gain(m, seed, prior=prior),
            bound,
            unit="pixels",
            baseline=DIFFERENCE,
        )
        for (run, prior), bound in bounds.items()
    }


def _blend(measure: Measure) -> Measured:
    return without_model("a blend of the pixels", measure)


def _straight_line(measure: Measure) -> Measured:
    return instead("the straight line", measure=measure)


def _pixel_means(patterns: PatternSet, factor: str) -> Measured:
    return without_model("mean differences of pixels", lambda _seed: _arithmetic(None, patterns, factor))


def _pixel_agreement(patterns: PatternSet, factor: str) -> Measured:
    return without_model("the pixels, with no model", lambda _seed: _agreement(None, patterns, factor))


_NOT_ACTIVE = instead("a dimension that is not active", measure=lambda m, seed: _changed_pixels(m, seed, active=False))
_ACTIVE = instead("an active dimension", measure=lambda m, seed: _changed_pixels(m, seed, active=True))


def _at_random(count: int) -> Measured:
    words = "directions turned at random among the active ones"
    return instead(words, measure=lambda m, seed: _one_factor(m, seed, turned=True, count=count))


CLAIMS: dict[str, Claim] = {
    "slerp-between": Claim(
        "Distance of the in-between frames to the nearest image, along the great circle.",
        ("reference",), lambda m, seed: distance_between(through_latent(m, seed, slerp)), at_most(5), unit="pixels",
        digits=1, baseline=_straight_line(lambda m, seed: distance_between(through_latent(m, seed))),
    ),
    "slerp-largest-step": Claim(
        "Largest step between neighbouring frames along the great circle, in units of its mean step.",
        ("reference",), lambda m, seed: largest_step(through_latent(m, seed, slerp)), at_least(2), digits=1,
        baseline=_straight_line(lambda m, seed: largest_step(through_latent(m, seed))),
    ),
    "threshold-lerp": Claim(
        "In-between frames of a straight latent way that are images of the set once thresholded.",
        ("reference",), lambda m, seed: _valid(through_latent(m, seed)[:, 1:-1]), at_most(80), unit="%", digits=1,
        baseline=_blend(lambda seed: _valid(through_pixels(seed)[:, 1:-1])),
    ),
    "threshold-blend": Claim(
        "The same for a blend of the pixels, which the threshold turns back into one of its ends.",
        (), lambda seed: _valid(through_pixels(seed)[:, 1:-1]), at_least(99.9), unit="%", digits=1,
        baseline=IS_BASELINE,
    ),
    **_gain_claims(),
    "middle-lerp": Claim(
        "Distance to the nearest image exactly half-way on the straight line between two codes.",
        ("reference",), lambda m, seed: _middle_distance(m, seed, way=lerp), at_least(3), unit="pixels", digits=1,
        baseline=_blend(lambda seed: distance_between(through_pixels(seed, num_steps=3))),
    ),
    "middle-slerp": Claim(
        "The same on the great circle.",
        ("reference",), lambda m, seed: _middle_distance(m, seed, way=slerp), at_most(8), unit="pixels", digits=1,
        baseline=_straight_line(lambda m, seed: _middle_distance(m, seed, way=lerp)),
    ),
    "middle-gain": Claim(
        "How many more of the middles are valid on the great circle.",
        ("reference",), lambda m, seed: _middle_valid(m, seed, slerp) - _middle_valid(m, seed, lerp), at_least(5),
        unit="points", digits=1, baseline=DIFFERENCE,
    ),
    "slerp-valid-cost-64": Claim(
        "How many more in-between frames are valid on the straight line, in 64 dimensions.",
        ("dim64",),
        lambda m, seed: _valid(through_latent(m, seed)[:, 1:-1]) - _valid(through_latent(m, seed, slerp)[:, 1:-1]),
        every_seed_above(0), unit="points", digits=1, baseline=DIFFERENCE,
    ),
    "slerp-longer-64": Claim(
        "How many pixels more change on the great circle than on the straight line, in 64 dimensions.",
        ("dim64",), lambda m, seed: _travelled(m, seed, slerp) - _travelled(m, seed, lerp), at_least(1), unit="pixels",
        digits=1, baseline=DIFFERENCE,
    ),
    "code-norm-8": Claim(
        "Mean length of mu with 8 latent dimensions; a draw from the prior has 2.74.",
        ("reference",), _code_norm, at_most(2.3), baseline=prior_length(8),
    ),
    "code-norm-64": Claim(
        "Mean length of mu with 64 latent dimensions; a draw from the prior has 7.97.",
        ("dim64",), _code_norm, at_most(3), baseline=prior_length(64),
    ),
    "shrinking-cost-8": Claim(
        "Validity of draws from N(0, I) less that of draws from N(0, I / 2), 8 dimensions.",
        ("reference",), _shrinking_cost, between(-3, 8), unit="points", digits=1, baseline=DIFFERENCE,
    ),
    "shrinking-cost-64": Claim(
        "The same with 64 dimensions.",
        ("dim64",), _shrinking_cost, between(-3, 8), unit="points", digits=1, baseline=DIFFERENCE,
    ),
    "fast-steps": Claim(
        "Share of the pixel change of a leg of the walk that the fastest fifth of its steps makes.",
        ("reference",), _fast_steps, at_least(50), unit="%", digits=0, baseline=chance(20.0, "an even walk"),
    ),
    **{
        f"arithmetic-{factor}": Claim(
            f"Images that the direction of another {factor}, found without them, turns into exactly the right image.",
            ("reference",), lambda m, _seed, factor=factor: _arithmetic(m, lines64(), factor), at_most(limit), unit="%",
            digits=1, baseline=_pixel_means(lines64(), factor),
        )
        for factor, limit in (("type", 5), ("position", 25), ("thickness", 5))
    },
    "arithmetic-pixels": Claim(
        "The same with mean differences of pixels, at the best of the three factors.",
        (), lambda _seed: max(_arithmetic(None, lines64(), factor) for factor in lines64().factor_names), at_most(5),
        unit="%", digits=1, baseline=IS_BASELINE,
    ),
    "arithmetic-crosses": Claim(
        "The same for the horizontal position of crosses whose two positions are the only factors.",
        ("crosses",), lambda m, _seed: _arithmetic(m, cross8x8(), "cx"), at_least(50), unit="%", digits=1,
        baseline=_pixel_means(cross8x8(), "cx"),
    ),
    "arithmetic-crosses-pixels": Claim(
        "The same with mean differences of pixels.",
        (), lambda _seed: _arithmetic(None, cross8x8(), "cx"), at_most(5), unit="%", digits=1,
        baseline=IS_BASELINE,
    ),
    "agreement-thickness": Claim(
        "Length of the mean difference of codes, thick less thin, over the mean length of these differences.",
        ("reference",), lambda m, _seed: _agreement(m, lines64(), "thickness"), at_most(0.5),
        baseline=_pixel_agreement(lines64(), "thickness"),
    ),
    "agreement-crosses": Claim(
        "The same for one step of the horizontal position of crosses.",
        ("crosses",), lambda m, _seed: _agreement(m, cross8x8(), "cx"), at_least(0.75),
        baseline=_pixel_agreement(cross8x8(), "cx"),
    ),
    "traversal-active": Claim(
        "Pixels that change by more than a half when an active dimension goes from -3 to 3.",
        ("reference",), lambda m, seed: _changed_pixels(m, seed, active=True), at_least(30), unit="pixels", digits=1,
        baseline=_NOT_ACTIVE,
    ),
    "traversal-collapsed": Claim(
        "The same for a dimension that is not active.",
        ("reference",), lambda m, seed: _changed_pixels(m, seed, active=False), at_most(0.5), unit="pixels", digits=1,
        baseline=_ACTIVE,
    ),
    "traversal-one": Claim(
        "Traversals of active dimensions on which exactly one true factor changes.",
        ("reference",), _one_factor, at_most(25), unit="%", digits=1, baseline=_at_random(count=1),
    ),
    "traversal-all": Claim(
        "Traversals of active dimensions on which all three true factors change.",
        ("reference",), lambda m, seed: _one_factor(m, seed, count=3), at_least(25), unit="%", digits=1,
        baseline=_at_random(count=3),
    ),
    "traversal-turned": Claim(
        "Traversals along random directions, at right angles to each other, on which exactly one factor changes.",
        ("reference",), lambda m, seed: _one_factor(m, seed, turned=True), at_most(25), unit="%", digits=1,
        baseline=IS_BASELINE,
    ),
    "straight-step": Claim(
        "Largest over mean step of 17 frames on the straight line.",
        ("reference",), lambda m, seed: _straight(m, seed)[0], at_least(3), digits=1,
        baseline=chance(1.0, "even steps"),
    ),
    "straight-between": Claim(
        "Distance to the nearest image of these frames.",
        ("reference",), lambda m, seed: _straight(m, seed)[1], at_most(5), unit="pixels", digits=1,
        baseline=IS_BASELINE,
    ),
    "shortest-step": Claim(
        "Largest over mean step of 17 frames on the way of least change in pixels.",
        ("reference",), lambda m, seed: _shortest(m, seed)[0], at_most(3), digits=1,
        baseline=_straight_line(lambda m, seed: _straight(m, seed)[0]),
    ),
    "shortest-between": Claim(
        "Distance to the nearest image of these frames.",
        ("reference",), lambda m, seed: _shortest(m, seed)[1], at_least(4), unit="pixels", digits=1,
        baseline=_straight_line(lambda m, seed: _straight(m, seed)[1]),
    ),
}  # fmt: skip
