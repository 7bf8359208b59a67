"""The pictures of lesson 6, drawn from the reference VAE that ships with the course."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import Tensor

from course import checkpoints, latent, metrics
from course.datasets import pattern_set
from course.figures.animation import Animation
from course.figures.signs import legend_of
from course.figures.style import PHONE, SMALL, Drawing, Theme, colours, image_row, ink, name_rows, panels, show_image
from course.models import VAE
from course.patterns import TYPES, PatternSet, lines64, nearest
from course.runs import load_or_train
from course.studies import factors
from course.studies.strips import decoded, encoded_ends, image_ends

__all__ = ["ANIMATIONS", "FIGURES"]

WAYS: tuple[tuple[str, str, str], ...] = (("lerp", "o", "-"), ("slerp", "s", "--"), ("blend", "^", ":"))
STEPS_PER_LEG = 15


@cache
def _reference() -> VAE:
    return checkpoints.load("lines64")


@torch.no_grad()
def _codes(images: NDArray[np.float32]) -> Tensor:
    return _reference().encode(torch.from_numpy(images))


@torch.no_grad()
def _decode(z: Tensor) -> NDArray[np.float32]:
    return _reference().decode(z).numpy()


def _row_of(kind: str, position: int, thickness: int) -> int:
    wanted = np.array([TYPES.index(kind), position, thickness])
    return int(np.flatnonzero((lines64().factors == wanted).all(axis=1))[0])


def three_ways(theme: Theme) -> Drawing:
    """From a thin vertical line to a thick cross: straight, along the great circle, and by blending the pixels."""
    images = lines64()
    ends = images.images[[_row_of("vertical", 5, 1), _row_of("cross", 10, 2)]]
    a, b = _codes(ends)
    strips = (
        _decode(latent.lerp(a, b, 8)),
        _decode(latent.slerp(a, b, 8)),
        latent.lerp(torch.from_numpy(ends[0]), torch.from_numpy(ends[1]), 8).numpy(),
    )
    figure = Figure(figsize=(PHONE, 1.95))
    far = [nearest(strip, images.templates)[1] for strip in strips]
    grid = figure.subplots(3, 8)
    name_rows(grid[:, 0], [name for name, _, _ in WAYS])
    for row, strip, distance in zip(grid, strips, far, strict=True):
        image_row(row, strip, theme, [f"{d:.1f}" for d in distance])
    means = [distance[1:-1].mean() for distance in far]
    return Drawing(
        figure,
        "Three strips of eight images from a thin vertical line to a thick cross. Frames between the ends are "
        f"{means[0]:.1f} pixels from the nearest image of the set on the straight line, {means[1]:.1f} on the great "
        f"circle, and {means[2]:.1f} in the blend, which shows both images over each other.",
    )


def along_the_way(theme: Theme) -> Drawing:
    """Distance to the nearest image along t: between codes, and between draws from the prior."""
    model, steps = _reference(), 17
    t = np.linspace(0, 1, steps)
    noise = torch.randn((200, 2, model.latent_dim), generator=torch.Generator().manual_seed(0))
    figures, both = panels(2, 3.0)
    both[1].sharey(both[0])
    middles = []
    for axes, ends, title in zip(both, (encoded_ends(model, 0), noise), ("two images", "two prior draws"), strict=True):
        with torch.no_grad():
            pixels = image_ends(0) if ends is not noise else model.decode(noise)
        blend = np.stack([latent.lerp(a, b, steps).numpy() for a, b in pixels])
        strips = (decoded(model, ends, latent.lerp, steps), decoded(model, ends, latent.slerp, steps), blend)
        for i, ((name, marker, line), strip) in enumerate(zip(WAYS, strips, strict=True)):
            far = nearest(strip.reshape(-1, 256), lines64().templates)[1].reshape(-1, steps).mean(axis=0)
            axes.plot(t, far, line, marker=marker, ms=4.5, color=colours(theme)[i], label=name)
            middles.append(far[steps // 2])
        axes.set(xlabel="t", title=f"between {title}", xticks=[0, 0.5, 1])
        axes.set(ylabel="pixels to the nearest image", ylim=(0, None))
    return Drawing(
        figures,
        "Mean distance to the nearest image along three ways. First, between two images: from zero at the ends to "
        f"{middles[0]:.1f} pixels half-way for lerp, {middles[1]:.1f} for slerp, {middles[2]:.1f} for the blend. "
        f"Second, between two draws from the prior, half-way: lerp {middles[3]:.1f}, slerp {middles[4]:.1f}, blend "
        f"{middles[5]:.1f}.",
        legend_of(axes),
    )


def chord_and_arc(theme: Theme) -> Drawing:
    """Lerp and slerp between two vectors of one length: where the points lie, and how long they are."""
    a, b = torch.tensor([[1.0, 0.0], [-0.5, 0.75**0.5]], dtype=torch.float64)
    figures, (plane, lengths) = panels(2, 2.9)
    circle = np.linspace(0, 2 * np.pi, 200)
    plane.plot(np.cos(circle), np.sin(circle), color=ink(theme, faint=True), lw=0.8)
    plane.plot(0, 0, "+", color=ink(theme))
    for i, (way, (name, marker, line)) in enumerate(zip((latent.lerp, latent.slerp), WAYS[:2], strict=True)):
        points, fine = way(a, b, 7), way(a, b, 101)
        plane.plot(*fine.T, line, color=colours(theme)[i], lw=1.2)
        plane.plot(*points.T, marker, color=colours(theme)[i], ms=8, label=name)
        lengths.plot(np.linspace(0, 1, 101), fine.norm(dim=1), line, color=colours(theme)[i])
        lengths.plot(np.linspace(0, 1, 7), points.norm(dim=1), marker, color=colours(theme)[i], ms=8, label=name)
    for point, name in ((a, "$z_a$"), (b, "$z_b$")):
        plane.annotate("", point.tolist(), (0, 0), arrowprops={"arrowstyle": "-", "color": ink(theme, faint=True)})
        plane.annotate(name, (1.13 * point).tolist(), ha="center", va="center", fontsize=12)
    plane.set(aspect="equal", xlim=(-1.25, 1.3), ylim=(-0.45, 1.25), xticks=[], yticks=[])
    for side in ("left", "bottom"):
        plane.spines[side].set_visible(False)
    lengths.set(xlabel="t", ylabel="length of the point", ylim=(0, 1.15), xticks=[0, 0.5, 1])
    return Drawing(
        figures,
        "First: two vectors of length 1 with 120 degrees between them. Seven points of lerp lie on the chord at equal "
        "distances, seven of slerp on the arc at equal angles. Second: along lerp the length falls to "
        f"{float(latent.lerp(a, b, 3)[1].norm()):.2f} half-way, along slerp it stays at 1.",
        legend_of(plane),
    )


def norms(theme: Theme) -> Drawing:
    """Lengths of draws from N(0, I) by dimension, of straight midpoints between them, and of the model's codes."""
    dims = np.array([2, 4, 8, 16, 32, 64, 128, 256])
    generator = torch.Generator().manual_seed(0)
    draws = [torch.randn((2, 4000, int(d)), generator=generator) for d in dims]
    figure = Figure(figsize=(PHONE, 3.3))
    axes = figure.subplots()
    for i, (name, marker, line, points) in enumerate(
        (
            ("draws from N(0, I)", "s", "--", [z[0] for z in draws]),
            ("midpoints of lerp between two", "o", "-", [z.mean(dim=0) for z in draws]),
        )
    ):
        lengths = [np.quantile(p.norm(dim=1), (0.025, 0.5, 0.975)) for p in points]
        low, middle, high = np.array(lengths).T
        axes.fill_between(dims, low, high, color=colours(theme)[1 - i], alpha=0.2, lw=0)
        axes.plot(dims, middle, line, marker=marker, color=colours(theme)[1 - i], label=name)
    axes.plot(dims, np.sqrt(dims), color=ink(theme), lw=0.8, ls=":", label="√Z")
    code = _codes(lines64().images).norm(dim=1).numpy()
    low, high = np.quantile(code, (0.025, 0.975))
    axes.errorbar(
        [8], [code.mean()], [[code.mean() - low], [high - code.mean()]], fmt="^", ms=9, capsize=4,
        color=colours(theme)[2], label="mu of the 64 images, Z = 8", zorder=5,
    )  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="Z, dimensions", ylabel="length", ylim=(0.1, 25))
    axes.set_xticks(dims, [str(d) for d in dims])
    axes.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    axes.minorticks_off()
    return Drawing(
        figure,
        "Length against dimension, both axes logarithmic. Draws from the prior follow the square root of d in a band "
        "that gets relatively narrower, from 2 to 256 dimensions. Midpoints of two draws run parallel below, shorter "
        f"by a factor of 1.4. The codes of the model with 8 dimensions lie at {code.mean():.2f}, below the draws.",
        legend_of(axes),
    )


