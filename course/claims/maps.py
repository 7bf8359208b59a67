"""What lesson 9 says about maps of latent spaces: of 16 dimensions flattened to two, and of two from the start."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from course import datasets, fashion, maps
from course.claims import fashion_runs
from course.claims.base import (
    FEW_SEEDS,
    Baseline,
    Bound,
    Claim,
    Measure,
    Measured,
    NoBaseline,
    RunSpec,
    SnapshotsSpec,
    Summary,
    at_least,
    at_most,
    between,
    every_seed_above,
)
from course.claims.baselines import (
    DIFFERENCE,
    IS_BASELINE,
    RATIO,
    UNTRAINED,
    average_image,
    chance,
    chance_neighbours,
    class_chance,
    instead,
    pca_back,
    without_model,
)
from course.claims.statistics import active, clothes, codes_of, elbo
from course.fashion import FashionSet
from course.maps import Map, TSNEMap, joint_pca, joint_tsne, neighbour_share, trustworthiness
from course.models import VAE, LatentModel
from course.planes import border_share, extent_of, occupied_share
from course.studies import judge
from course.studies.architectures import ARCHITECTURES, SHAPES, plane_of, squared_error
from course.studies.gaussianity import classes_rejected
from course.studies.map_limits import (
    distance_rank_correlation,
    gap_ratio,
    kmeans_clusters,
    kmeans_silhouette,
    nearest_neighbour_accuracy,
    spread,
    three_clouds,
)

__all__ = [
    "CLAIMS", "RUNS", "SAMPLE_LABELS", "clothes_test", "noise", "plane_clouds", "restarts_agree", "sample_codes",
    "shuffled", "tsne_map",
]  # fmt: skip

Codes = NDArray[np.float32]
_SHARED = {"ae-2x128": "fashion-ae2", "vae-2x128": "fashion-vae2"}
_RUN_OF = {name: _SHARED.get(name, f"map-{name}") for name in ARCHITECTURES}
_DIMENSIONS = {2: "fashion-vae2", 4: "map-dim4", 8: "map-dim8", 16: "fashion-vae"}

RUNS = {
    **{name: fashion_runs.RUNS[name] for name in ("fashion-vae", *_SHARED.values())},
    **{
        _RUN_OF[name]: RunSpec("fashion", each.size, kind=each.kind)
        for name, each in ARCHITECTURES.items()
        if name not in _SHARED
    },
    "map-dim4": RunSpec("fashion", {"latent_dim": 4}),
    "map-dim8": RunSpec("fashion", {"latent_dim": 8}),
    "map-stages": SnapshotsSpec("fashion", {"latent_dim": 2}),
}


@cache
def clothes_test(count: int = 10_000) -> FashionSet:
    test = datasets.held_out("fashion")
    return FashionSet(f"{test.name}-{count}", test.images[:count], test.labels[:count])


def _neighbours(model: LatentModel, _seed: int) -> float:
    few = clothes_test(2000)
    return neighbour_share(codes_of(model, few.images), few.labels)


def _flat_neighbours(dimensions: int) -> Measure:
    """The same without a model: the pixels along the directions in which they vary most."""
    return lambda _seed: neighbour_share(
        joint_pca(clothes_test(2000).images, dimensions=dimensions).points, clothes_test(2000).labels
    )


# The sample of 1000 and 200 images, on one map


def sample_codes(model: LatentModel) -> tuple[Codes, Codes]:
    return codes_of(model, fashion.sample("train").images), codes_of(model, fashion.sample("test").images)


SAMPLE_LABELS = np.concatenate([fashion.sample("train").labels, fashion.sample("test").labels])


@cache
def tsne_map(seed: int) -> TSNEMap:
    return joint_tsne(*sample_codes(RUNS["fashion-vae"].model(seed)))


def _nearest(train: NDArray[np.floating], test: NDArray[np.floating]) -> float:
    return 100 * nearest_neighbour_accuracy(
        train.astype(np.float64), fashion.sample("train").labels, test.astype(np.float64), fashion.sample("test").labels
    )


def _separate_tsne(model: VAE, _seed: int) -> float:
    return _nearest(*(joint_tsne(group).points for group in sample_codes(model)))


def _separate_pca(model: VAE, _seed: int) -> float:
    return _nearest(*(joint_pca(group).points for group in sample_codes(model)))


def restarts_agree(perplexity: float) -> Measure:
    """Rank correlation of the distances on two maps of the same codes, each from a random start of its own."""

    def measure(model: VAE, seed: int) -> float:
        codes = sample_codes(model)[0]
        first, second = (joint_tsne(codes, perplexity=perplexity, seed=2 * seed + i, start="random") for i in range(2))
        return distance_rank_correlation(first, second.points)

    return measure


# Things that are not there


def noise(seed: int) -> NDArray[np.float64]:
    """Draws (500, 16) from one Gaussian."""
    return np.random.default_rng(seed).standard_normal((500, 16))


def _cloud_sizes(seed: int) -> float:
    points, labels = three_clouds(seed)
    flat = joint_tsne(points).points
    return spread(flat[labels == 1]) / spread(flat[labels == 0])


def _kept_clusters(seed: int) -> float:
    """Silhouette on the map of the clusters that k-means found among the codes."""
    return maps.silhouette(joint_tsne(noise(seed)).points, kmeans_clusters(noise(seed), seed=seed))


# Ten planes


def _map_accuracy(model: LatentModel, _seed: int) -> float:
    return 100 * plane_of(model, clothes_test().images).accuracy(clothes_test().labels)


def _islands(model: LatentModel, _seed: int) -> float:
    return plane_of(model, clothes_test().images).islands()


def _large_islands(model: LatentModel, _seed: int) -> float:
    return plane_of(model, clothes_test().images).islands(at_least=32)


def _error(model: LatentModel, _seed: int) -> float:
    return squared_error(model, clothes_test())


def _border(model: LatentModel) -> float:
    return 100 * border_share(plane_of(model, clothes_test().images).classes)


def _width(model: LatentModel, _seed: int) -> float:
    """The longer side of the box around all codes."""
    return float(np.ptp(codes_of(model, clothes_test().images), axis=0).max())


def _occupied(model: LatentModel, _seed: int) -> float:
    plane = plane_of(model, clothes_test().images, side=2)
    return 100 * occupied_share(plane.codes, 80, plane.extent)


def _rejected(model: LatentModel, _seed: int) -> float:
    return classes_rejected(codes_of(model, clothes_test().images), clothes_test().labels)


def _change(of: Callable[[LatentModel], float]) -> Measure:
    """What the KL changes, averaged over the shapes: models come as autoencoder and VAE of each shape in turn."""

    def measure(*models_and_seed: LatentModel) -> float:
        models = models_and_seed[:-1]
        return float(np.mean([of(vae) - of(ae) for ae, vae in zip(models[::2], models[1::2], strict=True)]))

    return measure


# Over training


Stages = dict[int, VAE]


def _share_at(step: int) -> Measure:
    return lambda stages, seed: _neighbours(stages[step], seed)


def _coherent(stages: Stages, seed: int) -> float:
    """Epochs, that is images seen per image of the set, until the neighbour share has made 95 % of its way."""
    shares = {step: _neighbours(model, seed) for step, model in stages.items()}
    first, last = min(shares), max(shares)
    enough = shares[first] + 0.95 * (shares[last] - shares[first])
    reached = next(step for step, share in shares.items() if share >= enough)
    return reached * 64 / len(datasets.images_of("fashion"))


# What they are compared with


def shuffled(mapped: Callable[[LatentModel, int], Map]) -> Measured:
    """A map of the codes of the same images in another order."""

    def measure(model: LatentModel, seed: int) -> float:
        generator = np.random.default_rng(seed)
        return trustworthiness(mapped(model, seed), *(generator.permutation(group) for group in sample_codes(model)))

    return instead("a map of other codes", measure=measure)


def _axes_error(dimensions: int) -> Measured:
    """Squared error of test images given back from so many principal axes."""
    words = f"{dimensions} principal axes of the pixels"
    return without_model(
        words, lambda _seed: float(np.square(pca_back(dimensions) - clothes_test().images).sum(axis=1).mean())
    )


def plane_clouds(seed: int) -> NDArray[np.float32]:
    """As many draws from a plane's prior as there are test images."""
    return np.random.default_rng(seed).standard_normal((len(clothes_test()), 2), dtype=np.float32)


