"""What lesson 7 says about models: an autoencoder against a VAE with the same decoder, data, budget and seeds."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
import torch
from numpy.typing import NDArray

from course import maps
from course.claims import fashion_runs
from course.claims.base import (
    FEW_SEEDS,
    Bound,
    Claim,
    Measure,
    Measured,
    NoBaseline,
    RunSpec,
    Summary,
    at_least,
    at_most,
    between,
    every_seed_above,
)
from course.claims.baselines import (
    DIFFERENCE,
    IS_BASELINE,
    UNTRAINED,
    average_image,
    average_nats,
    chance,
    chance_neighbours,
    class_chance,
    gaussian_pixels,
    instead,
    pca_back,
    prior_length,
    without_model,
)
from course.claims.statistics import active, clothes, codes_of, difference, elbo
from course.datasets import held_out, images_of
from course.models import Autoencoder, LatentModel
from course.objectives import reconstruction
from course.studies import judge
from course.studies.class_means import class_means, class_sums
from course.studies.code_statistics import centre_length, mean_length, separation
from course.studies.ex_post_density import CodeSource, new_codes
from course.studies.identifiability import (
    mass_moved,
    mean_correlation_coefficient,
    pair_correlation,
    random_turn,
    same_index_correlation,
    used,
)
from course.studies.sample_quality import confident_share, edges, frechet_to_real, image_outlier_share

__all__ = ["CLAIMS", "RUNS"]

RUNS = {
    "fashion-ae": fashion_runs.RUNS["fashion-ae"],
    "fashion-vae": fashion_runs.RUNS["fashion-vae"],
    "fashion-ae6": RunSpec("fashion", {"latent_dim": 6}, kind=Autoencoder),
    "fashion-vae-weak": RunSpec("fashion", settings={"beta": 0.1, "beta_start": 0.1}),
}
BOTH = ("fashion-ae", "fashion-vae")

_DRAWS = 4000
_FITTED = 10_000
_JUDGED = 2000
_MAPPED = 600
_T_SHIRT, _PULLOVER = 0, 2  # indices of classes

Rows = NDArray[np.float32]
Agreement = Callable[[Rows, NDArray[np.floating]], float]

_claim = partial(Claim, digits=1, seeds=FEW_SEEDS)
_x = clothes()
_elbo, _active = elbo(_x, samples=5), active(_x, threshold=0.1)


def _labels() -> NDArray[np.int64]:
    return held_out("fashion").labels


def _codes(model: LatentModel) -> Rows:
    """Codes (10000, Z) of the test images."""
    return codes_of(model, held_out("fashion").images)


@torch.no_grad()
def _back(model: LatentModel) -> Rows:
    """What the model gives back (10000, 784) of the test images, from one code each."""
    return model.decode(model.encode(_x())).numpy()


def _error_of(back: Rows) -> float:
    """Squared error of what is given back (10000, 784) of the test images."""
    return float(np.square(back - held_out("fashion").images).sum(axis=1).mean())


def _error(model: LatentModel, _seed: int = 0) -> float:
    return _error_of(_back(model))


def _sharpness_of(back: Rows) -> float:
    return 100 * edges(back) / edges(held_out("fashion").images)


@cache
def _grey_floor(_seed: int = 0) -> float:
    """The reconstruction of an image given back without any error, in nats: the entropy of its grey pixels."""
    x = _x().double()
    return float(reconstruction(torch.logit(x, eps=1e-12), x).mean())


@torch.no_grad()
def _excess(model: LatentModel, _seed: int) -> float:
    """Reconstruction from one code each, in nats above the floor."""
    return float(reconstruction(model.decode_logits(model.encode(_x())), _x()).mean()) - _grey_floor()


def _right(images: Rows) -> float:
    return 100 * float((judge.classes(images) == _labels()).mean())


def _entries_used(model: LatentModel, _seed: int) -> float:
    return float(used(_codes(model)).sum())


def _neighbours(rows: NDArray[np.floating]) -> float:
    return 100 * maps.neighbour_share(rows[:_JUDGED], _labels()[:_JUDGED])


def _separation(model: LatentModel, _seed: int = 0) -> float:
    return separation(_codes(model), _labels())


def _map_separation(model: LatentModel, seed: int) -> float:
    made = maps.joint_tsne(_codes(model)[:_MAPPED], seed=seed)
    return separation(made.points, _labels()[:_MAPPED])


def _plane_separation(model: LatentModel, _seed: int = 0) -> float:
    """The same in the plane of the two principal axes, which flattens as a map does, and can lengthen nothing."""
    plane = maps.joint_pca(_codes(model)[:_MAPPED]).points
    return separation(plane, _labels()[:_MAPPED])


@cache
@torch.no_grad()
def _drawn(run: str, source: CodeSource, seed: int) -> Rows:
    """New images (_DRAWS, 784) of this run; many claims ask for the same, and a fit takes seconds."""
    model, images = RUNS[run].model(seed), torch.from_numpy(images_of("fashion").images[:_FITTED])
    x_hat: Rows = model.decode(new_codes(model, images, source, _DRAWS, seed)).numpy()
    return x_hat


def _of_draws(measure: Callable[[Rows], float], run: str, source: CodeSource) -> Measure:
    """The measure of new images of this run."""
    return lambda *models_and_seed: measure(_drawn(run, source, models_and_seed[-1]))


def _frechet(run: str, source: CodeSource) -> Measure:
    return _of_draws(frechet_to_real, run, source)


def _sure(run: str, source: CodeSource) -> Measure:
    return _of_draws(lambda images: 100 * confident_share(images), run, source)


def _strange(run: str, source: CodeSource) -> Measure:
    return _of_draws(lambda images: 100 * image_outlier_share(images), run, source)


def _noise(seed: int) -> Rows:
    return np.random.default_rng(seed).random((_JUDGED, 784), dtype=np.float32)


def _pairs(seed: int) -> NDArray[np.int64]:
    """Pairs (P, 2) of test images of different classes."""
    pairs = np.random.default_rng(seed).integers(len(_labels()), size=(_DRAWS, 2))
    differing: NDArray[np.int64] = pairs[_labels()[pairs[:, 0]] != _labels()[pairs[:, 1]]]
    return differing


@torch.no_grad()
def _middles(model: LatentModel, seed: int) -> Rows:
    """The middle frame of the straight way from code to code, for each pair."""
    first, second = (torch.from_numpy(_codes(model)[ends]) for ends in _pairs(seed).T)
    return model.decode((first + second) / 2).numpy()


def _blends(seed: int) -> Rows:
    blends: Rows = held_out("fashion").images[_pairs(seed)].mean(axis=1, dtype=np.float32)
    return blends


@torch.no_grad()
def _sums(model: LatentModel, _seed: int = 0) -> tuple[Rows, NDArray[np.bool_]]:
    """Decoded sums of codes and directions between classes, and which of them the judge takes for what was asked."""
    known = images_of("fashion")
    means = class_means(model.encode(torch.from_numpy(known.images)).numpy(), known.labels)
    sums = class_sums(_codes(model), _labels(), means)
    images = model.decode(torch.from_numpy(sums.rows)).numpy()
    return images, judge.classes(images) == sums.wanted


@cache
def _pixel_sums() -> tuple[Rows, NDArray[np.bool_]]:
    """The same with pixels in the place of codes, cut to what a pixel can be."""
    known = images_of("fashion")
    sums = class_sums(held_out("fashion").images, _labels(), class_means(known.images, known.labels))
    images = np.clip(sums.rows, 0, 1).astype(np.float32)
    return images, judge.classes(images) == sums.wanted


def _long_sleeves(rows: Rows, known: Rows, decode: Callable[[Rows], Rows], strength: float = 1.0) -> float:
    """T-shirts + (pullover - T-shirt) that the judge takes for pullovers: all 1000 T-shirts of the test images.

    With a strength of 0 nothing is added: what the judge says of T-shirts before the sum.
    """
    labels = images_of("fashion").labels
    step = known[labels == _PULLOVER].mean(axis=0) - known[labels == _T_SHIRT].mean(axis=0)
    images = decode((rows[_labels() == _T_SHIRT] + strength * step).astype(np.float32))
    return 100 * float((judge.classes(images) == _PULLOVER).mean())


@torch.no_grad()
def _sleeves(model: LatentModel, _seed: int, strength: float = 1.0) -> float:
    known = codes_of(model, images_of("fashion").images)
    return _long_sleeves(_codes(model), known, lambda z: model.decode(torch.from_numpy(z)).numpy(), strength)


@cache
def _pixel_sleeves(_seed: int = 0, strength: float = 1.0) -> float:
    return _long_sleeves(held_out("fashion").images, images_of("fashion").images, lambda x: np.clip(x, 0, 1), strength)


def _partner(seed: int, run: str) -> Rows:
    """Codes of the same test images by the next seed's training."""
    return _codes(RUNS[run].model((seed + 1) % len(FEW_SEEDS)))


