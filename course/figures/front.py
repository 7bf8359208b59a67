"""The pictures of the first page: a plane of clothes, a walk over it, and the card that a link to the site shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from course import planes
from course.explorer import lessons
from course.explorer.contents import codes, shown_images
from course.fashion import CLASSES
from course.figures.animation import Animation
from course.figures.style import Drawing, Theme, class_colours, ink
from course.palette import ACCENT, PAPER
from course.studies import judge

__all__ = ["ANIMATIONS", "FIGURES", "cover", "plane_with_point", "preview"]

Picture = NDArray[np.float64]
_MODEL, _CELLS, _SIDE = "fashion-2", 9, 28
_SIZE = _CELLS * _SIDE
_TINT, _FAINT = 0.45, 0.4
_FRAMES = 80


class Plane(NamedTuple):
    """A decoded plane: images (cells, cells, 784), the judge's classes (P, P) of its pixels, a curve (S, 2) over it."""

    half: float
    images: NDArray[np.float32]
    classes: NDArray[np.int64]
    curve: NDArray[np.float64]


@cache
def _plane() -> Plane:
    model, images = lessons.model(_MODEL), shown_images("fashion-sample")
    mu = codes(model, "fashion-sample")[0]
    half = float(np.abs(mu).max())
    middles = np.stack([mu[images.labels == label].mean(axis=0) for label in range(len(CLASSES))])
    return Plane(
        half,
        planes.decoded_grid(model.decode, _CELLS, half),
        planes.class_map(judge.classes, planes.decoded_grid(model.decode, _SIZE // 3, half)).repeat(3, 0).repeat(3, 1),
        _closed(middles),
    )


def _closed(middles: NDArray[np.floating]) -> NDArray[np.float64]:
    """A curve (S, 2) without corners through points, in the order of their angles around their middle."""
    around = middles - middles.mean(axis=0)
    p = middles[np.argsort(np.arctan2(around[:, 1], around[:, 0]))]
    i, t = np.divmod(np.linspace(0, len(p), _FRAMES, endpoint=False), 1)
    a, b, c, d = (p[(i.astype(int) + k) % len(p)] for k in (-1, 0, 1, 2))
    t = t[:, None]
    curve: NDArray[np.float64] = b + t / 2 * (
        c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))
    )  # Catmull and Rom's
    return curve


def _inked(ground: Picture, ink: NDArray[np.floating], theme: Theme, levels: int) -> Picture:
    """Ink (P, P) in [0, 1] on a ground (P, P, 3) by day, light on it by night; in so few levels that a GIF can."""
    steps = np.round((levels - 1) * ink)[..., None] / (levels - 1)
    inked: Picture = ground * (1 - steps) if theme == "light" else 1 - (1 - ground) * (1 - steps)
    return inked


def _ground(theme: Theme) -> Picture:
    """The class map with the decoded grid faintly over it (P, P, 3)."""
    plane = _plane()
    paper, palette = np.array(to_rgb(PAPER[theme])), np.array([to_rgb(colour) for colour in class_colours(theme)])
    tiles = plane.images.reshape(_CELLS, _CELLS, _SIDE, _SIDE).swapaxes(1, 2).reshape(_SIZE, _SIZE)
    return _inked((paper + _TINT * (palette - paper))[plane.classes], _FAINT * tiles, theme, 12)


def _pixel(z: NDArray[np.floating]) -> tuple[float, float]:
    """Column and row of a point."""
    x, y = z / _plane().half
    return float(1 + x) * _SIZE / 2, float(1 - y) * _SIZE / 2


def _with_ring(ground: Picture, z: NDArray[np.floating], theme: Theme) -> Picture:
    (x, y), rows = _pixel(z), np.arange(_SIZE) + 0.5
    far = np.hypot(rows - x, rows[:, None] - y)
    picture = ground.copy()
    picture[(far > 5) & (far < 12)] = to_rgb(PAPER[theme])
    picture[(far > 6.5) & (far < 10.5)] = to_rgb(ACCENT[theme])
    return picture