_PAIRS_BY_CHANCE = "pairs of images, picked by chance"
_CHANCE = without_model(_PAIRS_BY_CHANCE, lambda _seed: chance_neighbours(clothes_test(2000).labels))
_SAMPLE_CHANCE = without_model(_PAIRS_BY_CHANCE, lambda _seed: chance_neighbours(SAMPLE_LABELS))
_PIXELS = without_model(
    "the pixels, with no model", lambda _seed: neighbour_share(clothes_test(2000).images, clothes_test(2000).labels)
)
_SAMPLE_PIXELS = without_model(
    "the pixels, with no model",
    lambda _seed: neighbour_share(
        np.concatenate([fashion.sample("train").images, fashion.sample("test").images]), SAMPLE_LABELS
    ),
)
_TWO_AXES = without_model("2 principal axes of the pixels", _flat_neighbours(2))
_UNRELATED = chance(0.0, "maps that have nothing in common")
_AS_IT_IS = chance(10.0, "the points themselves, before they are flattened")
_NOISE_ITSELF = without_model("the noise itself", lambda seed: kmeans_silhouette(noise(seed), seed=seed))
GAUSSIANS = without_model(
    "as many draws from one Gaussian", lambda seed: classes_rejected(plane_clouds(seed), clothes_test().labels)
)
_PRIOR_DRAWS = without_model(
    "as many draws from the prior",
    lambda seed: 100 * occupied_share(plane_clouds(seed), 80, extent_of(plane_clouds(seed))),
)

