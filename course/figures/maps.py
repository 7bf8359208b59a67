"""The pictures of lesson 9: maps of 16 dimensions, and of latent spaces that are a plane."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from course.fashion import CLASSES, FashionSet, sample
from course.figures.animation import Animation
from course.figures.style import CLASS_MARKERS, Drawing, Theme, class_colours, colours, ink, scatter
from course.maps import PCAMap, TSNEMap, align, joint_pca, joint_tsne, neighbour_share
from course.models import VAE, LatentModel
from course.palette import PAPER
from course.planes import decoded_grid
from course.runs import load_or_train
from course.snapshots import snapshots
from course.studies.architectures import ARCHITECTURES, Plane, plane_of
from course.studies.map_limits import kmeans_clusters, kmeans_silhouette, nearest_neighbour_accuracy

__all__ = ["ANIMATIONS", "FIGURES"]

Points = NDArray[np.floating]


@cache
def _model(latent_dim: int = 2, kind: type[LatentModel] = VAE) -> LatentModel:
    return load_or_train("fashion", {"latent_dim": latent_dim} if latent_dim != 16 else {}, kind=kind)


@cache
def _few(per_class: int) -> FashionSet:
    return sample().balanced(per_class)


@torch.no_grad()
def _codes(model: LatentModel, images: FashionSet) -> NDArray[np.float32]:
    return model.encode(torch.from_numpy(images.images)).numpy()


@cache
def _groups() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Codes in 16 dimensions of 400 images to train on and of the 200 to test."""
    return _codes(_model(16), _few(40)), _codes(_model(16), sample("test"))


@cache
def _joint() -> tuple[PCAMap, TSNEMap]:
    return joint_pca(*_groups()), joint_tsne(*_groups())


def _bare(axes: Axes) -> None:
    """No ticks, and a frame all around: on a map the numbers along its edges mean nothing."""
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(True)


def _legend(figure: Figure, theme: Theme, columns: int = 5) -> None:
    """The ten classes, each with its colour and its shape, above all maps."""
    handles = [
        Line2D([], [], marker=marker, color=colour, ls="", ms=6, mec="none", label=name)
        for marker, colour, name in zip(CLASS_MARKERS, class_colours(theme), CLASSES, strict=True)
    ]
    figure.legend(handles=handles, ncols=columns, loc="outside upper center", handletextpad=0.1, columnspacing=1.2)


def _two_parts(axes: Axes, parts: tuple[Points, ...], theme: Theme) -> None:
    """Codes to train on in colour, with those to test above them, larger and with an edge of ink."""
    train, test = parts
    scatter(axes, train, _few(40).labels, theme, size=10)
    before = len(axes.collections)
    scatter(axes, test, sample("test").labels, theme, size=20)
    for collection in axes.collections[before:]:
        collection.set(edgecolor=ink(theme), linewidth=0.6)
    _bare(axes)


def _near(train: Points, test: Points) -> float:
    return nearest_neighbour_accuracy(train.astype(float), _few(40).labels, test.astype(float), sample("test").labels)


def joint_maps(theme: Theme) -> Drawing:
    """One PCA and one t-SNE of train and test codes together."""
    pca, tsne = _joint()
    figure = Figure(figsize=(8.4, 5.0))
    left, right = figure.subplots(1, 2)
    for axes, made in ((left, pca), (right, tsne)):
        _two_parts(axes, made.parts, theme)
    left.set(
        title="PCA", xlabel=f"{100 * pca.explained[0]:.0f} % of the variance",
        ylabel=f"{100 * pca.explained[1]:.0f} % of the variance",
    )  # fmt: skip
    right.set(title=f"t-SNE, perplexity {tsne.perplexity:g}")
    _legend(figure, theme)
    return Drawing(
        figure,
        f"Two maps of the same {len(pca.points)} codes, coloured by class. Left, PCA: classes lie over each other, and "
        f"both axes hold {100 * pca.explained.sum():.0f} percent of the variance. Right, t-SNE: trousers, bags and "
        "three groups of shoes lie apart, while shirts, pullovers and coats stay mixed. Test codes, with an edge, lie "
        "among the training codes on both.",
    )


