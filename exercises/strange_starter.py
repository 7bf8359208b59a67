"""Lesson 8, strange images: scores of an image, and how well a score tells strange images from usual ones.

Four parts are yours to write; each raises NotImplementedError until you do.
Run this file at any time to see how far you are. It needs the course: call it in the course's folder, with
its environment active (`source .venv/bin/activate`):

    python exercises/strange_starter.py
    pytest autograder -k strange

`pytest autograder --hint 8.1` shows a hint for part 8.1, one more each time.

Letters used here, as in every lesson: B images of D pixels in [0, 1]. A function works for any sizes of at least 1, and
leaves alone what it is given. A score is larger for what it holds to be stranger.
"""

from __future__ import annotations

import sys

import torch
from torch import nn

from course import attempt, checkpoints
from course.patterns import lines64


def squared_errors(x_hat: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Exercise 8.1. What a model gives back and the images, both (B, D) -> the squared error of each image, (B,).

    The squares are summed over pixels, and the images stay apart: each of them gets a score of its own.
    """
    # TODO 8.1: the square of each difference, summed over the pixels of an image
    raise NotImplementedError("Exercise 8.1: the square of each difference, summed over the pixels of an image")


def auroc(usual: torch.Tensor, strange: torch.Tensor) -> float:
    """Exercise 8.2. Scores (N,) of usual images and (M,) of strange ones -> how often the strange one is larger.

    Of all N * M pairs of a usual and a strange image, the share in which the strange one has the larger score; where
    both are equal, the pair counts one half. A number from 0 to 1; a score that tells nothing has 0.5.
    """
    # TODO 8.2: every strange score beside every usual one, and a share of pairs
    raise NotImplementedError("Exercise 8.2: every strange score beside every usual one, and a share of pairs")


def nearest_distance(x: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    """Exercise 8.3. Images (B, D) and known images (M, D) -> the distance of each to the nearest known one, (B,).

    The Euclidean distance: the root of the sum of squared differences. It is a score that needs no model, and so the
    rival of every model's score.
    """
    # TODO 8.3: the distance to each of the known images, and the smallest of them
    raise NotImplementedError("Exercise 8.3: the distance to each of the known images, and the smallest of them")


def grey_floor(x: torch.Tensor) -> torch.Tensor:
    """Exercise 8.4. Images (B, D) -> the nats that each costs if it is given back without any error, (B,).

    A pixel of value x costs its own entropy, -x log x - (1 - x) log(1 - x), and nothing where it is exactly 0 or 1.
    Summed over the pixels of an image.
    """
    # TODO 8.4: the entropy of each pixel, with 0 log 0 = 0, summed over an image
    raise NotImplementedError("Exercise 8.4: the entropy of each pixel, with 0 log 0 = 0, summed over an image")


# Given: nothing below this line needs a change.


def given_back(x: torch.Tensor) -> torch.Tensor:
    """What a VAE that was trained on `lines64` makes of images (B, 256), decoded from mu."""
    weights = checkpoints.starter_weights("lines64")
    h = x
    for name in ("encoder_fc1", "encoder_fc2", "fc_mu", "decoder_fc1", "decoder_fc2", "decoder_out"):
        h = nn.functional.linear(h, weights[f"{name}.weight"], weights[f"{name}.bias"])
        h = h if name in ("fc_mu", "decoder_out") else torch.relu(h)
    return torch.sigmoid(h)


def flipped(x: torch.Tensor, share: float, seed: int) -> torch.Tensor:
    """Images (B, 256) with a share of their pixels turned from black to white or back."""
    flips = torch.rand(x.shape, generator=torch.Generator().manual_seed(seed)) < share
    return (x - flips.float()).abs()


def strangers(x: torch.Tensor) -> dict[str, torch.Tensor]:
    """Images (64, 256) of each kind that is unlike usual ones, by name."""
    noise = torch.rand(x.shape, generator=torch.Generator().manual_seed(9))
    return {
        "one pixel in ten flipped": flipped(x, 0.1, seed=8),
        "blends of two images": (x + x.roll(17, dims=0)) / 2,
        "noise, black and white": (noise < x.mean()).float(),
        "paled to three tenths": 0.3 * x,
        "blank": torch.zeros_like(x),
    }


def show(images: list[torch.Tensor], path: str) -> None:
    """Draws images (256,) side by side."""
    from course import figures

    figures.save_strip([image.reshape(16, 16).numpy() for image in images], path)


def main() -> None:
    """Scores usual and strange images with a trained VAE and your functions."""
    clean = torch.from_numpy(lines64().images)  # (64, 256)
    usual, known = flipped(clean, 0.02, seed=1), flipped(clean, 0.02, seed=2)  # two lots of scans, with some dirt
    errors = attempt.returned("8.1 squared_errors", squared_errors(given_back(usual), usual), torch.Tensor)
    print(f"squared_errors    {float(errors.mean()):.1f} for usual images, on average")
    kinds = strangers(clean)
    show([images[3] for images in (usual, *kinds.values())], "my_strange.png")
    print("my_strange.png    a usual image, and one of each kind below")
    shares = {}
    for kind, images in kinds.items():
        found = auroc(errors, squared_errors(given_back(images), images))
        shares[kind] = attempt.returned("8.2 auroc", found, float)
        print(f"auroc             {shares[kind]:.2f} by the squared error: {kind}")
    distances = attempt.returned("8.3 nearest_distance", nearest_distance(usual, known), torch.Tensor)
    for kind, images in kinds.items():
        share = auroc(distances, nearest_distance(images, known))
        print(f"nearest_distance  {share:.2f} without a model, {shares[kind]:.2f} with it: {kind}")
    floor = attempt.returned("8.4 grey_floor", grey_floor(kinds["paled to three tenths"]), torch.Tensor)
    usually = float(grey_floor(usual).mean())
    print(f"grey_floor        {float(floor.mean()):.1f} nats for a paled image, {usually:.1f} for a usual one")


if __name__ == "__main__":
    sys.exit(attempt.show(main, __file__, "strange"))
