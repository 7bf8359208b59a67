"""A picture of one trained model: what it is shown, gives back and invents, a map of its codes, and its training."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Generator

from course import datasets, maps, metrics
from course.figures.saving import save
from course.figures.style import class_colours, image_row, ink, scatter, themed
from course.models import VAE, LatentModel
from course.training import History

__all__ = ["curves", "portrait"]

_SHOWN = 10
_MAPPED = 1000
_NAMED = 16  # classes in a legend: more of them would cover the map


def portrait(model: LatentModel, data: str, history: History, path: Path) -> Path:
    """Draws the model of `data` and writes the picture to `path`; returns the path."""
    with themed("light"), torch.no_grad(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # names of classes may be in any script
        figure = Figure(figsize=(9.5, 8.4), facecolor="white")
        grid = figure.add_gridspec(2, 1, height_ratios=(3.2, 4.4))
        above, below = figure.add_subfigure(grid[0]), figure.add_subfigure(grid[1])
        _images(above.subplots(3, _SHOWN), model, data)
        left, right = below.subplots(1, 2)
        _map(left, model, data)
        _curve(right, history)
        return save(figure, path, dpi=110)


def _images(rows: Sequence[Sequence[Axes]], model: LatentModel, data: str) -> None:
    judged = datasets.held_out(data)
    first = [int(np.flatnonzero(judged.labels == label)[0]) for label in np.unique(judged.labels)]
    chosen = (first * _SHOWN)[:_SHOWN] if len(first) == _SHOWN else np.linspace(0, len(judged) - 1, _SHOWN).astype(int)
    x, labels = torch.from_numpy(judged.images[chosen]), torch.from_numpy(judged.labels[chosen])
    x_hat = model.decode(model.encode(x, labels), labels)
    generator = Generator().manual_seed(0)
    z = torch.randn((_SHOWN, model.latent_dim), generator=generator)
    if not isinstance(model, VAE):  # an autoencoder has no prior: a Gaussian as wide as its codes is the fair question
        codes = model.encode(torch.from_numpy(judged.images[:_MAPPED]))
        z = codes.mean(dim=0) + z * codes.std(dim=0)
    samples = model.decode(z, labels)
    names = [""] if len(_words(data)) == 1 else _words(data)
    image_row(rows[0], x.numpy(), "light", [names[int(label)] for label in labels])
    image_row(rows[1], x_hat.numpy(), "light")
    image_row(rows[2], samples.numpy(), "light", [names[int(k)] for k in labels] if model.takes_labels else None)
    invented = "sampled" if isinstance(model, VAE) else "random codes,\ndecoded"
    for row, word in zip(rows, ("shown", "given back", invented), strict=True):
        row[0].set_ylabel(word, rotation=0, ha="right", va="center")


def _map(axes: Axes, model: LatentModel, data: str) -> None:
    judged = datasets.held_out(data)
    labels = judged.labels[:_MAPPED]
    x, y = torch.from_numpy(judged.images[:_MAPPED]), torch.from_numpy(labels)
    codes = model.encode(x, y).numpy()
    if isinstance(model, VAE):
        i, j = [*metrics.strongest(metrics.dimension_kl(model, x, y)), 0][:2]
        points, words = codes[:, [i, j]], (f"mu of dimension {i}", f"mu of dimension {j}")
    else:
        pca = maps.joint_pca(codes, dimensions=min(2, model.latent_dim))
        points = pca.points if pca.points.shape[1] == 2 else np.repeat(pca.points, 2, axis=1)
        share = [f"{100 * e:.0f} %" for e in [*pca.explained, 0][:2]]
        words = (f"first axis of the PCA, {share[0]}", f"second, {share[1]}")
    scatter(axes, points, labels, "light", _words(data))
    axes.set(xlabel=words[0], ylabel=words[1], title="codes of images", aspect="equal", adjustable="datalim")
    if len(_words(data)) <= _NAMED:
        axes.legend(fontsize=7, ncols=2, loc="best", handletextpad=0.2)


def curves(histories: Sequence[tuple[str, History]], path: Path) -> Path:
    """Draws the reconstruction and the KL of named trainings over their steps; returns the path."""
    with themed("light"):
        figure = Figure(figsize=(9.5, 4), facecolor="white")
        for axes, term in zip(figure.subplots(1, 2), ("reconstruction", "kl"), strict=True):
            for (name, history), colour in zip(histories, cycle(class_colours("light")), strict=False):
                if term in history.names:
                    _draw_term(axes, history, term, colour, name)
            axes.set(xlabel="step", ylabel="nats per image", title=term, yscale="symlog")
        figure.axes[0].legend(fontsize=7)
        return save(figure, path, dpi=110)


def _curve(axes: Axes, history: History) -> None:
    for name, colour in zip(history.names[1:], class_colours("light"), strict=False):
        _draw_term(axes, history, name, colour, name)
    axes.set(xlabel="step", ylabel="nats per image", title="what training saw", yscale="symlog")
    axes.grid(color=ink("light", faint=True), alpha=0.2)
    axes.legend(fontsize=8)


def _draw_term(axes: Axes, history: History, term: str, colour: str, label: str) -> None:
    values = history.steps[:, history.names.index(term)]
    width = max(1, len(values) // 100)
    means = values[: len(values) // width * width].reshape(-1, width).mean(axis=1)  # (blocks,)
    axes.plot((np.arange(len(means)) + 1) * width, means, color=colour, label=label)


def _words(data: str) -> list[str]:
    """The names of the classes as matplotlib prints them: short, no formulas, and none hidden for how it begins."""
    short = [name if len(name) <= 16 else f"{name[:15]}…" for name in datasets.class_names(data)]
    return [name.replace("$", r"\$").replace("_", " ", name.startswith("_")) for name in short]
