"""What lesson 7 says about convolutions: the pair at an equal budget, by work and by the number of parameters."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from course.claims import fashion_runs
from course.claims.base import FEW_SEEDS, Claim, Measure, Measured, RunSpec, at_least, at_most, between
from course.claims.baselines import RATIO, average_clothes, average_image, instead, without_model
from course.claims.statistics import clothes, elbo
from course.convolutional import ConvAutoencoder, ConvVAE
from course.models import Autoencoder, LatentModel

__all__ = ["CLAIMS", "RUNS", "multiplications"]

_BRIEF = {"steps": 1000, "learning_rate": 0.008}

RUNS: dict[str, RunSpec] = {
    "fashion-ae": fashion_runs.RUNS["fashion-ae"],
    "fashion-vae": fashion_runs.RUNS["fashion-vae"],
    "conv-ae": RunSpec("fashion", settings=_BRIEF, kind=ConvAutoencoder),
    "conv-vae": RunSpec("fashion", settings=_BRIEF, kind=ConvVAE),
    "small-ae": RunSpec("fashion", {"hidden_dim": 40}, _BRIEF, kind=Autoencoder),
    "small-vae": RunSpec("fashion", {"hidden_dim": 54}, _BRIEF),
}


@torch.no_grad()
def multiplications(model: LatentModel) -> int:
    """How many a single image costs on its way to the code and back: each weight counts wherever it is used."""
    found: list[int] = []

    def count(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        places = inputs[0] if isinstance(layer, nn.ConvTranspose2d) else output  # where the kernel is laid, (..., S, S)
        weights: Tensor = layer.get_parameter("weight")
        found.append(weights.numel() * (1 if places.ndim == 2 else places.shape[2] * places.shape[3]))

    layers = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
    hooks = [layer.register_forward_hook(count) for layer in model.modules() if isinstance(layer, layers)]
    model(torch.zeros(1, model.input_dim))
    for hook in hooks:
        hook.remove()
    return sum(found)


@torch.no_grad()
def _error(model: LatentModel, _seed: int) -> float:
    x = clothes()()
    return float((model.decode(model.encode(x)) - x).square().sum(dim=1).mean())


def _average_error(_seed: int) -> float:
    return float((clothes()() - torch.from_numpy(average_clothes())).square().sum(dim=1).mean())


def _dense(run: str, measure: Measure) -> Measured:
    return instead("the dense one of this lesson, 4000 steps", run, measure=measure)


_claim = partial(Claim, digits=1, seeds=FEW_SEEDS)
_loss = elbo(clothes(), samples=5)
_AVERAGE = without_model("the average training image for every image", _average_error)

CLAIMS: dict[str, Claim] = {
    "conv-work": _claim(
        "Multiplications for an image, VAE with convolutions over dense VAE.",
        ("conv-vae", "fashion-vae"), lambda conv, dense, _seed: multiplications(conv) / multiplications(dense),
        between(3.5, 4.5), baseline=RATIO,
    ),
    "conv-ae-error": _claim(
        "Squared error of test images, autoencoder with convolutions, 1000 steps.",
        ("conv-ae",), _error, at_most(13), baseline=_dense("fashion-ae", _error),
    ),
    "conv-vae-error": _claim(
        "Squared error of test images, VAE with convolutions, 1000 steps.",
        ("conv-vae",), _error, at_most(14), baseline=_dense("fashion-vae", _error),
    ),
    "conv-vae-loss": _claim(
        "Cross-entropy plus KL of test images, VAE with convolutions, 1000 steps.",
        ("conv-vae",), _loss, at_most(260), baseline=_dense("fashion-vae", _loss),
    ),
    "small-ae-error": _claim(
        "Squared error of test images, dense autoencoder of as many parameters as that with convolutions, 1000 steps.",
        ("small-ae",), _error, at_least(12), baseline=_AVERAGE,
    ),
    "small-vae-error": _claim(
        "Squared error of test images, dense VAE of as many parameters as that with convolutions, 1000 steps.",
        ("small-vae",), _error, at_least(14), baseline=_AVERAGE,
    ),
    "small-vae-loss": _claim(
        "Cross-entropy plus KL of test images, dense VAE of as many parameters as that with convolutions, 1000 steps.",
        ("small-vae",), _loss, at_least(245), baseline=average_image(clothes()),
    ),
}  # fmt: skip
