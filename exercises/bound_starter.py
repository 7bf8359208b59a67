"""Lesson 3, the bound: how probable a VAE finds an image, from samples of z.

Five parts are yours to write; each raises NotImplementedError until you do.
Run this file at any time to see how far you are. It needs the course: call it in the course's folder, with
its environment active (`source .venv/bin/activate`):

    python exercises/bound_starter.py
    pytest autograder -k bound

`pytest autograder --hint 3.1` shows a hint for part 3.1, one more each time.

Letters used here, as in every lesson: B images, Z latent dimensions, K samples of z for each image. A function works
for any of them from 1 on, and leaves alone what it is given. Gradients flow to every tensor that comes in.

The unit is the nat, everywhere: log is the natural logarithm. A log density of several dimensions is the sum of theirs.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from course import attempt, checkpoints
from course.patterns import lines64

INPUT_DIM = 256
HIDDEN_DIM = 128
LATENT_DIM = 8
COUNTS = (1, 10, 100, 1000)


def log_prior(z: torch.Tensor) -> torch.Tensor:
    """Exercise 3.1. z (..., Z) -> its log density under the prior N(0, I), (...): one number for each latent vector.

    z has any number of axes, and the last one is that of the latent dimensions: (Z,) gives a scalar, (B, Z) gives (B,)
    and (K, B, Z) gives (K, B). The density of one dimension is exp(-z^2 / 2) / sqrt(2 pi).
    """
    # TODO 3.1: the log density of each dimension, summed over the last axis
    raise NotImplementedError("Exercise 3.1: the log density of each dimension, summed over the last axis")


def log_posterior(z: torch.Tensor, mu: torch.Tensor, log_var: torch.Tensor) -> torch.Tensor:
    """Exercise 3.2. The log density of N(mu, sigma^2) at z, where log_var is log sigma^2: one number a latent vector.

    mu and log_var are (B, Z), one Gaussian for each image. z is (B, Z), or (K, B, Z) for K samples an image; the result
    is (B,) or (K, B). The density of one dimension is exp(-(z - mu)^2 / (2 sigma^2)) / sqrt(2 pi sigma^2).
    """
    # TODO 3.2: the same with mu and sigma of each image and dimension
    raise NotImplementedError("Exercise 3.2: the same with mu and sigma of each image and dimension")


def log_mean_exp(values: torch.Tensor, dim: int = 0) -> torch.Tensor:
    """Exercise 3.3. log(mean(exp(values))) along one axis, which the result no longer has.

    It is right for values of -2000 and of +2000 too, where exp gives 0 or infinity, and where some values of a mean lie
    thousands above the others. A value of -inf is the logarithm of a weight of 0, and counts as that. (Each mean holds
    at least one value that is finite.) dim is counted as torch counts it, so that -1 is the last axis.
    """
    # TODO 3.3: a logarithm of a mean that no exponential can spoil
    raise NotImplementedError("Exercise 3.3: a logarithm of a mean that no exponential can spoil")


def elbo(log_px_z: torch.Tensor, log_pz: torch.Tensor, log_qz: torch.Tensor) -> torch.Tensor:
    """Exercise 3.4. The ELBO of each image, estimated from K samples of its posterior: three (K, B) -> (B,).

    For K samples z of q(z|x) the arguments are log p(x|z), log p(z) and log q(z|x). The ELBO is the mean of
    log p(x|z) + log p(z) - log q(z|x) over the samples (Kingma & Welling 2014, eq. 2).
    """
    # TODO 3.4: the logarithm of each sample's weight, averaged over samples
    raise NotImplementedError("Exercise 3.4: the logarithm of each sample's weight, averaged over samples")


def importance_weighted_bound(log_px_z: torch.Tensor, log_pz: torch.Tensor, log_qz: torch.Tensor) -> torch.Tensor:
    """Exercise 3.5. The logarithm of the mean weight of each image, (B,), from the same three (K, B).

    A sample's weight is p(x|z) p(z) / q(z|x). The mean weight estimates p(x), and the logarithm of it is on average a
    lower bound on log p(x), at least as tight as the ELBO (Burda et al. 2016, eq. 8). The result is right where the
    weights themselves are too small or too large for a float, and where some samples have weight 0 (log_px_z = -inf).
    """
    # TODO 3.5: the logarithm of the mean weight, in place of the mean of the logarithms
    raise NotImplementedError("Exercise 3.5: the logarithm of the mean weight, in place of the mean of the logarithms")


# Given: nothing below this line needs a change.


def trained_layers() -> dict[str, nn.Linear]:
    """The layers of a trained VAE by name."""
    weights = checkpoints.starter_weights("lines64")
    names = ("encoder_fc1", "encoder_fc2", "fc_mu", "fc_log_var", "decoder_fc1", "decoder_fc2", "decoder_out")
    layers = {}
    for name in names:
        outputs, inputs = weights[f"{name}.weight"].shape
        layers[name] = nn.Linear(inputs, outputs)
        layers[name].load_state_dict({kind: weights[f"{name}.{kind}"] for kind in ("weight", "bias")})
    return layers


def posterior(layers: dict[str, nn.Linear], x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Images (B, 256) -> mu and log_var of q(z|x), each (B, Z)."""
    h = torch.relu(layers["encoder_fc2"](torch.relu(layers["encoder_fc1"](x))))  # (B, H)
    return layers["fc_mu"](h), layers["fc_log_var"](h)


