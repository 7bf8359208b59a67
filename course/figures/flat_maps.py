"""The pictures of lesson 9 of 16 dimensions made flat: by PCA, by MDS, by t-SNE, and of noise."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from course.fashion import CLASSES, FashionSet, sample
from course.figures.signs import Legend, legend_of
from course.figures.style import (
    CLASS_MARKERS,
    FOUR_ABREAST,
    PHONE,
    Drawing,
    Theme,
    class_colours,
    colours,
    ink,
    panels,
    scatter,
)
from course.maps import Map, PCAMap, TSNEMap, align, joint_mds, joint_pca, joint_tsne
from course.models import VAE, LatentModel
from course.runs import load_or_train
from course.studies.map_limits import nearest_neighbour_accuracy

__all__ = [
    "bare",
    "class_legend",
    "codes_of",
    "explained_variance",
    "fashion_model",
    "few",
    "joint_maps",
    "overlaid_fits",
    "restarts",
]  # fmt: skip

Points = NDArray[np.floating]


@cache
def fashion_model(latent_dim: int = 2, kind: type[LatentModel] = VAE) -> LatentModel:
    return load_or_train("fashion", {"latent_dim": latent_dim} if latent_dim != 16 else {}, kind=kind)


@cache
def few(per_class: int) -> FashionSet:
    return sample().balanced(per_class)


@torch.no_grad()
def codes_of(model: LatentModel, images: FashionSet) -> NDArray[np.float32]:
    return model.encode(torch.from_numpy(images.images)).numpy()


@cache
def _groups() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Codes in 16 dimensions of 400 images to train on and of the 200 to test."""
    return codes_of(fashion_model(16), few(40)), codes_of(fashion_model(16), sample("test"))


@cache
def _joint() -> tuple[PCAMap, Map, TSNEMap]:
    pca, mds = joint_pca(*_groups()), joint_mds(*_groups())
    turned = align(pca.points, mds.points)[1]
    return pca, Map((turned[: len(mds.parts[0])], turned[len(mds.parts[0]) :])), joint_tsne(*_groups())


def bare(axes: Axes) -> None:
    """No ticks, and a frame all around: on a map the numbers along its edges mean nothing."""
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(True)


def class_legend(theme: Theme) -> Legend:
    """The ten classes, each with its colour and its shape."""
    return [
        (name, Line2D([], [], marker=marker, color=colour, ls="", mec="none"))
        for marker, colour, name in zip(CLASS_MARKERS, class_colours(theme), CLASSES, strict=True)
    ]


def _two_parts(axes: Axes, parts: tuple[Points, ...], theme: Theme) -> None:
    """Codes to train on in colour, with those to test above them, larger and with an edge of ink."""
    train, test = parts
    scatter(axes, train, few(40).labels, theme, size=10)
    before = len(axes.collections)
    scatter(axes, test, sample("test").labels, theme, size=20)
    for collection in axes.collections[before:]:
        collection.set(edgecolor=ink(theme), linewidth=0.6)
    bare(axes)


def _near(train: Points, test: Points) -> float:
    return nearest_neighbour_accuracy(train.astype(float), few(40).labels, test.astype(float), sample("test").labels)


def joint_maps(theme: Theme) -> Drawing:
    """One PCA, one MDS and one t-SNE of train and test codes together."""
    pca, mds, tsne = _joint()
    figures, three = panels(3, 3.6)
    for axes, made, title in zip(three, (pca, mds, tsne), ("PCA", "metric MDS", "t-SNE"), strict=True):
        _two_parts(axes, made.parts, theme)
        axes.set_title(title)
    three[0].set(
        xlabel=f"{100 * pca.explained[0]:.0f} % of the variance",
        ylabel=f"{100 * pca.explained[1]:.0f} % of the variance",
    )
    three[2].set_xlabel(f"perplexity {tsne.perplexity:g}")
    return Drawing(
        figures,
        f"Three maps of the same {len(pca.points)} codes, coloured by class. PCA: classes lie over each other, and "
        f"both axes hold {100 * pca.explained.sum():.0f} percent of the variance. Metric MDS: a round cloud, in which "
        "the classes lie in the same directions and a little more apart. t-SNE: trousers, bags and "
        "three groups of shoes lie apart, while shirts, pullovers and coats stay mixed. Test codes, with an edge, lie "
        "among the training codes on all three.",
        class_legend(theme),
    )


