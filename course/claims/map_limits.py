"""What lesson 9 says a flat map keeps and makes up: neighbours, distances, groups, clumps; and what t-SNE weighs."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from course import fashion
from course.claims import maps
from course.claims.base import FEW_SEEDS, Claim, Measure, Measured, at_least, at_most, between, every_seed_above
from course.claims.baselines import DIFFERENCE, chance, instead, without_model
from course.claims.maps import SAMPLE_LABELS, clothes_test, sample_codes, tsne_map
from course.claims.statistics import codes_of
from course.maps import Map, joint_mds, joint_pca, joint_tsne, neighbour_share, trustworthiness
from course.models import VAE, LatentModel
from course.studies.code_statistics import separation
from course.studies.gaussianity import Mardia, classes_rejected, mardia
from course.studies.map_limits import clumping, continuity, distance_rank_correlation, neighbours_kept, noise_like
from course.studies.tsne import Kernel, affinities, descend, divergence, similarities

__all__ = ["CLAIMS", "RUNS"]

RUNS = {name: maps.RUNS[name] for name in ("fashion-vae", "fashion-ae2", "fashion-vae2")}
_TROUSERS, _BOOTS = fashion.CLASSES.index("Trouser"), fashion.CLASSES.index("Ankle boot")


# Three maps of the same 1200 codes


@cache
def _mds(seed: int) -> Map:
    return joint_mds(*sample_codes(RUNS["fashion-vae"].model(seed)))


def _made(name: str, model: LatentModel, seed: int) -> Map:
    """The map of this name of a sample's codes; that of t-SNE and that of MDS are made once a seed."""
    match name:
        case "pca":
            return joint_pca(*sample_codes(model))
        case "mds":
            return _mds(seed)
        case _:
            return tsne_map(seed)


def _score(name: str, score: str) -> Measure:
    def measure(model: VAE, seed: int) -> float:
        made, codes = _made(name, model, seed), sample_codes(model)
        match score:
            case "trust":
                return trustworthiness(made, *codes)
            case "continuity":
                return continuity(made, *codes)
            case "kept":
                return 100 * neighbours_kept(made, *codes)
            case "distances":
                return distance_rank_correlation(made, *codes)
            case "share":
                return neighbour_share(made.points, SAMPLE_LABELS)
            case _:
                return separation(made.points, SAMPLE_LABELS)

    return measure


def _gain(model: VAE, seed: int) -> float:
    """How much better MDS keeps the order of distances than PCA."""
    return _score("mds", "distances")(model, seed) - _score("pca", "distances")(model, seed)


def _other_codes(name: str) -> Measured:
    """Continuity of a map of the codes of the same images in another order."""

    def measure(model: VAE, seed: int) -> float:
        generator = np.random.default_rng(seed)
        codes = (generator.permutation(group) for group in sample_codes(model))
        return continuity(_made(name, model, seed), *codes)

    return instead("a map of other codes", measure=measure)


# What t-SNE makes small


@cache
def _pairs(seed: int) -> NDArray[np.float64]:
    return affinities(np.concatenate(sample_codes(RUNS["fashion-vae"].model(seed))))


def _pair_share(_model: VAE, seed: int) -> float:
    """How much of P lies on pairs of a pair of trousers and an ankle boot."""
    p = _pairs(seed)[np.ix_(SAMPLE_LABELS == _TROUSERS, SAMPLE_LABELS == _BOOTS)]
    return float(200 * p.sum())


def _kl(_model: VAE, seed: int) -> float:
    return divergence(_pairs(seed), similarities(tsne_map(seed).points))


def _kl_with_trousers_at(seed: int, place: NDArray[np.float64]) -> float:
    """The KL after all trousers were moved together, their middle to this place (2,)."""
    points, trousers = tsne_map(seed).points, SAMPLE_LABELS == _TROUSERS
    points[trousers] += place - points[trousers].mean(axis=0)
    return divergence(_pairs(seed), similarities(points))


def _on_top(model: VAE, seed: int) -> float:
    boots = tsne_map(seed).points[SAMPLE_LABELS == _BOOTS].mean(axis=0)
    return _kl_with_trousers_at(seed, boots) - _kl(model, seed)


