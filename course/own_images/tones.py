"""One scale of grey for all pictures of a folder: what is white, and on which ground the clear ones lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from course.own_images.picture import SIDE, Picture
from course.own_images.pixels import CONTRAST

__all__ = ["of_all"]

_MOST = 65535  # of 16 bits


def of_all(pictures: list[Picture]) -> tuple[NDArray[np.uint8], list[str]]:
    """The pictures as bytes (N, 28, 28), and in words what was decided."""
    white, words = _white(pictures)
    on_black, said = _on_black(pictures)
    images = np.zeros((len(pictures), SIDE, SIDE), np.uint8)
    for row, picture in enumerate(pictures):
        if picture.peak:
            images[row] = (picture.pixels * (255 / white)).clip(0, 255).round()
        elif picture.on_black is not None and row in on_black:
            images[row] = picture.on_black
        else:
            images[row] = picture.pixels
    return images, words + said


def _white(pictures: list[Picture]) -> tuple[float, list[str]]:
    """The value of white where there are more than 8 bits: 1 of floats, the largest number of as many bits as are used.

    Values that use nearly all of 16 bits have 16: a set of pictures may be a little dark.
    """
    peaks = [picture.peak for picture in pictures if picture.peak]
    highest = max(peaks, default=_MOST)
    bits = 16 if _MOST / 4 < highest <= _MOST else max(8, int(np.ceil(highest)).bit_length())
    white = 2.0**bits - 1 if highest > 1 else 1.0
    words = f"{len(peaks)} of more than 8 bits reach up to {highest:.6g}: {white:.0f} is taken as white"
    return white, [] if white == _MOST else [words]


def _on_black(pictures: list[Picture]) -> tuple[set[int], list[str]]:
    """The rows of the pictures whose clear ground is black: all of them if so more can be seen, unless one cannot.

    Else the ground is white, as paper is.
    """
    clear = [row for row, picture in enumerate(pictures) if picture.on_black is not None]
    only_white = {row for row in clear if _seen(pictures[row].pixels) and not _seen(pictures[row].on_black)}
    only_black = {row for row in clear if _seen(pictures[row].on_black) and not _seen(pictures[row].pixels)}
    on_black = only_black if len(only_black) <= len(only_white) else set(clear) - only_white
    words = f"{len(on_black)} of {len(clear)} with a clear ground are put on black, where they can be seen better"
    return on_black, [words] if on_black else []


def _seen(pixels: NDArray[np.uint8] | None) -> bool:
    return pixels is not None and bool(np.ptp(pixels) >= CONTRAST * 255)
