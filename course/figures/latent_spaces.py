"""The pictures of lesson 1, drawn from the reference VAE that ships with the course."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from numpy.typing import NDArray

from course import checkpoints, latent, metrics
from course.figures.animation import Animation
from course.figures.architecture import architecture
from course.figures.clouds import cloud_plane, point_plane
from course.figures.overlap import two_clouds
from course.figures.signs import legend_of
from course.figures.style import (
    MARKERS,
    PHONE,
    SMALL,
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
from course.patterns import TYPES, lines64, nearest
from course.run_config import build
from course.training import History, Settings, fit

__all__ = ["ANIMATIONS", "FIGURES"]

SNAPSHOTS = (10, 100, 300, 1000, 4000)


@cache
def _reference() -> VAE:
    return checkpoints.load("lines64")


def patterns(theme: Theme) -> Drawing:
    """All 64 images of lines64: a panel a type, thin ones above thick ones, by position."""
    images = lines64()
    figures = [Figure(figsize=(PHONE, 1.2)) for _ in TYPES]
    order = np.lexsort((images.factors[:, 1], images.factors[:, 2], images.labels)).reshape(len(TYPES), 2, 8)
    for figure, kind, rows in zip(figures, TYPES, order, strict=True):
        figure.suptitle(kind)
        for row, of in zip(figure.subplots(2, 8), rows, strict=True):
            image_row(row, images.images[of], theme)
    return Drawing(
        figures,
        f"All {len(images)} images of the set in four panels, one for each type ({', '.join(TYPES)}); in each "
        "the line moves through eight positions, above one pixel thick, below two.",
    )


def reconstruction(theme: Theme) -> Drawing:
    """Eight images over their reconstructions at mu, with the largest error of a pixel."""
    images = lines64()
    rows = np.arange(3, 64, 8)
    x = torch.from_numpy(images.images[rows])
    with torch.no_grad():
        x_hat = _reference().decode(_reference().encode(x)).numpy()
    error = np.abs(x_hat - x.numpy()).max(axis=1)
    figure = Figure(figsize=(PHONE, 1.35))
    grid = figure.subplots(2, len(rows))
    image_row(grid[0], x.numpy(), theme)
    image_row(grid[1], x_hat, theme, [f"{e:.3f}" for e in error])
    name_rows(grid[:, 0], ("x", "x_hat"))
    return Drawing(
        figure,
        "Eight images above, their reconstructions through 8 numbers below. They look the same: the "
        f"largest error of any pixel is {error.max():.3f}, on a scale where black and white are 1 apart.",
    )


def latent_map(theme: Theme) -> Drawing:
    """The encoded images along the two dimensions with the largest KL, beside the KL of all dimensions."""
    model, images = _reference(), lines64()
    x = torch.from_numpy(images.images)
    kls = metrics.dimension_kl(model, x)
    a, b = metrics.strongest(kls)
    with torch.no_grad():
        mu, log_var = (t.numpy() for t in model.posterior(x))
    sigma = np.exp(0.5 * log_var)
    figures, (plane, bars) = panels(2, 3.4)
    for t, kind in enumerate(TYPES):
        of_type = np.flatnonzero(images.labels == t)
        for i in of_type:
            plane.add_patch(
                Ellipse(
                    (mu[i, a], mu[i, b]), 2 * sigma[i, a], 2 * sigma[i, b], color=colours(theme)[t], alpha=0.18, lw=0
                )
            )
        plane.scatter(
            mu[of_type, a], mu[of_type, b], marker=MARKERS[t], s=70, linewidths=1.9, color=colours(theme)[t], label=kind
        )
    plane.set(xlabel=f"dimension {a}, {kls[a]:.2f} nats", ylabel=f"dimension {b}, {kls[b]:.2f} nats", aspect="equal")
    rows = metrics.strongest(kls, len(kls))[::-1]
    active = kls > metrics.ACTIVE_ABOVE
    heights = np.arange(len(rows))
    bars.barh(heights, kls[rows], color=[colours(theme)[1] if active[i] else ink(theme, faint=True) for i in rows])
    for height, value in zip(heights, kls[rows], strict=True):
        bars.text(value + 0.03, height, f"{value:.2f}", va="center", fontsize=SMALL)
    bars.set_yticks(heights, [str(i) for i in rows])
    bars.set(xlabel="KL, nats per image", ylabel="latent dimension", xlim=(0, kls.max() * 1.2))
    return Drawing(
        figures,
        f"First: 64 encoded images along latent dimensions {a} and {b}, each drawn with the marker of its type "
        "inside an ellipse of one sigma; the types overlap. Second: bars of the KL of each dimension: "
        f"{active.sum()} of {len(kls)} are active, from {kls[active].min():.2f} to {kls.max():.2f} nats, "
        "the rest carry nothing.",
        legend_of(plane),
    )


def interpolation(theme: Theme) -> Drawing:
    """From a diagonal to a cross in eight steps: through the latent space, and by blending pixels."""
    images = lines64()
    ends = images.prototypes()[[0, 3]]
    model = _reference()
    with torch.no_grad():
        codes = model.encode(torch.from_numpy(ends))
        through = model.decode(latent.lerp(codes[0], codes[1], 8)).numpy()
    blended = latent.lerp(torch.from_numpy(ends[0]), torch.from_numpy(ends[1]), 8).numpy()
    figure = Figure(figsize=(PHONE, 1.4))
    grid = figure.subplots(2, 8)
    distances = [nearest(frames, images.templates)[1] for frames in (through, blended)]
    for row, frames, distance in zip(grid, (through, blended), distances, strict=True):
        image_row(row, frames, theme, [f"{d:.1f}" for d in distance])
    name_rows(grid[:, 0], ("latent", "pixels"))
    return Drawing(
        figure,
        "Two strips of eight images from a diagonal to a cross. The upper goes through the latent space: "
        f"the in-between frames are {distances[0][1:-1].mean():.1f} pixels from the nearest image of the "
        "set on average. The lower blends the pixels: both shapes lie over each other, "
        f"{distances[1][1:-1].mean():.1f} pixels from the nearest image.",
    )


@cache
def _watched_training() -> tuple[History, dict[int, NDArray[np.float32]]]:
    """The reference run again, with what it makes of the four prototypes on the way."""
    size = {"latent_dim": 8}
    model, x = build(size, 0), torch.from_numpy(lines64().prototypes())
    seen: dict[int, NDArray[np.float32]] = {}

    def look(step: int) -> None:
        if step in SNAPSHOTS:
            with torch.no_grad():
                seen[step] = model.decode(model.encode(x)).numpy()

    history = fit(model, lines64().images, Settings(seed=0), progress=False, after_step=look)
    return history, seen


def progression(theme: Theme) -> Drawing:
    """The loss in nats against the entropy floor, and the four prototypes as the model sees them on the way."""
    history, seen = _watched_training()
    floor = lines64().entropy
    right = Figure(figsize=(PHONE, 3.6))
    [left], [curve] = panels(1, 3.6)
    steps = np.arange(1, len(history.steps) + 1)
    loss = history.steps[:, 1:].sum(axis=1)
    curve.plot(steps, loss, color=colours(theme)[1], lw=1.2)
    curve.axhline(floor, color=ink(theme), ls="--", lw=1)
    curve.text(1, floor * 0.97, f"entropy floor, {floor:.2f} nats", va="top", fontsize=SMALL)
    for step in SNAPSHOTS:
        curve.plot(step, loss[step - 1], "o", color=colours(theme)[1], ms=5)
    curve.set(xscale="log", yscale="log", xlabel="step", ylabel="-ELBO, nats per image", ylim=(3, 250))
    curve.set_yticks([4, 10, 30, 100], ["4", "10", "30", "100"])
    curve.minorticks_off()
    grid = right.subplots(len(SNAPSHOTS), 4)
    for row, step in zip(grid, SNAPSHOTS, strict=True):
        image_row(row, seen[step], theme)
    name_rows(grid[:, 0], [f"step {step}" for step in SNAPSHOTS])
    tail = float(loss[-100:].mean())
    return Drawing(
        [left, right],
        f"First: the negative ELBO over {len(steps)} steps of training falls from {loss[0]:.0f} to "
        f"{tail:.1f} nats per image; a dashed line marks the entropy floor at {floor:.2f}. Second: what the "
        f"model makes of the four types after {', '.join(map(str, SNAPSHOTS))} steps: grey at first, clear "
        "lines well before the end.",
    )


def prior_samples(theme: Theme) -> Drawing:
    """Sixteen decoded draws from the prior; those that are images of the set have a frame."""
    images = lines64()
    samples = _reference().sample(16, torch.Generator().manual_seed(1)).numpy()
    valid = nearest((samples > 0.5).astype(np.float32), images.templates)[1] == 0
    figure = Figure(figsize=(PHONE, 1.0))
    for axes, image, good in zip(figure.subplots(2, 8).flat, samples, valid, strict=True):
        show_image(axes, image, theme, frame=colours(theme)[2] if good else "")
    return Drawing(
        figure,
        f"Sixteen images decoded from random latent vectors; {valid.sum()} of them, with a coloured frame, "
        "are images of the set, the others are broken or doubled lines.",
    )


def latent_walk() -> Animation:
    """Through all four types and back to the first, along straight lines between their codes."""
    model, steps = _reference(), 15
    with torch.no_grad():
        stops = model.encode(torch.from_numpy(lines64().prototypes()))
        frames = model.decode(latent.walk(stops, steps)).numpy().reshape(-1, 16, 16)
    labels = [
        f"{TYPES[i // steps % 4]} to {TYPES[(i // steps + 1) % 4]}, step {i % steps} of {steps}"
        for i in range(len(frames))
    ]
    return Animation(
        np.round(255 * frames).astype(np.uint8),
        10,
        labels,
        f"A walk of {len(frames)} frames through the latent space: {', '.join(TYPES)}, and back.",
    )


FIGURES: dict[str, Callable[[Theme], Drawing]] = {
    f.__name__: f
    for f in (
        patterns, point_plane, cloud_plane, architecture, reconstruction, latent_map, interpolation, progression,
        prior_samples,
    )
}  # fmt: skip
ANIMATIONS: dict[str, Callable[[], Animation]] = {"two_clouds": two_clouds, "latent_walk": latent_walk}
