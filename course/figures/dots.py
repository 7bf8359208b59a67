"""Measured values as dots, one a seed: a panel for each score, a line for each thing that was measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from course.figures.signs import legend_of
from course.figures.style import Drawing, Theme, colours, ink, panels, themed

__all__ = ["Dots", "dot_plot"]

_MARKERS = "osD^"


class Dots(NamedTuple):
    """The values over seeds of one row of one panel; a series has a colour and a marker of its own."""

    panel: str
    series: str
    row: str
    values: tuple[float, ...]


def dot_plot(theme: Theme, dots: Sequence[Dots]) -> Drawing:
    """A panel a score; in each a line a row, and on it a dot for each seed, the series a little apart."""
    scores, series = (list(dict.fromkeys(names)) for names in zip(*((d.panel, d.series) for d in dots), strict=True))
    rows = list(dict.fromkeys(each.row for each in dots))
    with themed(theme):
        figures, grid = panels(len(scores), 0.55 + 0.3 * len(rows))
        for axes, panel in zip(grid, scores, strict=True):
            for i, name in enumerate(series):
                of = [each for each in dots if (each.panel, each.series) == (panel, name)]
                xs = [value for each in of for value in each.values]
                ys = [rows.index(each.row) + 0.24 * (i - (len(series) - 1) / 2) for each in of for _ in each.values]
                axes.plot(xs, ys, _MARKERS[i], ms=5.5, mfc="none", mew=1.4, color=colours(theme)[i], label=name)
            axes.set(title=panel, yticks=range(len(rows)), yticklabels=rows, ylim=(len(rows) - 0.5, -0.5))
            axes.grid(axis="y", color=ink(theme, faint=True), lw=0.4)
            axes.tick_params(axis="y", length=0)
    return Drawing(figures, _words(dots, scores, series), legend_of(grid[0]))


def _words(dots: Sequence[Dots], panels: Sequence[str], series: Sequence[str]) -> str:
    """Where the values of each series lie in each panel."""
    words = []
    for panel in panels:
        ranges = []
        for name in series:
            values = [value for each in dots if (each.panel, each.series) == (panel, name) for value in each.values]
            ranges.append(f"{name} {min(values):.3g} to {max(values):.3g}")
        words.append(f"{panel}: {', '.join(ranges)}.")
    return f"{len(panels)} panels of dots, one a seed. {' '.join(words)}"
