"""The pictures of lesson 4, drawn from the reference VAE and from one training for each beta."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import Generator, Tensor

from course import checkpoints, metrics, runs
from course.divergence import gaussian_kl
from course.figures.animation import Animation
from course.figures.style import Drawing, Theme, colours, ink, show_image
from course.models import VAE
from course.objectives import anneal_beta
from course.patterns import lines64
from course.run_config import build
from course.training import Settings, fit

__all__ = ["ANIMATIONS", "FIGURES"]

BETAS = (0.125, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


@cache
def _reference() -> VAE:
    return checkpoints.load("lines64")


def _x() -> Tensor:
    return torch.from_numpy(lines64().images)


def _name(beta: float) -> str:
    return "1/8" if beta == 0.125 else "1/2" if beta == 0.5 else f"{beta:g}"


@cache
def _trained(beta: float) -> VAE:
    return runs.load_or_train("lines64", {}, Settings(beta=beta, beta_start=beta))


@cache
def _point(beta: float | None) -> tuple[float, float]:
    """Rate and distortion of the training with a constant beta, or of the reference."""
    model = _reference() if beta is None else _trained(beta)
    return metrics.rate(model, _x()), metrics.distortion(model, _x(), 300, generator=Generator().manual_seed(0))


def kl_contours(theme: Theme) -> Drawing:
    """KL as a function of mu and sigma, and where the clouds of the reference VAE lie."""
    with torch.no_grad():
        mu, log_var = _reference().posterior(_x())
    active = metrics.dimension_kl(_reference(), _x()) > metrics.ACTIVE_ABOVE
    grid_mu, grid_sigma = torch.meshgrid(torch.linspace(-3, 3, 241), torch.logspace(-1.7, 0.4, 201), indexing="xy")
    zero = torch.zeros(())
    kl = gaussian_kl(grid_mu, 2 * grid_sigma.log(), zero, zero).numpy()
    figure = Figure(figsize=(7.2, 4.4))
    axes = figure.subplots()
    levels = [0.01, 0.1, 0.5, 1, 2, 3, 4, 6]
    lines = axes.contour(
        grid_mu.numpy(), grid_sigma.numpy(), kl, levels=levels, colors=ink(theme, faint=True), linewidths=0.9
    )
    axes.clabel(lines, fmt="%g", fontsize=8.5)
    sigma = (0.5 * log_var).exp()
    for used, marker, colour, label in (
        (active, "o", colours(theme)[1], "active dimensions"),
        (~active, "x", colours(theme)[0], "collapsed dimensions"),
    ):
        axes.scatter(mu[:, used], sigma[:, used], marker=marker, s=16, linewidths=1.1, color=colour, label=label)
    axes.set(xlabel="mu", ylabel="sigma", yscale="log", xlim=(-3, 3))
    axes.set_yticks([0.02, 0.1, 0.3, 1, 2], ["0.02", "0.1", "0.3", "1", "2"])
    axes.minorticks_off()
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return Drawing(
        figure,
        "Contour lines of the KL of one dimension, over mu from -3 to 3 and sigma from 0.02 to 2.5 on a "
        "logarithmic axis. The lowest point is mu 0, sigma 1; the lines rise to 6 nats towards narrow and "
        f"distant clouds. The clouds of the {int(active.sum())} active dimensions of the reference VAE, dots, "
        "lie at sigma below 1 on both sides of 0; those of the collapsed dimensions, crosses, all lie at the "
        "lowest point.",
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
    figure = Figure(figsize=(8.4, 2.9))
    panels = figure.subplots(1, 2, sharey=True)
    for axes, name, title in zip(
        panels,
        ("covering", "seeking"),
        ("q with the least KL(p || q)", "q with the least KL(q || p)"),
        strict=True,
    ):
        axes.fill_between(z, densities["target"], color=ink(theme, faint=True), alpha=0.35, lw=0, label="p")
        axes.plot(z, densities[name], color=colours(theme)[1], lw=2, label="q")
        axes.set(title=f"{title}: {nats[name]:.2f} nats", xlabel="z", yticks=[], xlim=(-5, 5))
        axes.legend()
    return Drawing(
        figure,
        "The same distribution p with two bumps, twice, each with the Gaussian q that is nearest to it. "
        "Left, by KL(p || q): a wide q over both bumps, with much of it in the valley between, "
        f"{nats['covering']:.2f} nats. Right, by KL(q || p): a narrow q on the larger bump only, "
        f"{nats['seeking']:.2f} nats.",
    )


def nats_stack(theme: Theme) -> Drawing:
    """The same nats divided in two ways, beside the entropy of the images."""
    floor, (rate, distortion) = lines64().entropy, _point(None)
    nll = metrics.iwae(_reference(), _x(), 1000, generator=Generator().manual_seed(0))
    rows = (
        ("the images", ((floor, "entropy, ln 64", 0),)),
        ("what is lost", ((floor, "entropy", 0), (nll - floor, "model", 3), (rate + distortion - nll, "posterior", 2))),
        ("the loss", ((rate, "rate (KL)", 1), (distortion, "distortion", 2))),
    )
    figure = Figure(figsize=(8.4, 2.7))
    axes = figure.subplots()
    for height, (_, parts) in zip((2, 1, 0), rows, strict=True):
        left = 0.0
        for width, label, colour in parts:
            axes.barh(height, width, 0.62, left, color=colours(theme)[colour], alpha=0.35, edgecolor=ink(theme), lw=0.8)
            narrow = width < 0.7
            text, x, ha = f"{label}\n{width:.2f}", left + width / 2, "center"
            if narrow:
                x, ha = left + width + 0.08, "left"
            axes.text(x, height, text, ha=ha, va="center", fontsize=9)
            left += width
    axes.axvline(floor, color=ink(theme), ls="--", lw=1)
    axes.set_yticks((2, 1, 0), [name for name, _ in rows])
    axes.set(xlabel="nats per image", xlim=(0, 1.15 * (rate + distortion)))
    return Drawing(
        figure,
        f"Three bars. The images: {floor:.2f} nats of entropy. What is lost: the same entropy, then "
        f"{nll - floor:.2f} nats for the model and {rate + distortion - nll:.2f} for the posterior. The loss: "
        f"{rate:.2f} nats of rate and {distortion:.2f} of distortion; the last two bars end at the same "
        f"{rate + distortion:.2f} nats.",
    )


def rate_distortion(theme: Theme) -> Drawing:
    """Rate against distortion for each beta: everything, and the corner near the floor."""
    floor, points = lines64().entropy, {beta: _point(beta) for beta in BETAS}
    figure = Figure(figsize=(8.4, 4.2))
    panels = figure.subplots(1, 2)
    for axes, (width, height) in zip(panels, ((10.5, 95), (10.5, 6.4)), strict=True):
        shown = {beta: point for beta, point in points.items() if point[1] <= height}
        axes.plot([0, floor], [floor, 0], color=ink(theme), ls="--", lw=1.2)
        axes.fill_between([0, floor], [floor, 0], color=ink(theme, faint=True), alpha=0.3, lw=0)
        axes.plot(*np.array(list(shown.values())).T, color=colours(theme)[1], marker="o", lw=1.5)
        axes.set(xlim=(-0.4, width), ylim=(-0.02 * height, height), xlabel="rate, nats per image")
    panels[0].set_ylabel("distortion, nats per image")
    for beta, at in points.items():
        axes = panels[0] if beta >= 16 else panels[1]
        axes.annotate(_name(beta), at, xytext=(6, 5), textcoords="offset points", fontsize=9)
    panels[1].plot(*_point(None), marker="*", ms=13, color=colours(theme)[0], ls="none")
    panels[1].annotate(
        "reference,\nbeta 4 to 1",
        _point(None),
        xytext=(7.2, 2.3),
        fontsize=9,
        arrowprops={"arrowstyle": "-", "lw": 0.7},
    )
    panels[1].text(0.3, 0.5, "below ln 64:\nimpossible", fontsize=9)
    panels[1].set_aspect("equal")
    panels[1].set_title("the corner near the floor, to scale")
    panels[0].set_title("everything")
    return Drawing(
        figure,
        "Rate on the horizontal axis, distortion on the vertical one, a dot for each beta from 1/8 to 32. "
        f"Left, the whole curve: at beta 32 rate 0 and distortion {points[32.0][1]:.0f}, then steeply down. "
        "Right, the corner to scale: a grey triangle below the line of slope -1 where rate and distortion "
        f"add up to ln 64, and the dots above it, from beta 8, distortion {points[8.0][1]:.1f}, to beta 1/8, "
        f"rate {points[0.125][0]:.1f}. A star marks the reference, nearest to the line.",
    )


def kl_by_beta(theme: Theme) -> Drawing:
    """The KL of each dimension for each beta, sorted, over what two images come back as."""
    pair = torch.from_numpy(lines64().prototypes()[[0, 3]])
    figure = Figure(figsize=(8.6, 4.2))
    grid = figure.subplots(3, len(BETAS), height_ratios=(2.2, 1, 1))
    counts = []
    for column, beta in zip(np.asarray(grid).T, BETAS, strict=True):
        kls = np.sort(metrics.dimension_kl(_trained(beta), _x()))[::-1]
        counts.append(metrics.active_units(kls))
        used = kls > metrics.ACTIVE_ABOVE
        column[0].bar(
            np.arange(8), kls, color=[colours(theme)[1] if u else ink(theme, faint=True) for u in used], width=0.75
        )
        column[0].set(ylim=(0, 3), xticks=[], title=f"beta {_name(beta)}")
        column[0].set_xlabel(f"{counts[-1]} active", fontsize=8.5)
        column[0].set_yticks([0, 1, 2, 3], ["0", "1", "2", "3"] if beta == BETAS[0] else [""] * 4)
        with torch.no_grad():
            x_hat = _trained(beta).decode(_trained(beta).encode(pair)).numpy()
        for axes, image in zip(column[1:], x_hat, strict=True):
            show_image(axes, image, theme)
    grid[0, 0].set_ylabel("KL, nats")
    said = ", ".join(f"{count} at beta {_name(beta)}" for count, beta in zip(counts, BETAS, strict=True))
    return Drawing(
        figure,
        "Eight columns, one for each beta. Above, the KL of the eight dimensions as sorted bars; the number "
        f"of active ones is {said}. Below, a diagonal and a cross as the model gives them back: clear up to beta 8, "
        "smeared at 16, and at 32 the same grey average for both.",
    )


def collapsing() -> Animation:
    """Beta rises from 0 to 32 while a VAE trains; the bars are the KL of its dimensions."""
    settings = Settings(steps=3000, beta=32.0, beta_start=0.0, anneal=0.75)
    model, x, four = build({}, 0), _x(), torch.from_numpy(lines64().prototypes())
    frames, labels = [], []

    def look(step: int) -> None:
        if step % 50:
            return
        with torch.no_grad():
            images = model.decode(model.encode(four)).numpy()
        kls = metrics.dimension_kl(model, x)
        beta = anneal_beta(step, round(settings.anneal * settings.steps), settings.beta, settings.beta_start)
        frames.append(_bars_below(images, kls))
        labels.append(f"step {step}: beta {beta:.1f}, KL {kls.sum():.2f} nats, {metrics.active_units(kls)} of 8 active")

    fit(model, x, settings, progress=False, after_step=look)
    return Animation(
        np.stack(frames),
        6,
        labels,
        "Four reconstructions above eight bars of KL, while beta rises from 0 to 32 over a training. First "
        "the pictures become clear; then the bars shrink and go out one after the other, and in the end all "
        "four pictures are the same average.",
    )


def _bars_below(images: NDArray[np.float32], kls: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Four images (4, 256) side by side, and below them a bar for each of 8 dimensions, 16 pixels a nat: (64, 64)."""
    frame = np.zeros((64, 64))
    frame[:16] = images.reshape(4, 16, 16).transpose(1, 0, 2).reshape(16, 64)
    for i, height in enumerate(np.minimum(np.round(16 * kls), 44).astype(int)):
        frame[63 - height : 63, 8 * i + 1 : 8 * i + 7] = 0.75
    frame[63] = 0.4
    return np.round(255 * frame).astype(np.uint8)


FIGURES: dict[str, Callable[[Theme], Drawing]] = {
    f.__name__: f for f in (kl_contours, kl_directions, nats_stack, rate_distortion, kl_by_beta)
}
ANIMATIONS: dict[str, Callable[[], Animation]] = {"collapsing": collapsing}
