"""The models of the course by name, as the command line and records on disk call them."""

from __future__ import annotations

from course.convolutional import ConvAutoencoder, ConvVAE
from course.errors import CourseError
from course.labelled import BranchedVAE, Classifier, ConditionalVAE
from course.models import VAE, Autoencoder, LatentModel

__all__ = ["KINDS", "SHORT", "Model", "kind_named"]

Model = LatentModel | Classifier
SHORT: dict[str, type[Model]] = {
    "ae": Autoencoder, "vae": VAE, "cvae": ConditionalVAE, "branched": BranchedVAE, "classifier": Classifier,
    "conv-ae": ConvAutoencoder, "conv-vae": ConvVAE,
}  # fmt: skip
KINDS: dict[str, type[Model]] = {kind.__name__: kind for kind in SHORT.values()}


def kind_named(name: str) -> type[Model]:
    """The class of this name, short or long; ValueError, with the names there are, for another."""
    found = KINDS.get(name) or SHORT.get(name)
    if found is None:
        raise CourseError(f"the model must be one of {', '.join(SHORT)}; got {name!r:.60}")
    return found
