"""What lesson 12 says about models: the small decoders of the explorer, and what a map of two dimensions leaves out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course import metrics
from course.claims.base import Claim, Measure, Measured, RunSpec, SnapshotsSpec, at_least, at_most, between
from course.claims.baselines import DIFFERENCE, UNTRAINED, average_image, chance
from course.claims.statistics import active, elbo, exact, lines, nearest_row, valid_draws
from course.explorer.contents import layers
from course.labelled import ConditionalVAE
from course.models import VAE, Autoencoder, LatentModel
from course.patterns import lines64, nearest
from course.studies.ex_post_density import new_codes

__all__ = ["CLAIMS", "RUNS"]

_SIZE = {"hidden_dim": 32}
_DRAWS = 2000
RUNS = {
    "small": RunSpec(size=_SIZE),
    "small_beta_half": RunSpec(size=_SIZE, settings={"beta": 0.5}),
    "small_beta4": RunSpec(size=_SIZE, settings={"beta": 4.0}),
    "small_autoencoder": RunSpec(size=_SIZE, kind=Autoencoder),
    "small_conditional": RunSpec(size=_SIZE, kind=ConditionalVAE),
    "small_snapshots": SnapshotsSpec(size=_SIZE, at=(300, 1000, 2000)),
}


_exact, _elbo, _active, _valid = exact(), elbo(samples=1000), active(), valid_draws(_DRAWS)
_PICKED = chance(100 / 63, "any other image, picked by chance")
_GUESS = chance(25.0, "a guess among four types")
_FIRST = Measured(words="the same model before its first step", measure=_exact, runs=("small",), untrained=True)


def _prior(model: LatentModel, seed: int) -> Tensor:
    return torch.randn((_DRAWS, model.latent_dim), generator=Generator().manual_seed(seed))


def _obeys(model: ConditionalVAE, seed: int) -> float:
    """Share of prior draws whose decode is nearest to an image of the class asked for."""
    asked = torch.arange(_DRAWS) % model.num_classes
    with torch.no_grad():
        found, _ = nearest(model.decode(_prior(model, seed), asked).numpy(), lines64().templates)
    return 100 * float((lines64().labels[found] == asked.numpy()).mean())


@torch.no_grad()
def _valid_fitted(model: LatentModel, seed: int) -> float:
    """Share of decoded draws from a Gaussian fitted to the codes that are images of the set."""
    drawn = model.decode(new_codes(model, lines(), "gaussian", _DRAWS, seed)).numpy()
    return 100 * metrics.validity(drawn, lines64().templates)


@torch.no_grad()
def _spread(model: LatentModel, _seed: int) -> float:
    return float(model.encode(lines()).std(dim=0).mean())


@torch.no_grad()
def _rounded(model: VAE, seed: int) -> float:
    """Largest change of a pixel, in decodes of codes and of prior draws, when the decoder's weights become float16."""
    z = torch.cat([model.encode(lines()), _prior(model, seed)])
    before = model.decode(z)
    x_hat = z
    for i, layer in enumerate(layers(model)):
        weight, bias = (p.half().float() for p in (layer.weight, layer.bias))
        x_hat = x_hat @ weight.T + bias
        x_hat = torch.sigmoid(x_hat) if i == len(layers(model)) - 1 else torch.relu(x_hat)
    return float((x_hat - before).abs().max())


def _kept_on(project: Callable[[VAE, NDArray[np.float32]], NDArray[np.float32]]) -> Measure:
    """Share of images whose nearest neighbour on a map is their nearest neighbour in the latent space."""

    @torch.no_grad()
    def measure(model: VAE, _seed: int) -> float:
        codes = model.encode(lines()).numpy()
        return 100 * float((nearest_row(codes) == nearest_row(project(model, codes))).mean())

    return measure


def _two_dimensions(model: VAE, codes: NDArray[np.float32]) -> NDArray[np.float32]:
    return codes[:, metrics.strongest(metrics.dimension_kl(model, lines()))]


def _two_components(_model: VAE, codes: NDArray[np.float32]) -> NDArray[np.float32]:
    centred = codes - codes.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    projected: NDArray[np.float32] = centred @ directions[:2].T
    return projected