def log_likelihood(layers: dict[str, nn.Linear], x: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
    """Images (B, 256) and latent vectors (K, B, Z) -> log p(x|z), (K, B): pixels are black or white, each by itself."""
    h = torch.relu(layers["decoder_fc2"](torch.relu(layers["decoder_fc1"](z))))  # (K, B, H)
    logits = layers["decoder_out"](h)  # (K, B, 256); the logit of white, and its negative is that of black
    return functional.logsigmoid(torch.where(x > 0.5, logits, -logits)).sum(dim=-1)


def estimates(bound: Callable[..., torch.Tensor], part: str, terms: Sequence[torch.Tensor]) -> list[float]:
    """A bound from each of COUNTS samples, in nats per image. All samples are used, in groups of that many."""
    found = []
    for count in COUNTS:
        groups = [term.reshape(count, -1) for term in terms]  # (K, 64 * 1000 / K): column by column one image
        found.append(float(attempt.returned(part, bound(*groups), torch.Tensor).mean()))
    print(f"{part[4:]}:", ", ".join(f"{nats:.2f} for K = {count}" for count, nats in zip(COUNTS, found, strict=True)))
    return found


def draw(curves: dict[str, list[float]], path: str) -> Path:
    """Draws nats per image against the number of samples, with the floor, and returns the picture's path."""
    from course import figures

    labels = ("K, samples of z for each image", "nats per image")
    return figures.save_curves(COUNTS, curves, path, labels, floor=("ln 64", lines64().entropy))


@torch.no_grad()
def main() -> None:
    """Measures how probable a trained VAE finds its 64 images, with your functions."""
    layers, x = trained_layers(), torch.from_numpy(lines64().images)  # (64, 256)
    mu, log_var = posterior(layers, x)
    eps = torch.randn(1000, *mu.shape, generator=torch.Generator().manual_seed(0))
    z = mu + (0.5 * log_var).exp() * eps  # (1000, 64, Z)
    log_pz = attempt.returned("3.1 log_prior", log_prior(z), torch.Tensor)
    print(f"log_prior: {float(log_pz.mean()):.2f} nats at z drawn for the images, on average")
    log_qz = attempt.returned("3.2 log_posterior", log_posterior(z, mu, log_var), torch.Tensor)
    print(f"log_posterior: {float(log_qz.mean()):.2f} nats at the same z: each image's own Gaussian is denser there")
    pair = attempt.returned("3.3 log_mean_exp", log_mean_exp(torch.tensor([-2000.0, -2000.0])), torch.Tensor)
    print(f"log_mean_exp: {float(pair):.2f} for -2000 and -2000, although exp(-2000) is 0 in a computer")
    terms = (log_likelihood(layers, x, z), log_pz, log_qz)  # each (1000, 64)
    bounds = estimates(elbo, "3.4 elbo", terms)
    tighter = estimates(importance_weighted_bound, "3.5 importance_weighted_bound", terms)
    curves = {"-ELBO": [-nats for nats in bounds], "-importance-weighted bound": [-nats for nats in tighter]}
    print(f"{draw(curves, 'my_bound.png')}: both against K, and the floor of {lines64().entropy:.2f}, which is ln 64")


if __name__ == "__main__":
    sys.exit(attempt.show(main, __file__, "bound"))
