"""New images of a model on Fashion-MNIST in three ways, and how like the test images a set of images is.

All but `new_codes` and `sure_share` need the whole of Fashion-MNIST.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course.datasets import held_out, images_of
from course.models import VAE, LatentModel
from course.studies import judge
from course.studies.fits import draws_of_fit
from course.studies.likeness import frechet_distance, strange_share

__all__ = ["Source", "distance_to_real", "new_codes", "strangeness", "sure_share"]

Images = NDArray[np.floating]
Source = Literal["prior", "gaussian", "mixture"]

_PARTS = {"gaussian": 1, "mixture": 10}


@torch.no_grad()
def new_codes(model: LatentModel, images: Tensor, source: Source, count: int, seed: int) -> Tensor:
    """New codes (count, Z): from N(0, I), or from a Gaussian or a mixture of ten fitted to codes of images (N, D).

    The codes of a VAE are samples of its posteriors, for that is what its decoder was trained with.
    """
    generator = Generator().manual_seed(seed)
    if source == "prior":
        return torch.randn((count, model.latent_dim), generator=generator)
    if isinstance(model, VAE):
        codes = model.reparameterize(*model.posterior(images), generator=generator)
    else:
        codes = model.encode(images)
    return torch.from_numpy(draws_of_fit(codes.numpy(), count, _PARTS[source], seed))


def distance_to_real(images: Images) -> float:
    """The Fréchet distance of images (N, 784) to the 10 000 test images, in the judge's features."""
    return frechet_distance(judge.features(images), _test_features())


def sure_share(images: Images) -> float:
    """Share of images (N, 784) of whose class the judge is more than 90 % sure."""
    return float((judge.certainty(images) > 0.9).mean())


def strangeness(images: Images) -> float:
    """Share of images (N, 784) further, in the judge's features, from 10 000 training images than 95 % of test images.

    At most 2000 of the images are looked at.
    """
    return strange_share(judge.features(images[:2000]), _known_features(), _test_features()[:2000])


@cache
def _test_features() -> NDArray[np.float32]:
    return judge.features(held_out("fashion").images)


@cache
def _known_features() -> NDArray[np.float32]:
    return judge.features(images_of("fashion").images[:10_000])
