"""The pictures of lesson 2, drawn from the reference VAE and from trainings that draw z otherwise."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyArrowPatch, FancyBboxPatch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course import checkpoints, metrics
from course.figures.animation import Animation
from course.figures.signs import legend_of
from course.figures.style import (
    MARKERS,
    PHONE,
    SMALL,
    THREE_ABREAST,
    Drawing,
    Theme,
    colours,
    image_row,
    ink,
    name_rows,
    panels,
    show_image,
)
from course.models import VAE
from course.patterns import TYPES, lines64
from course.run_config import build
from course.studies.clouds import equal_mass_slope, volumes
from course.studies.gradients import reconstruction_gradients, total_variance
from course.studies.wrong_samplers import MissampledVAE
from course.studies.wrong_training import train_missampled
from course.training import History, Settings, fit

__all__ = ["ANIMATIONS", "FIGURES"]

_SHORT = Settings(steps=1000)
_ESTIMATORS = {"pathwise": "pathwise", "score": "score\nfunction", "score_with_baseline": "with\nbaseline"}


@cache
def _reference() -> VAE:
    return checkpoints.load("lines64")


@cache
def _x() -> Tensor:
    return torch.from_numpy(lines64().images)


def two_graphs(theme: Theme) -> Drawing:
    """Where the gradient stops if z is drawn, and how it passes if eps is."""
    figures, both = panels(2, 3.0)
    for axes, title in zip(both, ("z is drawn", "eps is drawn"), strict=True):
        axes.set(xlim=(3, 50.5), ylim=(0, 39), aspect="equal")
        axes.axis("off")
        axes.set_title(title, weight="bold")
        _node(axes, 8, 30, "mu", theme, colours(theme)[1])
        _node(axes, 8, 12, "sigma", theme, colours(theme)[0])
        _node(axes, 46, 21, "loss", theme)
    drawn, moved = both
    _node(drawn, 27, 21, "z ~ N(mu, sigma²)", theme, colours(theme)[3], 17, dashed=True)
    _node(moved, 27, 21, "mu + sigma · eps", theme, colours(theme)[2], 17)
    _node(moved, 27, 4, "eps ~ N(0, I)", theme, colours(theme)[3], 13, dashed=True)
    _arrow(moved, (27, 7.5), (27, 17.5), ink(theme, faint=True))
    for axes in both:
        _arrow(axes, (11.8, 29), (19, 24.5), ink(theme, faint=True))
        _arrow(axes, (12.4, 13), (19, 17.5), ink(theme, faint=True))
        _arrow(axes, (36.2, 21), (42.4, 21), ink(theme, faint=True))
        _arrow(axes, (44, 24.8), (33, 25), colours(theme)[2], bend=0.35)
    _arrow(moved, (23, 25), (9, 33.8), colours(theme)[2], bend=0.35)
    _arrow(moved, (22, 17), (9, 8.4), colours(theme)[2], bend=-0.35)
    drawn.text(
        27,
        26.3,
        "\N{MULTIPLICATION SIGN}",
        ha="center",
        va="center",
        fontsize=22,
        weight="bold",
        color=colours(theme)[0],
    )
    drawn.text(27, 34, "the gradient\nstops here", ha="center", va="center", fontsize=9, color=colours(theme)[0])
    moved.text(27, 34, "the gradient\ngoes through", ha="center", va="center", fontsize=9, color=colours(theme)[2])
    return Drawing(
        figures,
        "Two diagrams. First: mu and sigma lead to a box in which z is drawn, and that to the loss; a curved arrow, "
        "the gradient, comes back from the loss and stops at the random box. Second: eps is drawn outside "
        "and enters the box "
        "mu + sigma times eps from below; the gradient goes from the loss through the box to mu and to sigma.",
    )


@cache
def _both_trainings() -> dict[str, tuple[VAE, History]]:
    """The same 1000 steps with and without a gradient through z."""
    right = build({}, 0)
    return {
        "with a gradient": (right, fit(right, _x(), _SHORT, progress=False)),
        "without": train_missampled("detached", _SHORT),
    }


def detached_training(theme: Theme) -> Drawing:
    """Loss and reconstructions of a training where z has a gradient, and of one where it has none."""
    right = Figure(figsize=(PHONE, 2.6))
    [left], [curve] = panels(1, 3.2)
    grid = right.subplots(3, 4)
    x = lines64().prototypes()
    image_row(grid[0], x, theme)
    ends = []
    for row, (name, (model, history)) in zip(grid[1:], _both_trainings().items(), strict=True):
        loss = history.steps[:, 1:].sum(axis=1)
        number = 1 if name == "with a gradient" else 0
        curve.plot(
            np.arange(1, 1001),
            loss,
            color=colours(theme)[number],
            lw=1.6,
            ls="-" if number else (0, (4, 2)),
            label=f"{name} through z" if number else f"{name} a gradient",
        )
        ends.append(float(loss[-50:].mean()))
        with torch.no_grad():
            image_row(row, model.decode(model.encode(torch.from_numpy(x))).numpy(), theme)
    name_rows(grid[:, 0], ("x", "with", "without"))
    floor = lines64().entropy
    curve.axhline(floor, color=ink(theme), ls=":", lw=1)
    curve.text(1, floor * 0.96, "entropy floor", va="top", fontsize=SMALL)
    curve.set(xscale="log", yscale="log", xlabel="step", ylabel="-ELBO, nats per image", ylim=(3, 250))
    curve.set_yticks([4, 10, 30, 100], ["4", "10", "30", "100"])
    curve.minorticks_off()
    return Drawing(
        [left, right],
        f"First: the negative ELBO over 1000 steps. With a gradient through z it falls to {ends[0]:.1f} "
        f"nats, without it "
        f"stays at {ends[1]:.0f}. Second: four images, below them the reconstructions of the first, which "
        f"look the same, "
        "and of the second: four times one grey picture, the average of all images.",
        legend_of(curve),
    )


def gradient_spread(theme: Theme) -> Drawing:
    """Single estimates of one gradient, of each estimator, before and after training."""
    figures, both = panels(2, 3.4)
    jitter = np.random.default_rng(0).uniform(-0.3, 0.3, 400)
    spreads = []
    for axes, model, title in zip(both, (build({}, 0), _reference()), ("before", "after"), strict=True):
        for row, (values, marker) in enumerate(zip(_typical_estimates(model), "o^s", strict=True)):
            spreads.append(f"{values.std():.0f}" if values.std() > 10 else f"{values.std():.1f}")
            colour = colours(theme)[(2, 0, 1)[row]]
            axes.scatter(values[:400], row + jitter, s=9, marker=marker, color=colour, alpha=0.45, lw=0)
            axes.text(0.99, row - 0.4, f"spread {spreads[-1]}", ha="right", va="center", fontsize=SMALL,
                      transform=axes.get_yaxis_transform())  # fmt: skip
        axes.axvline(0, color=ink(theme, faint=True), lw=0.8, zorder=0)
        axes.set_xscale("symlog", linthresh=0.01, linscale=0.6)
        ticks = [-1e3, -10, -0.1, 0.1, 10, 1e3]
        axes.set_xticks(ticks, [f"{tick:g}".replace("-", "\N{MINUS SIGN}") for tick in ticks], fontsize=SMALL)
        axes.set(xlabel="one estimate, nats per unit of mu", title=f"{title} training")
        axes.set(ylim=(2.5, -0.65), xlim=(-6e3, 6e3))
        axes.set_yticks(range(3), _ESTIMATORS.values())
    return Drawing(
        figures,
        "Two panels with 400 estimates of one derivative each, for three estimators, on a logarithmic axis. Before "
        f"training the pathwise ones spread by {spreads[0]}, the score function's by {spreads[1]}, with a baseline by "
        f"{spreads[2]}. After training it is {spreads[3]}, {spreads[4]} and {spreads[5]}.",
    )


def _typical_estimates(model: VAE) -> list[NDArray[np.float32]]:
    """2000 estimates by each estimator along the strongest dimension, of the image with the median variance ratio."""
    dimension = metrics.strongest(metrics.dimension_kl(model, _x()))[0]
    eps = torch.randn(2000, 64, 8, generator=Generator().manual_seed(0))
    estimates = reconstruction_gradients(model, _x(), eps, Generator().manual_seed(1))
    along = [estimates[name].mu[:, :, dimension].numpy() for name in _ESTIMATORS]  # (2000, 64) each
    ratios = along[1].var(axis=0) / along[0].var(axis=0)
    image = int(ratios.argsort()[len(ratios) // 2])
    return [values[:, image] for values in along]


@cache
def _variances() -> dict[int, dict[str, float]]:
    """Variance of each estimator at steps of the reference run."""
    model, seen = build({}, 0), {}
    eps = torch.randn(400, 64, 8, generator=Generator().manual_seed(0))

    def look(step: int) -> None:
        if step in (0, 1, 3, 10, 30, 100, 200, 300, 500, 1000, 2000, 4000):
            estimates = reconstruction_gradients(model, _x(), eps, Generator().manual_seed(1))
            seen[step] = {name: total_variance(gradients.mu) for name, gradients in estimates.items()}

    look(0)
    fit(model, _x(), Settings(seed=0), progress=False, after_step=look)
    return seen


def variance_over_training(theme: Theme) -> Drawing:
    """How many samples of the score function are worth one pathwise sample, while the reference model trains."""
    seen = _variances()
    steps = np.array(list(seen))
    figure = Figure(figsize=(PHONE, 3.0))
    axes = figure.add_subplot()
    ratios = {}
    for name, number, marker in (("score", 0, "^"), ("score_with_baseline", 1, "s")):
        ratios[name] = np.array([v[name] / v["pathwise"] for v in seen.values()])
        axes.plot(steps, ratios[name], color=colours(theme)[number], marker=marker, ms=6, lw=1.6, label={
            "score": "score function", "score_with_baseline": "score function with baseline"}[name])  # fmt: skip
    axes.axhline(1, color=colours(theme)[2], ls="--", lw=1.4)
    axes.text(4000, 1.15, "pathwise", ha="right", va="bottom", fontsize=SMALL, color=colours(theme)[2])
    axes.set_xscale("symlog", linthresh=1, linscale=0.3)
    axes.set_xlim(-0.1, 5000)
    axes.set_xticks([0, 1, 10, 100, 1000, 4000], ["0", "1", "10", "100", "1000", ""])
    axes.set(yscale="log", xlabel="step of training", ylabel="samples for the precision\nof one pathwise sample")
    axes.minorticks_off()
    plain, better = ratios["score"], ratios["score_with_baseline"]
    return Drawing(
        figure,
        "Samples that the score function needs for the precision of one pathwise sample, on a logarithmic "
        "axis over the "
        f"steps of training: {plain[0]:,.0f} at the start, falling to {plain[-1]:.0f} at the end. With a baseline the "
        f"line stays low all along, from {better[0]:.0f} to {better[-1]:.0f}, at most {better.max():.0f}.",
        legend_of(axes),
    )


def sigmas(theme: Theme) -> Drawing:
    """Sigma of every image in every dimension of the reference VAE, by KL."""
    images, kls = lines64(), metrics.dimension_kl(_reference(), _x())
    order = metrics.strongest(kls, len(kls))
    with torch.no_grad():
        sigma = torch.exp(0.5 * _reference().posterior(_x())[1]).numpy()
    figure = Figure(figsize=(PHONE, 3.4))
    axes = figure.add_subplot()
    jitter = np.random.default_rng(0).uniform(-0.09, 0.09, len(images))
    for t, kind in enumerate(TYPES):
        rows = np.flatnonzero(images.labels == t)
        for place, dimension in enumerate(order):
            axes.scatter(
                place + 0.2 * (t - 1.5) + jitter[rows] * 0.6, sigma[rows, dimension], marker=MARKERS[t], s=22,
                linewidths=1.2, color=colours(theme)[t], label=kind if place == 0 else None,
            )  # fmt: skip
    axes.axhline(1, color=ink(theme, faint=True), ls="--", lw=1)
    axes.text(-0.6, 1.04, "sigma of the prior", va="bottom", fontsize=SMALL)
    axes.set_yscale("log")
    axes.set_yticks([0.1, 0.2, 0.5, 1], ["0.1", "0.2", "0.5", "1"])
    axes.minorticks_off()
    axes.set_xticks(range(len(order)), [f"{d}\n{kls[d]:.2f}" for d in order])
    axes.set(xlabel="latent dimension, below it its KL in nats", ylabel="sigma", ylim=(0.09, 1.4))
    axes.tick_params(axis="x", labelsize=SMALL)
    active = kls > metrics.ACTIVE_ABOVE
    return Drawing(
        figure,
        "Sigma of each of 64 images in each latent dimension, dimensions sorted by KL, types by marker and "
        "colour. In the "
        f"{active.sum()} active ones it lies between {sigma[:, active].min():.2f} and {sigma[:, active].max():.2f}, "
        "smallest where the KL is largest; in the others all markers lie on the dashed line at 1, the prior's sigma.",
        legend_of(axes),
    )


def equal_mass(theme: Theme) -> Drawing:
    """Log volume of each image's cloud by the place of its centre, beside the line of equal prior mass."""
    place, volume = volumes(_reference())
    slope = equal_mass_slope(_reference(), 0)
    figure = Figure(figsize=(PHONE, 3.5))
    axes = figure.add_subplot()
    for t, kind in enumerate(TYPES):
        of = lines64().labels == t
        axes.scatter(
            place[of], volume[of], marker=MARKERS[t], s=45, linewidths=1.6, color=colours(theme)[t], label=kind
        )
    ends = np.array([place.min(), place.max()])
    middle = volume.mean() - place.mean()
    axes.plot(ends, ends + middle, color=ink(theme), ls="--", lw=1.2, label="slope 1, equal mass")
    axes.plot(ends, [volume.mean()] * 2, color=ink(theme, faint=True), ls=":", lw=1.2, label="clouds of one size")
    axes.set(xlabel="half the squared distance from the origin", ylabel="log volume of the cloud")
    return Drawing(
        figure,
        f"64 markers, one for each image: the further out a cloud lies, the larger it is. They follow a dashed line of "
        f"slope 1 rather than a flat one; a line through them has the slope {slope:.2f}.",
        legend_of(axes),
    )