def _further(model: VAE, seed: int) -> float:
    """Moved straight out of the map, by as much as the map is wide."""
    points = tsne_map(seed).points
    outwards = points[SAMPLE_LABELS == _TROUSERS].mean(axis=0) - points.mean(axis=0)
    step = np.ptp(points, axis=0).max() * outwards / np.linalg.norm(outwards)
    return _kl_with_trousers_at(seed, points.mean(axis=0) + outwards + step) - _kl(model, seed)


def _by_kernel(kernel: Kernel) -> Measure:
    """Neighbours kept on a map of 300 codes whose q has this kernel."""

    def measure(model: VAE, _seed: int) -> float:
        codes = codes_of(model, fashion.sample().balanced(30).images)
        points = descend(affinities(codes), joint_pca(codes).points, kernel)
        return 100 * neighbours_kept(Map((points,)), codes)

    return measure


# Clumps of codes, and of noise like them


@cache
def _some_codes(seed: int) -> NDArray[np.float32]:
    """Codes (500, 16), 50 of each class."""
    return codes_of(RUNS["fashion-vae"].model(seed), fashion.sample().balanced(50).images)


def _rows(what: str, seed: int) -> NDArray[np.floating]:
    return _some_codes(seed) if what == "codes" else noise_like(_some_codes(seed), seed)


@cache
def _clumping(what: str, perplexity: float, seed: int) -> float:
    """Of the t-SNE map, or of the PCA map where the perplexity is 0."""
    rows = _rows(what, seed)
    return clumping((joint_tsne(rows, perplexity=perplexity) if perplexity else joint_pca(rows)).points)


def _clumps(what: str, perplexity: float) -> Measure:
    return lambda _model, seed: _clumping(what, perplexity, seed)


def _clumps_beside(perplexity: float) -> Measure:
    return lambda _model, seed: _clumping("noise", perplexity, seed) - _clumping("codes", perplexity, seed)


# How far from a Gaussian classes are


def _mardia(codes: NDArray[np.floating]) -> list[Mardia]:
    return [mardia(codes[clothes_test().labels == label]) for label in range(10)]


def _skewness(codes: NDArray[np.floating]) -> float:
    return float(np.median([each.skewness for each in _mardia(codes)]))


def _kurtosis(codes: NDArray[np.floating]) -> float:
    """How far the kurtosis of a class is from that of a Gaussian, 8 in a plane."""
    return float(np.median([abs(each.kurtosis - 8) for each in _mardia(codes)]))


def _rejected_of_few(codes: NDArray[np.floating], seed: int, few: int = 50) -> float:
    """Classes rejected, of ten, where a test is shown `few` codes of each; averaged over ten such samples."""
    generator, labels = np.random.default_rng(seed), clothes_test().labels
    counts = []
    for _ in range(10):
        rows = np.concatenate(
            [generator.choice(np.flatnonzero(labels == label), few, replace=False) for label in range(10)]
        )
        counts.append(classes_rejected(codes[rows], labels[rows]))
    return float(np.mean(counts))


_claim = partial(Claim, seeds=FEW_SEEDS)
_KEPT_BY_CHANCE = chance(100 * 10 / 1199, "neighbours picked by chance")
_UNRELATED = chance(0.0, "maps that have nothing in common")
_PCA_OF_NOISE = instead("the PCA map of the same noise", measure=_clumps("noise", 0))
_GAUSSIAN_SKEW = without_model("as many draws from one Gaussian", lambda seed: _skewness(maps.plane_clouds(seed)))
_GAUSSIAN_KURTOSIS = without_model("as many draws from one Gaussian", lambda seed: _kurtosis(maps.plane_clouds(seed)))
_GAUSSIAN_FEW = without_model(
    "as many draws from one Gaussian", lambda seed: _rejected_of_few(maps.plane_clouds(seed), seed)
)
_VAE16 = ("fashion-vae",)