def _walk_images() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The closed walk through the four types (61, 256), through the latent space and by blending the pixels."""
    stops = lines64().prototypes()
    through = _decode(latent.walk(_codes(stops), STEPS_PER_LEG))
    return through, latent.walk(torch.from_numpy(stops), STEPS_PER_LEG).numpy()


def walk_speed(theme: Theme) -> Drawing:
    """How much each step of the walk changes the image, for steps of equal length in each leg."""
    through, blend = _walk_images()
    figure = Figure(figsize=(PHONE, 3.5))
    rows = figure.add_gridspec(2, 1, height_ratios=(1, 3))
    shown = np.arange(0, len(through), 10)
    for axes, i in zip(np.asarray(rows[0].subgridspec(1, len(shown)).subplots()), shown, strict=True):
        show_image(axes, through[i], theme, f"{i}")
    bars = figure.add_subplot(rows[1])
    at = np.arange(1, len(through))
    speed = metrics.step_sizes(through)
    bars.bar(at, speed, width=0.8, color=colours(theme)[0], label="through the latent space")
    bars.step(at, metrics.step_sizes(blend), where="mid", color=colours(theme)[2], lw=2.2, label="blend of pixels")
    for leg in range(1, 4):
        bars.axvline(leg * STEPS_PER_LEG + 0.5, color=ink(theme, faint=True), ls=":", lw=1)
    bars.set(xlabel="step", ylabel="pixels changed by the step", xlim=(0, 61), xticks=range(0, 61, 15))
    quiet = int((speed < 1).sum())
    return Drawing(
        figure,
        "Above, every tenth frame of a walk through four types. Below, a bar for each of its 60 steps: how many pixels "
        f"the step changes. {quiet} of the steps change less than one pixel, the largest {speed.max():.0f}. "
        "The blend of pixels changes the same amount at every step of a leg.",
        legend_of(bars),
    )


@torch.no_grad()
def _moved(
    model: VAE | None, images: PatternSet, factor: str, start: int, change: tuple[int, int]
) -> NDArray[np.float32]:
    """What 0, a half, 1 and 2 times the held-out direction make of one image: (4, 256)."""
    x = torch.from_numpy(images.images)
    codes = x if model is None else model.encode(x)
    without, having = factors.counterparts(images, factor, *change)
    direction = factors.held_out_directions(codes, without, having)[list(without).index(start)]
    moved = torch.stack([latent.apply_direction(codes[start], direction, s) for s in (0.0, 0.5, 1.0, 2.0)])
    return (moved.clamp(0, 1) if model is None else model.decode(moved)).numpy()


def arithmetic(theme: Theme) -> Drawing:
    """Adding an attribute direction: where it works, where it does not, and the same sum of pixels."""
    crosses, lines = pattern_set("cross8x8"), lines64()
    cross = int(np.flatnonzero((crosses.factors[:, 1] == 6) & (crosses.factors[:, 2] == 9))[0])
    thin = _row_of("vertical", 6, 1)
    wide = factors.counterparts(lines, "thickness", 1, 2)
    right = [factors.counterparts(crosses, "cx", 6, 7)]
    rows = (
        ("crosses,\none to the right", load_or_train("cross8x8"), crosses, "cx", cross, (6, 7), right[0]),
        ("the same,\nin pixels", None, crosses, "cx", cross, (6, 7), right[0]),
        ("lines64,\nthin to thick", _reference(), lines, "thickness", thin, (1, 2), wide),
        ("the same,\nin pixels", None, lines, "thickness", thin, (1, 2), wide),
    )
    figure = Figure(figsize=(PHONE, 2.75))
    grid = figure.subplots(4, 5)
    reached = []
    for axes, (name, model, images, factor, start, change, (without, having)) in zip(grid, rows, strict=True):
        strip = _moved(model, images, factor, start, change)
        target = images.images[having[list(without).index(start)]]
        hits = [bool(((image > 0.5) == (target > 0.5)).all()) for image in strip]
        for cell, image, hit in zip(axes[:4], strip, hits, strict=True):
            show_image(cell, image, theme, frame=colours(theme)[2] if hit else "")
        show_image(axes[4], target, theme)
        name_rows(axes[:1], [name])
        reached.append(hits[2])
    for cell, name in zip(grid[0], ("0", "½", "1", "2", "wanted"), strict=True):
        cell.set_title(name)
    words = ["reaches" if hit else "does not reach" for hit in reached]
    return Drawing(
        figure,
        "Four strips: one image with 0, a half, 1 and 2 times an attribute direction added, and the image wanted. "
        f"Moving a cross by one pixel in its latent space {words[0]} the wanted image at 1, in pixels it {words[1]} "
        f"it. Making a thin line thick in the latent space of lines64 {words[2]} it, in pixels it {words[3]} it.",
    )


def _sorted_dimensions() -> tuple[list[int], NDArray[np.float32]]:
    kls = metrics.dimension_kl(_reference(), torch.from_numpy(lines64().images))
    active = metrics.active_units(kls)
    return metrics.strongest(kls, active + 1), kls


def _start() -> Tensor:
    return _codes(lines64().images[[_row_of("cross", 8, 2)]])[0]


def traversals(theme: Theme) -> Drawing:
    """Each active dimension on its own from -3 to 3, strongest first, and one that is collapsed."""
    dims, kls = _sorted_dimensions()
    values = torch.linspace(-3, 3, 9)
    figure = Figure(figsize=(PHONE, 0.39 * len(dims) + 0.3))
    grid = figure.subplots(len(dims), len(values))
    changed = []
    for row, d in zip(grid, dims, strict=True):
        strip = _decode(latent.traverse(_start(), d, values))
        image_row(row, strip, theme)
        changed.append(int((np.ptp(strip, axis=0) > 0.5).sum()))
    name_rows(grid[:, 0], [f"{d}: {kls[d]:.2f} nats" for d in dims])
    for axes, value in zip(grid[0, ::2], values[::2].tolist(), strict=True):
        axes.set_title(f"{value:g}".replace("-", "\N{MINUS SIGN}"), fontsize=SMALL)
    return Drawing(
        figure,
        f"{len(dims)} strips, one for each dimension by its KL, in which it alone goes from -3 to 3 and the image "
        f"starts as a cross. The {len(dims) - 1} active ones change {', '.join(map(str, changed[:-1]))} pixels, "
        f"some of them type, position and thickness at once; the last, collapsed, changes {changed[-1]}.",
    )


def walk_beside_blend() -> Animation:
    """The same walk twice: through the latent space on the left, as a blend of pixels on the right."""
    through, blend = (frames.reshape(-1, 16, 16) for frames in _walk_images())
    gap = np.full((len(through), 16, 2), 0.5, np.float32)
    distances = [nearest(f.reshape(-1, 256), lines64().templates)[1] for f in (through, blend)]
    labels = [
        f"{TYPES[i // STEPS_PER_LEG % 4]} to {TYPES[(i // STEPS_PER_LEG + 1) % 4]}: "
        f"{near:.1f} and {far:.1f} pixels from an image"
        for i, (near, far) in enumerate(zip(*distances, strict=True))
    ]
    return Animation(
        np.round(255 * np.concatenate([through, gap, blend], axis=2)).astype(np.uint8),
        8,
        labels,
        f"A walk of {len(through)} frames through four types and back, twice side by side. Left, through the latent "
        "space: one shape at a time, with quick changes. Right, a blend of pixels: two shapes over each other.",
    )


def traversal() -> Animation:
    """Three dimensions at once, each in its own tile: two that are active and one that is collapsed."""
    dims, kls = _sorted_dimensions()
    chosen = [dims[0], dims[2], dims[-1]]
    there = torch.linspace(-3, 3, 41)
    values = torch.cat([there, there.flip(0)[1:]])
    tiles = [_decode(latent.traverse(_start(), d, values)).reshape(-1, 16, 16) for d in chosen]
    gap = np.full((len(values), 16, 2), 0.5, np.float32)
    frames = np.concatenate([tiles[0], gap, tiles[1], gap, tiles[2]], axis=2)
    return Animation(
        np.round(255 * frames).astype(np.uint8),
        12,
        [
            f"dimensions {', '.join(map(str, chosen))} at {v:+.2f}".replace("-", "\N{MINUS SIGN}")
            for v in values.tolist()
        ],
        f"Three tiles, in each of which one dimension goes from -3 to 3 and back: dimension {chosen[0]} with "
        f"{kls[chosen[0]]:.2f} nats, {chosen[1]} with {kls[chosen[1]]:.2f} nats, and the collapsed {chosen[2]}, which "
        "does not move.",
    )


FIGURES: dict[str, Callable[[Theme], Drawing]] = {
    f.__name__: f for f in (three_ways, along_the_way, chord_and_arc, norms, walk_speed, arithmetic, traversals)
}
ANIMATIONS: dict[str, Callable[[], Animation]] = {f.__name__: f for f in (walk_beside_blend, traversal)}
