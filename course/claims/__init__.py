"""What the lessons say about models, each as a measurement over seeds; a file a lesson.

A lesson cites a claim as :claim:`name`; `latent-course claims` measures them all.
"""

from course.claims import latent_spaces
from course.claims.base import SEEDS, Bound, Claim, RunSpec

__all__ = ["CLAIMS", "RUNS", "SEEDS", "Bound", "Claim", "RunSpec"]

CLAIMS: dict[str, Claim] = {**latent_spaces.CLAIMS}
RUNS: dict[str, RunSpec] = {**latent_spaces.RUNS}