def scaled_noise(theme: Theme) -> Drawing:
    """One image decoded from its cloud, with the noise made smaller and larger."""
    scales = (0.5, 1.0, 2.0, 3.0)
    x = torch.from_numpy(lines64().prototypes()[3])
    eps = torch.randn(10, 8, generator=Generator().manual_seed(3))
    figure = Figure(figsize=(PHONE, 1.6))
    grid = figure.subplots(len(scales), len(eps))
    right = []
    with torch.no_grad():
        mu, log_var = _reference().posterior(x[None])
        for row, scale in zip(grid, scales, strict=True):
            x_hat = _reference().decode(mu + scale * torch.exp(0.5 * log_var) * eps)
            own = ((x_hat > 0.5) == (x > 0.5)).all(dim=1)
            right.append(int(own.sum()))
            for axes, image, good in zip(row, x_hat.numpy(), own, strict=True):
                show_image(axes, image, theme, frame=colours(theme)[2] if good else "")
    name_rows(grid[:, 0], [f"\N{MULTIPLICATION SIGN} {scale:g}" for scale in scales])
    return Drawing(
        figure,
        "Four rows of ten images, decoded from mu + s times sigma times eps for one cross and the same ten eps. A "
        "coloured frame marks those that are the cross itself: " + ", ".join(
            f"{count} of 10 at {scale:g} times the noise" for count, scale in zip(right, scales, strict=True)
        ) + ". The others are crosses elsewhere, single lines or shapes with gaps.",
    )  # fmt: skip


