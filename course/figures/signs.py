"""The entries of a legend as small pictures of their own, so that a page can set it as words between them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, PathCollection
from matplotlib.colors import to_hex, to_rgba, to_rgba_array
from matplotlib.container import Container
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.typing import ColorType

__all__ = ["Legend", "legend_of", "sign"]

Legend = list[tuple[str, Artist]]
"""What each entry says, and an artist with the look that it stands for."""

_LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
_DASHES = {"--": "5 3", "-.": "6 2 2 2", ":": "2 2"}
_HALF = 5  # pixels: half of a marker


def legend_of(axes: Axes) -> Legend:
    """The labelled artists of these axes, each label once."""
    return list({label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}.items())


def sign(artist: Artist) -> str:
    """An artist as an SVG of 22 by 14 pixels: a line with its dashes and marker, a marker, or a patch of its colour."""
    if isinstance(artist, Container):
        artist = next(part for part in artist if isinstance(part, Artist))
    if isinstance(artist, Line2D):
        drawn = _line(artist)
    elif isinstance(artist, PathCollection):
        edge = _first(artist.get_edgecolor()) if np.max(artist.get_linewidth()) else "none"
        drawn = _marker(artist.get_paths()[0], _first(artist.get_facecolor()), edge)
    elif isinstance(artist, Patch | Collection):
        face, edge = (_first(colour) for colour in (artist.get_facecolor(), artist.get_edgecolor()))
        drawn = f'<path d="M-10-5H10V5H-10Z" {_fill(face)} {_stroke(edge, 1)}/>'
    else:
        raise TypeError(f"a legend shows lines, markers and patches; got {type(artist).__name__}")
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-11-7 22 14" width="22" height="14">{drawn}</svg>'


def _line(line: Line2D) -> str:
    style, drawn = line.get_linestyle(), ""
    if style not in ("None", "none", "", " "):
        dashes = f' stroke-dasharray="{_DASHES[style]}"' if style in _DASHES else ""
        drawn = f'<path d="M-11 0H11" {_stroke(line.get_color(), max(1.5, line.get_linewidth()))}{dashes}/>'
    if line.get_marker() not in ("None", "none", "", " ", None):
        style_of = MarkerStyle(line.get_marker())
        path = style_of.get_path().transformed(style_of.get_transform())
        drawn += _marker(path, line.get_markerfacecolor(), line.get_markeredgecolor())
    return drawn


def _first(colours: Any) -> ColorType:
    """The colour of the first part of an artist, or none."""
    return next((tuple(colour) for colour in to_rgba_array(colours)), "none")


def _marker(path: Path, face: ColorType, edge: ColorType) -> str:
    """A marker's path, ten pixels high or wide."""
    scale = _HALF / np.abs(np.asarray(path.vertices)).max()
    steps = []
    for points, code in path.iter_segments(simplify=False, curves=True):
        signed = [value * scale * (1, -1)[i % 2] for i, value in enumerate(points)]
        steps.append(_LETTERS[code] + ("" if code == Path.CLOSEPOLY else " ".join(f"{value:.1f}" for value in signed)))
    return f'<path d="{"".join(steps)}" {_fill(face)} {_stroke(edge, 1.5)}/>'


def _fill(colour: ColorType) -> str:
    *_, alpha = to_rgba(colour)
    return f'fill="{to_hex(colour)}" fill-opacity="{alpha:.2g}"' if alpha else 'fill="none"'


def _stroke(colour: ColorType, width: float) -> str:
    *_, alpha = to_rgba(colour)
    return f'stroke="{to_hex(colour)}" stroke-width="{width:.2g}"' if alpha else ""
