"""Lesson 2, reparameterization: a distribution for each image, and draws that a gradient passes through.

Five parts are yours to write; each raises NotImplementedError until you do.
Run this file at any time to see how far you are. It needs the course: call it in the course's folder, with
its environment active (`source .venv/bin/activate`):

    python exercises/reparameterization_starter.py
    pytest autograder -k reparameterization

`pytest autograder --hint 2.1` shows a hint for part 2.1, one more each time.

Letters used here, as in every lesson: B images of D pixels and Z latent dimensions. A function works for any B, D and
Z of at least 1, and leaves alone what it is given.

Randomness is an argument here. Where a function takes a `generator`, it draws from it alone, so that the same seed
gives the same draw; without one (None) it draws from torch's global random numbers. No function seeds anything.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import torch
from torch import nn

from course import attempt, checkpoints
from course.patterns import lines64

IMAGE_SIZE = 16
INPUT_DIM = 256
HIDDEN_DIM = 128
LATENT_DIM = 8


def encode_distribution(
    encoder: nn.Module, fc_mu: nn.Module, fc_log_var: nn.Module, x: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Exercise 2.1. Images (B, D) -> (mu, log_var), each (B, Z): a Gaussian for each image.

    `encoder` takes the images to hidden features (B, H), with its ReLUs inside; `fc_mu` and `fc_log_var` are two
    linear heads on the same features. The encoder is the expensive part, and it runs once. The second head gives
    the logarithm of the variance, which may be any real number; it comes back as it is.
    """
    # TODO 2.1: run the encoder once, then both heads on what it gives
    raise NotImplementedError("Exercise 2.1: run the encoder once, then both heads on what it gives")


def log_var_to_std(log_var: torch.Tensor) -> torch.Tensor:
    """Exercise 2.2. The logarithm of a variance -> the standard deviation, same shape.

    A network gives log_var because every real number is allowed there; the standard deviation is always positive.
    """
    # TODO 2.2: from the logarithm of the variance to its square root
    raise NotImplementedError("Exercise 2.2: from the logarithm of the variance to its square root")


def reparameterize(
    mu: torch.Tensor,
    log_var: torch.Tensor,
    eps: torch.Tensor | None = None,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Exercise 2.3. mu, log_var (B, Z) -> a draw z (B, Z) from N(mu, sigma^2): z = mu + sigma * eps.

    `eps` (B, Z) is used as it is given. Without it, eps is drawn from N(0, 1): one number for each image and
    dimension, from `generator` if there is one. Gradients flow to mu and log_var (and to eps, if given), which is
    what this way of drawing is for (Kingma & Welling 2014, section 2.4).
    """
    # TODO 2.3: draw eps unless it is given, then move and stretch it
    raise NotImplementedError("Exercise 2.3: draw eps unless it is given, then move and stretch it")


def sample_posterior(
    mu: torch.Tensor, log_var: torch.Tensor, num_samples: int, generator: torch.Generator | None = None
) -> torch.Tensor:
    """Exercise 2.4. mu, log_var (B, Z) -> num_samples draws for each image, (num_samples, B, Z).

    Each sample has noise of its own.
    """
    # TODO 2.4: one number of noise for each sample, image and dimension
    raise NotImplementedError("Exercise 2.4: one number of noise for each sample, image and dimension")


def sample_prior(num_samples: int, latent_dim: int, generator: torch.Generator | None = None) -> torch.Tensor:
    """Exercise 2.5. num_samples draws (num_samples, Z) from the prior N(0, I), which asks for no image."""
    # TODO 2.5: a standard normal number for each sample and dimension
    raise NotImplementedError("Exercise 2.5: a standard normal number for each sample and dimension")


# Given: nothing below this line needs a change.


def trained_layers() -> dict[str, nn.Module]:
    """A trained encoder, its two heads and its decoder."""
    sizes = (INPUT_DIM, HIDDEN_DIM, HIDDEN_DIM)
    encoder = nn.Sequential(*(part for i, o in pairwise(sizes) for part in (nn.Linear(i, o), nn.ReLU())))
    sizes = (LATENT_DIM, HIDDEN_DIM, HIDDEN_DIM)
    decoder = nn.Sequential(*(part for i, o in pairwise(sizes) for part in (nn.Linear(i, o), nn.ReLU())))
    decoder.extend([nn.Linear(HIDDEN_DIM, INPUT_DIM), nn.Sigmoid()])
    heads = {name: nn.Linear(HIDDEN_DIM, LATENT_DIM) for name in ("fc_mu", "fc_log_var")}
    linear = {"encoder_fc1": encoder[0], "encoder_fc2": encoder[2], **heads}
    linear |= {"decoder_fc1": decoder[0], "decoder_fc2": decoder[2], "decoder_out": decoder[4]}
    weights = checkpoints.starter_weights("lines64")
    for name, layer in linear.items():
        layer.load_state_dict({kind: weights[f"{name}.{kind}"] for kind in ("weight", "bias")})
    return {"encoder": encoder, **heads, "decoder": decoder}


def save_images(images: torch.Tensor, path: str) -> Path:
    """Draws images (B, 256) side by side into a picture and returns its path."""
    from course import figures

    return figures.save_strip(list(images.detach().reshape(-1, IMAGE_SIZE, IMAGE_SIZE).numpy()), path)


def numbers(values: torch.Tensor) -> str:
    """A row of numbers with two decimals."""
    return " ".join(f"{value:6.2f}" for value in values.tolist())


def main() -> None:
    """Loads trained weights and shows what your functions make of them."""
    layers = trained_layers()
    decoder = layers["decoder"]
    cross = torch.from_numpy(lines64().prototypes()[3])[None]  # (1, 256)
    generator = torch.Generator().manual_seed(0)
    answer = encode_distribution(layers["encoder"], layers["fc_mu"], layers["fc_log_var"], cross)
    mu, log_var = attempt.returned("2.1 encode_distribution", answer, tuple, list)
    print("encode_distribution  a cross of 256 pixels -> a Gaussian")
    print(f"                     mu       {numbers(mu[0])}")
    std = attempt.returned("2.2 log_var_to_std", log_var_to_std(log_var), torch.Tensor)
    print(f"log_var_to_std       std      {numbers(std[0])}")
    z = attempt.returned("2.3 reparameterize", reparameterize(mu, log_var, generator=generator), torch.Tensor)
    print(f"reparameterize       a draw   {numbers(z[0])}")
    draws = sample_posterior(mu, log_var, 8, generator=generator)  # (8, 1, Z)
    samples = attempt.returned("2.4 sample_posterior", draws, torch.Tensor)
    path = save_images(decoder(samples[:, 0]), "my_posterior.png")
    print(f"sample_posterior     {path}: the cross, decoded from {len(samples)} draws")
    z = attempt.returned("2.5 sample_prior", sample_prior(8, LATENT_DIM, generator=generator), torch.Tensor)
    path = save_images(decoder(z), "my_prior.png")
    print(f"sample_prior         {path}: {len(z)} images that nobody drew")


if __name__ == "__main__":
    sys.exit(attempt.show(main, __file__, "reparameterization"))