def explained_variance(theme: Theme) -> Drawing:
    """Variance along the first axes, added up: of the codes and of the pixels."""
    codes = joint_pca(*_groups(), dimensions=16).explained.cumsum()
    pixels = joint_pca(few(40).images, sample("test").images, dimensions=16).explained.cumsum()
    figure = Figure(figsize=(PHONE, 2.8))
    axes = figure.subplots()
    for i, (name, marker, shares) in enumerate((("784 pixels", "s", pixels), ("16 latent dimensions", "o", codes))):
        axes.plot(range(1, 17), 100 * shares, marker=marker, ms=5, color=colours(theme)[i], label=name)
    axes.axvline(2, color=ink(theme, faint=True), lw=0.8, ls=":")
    axes.set(xlabel="principal axes", ylabel="% of the variance", ylim=(0, 104), xticks=[1, 2, 4, 8, 12, 16])
    return Drawing(
        figure,
        "Share of the variance that the first principal axes hold, added up. Two axes hold "
        f"{100 * codes[1]:.0f} percent for the codes and {100 * pixels[1]:.0f} percent for the pixels; eight hold "
        f"{100 * codes[7]:.0f} and {100 * pixels[7]:.0f} percent.",
        legend_of(axes),
    )


@cache
def _apart() -> tuple[TSNEMap, TSNEMap]:
    train, test = _groups()
    return joint_tsne(train), joint_tsne(test)


def overlaid_fits(theme: Theme) -> Drawing:
    """Train and test on one t-SNE fit, and two fits laid over each other."""
    joint, apart = _joint()[2].parts, (_apart()[0].points, _apart()[1].points)
    figures, both = panels(2, 3.7)
    shares = []
    for axes, parts, title in zip(both, (joint, apart), ("one fit", "two fits"), strict=True):
        _two_parts(axes, parts, theme)
        shares.append(_near(*parts))
        axes.set_title(f"{title}: {100 * shares[-1]:.0f} % with their class")
    return Drawing(
        figures,
        f"First: training and test codes on one t-SNE map; for {100 * shares[0]:.0f} percent of the test codes the "
        "nearest training code has the same class. Second: two fits laid over each other. The test codes form a "
        f"clump of their own scale in the middle, over strangers: {100 * shares[1]:.0f} percent.",
        class_legend(theme),
    )


@cache
def _restarted() -> tuple[Points, ...]:
    codes = codes_of(fashion_model(16), few(20))
    return tuple(joint_tsne(codes, seed=seed, start="random").points for seed in range(3))


def restarts(theme: Theme) -> Drawing:
    """The same codes with three random starts, and the second turned onto the first."""
    shown, made = few(20), _restarted()
    turned = align(made[0], made[1])[1]
    reach = 1.05 * max(float(np.abs(points).max()) for points in (*made, turned))
    figures, four = panels(4, 2.0, FOUR_ABREAST)
    titles = ("start 0", "start 1", "start 2", "1, turned onto 0")
    for axes, points, title in zip(four, (*made, turned), titles, strict=True):
        scatter(axes, points, shown.labels, theme, size=8)
        axes.set(aspect="equal", title=title, xlim=(-reach, reach), ylim=(-reach, reach))
        bare(axes)
    return Drawing(
        figures,
        f"Four t-SNE maps of the same {len(shown)} codes. The first three began at random points: the same groups lie "
        "in other places, and some are split. The fourth is the second, turned and mirrored onto the first: now most "
        "groups lie where they lay there.",
        class_legend(theme),
    )
