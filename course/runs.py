"""The run store: a training is kept under its parameters and found again by them.

A run is named by a hash of what decides its weights: data, model, settings, the torch version and the source of the
modules that train. Change one of them and it is trained anew; two processes may train the same run at once, and the
later one replaces the earlier whole.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Generator

from course import checkpoints, models, objectives, patterns, training
from course.models import VAE
from course.training import Settings, fit

__all__ = ["build", "default_store", "images_of", "trained"]

_DECIDING = (models, objectives, patterns, training)


def default_store() -> Path:
    """Where runs are kept: LATENT_COURSE_RUNS, or `latent-course/runs` in the user's cache folder."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("LATENT_COURSE_RUNS") or Path(cache) / "latent-course" / "runs")


def images_of(data: str) -> patterns.PatternSet:
    """The images of a data set by name: one of patterns.SETS, or "classic", drawn with its own fixed seed."""
    if data == "classic":
        return patterns.classic(generator=np.random.default_rng(42))
    if data not in patterns.SETS:
        raise ValueError(f"data must be one of classic, {', '.join(patterns.SETS)}; got {data!r}")
    return patterns.SETS[data]()


def build(size: dict[str, int], seed: int) -> VAE:
    """An untrained model whose weights are drawn with `seed`."""
    return VAE(**size, generator=Generator().manual_seed(seed))


def trained(
    data: str, size: dict[str, int] | None = None, settings: Settings | None = None, store: Path | None = None
) -> VAE:
    """The model of this run: from the store, or trained now on one thread and kept."""
    size, settings = size or {}, settings or Settings()
    path = (store or default_store()) / f"{data}-{_key(data, size, settings)}.safetensors"
    if path.is_file():
        try:
            return checkpoints.load(path)
        except (ValueError, FileNotFoundError):
            pass  # damaged or half there: what was lost can be trained again
    model = build(size, settings.seed)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        history = fit(model, images_of(data).images, settings, progress=False)
    finally:
        torch.set_num_threads(threads)
    if history.interrupted:
        raise KeyboardInterrupt
    checkpoints.save(model, path, {"data": data, "settings": asdict(settings)})
    return model.eval()


def _key(data: str, size: dict[str, int], settings: Settings) -> str:
    parameters: dict[str, Any] = {"data": data, "size": size, "settings": asdict(settings), "torch": torch.__version__}
    return hashlib.sha256((json.dumps(parameters, sort_keys=True) + _code()).encode()).hexdigest()[:16]


@cache
def _code() -> str:
    """The code of the deciding modules without layout and comments, which decide nothing."""
    return "".join(ast.dump(ast.parse(Path(str(m.__file__)).read_text(encoding="utf-8"))) for m in _DECIDING)
