"""The pictures of lesson 9 of latent spaces that are a plane, and the list of all its pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from course.fashion import sample
from course.figures.animation import Animation
from course.figures.flat_maps import (
    bare,
    class_legend,
    explained_variance,
    fashion_model,
    joint_maps,
    overlaid_fits,
    restarts,
)
from course.figures.perplexity import perplexities
from course.figures.signs import legend_of
from course.figures.style import (
    FOUR_ABREAST,
    PHONE,
    SMALL,
    Drawing,
    Theme,
    class_colours,
    colours,
    panels,
    scatter,
)
from course.figures.tsne import two_forces, two_kernels
from course.maps import neighbour_share
from course.models import VAE
from course.palette import PAPER
from course.planes import decoded_grid
from course.runs import load_or_train
from course.snapshots import snapshots
from course.studies.architectures import ARCHITECTURES, Plane, plane_of

__all__ = ["ANIMATIONS", "FIGURES"]


@torch.no_grad()
def decoded_plane(theme: Theme) -> Drawing:
    """What a VAE with two latent dimensions decodes to, at equal steps of probability under the prior."""
    side = 10
    images = decoded_grid(fashion_model().decode, side).reshape(side, side, 28, 28)
    mosaic = images.transpose(0, 2, 1, 3).reshape(28 * side, 28 * side)
    figure = Figure(figsize=(PHONE, PHONE))
    axes, ground = figure.subplots(), "Greys" if theme == "light" else "gray"
    axes.imshow(np.round(12 * mosaic) / 12, cmap=ground, vmin=0, vmax=1, interpolation="none")
    bare(axes)
    return Drawing(
        figure,
        f"A square of {side} by {side} decoded images from the plane of a VAE. Shoes and boots, trousers and dresses, "
        "shirts and pullovers, and bags each fill a region, and between regions one thing turns into the other "
        "through blurred shapes.",
    )


def _tinted(classes: NDArray[np.int64], theme: Theme) -> NDArray[np.float64]:
    """A class map (side, side) as pale colours (side, side, 3)."""
    page = np.array(to_rgb(PAPER[theme]))
    palette = np.array([to_rgb(colour) for colour in class_colours(theme)])
    return (0.42 * palette + 0.58 * page)[classes]


@cache
def _plane(name: str, side: int) -> Plane:
    each = ARCHITECTURES[name]
    return plane_of(load_or_train("fashion", each.size, kind=each.kind), sample().images, side)


def _draw_plane(axes: Axes, plane: Plane, rows: NDArray[np.integer], theme: Theme, size: float) -> None:
    axes.imshow(_tinted(plane.classes, theme), extent=plane.extent, aspect="auto", interpolation="none")
    scatter(axes, plane.codes[rows], sample().labels[rows], theme, size=size)
    bare(axes)


def class_maps(theme: Theme) -> Drawing:
    """The plane of the autoencoder and of the VAE, coloured by what the judge sees in each decoded cell."""
    figures, both = panels(2, 3.8)
    planes = [_plane(name, 80) for name in ("ae-2x128", "vae-2x128")]
    rows = np.arange(0, 1000, 3)
    for axes, plane, name in zip(both, planes, ("autoencoder", "VAE"), strict=True):
        _draw_plane(axes, plane, rows, theme, 11)
        left, right, bottom, top = plane.extent
        axes.set_title(
            f"{name}: {right - left:.0f} \N{MULTIPLICATION SIGN} {top - bottom:.0f}, {plane.islands()} islands"
        )
    return Drawing(
        figures,
        "Two planes in pale colours, one for each class that the judge sees in a decoded cell, with codes of images on "
        f"them. First, autoencoder: {planes[0].islands()} islands, most codes in one part. Second, VAE: "
        f"{planes[1].islands()} islands, codes all over. The colours of codes and ground agree for shoes, bags and "
        "trousers and often differ for shirts.",
        class_legend(theme),
    )


def ten_maps(theme: Theme) -> Drawing:
    """The class maps of all ten architectures, small."""
    figures, grid = panels(len(ARCHITECTURES), 2.1, FOUR_ABREAST)
    rows = np.arange(0, 1000, 10)
    for axes, (name, each) in zip(grid, ARCHITECTURES.items(), strict=True):
        plane = _plane(name, 60)
        _draw_plane(axes, plane, rows, theme, 5)
        kind = "VAE" if each.kind is VAE else "AE"
        axes.set_title(f"{kind} {each.depth} \N{MULTIPLICATION SIGN} {each.hidden_dim}")
        axes.set_xlabel(f"{100 * plane.accuracy(sample().labels):.0f} %, {plane.islands()} islands", fontsize=SMALL)
    accuracies = [_plane(name, 60).accuracy(sample().labels) for name in ARCHITECTURES]
    return Drawing(
        figures,
        "Ten small class maps: an autoencoder and a VAE of each of five shapes of network. All have "
        "large regions of trousers, bags and shoes, in other places each time. The share of codes on ground of their "
        f"own class goes from {100 * min(accuracies):.0f} to {100 * max(accuracies):.0f} percent.",
        class_legend(theme),
    )


@cache
def _watched() -> dict[int, VAE]:
    return snapshots("fashion", {"latent_dim": 2})


_HALF = 3.5


@cache
def _watched_planes() -> dict[int, Plane]:
    square = (-_HALF, _HALF, -_HALF, _HALF)
    return {step: plane_of(model, sample().images, 64, square) for step, model in _watched().items()}


def coherence(theme: Theme) -> Drawing:
    """Neighbours of one class, codes on their own ground, and islands, over training."""
    planes, labels = _watched_planes(), sample().labels
    places = np.arange(len(planes))
    shares = [100 * neighbour_share(plane.codes, labels) for plane in planes.values()]
    right = [100 * plane.accuracy(labels) for plane in planes.values()]
    pieces = [plane.islands() for plane in planes.values()]
    figures, (left_axes, right_axes) = panels(2, 2.9)
    left_axes.plot(places, shares, "o-", color=colours(theme)[1], label="codes with neighbours of their class")
    left_axes.plot(places, right, "s--", color=colours(theme)[0], label="codes on ground of their class")
    left_axes.set(ylabel="% of the codes", ylim=(0, 80))
    right_axes.plot(places, pieces, "^-", color=colours(theme)[2], label="islands")
    right_axes.set(ylabel="islands", ylim=(0, None))
    for axes in (left_axes, right_axes):
        axes.set(xlabel="step", xticks=places, xticklabels=[f"{step}" for step in planes])
        axes.tick_params(axis="x", labelsize=SMALL)
    return Drawing(
        figures,
        f"First: neighbours of one class rise from {shares[0]:.0f} percent before training to {shares[4]:.0f} at step "
        f"{list(planes)[4]} and {shares[-1]:.0f} at the end; codes on ground of their class from {right[0]:.0f} to "
        f"{right[-1]:.0f} percent. Second: islands on the class map, from {pieces[0]} to {pieces[-1]}.",
        [*legend_of(left_axes), *legend_of(right_axes)],
    )


def _frame(plane: Plane, theme: Theme) -> NDArray[np.uint8]:
    """A class map of 64 x 64 cells, two pixels a cell, with codes as dots of four pixels."""
    frame = _tinted(plane.classes, theme).repeat(2, axis=0).repeat(2, axis=1)  # (128, 128, 3)
    size = len(frame)
    palette = np.array([to_rgb(colour) for colour in class_colours(theme)])
    for (x, y), label in zip(plane.codes[::2], sample().labels[::2], strict=True):
        column, row = int((x + _HALF) / (2 * _HALF) * (size - 1)), int((_HALF - y) / (2 * _HALF) * (size - 1))
        if 0 <= row < size - 1 and 0 <= column < size - 1:
            frame[row : row + 2, column : column + 2] = palette[label]
    return np.round(255 * frame).astype(np.uint8)


def map_evolution() -> Animation:
    """The plane of a VAE while it trains: the class map with the codes on it, at ten moments."""
    planes, labels = _watched_planes(), sample().labels
    words = [
        f"step {step}: {100 * neighbour_share(plane.codes, labels):.0f} % neighbours of one class, "
        f"{plane.islands()} islands"
        for step, plane in planes.items()
    ]
    light, dark = (np.stack([_frame(plane, theme) for plane in planes.values()]) for theme in ("light", "dark"))
    return Animation(
        light,
        1.25,
        words,
        f"The plane of a VAE at {len(planes)} moments of its training: first one colour and all codes in a dot, then "
        "regions of colour, one a class, over which the codes spread.",
        dark=dark,
        enlarge=3,
    )


FIGURES: dict[str, Callable[[Theme], Drawing]] = {
    f.__name__: f
    for f in (
        joint_maps, explained_variance, two_kernels, two_forces, overlaid_fits, restarts,
        decoded_plane, class_maps, ten_maps, coherence,
    )
}  # fmt: skip
ANIMATIONS: dict[str, Callable[[], Animation]] = {
    "map_evolution": map_evolution,
    "perplexities": perplexities,
}