def shared_noise(theme: Theme) -> Drawing:
    """Draws of three images where each number of eps is its own, and where it is shared."""
    kls = metrics.dimension_kl(_reference(), _x())
    a, b = metrics.strongest(kls)
    rows, generator = [3, 27, 41, 60], Generator().manual_seed(0)
    with torch.no_grad():
        mu, log_var = (t[rows].numpy() for t in _reference().posterior(_x()))
    sigma = np.exp(0.5 * log_var)
    noises = {
        "eps for each image\nand dimension": torch.randn(40, 4, 8, generator=generator),
        "one eps for all\ndimensions of an image": torch.randn(40, 4, 1, generator=generator).expand(40, 4, 8),
        "one eps for all\nimages of a batch": torch.randn(5, 1, 8, generator=generator).expand(5, 4, 8),
    }
    figures, three = panels(3, 2.4, THREE_ABREAST)
    for axes, (title, eps) in zip(three, noises.items(), strict=True):
        z = mu + sigma * eps.numpy()  # (S, 4, Z)
        for i in range(len(rows)):
            axes.add_patch(Ellipse((mu[i, a], mu[i, b]), 4 * sigma[i, a], 4 * sigma[i, b], color=colours(theme)[i],
                                   alpha=0.16, lw=0))  # fmt: skip
            if len(z) == 5:
                axes.plot(z[:, i, a], z[:, i, b], color=colours(theme)[i], lw=1)
            axes.scatter(
                z[:, i, a], z[:, i, b], s=9 if len(z) > 5 else 18, marker="os^D"[i], color=colours(theme)[i], lw=0
            )
        axes.set(xlabel=f"dimension {a}", ylabel=f"dimension {b}", aspect="equal", title=title)
        axes.sharex(three[0])
        axes.sharey(three[0])
    return Drawing(
        figures,
        "Three planes with the clouds of four images as ellipses of two sigma. First, with noise of its own for each "
        "image and dimension, draws fill the ellipses. Second, with one number for all dimensions, all draws of an "
        "image lie on one slanted line. Third, with one noise for all images, five draws, joined by a line, make the "
        "same zigzag in every cloud.",
    )


