"""How every figure looks: the course's palette in two themes, and matplotlib's shape for each marker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.path import Path as Marker
from numpy.typing import NDArray

from course.figures.signs import Legend
from course.palette import CLASSES, FAINT, INK, PATTERNS, Theme
from course.patterns import TYPES

__all__ = [
    "CLASS_MARKERS", "FOUR_ABREAST", "MARKERS", "PHONE", "SMALL", "THREE_ABREAST", "Drawing", "Theme",
    "class_colours", "colours", "image_row", "ink", "name_rows", "panels", "scatter", "show_image", "themed",
]  # fmt: skip

_SHAPES: dict[str, str | Marker] = {
    "diagonal": Marker([(-1, 1), (1, -1)], [Marker.MOVETO, Marker.LINETO]), "horizontal": "_", "vertical": "|",
    "cross": "+", "circle": "o", "square": "s", "triangle up": "^", "triangle down": "v", "diamond": "D", "plus": "P",
    "x": "X", "triangle left": "<", "triangle right": ">", "star": "*",
}  # fmt: skip
MARKERS = tuple(_SHAPES[name] for name in PATTERNS.markers)
CLASS_MARKERS = tuple(_SHAPES[name] for name in CLASSES.markers)


# Inches. A page shows what is drawn as it is, side by side where there is room and below each other on a phone: so no
# panel is wider than a phone, and no text in it is smaller than SMALL.
PHONE, THREE_ABREAST, FOUR_ABREAST = 3.65, 2.35, 1.75
SMALL = 9  # points: 12 pixels


@dataclass(frozen=True)
class Drawing:
    """One figure or several panels, the text that stands for them where they cannot be seen, and their legend."""

    shown: Figure | Sequence[Figure]
    alt: str
    legend: Legend = field(default_factory=list)

    @property
    def panels(self) -> Sequence[Figure]:
        return [self.shown] if isinstance(self.shown, Figure) else self.shown


def panels(count: int, height: float, width: float = PHONE) -> tuple[list[Figure], list[Any]]:
    """Figures and, as free in type as matplotlib's own subplots, the axes of each, for a page to lay out."""
    figures = [Figure(figsize=(width, height)) for _ in range(count)]
    return figures, [figure.subplots() for figure in figures]


def colours(theme: Theme) -> tuple[str, ...]:
    """One colour for each of patterns.TYPES."""
    return PATTERNS.colours[theme]


def class_colours(theme: Theme) -> tuple[str, ...]:
    """One colour for each of the ten classes of fashion.CLASSES."""
    return CLASSES.colours[theme]


def ink(theme: Theme, *, faint: bool = False) -> str:
    """The colour of text and lines."""
    return (FAINT if faint else INK)[theme]


@contextmanager
def themed(theme: Theme) -> Iterator[None]:
    """Figures made inside have the colours of the theme, a transparent ground and quiet axes."""
    colour, faint = ink(theme), ink(theme, faint=True)
    settings: Any = {
        "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none", "font.size": 10,
        "text.color": colour, "axes.labelcolor": colour, "axes.titlecolor": colour, "axes.titlesize": 10,
        "axes.edgecolor": faint, "xtick.color": colour, "ytick.color": colour, "axes.spines.top": False,
        "axes.spines.right": False, "legend.frameon": False, "figure.constrained_layout.use": True,
        "svg.fonttype": "path", "svg.hashsalt": "latent-course",
    }  # fmt: skip
    with mpl.rc_context(settings):
        yield


def show_image(axes: Axes, image: NDArray[np.floating], theme: Theme, label: str = "", *, frame: str = "") -> None:
    """Draws one pattern (256,) or (16, 16), ink on paper or light on dark, with a label below it."""
    side = round(image.size**0.5)
    axes.imshow(image.reshape(side, side), cmap="Greys" if theme == "light" else "gray", vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[])
    axes.set_xlabel(label, fontsize=SMALL, labelpad=3)
    for spine in axes.spines.values():
        spine.set(visible=True, color=frame or ink(theme, faint=True), linewidth=2.2 if frame else 0.6)


def image_row(
    rows: Sequence[Axes], images: NDArray[np.floating], theme: Theme, labels: Sequence[str] | None = None
) -> None:
    """Draws images (S, 256) side by side."""
    for axes, image, label in zip(rows, images, labels or [""] * len(images), strict=True):
        show_image(axes, image, theme, label)


def name_rows(first: Iterable[Axes], names: Iterable[str]) -> None:
    """Writes a name to the left of each row of images, whose first axes are given."""
    for axes, name in zip(first, names, strict=True):
        axes.set_ylabel(name, rotation=0, ha="right", va="center", labelpad=6)


def scatter(
    axes: Axes,
    points: NDArray[np.floating],
    labels: NDArray[np.integer],
    theme: Theme,
    names: Sequence[str] = (),
    *,
    size: float = 14,
) -> None:
    """Points (N, 2), each with the colour and the shape of its label (N,): four types of pattern, or classes.

    `names` are what a legend may show, one for each label.
    """
    many = int(labels.max()) >= len(MARKERS) or (len(names) > 0 and tuple(names) != TYPES)
    signs = CLASSES if many else PATTERNS
    for label in np.unique(labels):
        of = points[labels == label]
        lines = not many  # the markers of patterns are made of lines, which have no face
        marker, colour = _SHAPES[signs.marker(label)], signs.colour(label, theme)
        axes.scatter(
            of[:, 0], of[:, 1], s=size * (3 if lines else 1), marker=marker, c=colour, alpha=0.8,
            linewidths=1.2 if lines else 0, label=names[label] if len(names) > label else str(label),
        )  # fmt: skip