_claim = partial(Claim, seeds=FEW_SEEDS)
_elbo = elbo(clothes(2000), samples=20)

_SCORES: dict[str, tuple[str, Measure, Bound, str, int, Baseline]] = {
    "error": ("Squared error of the way back", _error, between(15, 30), "", 1, _axes_error(2)),
    "neighbours": (
        "Share of a code's ten nearest others that have its class", _neighbours, between(0.5, 0.7), "", 2, _TWO_AXES,
    ),
    "accuracy": (
        "Test images that lie in a cell of their own class", _map_accuracy, between(50, 80), "%", 0, class_chance(),
    ),
    "islands": (
        "Pieces in which the ten classes lie on the class map", _islands, between(10, 150), "", 0, UNTRAINED,
    ),
}  # fmt: skip

_ARCHITECTURE_CLAIMS = {
    f"map-{name}-{score}": _claim(
        f"{what}: {each.title}.",
        (_RUN_OF[name],),
        measure,
        bound,
        unit=unit,
        digits=digits,
        baseline=baseline,
        summary=Summary(kind="dots" if score == "islands" else "mean"),
    )
    for name, each in ARCHITECTURES.items()
    for score, (what, measure, bound, unit, digits, baseline) in _SCORES.items()
}

_PAIRS = tuple(_RUN_OF[f"{kind}-{depth}x{hidden}"] for hidden, depth in SHAPES for kind in ("ae", "vae"))