def _decode(z: NDArray[np.floating], theme: Theme) -> Picture:
    with torch.no_grad():
        image = lessons.model(_MODEL).decode(torch.tensor(z[None], dtype=torch.float32)).numpy()[0]
    large = image.reshape(_SIDE, _SIDE).repeat(_CELLS, 0).repeat(_CELLS, 1)
    return _inked(np.full((_SIZE, _SIZE, 3), to_rgb(PAPER[theme])), large, theme, 24)


def _beside(z: NDArray[np.floating], theme: Theme) -> Picture:
    """The plane with the point on it, and the decode of the point (P, W, 3)."""
    gap = np.full((_SIZE, 12, 3), to_rgb(PAPER[theme]))
    return np.hstack([_with_ring(_ground(theme), z, theme), gap, _decode(z, theme)])


def plane_with_point(theme: Theme) -> tuple[Picture, tuple[float, float]]:
    """The plane with a point on it (P, P, 3), and its column and row."""
    z = _plane().curve[44]
    return _with_ring(_ground(theme), z, theme), _pixel(z)


def front_still(theme: Theme) -> Drawing:
    """What stands for the first page's explorer where it cannot be touched."""
    picture = _beside(_plane().curve[0], theme)
    figure = Figure(figsize=(7.36, 7.36 * picture.shape[0] / picture.shape[1]))
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.imshow(picture, interpolation="none")
    axes.axis("off")
    for side in (-0.5, _SIZE + 11.5):  # frames
        axes.add_patch(_frame(side, theme))
    seen = len(np.unique(_plane().classes))
    return Drawing(
        figure,
        f"A plane of two latent dimensions, made of {_CELLS} by {_CELLS} decoded pieces of clothing: shoes, bags, "
        f"shirts, trousers that turn into each other. Behind them are the colours of the {seen} classes that a "
        "classifier sees there. A ring marks one point of the plane; its decode stands beside it, large.",
    )


def _frame(left: float, theme: Theme) -> Rectangle:
    return Rectangle((left, -0.5), _SIZE, _SIZE, fill=False, ec=ink(theme, faint=True), lw=0.8)


def front_walk() -> Animation:
    """A walk of the point around the plane, through the middles of the classes, with its decode."""
    frames = [np.round(255 * _beside(z, "light")).astype(np.uint8) for z in _plane().curve]
    return Animation(
        np.stack(frames),
        fps=12,
        labels=[f"z = ({x:.1f}, {y:.1f})" for x, y in _plane().curve],
        alt="A ring goes round a plane of decoded clothes. Beside it its decode turns from one garment into the next.",
        enlarge=1,
    )


def _title(figure: Figure, left: float, top: float, sizes: tuple[int, int], gap: float) -> None:
    colour = ink("light")
    figure.text(left, top, "Latent spaces\nand VAEs", fontsize=sizes[0], weight="bold", va="top", color=colour)
    words = "A course that you can check:\ndrag, train, write, measure."
    figure.text(left, top - gap, words, fontsize=sizes[1], va="top", color=colour)


def _put(figure: Figure, place: tuple[float, float, float, float], picture: Picture) -> None:
    axes = figure.add_axes(place)
    axes.imshow(picture, interpolation="none", aspect="auto")
    axes.set(xticks=[], yticks=[])


def preview() -> Figure:
    """The card of 1200 by 630 pixels that a link to the site shows; to be saved at 100 dots an inch."""
    figure = Figure(figsize=(12, 6.3), facecolor=PAPER["light"])
    z = _plane().curve[0]
    _put(figure, (0.035, 0.066, 0.455, 0.868), _with_ring(_ground("light"), z, "light"))
    _put(figure, (0.53, 0.066, 0.16, 0.305), _decode(z, "light"))
    _title(figure, 0.53, 0.90, (46, 24), 0.32)
    return figure


def cover() -> Figure:
    """The cover of the book, 1200 by 1920 pixels; to be saved at 100 dots an inch."""
    figure = Figure(figsize=(12, 19.2), facecolor=PAPER["light"])
    _put(figure, (0.08, 0.07, 0.84, 0.525), _with_ring(_ground("light"), _plane().curve[0], "light"))
    _title(figure, 0.08, 0.94, (82, 42), 0.175)
    return figure


FIGURES: dict[str, Callable[[Theme], Drawing]] = {"front_still": front_still}
ANIMATIONS: dict[str, Callable[[], Animation]] = {"front_walk": front_walk}
