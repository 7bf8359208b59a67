"""What the values of images must be, and a line of Python that mends those that are not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.errors import CourseError
from course.own_images.shapes import channels

__all__ = ["CONTRAST", "Images", "blank", "checked"]

CONTRAST = 0.25  # from the darkest to the brightest value of all images, of 1: with less, they look all alike
_FAINT = 0.08  # the same of one image; 12 bits in 16 reach to 0.06
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as Pillow makes grey

Images = NDArray[np.float32]


def checked(what: str, array: NDArray[Any]) -> tuple[Images, tuple[str, ...]]:
    """Images (N, D) in [0, 1] of an array whose shape is right, and in words what was done to them.

    Raises CourseError for values that are no images in [0, 1], or in which there is next to nothing to see.
    """
    _check_type(what, array)
    axis, words = channels(array.shape), []
    if axis is not None and array.shape[axis] == 3:
        words.append(f"{what}: their three colours made grey, {' + '.join(f'{c:.3f}' for c in _LUMA)}")
        array = _grey(np.moveaxis(array, axis, -1))
    flat = array.reshape(len(array), -1)
    pixels = _bytes(what, flat) if flat.dtype == np.uint8 else _floats(what, flat)
    empty = blank(pixels)
    if 2 * len(empty) > len(pixels):
        raise CourseError(
            f"expected {what} to learn from, got {len(empty)} of {len(pixels)} of one value, or nearly, the first "
            f"at {empty[0]}: look at what wrote them"
        )
    if len(empty):
        words.append(f"{what}: {len(empty)} of {len(pixels)} are of one value, or nearly, the first at {empty[0]}")
    return pixels, tuple(words)


def blank(pixels: NDArray[Any]) -> NDArray[np.intp]:
    """The rows of images (N, D) in [0, 1] that are of one value, or nearly."""
    return np.flatnonzero(pixels.max(axis=1) - pixels.min(axis=1) < _FAINT)


def _check_type(what: str, array: NDArray[Any]) -> None:
    if array.dtype == np.uint8 or array.dtype.kind == "f":
        return
    line = "real numbers, one for each pixel"
    if array.dtype == np.bool_:
        line = f"{what}.astype(np.float32)"
    elif array.dtype.kind in "iu":
        line = _stretched(what, array)
    raise CourseError(f"expected {what} as uint8 from 0 to 255 or as floats in [0, 1], got {array.dtype}: write {line}")


def _bytes(what: str, flat: NDArray[np.uint8]) -> Images:
    _check_contrast(what, flat)  # first: a bomb ends here
    return np.divide(flat, np.float32(255), dtype=np.float32)


def _floats(what: str, flat: NDArray[Any]) -> Images:
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite, and is found below
        pixels: Images = flat.astype(np.float32)
    bad = ~np.isfinite(pixels).all(axis=1)
    if bad.any():
        raise CourseError(
            f"expected finite {what}, got {bad.sum()} with NaN or infinity, the first at {bad.argmax()}: repair them "
            "or leave them out"
        )
    low, high = flat.min(), flat.max()
    if pixels.min() < 0 or pixels.max() > 1:
        raise CourseError(
            f"expected {what} of floats in [0, 1], got values from {low:.4g} to {high:.4g}: write "
            f"{_stretched(what, flat)}"
        )
    _check_contrast(what, flat)
    return pixels


def _check_contrast(what: str, flat: NDArray[Any]) -> None:
    low, high = flat.min(), flat.max()
    white = 255 if flat.dtype == np.uint8 else 1
    if (float(high) - float(low)) / white < CONTRAST:
        step = "look at what wrote them" if low == high else f"write {_stretched(what, flat)}"
        raise CourseError(
            f"expected {what} to reach from black, 0, to white, {white}, got values from {low:.4g} to {high:.4g}, "
            f"which look all alike: {step}"
        )


def _stretched(what: str, array: NDArray[Any]) -> str:
    """A line that brings values into the range that images have, from the usual range of which they fill the most."""
    low, high = array.min().item(), array.max().item()
    if low == high:
        return f"other images, these are all {low}"
    if array.dtype == np.uint8 and high == 1:
        return f"{what} * np.uint8(255)"
    if array.dtype.kind in "iu" and low >= 0 and high <= 255 and high - low > 127:
        return f"{what}.astype(np.uint8)"
    usual = ((0, 255), (-1, 1), (0, high), (low, high))
    start, end = next(
        (a, b) for a, b in usual if a <= low and high <= b and (high - low > (b - a) / 2 or b - a == high - low)
    )
    ends = [str(number) if isinstance(number, int) else f"{number:.6g}" for number in (start, end)]
    if ends[0] == ends[1]:
        ends = [repr(start), repr(end)]
    return f"np.interp({what}, [{ends[0]}, {ends[1]}], [0, 1])"


def _grey(array: NDArray[Any]) -> NDArray[Any]:
    """Images (N, H, W, 3) as (N, H, W)."""
    grey = array.astype(np.float32) @ _LUMA
    return grey.round().astype(np.uint8) if array.dtype == np.uint8 else grey