def honest_measure(theme: Theme) -> Drawing:
    """What a training with each sampler believes its loss to be, and the -ELBO that the model has."""
    names = {
        "": "right", "detached": "no gradient", "variance": "exp(log_var)", "uniform": "uniform noise",
        "quiet": "0.1 · eps", "one_for_dimensions": "one eps for\nall dimensions",
        "one_for_images": "one eps for\nall images",
    }  # fmt: skip
    figure = Figure(figsize=(PHONE, 4.0))
    axes = figure.add_subplot()
    pairs = [_believed_and_true(name) for name in names]
    for height, (believed, true) in enumerate(pairs):
        axes.plot((believed, true), (height, height), color=ink(theme, faint=True), lw=1.2, zorder=1)
        axes.scatter(believed, height, s=55, color=colours(theme)[1], marker="o", zorder=2,
                     label="loss that the training sees" if not height else None)  # fmt: skip
        axes.scatter(true, height, s=55, color=colours(theme)[0], marker="D", zorder=3,
                     label="-ELBO, measured with the right z" if not height else None)  # fmt: skip
    floor = lines64().entropy
    axes.axvline(floor, color=ink(theme), ls="--", lw=1)
    axes.text(floor * 0.93, len(names) - 0.45, "entropy floor", ha="right", va="center", fontsize=SMALL)
    axes.set_yticks(range(len(names)), names.values())
    axes.set(xscale="log", xlabel="nats per image", ylim=(len(names) - 0.2, -0.6))
    axes.set_xticks([0.1, 1, 10, 100, 1000], ["0.1", "1", "10", "100", "1000"])
    axes.minorticks_off()
    told = "; ".join(
        f"{name.replace(chr(10), ' ')}: {believed:.2g} and {true:.3g}"
        for name, (believed, true) in zip(names.values(), pairs, strict=True)
    )
    return Drawing(
        figure,
        "Two markers in each row, on a log axis in nats: the loss that the training sees and the honest negative "
        f"ELBO, for ways of drawing z. {told}. Three losses lie below the dashed entropy floor.",
        legend_of(axes),
    )


