"""Lesson 5, training: a step, an honest measure, a run, and a loop with a bug.

Four parts are yours to write; each raises NotImplementedError until you do.
Run this file at any time to see how far you are. It needs the course: call it in the course's folder, with
its environment active (`source .venv/bin/activate`):

    python exercises/training_starter.py
    pytest autograder -k training

`pytest autograder --hint 5.1` shows a hint for part 5.1, one more each time.

Here your own parts come together. Every function is given a `vae`, a torch module with four methods:

    vae.posterior(x)                             images (B, D) -> mu, log_var, each (B, Z)            part 2.1
    vae.reparameterize(mu, log_var, eps=None, generator=None)  -> z (B, Z); without eps it draws      part 2.3
    vae.decode(z)                                latent vectors (B, Z) -> x_hat (B, D) in [0, 1]      part 1.2
    vae.loss(x_hat, x, mu, log_var, beta=1.0)    -> total, recon, kl, three scalars, nats per image   part 4.4

When you run this file, these are the parts that you wrote in the files beside it (`JoinedVAE` below). The autograder
brings a VAE of its own, so this file can be checked before the others are done.

Letters, as in every lesson: B images of D pixels in [0, 1], N images of a data set, Z latent dimensions. A function
works for any B, N, D and Z of at least 1. It changes nothing that it is given, except the parameters that it trains.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from course import attempt
from course.patterns import lines64

STEPS = 600


def training_step(
    vae: Any, optimizer: torch.optim.Optimizer, x: torch.Tensor, beta: float = 1.0, eps: torch.Tensor | None = None
) -> tuple[float, float, float]:
    """Exercise 5.1. One gradient step of the optimizer on total = recon + beta * kl of the images x (B, D).

    z is drawn once for each image: with the noise eps (B, Z) where it is given, else the VAE draws. Gradients that
    the parameters hold from before must not count. Returns (total, recon, kl) of before the step, in nats per image:
    three floats, or 0-d tensors.
    """
    # TODO 5.1: the loss of the images, cleared gradients, the way back, one step
    raise NotImplementedError("Exercise 5.1: the loss of the images, cleared gradients, the way back, one step")


def negative_elbo(
    vae: Any, x: torch.Tensor, num_samples: int = 16, generator: torch.Generator | None = None
) -> torch.Tensor:
    """Exercise 5.2. The honest -ELBO of images x (B, D): recon + kl with beta = 1, a scalar in nats per image.

    recon is averaged over the images and over num_samples draws of z for each image, which come from the generator if
    there is one; kl is the closed form, as `vae.loss` has it. The result carries no gradient, and the VAE is left as
    it was: its parameters, their gradients, its mode.
    """
    # TODO 5.2: several draws of z, never with beta, and without any gradient
    raise NotImplementedError("Exercise 5.2: several draws of z, never with beta, and without any gradient")


def train(vae: Any, images: torch.Tensor, steps: int = STEPS) -> Any:
    """Exercise 5.3. Trains the VAE on images (N, D) with about `steps` gradient steps.

    Returns the trained VAE: `vae` itself, or a copy. How you train it is your choice: optimizer, learning rate,
    batches, schedule, warm-up. The VAE is judged by its honest -ELBO afterwards, and by nothing that you report: with
    500 steps on 12 images of lines it has to be below 25 nats per image. A plain run reaches about 10.
    """
    # TODO 5.3: an optimizer, and then one training step after the other
    raise NotImplementedError("Exercise 5.3: an optimizer, and then one training step after the other")


def flawed_run(vae: Any, optimizer: torch.optim.Optimizer, images: torch.Tensor, epochs: int) -> list[float]:
    """Given, for exercise 5.4: a loop with a bug. It trains on images (N, D), and returns the total of each epoch.

    The curve falls, and falls, to less than ln N nats per image. Can that be?
    """
    mu, _ = vae.posterior(images)  # (N, Z)
    eps = torch.randn(mu.shape)  # (N, Z): noise makes a curve jump, so it is drawn here once
    curve = []
    for _ in range(epochs):
        total, _, _ = training_step(vae, optimizer, images, eps=eps)
        curve.append(total)
    return curve


def mended_run(vae: Any, optimizer: torch.optim.Optimizer, images: torch.Tensor, epochs: int) -> list[float]:
    """Exercise 5.4. `flawed_run` without its bug: copy it, find the bug, mend it.

    It is given the optimizer, takes `epochs` steps with all images (N, D), and returns the total of each. It is judged
    by the honest -ELBO of the VAE afterwards.
    """
    # TODO 5.4: the loop of flawed_run, mended
    raise NotImplementedError("Exercise 5.4: the loop of flawed_run, mended")


# Given: nothing below this line needs a change.


class JoinedVAE(nn.Module):
    """The parts that you wrote, joined. Its layers have the names that SimpleVAE gives them."""

    def __init__(self, input_dim: int = 256, hidden_dim: int = 128, latent_dim: int = 8) -> None:
        super().__init__()
        first, second = nn.Linear(input_dim, hidden_dim), nn.Linear(hidden_dim, hidden_dim)
        self.encoder = nn.Sequential(first, nn.ReLU(), second, nn.ReLU())
        self.fc_mu = nn.Linear(hidden_dim, latent_dim)
        self.fc_log_var = nn.Linear(hidden_dim, latent_dim)
        self.decoder_fc1 = nn.Linear(latent_dim, hidden_dim)
        self.decoder_fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.decoder_out = nn.Linear(hidden_dim, input_dim)

    def posterior(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        mine = attempt.beside(__file__, "reparameterization")
        found = mine.encode_distribution(self.encoder, self.fc_mu, self.fc_log_var, x)
        mu, log_var = attempt.returned("2.1 encode_distribution", found, tuple, list)
        return mu, log_var

    def reparameterize(
        self,
        mu: torch.Tensor,
        log_var: torch.Tensor,
        eps: torch.Tensor | None = None,
        generator: torch.Generator | None = None,
    ) -> torch.Tensor:
        z = attempt.beside(__file__, "reparameterization").reparameterize(mu, log_var, eps=eps, generator=generator)
        drawn: torch.Tensor = attempt.returned("2.3 reparameterize", z, torch.Tensor)
        return drawn

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        x_hat: torch.Tensor = attempt.returned(
            "1.2 decode", attempt.beside(__file__, "latent").SimpleVAE.decode(self, z), torch.Tensor
        )
        return x_hat

    def loss(
        self, x_hat: torch.Tensor, x: torch.Tensor, mu: torch.Tensor, log_var: torch.Tensor, beta: float = 1.0
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        found = attempt.beside(__file__, "kl").vae_loss(x_hat, x, mu, log_var, beta=beta)
        total, recon, kl = attempt.returned("4.4 vae_loss", found, tuple, list)
        return total, recon, kl


def show(curves: Mapping[str, Sequence[float]], floor: float, vae: JoinedVAE, x: torch.Tensor) -> Path:
    """Draws learning curves above the floor, and images with their reconstructions."""
    from course import figures

    with torch.no_grad():
        mu, _ = vae.posterior(x)
        pictures = torch.stack([x, vae.decode(mu)])  # (2, M, 256)
    return figures.save_training(curves, floor, pictures.reshape(2, -1, 16, 16).numpy(), "my_training.png")


def main() -> None:
    """Trains a VAE of your own parts, and looks at a loop that promises too much."""
    torch.manual_seed(0)
    x = torch.from_numpy(lines64().images)  # (64, 256)
    floor = math.log(len(x))
    vae = JoinedVAE()
    optimizer = torch.optim.SGD(vae.parameters(), lr=1e-3)
    terms = attempt.returned("5.1 training_step", training_step(vae, optimizer, x), tuple, list)
    total, recon, kl = (float(term) for term in terms)
    print(f"training_step  {total:7.2f} = {recon:.2f} + {kl:.2f} nats per image, of a VAE that knows nothing yet")
    honest = attempt.returned("5.2 negative_elbo", negative_elbo(vae, x))
    print(f"negative_elbo  {float(honest):7.2f} after one step; no VAE gets below ln {len(x)} = {floor:.2f}")
    trained = attempt.returned("5.3 train", train(JoinedVAE(), x), nn.Module)
    print(f"train          {float(negative_elbo(trained, x)):7.2f} after {STEPS} steps")
    curves = {}
    for name, run in (("flawed_run", flawed_run), ("mended_run", mended_run)):
        vae = JoinedVAE()
        curve = run(vae, torch.optim.RMSprop(vae.parameters(), lr=2e-3), x, 300)
        curves[name] = attempt.returned(f"5.4 {name}", curve, list, tuple)
        said, measured = float(curve[-1]), float(negative_elbo(vae, x))
        print(f"{name}     {said:7.2f} is what its last step reports; the honest -ELBO is {measured:.2f}")
    print(f"picture        {show(curves, floor, trained, x[::9])}: learning curves, and eight images as they come back")


if __name__ == "__main__":
    sys.exit(attempt.show(main, __file__, "training"))