CLAIMS = {
    "map-judge": _claim(
        "Test images that the judge, a classifier, puts into their class.",
        (), lambda _seed: 100 * float((judge.classes(clothes_test().images) == clothes_test().labels).mean()),
        at_least(88), unit="%",
        digits=1, baseline=class_chance(),
    ),
    "map-share-codes": _claim(
        "Of a code's ten nearest others, the share with its class, in 16 dimensions.",
        ("fashion-vae",), _neighbours, between(0.62, 0.703), baseline=_PIXELS,
    ),
    "map-share-pixels": _claim(
        "Of an image's ten nearest others by its pixels, with no model, the share with its class.",
        (), lambda _seed: neighbour_share(clothes_test(2000).images, clothes_test(2000).labels), between(0.68, 0.73),
        baseline=_CHANCE,
    ),
    "map-share-pca16": _claim(
        "Of an image's ten nearest others along the first 16 principal axes of the pixels, the share with its class.",
        (), _flat_neighbours(16), between(0.67, 0.73), baseline=_CHANCE,
    ),
    "map-share-pca2": _claim(
        "Of an image's ten nearest others along the first 2 principal axes of the pixels, the share with its class.",
        (), _flat_neighbours(2), between(0.35, 0.52), baseline=_CHANCE,
    ),
    "map-share-vae2": _claim(
        "Of a code's ten nearest others in the plane of a VAE with 2 latent dimensions, the share with its class.",
        ("fashion-vae2",), _neighbours, between(0.55, 0.68), baseline=_TWO_AXES,
    ),
    "map-explained-codes": _claim(
        "Variance of the codes along their first two principal axes, of 16.",
        ("fashion-vae",), lambda m, _s: 100 * float(joint_pca(*sample_codes(m)).explained.sum()),
        between(30, 60), unit="%",
        digits=0, baseline=chance(100 * 2 / 16, "axes that all vary alike"),
    ),
    "map-explained-pixels": _claim(
        "Variance of the pixels along their first two principal axes, of 784.",
        (), lambda _s: 100 * float(joint_pca(fashion.sample().images, fashion.sample("test").images).explained.sum()),
        between(40, 55), unit="%", digits=0, baseline=chance(100 * 2 / 784, "axes that all vary alike"),
    ),
    "map-pca-trust": _claim(
        "Trustworthiness of the PCA map of the codes, five neighbours.",
        ("fashion-vae",), lambda m, _s: trustworthiness(joint_pca(*sample_codes(m)), *sample_codes(m)),
        between(0.7, 0.9), digits=3,
        baseline=shuffled(lambda m, _seed: joint_pca(*sample_codes(m))),
    ),
    "map-tsne-trust": _claim(
        "Trustworthiness of the t-SNE map of the codes, five neighbours.",
        ("fashion-vae",), lambda m, seed: trustworthiness(tsne_map(seed), *sample_codes(m)), at_least(0.97), digits=3,
        baseline=shuffled(lambda _m, seed: tsne_map(seed)),
    ),
    "map-pca-share": _claim(
        "Of a point's ten nearest others on the PCA map, the share with its class.",
        ("fashion-vae",), lambda m, _s: neighbour_share(joint_pca(*sample_codes(m)).points, SAMPLE_LABELS),
        between(0.35, 0.6),
        baseline=_SAMPLE_CHANCE,
    ),
    "map-tsne-share": _claim(
        "Of a point's ten nearest others on the t-SNE map, the share with its class.",
        ("fashion-vae",), lambda _m, seed: neighbour_share(tsne_map(seed).points, SAMPLE_LABELS), between(0.55, 0.75),
        baseline=_SAMPLE_CHANCE,
    ),
    "map-sample-share": _claim(
        "Of a code's ten nearest others among the codes that the maps show, in 16 dimensions, the share with its "
        "class.",
        ("fashion-vae",), lambda m, _s: neighbour_share(np.concatenate(sample_codes(m)), SAMPLE_LABELS),
        between(0.55, 0.75),
        baseline=_SAMPLE_PIXELS,
    ),
    "map-pca-distances": _claim(
        "Rank correlation of the distances on the PCA map with those among the codes.",
        ("fashion-vae",), lambda m, _s: distance_rank_correlation(joint_pca(*sample_codes(m)), *sample_codes(m)),
        between(0.4, 0.8), baseline=_UNRELATED,
    ),
    "map-tsne-distances": _claim(
        "Rank correlation of the distances on the t-SNE map with those among the codes.",
        ("fashion-vae",), lambda m, seed: distance_rank_correlation(tsne_map(seed), *sample_codes(m)),
        between(0.3, 0.75),
        baseline=_UNRELATED,
    ),
    "map-restart": _claim(
        "Rank correlation of the distances on two t-SNE maps of the same codes, from two random starts.",
        ("fashion-vae",), restarts_agree(30), at_least(0.9), baseline=_UNRELATED,
    ),
    "map-joint": _claim(
        "Test images whose nearest training image on one joint t-SNE map has their class.",
        ("fashion-vae",), lambda _m, seed: _nearest(*tsne_map(seed).parts), at_least(62), unit="%", digits=0,
        baseline=class_chance(),
    ),
    "map-joint-pca": _claim(
        "Test images whose nearest training image on one joint PCA map has their class.",
        ("fashion-vae",), lambda m, _s: _nearest(*joint_pca(*sample_codes(m)).parts),
        between(30, 65), unit="%", digits=0,
        baseline=class_chance(),
    ),
    "map-overlaid": _claim(
        "Test images whose nearest training image has their class on two t-SNE fits, one of either part, laid over "
        "each other.",
        ("fashion-vae",), _separate_tsne, at_most(25), unit="%", digits=0, baseline=class_chance(),
        summary=Summary(kind="dots"),
    ),
    "map-overlaid-pca": _claim(
        "Test images whose nearest training image has their class on two PCA fits, one of either part, laid over each "
        "other.",
        ("fashion-vae",), _separate_pca, between(0, 45), unit="%", digits=0, baseline=class_chance(),
        summary=Summary(kind="dots"),
    ),
    "map-sizes": _claim(
        "How much wider a cloud seems on the t-SNE map that is ten times as wide as another.",
        (), _cloud_sizes, at_most(2), baseline=_AS_IT_IS,
    ),
    "map-gaps": _claim(
        "How much longer a gap seems on the t-SNE map that is ten times as long as another.",
        (), lambda seed: gap_ratio(joint_tsne(three_clouds(seed)[0]).points, three_clouds(seed)[1]), at_most(3),
        baseline=_AS_IT_IS,
    ),
    "map-gaps-pca": _claim(
        "How much longer a gap seems on the PCA map that is ten times as long as another.",
        (), lambda seed: gap_ratio(joint_pca(three_clouds(seed)[0]).points, three_clouds(seed)[1]), between(9.5, 10.5),
        baseline=_AS_IT_IS,
    ),
    "map-noise": _claim(
        "Silhouette of ten clusters that k-means finds in pure noise of 16 dimensions.",
        (), lambda seed: kmeans_silhouette(noise(seed), seed=seed), between(0, 0.1), baseline=IS_BASELINE,
    ),
    "map-noise-tsne": _claim(
        "Silhouette of ten clusters that k-means finds on the t-SNE map of pure noise of 16 dimensions.",
        (), lambda seed: kmeans_silhouette(joint_tsne(noise(seed)).points, seed=seed), at_least(0.28),
        baseline=_NOISE_ITSELF,
    ),
    "map-noise-pca": _claim(
        "Silhouette of ten clusters that k-means finds on the PCA map of pure noise of 16 dimensions.",
        (), lambda seed: kmeans_silhouette(joint_pca(noise(seed)).points, seed=seed), at_least(0.28),
        baseline=_NOISE_ITSELF,
    ),
    "map-noise-kept": _claim(
        "Silhouette on the t-SNE map of the clusters that k-means found in pure noise of 16 dimensions itself.",
        (), _kept_clusters, at_most(0.05), baseline=_NOISE_ITSELF,
    ),
    **_ARCHITECTURE_CLAIMS,
    "map-large-ae": _claim(
        "Pieces of the class map of at least 32 cells, half a percent of the map, autoencoder.",
        ("fashion-ae2",), _large_islands, between(9, 16), digits=1, baseline=UNTRAINED,
    ),
    "map-large-vae": _claim(
        "Pieces of the class map of at least 32 cells, half a percent of the map, VAE.",
        ("fashion-vae2",), _large_islands, between(9, 16), digits=1, baseline=UNTRAINED,
    ),
    "map-active": _claim(
        "Active dimensions of the VAE with 16.",
        ("fashion-vae",), active(clothes()),
        between(4, 16), digits=1, baseline=UNTRAINED,
    ),
    "map-islands-change": _claim(
        "How many more pieces the class map of a VAE has than that of the autoencoder, averaged over five shapes.",
        _PAIRS, _change(lambda m: _islands(m, 0)), between(-10, 10), digits=0, baseline=DIFFERENCE,
    ),
    "map-border-ae": _claim(
        "Pairs of neighbouring cells that differ in class, on the autoencoder's class map.",
        ("fashion-ae2",), lambda m, _s: _border(m), between(3, 10), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "map-border-vae": _claim(
        "Pairs of neighbouring cells that differ in class, on the VAE's class map.",
        ("fashion-vae2",), lambda m, _s: _border(m), between(3, 10), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "map-border-change": _claim(
        "How much higher the share of neighbouring cells that differ in class is for a VAE than for the autoencoder, "
        "averaged over five shapes.",
        _PAIRS, _change(_border), between(-1.5, 0.5), unit="points", digits=1, baseline=DIFFERENCE,
    ),
    "map-rejected-ae": _claim(
        "Classes, of ten, whose codes Mardia's tests call no Gaussian at 1 %, autoencoder.",
        ("fashion-ae2",), _rejected, at_least(9), digits=0, baseline=GAUSSIANS,
        summary=Summary(kind="count", of=10),
    ),
    "map-rejected-vae": _claim(
        "Classes, of ten, whose codes Mardia's tests call no Gaussian at 1 %, VAE.",
        ("fashion-vae2",), _rejected, at_least(9), digits=0, baseline=GAUSSIANS,
        summary=Summary(kind="count", of=10),
    ),
    "map-width-ae": _claim(
        "Longer side of the box around all test codes, autoencoder.",
        ("fashion-ae2",), _width, at_least(12), digits=1, baseline=UNTRAINED,
    ),
    "map-width-vae": _claim(
        "Longer side of the box around all test codes, VAE.",
        ("fashion-vae2",), _width, at_most(10), digits=1, baseline=UNTRAINED,
    ),
    "map-width-gain": _claim(
        "How many times as wide the box around all test codes is for the autoencoder as for the VAE.",
        ("fashion-ae2", "fashion-vae2"), lambda a, b, seed: _width(a, seed) / _width(b, seed), every_seed_above(1.5),
        digits=1, baseline=RATIO,
    ),
    "map-occupied-ae": _claim(
        "Cells, 80 by 80, of the box around all test codes that hold at least one of 10 000, autoencoder.",
        ("fashion-ae2",), _occupied, between(5, 45), unit="%", digits=0, baseline=_PRIOR_DRAWS,
    ),
    "map-occupied-vae": _claim(
        "Cells, 80 by 80, of the box around all test codes that hold at least one of 10 000, VAE.",
        ("fashion-vae2",), _occupied, between(25, 60), unit="%", digits=0, baseline=_PRIOR_DRAWS,
    ),
    **{
        f"map-elbo-{d}": _claim(
            f"The loss at beta 1 of test images with {d} latent dimensions.",
            (run,), _elbo, between(235, 280), unit="nats", digits=1, baseline=average_image(clothes(2000)),
        )
        for d, run in _DIMENSIONS.items()
    },
    **{
        f"map-error-{d}": _claim(
            f"Squared error of the way back with {d} latent dimensions.",
            (run,), _error, between(8, 30), digits=1, baseline=_axes_error(d),
        )
        for d, run in _DIMENSIONS.items()
    },
    **{
        f"map-step-{step}": _claim(
            f"Of a code's ten nearest others, the share with its class, after {step} steps, 2 dimensions.",
            ("map-stages",), _share_at(step), between(low, high), baseline=_CHANCE,
        )
        for step, low, high in ((0, 0.12, 0.3), (95, 0.3, 0.45), (894, 0.53, 0.63))
    },
    "map-coherent": _claim(
        "Epochs until the share of neighbours with the same class has made 95 % of its way from the untrained model "
        "to the last.",
        ("map-stages",), _coherent, between(1, 3), unit="epochs", digits=1,
        baseline=NoBaseline(reason="it is a time, counted from the untrained model, which is its zero"),
    ),
}  # fmt: skip