@cache
def _believed_and_true(sampler: str) -> tuple[float, float]:
    if not sampler:
        model = _both_trainings()["with a gradient"][0]
        true = metrics.negative_elbo(model, _x(), 300, generator=Generator().manual_seed(0))
        return true, true
    model, _ = train_missampled(sampler, _SHORT)
    pupil = MissampledVAE(sampler, generator=Generator())
    pupil.load_state_dict(model.state_dict())
    believed, true = (metrics.negative_elbo(m, _x(), 300, generator=Generator().manual_seed(0)) for m in (pupil, model))
    return believed, true


def draws() -> Animation:
    """One image, drawn again and again with more and more noise: the place of z in the plane, and its decode."""
    a, b = metrics.strongest(metrics.dimension_kl(_reference(), _x()))
    count, radius = 15, 6
    scales = np.repeat([1.0, 2.0, 3.0], count)
    eps = torch.randn(len(scales), 8, generator=Generator().manual_seed(3)).numpy() * scales[:, None]
    with torch.no_grad():
        mu, log_var = _reference().posterior(torch.from_numpy(lines64().prototypes()[3:]))
        z = mu + torch.exp(0.5 * log_var) * torch.from_numpy(eps).float()
        x_hat = _reference().decode(z).numpy().reshape(-1, 16, 16)
    frames = []
    for i, (image, place) in enumerate(zip(x_hat, eps, strict=True)):
        if i % count == 0:
            plane = _rings(radius)
        now = plane.copy()
        _dot(now, 31.5 + radius * place[a], 31.5 - radius * place[b], 255)
        _dot(plane, 31.5 + radius * place[a], 31.5 - radius * place[b], 110)
        frames.append(np.hstack([np.kron(np.round(255 * image), np.ones((4, 4))), now]).astype(np.uint8))
    labels = [
        f"noise \N{MULTIPLICATION SIGN} {scale:.0f}, draw {i % count + 1} of {count}" for i, scale in enumerate(scales)
    ]
    return Animation(
        np.stack(frames),
        3,
        labels,
        f"{count} draws of z around the mu of one cross, then {count} with twice and {count} with three "
        f"times the noise. "
        "Left the decoded image: a cross at first, then sometimes broken or another shape. Right the place of z in a "
        "plane of two dimensions, with rings at one, two and three sigma.",
    )


