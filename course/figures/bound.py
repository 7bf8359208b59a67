"""The pictures of lesson 3, drawn from VAEs of lines64 with one, two and eight latent dimensions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from torch import Generator, Tensor

from course import checkpoints, metrics, runs
from course.datasets import held_out
from course.evidence import (
    Line,
    effective_samples,
    log_likelihoods,
    log_mean_exp,
    on_line,
    posterior_log_weights,
    prior_log_weights,
)
from course.figures.animation import Animation
from course.figures.signs import legend_of
from course.figures.style import PHONE, THREE_ABREAST, Drawing, Theme, colours, ink, panels, show_image
from course.models import VAE
from course.patterns import TYPES, lines64
from course.training import Settings

__all__ = ["ANIMATIONS", "FIGURES"]

_DRAWS = 10_000


def _seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def _x() -> Tensor:
    return torch.from_numpy(lines64().images)


@cache
def _model(latent_dim: int, seed: int = 0) -> VAE:
    if (latent_dim, seed) == (8, 0):
        return checkpoints.load("lines64")
    return runs.load_or_train("lines64", {"latent_dim": latent_dim}, Settings(seed=seed))


@cache
def _line() -> Line:
    return on_line(_model(1), _x())


def story(theme: Theme) -> Drawing:
    """The one latent dimension: the prior, which stretch makes which image, and the decodes on the way."""
    line, labels = _line(), lines64().labels
    z = line.z.numpy()
    figure = Figure(figsize=(PHONE, 4.0))
    top, stretches, images = figure.subplots(3, 1, height_ratios=(1.2, 0.9, 1))
    shown = np.abs(z) < 2.6
    density = np.exp(-0.5 * z[shown] ** 2) / np.sqrt(2 * np.pi)
    every = np.flatnonzero(shown)[::40]  # a smooth bell needs no more points
    top.fill_between(z[every], density[::40], color=ink(theme, faint=True), alpha=0.4, lw=0)
    top.set(yticks=[], xlim=(-2.6, 2.6), title="p(z), from which z is drawn")
    owner = line.log_joint.argmax(dim=1).numpy()
    edges = z[1:][shown[1:] & (np.diff(owner) != 0)]
    ends = np.concatenate([[-2.6], edges, [2.6]])
    of_stretch = labels[owner[np.searchsorted(z, (ends[:-1] + ends[1:]) / 2)]]
    for label, name in enumerate(TYPES):
        mine = of_stretch == label
        stretches.bar(ends[:-1][mine], 1.0, np.diff(ends)[mine], align="edge", color=colours(theme)[label], lw=0,
                      alpha=0.75, label=name)  # fmt: skip
    stretches.vlines(edges, 0, 1, color=ink(theme), lw=0.5)
    stretches.set(yticks=[], ylim=(0, 1), xlim=(-2.6, 2.6), xlabel="z")
    stretches.set_title("the type of the image that the decoder draws there")
    images.axis("off")
    places = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    with torch.no_grad():
        decoded = _model(1).decode(torch.from_numpy(places).float()[:, None]).numpy()
    for place, image in zip(places, decoded, strict=True):
        panel = images.inset_axes(((place + 2.6) / 5.2 - 0.085, 0.0, 0.17, 1.0))
        show_image(panel, image, theme, f"z = {place:g}".replace("-", "\N{MINUS SIGN}"))
    stretch = len(edges) + 1
    return Drawing(
        figure,
        "Three rows over one axis z from -2.6 to 2.6. Above, the bell of the prior. In the middle, the axis cut into "
        f"{stretch} stretches, each coloured by the type of the image that the decoder draws there; stretches "
        "near the middle are narrow, those at the ends wide. Below, five decoded images.",
        legend_of(stretches),
    )


def prior_draws(theme: Theme) -> Drawing:
    """10 000 draws of the prior as cells, dark where they matter for one image."""
    clothes = torch.from_numpy(held_out("fashion").images[:50])
    cases = (
        ("lines, Z = 1", _model(1), _x()),
        ("lines, Z = 8", _model(8), _x()),
        ("clothes, Z = 16", runs.load_or_train("fashion", {}, _fashion_settings()), clothes),
    )
    figures, three = panels(3, 2.75, THREE_ABREAST)
    told = []
    for axes, (title, model, x) in zip(three, cases, strict=True):
        weights = prior_log_weights(model, x, _DRAWS, generator=_seeded())
        matter = effective_samples(weights)
        image = int((matter - matter.median()).abs().argmin())
        share = torch.exp(weights[:, image] - weights[:, image].max()).reshape(100, 100)
        _cells(axes, share.numpy(), theme)
        axes.set(title=title, xlabel=f"{float(matter[image]):.0f} matter")
        told.append(f"{title}: {float(matter[image]):.0f}")
    return Drawing(
        figures,
        "Three squares of 100 by 100 cells, one cell for each of 10 000 draws of the prior, dark where the draw counts "
        f"in the mean for one image. Nearly all cells are empty. How many matter: {'; '.join(told)}.",
    )


def _fashion_settings() -> Settings:
    from course import datasets

    return Settings(**datasets.default_settings("fashion"))


def _cells(axes: Axes, share: NDArray[np.float32], theme: Theme) -> None:
    """Shares (R, C) of the largest weight as squares on an empty ground."""
    rows, columns = np.nonzero(share > 0.02)
    axes.scatter(columns, rows, s=3 + 5 * share[rows, columns], marker="s", lw=0, color=colours(theme)[1])
    axes.set(xlim=(-2, 101), ylim=(-2, 101), xticks=[], yticks=[], aspect="equal")
    for spine in axes.spines.values():
        spine.set(visible=True, color=ink(theme, faint=True), linewidth=0.6)


_COUNTS = (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)


@cache
def _evidence(latent_dim: int) -> float:
    """The mean of log p(x) over the images: on the grid, or by draws of the prior."""
    if latent_dim == 1:
        return float(_line().log_evidence.mean())
    return float(log_mean_exp(prior_log_weights(_model(latent_dim), _x(), 100_000, generator=_seeded(1))).mean())


@cache
def _excesses(latent_dim: int) -> dict[str, NDArray[np.float64]]:
    """How far estimates of -log p(x) lie above the best one, for each of _COUNTS, by the prior's draws and by q's."""
    model, generator = _model(latent_dim), _seeded()
    log_weights = {
        "prior": prior_log_weights(model, _x(), 50_000, generator=generator).double(),
        "q": posterior_log_weights(model, _x(), 10_000, generator=generator).double(),
    }
    return {
        name: np.array([_evidence(latent_dim) - _estimate(of, count) for count in _COUNTS])
        for name, of in log_weights.items()
    }


def _estimate(log_weights: Tensor, count: int) -> float:
    """Mean over images, and over tries with `count` weights each, of the estimate of log p(x)."""
    tries = len(log_weights) // count
    return float(log_mean_exp(log_weights[: tries * count].reshape(tries, count, -1), dim=1).mean())


def estimates(theme: Theme) -> Drawing:
    """The error of both estimates against the number of draws, with one and with eight dimensions."""
    figures, both = panels(2, 3.0)
    told = []
    for axes, latent_dim in zip(both, (1, 8), strict=True):
        excess = _excesses(latent_dim)
        for name, marker, colour, words in (("prior", "D", 0, "draws of the prior"), ("q", "o", 1, "draws of q")):
            shown = np.where(excess[name] > 1e-4, excess[name], np.nan)
            axes.plot(_COUNTS, shown, marker=marker, ms=5, lw=1.4, color=colours(theme)[colour], label=words)
        axes.set(xscale="log", yscale="log", xlabel="number of draws", ylim=(1e-4, 1e4))
        axes.set_ylabel("nats above -log p(x)")
        axes.set_title(f"{latent_dim} dimension{'s' * (latent_dim > 1)}")
        axes.set_xticks([1, 100, 10_000])
        axes.minorticks_off()
        told.append(
            f"with {latent_dim}: the prior's from {excess['prior'][0]:.0f} nats at 1 draw to {excess['prior'][-1]:.2g} "
            f"at 10 000, those of q from {excess['q'][0]:.2f} to {excess['q'][-1]:.2g}"
        )
    return Drawing(
        figures,
        "Two panels with logarithmic axes: how far the estimate of -log p(x) is too high, against the number of draws. "
        f"{'; '.join(told)}.",
        legend_of(axes),
    )


def exact_posterior(theme: Theme) -> Drawing:
    """The true posterior and q, in one dimension: a usual gap, the largest, and a q that has one of two places."""
    order, other = _line().gap.argsort(), on_line(_model(1, seed=2), _x())
    cases = ((_line(), int(order[32])), (_line(), int(order[-1])), (other, int(other.gap.argmax())))
    figures, three = panels(3, 2.3, THREE_ABREAST)
    for axes, (line, image) in zip(three, cases, strict=True):
        z, true, q = (each.numpy() for each in (line.z, line.log_posterior[:, image].exp(), line.log_q[:, image].exp()))
        ends = z[np.maximum(true / true.max(), q / q.max()) > 1e-3][[0, -1]]
        near = np.abs(z - ends.mean()) < 0.6 * np.ptp(ends)
        axes.fill_between(z[near], true[near], color=ink(theme, faint=True), alpha=0.45, lw=0, label="true posterior")
        axes.plot(z[near], q[near], color=colours(theme)[1], lw=1.6, label="q")
        axes.set(yticks=[], xlabel="z", title=f"gap {float(line.gap[image]):.2f}", ylim=(0, 1.45 * q.max()))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=2))
        show_image(axes.inset_axes((0.36, 0.73, 0.27, 0.27)), _x()[image].numpy(), theme)
    gaps = ", ".join(f"{float(line.gap[image]):.2f}" for line, image in cases)
    return Drawing(
        figures,
        "Three images; for each the true posterior over z as a grey area and the encoder's Gaussian as a line. The "
        f"gaps are {gaps} nats. First, area and line nearly agree. Second, the area leans aside. Third, there "
        "are two areas far apart, and the line stands at one of them.",
        legend_of(axes),
    )


def jensen(theme: Theme) -> Drawing:
    """Two weights, the logarithm of their mean and the mean of their logarithms."""
    first, second = 0.3, 3.3
    mean, w = (first + second) / 2, np.linspace(0.12, 4, 300)
    figure = Figure(figsize=(PHONE, 2.8))
    axes = figure.subplots()
    axes.plot(w, np.log(w), color=colours(theme)[1], lw=1.8)
    axes.plot(w, np.log(mean) + w / mean - 1, color=ink(theme), lw=1, ls="--")
    axes.plot([first, second], np.log([first, second]), color=colours(theme)[0], marker="o", lw=1.2)
    low = (np.log(first) + np.log(second)) / 2
    axes.plot([mean, mean], [low, np.log(mean)], color=ink(theme), lw=1)
    axes.plot(mean, np.log(mean), marker="s", color=colours(theme)[1])
    axes.plot(mean, low, marker="D", color=colours(theme)[0])
    axes.annotate("log of the mean", (mean, np.log(mean)), xytext=(-8, 9), textcoords="offset points", ha="right")
    axes.annotate("mean of the logs", (mean, low), xytext=(9, -9), textcoords="offset points")
    axes.text(3.95, np.log(3.95) - 0.12, "log w", ha="right", va="top")
    axes.text(3.3, np.log(mean) + 3.3 / mean - 1 + 0.1, "tangent", ha="right", va="bottom")
    axes.set(xlabel="weight w", xticks=[0, 1, 2, 3, 4], ylim=(-2.2, 2))
    return Drawing(
        figure,
        f"The curve log w with two dots at w = {first} and {second}, joined by a straight line. Above the middle of "
        f"the line, {low:.2f}, lies the curve, {np.log(mean):.2f}. A dashed tangent touches the curve there and lies "
        "above it everywhere.",
    )


@cache
def _true_draws(image: int, latent_dim: int = 8) -> NDArray[np.float32]:
    """About 1500 draws (M, Z) of the true posterior of an image: the prior's draws, kept in proportion to p(x | z)."""
    model, generator, kept = _model(latent_dim), _seeded(), []
    for _ in range(60):
        z = torch.randn((5000, latent_dim), generator=generator)
        with torch.no_grad():
            log_px_z = log_likelihoods(model.decode_logits(z), _x()[image : image + 1])[:, 0]
        kept.append(z[torch.rand(5000, generator=generator) < log_px_z.exp()])
    draws: NDArray[np.float32] = torch.cat(kept).numpy()
    return draws