def explained_variance(theme: Theme) -> Drawing:
    """Variance along the first axes, added up: of the codes and of the pixels."""
    codes = joint_pca(*_groups(), dimensions=16).explained.cumsum()
    pixels = joint_pca(_few(40).images, sample("test").images, dimensions=16).explained.cumsum()
    figure = Figure(figsize=(6.4, 3.2))
    axes = figure.subplots()
    for i, (name, marker, shares) in enumerate((("784 pixels", "s", pixels), ("16 latent dimensions", "o", codes))):
        axes.plot(range(1, 17), 100 * shares, marker=marker, ms=5, color=colours(theme)[i], label=name)
    axes.axvline(2, color=ink(theme, faint=True), lw=0.8, ls=":")
    axes.set(xlabel="principal axes", ylabel="% of the variance", ylim=(0, 104), xticks=[1, 2, 4, 8, 12, 16])
    axes.legend(loc="lower right")
    return Drawing(
        figure,
        "Share of the variance that the first principal axes hold, added up. Two axes hold "
        f"{100 * codes[1]:.0f} percent for the codes and {100 * pixels[1]:.0f} percent for the pixels; eight hold "
        f"{100 * codes[7]:.0f} and {100 * pixels[7]:.0f} percent.",
    )


@cache
def _apart() -> tuple[TSNEMap, TSNEMap]:
    train, test = _groups()
    return joint_tsne(train), joint_tsne(test)


def overlaid_fits(theme: Theme) -> Drawing:
    """Train and test on one t-SNE fit, and two fits laid over each other."""
    joint, apart = _joint()[1].parts, (_apart()[0].points, _apart()[1].points)
    figure = Figure(figsize=(8.4, 5.0))
    shares = []
    for axes, parts, title in zip(figure.subplots(1, 2), (joint, apart), ("one fit", "two fits"), strict=True):
        _two_parts(axes, parts, theme)
        shares.append(_near(*parts))
        axes.set_title(f"{title}: {100 * shares[-1]:.0f} % with their class")
    _legend(figure, theme)
    return Drawing(
        figure,
        f"Left: training and test codes on one t-SNE map; for {100 * shares[0]:.0f} percent of the test codes the "
        "nearest training code has the same class. Right: two fits laid over each other. The test codes form a "
        f"clump of their own scale in the middle, over strangers: {100 * shares[1]:.0f} percent.",
    )


@cache
def _restarted() -> tuple[Points, ...]:
    codes = _codes(_model(16), _few(20))
    return tuple(joint_tsne(codes, seed=seed, start="random").points for seed in range(3))


def restarts(theme: Theme) -> Drawing:
    """The same codes with three random starts, and the second turned onto the first."""
    few, made = _few(20), _restarted()
    turned = align(made[0], made[1])[1]
    reach = 1.05 * max(float(np.abs(points).max()) for points in (*made, turned))
    figure = Figure(figsize=(8.4, 3.1))
    titles = ("start 0", "start 1", "start 2", "1, turned onto 0")
    for axes, points, title in zip(figure.subplots(1, 4), (*made, turned), titles, strict=True):
        scatter(axes, points, few.labels, theme, size=8)
        axes.set(aspect="equal", title=title, xlim=(-reach, reach), ylim=(-reach, reach))
        _bare(axes)
    _legend(figure, theme)
    return Drawing(
        figure,
        f"Four t-SNE maps of the same {len(few)} codes. The first three began at random points: the same groups lie in "
        "other places, and some are split. The fourth is the second, turned and mirrored onto the first: now most "
        "groups lie where they lay there.",
    )


@cache
def _noise() -> tuple[Points, PCAMap, TSNEMap]:
    noise = np.random.default_rng(0).standard_normal((300, 16))
    return noise, joint_pca(noise), joint_tsne(noise)


def noise_maps(theme: Theme) -> Drawing:
    """Pure noise on two maps, coloured by clusters that k-means found on the map itself."""
    noise, *both = _noise()
    figure = Figure(figsize=(8.4, 4.2))
    values = [kmeans_silhouette(noise)]
    for axes, made, name in zip(figure.subplots(1, 2), both, ("PCA", "t-SNE"), strict=True):
        scatter(axes, made.points, kmeans_clusters(made.points), theme, size=16)
        values.append(kmeans_silhouette(made.points))
        axes.set_title(f"{name} of noise: silhouette {values[-1]:.2f}")
        _bare(axes)
    return Drawing(
        figure,
        "Three hundred draws from a Gaussian of 16 dimensions on a PCA and on a t-SNE map, in ten colours for ten "
        f"clusters found by k-means on the map. They look neat, with silhouettes of {values[1]:.2f} and "
        f"{values[2]:.2f}; in 16 dimensions k-means gets {values[0]:.2f}. There is nothing to find.",
    )


