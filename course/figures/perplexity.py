"""What a perplexity does: t-SNE maps of codes and of noise like them, recorded from a small one to a large one."""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from course.figures.animation import Animation
from course.figures.flat_maps import codes_of, fashion_model, few
from course.figures.style import Theme, class_colours, ink
from course.maps import joint_tsne
from course.palette import PAPER
from course.studies.map_limits import clumping, noise_like

__all__ = ["perplexities"]

Points = NDArray[np.float64]
_PERPLEXITIES = (2, 5, 10, 30, 100)
_PER_CLASS = 50
_PANEL, _MARGIN, _DOT = 126, 4, 2  # small, for the page holds every frame three times


@cache
def _maps() -> dict[int, tuple[Points, Points]]:
    """By perplexity, a map of 500 codes and one of as much noise."""
    codes = codes_of(fashion_model(16), few(_PER_CLASS))
    noise = noise_like(codes, seed=0)
    return {
        each: (joint_tsne(codes, perplexity=each).points, joint_tsne(noise, perplexity=each).points)
        for each in _PERPLEXITIES
    }


def perplexities() -> Animation:
    """Codes at the left and noise at the right, on t-SNE maps of five perplexities."""
    labels = [
        f"perplexity {each}: Clark-Evans ratio {clumping(codes):.2f} for codes, {clumping(noise):.2f} for noise"
        for each, (codes, noise) in _maps().items()
    ]
    light, dark = (np.stack([_frame(*pair, theme) for pair in _maps().values()]) for theme in ("light", "dark"))
    return Animation(
        light,
        0.8,
        labels,
        f"Two t-SNE maps side by side, of 500 codes and of 500 draws of noise, at {len(_PERPLEXITIES)} perplexities "
        "from 2 to 100. At 2, both are many small clumps and threads. As the perplexity grows, the clumps of the noise "
        "melt into an even disc, and those of the codes into a few large groups of one colour.",
        dark=dark,
        enlarge=2,
    )


def _frame(codes: Points, noise: Points, theme: Theme) -> NDArray[np.uint8]:
    """Both maps, each in a thin frame, (126, 256, 3)."""
    palette = np.array([to_rgb(colour) for colour in class_colours(theme)])
    gap = np.broadcast_to(to_rgb(PAPER[theme]), (_PANEL, 4, 3))
    left = _panel(codes, palette[few(_PER_CLASS).labels], theme)
    right = _panel(noise, np.broadcast_to(to_rgb(ink(theme)), (len(noise), 3)), theme)
    return np.round(255 * np.hstack([left, gap, right])).astype(np.uint8)


def _panel(points: Points, shades: NDArray[np.float64], theme: Theme) -> NDArray[np.float64]:
    """A map of dots, as large as its panel allows."""
    panel = np.empty((_PANEL, _PANEL, 3))
    panel[:] = to_rgb(ink(theme, faint=True))
    panel[1:-1, 1:-1] = to_rgb(PAPER[theme])
    middle, reach = (points.min(axis=0) + points.max(axis=0)) / 2, np.ptp(points, axis=0).max() / 2
    half = (_PANEL - _DOT) / 2
    places = np.round(half + (points - middle) / reach * (half - _MARGIN)).astype(int)
    for (x, y), shade in zip(places, shades, strict=True):
        row = _PANEL - y - _DOT
        panel[row : row + _DOT, x : x + _DOT] = shade
    return panel
