"""The variational autoencoder as a diagram, alone, with a label, and with a classifier as a branch."""

from __future__ import annotations

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from numpy.typing import NDArray

from course import checkpoints
from course.figures.style import Drawing, Theme, colours, ink
from course.patterns import TYPES, lines64

__all__ = ["architecture", "branched_architecture", "conditional_architecture"]

_WORDS = (
    "Diagram of the VAE: an image x of 256 pixels passes two hidden layers of 128 units in the encoder, which ends in "
    "two heads, mu and log_var, of 8 numbers each; with noise eps they give z = mu + sigma times eps, and a decoder of "
    "two hidden layers turns z into the image x_hat of 256 pixels."
)


def architecture(theme: Theme) -> Drawing:
    """Encoder, posterior and decoder, with the number of values at each stage."""
    figure, _ = _vae(theme)
    return Drawing(figure, _WORDS)


def conditional_architecture(theme: Theme) -> Drawing:
    """The same, with the label handed to the encoder beside the image and to the decoder beside z."""
    figure, axes = _vae(theme, below=-13)
    count = len(TYPES)
    for x in (9, 63):
        _box(axes, x, -5, 17, 6, f"label  {count}", theme, colours(theme)[3])
    _arrow(axes, (18, -4), (20, 8), theme)
    _arrow(axes, (67, -1.5), (70, 8), theme)
    axes.text(36, -10.5, f"one label, as {count} numbers, goes in at both places", ha="center", fontsize=9)
    return Drawing(
        figure,
        f"The diagram of the VAE with two additions: a label, as {count} numbers, goes into the first layer of the "
        "encoder beside the image x, and again into the first layer of the decoder beside z.",
    )


def branched_architecture(theme: Theme) -> Drawing:
    """The same, with the two places at which a classifier can branch off."""
    figure, axes = _vae(theme, below=-13)
    colour = colours(theme)[3]
    _box(axes, 31, -5, 19, 6, "class? (trunk)", theme, colour)
    _box(axes, 72, -5, 15, 6, "class? (z)", theme, colour)
    _arrow(axes, (30, 8), (30, -1.5), theme)
    _arrow(axes, (60, 17), (68, -1.5), theme)
    axes.text(50, -10.5, "a branch in one of two places: gamma · cross-entropy", ha="center", fontsize=9)
    return Drawing(
        figure,
        "The diagram of the VAE with the two places of a branch: a classifier that reads the last hidden layer of the "
        "encoder, called the trunk, or one that reads z. Its cross-entropy, times gamma, is added to the loss.",
    )


def _vae(theme: Theme, below: float = 0) -> tuple[Figure, Axes]:
    """The diagram, and its axes with room from `below` on for more."""
    model = checkpoints.load("lines64")
    image = lines64().prototypes()[3]
    with torch.no_grad():
        x_hat = model.decode(model.encode(torch.from_numpy(image)[None]))[0].numpy()
    figure = Figure(figsize=(8.4, 8.4 * (38 - below) / 100))
    axes = figure.add_subplot()
    axes.set(xlim=(0, 100), ylim=(below, 38), aspect="equal")
    axes.axis("off")
    _picture(axes, image, 6, theme, "x", "256 pixels")
    _picture(axes, x_hat, 94, theme, "x_hat", "256 pixels")
    for x in (20, 30, 70, 80):
        _box(axes, x, 20, 5, 22, "128", theme)
    _box(axes, 42, 28, 9, 6, "mu  8", theme, colours(theme)[1])
    _box(axes, 42, 12, 9, 6, "log_var  8", theme, colours(theme)[0])
    _box(axes, 57, 20, 7, 6, "z  8", theme, colours(theme)[2])
    axes.text(53, 5, "eps from N(0, I)", ha="center", va="center", fontsize=9)
    axes.text(25, 35, "encoder", ha="center", fontsize=10, weight="bold")
    axes.text(75, 35, "decoder", ha="center", fontsize=10, weight="bold")
    axes.text(57, 27, "mu + sigma · eps", ha="center", fontsize=8.5)
    ends: list[tuple[float, ...]] = [(x, 20, x + 4, 20) for x in (12.5, 23, 61.5, 73, 83.5)]
    ends += [(33, 22, 37, 28), (33, 18, 37, 12), (47, 28, 53.2, 22), (47, 12, 53.2, 18), (54, 7, 56, 16.6)]
    for x_from, y_from, x_to, y_to in ends:
        _arrow(axes, (x_from, y_from), (x_to, y_to), theme)
    return figure, axes


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], theme: Theme) -> None:
    arrow = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=9)
    arrow.set_color(ink(theme, faint=True))
    axes.add_patch(arrow)


def _picture(axes: Axes, image: NDArray[np.floating], x: float, theme: Theme, name: str, size: str) -> None:
    cmap = "Greys" if theme == "light" else "gray"
    axes.imshow(image.reshape(16, 16), cmap=cmap, extent=(x - 5.5, x + 5.5, 14.5, 25.5), vmin=0, vmax=1)
    axes.add_patch(
        FancyBboxPatch((x - 5.5, 14.5), 11, 11, boxstyle="square,pad=0", fill=False, color=ink(theme, faint=True))
    )
    axes.text(x, 28, name, ha="center", fontsize=10)
    axes.text(x, 10.5, size, ha="center", fontsize=8.5)


def _box(
    axes: Axes, x: float, y: float, width: float, height: float, text: str, theme: Theme, colour: str = ""
) -> None:
    edge = colour or ink(theme, faint=True)
    box = FancyBboxPatch((x - width / 2, y - height / 2), width, height, boxstyle="round,pad=0.3,rounding_size=1",
                         facecolor="none", edgecolor=edge, linewidth=1.8 if colour else 1.2)  # fmt: skip
    axes.add_patch(box)
    axes.text(x, y, text, ha="center", va="center", fontsize=8.5, rotation=90 if height > 10 else 0)
