"""Lesson 11, labels: labels as vectors, conditioning, conditional samples, the branched loss.

Four parts are yours to write; each raises NotImplementedError until you do.
Run this file at any time to see how far you are. It needs the course: call it in the course's folder, with
its environment active (`source .venv/bin/activate`):

    python exercises/conditional_starter.py
    pytest autograder -k conditional

`pytest autograder --hint 11.1` shows a hint for part 11.1, one more each time.

Letters used here, as in every lesson: B images of D pixels, Z latent dimensions, C classes. A function works for any
sizes of at least 1, and leaves alone what it is given: its inputs, a decoder and its train or eval mode, gradient
mode, the seed of the random numbers. Random numbers come from `generator` if there is one, else from torch's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from course import attempt
from course.patterns import TYPES, lines64, nearest

LATENT_DIM = 4
STEPS = 2000


def one_hot(labels: torch.Tensor, num_classes: int) -> torch.Tensor:
    """Exercise 11.1. Labels (B,), integers from 0 to C - 1 -> (B, C): a 1 in the column of the label, else 0.

    The labels may have any integer type (Fashion-MNIST stores bytes); the result has torch's default float type, as
    what a linear layer reads. A class that no label names still has its column.
    """
    # TODO 11.1: one row for each label, with a single 1 in it
    raise NotImplementedError("Exercise 11.1: one row for each label, with a single 1 in it")


def condition(x: torch.Tensor, labels: torch.Tensor, num_classes: int) -> torch.Tensor:
    """Exercise 11.2. Vectors (B, D) and labels (B,) -> (B, D + C): each vector, followed by its one-hot label.

    Encoder and decoder of a conditional model both read such rows: images with labels, latent vectors with labels.
    """
    # TODO 11.2: x first, then the label
    raise NotImplementedError("Exercise 11.2: x first, then the label")


def conditional_sample(
    decoder: Callable[[torch.Tensor], torch.Tensor],
    label: int,
    num_samples: int,
    latent_dim: int,
    num_classes: int,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Exercise 11.3. num_samples new images of one class, from the prior N(0, I) and the label.

    The decoder is called once, on one tensor (num_samples, Z + C) = [z, one-hot label], and what it returns is
    returned as it is.
    """
    # TODO 11.3: z from the prior, the same label for every row, and the decoder on both
    raise NotImplementedError("Exercise 11.3: z from the prior, the same label for every row, and the decoder on both")


def branched_loss(
    recon: torch.Tensor, kl: torch.Tensor, logits: torch.Tensor, labels: torch.Tensor, beta: float, gamma: float
) -> torch.Tensor:
    """Exercise 11.4. The loss of a VAE with a second branch that classifies: a scalar, nats per image.

    recon + beta * kl + gamma * cross-entropy. recon and kl are scalars already, averaged over images; the
    cross-entropy is that of the logits (B, C), before any softmax, with the labels (B,), averaged over images.
    """
    # TODO 11.4: the cross-entropy, and the weighted sum of all three
    raise NotImplementedError("Exercise 11.4: the cross-entropy, and the weighted sum of all three")


# Given: nothing below this line needs a change.


