"""Readers' own images: read from where they lie, checked whole before anything is trained on them, and parted.

Whatever the form (see `files`), what comes out is a set to learn from, a set to judge on, and a checksum of both,
by which the same images are known again in another place.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from course.errors import CourseError
from course.own_images import checks, files
from course.own_images.files import Stamp
from course.own_images.labels import Labels
from course.own_images.naming import shown
from course.own_images.shapes import LEAST

__all__ = ["OwnImages", "OwnSet", "read", "shown"]

_LONGEST_TITLE = 100


@dataclass(frozen=True)
class OwnSet:
    """Images (N, D), float32 in [0, 1], each a square row by row, with their class (N,), an index into `class_names`.

    Images without labels are all of one class.
    """

    name: str
    images: NDArray[np.float32]
    labels: Labels
    class_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True)
class OwnImages:
    """What lies at `path`: images to learn from and to judge on, the sha256 of all, and in words what was read."""

    path: Path
    title: str
    train: OwnSet
    test: OwnSet
    checksum: str
    words: tuple[str, ...]


def read(path: str | Path) -> OwnImages:
    """The images at `path`, read again only when a file there has changed.

    Where they have no test part, a tenth is held out: the same images each time, of each class its share. Raises
    ValueError for what is no set of images, FileNotFoundError for a missing file, PermissionError for a closed one.
    """
    place = Path(os.path.abspath(os.path.expanduser(path)))
    try:
        return _read(place, files.stamp(place))
    except PermissionError as error:
        raise PermissionError(
            f"expected to read {shown(error.filename or place)}, got: permission denied. Give yourself the right to "
            "read it, or copy the images to a place of your own"
        ) from None


@lru_cache(maxsize=2)
def _read(path: Path, stamp: Stamp) -> OwnImages:
    title = _title(path)
    try:
        arrays = files.load(path)
        images, labels, names, said = checks.checked(arrays)
    except CourseError as error:
        message = shown(str(error))
        raise CourseError(message if message.startswith(shown(path)) else f"{shown(path)}: {message}") from None
    if files.stamp(path) != stamp:
        raise CourseError(
            f"{shown(path)}: expected files that stay, got some that changed while they were read. Try again"
        )
    words = [*arrays.words, *said]
    if len(images) == 1:
        images, labels = _parted(images[0], labels[0])
        words.append(f"no test part: {len(images[1])} images, a tenth, are held out to judge on, the same each time")
    order = _alternating(labels[1])  # only the first images are judged and mapped: of all classes, then
    train = OwnSet(title, images[0], labels[0], names)
    test = OwnSet(f"{title}-test", images[1][order], labels[1][order], names)
    side = isqrt(train.images.shape[1])
    classes = f"{len(names)} classes" if len(names) > 1 else "no labels"
    words.insert(0, f"{title}: {len(train)} images of {side} x {side} to learn, {len(test)} to judge on, {classes}")
    return OwnImages(path, title, train, test, _checksum(train, test), tuple(words))


def _title(path: Path) -> str:
    """What files about these images are called: short enough to be followed by what they are."""
    return shown(path.stem if path.suffix == ".npz" else path.name or path)[:_LONGEST_TITLE]


def _alternating(labels: Labels) -> NDArray[np.intp]:
    """All rows (N,), shuffled with a fixed seed, in an order in which the classes are spread evenly.

    Its last rows are those that Webster's way of sharing out seats would give to each class.
    """
    order = np.random.default_rng(0).permutation(len(labels))
    place = np.empty(len(labels))
    for label in np.unique(labels):
        rows = order[labels[order] == label]
        place[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    return order[np.argsort(place[order], kind="stable")]


def _parted(images: NDArray[np.float32], labels: Labels) -> tuple[list[NDArray[np.float32]], list[Labels]]:
    """The last tenth of the rows in that order is held out; what is left keeps the order of the file."""
    order = _alternating(labels)
    count = max(LEAST, round(len(labels) / 10))
    parts = [np.sort(order[:-count]), order[-count:]]
    return [images[rows] for rows in parts], [labels[rows] for rows in parts]


def _checksum(*sets: OwnSet) -> str:
    digest = hashlib.sha256()
    for part in sets:
        for array in (part.images, part.labels):
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
