"""Compares an answer with the right one: exact in shape, as close in value as float32 allows, and clear about the gap.

A shape never broadcasts and NaN equals nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.engine.calls import Answer, Leaf, Many, Odd, Value
from autograder.engine.parsing import MOST_VALUES
from autograder.engine.verdicts import Wrong

__all__ = ["alike", "close", "compare", "describe", "must_be_a_tensor", "number", "rows", "tolerance"]

EPSILON = float(np.finfo(np.float32).eps)


def tolerance(exact: Any, rounded: Any) -> float:
    """How far a right answer may be off: what float32 did to the reference, and another order of operations besides.

    `exact` is the reference's answer in float64, `rounded` in float32, on the same inputs.
    """
    scale = float(np.max(np.abs(exact), initial=0.0))
    lost = float(np.max(np.abs(np.subtract(exact, rounded, dtype=np.float64)), initial=0.0))
    return 32 * lost + 64 * EPSILON * scale


def close(got: Any, exact: Any, allowed: float) -> bool:
    """Equal shapes, all numbers finite and within the allowance. Infinite where infinity is right."""
    got, exact = np.asarray(got), np.asarray(exact)
    if got.shape != exact.shape or got.dtype.kind not in "fiub":
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(got.astype(np.float64) - exact) <= allowed
    return bool(np.all(near | (np.isinf(exact) & (got == exact))))


def rows(value: Value) -> Value:
    """A stacked array as the list of its rows, if they are not too many to look at; anything else as it is."""
    if isinstance(value, Leaf) and value.array.ndim and len(value.array) <= MOST_VALUES:
        return Many("array", [Leaf(r, value.kind, value.dtype, value.requires_grad) for r in value.array])
    return value


def compare(what: str, axes: str, got: Value, exact: Value, rounded: Value) -> None:
    """Raises Wrong where an answer is not the right one. `what` and `axes` are the lesson's words for it."""
    if isinstance(exact, Many) and isinstance(rounded, Many):
        _compare_many(what, axes, got, exact, rounded)
        return
    assert isinstance(exact, Leaf)
    assert isinstance(rounded, Leaf)
    if exact.kind == "torch":
        must_be_a_tensor(what, got)
    _compare_numbers(what, axes, got, exact, rounded)


def must_be_a_tensor(what: str, got: Value) -> None:
    """Raises Wrong where numpy's array stands for a tensor: it has no gradient, and no layer or decoder reads it."""
    if isinstance(got, Leaf) and got.kind == "numpy":
        raise Wrong(f"{what} as a torch tensor", "an array of numpy's, which no layer reads (torch.from_numpy?)")


def _compare_numbers(what: str, axes: str, got: Value, exact: Leaf, rounded: Leaf) -> None:
    right = f"{what} of shape {_shape(axes, exact.array.shape)}"
    if not isinstance(got, Leaf):
        raise Wrong(right, describe(got))
    if got.array.shape != exact.array.shape:
        raise Wrong(right, f"shape {got.array.shape}")
    if not close(got.array, exact.array, tolerance(exact.array, rounded.array)):
        raise Wrong(*_gap(what, axes, got.array, exact.array))


def _compare_many(what: str, axes: str, got: Value, exact: Many, rounded: Many) -> None:
    if isinstance(got, Leaf | Odd):
        raise Wrong(f"{len(exact.items)} {what}, as a list or one stacked array", describe(got))
    if len(got.items) != len(exact.items):
        raise Wrong(f"{len(exact.items)} {what}", str(len(got.items)))
    for index, (here, right, near) in enumerate(zip(got.items, exact.items, rounded.items, strict=True)):
        label = f"{what}, number {index + 1} of {len(exact.items)},"
        if isinstance(right, Leaf) and isinstance(near, Leaf):
            _compare_numbers(label, axes, here, right, near)  # of a list of frames, each may be numpy's
        else:
            compare(label, axes, here, right, near)


def describe(value: Value) -> str:
    """A value in words, for a message."""
    if isinstance(value, Odd):
        return f"{value.text} (is a `return` missing?)" if value.none else value.text
    if isinstance(value, Many):
        return f"a {value.of} of {len(value.items)}"
    return f"{value.dtype} of shape {value.array.shape}" if value.array.ndim else f"the number {value.array:.4g}"


def number(value: Any) -> str:
    """Four digits of a number; 0 has no sign."""
    return f"{float(value) + 0.0:.4g}"


def _shape(axes: str, shape: tuple[int, ...]) -> str:
    return f"{axes} = {shape}" if axes and axes != str(shape) else f"{shape}"


def _gap(what: str, axes: str, got: Any, exact: Any) -> tuple[str, str]:
    """Both sides in numbers: the range, the place of the largest difference, and a constant ratio if there is one."""
    got = got.astype(np.float64)
    bad = ~np.isfinite(got)
    if bad.any():
        return f"{what}, all numbers finite", f"{int(bad.sum())} of {bad.size} numbers are NaN or infinite"
    index = np.unravel_index(int(np.argmax(np.abs(got - exact))), exact.shape)
    place = f" at [{', '.join(str(int(i)) for i in index)}]" if index else ""
    said, right = (
        f"{number(a.min())} to {number(a.max())}, with {number(a[index])}{place}" if index else number(a)
        for a in (got, np.asarray(exact))
    )
    named = f"{what} {axes}".strip()
    return f"{named}: {right}", f"{said}{_pattern(got, exact)}"


def _pattern(got: Any, exact: Any) -> str:
    """The one number that leads from right to wrong, if one does."""
    if exact.size < 2 or not np.all(np.abs(exact) > 1e-6):
        return ""
    difference, ratio = got - exact, got / exact
    if np.ptp(ratio) < 1e-4 * max(1.0, float(np.abs(ratio).max())):
        return f": the right numbers times {ratio.mean():.4g}"
    if np.ptp(difference) < 1e-4 * max(1.0, float(np.abs(exact).max())):
        return f": the right numbers plus {difference.mean():.4g}"
    return ""


def alike(one: Any, other: Any) -> bool:
    """Whether two observations are the same, up to what float32 does to numbers."""
    if isinstance(one, Leaf) and isinstance(other, Leaf):
        sizes = np.abs(other.array.astype(np.float64))
        scale = float(np.max(sizes, initial=1e-12, where=np.isfinite(sizes)))
        return close(one.array, other.array, 3e-4 * scale)
    if isinstance(one, Many) and isinstance(other, Many):
        return alike(list(one.items), list(other.items))
    if isinstance(one, Answer) and isinstance(other, Answer):
        return alike(_facts(one), _facts(other))
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return type(one) is type(other) and bool(one == other)


def _facts(answer: Answer) -> list[Any]:
    if answer.error:
        return [answer.error["type"], answer.error["message"]]
    return [answer.result, list(answer.gradients), list(answer.changes)]