def _with_next(model: LatentModel, seed: int, run: str, agree: Agreement) -> float:
    """How far the codes of this training agree with those of the next seed's."""
    return agree(_codes(model), _partner(seed, run))


def _pairs_turned(model: LatentModel, seed: int, turns: int = 20) -> float:
    """How far two entries of this training's own codes correlate once its axes are turned at random."""
    return float(np.mean([pair_correlation(random_turn(_codes(model), 100 * seed + k)) for k in range(turns)]))


def _with_turned(model: LatentModel, seed: int, run: str, agree: Agreement, turns: int = 20) -> float:
    """The same where the axes that the next seed's training uses are turned at random, averaged over some turns."""
    codes, partner = _codes(model), _partner(seed, run)
    return float(np.mean([agree(codes, random_turn(partner, 100 * seed + k)) for k in range(turns)]))


def _centre_entry(model: LatentModel, _seed: int) -> float:
    """The index of the entry that moves the mass in the middle of the image the most."""
    middle = np.zeros((28, 28), np.bool_)
    middle[7:21, 10:18] = True
    return float(mass_moved(model.decode, torch.from_numpy(_codes(model)[:_JUDGED]), middle.ravel()).argmax())


def _by_axes(measure: Callable[[Rows], float], dimensions: int = 16) -> Measured:
    words = f"{dimensions} principal axes of the pixels"
    return without_model(words, lambda _seed: measure(pca_back(dimensions)))


