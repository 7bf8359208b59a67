"""The reader's own model for the explorer: a checkpoint, a run, or the weights of a finished starter."""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from course import checkpoints, datasets, runs
from course.errors import CourseError
from course.labelled import ConditionalVAE
from course.models import VAE, Autoencoder, LatentModel
from course.registry import Model

__all__ = ["Own", "find", "from_starter"]

_IMAGES = {256: "lines64", 784: "fashion-sample"}
_EXPECTED = (
    "expected a checkpoint that latent-course train has written, a run's folder or name, the name of a shipped "
    "checkpoint ({shipped}), or the saved state_dict of a starter's model (.safetensors or .pt)"
)


@dataclass(frozen=True)
class Own:
    """A model, the lines of Python that load it again, and the record of its training if there is one."""

    model: Model
    title: str
    python: str
    record: Mapping[str, Any] = field(default_factory=dict)

    def images(self, asked: str | None) -> str:
        """The images to show it with: those asked for, else its own, else those with as many pixels.

        Raises ValueError where its own are gone, or none of the course's has as many pixels.
        """
        if not asked and isinstance(self.record.get("data"), str):
            return datasets.recorded(self.record)
        known = asked or _IMAGES.get(self.model.input_dim)
        if known is None:
            raise CourseError(
                f"the model reads images of {self.model.input_dim} pixels: expected 256 (patterns) or 784 "
                "(Fashion-MNIST); name images of this size of your own with --data"
            )
        return known


def find(source: str) -> Own:
    """The model that `source` names. Raises FileNotFoundError or ValueError, saying what would do."""
    place = _checkpoint(source)
    if place is not None:
        record = checkpoints.read_record(place)
        python = f'from course import checkpoints\n\nmodel = checkpoints.load_any("{place}")'
        return Own(checkpoints.load_any(place), checkpoints.beside(source, "").name, python, record)
    path = Path(source)
    if not path.is_file():
        shipped = ", ".join(checkpoints.available())
        raise FileNotFoundError(f"nothing is there under {source!r}: {_EXPECTED.format(shipped=shipped)}")
    python = f'from course.explorer import readers\n\nmodel = readers.find("{source}").model'
    return Own(from_starter(_weights(path)), path.stem, python)


def from_starter(weights: dict[str, Tensor]) -> LatentModel:
    """The course's own model with the weights of a starter's class, whose layers are called encoder_fc1 and so on.

    Sizes are read off the weights. Raises ValueError where layers are missing or do not fit together.
    """
    weights = {
        name.replace("encoder_", "encoder.").replace("decoder_", "decoder."): value for name, value in weights.items()
    }
    try:
        hidden_dim, inputs = weights["encoder.fc1.weight"].shape
        latent_dim = len(weights["fc_mu.weight"])
        input_dim, extra = len(weights["decoder.out.weight"]), weights["decoder.fc1.weight"].shape[1] - latent_dim
    except (KeyError, ValueError, IndexError):
        raise CourseError(
            "these weights are no model of the course: expected layers encoder_fc1, encoder_fc2, fc_mu, fc_log_var, "
            f"decoder_fc1, decoder_fc2, decoder_out, got {', '.join(sorted(weights)) or 'none'}"
        ) from None
    depth = sum(name.startswith("encoder.fc") and name.endswith(".weight") for name in weights)
    size: dict[str, Any] = {"input_dim": input_dim, "hidden_dim": hidden_dim, "latent_dim": latent_dim, "depth": depth}
    model: LatentModel
    if extra > 0 and inputs == input_dim + extra:
        model = ConditionalVAE(**size, num_classes=extra)
    else:
        model = VAE(**size) if "fc_log_var.weight" in weights else Autoencoder(**size)
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise CourseError(
            f"the layers do not fit together as a {type(model).__name__} of the course: {error}"
        ) from None
    return model.eval()


def _checkpoint(source: str) -> str | None:
    """What `checkpoints.load_any` reads: a shipped name, a run's folder or name, a file with its record beside it.

    Another file of exactly this name is itself, such as `mine.pt`, whatever lies beside it.
    """
    if source in checkpoints.available():
        return source
    folders = [Path(source), *(store / source for store in runs.stores())]
    found = next((folder / "run" for folder in folders if os.path.isfile(folder / "run.json")), None)
    itself = os.path.isfile(source) and checkpoints.beside(source) != Path(source)
    if found is None and not itself and os.path.isfile(checkpoints.beside(source, ".json")):
        found = Path(source)
    return None if found is None else str(found)


def _weights(path: Path) -> dict[str, Tensor]:
    try:
        if path.suffix.lower() == ".safetensors":
            weights = safetensors.torch.load_file(path)
        else:
            weights = torch.load(path, map_location="cpu", weights_only=True)  # a pickle may run code; weights may not
    except (SafetensorError, pickle.UnpicklingError, RuntimeError, EOFError, ValueError):
        raise CourseError(
            f"{path} holds no weights that can be read: expected torch.save(vae.state_dict(), {path.name!r}), or "
            "safetensors.torch.save_file of the same"
        ) from None
    if not isinstance(weights, dict) or not all(isinstance(value, Tensor) for value in weights.values()):
        raise CourseError(f"{path} holds something else than a state_dict: save vae.state_dict(), tensors by name")
    return {str(name): value.float() for name, value in weights.items()}
