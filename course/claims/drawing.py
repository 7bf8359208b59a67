"""What lesson 12 says about drawings: what a VAE makes of images that it has never seen."""

from __future__ import annotations

import numpy as np
import torch
from torch import Generator, Tensor

from course.claims import explorer
from course.claims.base import Claim, Measure, at_least, at_most
from course.claims.baselines import DIFFERENCE, UNTRAINED, average_image, instead
from course.claims.statistics import lines
from course.explorer.encoders import encoder_layers
from course.models import VAE
from course.studies import unseen_patterns

__all__ = ["CLAIMS", "RUNS"]

_IMAGES = 2000
RUNS = {"small": explorer.RUNS["small"]}


@torch.no_grad()
def _mu_rounded(model: VAE, seed: int) -> float:
    """Largest change of an entry of mu, for images and noise, when the encoder's weights become float16."""
    x = torch.cat([lines(), unseen_patterns.noise(64, generator=Generator().manual_seed(seed))])
    *hidden, (head, offset) = [(weight.half().float(), bias.half().float()) for weight, bias in encoder_layers(model)]
    h = x
    for weight, bias in hidden:
        h = torch.relu(h @ weight.T + bias)
    mu = (h @ head.T + offset)[:, : model.latent_dim]
    return float((mu - model.encode(x)).abs().max())


def _one_pixel(model: VAE, _seed: int) -> float:
    own = np.repeat(np.arange(64), 256)
    return 100 * float((unseen_patterns.reconstructed_rows(model, unseen_patterns.one_flipped(lines())) == own).mean())


def _one_pixel_cost(model: VAE, _seed: int) -> float:
    return float(unseen_patterns.costs(model, unseen_patterns.one_flipped(lines()))[0].mean())


def _sixteen_pixels(model: VAE, seed: int) -> float:
    x = unseen_patterns.flipped(lines().repeat(50, 1), 16, generator=Generator().manual_seed(seed))
    return 100 * float((unseen_patterns.reconstructed_rows(model, x) == np.tile(np.arange(64), 50)).mean())


def _half_line_whole(model: VAE, _seed: int) -> float:
    halves, rows = unseen_patterns.half_lines()
    return 100 * float((unseen_patterns.reconstructed_rows(model, halves) == rows).mean())


def _half_line_valid(model: VAE, _seed: int) -> float:
    return 100 * float((unseen_patterns.reconstructed_rows(model, unseen_patterns.half_lines()[0]) >= 0).mean())


@torch.no_grad()
def _half_line_kept(model: VAE, _seed: int) -> float:
    halves, _ = unseen_patterns.half_lines()
    decodes = model.decode(model.encode(halves)) > 0.5
    return 100 * float((decodes == halves.bool()).all(dim=1).float().mean())


def _noise(seed: int) -> Tensor:
    return unseen_patterns.noise(_IMAGES, generator=Generator().manual_seed(seed))


def _noise_valid(model: VAE, seed: int) -> float:
    return 100 * float((unseen_patterns.reconstructed_rows(model, _noise(seed)) >= 0).mean())


def _cost(term: int, *, of_noise: bool) -> Measure:
    """Mean reconstruction (term 0) or KL (term 1)."""
    return lambda model, seed: float(unseen_patterns.costs(model, _noise(seed) if of_noise else lines())[term].mean())


_CLEAN_KL = instead("the 64 images themselves", measure=_cost(1, of_noise=False))
_CLEAN_COST = instead("the 64 images themselves", measure=_cost(0, of_noise=False))

CLAIMS = {
    "draw-rounded": Claim(
        "Largest change of an entry of mu, for the images and for noise, when the encoder is rounded to 16 bits.",
        ("small",), _mu_rounded, at_most(0.05), digits=4, baseline=DIFFERENCE,
    ),
    "draw-flip": Claim(
        "Images with one pixel flipped, all 64 x 256, whose decode at mu is the image before the flip, in every pixel.",
        ("small",), _one_pixel, at_least(99), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "draw-flip-cost": Claim(
        "Reconstruction at mu of images with one pixel flipped.",
        ("small",), _one_pixel_cost, at_least(20), unit="nats", digits=1, baseline=_CLEAN_COST,
    ),
    "draw-sixteen": Claim(
        "Reconstruction at mu of images with 16 pixels flipped, 50 times for each image.",
        ("small",), _sixteen_pixels, at_most(60), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "draw-half": Claim(
        "Lines with one half rubbed out whose decode at mu is the whole line, in every pixel.",
        ("small",), _half_line_whole, at_most(30), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "draw-half-valid": Claim(
        "Lines with one half rubbed out whose decode at mu is any image of the set.",
        ("small",), _half_line_valid, at_most(50), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "draw-half-kept": Claim(
        "Lines with one half rubbed out whose decode at mu is the half line as drawn.",
        ("small",), _half_line_kept, at_most(5), unit="%", digits=1, baseline=UNTRAINED,
    ),
    "draw-clean-kl": Claim(
        "KL of the 64 images as they are, without a pixel flipped.",
        ("small",), _cost(1, of_noise=False), at_least(4.5), unit="nats", baseline=UNTRAINED,
    ),
    "draw-noise-kl": Claim(
        "KL of noise, every pixel black or white by the toss of a coin.",
        ("small",), _cost(1, of_noise=True), at_most(8), unit="nats", baseline=_CLEAN_KL,
    ),
    "draw-clean-cost": Claim(
        "Reconstruction of the 64 images at mu.",
        ("small",), _cost(0, of_noise=False), at_most(0.3), unit="nats", baseline=average_image(),
    ),
    "draw-noise-cost": Claim(
        "Reconstruction at mu of noise, every pixel black or white by the toss of a coin.",
        ("small",), _cost(0, of_noise=True), at_least(1000), unit="nats", digits=0, baseline=_CLEAN_COST,
    ),
    "draw-noise-valid": Claim(
        "Noise whose decode at mu is an image of the set, in every pixel.",
        ("small",), _noise_valid, at_least(10), unit="%", digits=1, baseline=UNTRAINED,
    ),
}  # fmt: skip
