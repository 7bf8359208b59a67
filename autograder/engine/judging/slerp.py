"""Ways from one vector to another: what a right answer to slerp looks like, from geometry in float64."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.engine import wire
from autograder.engine.calls import Answer, Call, Leaf
from autograder.engine.judging.comparison import EPSILON, close, compare, describe, must_be_a_tensor, number
from autograder.engine.verdicts import Wrong

__all__ = ["arcs", "compare_arc", "compare_limit", "line", "look_at_a_limit", "pair", "passes", "points"]

LOOSE = 5e-3  # of the longer vector: without an angle, acos in float32 is right to about a thousandth
WHAT, AXES = "points", "(num_steps, Z)"


def pair(
    rng: np.random.Generator, size: int, degrees: float, lengths: tuple[float, float]
) -> tuple[wire.Array, wire.Array]:
    """Two vectors (Z,) of these lengths at this angle, in random directions."""
    axes = np.linalg.qr(rng.standard_normal((size, 2)))[0].T if size > 1 else np.array([[1.0], [0.0]])
    angle = np.deg2rad(degrees)
    other = np.cos(angle) * axes[0] + np.sin(angle) * axes[1]
    return (lengths[0] * axes[0]).astype(np.float32), (lengths[1] * other).astype(np.float32)


def line(z_a: wire.Array, z_b: wire.Array, count: int) -> wire.Array:
    """The straight line, `count` points with equal steps."""
    t = np.linspace(0, 1, count)[:, None]
    return np.asarray((1 - t) * z_a.astype(np.float64) + t * z_b.astype(np.float64))


def arcs(z_a: wire.Array, z_b: wire.Array, count: int) -> list[wire.Array]:
    """Both right ways: the usual weights on the vectors as they are, and equal angles with a length that goes linearly.

    For equal lengths they are one.
    """
    a, b = z_a.astype(np.float64), z_b.astype(np.float64)
    norms = np.linalg.norm(a), np.linalg.norm(b)
    ways = a / norms[0], b / norms[1]
    w = 2 * np.arctan2(np.linalg.norm(ways[0] - ways[1]), np.linalg.norm(ways[0] + ways[1]))
    t = np.linspace(0, 1, count)[:, None]
    start, end = np.sin((1 - t) * w) / np.sin(w), np.sin(t * w) / np.sin(w)
    lengths = (1 - t) * norms[0] + t * norms[1]
    return [start * a + end * b, lengths * (start * ways[0] + end * ways[1])]


def points(answer: Answer, call: Call) -> wire.Array:
    """The points of an answer. Raises Wrong where their shape is another or a number is not finite."""
    shape = (call.args[2], len(call.args[0]))
    if not isinstance(answer.result, Leaf):
        raise Wrong(f"{WHAT} of shape {AXES} = {shape}", describe(answer.result))
    got = answer.result.array
    if got.shape != shape or got.dtype.kind not in "fiu":
        raise Wrong(f"{WHAT} of shape {AXES} = {shape}", describe(answer.result))
    must_be_a_tensor(WHAT, answer.result)
    if not np.isfinite(got).all():
        raise Wrong("finite numbers, always", f"numbers that are NaN or infinite, {_situation(*call.args[:2])}")
    return got.astype(np.float64)


def _situation(z_a: wire.Array, z_b: wire.Array) -> str:
    a, b = z_a.astype(np.float64), z_b.astype(np.float64)
    if not (a.any() and b.any()):
        return "where a vector is zero"
    cosine = float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
    near = {1.0: "for vectors of one direction", -1.0: "for opposite vectors"}
    degrees = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return near.get(round(cosine, 4), f"at an angle of {degrees:.0f} degrees")


def compare_arc(call: Call, answer: Answer) -> None:
    """Raises Wrong unless the points lie on the great circle, in one of the two right ways."""
    z_a, z_b, count = call.args
    got = points(answer, call)
    right = min(arcs(z_a, z_b, count), key=lambda way: float(np.abs(way - got).max()))
    _compare_ends(got, z_a, z_b, 64 * EPSILON)
    norms, wanted = np.linalg.norm(got, axis=1), np.linalg.norm(right, axis=1)
    rounding = 2 * EPSILON * _conditioning(z_a, z_b)
    allowed = max(1e-4, 32 * rounding) * wanted.max()
    if abs(wanted[0] - wanted[-1]) < 1e-3 * wanted[0] and not close(norms, wanted, allowed):
        got_lengths = f"lengths from {norms.min():.4g} to {norms.max():.4g}"
        raise Wrong(f"points that all have the length of both ends, {wanted[0]:.4g}", got_lengths)
    compare(WHAT, AXES, answer.result, Leaf(right), Leaf(right * (1 + rounding)))


def _conditioning(z_a: wire.Array, z_b: wire.Array) -> float:
    """By how much an arc multiplies the rounding of a cosine w': dw = dw' / sin w, and a weight moves by dw / sin^2 w.

    Towards 0 it does not matter, because both weights then tend to those of the straight line, whatever w is.
    """
    a, b = z_a.astype(np.float64), z_b.astype(np.float64)
    cosine = float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
    return 1.0 if cosine > 0 else float((1 - cosine**2) ** -1.5)


def passes(call: Call, answer: Answer) -> list[Any]:
    """What is compared with known mistakes where rounding decides about the numbers: whether they are right."""
    try:
        compare_arc(call, answer)
    except Wrong:
        return [False, list(answer.changes)]
    return [True, list(answer.changes)]


def compare_limit(call: Call, answer: Answer) -> None:
    """Raises Wrong unless the way is finite and has the right ends: all that can be asked without an angle."""
    z_a, z_b, _ = call.args
    _compare_ends(points(answer, call), z_a, z_b, LOOSE)


def look_at_a_limit(call: Call, answer: Answer) -> list[Any]:
    """What is compared with known mistakes where any way does: whether both ends are right."""
    z_a, z_b, _ = call.args
    got, allowed = points(answer, call), LOOSE * _scale(z_a, z_b)
    return [close(got[0], z_a, allowed), close(got[-1], z_b, allowed), list(answer.changes)]


def _compare_ends(got: wire.Array, z_a: wire.Array, z_b: wire.Array, allowed: float) -> None:
    for name, where, end, place in (("z_a", "first", z_a, 0), ("z_b", "last", z_b, -1)):
        if not close(got[place], end, allowed * _scale(z_a, z_b)):
            raise Wrong(f"{name} as the {where} point: {_words(end)}", _words(got[place]))


def _scale(z_a: wire.Array, z_b: wire.Array) -> float:
    return float(max(np.abs(z_a).max(), np.abs(z_b).max()))


def _words(vector: wire.Array) -> str:
    shown = ", ".join(map(number, vector[:4]))
    return f"({shown}{', ...' if len(vector) > 4 else ''})"