def posterior_shape(theme: Theme) -> Drawing:
    """Draws of the true posterior beside q, for three images, in two dimensions and in units of q's sigma."""
    model = _model(8)
    a, b = metrics.strongest(metrics.dimension_kl(model, _x()))
    with torch.no_grad():
        mu, log_var = (each.numpy() for each in model.posterior(_x()))
    figures, three = panels(3, 2.5, THREE_ABREAST)
    shares = []
    for axes, image in zip(three, (3, 9, 30), strict=True):
        places = ((_true_draws(image) - mu[image]) / np.exp(0.5 * log_var[image]))[:, [a, b]]
        shares.append(100 * (np.square(places).sum(axis=1) < 4).mean())
        axes.scatter(*places[:700].T, s=4, lw=0, color=ink(theme), alpha=0.5)
        for radius in (1, 2):
            axes.add_patch(Circle((0, 0), radius, facecolor="none", edgecolor=colours(theme)[1], lw=1.8))
        axes.set(
            aspect="equal",
            xlim=(-5.5, 5.5),
            ylim=(-5.5, 5.5),
            xticks=[-5, 0, 5],
            yticks=[],
            xlabel=f"{shares[-1]:.0f} % inside 2",
        )
        show_image(axes.inset_axes((0.02, 0.74, 0.24, 0.24)), _x()[image].numpy(), theme)
    return Drawing(
        figures,
        f"Three images; for each a cloud of dots, draws of the true posterior in dimensions {a} and {b}, and circles "
        "at one and two sigma of q. The dots lie far more widely than q, and one-sidedly. Inside two sigma are "
        f"{', '.join(f'{share:.0f}' for share in shares)} percent of them; of a Gaussian it would be 86.",
    )


