"""A folder of pictures as arrays: grey squares of 28 x 28 pixels, whatever the pictures were."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from course import memory
from course.errors import CourseError
from course.own_images import listing, mnist, picture, pixels, tones
from course.own_images.arrays import BYTES, Arrays
from course.own_images.listing import Listing
from course.own_images.naming import counted, listed, shown
from course.own_images.picture import ENDINGS, SIDE, Picture
from course.own_images.shapes import MAX_CLASSES

__all__ = ["ENDINGS", "read"]

_PARTS = {"train", "training", "test", "testing", "val", "valid", "validation", "dev"}


def read(folder: Path) -> Arrays:
    """The pictures in `folder` as (N, 28, 28), their labels and the names of the classes, and in words what was done.

    Subfolders are classes, in the order of their names, with what lies deeper down; pictures in the folder itself have
    no labels. A bar shows where it takes long. Raises CourseError where there are no pictures, where they lie on both
    levels, where some cannot be read, or where they are blank.
    """
    found = listing.look(folder, ENDINGS)
    _check(found)
    paths = found.flat or [path for below in found.classes.values() for path in below]
    memory.check(len(paths) * SIDE**2 * BYTES, counted(len(paths), "picture"))
    read = _read_all(folder, paths)
    images, words = tones.of_all(read)
    names = [path.relative_to(folder) for path in paths]
    words = [
        f"{len(images)} pictures: the middle square of each, in grey, made {SIDE} x {SIDE} pixels",
        *_deeper(found), *_left_out(found), *_odd(read, names), *words, *_check_visible(images, names),
    ]  # fmt: skip
    if found.flat:
        return Arrays(images, words=tuple(words))
    labels = np.repeat(np.arange(len(found.classes)), [len(below) for below in found.classes.values()])
    return Arrays(images, labels, class_names=tuple(shown(place.name) for place in found.classes), words=tuple(words))


def _check(found: Listing) -> None:
    """Raises CourseError where pictures do not lie in one folder, or in a subfolder for each class."""
    names = [place.name for place in found.classes]
    if found.flat and names:
        raise CourseError(
            f"expected pictures in the folder or in its subfolders, one for each class, got both: {len(found.flat)} "
            f"beside {listed(names)}. Move one kind away"
        )
    if not found.flat and not names:
        files = [path for paths in found.left_out.values() for path in paths]
        four = next((path.parent for path in files if mnist.is_file_of(path.name)), None)
        other = "Save them in one of these forms, or name another folder" if files else "Name another folder"
        step = other if four is None else f"Name the folder of these four, {shown(four)}"
        raise CourseError(
            f"expected pictures ({', '.join(ENDINGS)}) there or in a subfolder for each class, or the four files of "
            f"MNIST's form (train-images-idx3-ubyte and so on), got {_reasons(found) or 'nothing'}. {step}"
        )
    if names and {name.lower() for name in names} <= _PARTS:
        raise CourseError(f"expected a subfolder for each class, got {listed(names)}: name one of these as the folder")
    if len(names) == 1:
        raise CourseError(
            f"expected subfolders for 2 to {MAX_CLASSES} classes, got only {shown(names[0])}: name it as the folder, "
            f"{shown(next(iter(found.classes)))}"
        )
    if len(names) > MAX_CLASSES:
        raise CourseError(f"expected subfolders for 2 to {MAX_CLASSES} classes, got {len(names)}: put some together")


def _read_all(folder: Path, paths: list[Path]) -> list[Picture]:
    read, bad = [], []
    for path in tqdm(paths, unit="picture", disable=None, leave=False, delay=1):
        try:
            read.append(picture.read(path))
        except CourseError as error:
            bad.append(f"{path.relative_to(folder)} ({error})")
    if bad:
        raise CourseError(
            f"expected {counted(len(paths), 'picture')}, got {len(bad)} that cannot be read: {listed(bad)}. "
            "Repair them or move them away"
        )
    return read


def _check_visible(images: NDArray[np.uint8], names: list[Path]) -> list[str]:
    """In words which pictures are blank; raises CourseError where most are, or where all together are too faint."""
    low, high = int(images.min()), int(images.max())
    if high - low < pixels.CONTRAST * 255:
        raise CourseError(
            f"expected pictures that reach from dark to bright, got {counted(len(images), 'picture')} with values from "
            f"{low} to {high} of 255, as from 12 bits in files of 16. Save them with all their contrast"
        )
    blank = [names[row] for row in pixels.blank(images.reshape(len(images), -1) / np.float32(255))]
    if 2 * len(blank) > len(images):
        raise CourseError(
            f"expected pictures with something to see, got {len(blank)} of {len(images)} of one value, or nearly: "
            f"{listed(blank, 2)}. Look at their middle square, which is what is read"
        )
    return _noted(blank, "of one value, or nearly")


def _deeper(found: Listing) -> list[str]:
    deep = [path for place, below in found.classes.items() for path in below if path.parent != place]
    names = [path.relative_to(found.folder) for path in deep]
    return _noted(names, "deeper down, and of the class of the first folder")


def _odd(read: list[Picture], names: list[Path]) -> list[str]:
    paged = [name for name, found in zip(names, read, strict=True) if found.pages]
    faulty = [f"{name}: {found.fault}" for name, found in zip(names, read, strict=True) if found.fault]
    return [
        *_noted(paged, "of several pages or frames, of which the first is read"),
        *_noted(faulty, "damaged, and read as far as a browser shows them"),
    ]


def _left_out(found: Listing) -> list[str]:
    return [f"left out: {_reasons(found)}"] if any(found.left_out.values()) else []


def _reasons(found: Listing) -> str:
    """What is left out and why, by count and first name."""
    names = {why: [path.relative_to(found.folder) for path in paths] for why, paths in found.left_out.items()}
    return ", ".join(f"{len(paths)} {why} ({listed(sorted(paths), 2)})" for why, paths in names.items() if paths)


def _noted(names: Sequence[object], what: str) -> list[str]:
    """How many are so, and the first of them; nothing where none is."""
    return [f"{what}: {len(names)} ({listed(names, 2)})"] if names else []
