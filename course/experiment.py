"""One training from its parameters to files: model, weights, record with the measured quality."""

from __future__ import annotations

import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Generator

from course import checkpoints, metrics, runs
from course.training import Settings, fit

__all__ = ["train_and_save", "versions"]


def versions() -> dict[str, str]:
    """What a measurement was made with."""
    return {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}


def train_and_save(
    data: str, size: dict[str, int], settings: dict[str, Any], out: Path
) -> tuple[bool, dict[str, float | int]]:
    """Trains on one thread, writes `out` and its record; returns whether Ctrl-C ended it, and the quality."""
    parameters = Settings(**settings)
    torch.set_num_threads(1)
    patterns = runs.images_of(data)
    model = runs.build(size, parameters.seed)
    history = fit(model, patterns.images, parameters)
    quality = metrics.quality(model, patterns, generator=Generator().manual_seed(0))
    record = {
        "data": data,
        "settings": asdict(parameters),
        "command": _command(data, size, settings),
        "steps_done": len(history.steps),
        "quality": {name: round(value, 4) for name, value in quality.items()},
        "versions": versions(),
    }
    checkpoints.save(model, out, record)
    return history.interrupted, quality


def _command(data: str, size: dict[str, int], settings: dict[str, Any]) -> str:
    options = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in {**size, **settings}.items())
    return f"latent-course train --data {data} {options}"
