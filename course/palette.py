"""The colour and the marker of each class, and the colours of a page: for figures, notebooks and the explorer.

Colours are Okabe and Ito's, which people with any kind of colour vision can tell apart, brighter on a dark page. Ten of
them are too many for that: there the marker tells two classes apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["ACCENT", "CLASSES", "FAINT", "INK", "PAPER", "PATTERNS", "THEMES", "Signs", "Theme", "look"]

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")

PAPER: Mapping[Theme, str] = {"light": "#ffffff", "dark": "#131416"}
INK: Mapping[Theme, str] = {"light": "#1b1f24", "dark": "#e6e9ee"}
FAINT: Mapping[Theme, str] = {"light": "#8a919b", "dark": "#7d8590"}
ACCENT: Mapping[Theme, str] = {"light": "#0b57b0", "dark": "#7cb7ff"}  # what a reader can take hold of


@dataclass(frozen=True)
class Signs:
    """The colours of each theme and the names of markers, class by class; ten of each make a hundred pairs."""

    colours: Mapping[Theme, tuple[str, ...]]
    markers: tuple[str, ...]

    def colour(self, label: int, theme: Theme) -> str:
        """The colour of a class."""
        palette = self.colours[theme]
        return palette[label % len(palette)]

    def marker(self, label: int) -> str:
        """The name of a class's marker; beyond the last class, colours and markers meet in other pairs."""
        size = len(self.markers)
        return self.markers[(label + label // size) % size]


# One for each of patterns.TYPES: a marker looks like the pattern that it stands for.
PATTERNS = Signs(
    {"light": ("#b34700", "#0072b2", "#008060", "#a3487b"), "dark": ("#f0a050", "#56b4e9", "#3ec99e", "#e39ac3")},
    ("diagonal", "horizontal", "vertical", "cross"),
)
# For all other classes: hues around the circle at two lightnesses.
CLASSES = Signs(
    {
        "light": (
            "#b34700", "#0072b2", "#008060", "#a3487b", "#7d6300", "#5a4fcf", "#c62f2f", "#007d8a", "#5c6670",
            "#8f3fae",
        ),
        "dark": (
            "#f0a050", "#56b4e9", "#3ec99e", "#e39ac3", "#e0c341", "#a8a0ff", "#ff8a80", "#58d3df", "#aab4bf",
            "#d39bea",
        ),
    },
    (
        "circle", "square", "triangle up", "triangle down", "diamond", "plus", "x", "triangle left", "triangle right",
        "star",
    ),
)  # fmt: skip


def look(signs: Signs, classes: int, theme: Theme) -> dict[str, str | list[str]]:
    """The colours of a page in this theme, by name, and under `classes` one for each class."""
    of_page = {"ink": INK[theme], "faint": FAINT[theme], "paper": PAPER[theme], "accent": ACCENT[theme]}
    return {**of_page, "classes": [signs.colour(label, theme) for label in range(classes)]}
