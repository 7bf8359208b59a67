"""The reader's own model for the explorer: a checkpoint, a run, or the weights of a finished starter."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from torch import Tensor

from course import checkpoints, datasets, runs, tensors
from course.errors import CourseError, CourseWarning
from course.labelled import ConditionalVAE
from course.models import VAE, Autoencoder, LatentModel
from course.registry import Model

__all__ = ["NotTheRecord", "Own", "find", "from_starter"]

_NAMED = 20  # layers in an error
_ENDINGS = (".safetensors", ".pt", ".pth")
_IMAGES = {64: "digits", 256: "lines64", 784: "fashion-sample"}
_EXPECTED = (
    "expected a checkpoint that latent-course train has written, a run's folder or name, the name of a shipped "
    "checkpoint ({shipped}), or the saved state_dict of a starter's model (.safetensors or .pt)"
)


class NotTheRecord(CourseWarning):
    """What lies beside weights is not their record."""

    def __init__(self, path: Path, why: CourseError) -> None:
        super().__init__(f"{path} is shown by its weights alone, without a record: {why}")


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
        if asked is None and isinstance(self.record.get("data"), str):
            return datasets.recorded(self.record)
        known = _IMAGES.get(self.model.input_dim) if asked is None else asked
        if known is None:
            raise CourseError(
                f"the model reads images of {self.model.input_dim} pixels: expected 64 (digits), 256 (patterns) "
                "or 784 (Fashion-MNIST); name images of this size of your own with --data"
            )
        return known


def find(source: str) -> Own:
    """The model that `source` names, which is one thing and never its neighbour.

    A file of exactly this name is itself: `mine.pt` is not `mine.safetensors`, whatever lies beside it. Else it may be
    a run's folder, a file without its ending (.safetensors, .pt, .pth), or, where there is no folder in the name, a
    checkpoint that comes with the course or a run in the store. Where it could be two of these, a CourseError says how
    each is meant. A record beside weights is theirs if it describes a model that they fit; NotTheRecord warns where it
    does not. Beside .pt and .pth, none is looked for.

    Raises FileNotFoundError or CourseError, saying what would do.
    """
    if Path(source).is_file():
        return _file(Path(source))
    meant = _meant(source)
    if not meant:
        shipped = ", ".join(checkpoints.available())
        raise FileNotFoundError(f"nothing is there under {source!r}: {_EXPECTED.format(shipped=shipped)}")
    if len(meant) > 1:
        raise CourseError(f"{source!r} could be {' or '.join(meant)}: expected one of them; write the one you mean")
    [own] = meant.values()
    return own()


def from_starter(weights: dict[str, Tensor]) -> LatentModel:
    """The course's own model with the weights of a starter's class, whose layers are called encoder_fc1 and so on.

    Sizes are read off the weights. Raises ValueError where layers are missing or do not fit together.
    """
    weights = {
        name.replace("encoder_", "encoder.").replace("decoder_", "decoder."): value for name, value in weights.items()
    }
    try:
        hidden_dim, inputs = weights["encoder.fc1.weight"].shape
        latent_dim, _ = weights["fc_mu.weight"].shape
        input_dim, _ = weights["decoder.out.weight"].shape
        extra = weights["decoder.fc1.weight"].shape[1] - latent_dim
    except (KeyError, ValueError, IndexError):
        got = ", ".join(f"{name} {tuple(value.shape)}" for name, value in sorted(weights.items())[:_NAMED])
        raise CourseError(
            "these weights are no model of the course: expected layers encoder_fc1, encoder_fc2, fc_mu, fc_log_var, "
            f"decoder_fc1, decoder_fc2, decoder_out, got {got or 'none'}"
        ) from None
    depth = sum(name.startswith("encoder.fc") and name.endswith(".weight") for name in weights)
    size: dict[str, Any] = {"input_dim": input_dim, "hidden_dim": hidden_dim, "latent_dim": latent_dim, "depth": depth}
    model: LatentModel
    if extra > 0 and inputs == input_dim + extra:
        model = ConditionalVAE(**size, num_classes=extra)
    else:
        model = VAE(**size) if "fc_log_var.weight" in weights else Autoencoder(**size)
    tensors.fill(model, weights, f"the layers do not fit together as a {type(model).__name__} of the course")
    return model.eval()


def _meant(source: str) -> dict[str, Callable[[], Own]]:
    """All that a name means which is no file, each as a reader would write it."""
    path = Path(source)
    meant: dict[str, Callable[[], Own]] = {}
    if (path / "run.json").is_file():
        meant[f"the folder {path}{os.sep}"] = partial(_kept, path / "run", path.name)
    if source.endswith(os.sep) or not path.name:
        return meant
    for ending in _ENDINGS:
        if (file := path.with_name(path.name + ending)).is_file():
            meant[f"the file {file}"] = partial(_file, file)
    if path.name != source:
        return meant
    if source in checkpoints.available():
        meant[f"{source} of the course, from a folder without these"] = partial(_kept, source, source)
    elif run := runs.get(source):
        meant[f"the run {run.folder}{os.sep}"] = partial(_kept, run.folder / "run", source)
    return meant


def _kept(place: Path | str, title: str) -> Own:
    """A checkpoint with its record."""
    python = f"from course import checkpoints\n\nmodel = checkpoints.load_any({str(place)!r})"
    return Own(checkpoints.load_any(place), title, python, checkpoints.read_record(place))


def _file(path: Path) -> Own:
    """The weights in a file: of the course's model in the record beside them, else of a starter."""
    if not tensors.is_safetensors(path):
        return _by_weights(path, path.stem)
    title = checkpoints.beside(path, "").name
    if not os.path.lexists(checkpoints.beside(path, ".json")):
        return _by_weights(path, title)
    try:
        return _kept(path, title)
    except CourseError as no_checkpoint:
        try:
            own = _by_weights(path, title)
        except CourseError:
            raise no_checkpoint from None
        warnings.warn(NotTheRecord(path, no_checkpoint), stacklevel=4)
        return own


def _by_weights(path: Path, title: str) -> Own:
    try:
        model = from_starter(tensors.read(path))
    except CourseError as error:
        raise CourseError(str(error) if str(path) in str(error) else f"{path}: {error}") from None
    return Own(model, title, f"from course.explorer import readers\n\nmodel = readers.find({str(path)!r}).model")
