"""One small picture a lesson, without words, for the road on the first page and for the way to the next lesson."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse, Polygon
from numpy.typing import NDArray
from torch import Generator, Tensor

from course import checkpoints, datasets, latent, metrics, planes, runs, sweep
from course.curves import curve
from course.fashion import sample
from course.figures.animation import Animation
from course.figures.front import plane_with_point
from course.figures.style import Drawing, Theme, colours, ink, scatter
from course.labelled import ConditionalVAE
from course.models import VAE, Autoencoder
from course.palette import INK, PAPER
from course.patterns import cross8x8, lines64
from course.studies import conditional_sampling
from course.studies.ood_images import ood_images
from course.training import Settings

__all__ = ["ANIMATIONS", "FIGURES"]

Images = NDArray[np.floating]
_X = np.linspace(-3.2, 3.2, 161)


@cache
def _lines() -> tuple[VAE, Tensor, list[int]]:
    """The model of the first lessons, its images, and its two strongest dimensions."""
    model, x = checkpoints.load("lines64"), torch.from_numpy(lines64().images)
    return model, x, metrics.strongest(metrics.dimension_kl(model, x))


def _normal(mean: float, sigma: float) -> NDArray[np.float64]:
    values: NDArray[np.float64] = np.exp(-(((_X - mean) / sigma) ** 2) / 2) / sigma
    return values


def _mosaic(axes: Axes, rows: Sequence[Images], theme: Theme) -> None:
    """Rows of images (S, D) with one pixel between them."""
    side = round(rows[0].shape[1] ** 0.5)
    cells = [np.pad(row.reshape(-1, side, side), ((0, 0), (1, 1), (1, 1))) for row in rows]
    shades = LinearSegmentedColormap.from_list("ink", [PAPER[theme], INK[theme]])
    axes.imshow(np.vstack([np.hstack(list(row)) for row in cells]), cmap=shades, vmin=0, vmax=1, interpolation="none")


@torch.no_grad()
def _latent_spaces(axes: Axes, theme: Theme) -> str:
    model, x, strongest = _lines()
    for sigma in (1, 2):
        axes.add_patch(Circle((0, 0), sigma, fill=False, ls=":", lw=1, ec=ink(theme, faint=True)))
    scatter(axes, model.encode(x).numpy()[:, strongest], lines64().labels, theme, size=11)
    axes.set_aspect("equal", adjustable="datalim")
    return "A cloud of short strokes of four kinds, scattered over a plane with two dotted circles around its middle"


def _reparameterization(axes: Axes, theme: Theme) -> str:
    eps = np.random.default_rng(4).normal(size=(46, 2)) * (1, 0.5)
    for sigma in (1, 2):
        axes.add_patch(Ellipse((0, 0), 2 * sigma, sigma, fill=False, lw=1.2, ec=colours(theme)[1]))
    axes.plot(*eps.T, "o", ms=2.6, color=colours(theme)[1])
    axes.annotate("", (1.25, 0.62), (0, 0), arrowprops={"arrowstyle": "-|>", "color": colours(theme)[0], "lw": 2})
    axes.plot(0, 0, "o", ms=5, color=colours(theme)[0])
    axes.set(xlim=(-2.9, 2.9), ylim=(-1.8, 1.8))
    return "A cloud of dots inside two ellipses, and an arrow from its middle to one place on the inner ellipse"


def _bound(axes: Axes, theme: Theme) -> str:
    evidence = np.log1p(np.exp(1.4 * _X)) - 0.22 * _X**2
    axes.plot(_X, evidence, color=ink(theme), lw=2)
    slope = np.gradient(evidence, _X)
    for k, colour in zip((35, 75, 115), colours(theme), strict=False):
        near = np.abs(_X - _X[k]) < 1.5
        bound = evidence[k] + slope[k] * (_X - _X[k]) - 0.95 * (_X - _X[k]) ** 2
        axes.plot(_X[near], bound[near], color=colour, lw=1.6)
        axes.plot(_X[k], evidence[k], "o", ms=4.5, color=colour)
    return "A curve, and three narrower curves below it that each touch it in one point and never cross it"


def _kl_divergence(axes: Axes, theme: Theme) -> str:
    for values, colour in ((_normal(0, 1.0), colours(theme)[1]), (_normal(0.9, 0.5), colours(theme)[0])):
        axes.fill_between(_X, values, color=colour, alpha=0.25, lw=0)
        axes.plot(_X, values, color=colour, lw=2)
    axes.set(xlim=(-3.2, 3.2), ylim=(-0.05, 2.2))
    return "Two bell curves, a low wide one and a high narrow one to its right, with the area below each coloured"


def _training(axes: Axes, theme: Theme) -> str:
    terms = curve("lines64").steps[:4000].reshape(-1, 50, 3).mean(axis=1)
    axes.plot(terms[:, 1] + terms[:, 2], color=colours(theme)[1], lw=2)
    axes.axhline(lines64().entropy, color=ink(theme, faint=True), ls="--", lw=1.2)
    axes.set(yscale="log", ylim=(3, 250))
    return "A learning curve that falls steeply, then slowly, towards a dashed line that it does not cross"


@torch.no_grad()
def _interpolation(axes: Axes, theme: Theme) -> str:
    model, ends = _lines()[0], torch.from_numpy(lines64().prototypes()[[0, 3]])
    a, b = model.encode(ends)
    _mosaic(axes, [model.decode(latent.lerp(a, b, 5)).numpy(), latent.lerp(ends[0], ends[1], 5).numpy()], theme)
    return (
        "Two rows of five small images: decoded, a diagonal turns into a cross; as a blend of pixels, it fades into it"
    )


@torch.no_grad()
def _autoencoder(axes: Axes, theme: Theme) -> str:
    images = sample("test")
    for left, kind in ((0.0, Autoencoder), (1.15, VAE)):
        model = runs.load_or_train("fashion", {"latent_dim": 2}, kind=kind)
        codes = model.encode(torch.from_numpy(images.images)).numpy()
        low, high = codes.min(axis=0), codes.max(axis=0)
        scatter(axes, (codes - low) / (high - low) * (1, 0.95) + (left, 0), images.labels, theme, size=7)
    axes.axvline(1.075, color=ink(theme, faint=True), lw=0.8)
    return "Two maps of points in ten colours: the left ones in rays with empty space, the right ones in one cloud"


def _strange(axes: Axes, theme: Theme) -> str:
    usual = sample("test").images[[90, 180, 10]]
    _mosaic(axes, [usual, np.vstack([ood_images(kind, usual)[:1] for kind in _KINDS])], theme)
    return "Three pieces of clothing in a row, and below them three images that are none, one of them noise"


_KINDS = ("noise", "bars", "square")


@torch.no_grad()
def _maps(axes: Axes, theme: Theme) -> str:
    grid = planes.decoded_grid(runs.load_or_train("fashion", {"latent_dim": 2}).decode, 8, 2.6)
    _mosaic(axes, list(grid[2:7]), theme)
    return "Five rows of eight decoded pieces of clothing, each a little different from its neighbours on all sides"


@torch.no_grad()
def _factors(axes: Axes, theme: Theme) -> str:
    config = sweep.configs("cross8x8", [8.0], [8], [0])[sweep.Cell(8.0, 8, 0)]
    model, x = runs.load_or_train(config.data, config.size, config.settings), torch.from_numpy(cross8x8().images)
    net = model.encode(x).numpy()[:, metrics.strongest(metrics.dimension_kl(model, x))].reshape(8, 8, 2)  # cx, cy
    for i in range(8):
        axes.plot(*net[:, i].T, "-o", ms=2.2, lw=1.2, color=colours(theme)[1])
        axes.plot(*net[i].T, "--", lw=1.2, color=colours(theme)[0])
    axes.set_aspect("equal", adjustable="datalim")
    return "A square net of points whose two kinds of lines stand askew to the edges of the picture, one kind dashed"


def _labels(axes: Axes, theme: Theme) -> str:
    settings = Settings(**datasets.default_settings("fashion") | {"beta": 8.0, "beta_start": 8.0})
    model = runs.load_or_train("fashion", settings=settings, kind=ConditionalVAE)
    assert isinstance(model, ConditionalVAE)
    z = torch.randn((6, 16), generator=Generator().manual_seed(4)).repeat(10, 1)
    images = conditional_sampling.sample_by_label(model, z).reshape(10, 6, -1)
    _mosaic(axes, [images[label] for label in (1, 3, 9)], theme)
    return "Three rows of six drawn images: trousers in the first, dresses in the second, ankle boots in the third"


def _explorer(axes: Axes, theme: Theme) -> str:
    picture, (x, y) = plane_with_point(theme)
    top = int(np.clip(y - 80, 0, len(picture) - 160))
    axes.imshow(picture[top : top + 160], interpolation="none")
    arrow = np.array([(0, 0), (0, 30), (7, 24), (12, 35), (17, 33), (12, 22), (21, 22)]) + np.array(
        (x + 3, y - top + 3)
    )
    axes.add_patch(Polygon(arrow, fc=ink(theme), ec=PAPER[theme], lw=1.2))
    return "A plane of faint pieces of clothing in the colours of their classes, and a pointer that holds a ring on it"


_DRAWN: dict[str, Callable[[Axes, Theme], str]] = {
    "latent_spaces": _latent_spaces, "reparameterization": _reparameterization, "bound": _bound,
    "kl_divergence": _kl_divergence, "training": _training, "interpolation": _interpolation,
    "autoencoder": _autoencoder, "strange": _strange, "maps": _maps, "factors": _factors, "labels": _labels,
    "explorer": _explorer,
}  # fmt: skip


def _framed(draw: Callable[[Axes, Theme], str]) -> Callable[[Theme], Drawing]:
    def drawing(theme: Theme) -> Drawing:
        figure = Figure(figsize=(2.4, 1.5))
        figure.set_layout_engine("none")
        axes = figure.add_axes((0.02, 0.03, 0.96, 0.94))
        words = draw(axes, theme)
        axes.axis("off")
        return Drawing(figure, f"{words}.")

    return drawing


FIGURES: dict[str, Callable[[Theme], Drawing]] = {f"sign_{name}": _framed(draw) for name, draw in _DRAWN.items()}
ANIMATIONS: dict[str, Callable[[], Animation]] = {}
