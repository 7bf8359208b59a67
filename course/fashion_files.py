"""The four files of Fashion-MNIST: what they must hold, where they lie on this machine, where they come from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from course import files, idx
from course.errors import CourseError

__all__ = ["DEBIAN", "MIRRORS", "SPLITS", "VARIABLE", "File", "cache_folder", "find", "of_split", "read"]

VARIABLE = "LATENT_COURSE_FASHION"
DEBIAN = Path("/usr/share/datasets/fashion-mnist")
MIRRORS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
_DOWNLOAD = "`latent-course fashion --download` (31 MB; in Python, fashion.load(download=True))"
_BY_HAND = (
    f"install Debian's package dataset-fashion-mnist, or name a folder with the four files in {VARIABLE}, or use the "
    "sample that ships with the course (--data fashion-sample; in Python, fashion.sample())"
)


@dataclass(frozen=True)
class File:
    """An IDX file: its name without .gz, the shape of its values, the sha256 of its uncompressed bytes."""

    name: str
    shape: tuple[int, ...]
    sha256: str


SPLITS: dict[str, tuple[File, File]] = {
    "train": (
        File("train-images-idx3-ubyte", (60000, 28, 28),
             "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
        File("train-labels-idx1-ubyte", (60000,),
             "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
    ),
    "test": (
        File("t10k-images-idx3-ubyte", (10000, 28, 28),
             "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
        File("t10k-labels-idx1-ubyte", (10000,),
             "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
    ),
}  # fmt: skip


def of_split(split: str) -> tuple[File, File]:
    """The images and the labels of "train" or "test"; ValueError for any other split."""
    if split not in SPLITS:
        raise CourseError(f"split must be train or test, got {split!r}")
    return SPLITS[split]


def cache_folder() -> Path:
    """Where downloads lie: `latent-course/fashion-mnist` in the user's cache folder."""
    return files.cache_folder() / "fashion-mnist"


def find(file: File, folder: str | Path | None = None, *, download: bool = False) -> Path:
    """Where `file` or `file`.gz lies: in `folder`, or the one that LATENT_COURSE_FASHION names, and nowhere else.

    If neither is given: in Debian's package, or in the cache, where `download` fetches it if it is missing or damaged.
    Raises FileNotFoundError where it is missing, OSError where it cannot be fetched.
    """
    asked = folder or os.environ.get(VARIABLE)
    places = [Path(asked).expanduser()] if asked else [DEBIAN] if download else [DEBIAN, cache_folder()]
    for place in places:
        for path in (place / file.name, place / f"{file.name}.gz"):
            if path.is_file():
                return path
    if download and not asked:
        from course.download import fetch  # only a download needs what it imports

        try:
            return fetch(file.name, file.sha256, cache_folder(), MIRRORS)
        except OSError as error:
            raise OSError(f"{error}\nTry again later, or {_BY_HAND}") from None
    got = "; ".join(f"{place} {_holds(place)}" for place in places)
    how = f"Call {_DOWNLOAD} once, or {_BY_HAND}"
    if asked:
        how = f"Name the folder with the four files; or name none, also in {VARIABLE}, and call {_DOWNLOAD}"
    raise FileNotFoundError(f"expected {file.name} or {file.name}.gz, but {got}. {how}")


def read(file: File, folder: str | Path | None = None, *, download: bool = False) -> NDArray[np.uint8]:
    """The values of `file`, found as `find` does, in its shape; ValueError where any byte of it is another one."""
    return idx.read(find(file, folder, download=download), file.shape, file.sha256)


def _holds(folder: Path) -> str:
    if not folder.is_dir():
        return "is no folder"
    names = sorted(path.name for path in folder.iterdir())
    return f"holds {', '.join(names[:6])}" if names else "is empty"
