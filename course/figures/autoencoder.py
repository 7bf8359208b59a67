"""The pictures of lesson 7: an autoencoder and a VAE of the run store, on the images that ship with the course."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import matplotlib as mpl
import numpy as np
import torch
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from numpy.typing import NDArray
from torch import Tensor

from course import latent, maps, metrics
from course.fashion import CLASSES, IMAGE_SIZE, sample
from course.figures.animation import Animation
from course.figures.code_pairs import ae_vae_pairs
from course.figures.signs import legend_of
from course.figures.strange_scores import strange_aurocs, strange_scores
from course.figures.style import CLASS_MARKERS, PHONE, SMALL, Drawing, Theme, class_colours, ink, panels, scatter
from course.models import VAE, Autoencoder, LatentModel
from course.runs import load_or_train
from course.studies import judge
from course.studies.class_means import class_means
from course.studies.code_statistics import mean_length
from course.studies.ex_post_density import CodeSource, new_codes
from course.studies.identifiability import USED_ABOVE

__all__ = ["ANIMATIONS", "FIGURES"]

_GAP = 2
_SHOWN = (0, 1, 5, 7, 8, 9)  # a class each: T-shirt, trouser, sandal, sneaker, bag, ankle boot
_MAPPED = 400
_T_SHIRT, _PULLOVER = 0, 2

Rows = NDArray[np.float32]


@cache
def _models() -> tuple[Autoencoder, VAE]:
    return load_or_train("fashion", kind=Autoencoder), load_or_train("fashion")


def _x() -> Tensor:
    """The 200 test images that ship with the course."""
    return torch.from_numpy(sample("test").images)


@torch.no_grad()
def _codes(model: LatentModel) -> Rows:
    codes: Rows = model.encode(_x()).numpy()
    return codes


@torch.no_grad()
def _decode(model: LatentModel, z: Tensor) -> Rows:
    x_hat: Rows = model.decode(z).numpy()
    return x_hat


def _of_class(label: int, count: int = 1) -> NDArray[np.int64]:
    """The first rows of this class among the test images."""
    return np.flatnonzero(sample("test").labels == label)[:count]


def _mosaic(rows: Sequence[Rows], theme: Theme, names: Sequence[str], below: Sequence[str] = ()) -> Figure:
    """Rows of images (S, 784) as one raster, each row with its name; words below stand under the columns."""
    side = IMAGE_SIZE + _GAP
    raster = np.full((len(rows) * side - _GAP, len(rows[0]) * side - _GAP), np.nan)
    for r, row in enumerate(rows):
        for c, image in enumerate(row):
            raster[r * side : r * side + IMAGE_SIZE, c * side : c * side + IMAGE_SIZE] = image.reshape(IMAGE_SIZE, -1)
    left = 0.1 + 0.08 * max(len(name) for name in names)  # inches, for the words
    bottom = 0.1 + 0.15 * (1 + below[0].count("\n")) if below else 0.02
    drawn = (PHONE - left) * raster.shape[0] / raster.shape[1]
    figure = Figure(figsize=(PHONE, bottom + drawn + 0.02))
    figure.set_layout_engine("none")
    height = figure.get_figheight()
    axes = figure.add_axes((left / PHONE, bottom / height, 1 - left / PHONE, drawn / height))
    palette = mpl.colormaps["Greys" if theme == "light" else "gray"].with_extremes(bad="none")
    axes.imshow(raster, cmap=palette, vmin=0, vmax=1, interpolation="none")
    axes.set_yticks([r * side + IMAGE_SIZE / 2 for r in range(len(rows))], names)
    axes.set_xticks([c * side + IMAGE_SIZE / 2 for c in range(len(below))], below)
    axes.tick_params(length=0, pad=4, labelsize=SMALL)
    axes.spines[:].set_visible(False)
    return figure


def _errors(x_hat: Rows, x: Rows) -> NDArray[np.float32]:
    squared: NDArray[np.float32] = np.square(x_hat - x).sum(axis=1)
    return squared


def ae_vae_back(theme: Theme) -> Drawing:
    """Six test images and what both models give back, with the squared error below the VAE's and the autoencoder's."""
    rows = np.concatenate([_of_class(label) for label in _SHOWN])
    x = sample("test").images[rows]
    back = [_decode(model, model.encode(torch.from_numpy(x))) for model in _models()]
    errors = [_errors(x_hat, x) for x_hat in back]
    below = [f"{a:.1f}\n{v:.1f}" for a, v in zip(*errors, strict=True)]
    figure = _mosaic([x, *back], theme, ("x", "autoencoder", "VAE"), below)
    return Drawing(
        figure,
        "Three rows of six clothes: test images, what the autoencoder gives back, what the VAE gives back. Both lose "
        f"folds, prints and laces. The mean squared error here is {errors[0].mean():.1f} for the autoencoder and "
        f"{errors[1].mean():.1f} for the VAE.",
    )


def ae_vae_codes(theme: Theme) -> Drawing:
    """Codes of 200 test images along two entries, on one scale, with the circle that holds 95 % of draws."""
    figures, both = panels(2, 3.4)
    for axes, model, name in zip(both, _models(), ("autoencoder", "VAE"), strict=True):
        codes = _codes(model)
        strength = metrics.dimension_kl(model, _x()) if isinstance(model, VAE) else codes.var(axis=0)
        a, b = metrics.strongest(strength)
        scatter(axes, codes[:, [a, b]], sample("test").labels, theme, CLASSES, size=13)
        axes.add_patch(Circle((0, 0), np.sqrt(-2 * np.log(0.05)), fill=False, color=ink(theme), lw=1, ls="--"))
        axes.set(title=name, xlabel=f"entry {a}", xlim=(-11, 11), ylim=(-11, 11), aspect="equal")
        axes.set_ylabel(f"entry {b}", labelpad=-2)
    lengths = [mean_length(_codes(model)) for model in _models()]
    return Drawing(
        figures,
        "Two scatter plots on the same axes from -11 to 11, one point an image, ten classes. The autoencoder's codes "
        "fill the frame and are off centre; most of the VAE's lie inside of a dashed circle of radius 2.4 around 0. "
        f"Mean length of a code: {lengths[0]:.1f} and {lengths[1]:.1f}.",
        legend_of(axes),
    )


def ae_vae_widths(theme: Theme) -> Drawing:
    """The standard deviation of each entry over images, largest first."""
    figures, both = panels(2, 2.6)
    both[1].sharey(both[0])
    counts = []
    for axes, model, name in zip(both, _models(), ("autoencoder", "VAE"), strict=True):
        widths = _codes(model).std(axis=0)
        order = np.argsort(-widths)
        in_use = widths[order] > USED_ABOVE
        counts.append(int(in_use.sum()))
        shades = [class_colours(theme)[1] if used else ink(theme, faint=True) for used in in_use]
        axes.bar(np.arange(len(order)), widths[order], color=shades)
        axes.axhline(1, color=ink(theme), ls="--", lw=1)
        axes.set_xticks(np.arange(len(order)), [str(i) for i in order], fontsize=SMALL)
        axes.set(title=f"{name}: {counts[-1]} of {len(order)} in use", xlabel="entry of the code")
        axes.set_ylabel("standard deviation")
    return Drawing(
        figures,
        f"Bars of the standard deviation of each entry over 200 images. The autoencoder uses {counts[0]} of 16, all "
        f"wider than 1. The VAE uses {counts[1]}, all close to a dashed line at 1; its others are nearly 0.",
    )


def ae_vae_draws(theme: Theme) -> Drawing:
    """New images of both models: from N(0, I), from a fitted Gaussian, from a fitted mixture."""
    known = torch.from_numpy(sample("train").images)
    sources: dict[CodeSource, str] = {"prior": "N(0, I)", "gaussian": "Gaussian", "mixture": "mixture"}
    rows, names = [], []
    for source, name in sources.items():
        for model, short in zip(_models(), ("AE", "VAE"), strict=True):
            rows.append(_decode(model, new_codes(model, known, source, 7, seed=1)))
            names.append(f"{short}, {name}")
    figure = _mosaic(rows, theme, names)
    return Drawing(
        figure,
        "Six rows of seven new images. From N(0, I) the autoencoder makes faint blots, the VAE clothes, some of them "
        "faint. From a fitted Gaussian both make clothes, some torn or with parts of two kinds. From a fitted mixture "
        "both make clothes, nearly all of them clear.",
    )


def ae_vae_ways(theme: Theme) -> Drawing:
    """From a trouser to an ankle boot in seven frames: through both latent spaces, and through the pixels."""
    ends = torch.from_numpy(sample("test").images[[*_of_class(1), *_of_class(9)]])
    strips = []
    for model in _models():
        with torch.no_grad():
            z = model.encode(ends)
        strips.append(_decode(model, latent.lerp(z[0], z[1], 7)))
    strips.append(latent.lerp(ends[0], ends[1], 7).numpy())
    middle = [100 * float(judge.certainty(strip[3:4])[0]) for strip in strips]
    figure = _mosaic(strips, theme, ("autoencoder", "VAE", "pixels"))
    return Drawing(
        figure,
        "Three strips of seven frames from trousers to an ankle boot: through the autoencoder's codes, through the "
        "VAE's, and a blend of pixels, which shows both at once. Of the middle frames the judge is "
        f"{middle[0]:.0f}, {middle[1]:.0f} and {middle[2]:.0f} percent sure.",
    )


def ae_vae_sleeves(theme: Theme) -> Drawing:
    """T-shirt + (pullover - T-shirt): with pixels, with codes of the autoencoder, with codes of the VAE."""
    known, rows = sample("train"), _of_class(_T_SHIRT, 6)
    x = sample("test").images[rows]
    means = class_means(known.images, known.labels)
    results = [np.clip(x + means[_PULLOVER] - means[_T_SHIRT], 0, 1)]
    for model in _models():
        with torch.no_grad():
            means = class_means(model.encode(torch.from_numpy(known.images)).numpy(), known.labels)
        moved = _codes(model)[rows] + means[_PULLOVER] - means[_T_SHIRT]
        results.append(_decode(model, torch.from_numpy(moved)))
    called = [int((judge.classes(images) == _PULLOVER).sum()) for images in results]
    figure = _mosaic([x, *results], theme, ("x", "pixels", "autoencoder", "VAE"))
    return Drawing(
        figure,
        "Six T-shirts, and below them the same with sleeves added: by pixels, by codes of the autoencoder, by codes of "
        "the VAE. The pixel sums show the T-shirt with ghosts of sleeves; the others are whole garments. The judge "
        f"calls {called[0]}, {called[1]} and {called[2]} of 6 a pullover.",
    )


def vae_entries(theme: Theme) -> Drawing:
    """The VAE's entries by KL, the first that is not in use included, each from -3 to +3 from one image's code."""
    model = _models()[1]
    kls = metrics.dimension_kl(model, _x())
    order = metrics.strongest(kls, metrics.active_units(kls, 0.1) + 1)
    start = torch.from_numpy(_codes(model)[_of_class(_T_SHIRT)[0]])
    values = torch.linspace(-3, 3, 7)
    strips = [_decode(model, latent.traverse(start, i, values)) for i in order]
    names = [f"{i}, {kls[i]:.2f} nats" for i in order]
    figure = _mosaic(strips, theme, names, [f"{v:.0f}" for v in values.tolist()])
    return Drawing(
        figure,
        f"{len(order)} strips, each a T-shirt with one entry of its code moved from -3 to 3. The first strips change "
        f"kind, width, sleeves and shade all at once; the last, an entry of {kls[order[-1]]:.2f} nats, shows the same "
        "image seven times.",
    )


@cache
def _maps() -> tuple[NDArray[np.float64], ...]:
    """t-SNE maps of codes of the same training images by either model, turned so that they are alike."""
    x = torch.from_numpy(sample("train").balanced(_MAPPED // 10).images)
    with torch.no_grad():
        made = [maps.joint_tsne(model.encode(x).numpy()).points for model in _models()]
    return maps.align(*made)


def ae_vae_maps(theme: Theme) -> Drawing:
    """A t-SNE map of each model's codes of 400 images."""
    labels = sample("train").balanced(_MAPPED // 10).labels
    figures, both = panels(2, 3.4)
    for axes, points, name in zip(both, _maps(), ("autoencoder", "VAE"), strict=True):
        scatter(axes, points, labels, theme, CLASSES, size=9)
        axes.set(title=name, xticks=[], yticks=[], aspect="equal", adjustable="datalim")
        axes.spines[:].set_visible(False)
    return Drawing(
        figures,
        f"Two maps of the codes of {len(labels)} images, {len(CLASS_MARKERS)} classes, each made with t-SNE. Both show "
        "the same groups: trousers at one edge, three kinds of shoes next to each other, and shirts, coats and "
        "pullovers mixed. Axes and distances of such a map have no unit.",
        legend_of(axes),
    )


FIGURES: dict[str, Callable[[Theme], Drawing]] = {
    f.__name__: f
    for f in (
        ae_vae_back, ae_vae_codes, ae_vae_widths, ae_vae_pairs, ae_vae_draws, ae_vae_ways, strange_scores,
        strange_aurocs, ae_vae_sleeves, vae_entries, ae_vae_maps,
    )
}  # fmt: skip
ANIMATIONS: dict[str, Callable[[], Animation]] = {}
