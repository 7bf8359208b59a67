"""The trainings on Fashion-MNIST that lessons 7 to 10 share."""

from __future__ import annotations

from course.claims.base import RunSpec
from course.labelled import BranchedVAE, ConditionalVAE
from course.models import Autoencoder

__all__ = ["RUNS"]

RUNS = {
    "fashion-ae": RunSpec("fashion", kind=Autoencoder),
    "fashion-vae": RunSpec("fashion"),
    "fashion-ae2": RunSpec("fashion", {"latent_dim": 2}, kind=Autoencoder),
    "fashion-vae2": RunSpec("fashion", {"latent_dim": 2}),
    "fashion-cvae": RunSpec("fashion", kind=ConditionalVAE),
    "fashion-branch-z": RunSpec("fashion", {"branch": "z"}, kind=BranchedVAE),
    "fashion-branch-trunk": RunSpec("fashion", {"branch": "trunk"}, kind=BranchedVAE),
}
