"""Animations as data: frames, their pace, and words for what each one shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio.v3 as iio
import numpy as np
from numpy.typing import NDArray

__all__ = ["Animation", "write_gif"]


@dataclass(frozen=True)
class Animation:
    """Grey frames (N, H, W) as uint8, with one label each; `alt` says what the whole shows."""

    frames: NDArray[np.uint8]
    fps: float
    labels: Sequence[str]
    alt: str


def write_gif(animation: Animation, path: str | Path, enlarge: int = 12) -> Path:
    """Writes the frames, enlarged without smoothing, as a GIF that repeats; durations are rounded to 10 ms by GIF."""
    frames = animation.frames.repeat(enlarge, axis=1).repeat(enlarge, axis=2)
    iio.imwrite(path, frames, extension=".gif", duration=1000 / animation.fps, loop=0)
    return Path(path)
