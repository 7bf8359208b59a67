"""What lesson 6 says about ways between latent vectors: lines, arcs and walks."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course import latent, metrics
from course.claims import latent_spaces
from course.claims.base import (
    Bound,
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
from course.claims.baselines import DIFFERENCE, IS_BASELINE, chance, instead, prior_length, without_model
from course.claims.statistics import lines, valid_draws
from course.latent import lerp, slerp
from course.models import VAE
from course.patterns import lines64, nearest
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

RUNS: dict[str, RunSpec] = {name: latent_spaces.RUNS[name] for name in ("reference", "dim2", "dim32", "dim64")}
_DIMENSION_OF = {"dim2": 2, "reference": 8, "dim32": 32, "dim64": 64}
_DOTS = Summary(kind="dots")


def _prior_ends(model: VAE, seed: int, count: int = 200) -> Tensor:
    """Pairs (count, 2, Z) of draws from the prior."""
    return torch.randn((count, 2, model.latent_dim), generator=Generator().manual_seed(seed))


def _gain(model: VAE, seed: int, *, prior: bool) -> float:
    """By how many pixels slerp stays closer to the images than lerp, between codes or between draws of the prior."""
    ends = (_prior_ends if prior else encoded_ends)(model, seed)
    return distance_between(decoded(model, ends)) - distance_between(decoded(model, ends, slerp))


def _middle_valid(model: VAE, seed: int, way: Way) -> float:
    return _valid(through_latent(model, seed, way, num_steps=3)[:, 1])


def _travelled(model: VAE, seed: int, way: Way) -> float:
    """How many pixels change along the whole of a way, in 33 frames."""
    return float(np.mean([metrics.step_sizes(s).sum() for s in through_latent(model, seed, way, 33)]))


def _valid(images: NDArray[np.float32]) -> float:
    return 100 * metrics.validity(images.reshape(-1, 256), lines64().templates)


def _distance(images: NDArray[np.float32]) -> float:
    return float(nearest(images, lines64().templates)[1].mean())


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


@cache
def _border_share() -> float:
    """The same share of steps for a blend of pixels: one border a leg."""
    frames = latent.walk(torch.from_numpy(lines64().prototypes()), 15).numpy()
    rows = nearest(frames, lines64().templates)[0]
    return 100 * float((rows[1:] != rows[:-1]).mean())


def _arc_leaves(model: VAE, seed: int) -> float:
    """Share of pairs on whose arc some point is more than 2 % longer or shorter than both ends."""
    arcs = torch.stack([slerp(a, b, 17).norm(dim=1) for a, b in encoded_ends(model, seed)])  # (P, 17)
    ends = arcs[:, [0, -1]]
    outside = (arcs > 1.02 * ends.amax(dim=1, keepdim=True)) | (arcs < 0.98 * ends.amin(dim=1, keepdim=True))
    return 100 * float(outside.any(dim=1).float().mean())


@torch.no_grad()
def _border_steps(model: VAE, _seed: int) -> tuple[float, float]:
    """Of the walk through all types: the steps at which the nearest image changes, and their share of all change."""
    stops = model.encode(torch.from_numpy(lines64().prototypes()))
    frames = model.decode(latent.walk(stops, 15)).numpy()
    steps, rows = metrics.step_sizes(frames), nearest(frames, lines64().templates)[0]
    borders = rows[1:] != rows[:-1]
    return 100 * float(borders.mean()), 100 * float(steps[borders].sum() / steps.sum())


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


def _arc_claims() -> dict[str, Claim]:
    """What the great circle gains and what it costs, in the same model, at 8 and at 64 dimensions."""
    claims = {}
    for run, middle, whole in (("reference", every_seed_above(0), between(-5, 5)),
                               ("dim64", every_seed_above(-5), every_seed_above(0))):  # fmt: skip
        words = f"in {_DIMENSION_OF[run]} dimensions"
        claims[f"middle-gain-{_DIMENSION_OF[run]}"] = Claim(
            f"How many more of the middles between two codes are valid on the great circle, {words}.",
            (run,), lambda m, seed: _middle_valid(m, seed, slerp) - _middle_valid(m, seed, lerp), middle,
            unit="points", digits=1, baseline=DIFFERENCE, summary=_DOTS,
        )  # fmt: skip
        claims[f"slerp-valid-cost-{_DIMENSION_OF[run]}"] = Claim(
            f"How many more in-between frames are valid on the straight line, {words}.",
            (run,),
            lambda m, seed: _valid(through_latent(m, seed)[:, 1:-1]) - _valid(through_latent(m, seed, slerp)[:, 1:-1]),
            whole, unit="points", digits=1, baseline=DIFFERENCE, summary=_DOTS,
        )  # fmt: skip
        claims[f"slerp-longer-{_DIMENSION_OF[run]}"] = Claim(
            f"How many pixels more change on the great circle than on the straight line, {words}.",
            (run,), lambda m, seed: _travelled(m, seed, slerp) - _travelled(m, seed, lerp), every_seed_above(0),
            unit="pixels", digits=1, baseline=DIFFERENCE, summary=_DOTS,
        )  # fmt: skip
    return claims


def _blend(measure: Measure) -> Measured:
    return without_model("a blend of the pixels", measure)


def _straight_line(measure: Measure) -> Measured:
    return instead("the straight line", measure=measure)


CLAIMS: dict[str, Claim] = {
    "empty-page": Claim(
        "Distance of an empty page to the nearest image.",
        (), lambda _seed: _distance(np.zeros((1, 256), np.float32)), between(16, 16), unit="pixels", digits=0,
        baseline=IS_BASELINE,
    ),
    "grey-page": Claim(
        "Distance of a page of one half everywhere to the nearest image.",
        (), lambda _seed: _distance(np.full((1, 256), 0.5, np.float32)), between(128, 128), unit="pixels", digits=0,
        baseline=IS_BASELINE,
    ),
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
        "In-between frames of a blend of the pixels that are images of the set once thresholded, which gives one of "
        "the ends back.",
        (), lambda seed: _valid(through_pixels(seed)[:, 1:-1]), at_least(99.9), unit="%", digits=1,
        baseline=IS_BASELINE,
    ),
    **_gain_claims(),
    **_arc_claims(),
    "arc-leaves": Claim(
        "Pairs of codes on whose great circle some point is over 2 % longer or shorter than both ends.",
        ("reference",), _arc_leaves, every_seed_above(1), unit="%", digits=1, summary=_DOTS,
        baseline=chance(0.0, "two ends of one length"),
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
        "Validity of draws from N(0, I) less that of draws from N(0, I / 2), 64 dimensions.",
        ("dim64",), _shrinking_cost, between(-3, 8), unit="points", digits=1, baseline=DIFFERENCE,
    ),
    "fast-steps": Claim(
        "Share of the pixel change of a leg of the walk through images that the fastest fifth of its steps makes.",
        ("reference",), _fast_steps, at_least(50), unit="%", digits=0, baseline=chance(20.0, "an even walk"),
    ),
    "border-steps": Claim(
        "Steps of the walk through images at which the nearest image changes.",
        ("reference",), lambda m, seed: _border_steps(m, seed)[0], at_most(25), unit="%", digits=0,
        baseline=_blend(lambda _seed: _border_share()),
    ),
    "border-change": Claim(
        "Share of the pixel change of the walk through images made by the steps at which the nearest image changes.",
        ("reference",), lambda m, seed: _border_steps(m, seed)[1], at_least(45), unit="%", digits=0,
        baseline=instead("their share of all steps", measure=lambda m, seed: _border_steps(m, seed)[0]),
    ),
    "straight-step": Claim(
        "Largest over mean step of 17 frames on the straight line.",
        ("reference",), lambda m, seed: _straight(m, seed)[0], at_least(3), digits=1,
        baseline=chance(1.0, "even steps"),
    ),
    "straight-between": Claim(
        "Distance to the nearest image of 17 frames on the straight line.",
        ("reference",), lambda m, seed: _straight(m, seed)[1], at_most(5), unit="pixels", digits=1,
        baseline=IS_BASELINE,
    ),
    "shortest-step": Claim(
        "Largest over mean step of 17 frames on the way of least change in pixels.",
        ("reference",), lambda m, seed: _shortest(m, seed)[0], at_most(3), digits=1,
        baseline=_straight_line(lambda m, seed: _straight(m, seed)[0]),
    ),
    "shortest-between": Claim(
        "Distance to the nearest image of 17 frames on the way of least change in pixels.",
        ("reference",), lambda m, seed: _shortest(m, seed)[1], at_least(4), unit="pixels", digits=1,
        baseline=_straight_line(lambda m, seed: _straight(m, seed)[1]),
    ),
}  # fmt: skip