def _rings(radius: float) -> NDArray[np.float64]:
    """Rings (64, 64) at one, two and three radii around the centre, which has a mark."""
    rows, columns = np.mgrid[:64, :64] - 31.5
    distance = np.hypot(rows, columns)
    plane: NDArray[np.float64] = 70.0 * np.any([abs(distance - k * radius) < 0.6 for k in (1, 2, 3)], axis=0)
    plane[31:33, 29:35] = plane[29:35, 31:33] = 150
    plane[:, 0] = 128
    return plane


def _dot(plane: NDArray[np.float64], column: float, row: float, grey: int) -> None:
    top, left = (int(np.clip(round(v), 1, 61)) for v in (row, column))
    plane[top : top + 2, left : left + 2] = grey


def _node(
    axes: Axes, x: float, y: float, text: str, theme: Theme, colour: str = "", width: float = 7, *, dashed: bool = False
) -> None:
    edge = colour or ink(theme, faint=True)
    axes.add_patch(FancyBboxPatch((x - width / 2, y - 3), width, 6, boxstyle="round,pad=0.3,rounding_size=1",
        facecolor="none", edgecolor=edge, linewidth=1.8, linestyle="--" if dashed else "-"))  # fmt: skip
    axes.text(x, y, text, ha="center", va="center", fontsize=9)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], colour: str, bend: float = 0.0) -> None:
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=10, color=colour,
        lw=1.8 if bend else 1.1, connectionstyle=f"arc3,rad={bend}"))  # fmt: skip


FIGURES: dict[str, Callable[[Theme], Drawing]] = {
    f.__name__: f
    for f in (
        two_graphs, detached_training, gradient_spread, variance_over_training, sigmas, equal_mass, scaled_noise,
        shared_noise, honest_measure,
    )
}  # fmt: skip
ANIMATIONS: dict[str, Callable[[], Animation]] = {"draws": draws}
