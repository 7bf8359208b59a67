"""A trained model as the browser's explorer reads it: the decoder's weights, and where the encoder puts each image.

Everything is one classic script a model, `latentExplorer.add("model", NAME, {...})`, because a page that is opened as a
file can load nothing else. Numbers are base64 of float16, which keeps three digits: by how much that moves a pixel,
the claim small-rounded says. What the encoder says of the images shown is in the file; the encoder itself is a script
apart, for those who draw an image of their own (encoders.py).

The decoders shown have 32 hidden units. That is enough for `lines64` (the claims small-exact and small-elbo),
and a model then weighs 22 KB as a server sends it, against 95 KB with 128. So all five models of the patterns are there
at the first view; the stages of a training and Fashion-MNIST are loaded when asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from course import datasets, palette, planes
from course.convolutional import Convolutional
from course.datasets import DataSet
from course.errors import CourseError
from course.explorer.packing import base64, dense, float16
from course.fashion import CLASSES
from course.labelled import ConditionalVAE
from course.models import VAE, LatentModel
from course.objectives import kl_per_dimension
from course.patterns import TYPES, PatternSet
from course.registry import Model
from course.studies import judge

__all__ = [
    "MAX_IMAGES", "Payload", "codes", "data_payload", "data_title", "explorable", "layers", "model_payload", "script",
    "shown_images",
]  # fmt: skip

Payload = dict[str, Any]
MAX_IMAGES = 512
_OF_CLASSES = 200
_CELLS = 80


def explorable(model: Model, data: str) -> LatentModel:
    """The model, if the explorer can show it with the images of this data; ValueError, with what would fit, if not."""
    if not isinstance(model, LatentModel):
        raise CourseError(
            f"{type(model).__name__} has no decoder to look through: expected an Autoencoder, VAE, ConditionalVAE or "
            "BranchedVAE"
        )
    if isinstance(model, Convolutional):
        raise CourseError(
            f"the explorer computes dense layers, and {type(model).__name__} has convolutions: train an ae or a vae to "
            "look at it there"
        )
    if model.latent_dim < 2:
        raise CourseError("a map needs two axes: expected a model with at least 2 latent dimensions, got 1")
    images = datasets.source(data)
    if model.input_dim != images.image_dim:
        raise CourseError(
            f"the model reads images of {model.input_dim} pixels, those of {images.label} have {images.image_dim}: "
            "expected 64 for digits, 256 for patterns, 784 for Fashion-MNIST; name other images with --data"
        )
    if not model.has_floor:
        raise CourseError(
            f"the explorer counts the nats of pixels that are on or off, and this model's likelihood is "
            f"{model.size['likelihood']}: train it with --likelihood bernoulli to look at it there"
        )
    classes = len(images.class_names)
    if isinstance(model, ConditionalVAE) and model.num_classes != classes:
        raise CourseError(
            f"the model knows {model.num_classes} classes, {images.label} has {classes}: name other images"
        )
    return model


def script(what: str, name: str, payload: Payload) -> str:
    """The classic script that hands a payload to the page: `what` is "data", "model", "encoder" or "stages"."""
    return f"latentExplorer.add({json.dumps(what)}, {json.dumps(name)}, {json.dumps(payload, ensure_ascii=False)});\n"


def data_payload(data: str) -> Payload:
    """The images on the map: pixels (1 bit each where they are black and white), class, and a name in words.

    `looks` and `markers` say what the page draws with: colours for each theme, and the name of each class's marker.
    `exact` says that they are the whole set, so that a decode can be held against it.
    """
    images = shown_images(data)
    classes = list(datasets.class_names(data))
    signs = palette.PATTERNS if classes == list(TYPES) else palette.CLASSES
    binary = bool(np.isin(images.images, (0, 1)).all())
    pixels = np.packbits(images.images.astype(np.uint8)) if binary else np.rint(images.images * 255).astype(np.uint8)
    return {
        "title": data_title(data),
        "side": round(images.images.shape[1] ** 0.5),
        "count": len(images),
        "classes": classes,
        "markers": [signs.marker(label) for label in range(len(classes))],
        "looks": {theme: palette.look(signs, len(classes), theme) for theme in palette.THEMES},
        "labels": base64(images.labels.astype(np.uint8)),
        "bits": 1 if binary else 8,
        "pixels": base64(pixels),
        "names": [_name(images, i) for i in range(len(images))],
        "exact": binary and isinstance(images, PatternSet),
    }


def model_payload(model: Model, data: str, title: str, facts: Mapping[str, Any] | None = None) -> Payload:
    """The decoder and the codes of the images of `data_payload(data)`. Raises ValueError for what does not fit.

    `facts` are further entries, such as how the model is made again in Python.
    """
    shown = explorable(model, data)
    mu, log_var = codes(shown, data)
    labels = shown.num_classes if isinstance(shown, ConditionalVAE) else 0
    payload: Payload = {
        "title": title,
        "data": datasets.source(data).name,
        "kind": type(shown).__name__,
        "latent": shown.latent_dim,
        "labels": labels,
        **dense((layer.weight, layer.bias) for layer in layers(shown)),
        "mu": float16(mu),
        "logVar": None if log_var is None else float16(log_var),
        "kl": _worth(mu, log_var),
        "pca": _principal(mu),
        **(facts or {}),
    }
    if shown.latent_dim == 2 and not labels and datasets.class_names(data) == CLASSES:  # which the judge knows
        payload["classMap"] = _class_map(shown, mu)
    return payload


@torch.no_grad()
def codes(model: LatentModel, data: str) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """mu (N, Z) and log_var (N, Z) of the images shown; an autoencoder gives points, and no log_var."""
    images = shown_images(data)
    x, labels = torch.from_numpy(images.images), torch.from_numpy(images.labels)
    if not isinstance(model, VAE):
        return model.encode(x).numpy(), None
    mu, log_var = model.posterior(x, labels)
    return mu.numpy(), log_var.numpy()


def layers(model: LatentModel) -> list[nn.Linear]:
    """The decoder's linear layers, first to last, with a ReLU between each two."""
    return [layer for layer in model.decoder if isinstance(layer, nn.Linear)]


