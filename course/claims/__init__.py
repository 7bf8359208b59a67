"""What the lessons say about models, each as a measurement over seeds; a file a lesson.

A lesson cites a claim as :claim:`name`; `latent-course claims` measures them all.
"""

from course.claims import (
    anomalies,
    autoencoder,
    drawing,
    explorer,
    interpolation,
    kl_divergence,
    latent_spaces,
    maps,
    reparameterization,
    structure,
)
from course.claims.base import FEW_SEEDS, SEEDS, Bound, Claim, RunSpec

__all__ = ["CLAIMS", "FEW_SEEDS", "RUNS", "SEEDS", "Bound", "Claim", "RunSpec"]

_LESSONS = (
    latent_spaces, reparameterization, kl_divergence, interpolation, autoencoder, anomalies, maps, structure,
    explorer, drawing,
)  # fmt: skip
CLAIMS: dict[str, Claim] = {name: claim for lesson in _LESSONS for name, claim in lesson.CLAIMS.items()}
RUNS: dict[str, RunSpec] = {name: run for lesson in _LESSONS for name, run in lesson.RUNS.items()}