def _pixels(measure: Callable[[], float]) -> Measured:
    return without_model("the pixels, with no model", lambda _seed: measure())


def _turned(run: str, agree: Agreement) -> Measured:
    words = "the codes of the other training after random turns of the axes that it uses"
    return instead(words, measure=lambda m, seed: _with_turned(m, seed, run, agree))


_FLOOR = NoBaseline(reason="it follows from the pixels alone, and no model can pay less")
_REAL = NoBaseline(reason="it is the floor of this distance, of real images from real images")
_AVERAGE_EXCESS = without_model(
    "the average training image for every image", lambda _seed: average_nats(_x) - _grey_floor()
)
_PIXEL_NEIGHBOURS = _pixels(lambda: _neighbours(held_out("fashion").images))
_CHANCE_NEIGHBOURS = without_model(
    "pairs of images, picked by chance", lambda _seed: 100 * chance_neighbours(_labels()[:_JUDGED])
)
_PIXEL_SEPARATION = _pixels(lambda: separation(held_out("fashion").images, _labels()))
_PIXEL_MAP = without_model(
    "a t-SNE map of the pixels",
    lambda seed: separation(
        maps.joint_tsne(held_out("fashion").images[:_MAPPED], seed=seed).points, _labels()[:_MAPPED]
    ),
)
_PIXEL_PLANE = without_model(
    "a PCA plane of the pixels",
    lambda _seed: separation(maps.joint_pca(held_out("fashion").images[:_MAPPED]).points, _labels()[:_MAPPED]),
)
_PIXEL_GAUSSIAN = without_model(
    "draws from a Gaussian fitted to the pixels", lambda seed: frechet_to_real(gaussian_pixels(seed))
)
_NOISE_SURE = without_model("uniform noise", lambda seed: 100 * confident_share(_noise(seed)))
_STRANGE_BLENDS = without_model("blends of the two images", lambda seed: 100 * image_outlier_share(_blends(seed)))
_TEST_STRANGE = chance(5.0, "test images, by definition")
_STRANGE_BLENDS = without_model("blends of the two images", lambda seed: 100 * image_outlier_share(_blends(seed)))
_BLENDS = without_model("blends of the two images", lambda seed: frechet_to_real(_blends(seed)))

