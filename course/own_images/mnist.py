"""A folder with the four files of MNIST's form, under one of the names that they go by."""

from __future__ import annotations

import re
from collections import defaultdict
from math import prod
from pathlib import Path

from course import idx, memory
from course.errors import CourseError
from course.own_images import shapes
from course.own_images.arrays import BYTES, Arrays
from course.own_images.naming import listed, shown

__all__ = ["FILES", "is_file_of", "read"]

FILES = {
    "images": "train-images-idx3-ubyte", "labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte", "test_labels": "t10k-labels-idx1-ubyte",
}  # fmt: skip
_NAME = re.compile(r"(|.*[-_])(train|t10k|test)-(images|labels)[-.]idx[13]-ubyte(\.gz)?", re.IGNORECASE | re.DOTALL)


def is_file_of(name: str) -> bool:
    """Whether a file of this name is one of the four: `emnist-letters-test-images-idx3-ubyte.gz` is, for example."""
    return _NAME.fullmatch(name) is not None and not name.startswith(".")


def read(folder: Path) -> Arrays:
    """The four files; EMNIST's letters, which lie on their side there, are turned upright.

    Raises CourseError where there are several sets, FileNotFoundError where a file is missing, and as `idx.read`.
    """
    name, found = _one_set(folder)
    if missing := [usual for what, usual in FILES.items() if what not in found]:
        raise FileNotFoundError(
            f"{shown(folder)}: expected the four files {', '.join(FILES.values())}, each with or without .gz, but "
            f"{', '.join(missing)} is not there: copy it to the others"
        )
    lengths = {what: (None,) * (3 if "images" in what else 1) for what in FILES}
    sizes = {what: idx.shape_of(found[what], lengths[what]) for what in FILES}
    shapes.check(sizes)
    memory.check(
        sum(prod(size) * (1 + BYTES * ("images" in what)) for what, size in sizes.items()),
        f"{sizes['images'][0]} images and {sizes['test_images'][0]} to judge on",
    )
    arrays = {what: idx.read(found[what], lengths[what]) for what in FILES}
    words = []
    if name.lower().startswith("emnist"):
        words.append("EMNIST's images lie on their side: rows and columns are exchanged")
        for what in ("images", "test_images"):
            arrays[what] = arrays[what].swapaxes(1, 2)
    used = {path.name for path in found.values()}
    if rest := sorted(shown(path.name) for path in folder.iterdir() if path.name not in used):
        words.append(f"not read: {listed(rest)}")
    images, labels, test_images, test_labels = (arrays[what] for what in FILES)
    return Arrays(images, labels, test_images, test_labels, words=tuple(words))


def _one_set(folder: Path) -> tuple[str, dict[str, Path]]:
    """What stands before `train` in the names of the four files, and each file; an unpacked one goes before .gz."""
    sets: dict[str, dict[str, Path]] = defaultdict(dict)
    for path in sorted(folder.iterdir(), key=lambda path: (path.suffix == ".gz", path.name)):
        if is_file_of(path.name) and path.is_file() and (parts := _NAME.fullmatch(path.name)):
            what = f"{'' if parts[2].lower() == 'train' else 'test_'}{parts[3].lower()}"
            sets[parts[1]].setdefault(what, path)
    if len(sets) != 1:
        names = listed(f"{name}train-images-idx3-ubyte" for name in sets)
        raise CourseError(f"expected one set of four files, got several: {names}. Move all but one away")
    return next(iter(sets.items()))
