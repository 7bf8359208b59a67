"""What several lessons measure of a model, said once; each function makes a measure for `Claim`.

A measure is given a model and the seed of its training, which also seeds its own noise. `of` gives the images (N, D),
by default those of `lines64`. Nats are nats per image, shares are percent.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course import metrics
from course.claims.base import Measure
from course.datasets import held_out, pattern_set
from course.models import LatentModel
from course.patterns import lines64

__all__ = [
    "Images", "active", "clothes", "codes_of", "difference", "distortion", "elbo", "exact", "lines", "nearest_row",
    "nll", "patterns", "rate", "valid_draws",
]  # fmt: skip

Images = Callable[[], Tensor]


def lines() -> Tensor:
    """All images (64, 256) of `lines64`."""
    return torch.from_numpy(lines64().images)


def patterns(name: str) -> Images:
    """All images (N, 256) of a set of patterns."""
    return lambda: torch.from_numpy(pattern_set(name).images)


def clothes(count: int = 10_000) -> Images:
    """The first `count` test images (count, 784) of Fashion-MNIST."""
    return lambda: torch.from_numpy(held_out("fashion").images[:count])


def elbo(of: Images = lines, *, samples: int) -> Measure:
    """-ELBO at beta 1, the reconstruction averaged over `samples` draws of eps an image."""
    return lambda model, seed: metrics.negative_elbo(model, of(), samples, generator=_seeded(seed))


def nll(of: Images = lines, *, samples: int) -> Measure:
    """The importance-weighted bound on -log p(x) with `samples` samples."""
    return lambda model, seed: metrics.iwae(model, of(), samples, generator=_seeded(seed))


def distortion(of: Images = lines, *, samples: int) -> Measure:
    """Reconstruction, averaged over `samples` draws of eps an image."""
    return lambda model, seed: metrics.distortion(model, of(), samples, generator=_seeded(seed))


def rate(of: Images = lines) -> Measure:
    """The KL of the posteriors from the prior."""
    return lambda model, _seed: metrics.rate(model, of())


def active(of: Images = lines, *, threshold: float = metrics.ACTIVE_ABOVE) -> Measure:
    """How many latent dimensions have a KL above `threshold` nats."""
    return lambda model, _seed: metrics.active_units(metrics.dimension_kl(model, of()), threshold)


def exact(of: Images = lines) -> Measure:
    """Share of images that the model gives back in every pixel, from mu."""
    return lambda model, _seed: 100 * metrics.exact_reconstructions(model, of())


def valid_draws(count: int = 2000, scale: float = 1.0) -> Measure:
    """Share of decoded draws from N(0, scale^2 I) that are images of `lines64`."""

    @torch.no_grad()
    def measure(model: LatentModel, seed: int) -> float:
        z = scale * torch.randn((count, model.latent_dim), generator=_seeded(seed))
        return 100 * metrics.validity(model.decode(z).numpy(), lines64().templates)

    return measure


def difference(measure: Measure) -> Measure:
    """By how much the measure of the first model is larger than that of the second."""
    return lambda first, second, seed: measure(first, seed) - measure(second, seed)


@torch.no_grad()
def codes_of(model: LatentModel, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Codes (N, Z) of images (N, D)."""
    return model.encode(torch.from_numpy(images)).numpy()


def nearest_row(points: NDArray[np.floating]) -> NDArray[np.int64]:
    """For each of the points (N, K), the row of the nearest other one."""
    distances = np.square(points[:, None] - points[None]).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    nearest: NDArray[np.int64] = distances.argmin(axis=1)
    return nearest


def _seeded(seed: int) -> Generator:
    return Generator().manual_seed(seed)
