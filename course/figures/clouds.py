"""The plane of a model with two latent dimensions: points with holes between them, and clouds that fill it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from course.figures.ground import clouds, codes_of, decoded, ground_of, tinted
from course.figures.style import MARKERS, Drawing, Theme, colours, ink, show_image
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
    axes.legend(ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1), handletextpad=0.2, columnspacing=1.0)


def _side_images(figure: Figure, kind: type[LatentModel], theme: Theme) -> Axes:
    """The plane on the left, returned; on the right what is decoded at a code, and at the point furthest from data."""
    ground, codes = ground_of(kind), codes_of(kind)
    distance = nearest(ground.images, lines64().templates)[1]
    z = ground.points[distance.argmax()]
    near = codes[np.square((codes - z) / codes.std(axis=0)).sum(axis=1).argmin()]
    parts = figure.add_gridspec(2, 2, width_ratios=(2.6, 1))
    plane = figure.add_subplot(parts[:, 0])
    _draw_plane(plane, kind, theme)
    images = decoded(kind, np.stack([near, z]))
    side = 1 if near[0] > z[0] else -1
    for row, (place, letter, words) in enumerate(((near, "A", "decoded at a code"), (z, "B", "decoded in between"))):
        show_image(figure.add_subplot(parts[row, 1]), images[row], theme, f"{letter}: {words}")
        plane.plot(*place, "o", ms=15, mfc="none", mec=ink(theme), mew=1.4)
        across = 15 * (side if letter == "A" else -side)
        plane.annotate(letter, place, (across, 0), textcoords="offset points", fontsize=12, weight="bold",
                       ha="center", va="center")  # fmt: skip
    return plane


def point_plane(theme: Theme) -> Drawing:
    """An autoencoder's codes on the ground of what decodes to an image of the set, and a z in a hole."""
    figure = Figure(figsize=(8.4, 5.0))
    _side_images(figure, Autoencoder, theme)
    holes = 100 * (ground_of(Autoencoder).types < 0).mean()
    left, right, bottom, top = ground_of(Autoencoder).extent
    return Drawing(
        figure,
        f"Left: 64 codes of an autoencoder in a plane from {left:.0f} to {right:.0f} and from {bottom:.0f} to "
        f"{top:.0f}, each with the marker of its type, most of them crowded in one part. Coloured ground decodes "
        f"to an image of the set, bare ground does not: {holes:.0f} percent of the plane are bare. Right: decoded at a "
        "code, a clear line; decoded in a hole, shapes that are no image of the set.",
    )


def cloud_plane(theme: Theme) -> Drawing:
    """The same of a VAE, with an ellipse of one sigma around each code."""
    figure = Figure(figsize=(8.4, 5.0))
    plane = _side_images(figure, VAE, theme)
    mu, sigma = clouds()
    for i, t in enumerate(lines64().labels):
        plane.add_patch(Ellipse(mu[i], 2 * sigma[i, 0], 2 * sigma[i, 1], fc="none", ec=colours(theme)[t], lw=1.3))
    holes = 100 * (ground_of(VAE).types < 0).mean()
    left, right, bottom, top = ground_of(VAE).extent
    return Drawing(
        figure,
        f"Left: the plane of a VAE from {left:.1f} to {right:.1f} and from {bottom:.1f} to {top:.1f}, filled with "
        f"64 ellipses that lie side by side like pebbles; {holes:.0f} percent of the ground are bare, in narrow seams "
        "and at the corners. Right: decoded at a code, a clear line; decoded where it is furthest from the images, a "
        "broken one.",
    )
