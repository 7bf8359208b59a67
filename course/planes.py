"""The plane of a latent space of two dimensions as data: what it decodes to, and which class that is."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from course.maps import finite_rows, labelled_rows

__all__ = [
    "Bounds", "Extent", "border_share", "class_map", "decoded_grid", "extent_of", "islands", "latent_grid",
    "map_accuracy", "occupied_share",
]  # fmt: skip

Codes = NDArray[np.floating]
Labels = NDArray[np.integer]
Bounds = tuple[float, float, float, float]
"""left, right, bottom, top"""
Extent = float | Bounds | None
"""Half the side of a square around 0, or its bounds; None is the whole plane, measured by the prior."""


def extent_of(codes: Codes, margin: float = 0.05) -> Bounds:
    """(left, right, bottom, top) of codes (N, 2), widened on each side by `margin` of their range."""
    codes = _planar(codes)
    low, high = codes.min(axis=0), codes.max(axis=0)
    left, bottom = (low - margin * (high - low)).tolist()
    right, top = (high + margin * (high - low)).tolist()
    return left, right, bottom, top


def latent_grid(side: int, extent: Extent = None) -> NDArray[np.float32]:
    """The middles (side, side, 2) of the cells of a plane cut evenly: row 0 on top, column 0 on the left.

    Cells of an extent have equal width. Without one they have equal probability under the prior N(0, I), and their
    middles are its quantiles (Kingma & Welling 2014, appendix A).
    """
    if side < 1:
        raise ValueError(f"side, the number of cells a side, must be at least 1, got {side}")
    share = (np.arange(side) + 0.5) / side
    if extent is None:
        across = upwards = torch.special.ndtri(torch.from_numpy(share)).numpy()
    else:
        left, right, bottom, top = _edges(extent)
        across, upwards = left + share * (right - left), bottom + share * (top - bottom)
    return np.stack(np.meshgrid(across, upwards[::-1]), axis=-1).astype(np.float32)


@torch.no_grad()
def decoded_grid(decode: Callable[[Tensor], Tensor], side: int, extent: Extent = None) -> NDArray[np.float32]:
    """Images (side, side, D): the `latent_grid` of a latent space of two dimensions, decoded row by row.

    `decode` maps z (B, 2) to x_hat (B, D). For a plane in a larger space, give one that puts z into that plane.
    """
    images = torch.stack([decode(torch.from_numpy(row)) for row in latent_grid(side, extent)])
    if images.ndim != 3 or images.shape[1] != side:
        raise ValueError(f"decode must map z ({side}, 2) to images ({side}, D), but gave {tuple(images.shape[1:])}")
    return images.numpy()


def class_map(classify: Callable[[NDArray[np.float32]], Labels], images: NDArray[np.float32]) -> NDArray[np.int64]:
    """The class (side, side) of each image of a decoded grid (side, side, D).

    `classify` maps images (B, D) to whole numbers (B,). It also names images that are of no class at all.
    """
    if images.ndim != 3:
        raise ValueError(f"images must be a grid (side, side, D), got {images.shape}: take those of decoded_grid")
    side, count = len(images), images.shape[0] * images.shape[1]
    classes = np.asarray(classify(images.reshape(count, -1)))
    if classes.shape != (count,) or not np.issubdtype(classes.dtype, np.integer):
        raise ValueError(
            f"classify must give whole numbers ({count},), one an image, got {classes.dtype} {classes.shape}: take the "
            "argmax of scores"
        )
    return classes.reshape(side, -1).astype(np.int64)


def islands(classes: Labels, at_least: int = 1) -> dict[int, int]:
    """For each class of a class map (R, C), how many pieces it is in: cells that touch by an edge are one piece.

    Pieces of fewer than `at_least` cells are not counted; a class may then have none.
    """
    from scipy.ndimage import label

    pieces = {int(c): np.bincount(label(classes == c)[0].ravel())[1:] for c in np.unique(classes)}
    return {c: int((sizes >= at_least).sum()) for c, sizes in pieces.items()}


def border_share(classes: Labels) -> float:
    """Share of the pairs of neighbouring cells of a class map (R, C) that differ: how much border there is."""
    if classes.ndim != 2 or classes.size < 2:
        raise ValueError(f"a class map needs at least two cells (R, C), got {classes.shape}")
    pairs = np.concatenate([(classes[1:] != classes[:-1]).ravel(), (classes[:, 1:] != classes[:, :-1]).ravel()])
    return float(pairs.mean())


def occupied_share(codes: Codes, side: int, extent: Extent = None) -> float:
    """Share of the cells of a plane cut evenly, (side, side), that hold at least one of the codes (N, 2)."""
    rows, columns = _cells(_planar(codes), side, extent)[1]
    return len(set(zip(rows.tolist(), columns.tolist(), strict=True))) / side**2


def map_accuracy(classes: Labels, codes: Codes, labels: Labels, extent: Extent = None) -> float:
    """Share of codes (N, 2) that lie in a cell of their own label (N,); a code outside of the extent does not.

    `extent` is that of the grid of the class map `classes` (side, side).
    """
    codes, labels = labelled_rows(_planar(codes), labels)
    side = len(classes)
    if classes.shape != (side, side):
        raise ValueError(f"a class map is (side, side), got {classes.shape}")
    inside, (row, column) = _cells(codes, side, extent)
    return float((classes[row, column] == labels[inside]).sum() / len(labels))


def _cells(
    codes: NDArray[np.float64], side: int, extent: Extent
) -> tuple[NDArray[np.bool_], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Which codes (N, 2) lie inside the extent, and row and column of the cell of each that does."""
    if extent is None:
        share = torch.special.ndtr(torch.from_numpy(codes)).numpy()
    else:
        left, right, bottom, top = _edges(extent)
        share = (codes - (left, bottom)) / (right - left, top - bottom)  # (N, 2)
    inside = ((share >= 0) & (share <= 1)).all(axis=1)
    column, height = np.minimum(np.floor(share[inside] * side), side - 1).astype(np.int64).T
    return inside, (side - 1 - height, column)


def _edges(extent: float | Bounds) -> Bounds:
    left, right, bottom, top = extent if isinstance(extent, tuple) else (-extent, extent, -extent, extent)
    if not (0 < right - left < inf and 0 < top - bottom < inf):
        raise ValueError(f"extent must be above 0, or (left, right, bottom, top) with left < right, got {extent}")
    return left, right, bottom, top


def _planar(codes: Codes) -> NDArray[np.float64]:
    codes = finite_rows(codes, "codes")
    if codes.shape[1] != 2:
        raise ValueError(f"codes must be (N, 2), got {codes.shape}: only a latent space of two dimensions is a plane")
    return codes
