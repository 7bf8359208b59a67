"""Scores of out-of-distribution images, and how well each tells them from usual ones.

Every score is larger for what it holds to be stranger. Images are (N, 784) in [0, 1], and a score gives (N,) numbers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from course.models import VAE, LatentModel
from course.objectives import kl
from course.studies.sample_quality import nearest_distance

__all__ = [
    "Score", "Scores", "auroc", "grey_floor", "mahalanobis", "model_scores", "negative_elbos", "pixel_scores",
    "squared_errors", "two_sided",
]  # fmt: skip

Images = NDArray[np.float32]
Scores = NDArray[np.floating]
Score = Callable[[Images], Scores]


def auroc(usual: Scores, strange: Scores) -> float:
    """How often a strange image (of M) has a larger score than a usual one (of N), ties counting half.

    1: every time; 0.5: the score tells nothing; below: it holds the strange ones to be the more usual.
    """
    from sklearn.metrics import roc_auc_score

    is_strange = np.repeat([0, 1], [len(usual), len(strange)])
    return float(roc_auc_score(is_strange, np.concatenate([usual, strange])))


def two_sided(scores: Scores, usual: Scores) -> NDArray[np.float64]:
    """How far each of the scores (N,) is from the middle of usual ones (M,), in ranks: 0 there, 0.5 beyond them all."""
    below, not_above = (np.searchsorted(np.sort(usual), scores, side) for side in ("left", "right"))
    distances: NDArray[np.float64] = np.abs((below + not_above) / (2 * len(usual)) - 0.5)
    return distances


@torch.no_grad()
def squared_errors(model: LatentModel, images: Images) -> Scores:
    """Squared error of what the model gives back, from one code each."""
    errors: Scores = (model.decode(_codes(model, images)) - torch.from_numpy(images)).square().sum(dim=1).numpy()
    return errors


@torch.no_grad()
def negative_elbos(model: VAE, images: Images, num_samples: int = 10, seed: int = 0) -> Scores:
    """-ELBO of each image in nats, its reconstruction averaged over `num_samples` samples of eps."""
    x, generator = torch.from_numpy(images), torch.Generator().manual_seed(seed)
    posterior = model.posterior(x)
    samples = (model.reparameterize(*posterior, generator=generator) for _ in range(num_samples))
    distortion = torch.stack([model.pixels.nats(model.decode_logits(z), x) for z in samples]).mean(dim=0)  # (N,)
    negative: Scores = (distortion + kl(*posterior)).numpy()
    return negative


def grey_floor(images: Images) -> NDArray[np.float64]:
    """Nats that each image costs if it is given back without any error: the entropy of its grey pixels."""
    x = torch.from_numpy(images).double()
    floor: NDArray[np.float64] = (torch.special.entr(x) + torch.special.entr(1 - x)).sum(dim=1).numpy()
    return floor


def mahalanobis(points: Scores, known: Scores) -> NDArray[np.float64]:
    """Distance (N,) of points (N, K) from the mean of known ones (M, K), in units of their spread in each direction."""
    from sklearn.covariance import EmpiricalCovariance

    fit = EmpiricalCovariance().fit(np.asarray(known, np.float64))
    distances: NDArray[np.float64] = np.sqrt(fit.mahalanobis(np.asarray(points, np.float64)))
    return distances


def model_scores(back: LatentModel, vae: VAE, known: Images, seed: int = 0) -> dict[str, Score]:
    """Scores by name: the error of what `back` gives back, and what the VAE says.

    Codes are compared with those of known images (M, 784). `seed` is for the samples of eps.
    """

    def nats(images: Images) -> Scores:
        return negative_elbos(vae, images, seed=seed)

    @torch.no_grad()
    def rates(images: Images) -> Scores:
        return np.asarray(kl(*vae.posterior(torch.from_numpy(images))))

    def mu(images: Images) -> Scores:
        return _codes(vae, images).numpy()

    return {
        "error": lambda x: squared_errors(back, x),
        "elbo": nats,
        "above-floor": lambda x: nats(x) - grey_floor(x),
        "kl": rates,
        "length": lambda x: np.linalg.norm(mu(x), axis=1),
        "mahalanobis": lambda x: mahalanobis(mu(x), mu(known)),
        "nearest-code": lambda x: nearest_distance(mu(x), mu(known)),
    }


def pixel_scores(known: Images) -> dict[str, Score]:
    """Scores by name that need no model: the distance to the nearest of the known images (M, 784), and brightness."""
    return {"nearest-image": lambda x: nearest_distance(x, known), "brightness": lambda x: x.mean(axis=1)}


@torch.no_grad()
def _codes(model: LatentModel, images: Images) -> Tensor:
    return model.encode(torch.from_numpy(images))
