"""The pictures of lesson 11, drawn from runs of the store and the sample of clothes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import Generator

from course import datasets, fashion, maps, runs
from course.figures.animation import Animation
from course.figures.architecture import branched_architecture, conditional_architecture
from course.figures.signs import legend_of
from course.figures.style import PHONE, THREE_ABREAST, Drawing, Theme, class_colours, colours, ink, panels, scatter
from course.labelled import BranchedVAE, ConditionalVAE
from course.models import VAE
from course.studies import conditional_sampling, judge
from course.training import Settings

__all__ = ["ANIMATIONS", "FIGURES"]


ASKED_BETAS = (1, 4, 8)
_PER_CLASS = 200


@cache
def _conditional(beta: int) -> ConditionalVAE:
    settings = Settings(**datasets.default_settings("fashion") | {"beta": float(beta), "beta_start": float(beta)})
    return runs.load_or_train("fashion", settings=settings, kind=ConditionalVAE)


def asked_mosaic(theme: Theme) -> Drawing:
    """Draws of every class, the same z in each column: at beta 1, and at beta 8; a mark where the judge disagrees."""
    count, classes = 5, len(fashion.CLASSES)
    figures, both = panels(2, 4.6)
    wrong = {}
    for axes, beta in zip(both, (1, 8), strict=True):
        z = torch.randn((count, 16), generator=Generator().manual_seed(4)).repeat(classes, 1)
        images = conditional_sampling.sample_by_label(_conditional(beta), z)
        agreed = judge.classes(images) == conditional_sampling.repeated_labels(classes, count).numpy()
        wrong[beta] = int((~agreed).sum())
        _mosaic(axes, images, agreed, count, theme)
        axes.set_title(f"beta {beta}: {wrong[beta]} wrong")
        axes.set_yticks(28 * np.arange(classes) + 14, fashion.CLASSES)
    return Drawing(
        figures,
        "Two mosaics of clothes, a row for each of the ten classes that were asked for, five draws each. At beta 1 "
        f"{wrong[1]} of 50 have a mark because the judge sees another class, and they vary; at beta 8 {wrong[8]} have, "
        "and they are smoother and more alike.",
    )


@torch.no_grad()
def fitted_mosaic(theme: Theme) -> Drawing:
    """Draws of every class at beta 1 from the same noise: by the prior, by all codes, by the codes of the class."""
    count, classes, model = 4, len(fashion.CLASSES), _conditional(1)
    known = fashion.sample("train")
    x, labels = torch.from_numpy(known.images), torch.from_numpy(known.labels)
    codes = model.reparameterize(*model.posterior(x, labels), generator=Generator().manual_seed(0))
    eps = torch.randn((count, 16), generator=Generator().manual_seed(4))
    sources = {
        "N(0, I)": [eps] * classes,
        "all codes": [conditional_sampling.from_gaussian(codes, eps)] * classes,
        "codes of the class": [conditional_sampling.from_gaussian(codes[labels == c], eps) for c in range(classes)],
    }
    figures, three = panels(3, 4.2, THREE_ABREAST)
    asked, wrong = conditional_sampling.repeated_labels(classes, count).numpy(), []
    for axes, (name, z) in zip(three, sources.items(), strict=True):
        images = conditional_sampling.sample_by_label(model, torch.cat(z))
        agreed = judge.classes(images) == asked
        wrong.append(int((~agreed).sum()))
        _mosaic(axes, images, agreed, count, theme)
        axes.set_title(f"{name}:\n{wrong[-1]} wrong")
        axes.set_yticks(28 * np.arange(classes) + 14, fashion.CLASSES)
    return Drawing(
        figures,
        "Three mosaics of clothes, a row for each of the ten classes that were asked for, four draws each, with marks "
        f"where the judge sees another class: {wrong[0]} of 40 with z from the prior, {wrong[1]} with z from one "
        f"Gaussian for all codes, {wrong[2]} with z from a Gaussian for the codes of the class.",
    )


def _mosaic(axes: Axes, images: NDArray[np.float32], agreed: NDArray[np.bool_], columns: int, theme: Theme) -> None:
    """Images (R columns, 784) as one raster, and a cross in the corner of those that are not what was asked."""
    tiles = images.reshape(-1, columns, 28, 28).transpose(0, 2, 1, 3).reshape(-1, columns * 28)
    few = np.round(24 * tiles) / 24  # greys: a file of half the size, with no difference that one sees
    axes.imshow(few, cmap="Greys" if theme == "light" else "gray", vmin=0, vmax=1, interpolation="none")
    for at in np.flatnonzero(~agreed):
        row, column = divmod(int(at), columns)
        axes.plot(28 * column + 24, 28 * row + 4, "x", ms=7, mew=2.2, color=class_colours(theme)[6])
    axes.set_xticks([])
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def asked_by_class(theme: Theme) -> Drawing:
    """The share of draws of each class that the judge agrees with, for three values of beta."""
    shares: dict[int, Any] = {}
    for beta in ASKED_BETAS:
        z = torch.randn((10 * _PER_CLASS, 16), generator=Generator().manual_seed(0))
        shares[beta] = conditional_sampling.class_accuracy(
            judge.classes(conditional_sampling.sample_by_label(_conditional(beta), z)), 10
        )
    figure = Figure(figsize=(PHONE, 3.4))
    axes = figure.subplots()
    heights = np.arange(10)[::-1]
    for beta, marker, colour in zip(ASKED_BETAS, "os^", colours(theme), strict=False):
        axes.plot(100 * shares[beta], heights, marker, ms=7, color=colour, label=f"beta {beta}")
    axes.axvline(95, color=ink(theme, faint=True), ls="--", lw=1)
    axes.set_yticks(heights, fashion.CLASSES)
    axes.set(xlabel="draws of the class asked for, %", xlim=(0, 102))
    worst = {beta: int(share.argmin()) for beta, share in shares.items()}
    return Drawing(
        figure,
        "Dots for ten classes of clothes: the share of draws of the class asked for. "
        + " ".join(
            f"Beta {beta}: {100 * shares[beta].mean():.0f} percent on average, worst {fashion.CLASSES[worst[beta]]} "
            f"with {100 * shares[beta].min():.0f}."
            for beta in ASKED_BETAS
        ),
        legend_of(axes),
    )


@torch.no_grad()
def branch_maps(theme: Theme) -> Drawing:
    """Codes of the sample's clothes along the two main directions: without a branch, on the trunk, on z."""
    images = fashion.sample("train").balanced(40)
    kinds: list[tuple[str, type[VAE], dict[str, Any]]] = [
        ("no branch", VAE, {}),
        ("branch on the trunk", BranchedVAE, {"branch": "trunk", "gamma": 30.0}),
        ("branch on z", BranchedVAE, {"branch": "z", "gamma": 30.0}),
    ]
    figures, three = panels(3, 2.75, THREE_ABREAST)
    shares = []
    for axes, (name, kind, size) in zip(three, kinds, strict=True):
        codes = runs.load_or_train("fashion", size, kind=kind).encode(torch.from_numpy(images.images)).numpy()
        shares.append(maps.neighbour_share(codes, images.labels))
        scatter(axes, maps.joint_pca(codes).points, images.labels, theme, images.class_names, size=12)
        axes.set(xticks=[], yticks=[], title=f"{name}\nneighbours {shares[-1]:.0%}")
    return Drawing(
        figures,
        f"Three maps of the codes of {len(images)} clothes. Without a branch and with one on the trunk the classes "
        "overlap; with one on z they lie further apart. Gamma is 30. The share of neighbours "
        f"of the same class is {shares[0]:.0%}, {shares[1]:.0%} and {shares[2]:.0%}.",
        legend_of(axes),
    )


FIGURES: dict[str, Callable[[Theme], Drawing]] = {
    f.__name__: f
    for f in (conditional_architecture, asked_mosaic, asked_by_class, fitted_mosaic, branched_architecture, branch_maps)
}
ANIMATIONS: dict[str, Callable[[], Animation]] = {}