CLAIMS = {
    "map-mds-trust": _claim(
        "Trustworthiness of the MDS map of the codes, five neighbours.",
        _VAE16, _score("mds", "trust"), between(0.75, 0.92), digits=3,
        baseline=instead("the PCA map", measure=_score("pca", "trust")),
    ),
    "map-mds-distances": _claim(
        "Rank correlation of the distances on the MDS map with those among the codes.",
        _VAE16, _score("mds", "distances"), between(0.6, 0.9), baseline=_UNRELATED,
    ),
    "map-mds-gain": _claim(
        "How much higher the rank correlation of the distances on the map with those among the codes is for MDS than "
        "for PCA.",
        _VAE16, _gain, every_seed_above(0.05), baseline=DIFFERENCE,
    ),
    "map-mds-share": _claim(
        "Of a point's ten nearest others on the MDS map, the share with its class.",
        _VAE16, _score("mds", "share"), between(0.35, 0.6),
        baseline=instead("the PCA map", measure=_score("pca", "share")),
    ),
    **{
        f"map-{name}-continuity": _claim(
            f"Continuity of the {title} map of the codes, five neighbours.",
            _VAE16, _score(name, "continuity"), between(0.9, 1), digits=3, baseline=_other_codes(name),
        )
        for name, title in (("pca", "PCA"), ("mds", "MDS"), ("tsne", "t-SNE"))
    },
    **{
        f"map-{name}-kept": _claim(
            f"Of a code's ten nearest others, those that are among the ten nearest on the {title} map.",
            _VAE16, _score(name, "kept"), between(low, high), unit="%", digits=0, baseline=_KEPT_BY_CHANCE,
        )
        for name, title, low, high in (("pca", "PCA", 8, 25), ("mds", "MDS", 10, 30), ("tsne", "t-SNE", 50, 75))
    },
    "map-groups-codes": _claim(
        "Distance of two classes' centres over the spread within a class, of the codes in 16 dimensions.",
        _VAE16, lambda m, _s: separation(np.concatenate(sample_codes(m)), SAMPLE_LABELS), between(0.9, 1.8),
        baseline=without_model(
            "the pixels, with no model",
            lambda _s: separation(
                np.concatenate([fashion.sample("train").images, fashion.sample("test").images]), SAMPLE_LABELS
            ),
        ),
    ),
    "map-groups-pca": _claim(
        "Distance of two classes' centres over the spread within a class, on the PCA map.",
        _VAE16, _score("pca", "groups"), between(1.5, 2.8),
        baseline=instead(
            "the codes in 16 dimensions",
            measure=lambda m, _s: separation(np.concatenate(sample_codes(m)), SAMPLE_LABELS),
        ),
    ),
    "map-groups-tsne": _claim(
        "Distance of two classes' centres over the spread within a class, on the t-SNE map.",
        _VAE16, _score("tsne", "groups"), between(1.8, 4),
        baseline=instead("the PCA map", measure=_score("pca", "groups")),
    ),
    "map-tsne-kl": _claim(
        "KL(P || Q) of the t-SNE map.",
        _VAE16, _kl, between(0.6, 1.3), unit="nats",
        baseline=instead(
            "the PCA map, made as wide as suits it best", measure=lambda m, seed: min(
                divergence(_pairs(seed), similarities(scale * joint_pca(*sample_codes(m)).points))
                for scale in (1, 2, 4, 8, 16)
            ),
        ),
    ),
    "map-pair-share": _claim(
        "Share of P, the neighbourhoods of t-SNE, that lies on pairs of trousers and an ankle boot.",
        _VAE16, _pair_share, at_most(0.1), unit="%", digits=3,
        baseline=chance(100 * 2 * 120 * 120 / (1200 * 1199), "pairs that all weigh alike"),
    ),
    "map-on-top": _claim(
        "By how much the KL of a t-SNE map grows when all trousers are moved on top of the ankle boots.",
        _VAE16, _on_top, at_least(0.1), unit="nats",
        baseline=instead("moved out of the map by its width", measure=_further),
    ),
    "map-further": _claim(
        "By how much the KL of a t-SNE map grows when all trousers are moved away from the rest, by the width of the "
        "map.",
        _VAE16, _further, between(0.05, 0.25), unit="nats", baseline=DIFFERENCE,
    ),
    "map-kernel-student": _claim(
        "Of a code's ten nearest others, those kept on a map of 300 codes by the Student kernel.",
        _VAE16, _by_kernel("student"), at_least(50), unit="%", digits=0,
        baseline=chance(100 * 10 / 299, "neighbours picked by chance"),
    ),
    "map-kernel-gaussian": _claim(
        "Of a code's ten nearest others, those kept on a map of 300 codes by a Gaussian kernel.",
        _VAE16, _by_kernel("gaussian"), between(20, 50), unit="%", digits=0,
        baseline=chance(100 * 10 / 299, "neighbours picked by chance"),
    ),
    **{
        f"map-noise-clumps-{perplexity}": _claim(
            "Clark-Evans ratio, 1 without clumps, of a t-SNE map of 500 draws from a Gaussian with the mean and the "
            f"covariance of the codes, perplexity {perplexity}.",
            _VAE16, _clumps("noise", perplexity), between(low, high), baseline=_PCA_OF_NOISE,
        )
        for perplexity, low, high in ((2, 0.2, 0.4), (5, 0.45, 0.65), (30, 0.95, 1.15))
    },
    "map-noise-clumps-pca": _claim(
        "Clark-Evans ratio, 1 without clumps, of a PCA map of 500 draws from a Gaussian with the mean and the "
        "covariance of the codes.",
        _VAE16, _clumps("noise", 0), between(0.8, 1.1),
        baseline=without_model(
            "draws from a Gaussian of two dimensions",
            lambda seed: clumping(np.random.default_rng(seed).standard_normal((500, 2))),
        ),
    ),
    **{
        f"map-codes-clumps-{perplexity or 'pca'}": _claim(
            "Clark-Evans ratio, 1 without clumps, of a "
            f"{f't-SNE map of 500 codes, perplexity {perplexity}' if perplexity else 'PCA map of 500 codes'}.",
            _VAE16, _clumps("codes", perplexity), between(low, high),
            baseline=instead("as much noise like the codes", measure=_clumps("noise", perplexity)),
        )
        for perplexity, low, high in ((2, 0.2, 0.4), (5, 0.35, 0.6), (30, 0.8, 1.05), (0, 0.85, 1.15))
    },
    "map-clumps-beside-2": _claim(
        "By how much that ratio is larger for the noise than for the codes, perplexity 2.",
        _VAE16, _clumps_beside(2), between(-0.03, 0.06), baseline=DIFFERENCE,
    ),
    "map-clumps-beside-5": _claim(
        "By how much that ratio is larger for the noise than for the codes, perplexity 5.",
        _VAE16, _clumps_beside(5), every_seed_above(0), baseline=DIFFERENCE,
    ),
    "map-restart-5": _claim(
        "Rank correlation of the distances on two t-SNE maps from two random starts, perplexity 5.",
        _VAE16, maps.restarts_agree(5), between(0.5, 0.9), baseline=_UNRELATED,
    ),
    **{
        f"map-skew-{kind}": _claim(
            f"Mardia's skewness of the codes of a class, median over ten classes, {title}.",
            (f"fashion-{kind}2",), lambda m, _s: _skewness(codes_of(m, clothes_test().images)), between(0.5, 2),
            baseline=_GAUSSIAN_SKEW,
        )
        for kind, title in (("ae", "autoencoder"), ("vae", "VAE"))
    },
    "map-skew-less": _claim(
        "By how much Mardia's skewness of the codes of a class is larger for the autoencoder than for the VAE.",
        ("fashion-ae2", "fashion-vae2"),
        lambda ae, vae, _s: _skewness(codes_of(ae, clothes_test().images)) - _skewness(
            codes_of(vae, clothes_test().images)
        ),
        every_seed_above(0), baseline=DIFFERENCE,
    ),
    **{
        f"map-kurtosis-{kind}": _claim(
            f"Distance of Mardia's kurtosis of a class from the 8 of a Gaussian, median over ten classes, {title}.",
            (f"fashion-{kind}2",), lambda m, _s: _kurtosis(codes_of(m, clothes_test().images)), between(1, 7),
            digits=1, baseline=_GAUSSIAN_KURTOSIS,
        )
        for kind, title in (("ae", "autoencoder"), ("vae", "VAE"))
    },
    **{
        f"map-rejected-few-{kind}": _claim(
            f"Classes, of ten, that Mardia's tests reject at 1 % when shown 50 codes of each, {title}.",
            (f"fashion-{kind}2",), lambda m, seed: _rejected_of_few(codes_of(m, clothes_test().images), seed),
            between(2.5, 7), digits=1, baseline=_GAUSSIAN_FEW,
        )
        for kind, title in (("ae", "autoencoder"), ("vae", "VAE"))
    },
}  # fmt: skip
