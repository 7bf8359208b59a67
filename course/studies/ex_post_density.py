"""A density fitted to codes, to sample new ones from: ex-post density estimation (Ghosh et al. 2020).

An autoencoder's decoder was never told where codes lie. Giving it samples of N(0, I) tests nothing but that; a density
fitted to its codes asks whether it can decode new points that lie where codes do. A VAE has a prior, and may gain from
such a density too.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course.models import VAE, LatentModel

__all__ = ["CodeSource", "new_codes", "sample_fitted_density"]

CodeSource = Literal["prior", "gaussian", "mixture"]

_COMPONENTS = {"gaussian": 1, "mixture": 10}


def sample_fitted_density(
    codes: NDArray[np.floating], count: int, n_components: int = 1, seed: int = 0
) -> NDArray[np.float32]:
    """New codes (count, Z) from a Gaussian, or a mixture of `n_components`, fitted to codes (N, Z) by likelihood.

    The rows are in random order. Raises ValueError for fewer codes than a covariance of each component needs.
    """
    from sklearn.mixture import GaussianMixture

    if count < 1 or n_components < 1:
        raise ValueError(f"count and n_components must be at least 1, got {count} and {n_components}")
    if codes.ndim != 2 or len(codes) <= n_components * codes.shape[1]:
        raise ValueError(
            f"{n_components} covariances of codes need more than {n_components} * Z rows (N, Z), got {codes.shape}"
        )
    fit = GaussianMixture(n_components, tol=0.01, max_iter=200, random_state=seed).fit(np.asarray(codes, np.float64))
    samples, _ = fit.sample(count)
    return np.random.default_rng(seed).permutation(samples).astype(np.float32)


@torch.no_grad()
def new_codes(model: LatentModel, images: Tensor, source: CodeSource, count: int, seed: int) -> Tensor:
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
    return torch.from_numpy(sample_fitted_density(codes.numpy(), count, _COMPONENTS[source], seed))
