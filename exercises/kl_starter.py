"""Lesson 4, the KL divergence: what a VAE minimises, in nats per image.

Five parts are yours to write; each raises NotImplementedError until you do.
Run this file at any time to see how far you are. It needs the course: call it in the course's folder, with
its environment active (`source .venv/bin/activate`):

    python exercises/kl_starter.py
    pytest autograder -k kl

`pytest autograder --hint 4.1` shows a hint for part 4.1, one more each time.

Letters used here, as in every lesson: B images of D pixels in [0, 1] and Z latent dimensions. A function works for
any B, D and Z of at least 1, and leaves alone what it is given.

The unit is the nat per image, everywhere: sums over pixels or latent dimensions, averages over images. Only if the
reconstruction and the KL are counted alike does beta = 1 mean what the theory says.
"""

from __future__ import annotations

import sys

import torch
from torch import nn
from torch.nn import functional

from course import attempt, checkpoints
from course.patterns import lines64

INPUT_DIM = 256
HIDDEN_DIM = 128
LATENT_DIM = 8


def reconstruction_loss(x_hat: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Exercise 4.1. Decoded images and images, both (B, D) -> the reconstruction, a scalar, in nats per image.

    The binary cross-entropy of a pixel, -(x log x_hat + (1 - x) log(1 - x_hat)), summed over pixels and averaged over
    images. x may be grey. The result is finite where x_hat is exactly 0 or 1: near 0 where that is right, at least 10
    nats a pixel where it is wrong (torch's own function limits each logarithm at -100).
    """
    # TODO 4.1: the cross-entropy of each pixel, summed over pixels, averaged over images
    raise NotImplementedError("Exercise 4.1: the cross-entropy of each pixel, summed over pixels, averaged over images")


def kl_divergence(mu: torch.Tensor, log_var: torch.Tensor) -> torch.Tensor:
    """Exercise 4.2. mu, log_var (B, Z) -> the KL of N(mu, sigma^2) from the prior N(0, I), one number an image, (B,).

    The closed form of a dimension is (mu^2 + sigma^2 - log sigma^2 - 1) / 2 (Kingma & Welling 2014, appendix B),
    summed over dimensions. It is 0 for mu = 0 and sigma = 1, and positive otherwise.
    """
    # TODO 4.2: the closed form, summed over dimensions
    raise NotImplementedError("Exercise 4.2: the closed form, summed over dimensions")


def kl_per_dimension(mu: torch.Tensor, log_var: torch.Tensor) -> torch.Tensor:
    """Exercise 4.3, first half. mu, log_var (B, Z) -> the KL of each latent dimension, averaged over images, (Z,)."""
    # TODO 4.3: the closed form again, averaged over images, the dimensions kept apart
    raise NotImplementedError("Exercise 4.3: the closed form again, averaged over images, the dimensions kept apart")


def active_units(mu: torch.Tensor, log_var: torch.Tensor, threshold: float = 0.01) -> int:
    """Exercise 4.3, second half. How many dimensions have a KL, averaged over images, above the threshold."""
    # TODO 4.3: count the dimensions above the threshold
    raise NotImplementedError("Exercise 4.3: count the dimensions above the threshold")


def vae_loss(
    recon_x: torch.Tensor, x: torch.Tensor, mu: torch.Tensor, log_var: torch.Tensor, beta: float = 1.0
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Exercise 4.4. Three scalars (total, recon, kl), in nats per image: total = recon + beta * kl.

    recon_x and x are (B, D), recon_x as it comes from the decoder's sigmoid; mu and log_var are (B, Z). kl is averaged
    over images and is returned without beta. Gradients flow from total to all four inputs.
    """
    # TODO 4.4: both terms, then the total that training minimises
    raise NotImplementedError("Exercise 4.4: both terms, then the total that training minimises")


def beta_warm_up(step: int, warm_up_steps: int, beta_max: float = 1.0) -> float:
    """Exercise 4.5. The weight of the KL at `step` (from 0): beta_max * min(1, step / warm_up_steps).

    It rises in a straight line from 0 to beta_max and stays there (Bowman et al. 2016). warm_up_steps = 0 means
    beta_max at once.
    """
    # TODO 4.5: a straight line that ends at beta_max, and the case without a warm-up
    raise NotImplementedError("Exercise 4.5: a straight line that ends at beta_max, and the case without a warm-up")


# Given: nothing below this line needs a change.


def trained_answers(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """What a trained VAE makes of images (B, 256): x_hat decoded from mu, mu and log_var."""
    weights = checkpoints.starter_weights("lines64")
    names = ("encoder_fc1", "encoder_fc2", "fc_mu", "fc_log_var", "decoder_fc1", "decoder_fc2", "decoder_out")
    shapes = {name: weights[f"{name}.weight"].shape for name in names}
    layers = {name: nn.Linear(inputs, outputs) for name, (outputs, inputs) in shapes.items()}
    for name, layer in layers.items():
        layer.load_state_dict({kind: weights[f"{name}.{kind}"] for kind in ("weight", "bias")})
    with torch.no_grad():
        h = torch.relu(layers["encoder_fc2"](torch.relu(layers["encoder_fc1"](x))))  # (B, H)
        mu, log_var = layers["fc_mu"](h), layers["fc_log_var"](h)  # (B, Z), (B, Z)
        h = torch.relu(layers["decoder_fc2"](torch.relu(layers["decoder_fc1"](mu))))  # (B, H)
        return torch.sigmoid(layers["decoder_out"](h)), mu, log_var


def main() -> None:
    """Measures a trained VAE with your functions."""
    x = torch.from_numpy(lines64().images)  # (64, 256)
    x_hat, mu, log_var = trained_answers(x)
    recon = attempt.returned("4.1 reconstruction_loss", reconstruction_loss(x_hat, x))
    print(f"reconstruction_loss  {float(recon):6.2f} nats per image, decoded from mu; draws from the cloud cost more")
    kl = attempt.returned("4.2 kl_divergence", kl_divergence(mu, log_var), torch.Tensor)
    print(f"kl_divergence        {float(kl.mean()):6.2f} nats per image, from {kl.min():.2f} to {kl.max():.2f}")
    dims = attempt.returned("4.3 kl_per_dimension", kl_per_dimension(mu, log_var), torch.Tensor)
    for dim, nats in enumerate(dims.tolist()):
        print(f"kl_per_dimension     {nats:6.2f} {'#' * round(20 * nats)} dimension {dim}".rstrip())
    active = attempt.returned("4.3 active_units", active_units(mu, log_var))
    print(f"active_units         {active:6d} of {mu.shape[1]} dimensions carry something")
    for beta in (1.0, 4.0):
        terms = attempt.returned("4.4 vae_loss", vae_loss(x_hat, x, mu, log_var, beta=beta), tuple, list)
        total, recon_term, rate = (float(term) for term in terms)
        print(f"vae_loss             {total:6.2f} = {recon_term:.2f} + {beta:g} * {rate:.2f}")
    warm_up = [attempt.returned("4.5 beta_warm_up", beta_warm_up(step, 100)) for step in (0, 25, 50, 100, 200)]
    print(f"beta_warm_up         {', '.join(f'{beta:g}' for beta in warm_up)} at steps 0, 25, 50, 100 and 200")


if __name__ == "__main__":
    sys.exit(attempt.show(main, __file__, "kl"))