_RECONSTRUCTION = {
    "grey-floor": _claim(
        "What the grey test images of Fashion-MNIST cost if they are given back without any error.",
        (), _grey_floor, between(189, 191), unit="nats", baseline=_FLOOR,
    ),
    "ae-excess": _claim(
        "Reconstruction of the autoencoder above the floor of the grey test images of Fashion-MNIST.",
        BOTH[:1], _excess, at_most(35), unit="nats", baseline=_AVERAGE_EXCESS,
    ),
    "vae-excess": _claim(
        "Reconstruction of the VAE, from mu, above the floor of the grey test images of Fashion-MNIST.",
        BOTH[1:], _excess, at_most(45), unit="nats", baseline=_AVERAGE_EXCESS,
    ),
    "vae-fashion-elbo": _claim(
        "The -ELBO of the VAE on the test images of Fashion-MNIST.",
        BOTH[1:], _elbo, at_most(250), unit="nats", baseline=average_image(_x),
    ),
    "ae-error": _claim(
        "Squared error of an image that the autoencoder gives back.",
        BOTH[:1], _error, at_most(11), baseline=_by_axes(_error_of),
    ),
    "vae-error": _claim(
        "Squared error of an image that the VAE gives back, from mu.",
        BOTH[1:], _error, at_most(16), baseline=_by_axes(_error_of),
    ),
    "blur-gap": _claim(
        "By how much the squared error of an image given back is larger for the VAE than for the autoencoder.",
        BOTH, lambda a, v, _seed: _error(v) - _error(a), every_seed_above(1), baseline=DIFFERENCE,
    ),
    "ae-edges": _claim(
        "What the autoencoder leaves of the differences between neighbouring pixels.",
        BOTH[:1], lambda m, _seed: _sharpness_of(_back(m)), at_most(85), unit="%", baseline=_by_axes(_sharpness_of),
    ),
    "vae-edges": _claim(
        "What the VAE, from mu, leaves of the differences between neighbouring pixels.",
        BOTH[1:], lambda m, _seed: _sharpness_of(_back(m)), at_most(80), unit="%", baseline=_by_axes(_sharpness_of),
    ),
    "judge-right": _claim(
        "Test images of which the judge knows the class.",
        (), lambda _seed: _right(held_out("fashion").images), at_least(88), unit="%", baseline=class_chance(),
    ),
    "ae-right": _claim(
        "Reconstructions of the autoencoder of which the judge knows the class.",
        BOTH[:1], lambda m, _seed: _right(_back(m)), at_least(80), unit="%", baseline=_by_axes(_right),
    ),
    "vae-right": _claim(
        "Reconstructions of the VAE, from mu, of which the judge knows the class.",
        BOTH[1:], lambda m, _seed: _right(_back(m)), at_least(75), unit="%", baseline=_by_axes(_right),
    ),
    "ae6-error": _claim(
        "Squared error of an autoencoder with a code of 6 numbers.",
        ("fashion-ae6",), _error, between(11, 14), baseline=_by_axes(_error_of, 6),
    ),
    "vae-weak-error": _claim(
        "Squared error of a VAE whose KL counts a tenth, from mu.",
        ("fashion-vae-weak",), _error, at_most(11.5), baseline=_by_axes(_error_of),
    ),
    "vae-active": _claim(
        "Entries of 16 that carry more than 0.1 nats in the VAE.",
        BOTH[1:], _active, between(4, 8), baseline=UNTRAINED,
    ),
    "vae-weak-active": _claim(
        "Entries of 16 that carry more than 0.1 nats in a VAE whose KL counts a tenth.",
        ("fashion-vae-weak",), _active, at_least(11), baseline=UNTRAINED,
    ),
    "vae-weak-frechet": _claim(
        "Fréchet distance of draws from N(0, I), decoded by the VAE whose KL counts a tenth.",
        ("fashion-vae-weak",), _frechet("fashion-vae-weak", "prior"), at_least(60), baseline=_PIXEL_GAUSSIAN,
    ),
}  # fmt: skip

