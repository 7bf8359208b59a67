"""Inputs that tell right from wrong: fresh ones each session, generic sizes, no zeros, no symmetry.

With B = D = 1 or inputs of zero most wrong variants give the right answer; with B != D != Z and random numbers hardly
any does. All arrays are exact in float32, so that both precisions start from the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from autograder.engine import wire
from autograder.engine.calls import Call, Model

__all__ = ["STEPS", "codec", "images", "layers", "normal", "through_layers"]

# Numbers of points for which a float step, rounded, makes a point too many or too few, in one usual form or another.
STEPS = (7, 10, 30, 50, 100)
SIZES = ((5, 7, 3), (3, 11, 4), (1, 6, 2), (4, 9, 1))  # B, D, Z: one image and one dimension must work as well
LARGE = 1


def normal(rng: np.random.Generator, *shape: int, scale: float = 1.0) -> wire.Array:
    """Random numbers from N(0, scale^2)."""
    return (scale * rng.standard_normal(shape)).astype(np.float32)


def images(rng: np.random.Generator, count: int, pixels: int) -> wire.Array:
    """(count, pixels): random images with values strictly between 0 and 1."""
    return rng.uniform(0.02, 0.98, (count, pixels)).astype(np.float32)


def layers(rng: np.random.Generator, sizes: Mapping[str, tuple[int, int]]) -> dict[str, tuple[wire.Array, wire.Array]]:
    """Weights and biases for linear layers, each given as (inputs, outputs); about half of the outputs are negative."""
    return {
        name: (normal(rng, outputs, inputs, scale=1.5 * inputs**-0.5), normal(rng, outputs, scale=0.5))
        for name, (inputs, outputs) in sizes.items()
    }


def through_layers(
    rng: np.random.Generator, function: str, names: Sequence[str], also: Sequence[str] = ()
) -> list[Call]:
    """Calls of a method that leads through three linear layers, called `names`; layers in `also` are like the last.

    Encoders get images, decoders latent vectors, both of several sizes. Two hidden layers differ in size as well. Once
    the numbers in them are large, so that a limit shows.
    """
    calls = []
    for number, (count, pixels, latent) in enumerate(SIZES):
        decoding = function.endswith("decode")
        inward, outward = (latent, pixels) if decoding else (pixels, latent)
        widths = [(inward, 13 + number), (13 + number, 10 + number), *[(10 + number, outward)] * (1 + len(also))]
        x = normal(rng, count, inward, scale=1 if number else 3) if decoding else images(rng, count, inward)
        given = layers(rng, dict(zip([*names, *also], widths, strict=True)))
        if number == LARGE:
            given[names[0]] = _times(5 if decoding else 20, *given[names[0]])
        seed = int(rng.integers(2**31))
        label = f"{function} {number}"
        calls.append(Call(function, [x], layers=given, probe=label, names=["z" if decoding else "x"], seed=seed))
    return calls


def _times(factor: float, weight: wire.Array, bias: wire.Array) -> tuple[wire.Array, wire.Array]:
    return (factor * weight).astype(np.float32), (factor * bias).astype(np.float32)


def codec(
    rng: np.random.Generator, pixels: int = 256, latent: int = 5, hidden: int = 12, training: bool = True
) -> Model:
    """A model with an encoder and a decoder that are far from linear; images differ clearly after it.

    A few pixels are exactly 1 in every image, so that cutting to whole numbers does not leave it black.
    """
    inward = normal(rng, pixels, hidden, scale=0.3)
    bias = normal(rng, pixels, scale=0.4)
    bias[rng.choice(pixels, size=max(1, pixels // 32), replace=False)] = 60
    return Model(
        "codec" if training else "codec in eval mode",
        {
            "inward": inward,
            "inward_bias": -0.5 * inward.sum(0),
            "code": normal(rng, hidden, latent),
            "outward": normal(rng, latent, pixels, scale=0.4),
            "outward_bias": bias,
        },
    )
