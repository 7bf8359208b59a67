"""The pictures of lesson 10, drawn from runs of the store."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from matplotlib.axes import Axes

from course import metrics, runs, sweep
from course.figures.animation import Animation
from course.figures.grids import score_grid
from course.figures.signs import legend_of
from course.figures.style import THREE_ABREAST, Drawing, Theme, colours, panels
from course.models import VAE
from course.patterns import cross8x8

__all__ = ["ANIMATIONS", "FIGURES"]


BETAS, DIMS = (1.0, 4.0, 8.0, 16.0), (2, 4, 8)


@cache
def _crosses(beta: float, latent_dim: int, seed: int = 0) -> VAE:
    config = sweep.configs("cross8x8", [beta], [latent_dim], [seed])[sweep.Cell(beta, latent_dim, seed)]
    return runs.load_or_train(config.data, config.size, config.settings)


def lattices(theme: Theme) -> Drawing:
    """The codes of 64 crosses as a net of neighbours: beta 1, and beta 8 with two seeds."""
    shown = [(1.0, 0), (8.0, 0), (8.0, 1)]
    figures, three = panels(3, 2.75, THREE_ABREAST)
    gaps = []
    for axes, (beta, seed) in zip(three, shown, strict=True):
        model = _crosses(beta, 8, seed)
        _net(axes, model, theme)
        gaps.append(sweep.gap(model, cross8x8()))
        axes.set_title(f"beta {beta:g}, seed {seed}\ngap {gaps[-1]:.2f}")
    return Drawing(
        figures,
        "Three nets of 64 codes along the two strongest dimensions; neighbours in cx and in cy are joined. Beta 1: the "
        f"net is folded, with a gap of {gaps[0]:.2f}. Beta 8: a square net each time, with seed 0 turned against the "
        f"axes (gap {gaps[1]:.2f}), with seed 1 along them (gap {gaps[2]:.2f}).",
        legend_of(axes),
    )


@torch.no_grad()
def _net(axes: Axes, model: VAE, theme: Theme) -> None:
    patterns = cross8x8()
    x = torch.from_numpy(patterns.images)
    order = metrics.strongest(metrics.dimension_kl(model, x))
    codes = model.encode(x).numpy()[:, order].reshape(8, 8, 2)  # cx, cy, axes
    for i in range(8):
        axes.plot(*codes[:, i].T, "-o", ms=2.5, lw=1.3, color=colours(theme)[1], label="" if i else "cx changes")
        axes.plot(*codes[i].T, "--", lw=1.3, color=colours(theme)[0], label="" if i else "cy changes")
    axes.set(xlabel=f"dimension {order[0]}", ylabel=f"dimension {order[1]}", aspect="equal", adjustable="datalim")


def beta_grid(theme: Theme) -> Drawing:
    """A sweep over beta and the latent dimension: the gap of the factors, and which share comes back exactly."""
    cells = [sweep.Cell(beta, dim, 0) for beta in BETAS for dim in DIMS]
    scores = {cell: sweep.score(_crosses(cell.beta, cell.latent_dim), "cross8x8") for cell in cells}
    figures, both = panels(2, 2.5)
    for axes, name, title in zip(both, ("mig", "exact"), ("gap of the factors", "share exact"), strict=True):
        betas, dims, values = sweep.table({cell: score[name] for cell, score in scores.items()})
        score_grid(axes, values, [f"{beta:g}" for beta in betas], [str(dim) for dim in dims], theme)
        axes.set(xlabel="latent dimensions", ylabel="beta", title=title)
    best = max(cells, key=lambda cell: scores[cell]["mig"])
    return Drawing(
        figures,
        f"Two tables over beta ({', '.join(f'{b:g}' for b in BETAS)}) and {', '.join(map(str, DIMS))} latent "
        f"dimensions, one seed each. First: the gap, at most {scores[best]['mig']:.2f}, at beta {best.beta:g} with "
        f"{best.latent_dim} dimensions. Second: the share of exact reconstructions, 1 up to beta 8, nearly none at 16.",
    )


FIGURES: dict[str, Callable[[Theme], Drawing]] = {f.__name__: f for f in (lattices, beta_grid)}
ANIMATIONS: dict[str, Callable[[], Animation]] = {}
