"""Two clouds that grow until they overlap: the image flips while the KL falls."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.colors import to_rgb
from numpy.typing import NDArray
from torch import Generator

from course.figures.animation import Animation
from course.figures.ground import clouds, decoded, tinted, types_of
from course.figures.style import Theme, colours, ink
from course.models import VAE
from course.objectives import kl
from course.palette import ACCENT, PAPER
from course.patterns import lines64

__all__ = ["two_clouds"]

_WIDTHS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
_A_WIDTH = 6
_PANEL = 80


def _neighbours() -> tuple[int, int]:
    """Two images of different types whose clouds lie as near to each other as any, in units of the narrower one."""
    mu, sigma = clouds()
    labels = lines64().labels
    apart = np.square(mu[:, None] - mu[None]) / np.square(np.minimum(sigma[:, None], sigma[None]))
    distance = np.where(labels[:, None] == labels[None], np.inf, apart.sum(axis=2))
    a, b = np.unravel_index(distance.argmin(), distance.shape)
    return int(a), int(b)


def two_clouds() -> Animation:
    """Two clouds that grow: draws from the first, what they decode to, and what the first cloud costs."""
    a, b = _neighbours()
    mu, sigma = clouds()
    eps = torch.randn(len(_WIDTHS), 400, 2, generator=Generator().manual_seed(0)).numpy()
    labels: list[str] = []
    frames: dict[Theme, list[NDArray[np.uint8]]] = {"light": [], "dark": []}
    for k, width in enumerate(_WIDTHS):
        z = mu[a] + width * sigma[a] * eps[k]
        x_hat = decoded(VAE, z)
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


class View(NamedTuple):
    """A square of the plane around two clouds, of `_PANEL` points a side."""

    middle: NDArray[np.float32]
    half: float
    points: NDArray[np.float32]
    types: NDArray[np.int64]


@cache
def _view(a: int, b: int) -> View:
    mu, sigma = clouds()
    middle = (mu[a] + mu[b]) / 2
    half = float(np.abs(mu[a] - mu[b]).max() / 2 + 3 * np.maximum(sigma[a], sigma[b]).max())
    steps = np.linspace(-half, half, _PANEL)
    points = np.stack(np.meshgrid(middle[0] + steps, middle[1] - steps), axis=-1).reshape(-1, 2).astype(np.float32)
    return View(middle, half, points, types_of(decoded(VAE, points)))


def _two(a: int, b: int, width: float, z: NDArray[np.float32], theme: Theme) -> NDArray[np.uint8]:
    """The ground around two clouds, a ring of one sigma for each, and the points drawn so far, the last one larger."""
    (mu, sigma), view = clouds(), _view(a, b)
    shades = tinted(view.types, theme)
    for image in (a, b):
        ring = np.hypot(*((view.points - mu[image]) / (width * sigma[image])).T).reshape(_PANEL, _PANEL)
        line = np.abs(ring - 1) * width * sigma[image].min() < 2.4 * view.half / _PANEL
        shades[line] = to_rgb(colours(theme)[lines64().labels[image]])
    for i, place in enumerate(z):
        column, row = np.round(((place - view.middle) * (1, -1) / (2 * view.half) + 0.5) * _PANEL).astype(int)
        reach = 2 if i == len(z) - 1 else 1
        rows, columns = (slice(max(at - reach, 0), max(at + reach, 0)) for at in (row, column))
        shades[rows, columns] = to_rgb(ink(theme))
    return _bytes(shades, theme)


def _bar(nats: float, theme: Theme) -> NDArray[np.uint8]:
    """A bar of the KL that grows from the ground; the whole height is ten nats."""
    share = np.zeros((_PANEL, 24))
    share[:, :2] = share[-2:] = 0.35
    shades = _mixed(share, theme)
    shades[_PANEL - round(_PANEL * nats / 10) :, 6:20] = to_rgb(ACCENT[theme])
    return _bytes(shades, theme, right=0)