_CODES = {
    "ae-used": _claim(
        "Entries of 16 that the autoencoder uses.",
        BOTH[:1], _entries_used, at_least(15.5), baseline=UNTRAINED,
    ),
    "vae-used": _claim("Entries of 16 that the VAE uses.", BOTH[1:], _entries_used, between(4, 8), baseline=UNTRAINED),
    **{
        f"{name}-pairs": _claim(
            f"Size of the correlation of two entries in use, on average over pairs, {words}.",
            (run,), lambda m, _seed: pair_correlation(_codes(m)), bound, digits=2,
            baseline=instead("the same codes, their axes turned at random", measure=_pairs_turned),
        )
        for name, run, words, bound in (
            ("ae", "fashion-ae", "autoencoder", at_least(0.15)), ("vae", "fashion-vae", "VAE", at_most(0.1)),
        )
    },
    **{
        f"{name}-pairs-turned": _claim(
            f"Correlation of two entries of the codes, whatever the sign, once the axes are turned at random, {words}.",
            (run,), _pairs_turned, bound, digits=2, baseline=IS_BASELINE,
        )
        for name, run, words, bound in (
            ("ae", "fashion-ae", "autoencoder", at_least(0.15)), ("vae", "fashion-vae", "VAE", at_most(0.12)),
        )
    },
    "ae-length": _claim(
        "Mean length of a code of the autoencoder.",
        BOTH[:1], lambda m, _seed: mean_length(_codes(m)), at_least(6), baseline=prior_length(16),
    ),
    "vae-length": _claim(
        "Mean length of mu of the VAE.",
        BOTH[1:], lambda m, _seed: mean_length(_codes(m)), at_most(3.2), baseline=prior_length(16),
    ),
    "ae-centre": _claim(
        "Length of the mean code of the autoencoder.",
        BOTH[:1], lambda m, _seed: centre_length(_codes(m)), at_least(2),
        baseline=chance(0.0, "the centre of the prior"),
    ),
    "vae-centre": _claim(
        "Length of the mean of mu of the VAE.",
        BOTH[1:], lambda m, _seed: centre_length(_codes(m)), at_most(0.5), digits=2,
        baseline=chance(0.0, "the centre of the prior"),
    ),
    "ae-neighbours": _claim(
        "Of the 10 nearest codes of the autoencoder, those of the same class.",
        BOTH[:1], lambda m, _seed: _neighbours(_codes(m)), at_least(60), unit="%", baseline=_PIXEL_NEIGHBOURS,
    ),
    "vae-neighbours": _claim(
        "Of the 10 nearest codes of the VAE, those of the same class.",
        BOTH[1:], lambda m, _seed: _neighbours(_codes(m)), at_least(60), unit="%", baseline=_PIXEL_NEIGHBOURS,
    ),
    "pixel-neighbours": _claim(
        "Of the 10 nearest images by their pixels, with no model, those of the same class.",
        (), lambda _seed: _neighbours(held_out("fashion").images), at_least(60), unit="%", baseline=_CHANCE_NEIGHBOURS,
    ),
    "ae-separation": _claim(
        "Distance of the centres of two classes over the spread within a class, codes of the autoencoder.",
        BOTH[:1], _separation, at_least(1), digits=2, baseline=_PIXEL_SEPARATION,
    ),
    "vae-separation": _claim(
        "Distance of the centres of two classes over the spread within a class, codes of the VAE.",
        BOTH[1:], _separation, at_least(0.8), digits=2, baseline=_PIXEL_SEPARATION,
    ),
    "separation-gap": _claim(
        "By how much classes lie further apart, for their spread, in the autoencoder than in the VAE.",
        BOTH, difference(_separation), every_seed_above(0), digits=2, baseline=DIFFERENCE,
    ),
    "ae6-separation": _claim(
        "Distance of the centres of two classes over the spread within a class, autoencoder with a code of 6 numbers.",
        ("fashion-ae6",), _separation, at_least(1), digits=2, baseline=_PIXEL_SEPARATION,
    ),
    "map-gap": _claim(
        "By how much classes lie further apart, for their spread, in the t-SNE map of the autoencoder than in that of "
        "the VAE.",
        BOTH, difference(_map_separation), every_seed_above(0), digits=2,
        baseline=DIFFERENCE,
    ),
    "ae-map-separation": _claim(
        "Distance of the centres of two classes over the spread within a class, t-SNE map of 600 codes of the "
        "autoencoder.",
        BOTH[:1], _map_separation, at_least(2), digits=2, baseline=_PIXEL_MAP,
    ),
    "ae-plane-separation": _claim(
        "Distance of the centres of two classes over the spread within a class, PCA plane of 600 codes of the "
        "autoencoder.",
        BOTH[:1], _plane_separation, between(1.8, 3), digits=2, baseline=_PIXEL_PLANE,
    ),
    "vae-plane-separation": _claim(
        "Distance of the centres of two classes over the spread within a class, PCA plane of 600 codes of the VAE.",
        BOTH[1:], _plane_separation, between(1.5, 3), digits=2, baseline=_PIXEL_PLANE,
    ),
    "vae-map-separation": _claim(
        "Distance of the centres of two classes over the spread within a class, t-SNE map of 600 codes of the VAE.",
        BOTH[1:], _map_separation, at_least(2), digits=2, baseline=_PIXEL_MAP,
    ),
}  # fmt: skip