def shown_images(data: str) -> DataSet:
    """The images on the map: of patterns all, or an even part; of others the first few held out of each class."""
    images = datasets.source(data).on_map()
    if not isinstance(images, PatternSet):
        each = max(1, _OF_CLASSES // len(images.class_names))
        rows = np.sort(np.concatenate([np.flatnonzero(images.labels == c)[:each] for c in np.unique(images.labels)]))
        return replace(images, images=images.images[rows], labels=images.labels[rows])
    if len(images) <= MAX_IMAGES:
        return images
    rows = np.linspace(0, len(images) - 1, MAX_IMAGES).astype(int)
    arrays = {name: getattr(images, name)[rows] for name in ("images", "labels", "factors", "templates")}
    return replace(images, **arrays)


def data_title(data: str) -> str:
    """What readers call these images."""
    return datasets.source(data).title


def _worth(mu: NDArray[np.float32], log_var: NDArray[np.float32] | None) -> list[float]:
    """What each dimension carries: KL in nats averaged over images; the variance of its codes for an autoencoder."""
    if log_var is None:
        worth = mu.var(axis=0)
    else:
        worth = kl_per_dimension(torch.from_numpy(mu), torch.from_numpy(log_var)).mean(dim=0).numpy()
    return [round(float(value), 4) for value in worth]


def _principal(mu: NDArray[np.float32]) -> Payload:
    """The mean code and the two directions of largest variance, of length 1."""
    mean = mu.mean(axis=0)
    _, variance, directions = np.linalg.svd((mu - mean).astype(np.float64), full_matrices=False)
    share = float((variance[:2] ** 2).sum() / (variance**2).sum())
    return {
        "mean": [round(float(v), 5) for v in mean],
        "axes": [[round(float(v), 5) for v in row] for row in directions[:2]],
        "share": round(share, 4),
    }


def _class_map(model: LatentModel, mu: NDArray[np.float32]) -> Payload:
    """The class of each decode of the plane, by a classifier that was trained apart."""
    half = 1.3 * float(max(3.0, np.abs(mu).max()))  # wider than any map of these codes
    grid = planes.decoded_grid(model.decode, _CELLS, half)
    classes = planes.class_map(judge.classes, grid)
    return {"half": round(half, 3), "side": _CELLS, "classes": base64(classes.astype(np.uint8))}


def _name(images: DataSet, row: int) -> str:
    """An image in words: what the page says of it."""
    if not isinstance(images, PatternSet):
        return str(images.class_names[images.labels[row]])
    values = dict(zip(images.factor_names, images.factors[row].tolist(), strict=True))
    if "type" not in values:
        return "".join(map(str, values.values()))
    thickness = {1: "thin ", 2: "thick "}.get(values.get("thickness", 0), "")
    places = ", ".join(str(values[name]) for name in ("position", "cx", "cy") if name in values)
    return thickness + TYPES[values["type"]] + (f" at {places}" if places else "")
