"""Own images as tests make them: .npz files, MNIST's four files, folders of pictures."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from course.own_images.mnist import FILES as IDX
from tests.course import small_fashion

__all__ = [
    "GENERATOR",
    "IDX",
    "IMAGES",
    "LABELS",
    "folder_of",
    "four",
    "idx",
    "npz",
    "zipped",
]  # fmt: skip

GENERATOR = np.random.default_rng(5)
IMAGES = GENERATOR.integers(0, 256, (60, 5, 5), np.uint8)
LABELS = np.arange(60) % 3


def npz(path: Path, **content: Any) -> Path:
    np.savez(path, **content)
    return path


def idx(folder: Path, content: dict[str, NDArray[np.uint8]], packed: bool = False) -> Path:
    """The four files of MNIST's form; `content` by the names of `files.IDX`."""
    folder.mkdir(exist_ok=True)
    for what, values in content.items():
        raw = small_fashion.idx(values)
        (folder / f"{IDX[what]}{'.gz' if packed else ''}").write_bytes(gzip.compress(raw) if packed else raw)
    return folder


def four(**changes: NDArray[np.uint8]) -> dict[str, NDArray[np.uint8]]:
    """The content of four small files, as they should be but for the changes."""
    labels = LABELS.astype(np.uint8)
    usual = {"images": IMAGES[:40], "labels": labels[:40], "test_images": IMAGES[40:], "test_labels": labels[40:]}
    return usual | changes


def folder_of(place: Path, classes: tuple[str, ...] = ("cat", "dog"), count: int = 6) -> Path:
    for number, name in enumerate(classes):
        (place / name).mkdir(parents=True)
        for i in range(count):
            grey = GENERATOR.integers(0, 256, (20 + i, 30), np.uint8)
            Image.fromarray(grey).save(place / name / f"{i}.{('png', 'jpg', 'JPEG')[(i + number) % 3]}")
    return place


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()
