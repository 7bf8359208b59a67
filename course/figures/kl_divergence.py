"""The pictures of lesson 4, drawn from the reference VAE and from densities."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import Tensor

from course import checkpoints, metrics
from course.divergence import gaussian_kl
from course.figures.animation import Animation
from course.figures.signs import legend_of
from course.figures.style import PHONE, Drawing, Theme, colours, ink, panels
from course.models import VAE
from course.patterns import lines64

__all__ = ["ANIMATIONS", "FIGURES"]


@cache
def _reference() -> VAE:
    return checkpoints.load("lines64")


def _x() -> Tensor:
    return torch.from_numpy(lines64().images)


def kl_contours(theme: Theme) -> Drawing:
    """KL as a function of mu and sigma, and where the clouds of the reference VAE lie."""
    with torch.no_grad():
        mu, log_var = _reference().posterior(_x())
    active = metrics.dimension_kl(_reference(), _x()) > metrics.ACTIVE_ABOVE
    grid_mu, grid_sigma = torch.meshgrid(torch.linspace(-3, 3, 241), torch.logspace(-1.7, 0.4, 201), indexing="xy")
    zero = torch.zeros(())
    kl = gaussian_kl(grid_mu, 2 * grid_sigma.log(), zero, zero).numpy()
    figure = Figure(figsize=(PHONE, 3.5))
    axes = figure.subplots()
    levels = [0.01, 0.1, 0.5, 1, 2, 3, 4, 6]
    lines = axes.contour(
        grid_mu.numpy(), grid_sigma.numpy(), kl, levels=levels, colors=ink(theme, faint=True), linewidths=0.9
    )
    axes.clabel(lines, fmt="%g", fontsize=9.5)
    sigma = (0.5 * log_var).exp()
    for used, marker, colour, label in (
        (active, "o", colours(theme)[1], "active dimensions"),
        (~active, "x", colours(theme)[0], "collapsed dimensions"),
    ):
        axes.scatter(mu[:, used], sigma[:, used], marker=marker, s=16, linewidths=1.1, color=colour, label=label)
    axes.set(xlabel="mu", ylabel="sigma", yscale="log", xlim=(-3, 3))
    axes.set_yticks([0.02, 0.1, 0.3, 1, 2], ["0.02", "0.1", "0.3", "1", "2"])
    axes.minorticks_off()
    return Drawing(
        figure,
        "Contour lines of the KL of one dimension, over mu from -3 to 3 and sigma from 0.02 to 2.5 on a "
        "logarithmic axis. The lowest point is mu 0, sigma 1; the lines rise to 6 nats towards narrow and "
        f"distant clouds. The clouds of the {int(active.sum())} active dimensions of the reference VAE, dots, "
        "lie at sigma below 1 on both sides of 0; those of the collapsed dimensions, crosses, all lie at the "
        "lowest point.",
        legend_of(axes),
    )


@cache
def _best_gaussians() -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]], dict[str, float]]:
    """A mixture of two bumps, and the Gaussians with the least KL from it and to it, by search on a grid."""
    z = np.linspace(-6, 6, 1201)
    step = z[1] - z[0]

    def normal(mean: float, sigma: float) -> NDArray[np.float64]:
        density: NDArray[np.float64] = np.exp(-0.5 * ((z - mean) / sigma) ** 2) / sigma / np.sqrt(2 * np.pi)
        return density

    def kl(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
        log_ratio = np.log(np.maximum(a, 1e-300)) - np.log(np.maximum(b, 1e-300))
        return float((a * log_ratio).sum() * step)

    target = 0.6 * normal(-1.8, 0.5) + 0.4 * normal(1.8, 0.5)
    candidates = [normal(m, s) for m in np.linspace(-2.5, 2.5, 51) for s in np.linspace(0.3, 3, 55)]
    covering = min(candidates, key=lambda q: kl(target, q))
    seeking = min(candidates, key=lambda q: kl(q, target))
    nats = {"covering": kl(target, covering), "seeking": kl(seeking, target)}
    return z, {"target": target, "covering": covering, "seeking": seeking}, nats


def kl_directions(theme: Theme) -> Drawing:
    """The Gaussian nearest to two bumps, in either direction of the KL."""
    z, densities, nats = _best_gaussians()
    figures, both = panels(2, 2.4)
    for axes, name, title in zip(
        both,
        ("covering", "seeking"),
        ("q with the least KL(p || q)", "q with the least KL(q || p)"),
        strict=True,
    ):
        axes.fill_between(z, densities["target"], color=ink(theme, faint=True), alpha=0.35, lw=0, label="p")
        axes.plot(z, densities[name], color=colours(theme)[1], lw=2, label="q")
        axes.set(title=f"{title}: {nats[name]:.2f} nats", yticks=[], xlim=(-5, 5), xlabel="z")
    return Drawing(
        figures,
        "The same distribution p with two bumps, twice, each with the Gaussian q that is nearest to it. "
        "First, by KL(p || q): a wide q over both bumps, with much of it in the valley between, "
        f"{nats['covering']:.2f} nats. Second, by KL(q || p): a narrow q on the larger bump only, "
        f"{nats['seeking']:.2f} nats.",
        legend_of(axes),
    )


FIGURES: dict[str, Callable[[Theme], Drawing]] = {f.__name__: f for f in (kl_contours, kl_directions)}
ANIMATIONS: dict[str, Callable[[], Animation]] = {}
