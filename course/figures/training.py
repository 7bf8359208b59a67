"""The pictures of lesson 5, drawn from trainings with several weights of the KL, on lines and on parities."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import Generator, Tensor

from course import checkpoints, metrics, runs
from course.curves import curve
from course.divergence import collapse_beta
from course.figures.animation import Animation
from course.figures.signs import legend_of
from course.figures.style import PHONE, Drawing, Theme, colours, ink, panels, show_image
from course.models import VAE
from course.objectives import anneal_beta
from course.patterns import CODE_WORDS, lines64, parities
from course.run_config import build
from course.studies import collapse
from course.training import Settings, fit

__all__ = ["ANIMATIONS", "FIGURES"]

BETAS = (0.125, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


@cache
def _reference() -> VAE:
    return checkpoints.load("lines64")


def _x() -> Tensor:
    return torch.from_numpy(lines64().images)


def _average_nats(x: Tensor) -> float:
    """What a model pays that answers every image with their average: the entropies of the pixels, added up."""
    mean = x.double().mean(dim=0)
    return float(-(torch.xlogy(mean, mean) + torch.xlogy(1 - mean, 1 - mean)).sum())


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


def _smoothed(terms: NDArray[np.float32], width: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The last step of each block of so many, and the means of the terms (S, K) over the blocks."""
    blocks = terms[: len(terms) // width * width].reshape(-1, width, terms.shape[1])
    means: NDArray[np.float32] = blocks.mean(axis=1)
    return (np.arange(len(means)) + 1) * width, means


def learning_curve(theme: Theme) -> Drawing:
    """The two terms of the reference training and their sum, beside the three levels that the data fixes."""
    steps, terms = _smoothed(curve("lines64").steps, 50)
    recon, rate = terms[:, 1], terms[:, 2]
    levels = {"average image": _average_nats(_x()), "floor": lines64().entropy}
    figure = Figure(figsize=(PHONE, 3.8))
    axes = figure.subplots()
    for values, words, colour, style in (
        (recon + rate, "together", ink(theme), "-"),
        (recon, "reconstruction", colours(theme)[1], "-"),
        (rate, "KL", colours(theme)[0], "--"),
    ):
        axes.plot(steps, values, style, color=colour, label=words)
    for words, level in levels.items():
        axes.axhline(level, color=ink(theme, faint=True), ls=":", lw=1.2)
        axes.text(4000, level * 1.06, f"{words}, {level:.1f}", ha="right", fontsize=9.5)
    axes.axvline(2000, color=ink(theme, faint=True), lw=0.8)
    axes.text(1960, 0.42, "beta falls", ha="right", fontsize=9.5)
    axes.text(2040, 0.42, "beta 1", fontsize=9.5)
    axes.set(xlabel="step", ylabel="nats per image", yscale="log", ylim=(0.35, 250))
    axes.set_yticks([0.5, 1, 2, 5, 10, 20, 50, 100, 200], ["0.5", "1", "2", "5", "10", "20", "50", "100", "200"])
    axes.minorticks_off()
    at = {step: int(np.flatnonzero(steps == step)[0]) for step in (1000, 4000)}
    (r1, k1), (r4, k4) = ((recon[at[step]], rate[at[step]]) for step in (1000, 4000))
    return Drawing(
        figure,
        "Nats per image over 4000 steps, on a logarithmic axis. Reconstruction and KL together fall from above 100 "
        f"to {r1 + k1:.1f} at step 1000 and {r4 + k4:.1f} at the end, above the floor of {levels['floor']:.1f}. The "
        f"reconstruction falls all the way, from {r1:.1f} at step 1000 to {r4:.1f}; the KL rises at first and then "
        f"stays near {k4:.1f}.",
        legend_of(axes),
    )


def rate_distortion(theme: Theme) -> Drawing:
    """Rate against distortion for each beta: everything, and the corner near the floor."""
    floor, points = lines64().entropy, {beta: _point(beta) for beta in BETAS}
    figures, both = panels(2, 3.4)
    for axes, (width, height) in zip(both, ((10.5, 95), (10.5, 6.4)), strict=True):
        shown = {beta: point for beta, point in points.items() if point[1] <= height}
        axes.plot([0, floor], [floor, 0], color=ink(theme), ls="--", lw=1.2)
        axes.fill_between([0, floor], [floor, 0], color=ink(theme, faint=True), alpha=0.3, lw=0)
        axes.plot(*np.array(list(shown.values())).T, color=colours(theme)[1], marker="o", lw=1.5)
        axes.set(xlim=(-0.4, width), ylim=(-0.02 * height, height), xlabel="rate, nats per image", ylabel="distortion")
    for beta, at in points.items():
        axes = both[0] if beta >= 16 else both[1]
        axes.annotate(_name(beta), at, xytext=(6, 5), textcoords="offset points", fontsize=9.5)
    both[1].plot(*_point(None), marker="*", ms=13, color=colours(theme)[0], ls="none")
    both[1].annotate(
        "reference,\nbeta 4 to 1",
        _point(None),
        xytext=(7.4, 3.2),
        fontsize=9.5,
        arrowprops={"arrowstyle": "-", "lw": 0.7},
    )
    both[1].text(0.2, 0.4, "below ln 64:\nimpossible", fontsize=9.5)
    both[0].set_title("everything")
    both[1].set_title("the corner near the floor")
    return Drawing(
        figures,
        "Rate on the horizontal axis, distortion on the vertical one, a dot for each beta from 1/8 to 32. "
        f"First, the whole curve: at beta 32 rate 0 and distortion {points[32.0][1]:.0f}, then steeply down. "
        "Second, its corner: a grey triangle where both add up to less than ln 64, and the dots above it, "
        f"from beta 8, distortion {points[8.0][1]:.1f}, to beta 1/8, rate {points[0.125][0]:.1f}. A star marks the "
        "reference, nearest to the line.",
    )


def kl_by_beta(theme: Theme) -> Drawing:
    """The KL of each dimension for each beta, sorted, over what two images come back as."""
    pair = torch.from_numpy(lines64().prototypes()[[0, 3]])
    figure = Figure(figsize=(PHONE, 5.9))
    grid = np.asarray(figure.subplots(6, 4, height_ratios=2 * (1.8, 1, 1)))
    columns = [grid[row : row + 3, column] for row in (0, 3) for column in range(4)]
    counts = [_column(column, beta, pair, theme) for column, beta in zip(columns, BETAS, strict=True)]
    for row in (0, 3):
        grid[row, 0].set_ylabel("KL, nats")
    said = ", ".join(f"{count} at beta {_name(beta)}" for count, beta in zip(counts, BETAS, strict=True))
    return Drawing(
        figure,
        "Eight columns, one for each beta. Above, the KL of the eight dimensions as sorted bars; the number "
        f"of active ones is {said}. Below, a diagonal and a cross as the model gives them back: clear up to beta 8, "
        "smeared at 16, and at 32 the same grey average for both.",
    )


def _column(column: NDArray[np.object_], beta: float, pair: Tensor, theme: Theme) -> int:
    """Bars of the KL at this beta over two reconstructions; returns the number of active dimensions."""
    kls = np.sort(metrics.dimension_kl(_trained(beta), _x()))[::-1]
    used = kls > metrics.ACTIVE_ABOVE
    bars: Axes = column[0]
    bars.bar(np.arange(8), kls, color=[colours(theme)[1] if u else ink(theme, faint=True) for u in used], width=0.75)
    bars.set(ylim=(0, 3), xticks=[], title=f"beta {_name(beta)}")
    bars.set_xlabel(f"{used.sum()} active", fontsize=9.5)
    bars.set_yticks([0, 1, 2, 3], ["0", "1", "2", "3"] if beta in (BETAS[0], BETAS[4]) else [""] * 4)
    with torch.no_grad():
        x_hat = _trained(beta).decode(_trained(beta).encode(pair)).numpy()
    for axes, image in zip(column[1:], x_hat, strict=True):
        show_image(axes, image, theme)
    return int(used.sum())


@cache
def _way(data: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of the clouds of a warm-up to beta 24, and rate and distortion there."""
    shares = np.linspace(0, 1.3, 40)
    model = runs.load_or_train(data, {}, Settings(beta=24.0, beta_start=0.0))
    x = torch.from_numpy((lines64() if data == "lines64" else parities()).images)
    return shares, collapse.way(model, x, shares.tolist(), generator=Generator().manual_seed(0))


def collapse_landscape(theme: Theme) -> Drawing:
    """The loss on the way from collapse to a trained model, for several betas: on lines, and on parities."""
    figures, both = panels(2, 3.5)
    ends: dict[tuple[str, float], float] = {}
    hills: dict[tuple[str, float], float] = {}
    for axes, (data, x, betas, low, high) in zip(
        both,
        (
            ("lines64", lines64().images, (20.0, 24.0, 28.0), -3, 3),
            ("parities", parities().images, (8.0, 24.0, 48.0), -70, 40),
        ),
        strict=True,
    ):
        shares, found = _way(data)
        axes.axhline(0, color=ink(theme, faint=True), lw=1)
        for beta, colour, style in zip(betas, (2, 1, 0), ("-", "--", "-."), strict=True):
            loss = collapse.totals(found, beta)
            ends[data, beta], hills[data, beta] = float(np.interp(1, shares, loss)), float(loss[shares <= 1].max())
            axes.plot(shares, loss, style, color=colours(theme)[colour], lw=1.8, label=f"beta {beta:g}")
        axes.plot(0, 0, "o", color=ink(theme), ms=6, clip_on=False, zorder=3)
        axes.set(ylim=(low, high), xlim=(0, 1.3), ylabel="loss, minus that of collapse")
        axes.set_xlabel("0: collapsed; 1: clouds of the trained model")
        axes.set_title(f"{data}, threshold {collapse_beta(torch.from_numpy(x)):.1f}")
        axes.legend(fontsize=9.5)
    return Drawing(
        figures,
        "Two panels with the loss on a way from collapse, at 0, to trained clouds, at 1, for three betas each. First, "
        f"lines: at beta 20 the way goes down from the start, to {ends['lines64', 20.0]:.1f}; at 24 it is nearly "
        f"level, {ends['lines64', 24.0]:.1f} at its end; at 28 it goes up all along. Second, parities: at beta 8 it "
        f"goes down; at 24 it first climbs by {hills['parities', 24.0]:.1f} nats and then falls to "
        f"{ends['parities', 24.0]:.0f}; at 48 it climbs by {hills['parities', 48.0]:.0f} and stays above 0.",
    )


def parity_words(theme: Theme) -> Drawing:
    """All sixteen images of parities, with their words."""
    figure = Figure(figsize=(PHONE, 4.2))
    for axes, image, word in zip(np.ravel(figure.subplots(4, 4)), parities().images, CODE_WORDS, strict=True):
        show_image(axes, image, theme, word)
        axes.xaxis.label.set_fontsize(9.5)
    return Drawing(
        figure,
        "The sixteen images of the set, each with the four bits it stands for: boards of 4 by 4 squares that are on or "
        "off. The board of 0000 is blank; on each of the others eight squares are on, in stripes or checks.",
    )


def two_starts(theme: Theme) -> Drawing:
    """The KL over trainings on parities: a constant beta of 24, and warm-ups to 24 and to 48."""
    figure = Figure(figsize=(PHONE, 3.0))
    axes = figure.subplots()
    ends = []
    for start, beta, colour, style in ((24.0, 24.0, 0, "-."), (0.0, 24.0, 1, "-"), (0.0, 48.0, 2, "--")):
        steps, terms = _smoothed(curve("parities", {}, Settings(beta=beta, beta_start=start)).steps, 40)
        words = f"constant {beta:g}" if start else f"warm-up to {beta:g}"
        axes.plot(steps, terms[:, 2], style, color=colours(theme)[colour], label=words)
        ends.append(f"{words}, {terms[-1, 2]:.1f}")
    axes.axvline(2000, color=ink(theme, faint=True), lw=0.8)
    axes.axhline(parities().entropy, color=ink(theme, faint=True), ls=":", lw=1.2)
    axes.text(4000, parities().entropy + 0.15, "ln 16", ha="right", fontsize=9.5)
    axes.set(xlabel="step; the warm-ups end at 2000", ylabel="KL, nats per image", ylim=(-0.2, 14))
    return Drawing(
        figure,
        "The KL over 4000 steps of three trainings on parities. With a constant beta of 24 it soon is 0 for good. "
        f"The two warm-ups begin high and fall while beta rises. In the end: {'; '.join(ends)} nats.",
        legend_of(axes),
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
    f.__name__: f for f in (learning_curve, rate_distortion, kl_by_beta, collapse_landscape, parity_words, two_starts)
}
ANIMATIONS: dict[str, Callable[[], Animation]] = {"collapsing": collapsing}