_NEW = {
    "real-frechet": _claim(
        "Fréchet distance of 4000 training images to the test images.",
        (), lambda _seed: frechet_to_real(images_of("fashion").images[:_DRAWS]), at_most(3), baseline=_REAL,
    ),
    "ae-back-frechet": _claim(
        "Fréchet distance of what the autoencoder gives back.",
        BOTH[:1], lambda m, _seed: frechet_to_real(_back(m)[:_DRAWS]), at_most(5),
        baseline=_by_axes(lambda back: frechet_to_real(back[:_DRAWS])),
    ),
    "vae-back-frechet": _claim(
        "Fréchet distance of what the VAE gives back.",
        BOTH[1:], lambda m, _seed: frechet_to_real(_back(m)[:_DRAWS]), at_least(5),
        baseline=_by_axes(lambda back: frechet_to_real(back[:_DRAWS])),
    ),
    "ae-prior-frechet": _claim(
        "Fréchet distance of draws from N(0, I) that the autoencoder decodes.",
        BOTH[:1], _frechet("fashion-ae", "prior"), at_least(100), baseline=_PIXEL_GAUSSIAN,
    ),
    "vae-prior-frechet": _claim(
        "Fréchet distance of draws from N(0, I) that the VAE decodes.",
        BOTH[1:], _frechet("fashion-vae", "prior"), at_most(70), baseline=_PIXEL_GAUSSIAN,
    ),
    "ae-gaussian-frechet": _claim(
        "Fréchet distance of draws from a Gaussian fitted to codes of the autoencoder.",
        BOTH[:1], _frechet("fashion-ae", "gaussian"), between(25, 60), baseline=_PIXEL_GAUSSIAN,
    ),
    "vae-gaussian-frechet": _claim(
        "Fréchet distance of draws from a Gaussian fitted to posterior samples of the VAE.",
        BOTH[1:], _frechet("fashion-vae", "gaussian"), between(25, 60), baseline=_PIXEL_GAUSSIAN,
    ),
    "ae-mixture-frechet": _claim(
        "Fréchet distance of draws from a mixture of ten Gaussians fitted to codes of the autoencoder.",
        BOTH[:1], _frechet("fashion-ae", "mixture"), at_most(12), baseline=_PIXEL_GAUSSIAN,
    ),
    "vae-mixture-frechet": _claim(
        "Fréchet distance of draws from a mixture of ten Gaussians fitted to posterior samples of the VAE.",
        BOTH[1:], _frechet("fashion-vae", "mixture"), at_most(25), baseline=_PIXEL_GAUSSIAN,
    ),
    "prior-gap": _claim(
        "By how much the autoencoder's draws from N(0, I) are further from real images than the VAE's.",
        BOTH, lambda _a, _v, seed: _frechet("fashion-ae", "prior")(seed) - _frechet("fashion-vae", "prior")(seed),
        every_seed_above(50), baseline=DIFFERENCE,
    ),
    "mixture-gap": _claim(
        "By how much the VAE's draws from a fitted mixture are further from real images than the autoencoder's.",
        BOTH, lambda _a, _v, seed: _frechet("fashion-vae", "mixture")(seed) - _frechet("fashion-ae", "mixture")(seed),
        every_seed_above(2), baseline=DIFFERENCE,
    ),
    "real-sure": _claim(
        "Test images of whose class the judge is more than 90 % sure.",
        (), lambda _seed: 100 * confident_share(held_out("fashion").images), between(60, 90),
        unit="%", baseline=_NOISE_SURE,
    ),
    "noise-sure": _claim(
        "Images of uniform noise of whose class the judge is more than 90 % sure.",
        (), lambda seed: 100 * confident_share(_noise(seed)), at_least(90), unit="%", baseline=IS_BASELINE,
    ),
    "ae-prior-sure": _claim(
        "Draws from N(0, I), decoded by the autoencoder, of whose class the judge is more than 90 % sure.",
        BOTH[:1], _sure("fashion-ae", "prior"), at_most(45), unit="%", baseline=_NOISE_SURE,
    ),
    "vae-prior-sure": _claim(
        "Draws from N(0, I), decoded by the VAE, of whose class the judge is more than 90 % sure.",
        BOTH[1:], _sure("fashion-vae", "prior"), between(40, 65), unit="%", baseline=_NOISE_SURE,
    ),
    "ae-mixture-sure": _claim(
        "Draws from a mixture fitted to codes of the autoencoder of whose class the judge is more than 90 % sure.",
        BOTH[:1], _sure("fashion-ae", "mixture"), between(50, 75), unit="%", baseline=_NOISE_SURE,
    ),
    "vae-mixture-sure": _claim(
        "Draws from a mixture fitted to posterior samples of the VAE of whose class the judge is more than 90 % sure.",
        BOTH[1:], _sure("fashion-vae", "mixture"), between(50, 75), unit="%", baseline=_NOISE_SURE,
    ),
}  # fmt: skip

