"""Lesson 7, autoencoder against VAE: new images from a density that is fitted to codes.

Four parts are yours to write; each raises NotImplementedError until you do.
Run this file at any time to see how far you are. It needs the course: call it in the course's folder, with
its environment active (`source .venv/bin/activate`):

    python exercises/sampling_starter.py
    pytest autograder -k sampling

`pytest autograder --hint 7.1` shows a hint for part 7.1, one more each time.

Letters used here, as in every lesson: N images of a data set, each of D pixels, and Z latent dimensions. A code is what
an encoder makes of an image: a vector of Z numbers. A function works for any sizes of at least 1, and leaves alone what
it is given.

Randomness is an argument here. Where a function takes a `generator`, it draws from it alone, so that the same seed
gives the same draw; without one (None) it draws from torch's global random numbers. No function seeds anything.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from course import attempt, checkpoints
from course.patterns import lines64


def fit_gaussian(codes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Exercise 7.1. Codes (N, Z) with N > Z -> (mean, covariance), (Z,) and (Z, Z), of the Gaussian that fits them.

    Entry [i, j] of the covariance is the sum over images of (z_i - mean_i) (z_j - mean_j), divided by N - 1.
    """
    # TODO 7.1: the mean over images, and how any two dimensions vary together
    raise NotImplementedError("Exercise 7.1: the mean over images, and how any two dimensions vary together")


def draw_codes(
    mean: torch.Tensor, covariance: torch.Tensor, num_samples: int, generator: torch.Generator | None = None
) -> torch.Tensor:
    """Exercise 7.2. Mean (Z,) and covariance (Z, Z) -> num_samples draws from that Gaussian, (num_samples, Z).

    The covariance is symmetric and positive definite, so that there is a matrix L with covariance = L L^T. If eps comes
    from N(0, I), then mean + L eps comes from N(mean, covariance). Each sample has noise of its own.
    """
    # TODO 7.2: noise, turned and stretched by a factor of the covariance, and moved
    raise NotImplementedError("Exercise 7.2: noise, turned and stretched by a factor of the covariance, and moved")


def new_images(
    encode: Callable[[torch.Tensor], torch.Tensor],
    decode: Callable[[torch.Tensor], torch.Tensor],
    images: torch.Tensor,
    num_samples: int,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Exercise 7.3. Images (N, D) -> num_samples new ones, from a Gaussian that is fitted to the codes of the images.

    `encode` takes images to codes, `decode` codes to images. Both are called once, on one tensor, and what `decode`
    returns is returned as it is.
    """
    # TODO 7.3: from images to codes, to a Gaussian, to new codes, to new images
    raise NotImplementedError("Exercise 7.3: from images to codes, to a Gaussian, to new codes, to new images")


def share_beyond(distances: torch.Tensor, usual: torch.Tensor, quantile: float = 0.95) -> float:
    """Exercise 7.4. Distances (N,), and usual ones (M,) -> the share of the distances that are above a limit.

    The limit is a quantile of the usual distances: 0.95 is the value that 95 % of them stay below. Between two of the
    sorted usual distances the quantile goes along a straight line, as that of torch and numpy does by default.
    """
    # TODO 7.4: a limit from the usual distances alone, and how often it is exceeded
    raise NotImplementedError("Exercise 7.4: a limit from the usual distances alone, and how often it is exceeded")


# Given: nothing below this line needs a change.


class Trained:
    """A VAE that was trained on `lines64`."""

    def __init__(self) -> None:
        self.weights = checkpoints.starter_weights("lines64")

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        """Images (N, 256) -> the mean mu of each posterior, (N, Z)."""
        return self._through(x, "encoder_fc1", "encoder_fc2", "fc_mu")

    def noisy(self, x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """Images (N, 256) -> a draw from each posterior, (N, Z): what the decoder was trained with."""
        mu, log_var = self.encode(x), self._through(x, "encoder_fc1", "encoder_fc2", "fc_log_var")
        return mu + torch.exp(0.5 * log_var) * torch.randn(mu.shape, generator=generator)

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        """Codes (N, Z) -> images (N, 256)."""
        return torch.sigmoid(self._through(z, "decoder_fc1", "decoder_fc2", "decoder_out"))

    def _through(self, x: torch.Tensor, *names: str) -> torch.Tensor:
        for name in names:
            x = nn.functional.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])
            x = x if name == names[-1] else torch.relu(x)
        return x


def distances(images: torch.Tensor, patterns: torch.Tensor) -> torch.Tensor:
    """How far images (N, 256) are from the nearest pattern, (N,)."""
    return torch.cdist(images, patterns).amin(dim=1)


def valid(images: torch.Tensor, patterns: torch.Tensor) -> float:
    """The share of images (N, 256) that are a pattern in every pixel, if each is rounded to black or white."""
    return float((distances(images.round(), patterns) == 0).double().mean())


def save_images(images: torch.Tensor, path: str) -> Path:
    """Draws images (N, 256) side by side into a picture and returns its path."""
    from course import figures

    return figures.save_strip(list(images.reshape(-1, 16, 16).numpy()), path)


def main() -> None:
    """Fits a Gaussian to the codes of a trained VAE and draws new images from it, with your functions."""
    model, patterns = Trained(), torch.from_numpy(lines64().images)  # (64, 256)
    generator, count = torch.Generator().manual_seed(0), 1000
    mean, covariance = attempt.returned("7.1 fit_gaussian", fit_gaussian(model.encode(patterns)), tuple, list)
    spreads = " ".join(f"{spread:.2f}" for spread in covariance.diagonal().sqrt().tolist())
    print(f"fit_gaussian   spread of each dimension: {spreads}")
    codes = attempt.returned("7.2 draw_codes", draw_codes(mean, covariance, count, generator), torch.Tensor)
    shown = " ".join(f"{value:.2f}" for value in codes[0].tolist())
    print(f"draw_codes     a new code: {shown}")
    drawn = new_images(model.encode, model.decode, patterns, count, generator)
    images = attempt.returned("7.3 new_images", drawn, torch.Tensor)
    print(f"new_images     {valid(images, patterns):.0%} of {count} are one of the {len(patterns)} patterns")
    prior = model.decode(torch.randn(codes.shape, generator=generator))
    usual = model.decode(model.noisy(patterns.repeat(16, 1), generator))  # (1024, 256)
    print(f"               {valid(prior, patterns):.0%} if codes come from N(0, I), to which the KL has pulled them")
    print(f"               {valid(usual, patterns):.0%} if they come from the posteriors, near the codes of patterns")
    print(f"               {save_images(torch.cat([images[:6], prior[:6]]), 'my_sampling.png')}: 6 new, 6 of N(0, I)")
    limit = distances(usual, patterns)
    for name, decoded in (("new images", images), ("draws from N(0, I)", prior)):
        share = attempt.returned("7.4 share_beyond", share_beyond(distances(decoded, patterns), limit), float)
        print(f"share_beyond   {share:.0%} of {name} are further from all patterns than 95 % of usual images")


if __name__ == "__main__":
    sys.exit(attempt.show(main, __file__, "sampling"))
