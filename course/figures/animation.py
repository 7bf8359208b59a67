"""Animations as data: frames, their pace, and words for what each one shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio.v3 as iio
import numpy as np
from numpy.typing import NDArray

from course import files, outputs

__all__ = ["Animation", "write_gif"]


@dataclass(frozen=True)
class Animation:
    """Frames as uint8 with one label each, grey (N, H, W) or coloured (N, H, W, 3); `alt` says what the whole shows.

    Grey frames are light on dark, and the page turns them over by day. Coloured frames stay as they are, and `dark`
    holds those that the player shows on a dark page, if there are such. A GIF enlarges each pixel to `enlarge` a side.
    """

    frames: NDArray[np.uint8]
    fps: float
    labels: Sequence[str]
    alt: str
    dark: NDArray[np.uint8] | None = None
    enlarge: int = 12

    @property
    def coloured(self) -> bool:
        return self.frames.ndim == 4


def write_gif(animation: Animation, path: str | Path, enlarge: int | None = None) -> Path:
    """Writes the frames, enlarged without smoothing, as a GIF that repeats; durations are rounded to 10 ms by GIF.

    The file is whole or not there.
    """
    enlarge = enlarge or animation.enlarge
    frames = animation.frames.repeat(enlarge, axis=1).repeat(enlarge, axis=2)
    duration = 1000 / animation.fps
    content = iio.imwrite("<bytes>", frames, extension=".gif", duration=duration, loop=0, comment=outputs.COMMENT)
    files.write(Path(path), content)
    return Path(path)
