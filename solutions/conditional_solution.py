"""Lesson 11, labels: labels as vectors, conditioning, conditional samples, the branched loss.

# starter: Four parts are yours to write; each raises NotImplementedError until you do.
# starter: Run this file at any time to see how far you are. It needs the course: call it in the course's folder, with
# starter: its environment active (`source .venv/bin/activate`):
# starter:
# starter:     python exercises/conditional_starter.py
# starter:     pytest autograder -k conditional
# starter:
# starter: `pytest autograder --hint 11.1` shows a hint for part 11.1, one more each time.

Letters used here, as in every lesson: B images of D pixels, Z latent dimensions, C classes. A function works for any
sizes of at least 1, and leaves alone what it is given: its inputs, a decoder and its train or eval mode, gradient
mode, the seed of the random numbers. Random numbers come from `generator` if there is one, else from torch's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from course import attempt
from course.patterns import TYPES, lines64


def one_hot(labels: torch.Tensor, num_classes: int) -> torch.Tensor:
    """Exercise 11.1. Labels (B,), integers from 0 to C - 1 -> (B, C): a 1 in the column of the label, else 0.

    The labels may have any integer type (Fashion-MNIST stores bytes); the result has torch's default float type, as
    what a linear layer reads. A class that no label names still has its column.
    """
    # todo 11.1: one row for each label, with a single 1 in it
    return torch.eye(num_classes)[labels.long()]  # (B, C)
    # done


def condition(x: torch.Tensor, labels: torch.Tensor, num_classes: int) -> torch.Tensor:
    """Exercise 11.2. Vectors (B, D) and labels (B,) -> (B, D + C): each vector, followed by its one-hot label.

    Encoder and decoder of a conditional model both read such rows: images with labels, latent vectors with labels.
    """
    # todo 11.2: x first, then the label
    return torch.cat([x, one_hot(labels, num_classes)], dim=1)  # (B, D + C)
    # done


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
    # todo 11.3: z from the prior, the same label for every row, and the decoder on both
    z = torch.randn(num_samples, latent_dim, generator=generator)  # (num_samples, Z)
    return decoder(condition(z, torch.full((num_samples,), label), num_classes))
    # done


def branched_loss(
    recon: torch.Tensor, kl: torch.Tensor, logits: torch.Tensor, labels: torch.Tensor, beta: float, gamma: float
) -> torch.Tensor:
    """Exercise 11.4. The loss of a VAE with a second branch that classifies: a scalar, nats per image.

    recon + beta * kl + gamma * cross-entropy. recon and kl are scalars already, averaged over images; the
    cross-entropy is that of the logits (B, C), before any softmax, with the labels (B,), averaged over images.
    """
    # todo 11.4: the cross-entropy, and the weighted sum of all three
    return recon + beta * kl + gamma * nn.functional.cross_entropy(logits, labels)  # scalar
    # done


# Given: nothing below this line needs a change.


class StandIn(nn.Module):
    """Not a trained model: a stand-in for a decoder, which looks its image up and lets z shift the brightness.

    It reads rows [z, one-hot label] as a trained conditional decoder does, so that what you see is decided by the
    label that your code puts there.
    """

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("prototypes", torch.from_numpy(lines64().prototypes()))  # (4, 256)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Rows (B, Z + 4) -> images (B, 256)."""
        z, label = rows[:, : -len(TYPES)], rows[:, -len(TYPES) :]
        prototypes: torch.Tensor = self.get_buffer("prototypes")
        return (label @ prototypes) * torch.sigmoid(1 + z.mean(dim=1, keepdim=True))


def show(images: torch.Tensor, path: str) -> Path:
    """Draws images (S, 256) side by side into a picture and returns its path."""
    from course import figures

    return figures.save_strip(list(images.detach().reshape(-1, 16, 16).numpy()), path)


def main() -> None:
    """Labels the patterns, draws one type from a stand-in decoder, and adds up a loss, with your functions."""
    patterns, generator = lines64(), torch.Generator().manual_seed(0)
    x, labels = torch.from_numpy(patterns.images[::9]), torch.from_numpy(patterns.labels[::9])  # (8, 256), (8,)
    rows = attempt.returned("11.1 one_hot", one_hot(labels, len(TYPES)), torch.Tensor)
    print(f"one_hot       {TYPES[int(labels[0])]} -> {rows[0].tolist()}")
    both = attempt.returned("11.2 condition", condition(x, labels, len(TYPES)), torch.Tensor)
    print(f"condition     images {tuple(x.shape)} -> {tuple(both.shape)}")
    kind = TYPES.index("cross")
    drawn = conditional_sample(StandIn(), kind, 6, 2, len(TYPES), generator=generator)
    images = attempt.returned("11.3 conditional_sample", drawn, torch.Tensor)
    print(
        f"sample        {show(images, 'my_conditional.png')}: {len(images)} of type {TYPES[kind]}; z is the brightness"
    )
    print("              (from a stand-in decoder that was never trained; the lesson trains a real one)")
    guess = torch.zeros(len(labels), len(TYPES))  # (8, 4): logits of a branch that knows nothing
    nothing = torch.zeros(())
    loss = attempt.returned("11.4 branched_loss", branched_loss(nothing, nothing, guess, labels, beta=1.0, gamma=1.0))
    floor = float(torch.tensor(len(TYPES)).log())
    print(f"branched_loss {float(loss):.4f} nats for guessing among {len(TYPES)} types; ln {len(TYPES)} is {floor:.4f}")


if __name__ == "__main__":
    sys.exit(attempt.show(main, __file__, "conditional"))
