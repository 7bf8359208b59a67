"""Trained weights on disk: a safetensors file, and beside it a JSON record of how it was made and what it is worth.

`weights/` holds those that ship with the course. The record names the command that makes them again. Here a name is
first that of a shipped checkpoint, else a path: `two.safetensors`, or `two` for the same file, never another of this
stem. Which file, run or checkpoint a reader means on the command line, `explorer.readers` says.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import safetensors.torch
import torch
from torch import Tensor

from course import files, outputs, reading, tensors
from course.errors import CourseError

if TYPE_CHECKING:  # exercises load weights, and see no model that is not their own
    from course.models import VAE
    from course.registry import Model

__all__ = [
    "available", "beside", "load", "load_any", "read_record", "save", "save_record", "starter_weights", "versions",
]  # fmt: skip

Record = dict[str, Any]
_SHIPPED = Path(__file__).parent / "weights"
_WEIGHTS = ".safetensors"


def available() -> list[str]:
    """Names of the checkpoints that ship with the course."""
    return sorted(path.stem for path in _SHIPPED.glob("*.safetensors"))


def versions() -> dict[str, str]:
    """What a training or a measurement was made with."""
    return {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}


def beside(path: str | Path, ending: str = _WEIGHTS) -> Path:
    """The file of a checkpoint with this ending: `beta0.5.json` for `beta0.5` and for `beta0.5.safetensors`.

    An ending is added to the name, and replaces none but that of the weights: `beta0.5` is no `beta0`.
    """
    path = Path(path)
    if not path.name.lower().endswith(_WEIGHTS):
        return path.parent / f"{path.name}{ending}"
    return path if ending == _WEIGHTS else path.parent / f"{path.name[: -len(_WEIGHTS)]}{ending}"


def save(model: Model, path: str | Path, record: Mapping[str, Any]) -> Path:
    """Writes `path` (.safetensors) and its record (.json), each whole or not at all; returns the weights' path."""
    path = beside(path)
    weights = {name: value.contiguous() for name, value in model.state_dict().items()}
    files.write(path, safetensors.torch.save(weights, outputs.SOFTWARE))
    save_record(path, {"model": {"kind": type(model).__name__, **model.size}, **record})
    return path


def save_record(path: str | Path, record: Mapping[str, Any]) -> None:
    """Writes the record beside the weights at `path`, whole or not at all."""
    text = json.dumps(record, indent=2) + "\n"
    files.write(beside(path, ".json"), text.encode())


def read_record(name_or_path: str | Path) -> Record:
    """The record beside a checkpoint: model, settings, command, quality."""
    path = beside(_find(name_or_path), ".json")
    try:
        record = reading.json_object(path)
        if not isinstance(record.get("model"), dict):
            raise CourseError(f"{path} describes no model")
    except FileNotFoundError:
        raise FileNotFoundError(f"{path.name} is missing beside its weights in {path.parent}") from None
    except CourseError as error:
        raise CourseError(f"{error}, and is no record of a checkpoint: train again, or copy both files again") from None
    return record


def load(name_or_path: str | Path) -> VAE:
    """The VAE of a checkpoint, by the name of a shipped one or by a path.

    Raises FileNotFoundError where there is none, ValueError where the files are damaged, do not belong together, or
    hold another model.
    """
    from course.models import VAE

    model = load_any(name_or_path)
    if not isinstance(model, VAE):
        raise CourseError(f"{_find(name_or_path)} holds the model {type(model).__name__}; expected a VAE")
    return model


def load_any(name_or_path: str | Path) -> Model:
    """The model of a checkpoint, of whichever kind; raises as `load`. Weights kept in 16 bits become float32."""
    path, model = _find(name_or_path), _untrained(name_or_path)
    tensors.fill(model, tensors.read(path), f"{path} does not fit the model in its record")
    return model.eval()


def starter_weights(name: str) -> dict[str, Tensor]:
    """The weights of a shipped checkpoint under the layer names of the exercises: encoder_fc1.weight and so on."""
    return {key.replace("coder.", "coder_"): value for key, value in tensors.read(_find(name)).items()}


def _find(name_or_path: str | Path) -> Path:
    shipped = _SHIPPED / f"{name_or_path}.safetensors"
    path = shipped if str(name_or_path) in available() else beside(name_or_path)
    if not path.is_file():
        raise FileNotFoundError(
            f"no checkpoint {str(name_or_path)!r}: expected a path, or one of {', '.join(available())}"
        )
    return path


def _untrained(name_or_path: str | Path) -> Model:
    """The model that a record describes, before it has its weights."""
    from course.registry import kind_named

    size = dict(read_record(name_or_path)["model"])
    try:
        kind = kind_named(str(size.pop("kind", "VAE")))
        if unknown := sorted(set(size) - (set(signature(kind).parameters) - {"generator"})):
            raise CourseError(f"a {kind.__name__} has no {unknown[0]!r:.60}")
        return kind(**size)
    except CourseError as error:
        raise CourseError(f"the record of {_find(name_or_path)} describes no model: {error}") from None