def _exact_after(step: int) -> Measure:
    return lambda stages, seed: _exact(stages[step], seed)


CLAIMS = {
    "small-exact": Claim(
        "Images that a VAE with 32 hidden units gives back in every pixel.",
        ("small",), _exact, at_least(99), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "small-elbo": Claim(
        "The -ELBO of a VAE with 32 hidden units.",
        ("small",), _elbo, at_most(7.7), unit="nats", baseline=average_image(),
    ),
    "small-rounded": Claim(
        "Largest change of a pixel, of at most 1, when the weights of a decoder with 32 hidden units are rounded to "
        "16 bits.",
        ("small",), _rounded, at_most(0.05), digits=4, baseline=DIFFERENCE,
    ),
    "small-active-half": Claim(
        "Active dimensions of 8 of a VAE with 32 hidden units when trained with beta 0.5.",
        ("small_beta_half",), _active, at_least(2), digits=1, baseline=UNTRAINED,
    ),
    "small-active-1": Claim(
        "Active dimensions of 8 of a VAE with 32 hidden units when trained with beta 1.",
        ("small",), _active, at_least(2), digits=1, baseline=UNTRAINED,
    ),
    "small-active-4": Claim(
        "Active dimensions of 8 of a VAE with 32 hidden units when trained with beta 4.",
        ("small_beta4",), _active, at_most(5), digits=1, baseline=UNTRAINED,
    ),
    "small-valid": Claim(
        "Decoded draws from N(0, I) that are images of the set, VAE with 32 hidden units.",
        ("small",), _valid, at_least(10), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "small-valid-half": Claim(
        "Decoded draws from N(0, I) that are images of the set, VAE with 32 hidden units trained with beta 0.5.",
        ("small_beta_half",), _valid, at_least(5), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "small-valid-4": Claim(
        "Decoded draws from N(0, I) that are images of the set, VAE with 32 hidden units trained with beta 4.",
        ("small_beta4",), _valid, at_least(10), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "small-valid-autoencoder": Claim(
        "Decoded draws from N(0, I) that are images of the set, autoencoder with 32 hidden units.",
        ("small_autoencoder",), _valid, at_most(2), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "small-fitted-autoencoder": Claim(
        "Decoded draws from a Gaussian fitted to the 64 codes that are images of the set, autoencoder with 32 hidden "
        "units.",
        ("small_autoencoder",), _valid_fitted, between(0.5, 6), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "small-autoencoder-spread": Claim(
        "Standard deviation of the codes of an autoencoder with 32 hidden units, mean over dimensions; a draw from "
        "N(0, I) has 1.",
        ("small_autoencoder",), _spread, at_least(10), digits=0, baseline=UNTRAINED,
    ),
    "small-obeys": Claim(
        "Decoded draws from N(0, I) that are nearest to the class asked for, conditional VAE with 32 hidden units.",
        ("small_conditional",), _obeys, at_least(80), unit="%", digits=1, baseline=_GUESS,
    ),
    "map-neighbours": Claim(
        "Images whose nearest neighbour on the map of the two dimensions with the largest KL is their nearest in z.",
        ("small",), _kept_on(_two_dimensions), at_most(30), unit="%", digits=1, baseline=_PICKED,
    ),
    "map-neighbours-pca": Claim(
        "Images whose nearest neighbour on the map of two principal components is their nearest in z.",
        ("small",), _kept_on(_two_components), at_most(30), unit="%", digits=1, baseline=_PICKED,
    ),
    "small-exact-300": Claim(
        "Images given back in every pixel by a VAE with 32 hidden units after 300 steps of its training.",
        ("small_snapshots",), _exact_after(300), at_most(20), unit="%", digits=1, baseline=_FIRST,
    ),
    "small-exact-1000": Claim(
        "Images given back in every pixel by a VAE with 32 hidden units after 1000 steps of its training.",
        ("small_snapshots",), _exact_after(1000), at_least(30), unit="%", digits=1, baseline=_FIRST,
    ),
    "small-exact-2000": Claim(
        "Images given back in every pixel by a VAE with 32 hidden units after 2000 steps of its training.",
        ("small_snapshots",), _exact_after(2000), at_least(90), unit="%", digits=1, baseline=_FIRST,
    ),
}  # fmt: skip