_HOLES = {
    "noise-strange": _claim(
        "Images of uniform noise further from the nearest of 10 000 training images than 95 % of test images are.",
        (), lambda seed: 100 * image_outlier_share(_noise(seed)), at_least(75), unit="%", baseline=_TEST_STRANGE,
    ),
    "ae-gaussian-strange": _claim(
        "Draws from a Gaussian fitted to codes of the autoencoder further from the training images than 95 % of test "
        "images are.",
        BOTH[:1], _strange("fashion-ae", "gaussian"), between(12, 40), unit="%", baseline=_TEST_STRANGE,
    ),
    "vae-gaussian-strange": _claim(
        "Draws from a Gaussian fitted to posterior samples of the VAE further from the training images than 95 % of "
        "test images are.",
        BOTH[1:], _strange("fashion-vae", "gaussian"), at_most(10), unit="%", baseline=_TEST_STRANGE,
    ),
    "vae-prior-strange": _claim(
        "Draws from N(0, I), decoded by the VAE, further from the training images than 95 % of test images are.",
        BOTH[1:], _strange("fashion-vae", "prior"), at_most(10), unit="%", baseline=_TEST_STRANGE,
    ),
    "ae-mixture-strange": _claim(
        "Draws from a mixture of ten Gaussians, codes of the autoencoder, further from the training images than 95 % "
        "of test images are.",
        BOTH[:1], _strange("fashion-ae", "mixture"), at_most(12), unit="%", baseline=_TEST_STRANGE,
    ),
    "vae-mixture-strange": _claim(
        "Draws from a mixture of ten Gaussians, posterior samples of the VAE, further from the training images than "
        "95 % of test images are.",
        BOTH[1:], _strange("fashion-vae", "mixture"), at_most(12), unit="%", baseline=_TEST_STRANGE,
    ),
    "ae-middle-strange": _claim(
        "Middles between codes of the autoencoder further from the training images than 95 % of test images are.",
        BOTH[:1], lambda m, seed: 100 * image_outlier_share(_middles(m, seed)), at_most(12), unit="%",
        baseline=_STRANGE_BLENDS,
    ),
    "vae-middle-strange": _claim(
        "Middles between codes of the VAE further from the training images than 95 % of test images are.",
        BOTH[1:], lambda m, seed: 100 * image_outlier_share(_middles(m, seed)), at_most(5), unit="%",
        baseline=_STRANGE_BLENDS,
    ),
    "blend-strange": _claim(
        "Blends of two images further from the training images than 95 % of test images are.",
        (), lambda seed: 100 * image_outlier_share(_blends(seed)), at_most(5), unit="%", baseline=_TEST_STRANGE,
    ),
    "ae-middle-frechet": _claim(
        "Fréchet distance of the middles of straight ways between codes of the autoencoder.",
        BOTH[:1], lambda m, seed: frechet_to_real(_middles(m, seed)), between(60, 110), baseline=_BLENDS,
    ),
    "vae-middle-frechet": _claim(
        "Fréchet distance of the middles of straight ways between codes of the VAE.",
        BOTH[1:], lambda m, seed: frechet_to_real(_middles(m, seed)), between(60, 110), baseline=_BLENDS,
    ),
    "blend-frechet": _claim(
        "Fréchet distance of the blends of two images.",
        (), lambda seed: frechet_to_real(_blends(seed)), at_least(100), baseline=IS_BASELINE,
    ),
}  # fmt: skip

