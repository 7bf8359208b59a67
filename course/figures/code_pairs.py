"""The scatter matrix of lesson 7: every pair of entries of the codes of clothes, as one small raster."""

from __future__ import annotations

import numpy as np
import torch
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from numpy.typing import NDArray

from course import fashion
from course.figures.style import PHONE, Drawing, Theme, class_colours, ink
from course.models import VAE, Autoencoder, LatentModel
from course.runs import load_or_train

__all__ = ["ae_vae_pairs"]

_SIDE = 29  # pixels of a panel; one more is the line beside it
_SHOWN = 600

Pixels = NDArray[np.float64]


@torch.no_grad()
def ae_vae_pairs(theme: Theme) -> Drawing:
    """All pairs of 16 entries, widest first: the autoencoder below the diagonal, the VAE above, each on one scale."""
    images = fashion.sample("train").balanced(_SHOWN // len(fashion.CLASSES))
    x, kinds = torch.from_numpy(images.images), (Autoencoder, VAE)
    below, above = (_widest_first(load_or_train("fashion", kind=kind), x) for kind in kinds)
    colours = np.array([to_rgba(colour) for colour in class_colours(theme)])[images.labels]
    size = below.shape[1]
    raster = np.zeros((size * (_SIDE + 1), size * (_SIDE + 1), 4))
    for row in range(size):
        for column in range(size):
            if row != column:
                codes = below if row > column else above
                corner = (row * (_SIDE + 1), column * (_SIDE + 1))
                _draw_panel(raster, corner, codes[:, [column, row]], np.abs(codes).max(), colours)
    raster[_SIDE :: _SIDE + 1], raster[:, _SIDE :: _SIDE + 1] = (to_rgba(ink(theme, faint=True), 0.4),) * 2
    figure = Figure(figsize=(PHONE, PHONE))
    axes = figure.subplots()
    axes.imshow(raster, interpolation="none")
    axes.set(xticks=[], yticks=[], xlabel="autoencoder: below the diagonal", title="VAE: above the diagonal")
    axes.spines[:].set_visible(False)
    return Drawing(
        figure,
        f"A square of {size} times {size} small scatter plots, one for each pair of entries, with {len(x)} points in "
        "the colours of ten classes. Below the diagonal, the autoencoder: clouds of many shapes, many of them slanted. "
        "Above, the VAE: round clouds in the corner of its first entries, then lines, and single points where both "
        "entries are collapsed.",
    )


def _widest_first(model: LatentModel, x: torch.Tensor) -> NDArray[np.float32]:
    """Centred codes (N, Z) of images x (N, D), the entry that varies most in the first column."""
    codes = model.encode(x).numpy()
    widest: NDArray[np.float32] = (codes - codes.mean(axis=0))[:, np.argsort(-codes.std(axis=0))]
    return widest


def _draw_panel(
    raster: Pixels, corner: tuple[int, int], points: NDArray[np.float32], reach: float, colours: Pixels
) -> None:
    """Points (N, 2) from -reach to reach, a pixel each with its colour (N, 4), into the panel with this corner."""
    across, up = np.clip((points / reach + 1) / 2 * _SIDE, 0, _SIDE - 1).astype(np.int64).T
    raster[corner[0] + _SIDE - 1 - up, corner[1] + across] = colours
