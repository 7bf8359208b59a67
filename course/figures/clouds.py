"""The plane of a model with two latent dimensions: points with holes between them, and clouds that fill it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from course.figures.ground import clouds, codes_of, decoded, ground_of, tinted
from course.figures.signs import legend_of
from course.figures.style import MARKERS, PHONE, Drawing, Theme, colours, ink, show_image
from course.models import VAE, Autoencoder, LatentModel
from course.patterns import TYPES, lines64, nearest

__all__ = ["cloud_plane", "point_plane"]


def _draw_plane(axes: Axes, kind: type[LatentModel], theme: Theme) -> None:
    """The ground with the marker of each image at its code."""
    ground, codes, labels = ground_of(kind), codes_of(kind), lines64().labels
    axes.imshow(tinted(ground.types, theme), extent=ground.extent, aspect="auto", interpolation="none")
    for t, name in enumerate(TYPES):
        of = codes[labels == t]
        axes.scatter(of[:, 0], of[:, 1], marker=MARKERS[t], s=48, linewidths=1.9, color=colours(theme)[t], label=name)
    axes.set(xlabel="first number", ylabel="second number")


def _plane_and_images(kind: type[LatentModel], theme: Theme) -> tuple[Figure, Axes]:
    """The plane, and below it what is decoded at a code, and at the point furthest from data; as wide as a phone."""
    ground, codes = ground_of(kind), codes_of(kind)
    z = ground.points[nearest(ground.images, lines64().templates)[1].argmax()]
    near = codes[np.square((codes - z) / codes.std(axis=0)).sum(axis=1).argmin()]
    figure = Figure(figsize=(PHONE, 5.2))
    parts = figure.add_gridspec(2, 2, height_ratios=(2.1, 1))
    plane = figure.add_subplot(parts[0, :])
    _draw_plane(plane, kind, theme)
    side = 1 if near[0] > z[0] else -1
    signs = (("A", near, "at a code", side), ("B", z, "in between", -side))
    for column, ((letter, place, words, across), image) in enumerate(
        zip(signs, decoded(kind, np.stack([near, z])), strict=True)
    ):
        below = figure.add_subplot(parts[1, column])
        show_image(below, image, theme)
        below.set_title(f"{letter}: decoded {words}")
        plane.plot(*place, "o", ms=15, mfc="none", mec=ink(theme), mew=1.4)
        plane.annotate(
            letter, place, (15 * across, 0), textcoords="offset points", weight="bold", ha="center", va="center"
        )
    return figure, plane


def point_plane(theme: Theme) -> Drawing:
    """An autoencoder's codes on the ground of what decodes to an image of the set, and a z in a hole."""
    figure, plane = _plane_and_images(Autoencoder, theme)
    holes = 100 * (ground_of(Autoencoder).types < 0).mean()
    left, right, bottom, top = ground_of(Autoencoder).extent
    return Drawing(
        figure,
        f"Above: 64 codes of an autoencoder in a plane from {left:.0f} to {right:.0f} and from {bottom:.0f} to "
        f"{top:.0f}, each with the marker of its type, most of them crowded in one part. Coloured ground decodes "
        f"to an image of the set, uncoloured ground does not: {holes:.0f} percent of the plane have no colour. Below: "
        "decoded at a code, a clear line; decoded in a hole, shapes that are no image of the set.",
        legend_of(plane),
    )


def cloud_plane(theme: Theme) -> Drawing:
    """The same of a VAE, with an ellipse of one sigma around each code."""
    figure, plane = _plane_and_images(VAE, theme)
    mu, sigma = clouds()
    for i, t in enumerate(lines64().labels):
        plane.add_patch(Ellipse(mu[i], 2 * sigma[i, 0], 2 * sigma[i, 1], fc="none", ec=colours(theme)[t], lw=1.3))
    holes = 100 * (ground_of(VAE).types < 0).mean()
    left, right, bottom, top = ground_of(VAE).extent
    return Drawing(
        figure,
        f"Above: the plane of a VAE from {left:.1f} to {right:.1f} and from {bottom:.1f} to {top:.1f}, filled with "
        f"64 ellipses that lie side by side like pebbles; {holes:.0f} percent of the ground are bare, in narrow seams "
        "and at the corners. Below: decoded at a code, a clear line; decoded where it is furthest from the images, a "
        "broken one.",
        legend_of(plane),
    )
