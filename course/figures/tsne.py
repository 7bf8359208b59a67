"""How t-SNE works, in pictures: two kernels, and two forces on one point."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from scipy.spatial.distance import pdist

from course.fashion import CLASSES
from course.figures.flat_maps import bare, class_legend, codes_of, fashion_model, few
from course.figures.signs import legend_of
from course.figures.style import Drawing, Theme, class_colours, colours, ink, panels, scatter
from course.maps import joint_tsne
from course.studies.tsne import affinities, divergence, forces, similarities

__all__ = ["two_forces", "two_kernels"]

Points = NDArray[np.float64]
_BOOTS, _TROUSERS = CLASSES.index("Ankle boot"), CLASSES.index("Trouser")


def two_kernels(theme: Theme) -> Drawing:
    """Distances in many dimensions and in two; and at which distance two kernels give the same similarity."""
    figures, (left, right) = panels(2, 3.0)
    for i, dims in enumerate((16, 2)):
        distances = pdist(np.random.default_rng(0).standard_normal((400, dims)))
        left.hist(distances / distances.mean(), 60, (0, 2.6), density=True, histtype="step", lw=1.8,
                  color=colours(theme)[i], label=f"{dims} dimensions")  # fmt: skip
    left.set(xlabel="distance of a pair / mean distance", ylabel="density", title="draws from a Gaussian")
    across = np.linspace(0, 5, 300)
    right.plot(across, np.exp(-np.square(across)), color=colours(theme)[0], ls="--", label="Gaussian kernel")
    right.plot(across, 1 / (1 + np.square(across)), color=colours(theme)[1], label="Student kernel")
    near, far = np.sqrt(np.log(10)), 3.0
    right.annotate("", (far, 0.1), (near, 0.1), arrowprops={"arrowstyle": "->", "color": ink(theme), "lw": 1.4})
    right.plot([near, far], [0.1, 0.1], "o", color=ink(theme), ms=5)
    right.annotate("same similarity, 0.1:\ntwice as far", (2.2, 0.1), (1.9, 0.28))
    right.set(xlabel="distance on the map", ylabel="similarity", title="two kernels")
    return Drawing(
        figures,
        "First: how far pairs of draws from a Gaussian lie apart. In 16 dimensions nearly all pairs are about as far "
        "as the mean; in two, many are much nearer and many much further. Second: a Gaussian and a Student kernel over "
        f"distance. A similarity of 0.1 is at a distance of {near:.1f} for the Gaussian and of {far:.0f} for Student, "
        "whose tail is long.",
        [*legend_of(left), *legend_of(right)],
    )


class Push(NamedTuple):
    """One point at a place of the map (2,), the two forces on it (2,), and the KL of the whole map."""

    place: Points
    attraction: Points
    repulsion: Points
    kl: float


@cache
def _pushed() -> tuple[Points, NDArray[np.int64], dict[str, Push]]:
    """A map of 200 codes, and one ankle boot in four places on it, while all others stay where they are."""
    codes, labels = codes_of(fashion_model(16), few(20)), few(20).labels
    p, points = affinities(codes), joint_tsne(codes).points
    boots, trousers = points[labels == _BOOTS], points[labels == _TROUSERS]
    moving = int(np.flatnonzero(labels == _BOOTS)[np.square(boots - np.median(boots, axis=0)).sum(axis=1).argmin()])
    home, strangers = points[moving].copy(), np.median(trousers, axis=0)
    outside = points.min(axis=0) - 0.2 * np.ptp(points, axis=0)
    places = {
        "outside": outside, "among trousers": strangers, "in between": (home + strangers) / 2, "at home": home,
    }  # fmt: skip
    pushes = {}
    for name, place in places.items():
        moved = points.copy()
        moved[moving] = place
        attraction, repulsion = (len(points) * each[moving] for each in forces(p, moved))
        pushes[name] = Push(place, attraction, repulsion, divergence(p, similarities(moved)))
    return np.delete(points, moving, axis=0), np.delete(labels, moving), pushes


def two_forces(theme: Theme) -> Drawing:
    """One ankle boot in four places of a map, with an arrow for each force on it."""
    points, labels, pushes = _pushed()
    figures, four = panels(4, 3.5)
    for axes, (name, push) in zip(four, pushes.items(), strict=True):
        scatter(axes, points, labels, theme, size=12)
        for collection in axes.collections:
            collection.set_alpha(0.45)
        _arrows(axes, push, theme)
        pull, shove = (float(np.linalg.norm(force)) for force in (push.attraction, push.repulsion))
        axes.set(title=f"{name}: KL {push.kl:.3f}", xlabel=f"attraction {pull:.2f}, repulsion {shove:.2f}")
        bare(axes)
    return Drawing(
        figures,
        "Four times the same t-SNE map, pale, with one ankle boot in another place each time and two arrows on it. "
        "Outside of the map there is only the attraction, back to the boots; the repulsion is too short to be drawn. "
        "Among the trousers, the attraction points to the boots, and the repulsion away from most points. In between, "
        "both are longer. At home among the boots, both are long and point against each other. "
        f"The KL falls from {pushes['outside'].kl:.3f} to "
        f"{pushes['at home'].kl:.3f}.",
        class_legend(theme),
    )


def _arrows(axes: Axes, push: Push, theme: Theme) -> None:
    """The attraction as a whole line, the repulsion dashed, from the moving point on."""
    x, y = push.place
    for force, style, colour in ((push.attraction, "-", ink(theme)), (push.repulsion, "--", class_colours(theme)[3])):
        if np.linalg.norm(force) < 0.05:  # shorter than its own head
            continue
        arrow = {"arrowstyle": "-|>", "ls": style, "color": colour, "lw": 2, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (x + 14 * force[0], y + 14 * force[1]), (x, y), arrowprops=arrow)
    axes.plot(x, y, "o", ms=11, mfc="none", mec=ink(theme), mew=1.8)
