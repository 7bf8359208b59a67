"""What readers' own images must be: each check says what was expected, what it got, and what to do next."""

from __future__ import annotations

from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.errors import CourseError
from course.own_images.files import Arrays

__all__ = ["LEAST", "MAX_CLASSES", "SIDES", "UNLABELLED", "Images", "Labels", "checked"]

SIDES = (2, 64)
MAX_CLASSES = 256
UNLABELLED = ("image",)
LEAST = 2

Images = NDArray[np.float32]
Labels = NDArray[np.int64]


def checked(arrays: Arrays) -> tuple[list[Images], list[Labels], tuple[str, ...]]:
    """Images (N, D) and labels (N,) of each part, and the names of the classes.

    Raises ValueError for what is no set of square images in [0, 1] with a class each, or none.
    """
    images = [_pixels("images", arrays.images)]
    if arrays.test_images is not None:
        images.append(_pixels("test_images", arrays.test_images))
        if images[1].shape[1] != images[0].shape[1]:
            raise CourseError(
                f"expected test_images as large as images, {images[0].shape[1]} pixels, got {images[1].shape[1]}: "
                "scale one of them"
            )
    elif arrays.test_labels is not None:
        raise CourseError("expected test_images with test_labels, got none: add the images, or leave both out")
    elif len(images[0]) < 2 * LEAST:
        raise CourseError(f"expected at least {2 * LEAST} images, some to judge on, got {len(images[0])}: add more")
    counts = [len(part) for part in images]
    return images, *_labelled(arrays, counts)


def _labelled(arrays: Arrays, counts: list[int]) -> tuple[list[Labels], tuple[str, ...]]:
    """Labels of each part, of which there are as many as `counts` says, and what they mean."""
    if arrays.labels is None:
        if arrays.test_labels is not None or arrays.class_names is not None:
            raise CourseError("expected labels with test_labels or class_names, got none: add them, or leave all out")
        return [np.zeros(count, np.int64) for count in counts], UNLABELLED
    given = [_whole("labels", arrays.labels, counts[0])]
    if len(counts) == 2:
        if arrays.test_labels is None:
            raise CourseError("expected test_labels with labels, got none: label the test images, or leave labels out")
        given.append(_whole("test_labels", arrays.test_labels, counts[1]))
    return _classes(given, arrays.class_names)


def _pixels(what: str, array: NDArray[Any]) -> Images:
    if array.dtype != np.uint8 and array.dtype.kind != "f":
        raise CourseError(
            f"expected {what} as uint8 from 0 to 255 or as floats in [0, 1], got {array.dtype}: convert them with "
            f"{what}.astype(np.uint8), or divide"
        )
    side = array.shape[-1] if array.ndim == 3 else isqrt(array.shape[-1]) if array.ndim == 2 else 0
    if array.shape[1:] not in ((side, side), (side**2,)) or not SIDES[0] <= side <= SIDES[1]:
        raise CourseError(
            f"expected {what} of shape (N, H, W) or (N, H * W), squares of {SIDES[0]} to {SIDES[1]} pixels a side, "
            f"got {array.shape}: crop or scale them first"
        )
    if len(array) < LEAST:
        raise CourseError(f"expected at least {LEAST} {what}, got {len(array) or 'none'}: add more")
    flat = array.reshape(len(array), -1)
    if array.dtype == np.uint8:
        if flat.max() <= 1:
            raise CourseError(
                f"expected {what} of uint8 to reach from 0 to 255, got nothing above {flat.max()}, which is black: "
                f"multiply black and white {what} by 255"
            )
        scaled: Images = np.divide(flat, np.float32(255), dtype=np.float32)
        return scaled
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite, and is found below
        pixels = flat.astype(np.float32)
    bad = ~np.isfinite(pixels).all(axis=1)
    if bad.any():
        raise CourseError(
            f"expected finite {what}, got {bad.sum()} with NaN or infinity, the first at {bad.argmax()}: repair them "
            "or leave them out"
        )
    if pixels.min() < 0 or pixels.max() > 1:
        raise CourseError(
            f"expected {what} of floats in [0, 1], got values from {pixels.min():.4g} to {pixels.max():.4g}: rescale "
            "them first"
        )
    return pixels


def _whole(what: str, array: NDArray[Any], count: int) -> NDArray[Any]:
    if array.dtype.kind not in "iu":
        raise CourseError(f"expected {what} as whole numbers, one class each, got {array.dtype}: number the classes")
    if array.shape != (count,):
        raise CourseError(f"expected {count} {what}, one for each image, got shape {array.shape}: count both again")
    return array


def _classes(given: list[NDArray[Any]], names: tuple[str, ...] | None) -> tuple[list[Labels], tuple[str, ...]]:
    """Labels as indices into the names; without names, classes are the numbers that occur, and are called by them."""
    found = np.unique(given[0])
    if len(found) < 2 or max(len(found), len(names or ())) > MAX_CLASSES:
        got = f"only {found[0]}" if len(found) < 2 else f"{max(len(found), len(names or ()))}"
        raise CourseError(
            f"expected labels of 2 to {MAX_CLASSES} classes, got {got}: leave labels out if they are no classes"
        )
    if names is not None:
        for labels in given:
            if labels.min() < 0 or labels.max() >= len(names):
                raise CourseError(
                    f"expected labels from 0 to {len(names) - 1}, an index into class_names each, got "
                    f"{labels.min()} to {labels.max()}: name every class"
                )
        return [labels.astype(np.int64) for labels in given], names
    for labels in given[1:]:
        unknown = np.setdiff1d(labels, found)
        if len(unknown):
            raise CourseError(f"expected test_labels among labels, got {unknown[0]} too: no image to learn has it")
    return [np.searchsorted(found, labels).astype(np.int64) for labels in given], tuple(str(n) for n in found)
