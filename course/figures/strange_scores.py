"""Scores of strange images beside those of clothes, by the two models of lesson 7 and by no model, for lesson 8."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from course.fashion import sample
from course.figures.signs import legend_of
from course.figures.style import PHONE, Drawing, Theme, class_colours, ink, panels
from course.models import Autoencoder
from course.runs import load_or_train
from course.studies.ood_images import KINDS, ood_images
from course.studies.ood_scores import auroc, model_scores, pixel_scores

__all__ = ["strange_aurocs", "strange_scores"]

_BOOT = 9  # a class on which one sees what was done to it
_TICKS = (0.3, 1, 3, 10, 30, 100, 300)
_TITLES = {"error": "squared error, autoencoder", "elbo": "-ELBO, VAE", "above-floor": "-ELBO above the floor, VAE"}

_JUDGED = {
    "error": "squared error, autoencoder",
    "elbo": "cross-entropy and KL, VAE",
    "above-floor": "the same above the floor",
    "mahalanobis": "Mahalanobis distance of mu",
    "nearest-image": "nearest training image, no model",
}

Ranges = NDArray[np.float64]


def strange_scores(theme: Theme) -> Drawing:
    """Medians, and where 5 to 95 % lie: of 200 test images, and of as many strange images of each kind."""
    usual = sample("test").images
    shown = {"test images": usual, **{kind: ood_images(kind, usual) for kind in KINDS}}
    scores = model_scores(load_or_train("fashion", kind=Autoencoder), load_or_train("fashion"), sample("train").images)
    ranges = {
        name: np.array([np.quantile(scores[name](images), (0.05, 0.5, 0.95)) for images in shown.values()]).T
        for name in _TITLES
    }  # (3, K)
    figures, three = panels(len(_TITLES), 3.9)
    boot = int(np.argmax(sample("test").labels == _BOOT))
    for axes, (name, title) in zip(three, _TITLES.items(), strict=True):
        _draw(axes, ranges[name], theme)
        axes.set(xscale="log", title=title, xlabel="sum over pixels" if name == "error" else "nats")
        inside = [tick for tick in _TICKS if ranges[name].min() < tick < ranges[name].max()]
        axes.set_xticks(inside, [f"{tick:g}" for tick in inside])
        axes.minorticks_off()
        axes.set_yticks(np.arange(len(shown)), list(shown))
        axes.invert_yaxis()
        axes.tick_params(axis="y", length=0, pad=32)
        for row, images in enumerate(shown.values()):
            _picture(axes, images[boot].reshape(28, 28), row, theme)
    black = list(shown).index("black")
    medians = {name: middle for name, (_, middle, _) in ranges.items()}
    return Drawing(
        figures,
        f"Three panels, one row for test images and one for each of {len(KINDS)} kinds of strange images. Noise and "
        "flipped pixels score higher than clothes in all panels, black images lower in all: by a median of "
        f"{medians['error'][black]:.1f} against {medians['error'][0]:.1f} in squared error and "
        f"{medians['elbo'][black]:.0f} against {medians['elbo'][0]:.0f} nats. The median of bars is below that of "
        "clothes in the second panel, and above it in the third.",
    )


def strange_aurocs(theme: Theme) -> Drawing:
    """How often each score is larger for strange images than for test images, a row for each kind, a marker a score."""
    usual = sample("test").images
    scores = {
        **model_scores(load_or_train("fashion", kind=Autoencoder), load_or_train("fashion"), sample("train").images),
        **pixel_scores(sample("train").images),
    }
    found = {
        name: [auroc(scores[name](usual), scores[name](ood_images(kind, usual))) for kind in KINDS] for name in _JUDGED
    }
    figure = Figure(figsize=(PHONE, 3.6))
    axes = figure.subplots()
    rows = np.arange(len(KINDS))
    axes.axvline(0.5, color=ink(theme, faint=True), lw=1, ls="--")
    axes.hlines(rows, 0, 1, color=ink(theme, faint=True), lw=0.6, alpha=0.5)
    for (name, title), colour, marker in zip(_JUDGED.items(), class_colours(theme), "os^Dv", strict=False):
        axes.scatter(found[name], rows, color=colour, marker=marker, s=36, label=title, zorder=3)
    axes.set_yticks(rows, list(KINDS))
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.set(xlim=(-0.03, 1.03), xticks=(0, 0.25, 0.5, 0.75, 1), xlabel="AUROC")
    kinds = list(KINDS)
    blind = [kind for kind in kinds if all(values[kinds.index(kind)] < 0.95 for values in found.values())]
    return Drawing(
        figure,
        f"One row for each of {len(KINDS)} kinds of strange images, one marker for each of {len(_JUDGED)} scores, from "
        "0 to 1. Noise lies at 1 for all scores. Black images lie at 0 for the squared error and for the sum of "
        "cross-entropy and KL, and near 1 for the Mahalanobis distance. No score reaches 0.95 for "
        f"{', '.join(blind)}.",
        legend_of(axes),
    )


def _draw(axes: Axes, ranges: Ranges, theme: Theme) -> None:
    """A line from the low to the high end (K,) of each kind, its median, and a band over all rows for the first."""
    low, middle, high = ranges
    palette = class_colours(theme)
    shades = [ink(theme), *[palette[1]] * (len(low) - 1)]
    axes.axvspan(low[0], high[0], color=ink(theme, faint=True), alpha=0.22, lw=0)
    axes.hlines(np.arange(len(low)), low, high, color=shades, lw=2.2)
    axes.scatter(middle, np.arange(len(low)), c=shades, s=26, zorder=3)
    axes.tick_params(axis="y", length=0)


def _picture(axes: Axes, image: NDArray[np.float32], row: int, theme: Theme) -> None:
    """One image of the kind, left of its row; in both themes 0 is black, as the rows are called."""
    inset = axes.inset_axes((-0.145, row - 0.45, 0.135, 0.9), transform=axes.get_yaxis_transform())
    inset.imshow(image, cmap="gray", vmin=0, vmax=1)
    inset.set(xticks=[], yticks=[])
    inset.spines[:].set(visible=True, color=ink(theme, faint=True), linewidth=0.6)
