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
from course.figures.signs import legend_of
from course.figures.style import MARKERS, PHONE, SMALL, Drawing, Theme, colours, image_row, ink, panels
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
    [plane], [axes] = panels(1, 3.6)
    strips = Figure(figsize=(PHONE, 2.6))
    dimensions = metrics.strongest(metrics.dimension_kl(model, x))
    _map(axes, codes[:, dimensions], way.numpy()[:, dimensions], dimensions, theme)
    rows = {"from A to B, decoded": decoded, "from A to B, pixels blended": blended, "from the prior": sampled}
    for row, (title, frames) in zip(strips.subplots(len(rows), _FRAMES), rows.items(), strict=True):
        image_row(row, frames, theme)
        row[_FRAMES // 2].set_title(title, fontsize=SMALL)
    far = [nearest(strip[1:-1], images.templates)[1].mean() for strip in (decoded, blended)]
    return Drawing(
        [plane, strips],
        f"A still of the explorer. First: {len(images)} encoded images on a map of two latent dimensions, with a "
        "straight way from a diagonal to a cross. Second: that way decoded, the same way blended in pixels, and seven "
        f"decoded samples of the prior. Between the ends the decodes are {far[0]:.1f} pixels from the nearest image, "
        f"the blends {far[1]:.1f}.",
        legend_of(axes),
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


FIGURES: dict[str, Callable[[Theme], Drawing]] = {"explorer_still": explorer_still}
ANIMATIONS: dict[str, Callable[[], Animation]] = {}
