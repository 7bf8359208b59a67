"""What a trained model is worth, measured in nats per image or as a share of images."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course.evidence import log_mean_exp, posterior_log_weights, posterior_samples
from course.models import VAE
from course.objectives import kl, kl_per_dimension
from course.patterns import PatternSet, nearest

__all__ = [
    "active_units", "dimension_kl", "distortion", "exact_reconstructions", "iwae", "negative_elbo", "quality", "rate",
    "step_sizes", "strongest", "validity",
]  # fmt: skip

ACTIVE_ABOVE = 0.01


@torch.no_grad()
def rate(model: VAE, x: Tensor) -> float:
    """KL of the posteriors of images x (N, D) from the prior, in nats per image: exact."""
    return float(kl(*model.posterior(x)).mean())


@torch.no_grad()
def distortion(model: VAE, x: Tensor, num_samples: int = 100, *, generator: Generator) -> float:
    """Reconstruction of images x (N, D) in nats per image, averaged over `num_samples` samples of eps for each."""
    samples = posterior_samples(model, *model.posterior(x), num_samples, generator)
    return float(torch.stack([model.pixels.nats(model.decode_logits(z), x).mean() for z in samples]).mean())


def negative_elbo(model: VAE, x: Tensor, num_samples: int = 100, *, generator: Generator) -> float:
    """-ELBO of images x (N, D) in nats per image, at beta = 1: an upper bound on -log p(x), averaged over images.

    Distortion, from `num_samples` samples of eps for each image, plus rate (Alemi et al. 2018).
    """
    return distortion(model, x, num_samples, generator=generator) + rate(model, x)


def iwae(model: VAE, x: Tensor, num_samples: int = 1000, *, generator: Generator) -> float:
    """The importance-weighted bound on -log p(x), nats per image (Burda et al. 2016, eq. 8).

    Tighter than the -ELBO and tighter still with more samples, but always above the true value on average.
    """
    log_weights = posterior_log_weights(model, x, num_samples, generator=generator)
    return -float(log_mean_exp(log_weights).mean())


@torch.no_grad()
def dimension_kl(model: VAE, x: Tensor, labels: Tensor | None = None) -> NDArray[np.float32]:
    """KL of each latent dimension (Z,), in nats, averaged over images x (N, D); a conditional VAE needs labels (N,)."""
    return kl_per_dimension(*model.posterior(x, labels)).mean(dim=0).numpy()


def active_units(dimension_kls: NDArray[np.float32], threshold: float = ACTIVE_ABOVE) -> int:
    """How many latent dimensions have a KL above `threshold` nats (Burda et al. 2016 count by variance instead)."""
    return int((dimension_kls > threshold).sum())


def strongest(dimension_kls: NDArray[np.float32], count: int = 2) -> list[int]:
    """Indices of the `count` dimensions with the largest KL, largest first: the axes worth looking along."""
    return [int(i) for i in np.argsort(-dimension_kls, kind="stable")[:count]]


def validity(images: NDArray[np.floating], templates: NDArray[np.float32]) -> float:
    """Share of images (B, D) that, thresholded at one half, are exactly one of the templates (N, D)."""
    _, distances = nearest((np.asarray(images) > 0.5).astype(np.float32), templates)
    return float((distances == 0).mean())


@torch.no_grad()
def exact_reconstructions(model: VAE, x: Tensor) -> float:
    """Share of images (N, D) that decode(encode(x)), thresholded at one half, gives back in every pixel."""
    return float(((model.decode(model.encode(x)) > 0.5) == (x > 0.5)).all(dim=1).float().mean())


def step_sizes(frames: NDArray[np.floating]) -> NDArray[np.float64]:
    """L1 distances (S - 1,) in pixels between neighbouring frames (S, D) of a walk."""
    sizes: NDArray[np.float64] = np.abs(np.diff(np.asarray(frames, np.float64), axis=0)).sum(axis=1)
    return sizes


def quality(model: VAE, patterns: PatternSet, *, generator: Generator) -> dict[str, float | int]:
    """The figures that a checkpoint's record holds: nats per image, their floor where there is one, counts."""
    x = torch.from_numpy(patterns.images)
    reconstruction, kl = distortion(model, x, 1000, generator=generator), rate(model, x)
    return {
        "negative_elbo": reconstruction + kl,
        "reconstruction": reconstruction,
        "kl": kl,
        "iwae": iwae(model, x, 1000, generator=generator),
        **({"entropy_floor": patterns.entropy} if model.has_floor else {}),
        "exact_reconstructions": exact_reconstructions(model, x),
        "valid_samples": validity(model.sample(1000, generator).numpy(), patterns.templates),
        "active_units": active_units(dimension_kl(model, x)),
    }
