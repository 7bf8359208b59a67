"""Readers' own images: read from where they lie, checked whole before anything is trained on them, and parted.

Whatever the form (see `own_files`), what comes out is a set to learn from, a set to judge on, and a checksum of both,
by which the same images are known again in another place.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course import own_files
from course.own_files import Arrays, Stamp, shown

__all__ = ["MAX_CLASSES", "SIDES", "UNLABELLED", "OwnImages", "OwnSet", "read", "shown"]

SIDES = (2, 64)
MAX_CLASSES = 256
UNLABELLED = ("image",)
_LEAST = 2

Labels = NDArray[np.int64]


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
    """What lies at `path`: images to learn from and to judge on, the sha256 of all of them, and in words what came."""

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
    place = Path(os.path.abspath(Path(path).expanduser()))
    try:
        return _read(place, own_files.stamp(place))
    except PermissionError as error:
        raise PermissionError(
            f"expected to read {shown(error.filename or place)}, came: permission denied. Give yourself the right to "
            "read it, or copy the images to a place of your own"
        ) from None


@lru_cache(maxsize=2)
def _read(path: Path, _stamp: Stamp) -> OwnImages:
    arrays = own_files.load(path)
    title = shown(path.stem if path.suffix == ".npz" else path.name or path)
    try:
        images, labels, names = _checked(arrays)
    except ValueError as error:
        raise ValueError(f"{shown(path)}: {error}") from None
    words = list(arrays.words)
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


def _checked(arrays: Arrays) -> tuple[list[NDArray[np.float32]], list[Labels], tuple[str, ...]]:
    """Images (N, D) and labels (N,) of each part, and the names of the classes."""
    images = [_pixels("images", arrays.images)]
    if arrays.test_images is not None:
        images.append(_pixels("test_images", arrays.test_images))
        if images[1].shape[1] != images[0].shape[1]:
            raise ValueError(
                f"expected test_images as large as images, {images[0].shape[1]} pixels, came {images[1].shape[1]}: "
                "scale one of them"
            )
    elif arrays.test_labels is not None:
        raise ValueError("test_labels came without test_images: add the images, or leave both out")
    elif len(images[0]) < 2 * _LEAST:
        raise ValueError(f"expected at least {2 * _LEAST} images, some to judge on, came {len(images[0])}: add more")
    if arrays.labels is None:
        if arrays.test_labels is not None or arrays.class_names is not None:
            raise ValueError("test_labels or class_names came without labels: add labels, or leave all of them out")
        return images, [np.zeros(len(part), np.int64) for part in images], UNLABELLED
    given = [_whole("labels", arrays.labels, len(images[0]))]
    if len(images) == 2:
        if arrays.test_labels is None:
            raise ValueError("labels came without test_labels: label the test images too, or leave labels out")
        given.append(_whole("test_labels", arrays.test_labels, len(images[1])))
    return images, *_classes(given, arrays.class_names)


def _pixels(what: str, array: NDArray[Any]) -> NDArray[np.float32]:
    if array.dtype != np.uint8 and array.dtype.kind != "f":
        raise ValueError(
            f"expected {what} as uint8 from 0 to 255 or as floats in [0, 1], came {array.dtype}: convert them with "
            f"{what}.astype(np.uint8), or divide"
        )
    side = array.shape[-1] if array.ndim == 3 else isqrt(array.shape[-1]) if array.ndim == 2 else 0
    if array.shape[1:] not in ((side, side), (side**2,)) or not SIDES[0] <= side <= SIDES[1]:
        raise ValueError(
            f"expected {what} of shape (N, H, W) or (N, H * W), squares of {SIDES[0]} to {SIDES[1]} pixels a side, "
            f"came {array.shape}: crop or scale them first"
        )
    if len(array) < _LEAST:
        raise ValueError(f"expected at least {_LEAST} {what}, came {len(array) or 'none'}: add more")
    flat = array.reshape(len(array), -1)
    if array.dtype == np.uint8:
        if flat.max() <= 1:
            raise ValueError(
                f"expected {what} of uint8 to reach from 0 to 255, came nothing above {flat.max()}, which is black: "
                f"multiply black and white {what} by 255"
            )
        scaled: NDArray[np.float32] = np.divide(flat, np.float32(255), dtype=np.float32)
        return scaled
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite, and is found below
        pixels = flat.astype(np.float32)
    bad = ~np.isfinite(pixels).all(axis=1)
    if bad.any():
        raise ValueError(
            f"expected finite {what}, came {bad.sum()} with NaN or infinity, the first at {bad.argmax()}: repair them "
            "or leave them out"
        )
    if pixels.min() < 0 or pixels.max() > 1:
        raise ValueError(
            f"expected {what} of floats in [0, 1], came values from {pixels.min():.4g} to {pixels.max():.4g}: rescale "
            "them first"
        )
    return pixels


def _whole(what: str, array: NDArray[Any], count: int) -> NDArray[Any]:
    if array.dtype.kind not in "iu":
        raise ValueError(f"expected {what} as whole numbers, one class each, came {array.dtype}: number the classes")
    if array.shape != (count,):
        raise ValueError(f"expected {count} {what}, one for each image, came shape {array.shape}: count both again")
    return array


def _classes(given: list[NDArray[Any]], names: tuple[str, ...] | None) -> tuple[list[Labels], tuple[str, ...]]:
    """Labels as indices into the names; without names, classes are the numbers that occur, and are called by them."""
    found = np.unique(given[0])
    if len(found) < 2 or max(len(found), len(names or ())) > MAX_CLASSES:
        came = f"only {found[0]}" if len(found) < 2 else f"{max(len(found), len(names or ()))}"
        raise ValueError(
            f"expected labels of 2 to {MAX_CLASSES} classes, came {came}: leave labels out if they are no classes"
        )
    if names is not None:
        for labels in given:
            if labels.min() < 0 or labels.max() >= len(names):
                raise ValueError(
                    f"expected labels from 0 to {len(names) - 1}, an index into class_names each, came "
                    f"{labels.min()} to {labels.max()}: name every class"
                )
        return [labels.astype(np.int64) for labels in given], names
    for labels in given[1:]:
        unknown = np.setdiff1d(labels, found)
        if len(unknown):
            raise ValueError(f"expected test_labels among labels, came {unknown[0]} too: no image to learn has it")
    return [np.searchsorted(found, labels).astype(np.int64) for labels in given], tuple(str(n) for n in found)


def _alternating(labels: Labels) -> NDArray[np.intp]:
    """All rows (N,), shuffled with a fixed seed, in an order in which every stretch has its share of each class."""
    order = np.random.default_rng(0).permutation(len(labels))
    place = np.empty(len(labels))
    for label in np.unique(labels):
        rows = order[labels[order] == label]
        place[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    return order[np.argsort(place[order], kind="stable")]


def _parted(images: NDArray[np.float32], labels: Labels) -> tuple[list[NDArray[np.float32]], list[Labels]]:
    """The last tenth of the rows in that order is held out; what is left keeps the order of the file."""
    order = _alternating(labels)
    count = max(_LEAST, round(len(labels) / 10))
    parts = [np.sort(order[:-count]), order[-count:]]
    return [images[rows] for rows in parts], [labels[rows] for rows in parts]


def _checksum(*sets: OwnSet) -> str:
    digest = hashlib.sha256()
    for part in sets:
        for array in (part.images, part.labels):
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
