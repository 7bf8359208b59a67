"""The name of a training: what it was made from in words, then a short digest of all that decides its weights.

`lines64-vae-d8-b4to1-s0-1f0c92ab`: the data, the model, and the parameters that a reader looks for. The digest covers
every parameter and the TRAINING_VERSION of each module that trains. It covers no source text, so a line may be mended
or moved without a training being lost. When a change alters what training does, the fingerprints turn red
(`tests/course/test_fingerprint.py`), and whoever made it raises the number of that module.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["label", "name_of", "versions"]

_SIZES = {"latent_dim": "d", "hidden_dim": "h", "depth": "depth", "num_classes": "c"}
_SETTINGS = {"steps": "n", "batch_size": "batch", "learning_rate": "lr", "anneal": "anneal"}


def versions(modules: Iterable[str]) -> dict[str, int]:
    """The TRAINING_VERSION of each module, under its name without its package."""
    return {name.rpartition(".")[2]: import_module(name).TRAINING_VERSION for name in sorted(set(modules))}


def label(
    data: str,
    kind: str,
    size: Mapping[str, Any],
    settings: Mapping[str, Any],
    usual: Mapping[str, Any],
    changes: Mapping[str, Any],
) -> str:
    """The readable part of a name: the latent space, beta and the seed always, all else where it is not as `usual`."""
    words = [data, kind]
    words += [_word(value) if isinstance(value, str) else f"{name}{_word(value)}" for name, value in changes.items()]
    sizes = [*(name for name in _SIZES if name in size), *(name for name in size if name not in _SIZES)]
    words += [f"{_SIZES.get(name, name)}{_word(size[name])}" for name in sizes if size[name] != usual.get(name)]
    if "latent_dim" in size and kind not in ("ae", "conv-ae"):
        start, beta = _word(settings["beta_start"]), _word(settings["beta"])
        words.append(f"b{beta}" if start == beta or settings["anneal"] == 0 else f"b{start}to{beta}")
    words += [f"{short}{_word(settings[n])}" for n, short in _SETTINGS.items() if settings[n] != usual.get(n)]
    return "-".join([*words, f"s{settings['seed']}"])


def name_of(label: str, parameters: Mapping[str, Any], versions: Mapping[str, int]) -> str:
    """`label` and eight digits of a SHA-256 of the parameters, as JSON holds them, and the versions."""
    text = json.dumps(_plain({"parameters": parameters, "versions": versions}), sort_keys=True)
    return f"{label}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _plain(value: Any) -> Any:
    """The same value with 2 for 2.0, so that it does not matter how a number was typed."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _word(value: object) -> str:
    """A value as a part of a file's name."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return re.sub(r"[^A-Za-z0-9._]+", "_", text)
