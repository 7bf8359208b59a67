"""A folder of pictures as arrays: grey squares of 28 x 28 pixels, whatever the pictures were."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from tqdm import tqdm

from course.errors import CourseError

__all__ = ["ENDINGS", "SIDE", "listed", "picture", "read", "shown"]

SIDE = 28
ENDINGS = (".png", ".jpg", ".jpeg")


def shown(text: str | Path) -> str:
    """A path or a name as it can be printed everywhere: what is no UTF-8 in it becomes a question mark."""
    return os.fspath(text).encode("utf-8", "replace").decode()


def listed(names: Iterable[object], count: int = 6) -> str:
    """The first few names."""
    words = [shown(str(name)) for name in names]
    return ", ".join(words[:count]) + (f" and {len(words) - count} more" if len(words) > count else "")


def read(folder: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64] | None, tuple[str, ...] | None, str]:
    """The pictures in `folder` (N, 28, 28), their labels (N,), the names of the classes, and in words what was done.

    Subfolders are classes, in the order of their names; pictures that lie in the folder itself have no labels. What is
    hidden or no picture by its ending is passed over. A bar shows where it takes long. Raises ValueError where there
    are no pictures, where they lie on both levels, or where some cannot be read.
    """
    flat, classes = _pictures(folder), {place: _pictures(place) for place in _visible(folder) if place.is_dir()}
    classes = {place: found for place, found in classes.items() if found}
    if flat and classes:
        raise CourseError(
            f"{shown(folder)}: expected pictures in the folder or in its subfolders, one for each class, got both: "
            f"{len(flat)} beside {listed(place.name for place in classes)}. Move one kind away"
        )
    if not flat and not classes:
        holds = listed(place.name for place in _visible(folder)) or "nothing"
        raise CourseError(
            f"{shown(folder)}: expected pictures ({', '.join(ENDINGS)}) there or in a subfolder for each class, or the "
            f"four files of MNIST's form (train-images-idx3-ubyte and so on), got {holds}. Name another folder"
        )
    paths = flat or [path for found in classes.values() for path in found]
    images = _read_all(folder, paths)
    words = f"{len(images)} pictures: the middle square of each, in grey, made {SIDE} x {SIDE} pixels"
    if flat:
        return images, None, None, words
    labels = np.repeat(np.arange(len(classes)), [len(found) for found in classes.values()])
    return images, labels.astype(np.int64), tuple(shown(place.name) for place in classes), words


def picture(path: Path) -> NDArray[np.uint8]:
    """One picture as (28, 28), 0 black to 255 white: turned as its camera says, on white, cut to a square, scaled.

    Raises OSError, ValueError or Pillow's own errors for what is no whole picture of a sensible size.
    """
    with warnings.catch_warnings(), Image.open(path) as image:
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off and not scale
            grey = Image.fromarray((np.asarray(upright, np.float64) / 257).round().astype(np.uint8))
        else:
            colours = upright.convert("RGBA")
            grey = Image.alpha_composite(Image.new("RGBA", colours.size, "white"), colours).convert("L")
        return np.asarray(ImageOps.fit(grey, (SIDE, SIDE), Image.Resampling.LANCZOS))


def _read_all(folder: Path, paths: list[Path]) -> NDArray[np.uint8]:
    images, bad = np.zeros((len(paths), SIDE, SIDE), np.uint8), []
    for row, path in enumerate(tqdm(paths, unit="picture", disable=None, leave=False, delay=1)):
        try:
            images[row] = picture(path)
        except PermissionError:
            raise
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
            bad.append(path.relative_to(folder))
    if bad:
        raise CourseError(
            f"{shown(folder)}: expected {len(paths)} pictures, got {len(bad)} that cannot be read: {listed(bad)}. "
            "Repair them or move them away"
        )
    return images


def _pictures(folder: Path) -> list[Path]:
    return [path for path in _visible(folder) if path.suffix.lower() in ENDINGS and path.is_file()]


def _visible(folder: Path) -> list[Path]:
    return sorted((path for path in folder.iterdir() if not path.name.startswith(".")), key=os.fsencode)
