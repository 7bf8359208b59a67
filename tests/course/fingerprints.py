"""Fingerprints of every training: what 20 steps of each model do on each data set, against weights that are stored.

`python -m tests.course.fingerprints` stores them anew, which is right only together with a new TRAINING_VERSION.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from course.convolutional import ConvAutoencoder, ConvVAE
from course.labelled import BranchedVAE, Classifier, ConditionalVAE
from course.models import VAE, Autoencoder
from course.registry import Model
from course.run_config import RunConfig, build
from course.studies import wrong_training
from course.training import History, Settings, one_thread

STORED = Path(__file__).parent / "fingerprints.safetensors"
TOLERANCE = 2e-3  # storing in 16 bits and a shake of 3e-7 make under 8e-4; Adam's 0.99 made 0.98 makes over 4e-3
EVERY = 20  # of the weights, each twentieth is stored
_BRIEF = Settings(steps=20)

Made = Callable[[], tuple[Model, History]]


@dataclass(frozen=True)
class Fingerprint:
    """What a training did: a part of its weights (W,), how far it moved them, and its losses (steps, terms)."""

    weights: NDArray[np.float32]
    way: float
    losses: NDArray[np.float32]

    def difference(self, stored: Fingerprint) -> float:
        """The larger of two shares: of the way between the weights of both, and of the losses between theirs."""
        if self.weights.shape != stored.weights.shape or self.losses.shape != stored.losses.shape:
            return float("inf")
        apart = float(np.linalg.norm(self.weights - stored.weights)) / stored.way
        losses = np.abs(self.losses - stored.losses) / np.maximum(np.abs(stored.losses), 1)
        return max(apart, float(losses.max()))


def configs() -> dict[str, RunConfig]:
    """Every model on every data set that the course brings, and every change that a study makes in a training."""
    small: dict[str, Any] = {"hidden_dim": 8}
    kinds: list[tuple[type[Model], dict[str, Any]]] = [
        (Autoencoder, {"latent_dim": 2}), (VAE, {"latent_dim": 2}), (ConditionalVAE, {"latent_dim": 2}),
        (BranchedVAE, {"latent_dim": 2}), (BranchedVAE, {"latent_dim": 2, "branch": "trunk"}), (Classifier, {}),
    ]  # fmt: skip
    found = {}
    for data in ("lines64", "bars512", "cross8x8", "classic", "parities", "fashion-sample", "digits"):
        for kind, size in kinds:
            branch = size.get("branch", "")
            found[f"{data} {kind.__name__}{branch}"] = RunConfig.of(data, kind, small | size, _BRIEF)
    for name in ("continuous", "gaussian"):
        found[f"fashion-sample {name}"] = RunConfig.of("fashion-sample", VAE, small | {"likelihood": name}, _BRIEF)
    for conv in (ConvAutoencoder, ConvVAE):
        size = {"channels": 2, "latent_dim": 2}
        found[f"fashion-sample {conv.__name__}"] = RunConfig.of("fashion-sample", conv, size, _BRIEF)
    plain = RunConfig.of("lines64", VAE, {}, _BRIEF)
    for way in wrong_training.WAYS:
        found[f"lines64 {way}"] = replace(plain, changes={"way": way}, module=wrong_training.__name__)
    return found


def made(config: RunConfig) -> Fingerprint:
    """The fingerprint of a training of today."""
    model: Model
    with one_thread():
        if way := config.changes.get("way"):
            model, history = wrong_training.train(way, config.settings)
        else:
            model, history = config.train(progress=False)
    start = _flat(build(config.size, config.settings.seed, config.kind))
    end = _flat(model)
    return Fingerprint(end, float(np.linalg.norm(end - start)), history.steps)


def stored() -> dict[str, Fingerprint]:
    """What is stored, under the names of `configs`."""
    arrays = safetensors.numpy.load_file(STORED)

    def read(name: str) -> Fingerprint:
        weights, way, losses = (arrays[f"{name}|{part}"] for part in ("weights", "way", "losses"))
        return Fingerprint(weights.astype(np.float32), float(way[0]), losses)

    return {name: read(name) for name in {key.rpartition("|")[0] for key in arrays}}


def _flat(model: nn.Module) -> NDArray[np.float32]:
    parts: list[Tensor] = [value.detach().flatten() for value in model.parameters()]
    return torch.cat(parts)[::EVERY].numpy()


def _store(found: Mapping[str, Fingerprint]) -> None:
    arrays: dict[str, NDArray[Any]] = {}
    for name, each in found.items():
        arrays |= {f"{name}|weights": each.weights.astype(np.float16), f"{name}|losses": each.losses}
        arrays[f"{name}|way"] = np.array([each.way], np.float32)
    STORED.write_bytes(safetensors.numpy.save(arrays))


if __name__ == "__main__":
    _store({name: made(config) for name, config in configs().items()})
    print(f"Wrote {STORED.name}: {STORED.stat().st_size / 1e3:.0f} kB")