class TypedVAE(nn.Module):
    """A small conditional VAE of `lines64`: encoder and decoder read the rows that your `condition` makes."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(256 + len(TYPES), 64), nn.ReLU(), nn.Linear(64, 2 * LATENT_DIM))
        self.decoder = nn.Sequential(
            nn.Linear(LATENT_DIM + len(TYPES), 64), nn.ReLU(), nn.Linear(64, 256), nn.Sigmoid()
        )

    def loss(self, x: torch.Tensor, labels: torch.Tensor, beta: float) -> torch.Tensor:
        """Images (B, 256) with labels (B,) -> reconstruction + beta * KL, nats per image."""
        mu, log_var = self.encoder(condition(x, labels, len(TYPES))).chunk(2, dim=1)  # (B, Z), (B, Z)
        z = mu + (0.5 * log_var).exp() * torch.randn_like(mu)
        x_hat = self.decoder(condition(z, labels, len(TYPES)))  # (B, 256)
        recon = nn.functional.binary_cross_entropy(x_hat, x, reduction="sum") / len(x)
        kl = (mu.square() + log_var.exp() - log_var - 1).sum() / 2 / len(x)
        total: torch.Tensor = recon + beta * kl
        return total


def train(vae: Any, x: torch.Tensor, labels: torch.Tensor) -> None:
    """Trains for STEPS steps, with a weight of the KL that falls from 4 to 1 over the first half of them."""
    optimizer = torch.optim.Adam(vae.parameters(), lr=0.01)
    for step in range(STEPS):
        optimizer.zero_grad()
        vae.loss(x, labels, beta=max(1.0, 4 - 6 * step / STEPS)).backward()
        optimizer.step()
        if (step + 1) % (STEPS // 4) == 0:
            print(f"train         step {step + 1} of {STEPS}", flush=True)


@torch.no_grad()
def draws(vae: TypedVAE) -> list[torch.Tensor]:
    """A hundred draws (100, 256) of each type from your `conditional_sample`, in the order of TYPES."""
    generator = torch.Generator().manual_seed(0)
    found = []
    for kind in range(len(TYPES)):
        drawn = conditional_sample(vae.decoder, kind, 100, LATENT_DIM, len(TYPES), generator=generator)
        found.append(attempt.returned("11.3 conditional_sample", drawn, torch.Tensor))
    return found


def obeyed(images: list[torch.Tensor]) -> list[float]:
    """The share of each type's draws that are of this type: the nearest of the 64 images of `lines64` says so."""
    known = lines64()
    rows = [nearest(drawn.numpy(), known.images)[0] for drawn in images]  # (100,) each
    return [float((known.labels[row] == kind).mean()) for kind, row in enumerate(rows)]


def show(images: list[torch.Tensor], path: str) -> Path:
    """Draws images (256,) side by side into a picture and returns its path."""
    from course import figures

    return figures.save_strip([image.reshape(16, 16).numpy() for image in images], path)


def main() -> None:
    """Labels the patterns, trains a conditional VAE, asks it for each type, and adds up a loss, with your functions."""
    torch.manual_seed(0)
    patterns, chance = lines64(), 1 / len(TYPES)
    x, labels = torch.from_numpy(patterns.images), torch.from_numpy(patterns.labels)  # (64, 256), (64,)
    rows = attempt.returned("11.1 one_hot", one_hot(labels, len(TYPES)), torch.Tensor)
    print(f"one_hot       {TYPES[int(labels[0])]} -> {rows[0].tolist()}")
    both = attempt.returned("11.2 condition", condition(x, labels, len(TYPES)), torch.Tensor)
    print(f"condition     images {tuple(x.shape)} -> {tuple(both.shape)}")
    vae = TypedVAE()
    before = obeyed(draws(vae))
    print(f"sample        {sum(before) / len(before):.0%} of draws are of the type asked for; nothing is learned yet")
    train(vae, x, labels)
    images = draws(vae)
    for name, share in zip(TYPES, obeyed(images), strict=True):
        print(f"sample        asked for {name:10}  obtained {share:4.0%}, where a guess is right in {chance:.0%}")
    path = show([drawn[i] for drawn in images for i in range(2)], "my_conditional.png")
    print(f"sample        {path}: two draws of each type, {', '.join(TYPES)}")
    guess = torch.zeros(len(labels), len(TYPES))  # (64, 4): logits of a branch that knows nothing
    nothing = torch.zeros(())
    loss = attempt.returned("11.4 branched_loss", branched_loss(nothing, nothing, guess, labels, beta=1.0, gamma=1.0))
    floor = float(torch.tensor(len(TYPES)).log())
    print(f"branched_loss {float(loss):.4f} nats for guessing among {len(TYPES)} types; ln {len(TYPES)} is {floor:.4f}")


if __name__ == "__main__":
    sys.exit(attempt.show(main, __file__, "conditional"))
