"""The plane of a model with two latent dimensions: points with holes between them, then clouds, then an overlap."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from numpy.typing import NDArray
from torch import Generator, Tensor

from course.figures.animation import Animation
from course.figures.style import MARKERS, Drawing, Theme, colours, ink, show_image
from course.models import VAE, Autoencoder, LatentModel
from course.objectives import kl
from course.palette import ACCENT, PAPER
from course.patterns import TYPES, lines64, nearest
from course.runs import load_or_train

__all__ = ["cloud_plane", "point_plane", "two_clouds"]

_SIDE = 160
_WIDTHS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
_A_WIDTH = 6
_PANEL = 80


class Ground(NamedTuple):
    """What the decoder makes of a grid of points: rows of images (side * side, 256), from the upper left corner."""

    extent: tuple[float, float, float, float]
    points: NDArray[np.float32]
    images: NDArray[np.float32]
    types: NDArray[np.int64]
    """The type of the image of the set that each point decodes to; -1 in a hole."""


@cache
def _model(kind: type[LatentModel]) -> LatentModel:
    model: LatentModel = load_or_train("lines64", {"latent_dim": 2}, kind=kind)
    return model


@cache
def _x() -> Tensor:
    return torch.from_numpy(lines64().images)


@cache
def _codes(kind: type[LatentModel]) -> NDArray[np.float32]:
    with torch.no_grad():
        return _model(kind).encode(_x()).numpy()


@cache
def _ground(kind: type[LatentModel], side: int = _SIDE) -> Ground:
    """The rectangle of the codes, with a margin."""
    codes = _codes(kind)
    low, high = codes.min(axis=0), codes.max(axis=0)
    margin = 0.06 * (high - low)
    (left, bottom), (right, top) = low - margin, high + margin
    x, y = np.meshgrid(np.linspace(left, right, side), np.linspace(top, bottom, side))
    points = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
    with torch.no_grad():
        images = _model(kind).decode(torch.from_numpy(points)).numpy()
    rows, distances = nearest((images > 0.5).astype(np.float32), lines64().templates)
    types = np.where(distances == 0, lines64().labels[rows], -1)
    return Ground((left, right, bottom, top), points, images, types)


def _tinted(types: NDArray[np.int64], theme: Theme) -> NDArray[np.float64]:
    """Pale colours (side, side, 3) of types; a hole is the page."""
    page = np.array(to_rgb(PAPER[theme]))
    pale = 0.35 * np.array([to_rgb(colour) for colour in colours(theme)]) + 0.65 * page
    side = round(len(types) ** 0.5)
    shades: NDArray[np.float64] = np.vstack([pale, page])[types].reshape(side, side, 3)
    return shades


def _draw_plane(axes: Axes, kind: type[LatentModel], theme: Theme) -> None:
    """The ground with the marker of each image at its code."""
    ground, codes, labels = _ground(kind), _codes(kind), lines64().labels
    axes.imshow(_tinted(ground.types, theme), extent=ground.extent, aspect="auto", interpolation="none")
    for t, name in enumerate(TYPES):
        of = codes[labels == t]
        axes.scatter(of[:, 0], of[:, 1], marker=MARKERS[t], s=48, linewidths=1.9, color=colours(theme)[t], label=name)
    axes.set(xlabel="first number", ylabel="second number")
    axes.legend(ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1), handletextpad=0.2, columnspacing=1.0)


def _side_images(figure: Figure, kind: type[LatentModel], theme: Theme) -> Axes:
    """The plane on the left, returned; on the right what is decoded at a code, and at the point furthest from data."""
    ground, codes = _ground(kind), _codes(kind)
    distance = nearest(ground.images, lines64().templates)[1]
    z = ground.points[distance.argmax()]
    near = codes[np.square((codes - z) / codes.std(axis=0)).sum(axis=1).argmin()]
    parts = figure.add_gridspec(2, 2, width_ratios=(2.6, 1))
    plane = figure.add_subplot(parts[:, 0])
    _draw_plane(plane, kind, theme)
    with torch.no_grad():
        images = _model(kind).decode(torch.from_numpy(np.stack([near, z]))).numpy()
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
    holes = 100 * (_ground(Autoencoder).types < 0).mean()
    left, right, bottom, top = _ground(Autoencoder).extent
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
    mu, sigma = _clouds()
    for i, t in enumerate(lines64().labels):
        plane.add_patch(Ellipse(mu[i], 2 * sigma[i, 0], 2 * sigma[i, 1], fc="none", ec=colours(theme)[t], lw=1.3))
    holes = 100 * (_ground(VAE).types < 0).mean()
    left, right, bottom, top = _ground(VAE).extent
    return Drawing(
        figure,
        f"Left: the plane of a VAE from {left:.1f} to {right:.1f} and from {bottom:.1f} to {top:.1f}, filled with "
        f"64 ellipses that lie side by side like pebbles; {holes:.0f} percent of the ground are bare, in narrow seams "
        "and at the corners. Right: decoded at a code, a clear line; decoded where it is furthest from the images, a "
        "broken one.",
    )


@cache
def _clouds() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    model = _model(VAE)
    assert isinstance(model, VAE)
    with torch.no_grad():
        mu, log_var = model.posterior(_x())
    return mu.numpy(), torch.exp(0.5 * log_var).numpy()


def _neighbours() -> tuple[int, int]:
    """Two images of different types whose clouds lie as near to each other as any, in units of the narrower one."""
    mu, sigma = _clouds()
    labels = lines64().labels
    apart = np.square(mu[:, None] - mu[None]) / np.square(np.minimum(sigma[:, None], sigma[None]))
    distance = np.where(labels[:, None] == labels[None], np.inf, apart.sum(axis=2))
    a, b = np.unravel_index(distance.argmin(), distance.shape)
    return int(a), int(b)


def two_clouds() -> Animation:
    """Two clouds that grow: draws from the first, what they decode to, and what the first cloud costs."""
    a, b = _neighbours()
    mu, sigma = _clouds()
    eps = torch.randn(len(_WIDTHS), 400, 2, generator=Generator().manual_seed(0)).numpy()
    labels: list[str] = []
    frames: dict[Theme, list[NDArray[np.uint8]]] = {"light": [], "dark": []}
    for k, width in enumerate(_WIDTHS):
        z = mu[a] + width * sigma[a] * eps[k]
        x_hat = _decoded(z)
        own = 100 * ((x_hat > 0.5) == (lines64().images[a] > 0.5)).all(axis=1).mean()
        log_var = 2 * torch.from_numpy(width * sigma[a : a + 1]).log()
        nats = float(kl(torch.from_numpy(mu[a : a + 1]), log_var))
        for draw in range(_A_WIDTH):
            labels.append(
                f"width \N{MULTIPLICATION SIGN} {width:g}, KL {nats:.1f} nats, {own:.0f} % give the image back"
            )
            for theme, made in frames.items():
                parts = (_picture(x_hat[draw], theme), _two(a, b, width, z[: draw + 1], theme), _bar(nats, theme))
                made.append(np.hstack(parts))
    light, dark = (np.stack(made) for made in frames.values())
    return Animation(
        light,
        2,
        labels,
        f"Two clouds side by side grow from a quarter of their width to {_WIDTHS[-1]:g} times it. Points are drawn "
        "from the first. While it is narrow, each decodes to its image and the bar of the KL is long. As it grows over "
        "the second, the bar shrinks, and the decoded image flips to another one or to a broken one.",
        dark=dark,
        enlarge=2,
    )


def _decoded(z: NDArray[np.float32]) -> NDArray[np.float32]:
    with torch.no_grad():
        x_hat: NDArray[np.float32] = _model(VAE).decode(torch.from_numpy(z)).numpy()
    return x_hat


def _bytes(shades: NDArray[np.float64], theme: Theme, right: int = 4) -> NDArray[np.uint8]:
    """Colours (H, W, 3) in [0, 1] as bytes, with a gap in the colour of the page at the right."""
    gap = np.broadcast_to(to_rgb(PAPER[theme]), (len(shades), right, 3))
    return np.round(255 * np.hstack([shades, gap])).astype(np.uint8)


def _mixed(share: NDArray[np.floating], theme: Theme) -> NDArray[np.float64]:
    """From the colour of the page, at 0, to that of ink, at 1."""
    page, text = np.array(to_rgb(PAPER[theme])), np.array(to_rgb(ink(theme)))
    mixed: NDArray[np.float64] = page + share[..., None] * (text - page)
    return mixed


def _picture(image: NDArray[np.float32], theme: Theme) -> NDArray[np.uint8]:
    """A decoded image, each pixel five a side, in a thin frame."""
    shades = np.kron(image.reshape(16, 16), np.ones((5, 5)))
    shades[[0, -1]] = np.maximum(shades[[0, -1]], 0.35)
    shades[:, [0, -1]] = np.maximum(shades[:, [0, -1]], 0.35)
    return _bytes(_mixed(shades, theme), theme)


def _two(a: int, b: int, width: float, z: NDArray[np.float32], theme: Theme) -> NDArray[np.uint8]:
    """The ground around two clouds, a ring of one sigma for each, and the points drawn so far, the last one larger."""
    mu, sigma = _clouds()
    middle = (mu[a] + mu[b]) / 2
    half = float(np.abs(mu[a] - mu[b]).max() / 2 + 3 * np.maximum(sigma[a], sigma[b]).max())
    steps = np.linspace(-half, half, _PANEL)
    points = np.stack(np.meshgrid(middle[0] + steps, middle[1] - steps), axis=-1).reshape(-1, 2).astype(np.float32)
    rows, distances = nearest((_decoded(points) > 0.5).astype(np.float32), lines64().templates)
    shades = _tinted(np.where(distances == 0, lines64().labels[rows], -1), theme)
    for image in (a, b):
        ring = np.hypot(*((points - mu[image]) / (width * sigma[image])).T).reshape(_PANEL, _PANEL)
        line = np.abs(ring - 1) * width * sigma[image].min() < 1.2 * half / _PANEL * 2
        shades[line] = to_rgb(colours(theme)[lines64().labels[image]])
    for i, place in enumerate(z):
        column, row = np.round((place - middle) * (1, -1) / (2 * half) * _PANEL + _PANEL / 2).astype(int)
        reach = 2 if i == len(z) - 1 else 1
        shades[max(row - reach, 0) : max(row + reach, 0), max(column - reach, 0) : max(column + reach, 0)] = to_rgb(
            ink(theme)
        )
    return _bytes(shades, theme)


def _bar(nats: float, theme: Theme) -> NDArray[np.uint8]:
    """A bar of the KL that grows from the ground; the whole height is ten nats."""
    share = np.zeros((_PANEL, 24))
    share[:, :2] = share[-2:] = 0.35
    shades = _mixed(share, theme)
    shades[_PANEL - round(_PANEL * nats / 10) :, 6:20] = to_rgb(ACCENT[theme])
    return _bytes(shades, theme, right=0)