_UNCHANGED = without_model("the T-shirts as they are", partial(_pixel_sleeves, strength=0.0))
_MEANING = {
    "ae-sums": _claim(
        "Sums of a code and the difference of two classes' means that the judge takes for the class asked for, "
        "autoencoder.",
        BOTH[:1], lambda m, _seed: 100 * float(_sums(m)[1].mean()), between(45, 85), unit="%",
        baseline=_pixels(lambda: 100 * float(_pixel_sums()[1].mean())),
    ),
    "vae-sums": _claim(
        "Sums of a code and the difference of two classes' means that the judge takes for the class asked for, VAE.",
        BOTH[1:], lambda m, _seed: 100 * float(_sums(m)[1].mean()), between(45, 85), unit="%",
        baseline=_pixels(lambda: 100 * float(_pixel_sums()[1].mean())),
    ),
    "pixel-sums": _claim(
        "Sums of an image and the difference of two classes' mean pixels that the judge takes for the class asked "
        "for.",
        (), lambda _seed: 100 * float(_pixel_sums()[1].mean()), between(45, 85), unit="%", baseline=class_chance(),
    ),
    "ae-sleeves": _claim(
        "T-shirt + (pullover - T-shirt) that the judge takes for a pullover, autoencoder.",
        BOTH[:1], _sleeves, between(40, 80), unit="%", baseline=_pixels(_pixel_sleeves),
    ),
    "vae-sleeves": _claim(
        "T-shirt + (pullover - T-shirt) that the judge takes for a pullover, VAE.",
        BOTH[1:], _sleeves, between(40, 80), unit="%", baseline=_pixels(_pixel_sleeves),
    ),
    "pixel-sleeves": _claim(
        "T-shirt + (pullover - T-shirt) that the judge takes for a pullover, pixels in the place of codes.",
        (), _pixel_sleeves, between(40, 80), unit="%", baseline=_UNCHANGED,
    ),
    **{
        f"{name}-sleeves-before": _claim(
            f"T-shirts that the judge takes for a pullover before anything is added, {words}.",
            runs, partial(measure, strength=0.0), at_most(8), unit="%", baseline=IS_BASELINE,
        )
        for name, words, runs, measure in (
            ("ae", "given back by the autoencoder", BOTH[:1], _sleeves),
            ("vae", "given back by the VAE", BOTH[1:], _sleeves),
            ("pixel", "as they are", (), _pixel_sleeves),
        )
    },
    "ae-sums-frechet": _claim(
        "Fréchet distance of sums of a code and the difference of two classes' means, autoencoder.",
        BOTH[:1], lambda m, _seed: frechet_to_real(_sums(m)[0]), at_most(35),
        baseline=_pixels(lambda: frechet_to_real(_pixel_sums()[0])),
    ),
    "vae-sums-frechet": _claim(
        "Fréchet distance of sums of a code and the difference of two classes' means, VAE.",
        BOTH[1:], lambda m, _seed: frechet_to_real(_sums(m)[0]), at_most(45),
        baseline=_pixels(lambda: frechet_to_real(_pixel_sums()[0])),
    ),
    "pixel-sums-frechet": _claim(
        "Fréchet distance of sums of an image and the difference of two classes' mean pixels.",
        (), lambda _seed: frechet_to_real(_pixel_sums()[0]), at_least(50), baseline=IS_BASELINE,
    ),
    "vae-same-index": _claim(
        "Correlation of an entry of the VAE's code with the entry of the same index in another training.",
        BOTH[1:], lambda m, seed: _with_next(m, seed, "fashion-vae", same_index_correlation), at_most(0.5), digits=2,
        baseline=_turned("fashion-vae", same_index_correlation),
    ),
    "vae-best-match": _claim(
        "Correlation of an entry of the VAE's code with the entry of another training that fits best.",
        BOTH[1:], lambda m, seed: _with_next(m, seed, "fashion-vae", mean_correlation_coefficient),
        at_least(0.6), digits=2, baseline=_turned("fashion-vae", mean_correlation_coefficient),
    ),
    "vae-turned-match": _claim(
        "Correlation of an entry of the VAE's code with the best entry of another training whose entries in use are "
        "turned at random.",
        BOTH[1:], lambda m, seed: _with_turned(m, seed, "fashion-vae", mean_correlation_coefficient),
        at_least(0.4), digits=2, baseline=IS_BASELINE,
    ),
    "ae-same-index": _claim(
        "Correlation of an entry of the autoencoder's code with the entry of the same index in another training.",
        BOTH[:1], lambda m, seed: _with_next(m, seed, "fashion-ae", same_index_correlation), at_most(0.5), digits=2,
        baseline=_turned("fashion-ae", same_index_correlation),
    ),
    "ae-best-match": _claim(
        "Correlation of an entry of the autoencoder's code with the entry of another training that fits best.",
        BOTH[:1], lambda m, seed: _with_next(m, seed, "fashion-ae", mean_correlation_coefficient),
        at_least(0.5), digits=2, baseline=_turned("fashion-ae", mean_correlation_coefficient),
    ),
    "ae-turned-match": _claim(
        "Correlation of an entry of the autoencoder's code with the best entry of another training whose entries are "
        "turned at random.",
        BOTH[:1], lambda m, seed: _with_turned(m, seed, "fashion-ae", mean_correlation_coefficient),
        at_least(0.4), digits=2, baseline=IS_BASELINE,
    ),
    "centre-entry": _claim(
        "The index of the entry of the VAE's code that moves the mass in the middle of the image the most.",
        BOTH[1:], _centre_entry, Bound("not the same for every seed", lambda values: len(set(values)) > 1), digits=0,
        baseline=NoBaseline(reason="it is an index, which is a name and no amount"), summary=Summary(kind="dots"),
    ),
}  # fmt: skip

CLAIMS: dict[str, Claim] = {**_RECONSTRUCTION, **_CODES, **_NEW, **_HOLES, **_MEANING}
