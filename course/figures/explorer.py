"""What stands for the explorer where it cannot be touched: on paper, in the book, without scripts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from numpy.typing import NDArray
from torch import Generator

from course import latent, metrics
from course.explorer import lessons
from course.figures.animation import Animation
from course.figures.style import MARKERS, Drawing, Theme, colours, image_row, ink
from course.models import VAE
from course.patterns import TYPES, lines64, nearest

__all__ = ["ANIMATIONS", "FIGURES"]

Codes = NDArray[np.float32]
_FRAMES = 7


def explorer_still(theme: Theme) -> Drawing:
    """The map of the explorer's first model with a way on it; the way decoded, and as a blend; samples of the prior."""
    model, images = lessons.model("lines64-beta1"), lines64()
    assert isinstance(model, VAE)
    x, ends = torch.from_numpy(images.images), torch.from_numpy(images.prototypes()[[0, 3]])
    with torch.no_grad():
        codes, (z_a, z_b) = model.encode(x).numpy(), model.encode(ends)  # (N, Z), (Z,), (Z,)
        way = latent.lerp(z_a, z_b, _FRAMES)  # (S, Z)
        decoded = model.decode(way).numpy()
    blended = latent.lerp(ends[0], ends[1], _FRAMES).numpy()
    sampled = model.sample(_FRAMES, Generator().manual_seed(1)).numpy()
    figure = Figure(figsize=(8.4, 4.2))
    halves = figure.add_gridspec(1, 2)
    dimensions = metrics.strongest(metrics.dimension_kl(model, x))
    _map(figure.add_subplot(halves[0]), codes[:, dimensions], way.numpy()[:, dimensions], dimensions, theme)
    rows = {"from A to B, decoded": decoded, "from A to B, pixels blended": blended, "from the prior": sampled}
    grid = np.asarray(halves[1].subgridspec(len(rows), _FRAMES).subplots())
    for axes, (title, frames) in zip(grid, rows.items(), strict=True):
        image_row(axes, frames, theme)
        axes[_FRAMES // 2].set_title(title, fontsize=9)
    far = [nearest(strip[1:-1], images.templates)[1].mean() for strip in (decoded, blended)]
    return Drawing(
        figure,
        f"A still of the explorer. Left: {len(images)} encoded images on a map of two latent dimensions, with a "
        "straight way from a diagonal to a cross. Right: that way decoded, the same way blended in pixels, and seven "
        f"decoded samples of the prior. Between the ends the decodes are {far[0]:.1f} pixels from the nearest image, "
        f"the blends {far[1]:.1f}.",
    )


def _map(axes: Axes, codes: Codes, way: Codes, dimensions: list[int], theme: Theme) -> None:
    for sigma in (1, 2):  # of the prior
        axes.add_patch(Circle((0, 0), sigma, fill=False, ls=":", lw=0.8, ec=ink(theme, faint=True)))
    for t, kind in enumerate(TYPES):
        at = codes[lines64().labels == t].T
        axes.scatter(at[0], at[1], marker=MARKERS[t], s=45, linewidths=1.7, color=colours(theme)[t], label=kind)
    axes.plot(way[:, 0], way[:, 1], "o-", color=ink(theme), ms=3.5, lw=1.2)
    across, up = dimensions
    axes.set(xlabel=f"latent dimension {across}", ylabel=f"latent dimension {up}", aspect="equal")
    axes.legend(
        ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1), handletextpad=0.1, columnspacing=0.8, fontsize=8.5
    )


FIGURES: dict[str, Callable[[Theme], Drawing]] = {"explorer_still": explorer_still}
ANIMATIONS: dict[str, Callable[[], Animation]] = {}