@torch.no_grad()
def decoded_plane(theme: Theme) -> Drawing:
    """What a VAE with two latent dimensions decodes to, at equal steps of probability under the prior."""
    side = 10
    images = decoded_grid(_model().decode, side).reshape(side, side, 28, 28)
    mosaic = images.transpose(0, 2, 1, 3).reshape(28 * side, 28 * side)
    figure = Figure(figsize=(6.0, 6.0))
    axes, ground = figure.subplots(), "Greys" if theme == "light" else "gray"
    axes.imshow(np.round(12 * mosaic) / 12, cmap=ground, vmin=0, vmax=1, interpolation="none")
    _bare(axes)
    return Drawing(
        figure,
        f"A square of {side} by {side} decoded images from the plane of a VAE. Shoes and boots, trousers and dresses, "
        "shirts and pullovers, and bags each fill a region, and between regions one thing turns into the other "
        "through blurred shapes.",
    )


def _tinted(classes: NDArray[np.int64], theme: Theme) -> NDArray[np.float64]:
    """A class map (side, side) as pale colours (side, side, 3)."""
    page = np.array(to_rgb(PAPER[theme]))
    palette = np.array([to_rgb(colour) for colour in class_colours(theme)])
    return (0.42 * palette + 0.58 * page)[classes]


@cache
def _plane(name: str, side: int) -> Plane:
    each = ARCHITECTURES[name]
    return plane_of(load_or_train("fashion", each.size, kind=each.kind), sample().images, side)


def _draw_plane(axes: Axes, plane: Plane, rows: NDArray[np.integer], theme: Theme, size: float) -> None:
    axes.imshow(_tinted(plane.classes, theme), extent=plane.extent, aspect="auto", interpolation="none")
    scatter(axes, plane.codes[rows], sample().labels[rows], theme, size=size)
    _bare(axes)


def class_maps(theme: Theme) -> Drawing:
    """The plane of the autoencoder and of the VAE, coloured by what the judge sees in each decoded cell."""
    figure = Figure(figsize=(8.4, 5.0))
    planes = [_plane(name, 80) for name in ("ae-2x128", "vae-2x128")]
    rows = np.arange(0, 1000, 3)
    for axes, plane, name in zip(figure.subplots(1, 2), planes, ("autoencoder", "VAE"), strict=True):
        _draw_plane(axes, plane, rows, theme, 11)
        left, right, bottom, top = plane.extent
        axes.set_title(
            f"{name}: {right - left:.0f} \N{MULTIPLICATION SIGN} {top - bottom:.0f}, {plane.islands()} islands"
        )
    _legend(figure, theme)
    return Drawing(
        figure,
        "Two planes in pale colours, one for each class that the judge sees in a decoded cell, with codes of images on "
        f"them. Left, autoencoder: {planes[0].islands()} islands, most codes in one part. Right, VAE: "
        f"{planes[1].islands()} islands, codes all over. The colours of codes and ground agree for shoes, bags and "
        "trousers and often differ for shirts.",
    )


