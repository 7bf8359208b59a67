"""Fashion-MNIST: 28 x 28 photographs of clothes in shades of grey, ten classes, 60 000 to train on and 10 000 to test.

Xiao, Rasul, Vollgraf, Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms, 2017
(arXiv:1708.07747). `sample` ships with the course; `load` reads the whole set from where it lies on this machine.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from course import fashion_files, files
from course.errors import CourseError

__all__ = ["CLASSES", "IMAGE_DIM", "IMAGE_SIZE", "FashionSet", "Split", "load", "sample", "write_sample"]

TRAINING_VERSION = 1  # raise it when a change of these images alters training: see identity.py

IMAGE_SIZE = 28
IMAGE_DIM = IMAGE_SIZE**2
CLASSES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip

_SAMPLE = Path(__file__).parent / "data" / "fashion_sample.npz"
_PER_CLASS = {"train": 100, "test": 20}

Split = Literal["train", "test"]


@dataclass(frozen=True)
class FashionSet:
    """Images (N, 784), float32 in [0, 1], 28 x 28 row by row, with their class (N,), an index into `class_names`."""

    name: str
    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...] = CLASSES

    def __len__(self) -> int:
        return len(self.images)

    def balanced(self, per_class: int) -> FashionSet:
        """The first `per_class` images of each class, in the order of the set."""
        counts = np.bincount(self.labels, minlength=len(self.class_names))
        if not 1 <= per_class <= counts.min():
            raise CourseError(f"per_class must lie between 1 and {counts.min()}, the smallest class, got {per_class}")
        rows = np.sort(np.concatenate([np.flatnonzero(self.labels == c)[:per_class] for c in range(len(counts))]))
        return FashionSet(f"{self.name}-{len(rows)}", self.images[rows], self.labels[rows], self.class_names)


def load(split: Split = "train", folder: str | Path | None = None, *, download: bool = False) -> FashionSet:
    """The whole training set (60 000 images) or test set (10 000), every byte of it checked.

    The files, gzipped or not, come from `folder`, or the folder that LATENT_COURSE_FASHION names; if neither is given,
    from Debian's package or from the cache of an earlier download. Only with `download` are they fetched if they lie
    nowhere, or damaged in the cache. Raises FileNotFoundError where files are missing, ValueError where they are
    damaged or other ones, OSError where they cannot be fetched.
    """
    both = fashion_files.of_split(split)
    images, labels = (fashion_files.read(file, folder, download=download) for file in both)
    return _as_set(f"fashion-{split}", images, labels)


def sample(split: Split = "train") -> FashionSet:
    """A balanced part that ships with the course: the first 100 images of each class to train on, 20 to test.

    Raises FileNotFoundError or ValueError where the course's own file is missing or damaged.
    """
    fashion_files.of_split(split)
    try:
        with _SAMPLE.open("rb") as file, np.load(file) as arrays:
            images, labels = arrays[f"{split}_images"], arrays[f"{split}_labels"]
    except FileNotFoundError:
        raise FileNotFoundError(f"{_SAMPLE} is missing; install the course again") from None
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise CourseError(f"{_SAMPLE}: expected the course's sample, got {error}; install the course again") from None
    return _as_set(f"fashion-sample-{split}", images, labels)


def write_sample(path: str | Path = _SAMPLE, folder: str | Path | None = None) -> Path:
    """Makes the sample again from the whole set, at `path`, whole or not at all; the same each time."""
    train, test = load("train", folder).balanced(_PER_CLASS["train"]), load("test", folder).balanced(_PER_CLASS["test"])
    content = BytesIO()
    np.savez_compressed(
        content, train_images=_bytes(train.images), train_labels=train.labels.astype(np.uint8),
        test_images=_bytes(test.images), test_labels=test.labels.astype(np.uint8),
    )  # fmt: skip
    files.write(Path(path), content.getvalue())
    return Path(path)


def _as_set(name: str, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> FashionSet:
    pixels = np.divide(images.reshape(-1, IMAGE_DIM), np.float32(255), dtype=np.float32)  # (N, 784)
    return FashionSet(name, pixels, labels.astype(np.int64))


def _bytes(images: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(images * 255).astype(np.uint8).reshape(-1, IMAGE_SIZE, IMAGE_SIZE)
