"""What labels must be, and a line of Python that mends those that are not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.errors import CourseError
from course.own_images.shapes import MAX_CLASSES

__all__ = ["Labels", "classes", "whole"]

Labels = NDArray[np.int64]


def whole(what: str, array: NDArray[Any]) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Whole numbers (N,) of labels (N,), (N, 1) or one-hot (N, C), and in words what was done to them."""
    words: tuple[str, ...] = ()
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim == 2:
        if (
            array.dtype.kind not in "biuf"
            or not ((array == 0) | (array == 1)).all()
            or not (array.sum(axis=1) == 1).all()
        ):
            raise CourseError(
                f"expected {len(array)} {what}, one for each image, or a single 1 in each row, got shape "
                f"{array.shape}: keep one column, {what}[:, 0]"
            )
        words = (f"{what}: the place of the 1 in each row of {array.shape[1]}, counted from 0",)
        array = array.argmax(axis=1)
    if array.dtype.kind not in "iu":
        raise CourseError(
            f"expected {what} as whole numbers, one class each, got {array.dtype}: {_numbered(what, array)}"
        )
    return array, words


def classes(given: list[NDArray[Any]], names: tuple[str, ...] | None) -> tuple[list[Labels], tuple[str, ...]]:
    """Labels as indices into the names; without names, classes are the numbers that occur, and are called by them."""
    found = np.unique(given[0])
    count = max(len(found), len(names or ()))
    if len(found) < 2 or count > MAX_CLASSES:
        raise CourseError(
            f"expected labels of 2 to {MAX_CLASSES} classes, got {f'only {found[0]}' if len(found) < 2 else count}: "
            "leave labels out if they are no classes"
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


def _numbered(what: str, array: NDArray[Any]) -> str:
    """What to do about labels (N,) of this type."""
    if array.dtype.kind in "US":
        words = what if array.dtype.kind == "U" else f"{what}.astype(str)"
        if what == "labels":
            return f"number them, class_names, labels = np.unique({words}, return_inverse=True), and write both"
        return f"number them as labels, np.searchsorted(class_names, {words})"
    if array.dtype.kind == "b" or (array.dtype.kind == "f" and (array == np.floor(array)).all()):
        return f"write {what}.astype(int)"
    return "leave labels out if they are measured and not counted"
