"""Looks at a walk through latent space: which patterns it shows, and how it goes between them."""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np

from autograder.engine import wire
from autograder.engine.calls import Answer, Leaf, Many, Model, Value
from autograder.engine.judging.comparison import describe, rows
from autograder.engine.judging.enlarging import shrunk
from autograder.engine.verdicts import Wrong

__all__ = ["look_at_frames", "small_frames"]

SIDE = 16
SHOWN = 3.5 / 255  # rounding, or cutting off, costs up to 1/255
CLEAR = 0.1  # of a leg: how far from both its ends a frame between them is
ON_MANIFOLD = 0.02  # root mean square distance, in pixels, from what the decoder can draw


def small_frames(value: Value) -> wire.Array:
    """The frames as one array (N, 16, 16) in [0, 1], whatever their enlargement. Raises Wrong for other things."""
    wanted = "frames: uint8 images, (16, 16) or enlarged by a whole number"
    listed = rows(value)
    if not isinstance(listed, Many) or not listed.items:
        raise Wrong(wanted, describe(value))
    frames = []
    for item in listed.items:
        if not isinstance(item, Leaf) or item.kind == "python":
            raise Wrong(wanted, f"{listed.of} with {describe(item)} in it")
        if item.array.dtype != np.uint8:
            raise Wrong(wanted, _kind_of_numbers(listed, item.array))
        frames.append(_shrunk(item.array, wanted))
    return np.stack(frames).astype(np.float64) / 255


def _kind_of_numbers(frames: Many, first: wire.Array) -> str:
    arrays = [item.array for item in frames.items if isinstance(item, Leaf) and item.array.dtype.kind in "fiu"]
    kind = "floating-point numbers" if first.dtype.kind == "f" else f"numbers of dtype {first.dtype}"
    top = max((float(np.max(a, initial=0)) for a in arrays), default=0.0)
    return f"frames of {kind} up to {'1' if top <= 1.001 else '255'}"


def _shrunk(frame: wire.Array, wanted: str) -> wire.Array:
    if frame.ndim == 3 and frame.shape[2] in (3, 4):
        frame = frame[..., :3].mean(2)
    if frame.ndim != 2 or frame.shape[0] != frame.shape[1] or not frame.size or frame.shape[0] % SIDE:
        raise Wrong(wanted, f"frames of shape {frame.shape}")
    return shrunk(frame.astype(np.float64), SIDE)


def look_at_frames(answer: Answer, given: wire.Array, patterns: wire.Array, model: Model) -> list[str]:
    """Raises Wrong unless the frames visit the decoded `patterns` in order, return, and stay on the way.

    `patterns` are decode(encode(.)) of the `given` images, both (P, 16, 16).
    """
    frames = small_frames(answer.result)
    shown = [_which(frame, patterns) for frame in frames]
    stops = [p for p, _ in groupby(p for p in shown if p is not None)]
    visits = f"it shows the patterns {', '.join(str(p + 1) for p in stops) or '(none)'}"
    count = len(patterns)
    if shown[0] != 0:
        raise Wrong("decode(encode(...)) of the first pattern in the first frame", _other(frames[0], shown[0], given))
    if shown[-1] != 0:
        last = "none of the patterns" if shown[-1] is None else f"pattern {shown[-1] + 1}"
        raise Wrong("a walk whose last frame shows the first pattern again", f"a walk that ends with {last}: {visits}")
    if stops != [*range(count), 0]:
        raise Wrong(f"a walk through the patterns 1 to {count} in their order, then to the first again", visits)
    turns = [(i, p) for i, p in enumerate(shown) if p is not None]
    for (before, start), (after, end) in pairwise(turns):
        if start != end:
            _look_between(frames[before + 1 : after], patterns[start], patterns[end], model)
    return ["a closed walk"]


def _which(frame: wire.Array, patterns: wire.Array) -> int | None:
    distance = np.abs(patterns - frame).max((1, 2))
    best = int(np.argmin(distance))
    return best if distance[best] <= SHOWN else None


def _other(frame: wire.Array, shown: int | None, given: wire.Array) -> str:
    """What a first frame shows that is not the first pattern."""
    if shown is not None:
        return f"pattern {shown + 1} in the first frame"
    if _which(frame, given) == 0:
        return "the pattern as it was given, which is not what the model makes of it"
    top = round(255 * float(frame.max()))
    darkness = {0: "a black image", 1: "an image with no pixel above 1 of 255"}
    return f"{darkness.get(top, 'another image')} in the first frame"


def _look_between(between: wire.Array, start: wire.Array, end: wire.Array, model: Model) -> None:
    leg = _distance(end, start)
    ways = [f for f in between if min(_distance(f, p) for p in (start, end)) > CLEAR * leg]
    if not ways:
        raise Wrong("at least one frame between each two patterns", "a leg without a frame between its two patterns")
    worst = max(ways, key=lambda frame: _distance_from_manifold(frame, model))
    if _distance_from_manifold(worst, model) > ON_MANIFOLD:
        share = float(np.sum((worst - start) * (end - start)) / np.sum((end - start) ** 2))
        faded = _distance(worst, start + share * (end - start)) < ON_MANIFOLD / 2
        got = "frames that mix the two images pixel by pixel" if faded else "images that no code decodes to"
        raise Wrong("frames between two patterns that are decoded from codes", got)


def _distance(one: wire.Array, other: wire.Array) -> float:
    return float(np.sqrt(np.mean((one - other) ** 2)))


def _distance_from_manifold(frame: wire.Array, model: Model) -> float:
    """How far an image is from the nearest one that the decoder, sigmoid(z W + b), can draw."""
    weights = model.arrays["outward"].astype(np.float64)
    bias = model.arrays["outward_bias"].astype(np.float64)
    pixels = np.clip(frame.reshape(-1), 1 / 510, 1 - 1 / 510)
    slope = pixels * (1 - pixels)  # what an error of a pixel's logit does to the pixel
    logits = np.log(pixels / (1 - pixels))
    z = np.linalg.lstsq(weights.T * slope[:, None], (logits - bias) * slope, rcond=None)[0]
    drawn = 1 / (1 + np.exp(-(z @ weights + bias)))
    return _distance(drawn, pixels)
