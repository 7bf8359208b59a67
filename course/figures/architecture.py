"""The variational autoencoder as a diagram, alone, with a label, and with a classifier as a branch."""

from __future__ import annotations

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from numpy.typing import NDArray

from course import checkpoints
from course.figures.style import PHONE, SMALL, Drawing, Theme, colours, ink, panels
from course.patterns import TYPES, lines64

__all__ = ["architecture", "branched_architecture", "conditional_architecture"]

_WORDS = (
    "Diagram of the VAE: an image x of 256 pixels passes two hidden layers of 128 units in the encoder, which ends in "
    "two heads, mu and log_var, of 8 numbers each; with noise eps they give z = mu + sigma times eps, and a decoder of "
    "two hidden layers turns z into the image x_hat of 256 pixels."
)


def architecture(theme: Theme) -> Drawing:
    """Encoder, and posterior and decoder, with the number of values at each stage."""
    figures, _ = _vae(theme)
    return Drawing(figures, _WORDS)


def conditional_architecture(theme: Theme) -> Drawing:
    """The same, with the label handed to the encoder beside the image and to the decoder beside z."""
    figures, both = _vae(theme, below=-13)
    count = len(TYPES)
    for axes, x, words in zip(both, (9, 14), ("the label goes in here,", "and once more here"), strict=True):
        _box(axes, x, -5, 14, 6, f"label  {count}", theme, colours(theme)[3])
        _arrow(axes, (x + 8, -3.5), (x + 11, 8), theme)
        axes.text(25, -11.5, words, ha="center", fontsize=SMALL)
    return Drawing(
        figures,
        f"The diagram of the VAE with two additions: a label, as {count} numbers, goes into the first layer of the "
        "encoder beside the image x, and again into the first layer of the decoder beside z.",
    )


def branched_architecture(theme: Theme) -> Drawing:
    """The same, with the two places at which a classifier can branch off."""
    figures, (encoder, decoder) = _vae(theme, below=-13)
    colour = colours(theme)[3]
    _box(encoder, 29, -5, 19, 6, "class? (trunk)", theme, colour)
    _box(decoder, 31, -5, 15, 6, "class? (z)", theme, colour)
    _arrow(encoder, (29, 8), (29, -1.5), theme)
    _arrow(decoder, (19, 16.6), (26, -1.5), theme)
    encoder.text(25, -11.5, "a branch here,", ha="center", fontsize=SMALL)
    decoder.text(25, -11.5, "or here: gamma · cross-entropy", ha="center", fontsize=SMALL)
    return Drawing(
        figures,
        "The diagram of the VAE with the two places of a branch: a classifier that reads the last hidden layer of the "
        "encoder, called the trunk, or one that reads z. Its cross-entropy, times gamma, is added to the loss.",
    )


def _vae(theme: Theme, below: float = 0) -> tuple[list[Figure], list[Axes]]:
    """The diagram, and the axes of its two halves with room from `below` on for more."""
    model = checkpoints.load("lines64")
    image = lines64().prototypes()[3]
    with torch.no_grad():
        x_hat = model.decode(model.encode(torch.from_numpy(image)[None]))[0].numpy()
    figures, both = panels(2, PHONE * (38 - below) / 50)
    for axes in both:
        axes.set(xlim=(0, 50), ylim=(below, 38), aspect="equal")
        axes.axis("off")
    encoder, decoder = both
    _picture(encoder, image, 6, theme, "x", "256 pixels")
    _picture(decoder, x_hat, 44, theme, "x_hat", "256 pixels")
    for axes, first, second, name in ((encoder, 20, 29, "encoder"), (decoder, 26, 33, "decoder")):
        for place in (first, second):
            _box(axes, place, 20, 4, 22, "128", theme)
        axes.text((first + second) / 2, 34.5, name, ha="center", weight="bold")
    for axes, x, width, words in ((encoder, 42.5, 13, "  8"), (decoder, 5.5, 9, "")):
        _box(axes, x, 28, width, 6, f"mu{words}", theme, colours(theme)[1])
        _box(axes, x, 12, width, 6, f"log_var{words}", theme, colours(theme)[0])
    _box(decoder, 17.5, 20, 6, 6, "z  8", theme, colours(theme)[2])
    decoder.text(10, 5.5, "eps from N(0, I)", ha="center", va="center", fontsize=SMALL)
    decoder.text(11, 1, "z = mu + sigma · eps", ha="center", va="center", fontsize=SMALL)
    into = [(12, 20, 17.5, 20), (22.5, 20, 26.5, 20), (31.5, 22, 35.5, 28), (31.5, 18, 35.5, 12)]
    out = [(10.3, 26, 14.5, 22), (10.3, 14, 14.5, 18), (13, 7.2, 16.8, 16.6), (20.8, 20, 23.7, 20)]
    out += [(28.3, 20, 30.7, 20), (35.3, 20, 38.2, 20)]
    for axes, ends in ((encoder, into), (decoder, out)):
        for x_from, y_from, x_to, y_to in ends:
            _arrow(axes, (x_from, y_from), (x_to, y_to), theme)
    return figures, both


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
    axes.text(x, 10.5, size, ha="center", fontsize=SMALL)


def _box(
    axes: Axes, x: float, y: float, width: float, height: float, text: str, theme: Theme, colour: str = ""
) -> None:
    edge = colour or ink(theme, faint=True)
    box = FancyBboxPatch((x - width / 2, y - height / 2), width, height, boxstyle="round,pad=0.3,rounding_size=1",
                         facecolor="none", edgecolor=edge, linewidth=1.8 if colour else 1.2)  # fmt: skip
    axes.add_patch(box)
    axes.text(x, y, text, ha="center", va="center", fontsize=SMALL, rotation=90 if height > 10 else 0)
