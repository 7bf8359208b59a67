"""A grid of scores, one field for each pair of beta and latent dimension."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from course.figures.saving import save
from course.figures.style import Theme, colours, ink, themed
from course.palette import PAPER
from course.sweep import Cell, table

__all__ = ["draw_scores", "score_grid"]


def score_grid(
    axes: Axes, values: NDArray[np.float64], rows: list[str], columns: list[str], theme: Theme, digits: int = 2
) -> None:
    """Values (R, C) as colours, from nothing to the colour of the theme, each with its number; NaN stays empty."""
    ground = PAPER[theme]
    shades = LinearSegmentedColormap.from_list("shades", [ground, colours(theme)[1]])
    low, high = np.nanmin(values), max(np.nanmax(values), np.nanmin(values) + 1e-9)
    axes.imshow(values, cmap=shades, vmin=min(low, 0), vmax=high, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            strong = (value - min(low, 0)) / (high - min(low, 0)) > 0.6
            axes.text(
                column, row, f"{value:.{digits}f}", ha="center", va="center", color=ground if strong else ink(theme)
            )
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set(visible=True, color=ink(theme, faint=True), linewidth=0.6)


def draw_scores(scores: dict[Cell, float], name: str, path: Path) -> Path:
    """Writes the picture of a sweep's score, the mean over seeds, and returns its path."""
    betas, dims, values = table(scores)
    with themed("light"):
        figure = Figure(figsize=(1.4 + 1.1 * len(dims), 1.1 + 0.6 * len(betas)))
        axes = figure.subplots()
        score_grid(axes, values, [f"{beta:g}" for beta in betas], [str(dim) for dim in dims], "light")
        axes.set(xlabel="latent dimensions", ylabel="beta", title=name)
        return save(figure, path, dpi=150, facecolor="white")
