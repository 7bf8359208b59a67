"""A sweep: one training for each combination of beta, latent dimension and seed, all of them in the run store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import nan
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator

from course import datasets, metrics, runs
from course.models import VAE
from course.patterns import PatternSet
from course.run_config import RunConfig
from course.studies import disentanglement
from course.training import Settings

__all__ = ["Cell", "configs", "gap", "models", "score", "table"]


class Cell(NamedTuple):
    """One training of a sweep; beta has its value from the first step on."""

    beta: float
    latent_dim: int
    seed: int


def configs(
    data: str, betas: Sequence[float], latent_dims: Sequence[int], seeds: Sequence[int] = (0,), steps: int | None = None
) -> dict[Cell, RunConfig]:
    """What to train for each combination; the run store has it or gets it, so that a sweep goes on where it ended."""
    given = datasets.default_settings(data) | ({} if steps is None else {"steps": steps})
    cells = [Cell(*values) for values in product(betas, latent_dims, seeds)]
    return {
        cell: RunConfig.of(
            data,
            VAE,
            {"latent_dim": cell.latent_dim},
            Settings(**{**given, "beta": float(cell.beta), "beta_start": float(cell.beta), "seed": cell.seed}),
        )
        for cell in cells
    }


def models(needed: dict[Cell, RunConfig]) -> Iterator[tuple[Cell, VAE]]:
    """Each model, trained now unless the store has it."""
    for cell, config in needed.items():
        yield cell, runs.load_or_train(config.data, config.size, config.settings)


@torch.no_grad()
def score(model: VAE, data: str) -> dict[str, float]:
    """What a table of a sweep shows: of patterns the gap of its factors first, of others the -ELBO on test images."""
    judged = datasets.held_out(data)
    x = torch.from_numpy(judged.images[:2000])
    kl = metrics.rate(model, x)
    reconstruction = metrics.distortion(model, x, 20, generator=Generator().manual_seed(0))
    nats = {"reconstruction": reconstruction, "kl": kl}
    if not isinstance(judged, PatternSet):
        return {"negative_elbo": reconstruction + kl, **nats}
    return {"mig": gap(model, judged), "exact": metrics.exact_reconstructions(model, x), **nats}


@torch.no_grad()
def gap(model: VAE, patterns: PatternSet) -> float:
    """The mutual information gap of a model's posteriors with the true factors; NaN with one dimension."""
    if model.latent_dim < 2:
        return nan
    factors = disentanglement.varying(patterns.factors)
    mu, log_var = (t.numpy() for t in model.posterior(torch.from_numpy(patterns.images)))
    information = disentanglement.posterior_information(mu, log_var, factors)
    return disentanglement.mig(information, disentanglement.entropies(factors))


def table(scores: dict[Cell, float]) -> tuple[list[float], list[int], NDArray[np.float64]]:
    """Betas (R,), latent dimensions (C,), and the mean over seeds (R, C); NaN where nothing is trained yet."""
    betas, dims = sorted({cell.beta for cell in scores}), sorted({cell.latent_dim for cell in scores})
    values = np.full((len(betas), len(dims)), nan)
    for (row, beta), (column, dim) in product(enumerate(betas), enumerate(dims)):
        of_cell = [value for cell, value in scores.items() if (cell.beta, cell.latent_dim) == (beta, dim)]
        if of_cell:
            values[row, column] = np.mean(of_cell)
    return betas, dims, values
