"""What every form of own images becomes before it is checked."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

__all__ = ["BYTES", "Arrays"]

BYTES = 9  # for each pixel, beside the array itself: as float32, once more when parted, and what is looked at at once


class Arrays(NamedTuple):
    """Images (N, H, W), (N, D) or with a channel axis, and what may come with them, unchecked.

    `words` say what reading did to them, and what lay there and was not read.
    """

    images: NDArray[Any]
    labels: NDArray[Any] | None = None
    test_images: NDArray[Any] | None = None
    test_labels: NDArray[Any] | None = None
    class_names: tuple[str, ...] | None = None
    words: tuple[str, ...] = ()
