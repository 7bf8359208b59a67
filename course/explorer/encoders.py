"""An encoder as the browser's explorer reads it, so that a reader's own drawing gets a place in the latent space.

It is a script apart, `latentExplorer.add("encoder", NAME, {...})`, because the page needs it only when somebody draws:
its first layer looks at every pixel, and so it weighs as much as the decoder. With it come the costs of the images on
the map, for a drawing to be held against.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from course.explorer.contents import Payload, explorable, shown_images
from course.explorer.packing import Layer, dense
from course.models import VAE, LatentModel
from course.objectives import kl, reconstruction
from course.registry import Model

__all__ = ["encoder_layers", "encoder_payload"]


def encoder_layers(model: LatentModel) -> list[Layer]:
    """The hidden layers, with a ReLU after each, and a last one that gives mu and, where there is one, log_var."""
    hidden = [(layer.weight, layer.bias) for layer in model.encoder if isinstance(layer, nn.Linear)]
    heads = [(model.get_parameter(f"{name}.weight"), model.get_parameter(f"{name}.bias")) for name in model.heads]
    last = tuple(torch.cat(parts) for parts in zip(*heads, strict=True))
    return [*hidden, (last[0], last[1])]


def encoder_payload(model: Model, data: str) -> Payload:
    """The encoder, and as `usual` the range of what the images shown cost. Raises ValueError for what does not fit."""
    shown = explorable(model, data)
    return {**dense(encoder_layers(shown)), "usual": _usual(shown, data)}


@torch.no_grad()
def _usual(model: LatentModel, data: str) -> dict[str, list[float]]:
    """In nats, at z = mu: the reconstruction and, of a model with a posterior, the KL and the sum of both."""
    images = shown_images(data)
    x, labels = torch.from_numpy(images.images), torch.from_numpy(images.labels)
    if not isinstance(model, VAE):
        return {"reconstruction": _ends(reconstruction(model.decode_logits(model.encode(x)), x))}
    mu, log_var = model.posterior(x, labels)
    distortion, rate = reconstruction(model.decode_logits(mu, labels), x), kl(mu, log_var)
    return {"reconstruction": _ends(distortion), "kl": _ends(rate), "bound": _ends(distortion + rate)}


def _ends(values: Tensor) -> list[float]:
    return [round(float(value), 4) for value in np.quantile(values.numpy(), (0, 1))]