def ten_maps(theme: Theme) -> Drawing:
    """The class maps of all ten architectures, small."""
    figure = Figure(figsize=(8.4, 4.6))
    grid = figure.subplots(2, len(ARCHITECTURES) // 2)
    rows = np.arange(0, 1000, 10)
    for i, (name, each) in enumerate(ARCHITECTURES.items()):
        axes, plane = grid[i % 2, i // 2], _plane(name, 60)
        _draw_plane(axes, plane, rows, theme, 5)
        axes.set_xlabel(f"{100 * plane.accuracy(sample().labels):.0f} %, {plane.islands()} islands", fontsize=8.5)
        if i % 2 == 0:
            axes.set_title(f"{each.depth} \N{MULTIPLICATION SIGN} {each.hidden_dim}")
    for axes, kind in zip(grid[:, 0], ("autoencoder", "VAE"), strict=True):
        axes.set_ylabel(kind)
    _legend(figure, theme)
    accuracies = [_plane(name, 60).accuracy(sample().labels) for name in ARCHITECTURES]
    return Drawing(
        figure,
        "Ten small class maps: autoencoders above, VAEs below, five shapes of network from left to right. All have "
        "large regions of trousers, bags and shoes, in other places each time. The share of codes on ground of their "
        f"own class goes from {100 * min(accuracies):.0f} to {100 * max(accuracies):.0f} percent.",
    )


@cache
def _watched() -> dict[int, VAE]:
    return snapshots("fashion", {"latent_dim": 2})


_HALF = 3.5


@cache
def _watched_planes() -> dict[int, Plane]:
    square = (-_HALF, _HALF, -_HALF, _HALF)
    return {step: plane_of(model, sample().images, 64, square) for step, model in _watched().items()}


def coherence(theme: Theme) -> Drawing:
    """Neighbours of one class, codes on their own ground, and islands, over training."""
    planes, labels = _watched_planes(), sample().labels
    places = np.arange(len(planes))
    shares = [100 * neighbour_share(plane.codes, labels) for plane in planes.values()]
    right = [100 * plane.accuracy(labels) for plane in planes.values()]
    pieces = [plane.islands() for plane in planes.values()]
    figure = Figure(figsize=(8.4, 3.4))
    left_axes, right_axes = figure.subplots(1, 2)
    left_axes.plot(places, shares, "o-", color=colours(theme)[1], label="neighbours of its class")
    left_axes.plot(places, right, "s--", color=colours(theme)[0], label="on ground of its class")
    left_axes.set(ylabel="% of the codes", ylim=(0, 80))
    left_axes.legend(loc="upper left")
    right_axes.plot(places, pieces, "^-", color=colours(theme)[2])
    right_axes.set(ylabel="islands", ylim=(0, None))
    for axes in (left_axes, right_axes):
        axes.set(xlabel="step", xticks=places, xticklabels=[f"{step}" for step in planes])
        axes.tick_params(axis="x", labelsize=8)
    return Drawing(
        figure,
        f"Left: neighbours of one class rise from {shares[0]:.0f} percent before training to {shares[4]:.0f} at step "
        f"{list(planes)[4]} and {shares[-1]:.0f} at the end; codes on ground of their class from {right[0]:.0f} to "
        f"{right[-1]:.0f} percent. Right: islands on the class map, from {pieces[0]} to {pieces[-1]}.",
    )


def _frame(plane: Plane, theme: Theme) -> NDArray[np.uint8]:
    """A class map of 64 x 64 cells, two pixels a cell, with codes as dots of four pixels."""
    frame = _tinted(plane.classes, theme).repeat(2, axis=0).repeat(2, axis=1)  # (128, 128, 3)
    size = len(frame)
    palette = np.array([to_rgb(colour) for colour in class_colours(theme)])
    for (x, y), label in zip(plane.codes[::2], sample().labels[::2], strict=True):
        column, row = int((x + _HALF) / (2 * _HALF) * (size - 1)), int((_HALF - y) / (2 * _HALF) * (size - 1))
        if 0 <= row < size - 1 and 0 <= column < size - 1:
            frame[row : row + 2, column : column + 2] = palette[label]
    return np.round(255 * frame).astype(np.uint8)


def map_evolution() -> Animation:
    """The plane of a VAE while it trains: the class map with the codes on it, at ten moments."""
    planes, labels = _watched_planes(), sample().labels
    words = [
        f"step {step}: {100 * neighbour_share(plane.codes, labels):.0f} % neighbours of one class, "
        f"{plane.islands()} islands"
        for step, plane in planes.items()
    ]
    light, dark = (np.stack([_frame(plane, theme) for plane in planes.values()]) for theme in ("light", "dark"))
    return Animation(
        light,
        1.25,
        words,
        f"The plane of a VAE at {len(planes)} moments of its training: first one colour and all codes in a dot, then "
        "regions of colour, one a class, over which the codes spread.",
        dark=dark,
        enlarge=3,
    )


FIGURES: dict[str, Callable[[Theme], Drawing]] = {
    f.__name__: f
    for f in (
        joint_maps, explained_variance, overlaid_fits, restarts, noise_maps, decoded_plane, class_maps, ten_maps,
        coherence,
    )
}  # fmt: skip
ANIMATIONS: dict[str, Callable[[], Animation]] = {"map_evolution": map_evolution}