def nats_budget(theme: Theme) -> Drawing:
    """What models of one, two and eight dimensions pay, divided into entropy, model and posterior."""
    floor = lines64().entropy
    bars: list[tuple[str, tuple[tuple[float, str, int], ...]]] = []
    for latent_dim in (1, 2, 8):
        loss = metrics.negative_elbo(_model(latent_dim), _x(), 1000, generator=_seeded())
        nll = -_evidence(latent_dim)
        name = f"{latent_dim} dimension{'s' * (latent_dim > 1)}"
        bars.append((name, ((floor, "entropy", 0), (nll - floor, "model", 3), (loss - nll, "q", 2))))
    rate = metrics.rate(_model(8), _x())
    bars.append(("8 dimensions, as loss", ((rate, "rate (KL)", 1), (loss - rate, "distortion", -1))))
    figure = Figure(figsize=(PHONE, 2.9))
    axes = figure.subplots()
    shades = (*colours(theme), ink(theme, faint=True))
    for height, (name, parts) in enumerate(reversed(bars)):
        left = 0.0
        for width, label, colour in parts:
            axes.barh(height, width, 0.5, left, color=shades[colour], alpha=0.45, ec=ink(theme), lw=0.8, label=label)
            left += width
        numbers = " + ".join(f"{width:.2f}" for width, _, _ in parts)
        axes.text(0, height + 0.3, f"{name}: {numbers}", va="bottom", fontsize=9)
        axes.vlines(floor, height - 0.3, height + 0.3, color=ink(theme), ls="--", lw=1)
    axes.set(xlabel="nats per image", yticks=[], ylim=(-0.4, 3.75))
    order = ("entropy", "model", "q", "rate (KL)", "distortion")
    legend = sorted(legend_of(axes), key=lambda entry: order.index(entry[0]))
    told = (f"{name}: " + ", ".join(f"{label} {width:.2f}" for width, label, _ in parts) for name, parts in bars)
    return Drawing(figure, f"Four bars in nats per image, each divided. {'; '.join(told)}.", legend)


FIGURES: dict[str, Callable[[Theme], Drawing]] = {
    f.__name__: f for f in (story, prior_draws, estimates, jensen, exact_posterior, posterior_shape, nats_budget)
}
ANIMATIONS: dict[str, Callable[[], Animation]] = {}
