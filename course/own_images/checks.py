"""What readers' own images must be: each check says what was expected, what it got, and what to do next."""

from __future__ import annotations

import numpy as np

from course.errors import CourseError
from course.own_images import labels, pixels, shapes
from course.own_images.arrays import Arrays
from course.own_images.labels import Labels
from course.own_images.pixels import Images

__all__ = ["UNLABELLED", "checked"]

UNLABELLED = ("image",)


def checked(arrays: Arrays) -> tuple[list[Images], list[Labels], tuple[str, ...], tuple[str, ...]]:
    """Images (N, D) and labels (N,) of each part, the names of the classes, and in words what was done.

    Raises CourseError for what is no set of square images in [0, 1] with a class each, or none.
    """
    shapes.check({what: array.shape for what, array in arrays._asdict().items() if isinstance(array, np.ndarray)})
    given = {"images": arrays.images, "test_images": arrays.test_images}
    found = [pixels.checked(what, array) for what, array in given.items() if array is not None]
    numbers, names, words = _labelled(arrays, [len(images) for images, _ in found])
    return [images for images, _ in found], numbers, names, sum((said for _, said in found), ()) + words


def _labelled(arrays: Arrays, counts: list[int]) -> tuple[list[Labels], tuple[str, ...], tuple[str, ...]]:
    """Labels of each part, of which there are as many as `counts` says, what they mean, and words."""
    if arrays.labels is None:
        if arrays.test_labels is not None or arrays.class_names is not None:
            raise CourseError("expected labels with test_labels or class_names, got none: add them, or leave all out")
        return [np.zeros(count, np.int64) for count in counts], UNLABELLED, ()
    if len(counts) == 2 and arrays.test_labels is None:
        raise CourseError("expected test_labels with labels, got none: label the test images, or leave labels out")
    given = {"labels": arrays.labels, "test_labels": arrays.test_labels}
    found = [labels.whole(what, array) for what, array in given.items() if array is not None]
    numbers, names = labels.classes([array for array, _ in found], arrays.class_names)
    return numbers, names, sum((said for _, said in found), ())
