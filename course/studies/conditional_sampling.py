"""Samples of a conditional VAE for a class: whether they are of that class, and how varied."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from course.labelled import ConditionalVAE

__all__ = [
    "class_accuracy", "from_gaussian", "repeated_labels", "sample_by_label", "sample_fitted_gaussians",
    "sample_overall_gaussian", "variance_ratio",
]  # fmt: skip

Images = NDArray[np.float32]
Labels = NDArray[np.integer]


def repeated_labels(num_classes: int, per_class: int) -> Tensor:
    """Labels (C per_class,): every class `per_class` times, in order."""
    return torch.arange(num_classes).repeat_interleave(per_class)


@torch.no_grad()
def sample_by_label(model: ConditionalVAE, z: Tensor) -> Images:
    """Images (N, D) of z (N, Z), whose rows are for each class in turn, N / C of them each."""
    if len(z) == 0 or len(z) % model.num_classes:
        raise ValueError(f"z must have as many rows for each of {model.num_classes} classes, got {len(z)} rows in all")
    images: Images = model.decode(z, repeated_labels(model.num_classes, len(z) // model.num_classes)).numpy()
    return images


def from_gaussian(codes: Tensor, eps: Tensor) -> Tensor:
    """z (M, Z) from noise eps (M, Z), of the Gaussian that has the mean and the covariance of codes (N, Z), N > Z."""
    root: Tensor = torch.linalg.cholesky(torch.cov(codes.T))  # (Z, Z), of which root @ root.T is the covariance
    return codes.mean(dim=0) + eps @ root.T  # (M, Z)


@torch.no_grad()
def sample_fitted_gaussians(
    model: ConditionalVAE, x: Tensor, labels: Tensor, per_class: int, generator: Generator | None = None
) -> Tensor:
    """z (C per_class, Z), class after class, from a Gaussian fitted to the codes of that class's images x (N, D).

    Where these decode better than samples of the prior, the codes of a class do not fill the prior (Ghosh et al. 2020).
    """
    codes = model.reparameterize(*model.posterior(x, labels), generator=generator)  # (N, Z)
    samples = []
    for label in range(model.num_classes):
        of_class = codes[labels == label]
        if len(of_class) <= model.latent_dim:
            raise ValueError(
                f"a Gaussian of {model.latent_dim} dimensions needs more than {model.latent_dim} images of each class, "
                f"got {len(of_class)} of class {label}"
            )
        eps = torch.randn((per_class, model.latent_dim), generator=generator)
        samples.append(from_gaussian(of_class, eps))
    return torch.cat(samples)


@torch.no_grad()
def sample_overall_gaussian(
    model: ConditionalVAE, x: Tensor, labels: Tensor, count: int, generator: Generator | None = None
) -> Tensor:
    """z (count, Z) from one Gaussian, fitted to the codes of images x (N, D) of all classes.

    Where these decode no better than samples of the prior, it is not the codes as a whole that miss the prior.
    """
    codes = model.reparameterize(*model.posterior(x, labels), generator=generator)  # (N, Z)
    return from_gaussian(codes, torch.randn((count, model.latent_dim), generator=generator))


def class_accuracy(found: Labels, num_classes: int) -> NDArray[np.float64]:
    """Share (C,) of each class's images that a judge `found` (N,) to be of it, in the order of `sample_by_label`."""
    per_class = np.asarray(found).reshape(num_classes, -1)
    shares: NDArray[np.float64] = (per_class == np.arange(num_classes)[:, None]).mean(axis=1)
    return shares


def variance_ratio(images: Images, real: Images, labels: Labels) -> float:
    """Variance within a class of images in the order of `sample_by_label`, over that of `real` (N, D) with `labels`.

    Summed over pixels, averaged over classes: 0 if all samples of a class are one image, 1 if they vary as clothes do.
    """
    classes = np.unique(labels)
    of_samples = np.mean([group.var(axis=0).sum() for group in np.split(images, len(classes))])
    return float(of_samples / np.mean([real[labels == label].var(axis=0).sum() for label in classes]))
