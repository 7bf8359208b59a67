"""Every picture of the site: data in, a figure or an animation out. Nothing else imports matplotlib or imageio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from course.figures.animation import Animation, write_gif
from course.figures.style import Drawing, colours, ink, scatter, show_image, themed
from course.patterns import TYPES

if TYPE_CHECKING:
    from course.figures.gallery import ANIMATIONS, FIGURES, animate, draw

__all__ = [
    "ANIMATIONS",
    "FIGURES",
    "Animation",
    "Drawing",
    "animate",
    "draw",
    "save_curves",
    "save_maps",
    "save_strip",
    "save_training",
    "write_gif",
]


def __getattr__(name: str) -> Any:
    """The lessons' figures come with the models that they show, so they wait until somebody asks for them."""
    if name not in {"ANIMATIONS", "FIGURES", "animate", "draw"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from course.figures import gallery

    return getattr(gallery, name)


def save_strip(frames: Sequence[NDArray[np.floating]], path: str | Path) -> Path:
    """Writes images (16, 16) side by side as one PNG and returns its path."""
    path = Path(path)
    with themed("light"):
        figure = Figure(figsize=(1.3 * len(frames), 1.6), facecolor="white")
        for i, (axes, frame) in enumerate(zip(np.ravel(figure.subplots(1, len(frames))), frames, strict=True)):
            show_image(axes, np.asarray(frame), "light", f"{i + 1}")
        figure.savefig(path, dpi=120)
    return path


def save_maps(maps: Mapping[str, NDArray[np.floating]], labels: NDArray[np.integer], path: str | Path) -> Path:
    """Writes maps of the same patterns, points (N, 2) by name, side by side as one PNG; returns its path.

    Each type of pattern, `labels` (N,), has its colour and its marker.
    """
    path = Path(path)
    with themed("light"):
        figure = Figure(figsize=(3.3 * len(maps), 3.5), facecolor="white")
        for axes, (name, points) in zip(np.ravel(figure.subplots(1, len(maps))), maps.items(), strict=True):
            scatter(axes, points, labels, "light", TYPES)
            axes.set(title=name, xticks=[], yticks=[], aspect="equal", adjustable="datalim")
            axes.spines[["top", "right"]].set_visible(True)
        handles, names = axes.get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper center", ncols=len(TYPES))
        figure.savefig(path, dpi=120)
    return path


def save_training(
    curves: Mapping[str, Sequence[float]], floor: float, pairs: NDArray[np.floating], path: str | Path
) -> Path:
    """Writes learning curves above the floor, and images with their reconstructions (2, M, 16, 16) below, as one PNG;
    returns its path. Curves are in nats per image.
    """
    path = Path(path)
    with themed("light"):
        figure = Figure(figsize=(7, 5.4), facecolor="white", layout="constrained")
        whole = figure.add_gridspec(2, 1, height_ratios=(3, 2))
        above, below = figure.add_subfigure(whole[0]), figure.add_subfigure(whole[1])
        axes = above.subplots()
        for (name, curve), colour in zip(curves.items(), colours("light"), strict=False):
            axes.plot(np.arange(1, len(curve) + 1), curve, color=colour, label=name)
        axes.axhline(floor, color=ink("light"), linestyle="--", label=f"the floor, {floor:.2f}")
        axes.set(xlabel="step", ylabel="nats per image", yscale="log")
        axes.legend()
        for row, images, label in zip(below.subplots(2, pairs.shape[1]), pairs, ("image", "from mu"), strict=True):
            for i, (cell, image) in enumerate(zip(row, images, strict=True)):
                show_image(cell, image, "light", label if i == 0 else "")
        figure.savefig(path, dpi=120)
    return path


def save_curves(
    x: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    path: str | Path,
    labels: tuple[str, str],
    floor: tuple[str, float],
) -> Path:
    """Writes curves by name over a logarithmic x, with a floor (its name and height), as one PNG; returns its path."""
    path = Path(path)
    with themed("light"):
        figure = Figure(figsize=(6, 3.6), facecolor="white")
        axes = figure.subplots()
        for (name, values), colour, marker in zip(curves.items(), colours("light"), "os^D", strict=False):
            axes.plot(x, values, color=colour, marker=marker, label=name)
        axes.axhline(floor[1], color=ink("light", faint=True), linestyle="--", label=floor[0])
        axes.set(xscale="log", xlabel=labels[0], ylabel=labels[1], xticks=list(x), xticklabels=[f"{at:g}" for at in x])
        axes.minorticks_off()
        figure.legend(loc="outside upper center", ncols=len(curves) + 1)
        figure.savefig(path, dpi=120)
    return path
