"""Lesson 4: mistakes with the reconstruction, the KL, its dimensions, the loss and the warm-up.

Each function is the part's function with something wrong in it, which is the point; its docstring is the question that
a tutor would ask. Unused arguments are part of some mistakes.
"""

# ruff: noqa: ARG001

from __future__ import annotations

import math
from typing import Any

import torch
from torch.nn import functional

from autograder.misconceptions import Names

MISTAKES = mistake = Names()

RECONSTRUCTION, CLOSED, DIMENSION = "reconstruction", "the-closed-form", "per-dimension"
LOSS, WARM_UP = "the-loss", "warm-up"


def _nats(x_hat: Any, x: Any) -> torch.Tensor:
    return functional.binary_cross_entropy(x_hat, x, reduction="none")  # (B, D)


def _terms(mu: torch.Tensor, log_var: torch.Tensor) -> torch.Tensor:
    return 0.5 * (mu.square() + torch.expm1(log_var) - log_var)  # (B, Z)


# 4.1 reconstruction_loss


@mistake("4.1", "averaged over pixels as well", RECONSTRUCTION)
def reconstruction_mean(x_hat: Any, x: Any) -> Any:
    """How many nats does one whole image cost, and how many one of its pixels? Which of the two do you return? If
    every image were twice as large, should the number grow?
    """
    return _nats(x_hat, x).mean()


@mistake("4.1", "summed over images as well", RECONSTRUCTION)
def reconstruction_sum(x_hat: Any, x: Any) -> Any:
    """Repeat every image of a batch once: should the loss per image double? Does yours?"""
    return _nats(x_hat, x).sum()


@mistake("4.1", "one number for each image", RECONSTRUCTION)
def reconstruction_per_image(x_hat: Any, x: Any) -> Any:
    """What is the shape of your result? What makes one number of B numbers that is still per image?"""
    return _nats(x_hat, x).sum(1)


@mistake("4.1", "one number for each pixel", RECONSTRUCTION)
def reconstruction_per_pixel(x_hat: Any, x: Any) -> Any:
    """What is the shape of your result, and what does the lesson sum and average?"""
    return _nats(x_hat, x)


@mistake("4.1", "squared error", RECONSTRUCTION)
def reconstruction_squared(x_hat: Any, x: Any) -> Any:
    """Which distribution of a pixel belongs to a squared error, and which one to pixels that are on or off?"""
    return (x_hat - x).square().sum(1).mean()


@mistake("4.1", "squared error, averaged over pixels", RECONSTRUCTION)
def reconstruction_mse(x_hat: Any, x: Any) -> Any:
    """Is a squared error a number of nats? And by how many pixels does your mean divide it?"""
    return functional.mse_loss(x_hat, x)


@mistake("4.1", "absolute error", RECONSTRUCTION)
def reconstruction_absolute(x_hat: Any, x: Any) -> Any:
    """How surprised should you be by a white pixel that was given the probability 0.01: by 0.99, or by more?"""
    return (x_hat - x).abs().sum(1).mean()


@mistake("4.1", "the arguments are swapped", RECONSTRUCTION)
def reconstruction_swapped(x_hat: Any, x: Any) -> Any:
    """Which of the two images is the prediction, inside the logarithm, and which is the true image, in front of it?"""
    return _nats(x, x_hat).sum(1).mean()


@mistake("4.1", "probabilities taken for logits", RECONSTRUCTION)
def reconstruction_logits(x_hat: Any, x: Any) -> Any:
    """x_hat has been through a sigmoid. What does a function that is named after logits do to it first?"""
    return functional.binary_cross_entropy_with_logits(x_hat, x, reduction="none").sum(1).mean()


@mistake("4.1", "the sign is wrong", RECONSTRUCTION)
def reconstruction_sign(x_hat: Any, x: Any) -> Any:
    """Is the logarithm of a probability positive or negative? Which sign should a surprise have?"""
    return -_nats(x_hat, x).sum(1).mean()


@mistake("4.1", "black pixels cost nothing", RECONSTRUCTION)
def reconstruction_white_only(x_hat: Any, x: Any) -> Any:
    """What does your loss give for a decoder that answers white everywhere? Which term is about black pixels?"""
    return -(x * torch.log(x_hat.clamp_min(1e-38))).sum(1).mean()


@mistake("4.1", "the logarithm of zero", RECONSTRUCTION)
def reconstruction_log_zero(x_hat: Any, x: Any) -> Any:
    """What is 0 times the logarithm of 0 for torch? What does your loss give where x_hat is exactly 0 or 1?"""
    return -(x * torch.log(x_hat) + (1 - x) * torch.log(1 - x_hat)).sum(1).mean()


@mistake("4.1", "the gradient is cut off", RECONSTRUCTION)
def reconstruction_detached(x_hat: Any, x: Any) -> Any:
    """Training follows the gradient of this number. Where does yours stop: at an .item(), a detach, a no_grad?"""
    return _nats(x_hat, x).sum(1).mean().item()


@mistake("4.1", "everything counted twice", RECONSTRUCTION)
def reconstruction_twice(x_hat: Any, x: Any) -> Any:
    """Yours is twice the right number. Is anything counted twice: both terms of each pixel, or both classes?"""
    return 2 * _nats(x_hat, x).sum(1).mean()


@mistake("4.1", "logarithms to base two", RECONSTRUCTION)
def reconstruction_bits(x_hat: Any, x: Any) -> Any:
    """In which unit does the lesson count, and to which base is its logarithm?"""
    return _nats(x_hat, x).sum(1).mean() / math.log(2)


@mistake("4.1", "256 pixels taken for granted", RECONSTRUCTION)
def reconstruction_fixed(x_hat: Any, x: Any) -> Any:
    """Which number in your line is a size of the lesson's images? What does your loss give for images of 7 pixels?"""
    return 256 * _nats(x_hat, x).mean()


@mistake("4.1", "sum and mean trade places", RECONSTRUCTION)
def reconstruction_trade(x_hat: Any, x: Any) -> Any:
    """Over which of the two axes do you sum, and over which do you average? Which of them belongs to one image?"""
    return _nats(x_hat, x).mean(1).sum()


@mistake("4.1", "averaged over pixels, one number for each image", RECONSTRUCTION)
def reconstruction_image_means(x_hat: Any, x: Any) -> Any:
    """How many numbers do you return, and how many nats does an image cost: the mean of its pixels, or their sum?"""
    return _nats(x_hat, x).mean(1)


@mistake("4.1", "one number for each place, averaged over images", RECONSTRUCTION)
def reconstruction_pixel_means(x_hat: Any, x: Any) -> Any:
    """Your result has a number for each place in the image. Which axis is still there, and what should happen to it?"""
    return _nats(x_hat, x).mean(0)


@mistake("4.1", "one number for each place, summed over images", RECONSTRUCTION)
def reconstruction_pixel_sums(x_hat: Any, x: Any) -> Any:
    """Which axis did your sum take away: the one that counts pixels, or the one that counts images?"""
    return _nats(x_hat, x).sum(0)


@mistake("4.1", "x rounded to black and white", RECONSTRUCTION)
def reconstruction_rounded(x_hat: Any, x: Any) -> Any:
    """What does your loss give for a pixel of x that is 0.4? A grey pixel is partly on: where do you round it?"""
    return _nats(x_hat, (x > 0.5).to(x.dtype)).sum(1).mean()


# 4.2 kl_divergence


@mistake("4.2", "averaged over dimensions", CLOSED)
def kl_mean(mu: Any, log_var: Any) -> Any:
    """Add ten dimensions to a posterior that all say something: should its KL grow? Does yours?"""
    return _terms(mu, log_var).mean(1)


@mistake("4.2", "summed over everything", CLOSED)
def kl_sum(mu: Any, log_var: Any) -> Any:
    """How many numbers does your result have, and how many images came in? Which axis should be left?"""
    return _terms(mu, log_var).sum()


@mistake("4.2", "averaged over everything", CLOSED)
def kl_mean_all(mu: Any, log_var: Any) -> Any:
    """How many numbers does your result have, and how many images came in? And what should be summed, not averaged?"""
    return _terms(mu, log_var).mean()


@mistake("4.2", "averaged over images already", CLOSED)
def kl_scalar(mu: Any, log_var: Any) -> Any:
    """Your number is right for the batch as a whole. How many numbers should there be for B images?"""
    return _terms(mu, log_var).sum(1).mean()


@mistake("4.2", "the wrong axis", CLOSED)
def kl_axis(mu: Any, log_var: Any) -> Any:
    """Your result has a number for each dimension. Which axis of (B, Z) holds the images, and which one goes away?"""
    return _terms(mu, log_var).sum(0)


@mistake("4.2", "not summed", CLOSED)
def kl_unsummed(mu: Any, log_var: Any) -> Any:
    """What is the shape of your result? What happens to the KLs of independent dimensions of one image?"""
    return _terms(mu, log_var)


@mistake("4.2", "the sign is wrong", CLOSED)
def kl_sign(mu: Any, log_var: Any) -> Any:
    """Can a KL be negative? Which sign stands before the bracket in your form of it?"""
    return -_terms(mu, log_var).sum(1)


@mistake("4.2", "the one half is missing", CLOSED)
def kl_half(mu: Any, log_var: Any) -> Any:
    """Yours is the right number times a constant, on every input. Which factor stands before the bracket?"""
    return 2 * _terms(mu, log_var).sum(1)


@mistake("4.2", "the 1 is missing", CLOSED)
def kl_one(mu: Any, log_var: Any) -> Any:
    """What does your function give for mu = 0 and log_var = 0, where both Gaussians are the same?"""
    return 0.5 * (mu.square() + torch.exp(log_var) - log_var).sum(1)


@mistake("4.2", "mu is not squared", CLOSED)
def kl_mu(mu: Any, log_var: Any) -> Any:
    """Should a Gaussian at -2 be nearer to the prior than one at +2? What makes the two alike?"""
    return 0.5 * (mu + torch.expm1(log_var) - log_var).sum(1)


@mistake("4.2", "the absolute value of mu", CLOSED)
def kl_absolute(mu: Any, log_var: Any) -> Any:
    """A Gaussian twice as far from the prior: does its distance in nats double, or does it grow faster?"""
    return 0.5 * (mu.abs() + torch.expm1(log_var) - log_var).sum(1)


@mistake("4.2", "the variance is squared", CLOSED)
def kl_squared_variance(mu: Any, log_var: Any) -> Any:
    """What is exp(log_var) already? Does it have to be squared again?"""
    return 0.5 * (mu.square() + torch.expm1(2 * log_var) - log_var).sum(1)


@mistake("4.2", "log_var taken for the logarithm of sigma", CLOSED)
def kl_log_sigma(mu: Any, log_var: Any) -> Any:
    """log_var is the logarithm of sigma squared. Which of your terms treat it as the logarithm of sigma?"""
    return 0.5 * (mu.square() + torch.expm1(2 * log_var) - 2 * log_var).sum(1)


@mistake("4.2", "sigma in place of the variance", CLOSED)
def kl_sigma(mu: Any, log_var: Any) -> Any:
    """Which power of sigma stands in the closed form? What is exp(log_var / 2), and what is exp(log_var)?"""
    return 0.5 * (mu.square() + torch.expm1(0.5 * log_var) - log_var).sum(1)


@mistake("4.2", "the exponential is missing", CLOSED)
def kl_no_exp(mu: Any, log_var: Any) -> Any:
    """After adding up the terms, does your result depend on log_var at all? What turns log_var into a variance?"""
    return 0.5 * (mu.square() + log_var - log_var - 1).sum(1)


@mistake("4.2", "the reversed KL", CLOSED)
def kl_reversed(mu: Any, log_var: Any) -> Any:
    """A KL is not symmetric. It averages over draws from one of the two Gaussians: from which one?"""
    return 0.5 * ((mu.square() + 1) * torch.exp(-log_var) - 1 + log_var).sum(1)


@mistake("4.2", "mu is left out", CLOSED)
def kl_no_mu(mu: Any, log_var: Any) -> Any:
    """Move a posterior away from the origin: does your KL notice?"""
    return 0.5 * (torch.expm1(log_var) - log_var).sum(1)


@mistake("4.2", "only mu counts", CLOSED)
def kl_only_mu(mu: Any, log_var: Any) -> Any:
    """Make a posterior ten times as narrow: does your KL notice?"""
    return 0.5 * mu.square().sum(1)


@mistake("4.2", "a bracket is missing", CLOSED)
def kl_bracket(mu: Any, log_var: Any) -> Any:
    """Which of the four terms does the factor -0.5 reach in your line, and which of them should it reach?"""
    return (-0.5 * 1 + log_var - mu.square() - torch.exp(log_var)).sum(1)


@mistake("4.2", "the sign of log_var", CLOSED)
def kl_log_sign(mu: Any, log_var: Any) -> Any:
    """For mu = 0, at which log_var is your KL smallest? Where should it be smallest?"""
    return 0.5 * (mu.square() + torch.expm1(log_var) + log_var).sum(1)


@mistake("4.2", "log_var is left out", CLOSED)
def kl_no_log(mu: Any, log_var: Any) -> Any:
    """Let the posterior shrink to a point: what should happen to its KL, and which term makes that happen?"""
    return 0.5 * (mu.square() + torch.expm1(log_var)).sum(1)


@mistake("4.2", "the gradient is cut off", CLOSED)
def kl_detached(mu: Any, log_var: Any) -> Any:
    """Training pulls mu and log_var towards the prior by the gradient of this number. Where does yours stop?"""
    return _terms(mu, log_var).sum(1).detach()


@mistake("4.2", "halved twice", CLOSED)
def kl_quarter(mu: Any, log_var: Any) -> Any:
    """Yours is half of the right number, on every input. How often do you halve the bracket?"""
    return 0.5 * _terms(mu, log_var).sum(1)


@mistake("4.2", "the gradient of the variance is cut off", CLOSED)
def kl_variance_detached(mu: Any, log_var: Any) -> Any:
    """Your numbers are right. Which of your terms with log_var has no gradient? Is one of them detached?"""
    return 0.5 * (mu.square() + torch.expm1(log_var).detach() - log_var).sum(1)


# 4.3 kl_per_dimension and active_units


@mistake("4.3", "one number for each image", DIMENSION, of="kl_per_dimension")
def per_dimension_images(mu: Any, log_var: Any) -> Any:
    """Your result has one number for each image. Which axis should be left this time?"""
    return _terms(mu, log_var).sum(1)


@mistake("4.3", "averaged over dimensions instead of images", DIMENSION, of="kl_per_dimension")
def per_dimension_axis(mu: Any, log_var: Any) -> Any:
    """How many numbers do you return, and how many dimensions are there? Which axis did your mean take away?"""
    return _terms(mu, log_var).mean(1)


@mistake("4.3", "summed over images", DIMENSION, of="kl_per_dimension")
def per_dimension_sum(mu: Any, log_var: Any) -> Any:
    """Repeat every image of a batch once: should the KL of a dimension double?"""
    return _terms(mu, log_var).sum(0)


@mistake("4.3", "not averaged", DIMENSION, of="kl_per_dimension")
def per_dimension_all(mu: Any, log_var: Any) -> Any:
    """What is the shape of your result, and what should happen to the images?"""
    return _terms(mu, log_var)


@mistake("4.3", "one number for everything", DIMENSION, of="kl_per_dimension")
def per_dimension_mean(mu: Any, log_var: Any) -> Any:
    """Which dimension is your one number about? How many numbers are asked for?"""
    return _terms(mu, log_var).sum(1).mean()


@mistake("4.3", "the one half is missing", DIMENSION, of="kl_per_dimension")
def per_dimension_half(mu: Any, log_var: Any) -> Any:
    """Add up your dimensions and compare with the mean of kl_divergence: what is the ratio?"""
    return 2 * _terms(mu, log_var).mean(0)


@mistake("4.3", "the sign is wrong", DIMENSION, of="kl_per_dimension")
def per_dimension_sign(mu: Any, log_var: Any) -> Any:
    """Can the KL of a dimension be negative?"""
    return -_terms(mu, log_var).mean(0)


@mistake("4.3", "the KL of the mean", DIMENSION, of="kl_per_dimension")
def per_dimension_of_mean(mu: Any, log_var: Any) -> Any:
    """Two images at +2 and -2: where is their mean mu, and how far is each of them from the prior? What is averaged
    first?
    """
    return _terms(mu.mean(0), log_var.mean(0))


@mistake("4.3", "the gradient is cut off", DIMENSION, of="kl_per_dimension")
def per_dimension_detached(mu: Any, log_var: Any) -> Any:
    """Could you train with a loss made from your numbers? Where does their gradient stop?"""
    return _terms(mu, log_var).mean(0).detach()


@mistake("4.3", "the threshold is ignored", DIMENSION, of="active_units")
def active_default(mu: Any, log_var: Any, threshold: float = 0.01) -> Any:
    """Does your count change when the threshold does?"""
    return int((_terms(mu, log_var).mean(0) > 0.01).sum())


@mistake("4.3", "counts the dimensions below the threshold", DIMENSION, of="active_units")
def active_below(mu: Any, log_var: Any, threshold: float = 0.01) -> Any:
    """Raise the threshold: does your count grow or shrink? Which should it do?"""
    return int((_terms(mu, log_var).mean(0) < threshold).sum())


@mistake("4.3", "summed over images before the threshold", DIMENSION, of="active_units")
def active_sum(mu: Any, log_var: Any, threshold: float = 0.01) -> Any:
    """Does your count depend on how many images there are? What is compared with the threshold?"""
    return int((_terms(mu, log_var).sum(0) > threshold).sum())


@mistake("4.3", "at the threshold counts as above it", DIMENSION, of="active_units")
def active_at_least(mu: Any, log_var: Any, threshold: float = 0.01) -> Any:
    """What does your function say of a dimension whose KL is exactly the threshold?"""
    return int((_terms(mu, log_var).mean(0) >= threshold).sum())


@mistake("4.3", "active for at least one image", DIMENSION, of="active_units")
def active_any(mu: Any, log_var: Any, threshold: float = 0.01) -> Any:
    """A dimension that one image uses and no other: does its mean over images lie above the threshold?"""
    return int((_terms(mu, log_var) > threshold).any(0).sum())


@mistake("4.3", "active for all images", DIMENSION, of="active_units")
def active_all(mu: Any, log_var: Any, threshold: float = 0.01) -> Any:
    """Does the definition ask about every image on its own, or about the mean over images?"""
    return int((_terms(mu, log_var) > threshold).all(0).sum())


@mistake("4.3", "counts images and dimensions together", DIMENSION, of="active_units")
def active_pairs(mu: Any, log_var: Any, threshold: float = 0.01) -> Any:
    """Can your count be larger than the number of dimensions? What has to happen before the comparison?"""
    return int((_terms(mu, log_var) > threshold).sum())


@mistake("4.3", "the spread of mu in place of the KL", DIMENSION, of="active_units")
def active_variance(mu: Any, log_var: Any, threshold: float = 0.01) -> Any:
    """There is a definition of active units by the variance of mu. Which one does this lesson use?"""
    return int((mu.var(0, correction=0) > threshold).sum())


@mistake("4.3", "which dimensions, not how many", DIMENSION, of="active_units")
def active_mask(mu: Any, log_var: Any, threshold: float = 0.01) -> Any:
    """You say of each dimension whether it is active. How do you get from there to one number?"""
    return _terms(mu, log_var).mean(0) > threshold


@mistake("4.3", "the estimated variance of mu in place of the KL", DIMENSION, of="active_units")
def active_estimated_variance(mu: Any, log_var: Any, threshold: float = 0.01) -> Any:
    """There is a definition of active units by the variance of mu. Which one does this lesson use? And what is the
    estimated variance of a single image?
    """
    return int((mu.var(0) > threshold).sum())


@mistake("4.3", "a threshold of 0 taken for none", DIMENSION, of="active_units")
def active_truth(mu: Any, log_var: Any, threshold: float = 0.01) -> Any:
    """What does your function use for a threshold of 0? Is 0 the same as nothing?"""
    return int((_terms(mu, log_var).mean(0) > (threshold or 0.01)).sum())


# 4.4 vae_loss


def _both(recon_x: Any, x: Any, mu: Any, log_var: Any) -> tuple[torch.Tensor, torch.Tensor]:
    return _nats(recon_x, x).sum(1).mean(), _terms(mu, log_var).sum(1).mean()


@mistake("4.4", "beta weighs the reconstruction", LOSS)
def loss_beta_recon(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """Which of the two terms should a large beta make more important?"""
    recon, kl = _both(recon_x, x, mu, log_var)
    return beta * recon + kl, recon, kl


@mistake("4.4", "beta weighs both terms", LOSS)
def loss_beta_both(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """With beta = 0, what is left of your total, and what should be left?"""
    recon, kl = _both(recon_x, x, mu, log_var)
    return beta * (recon + kl), recon, kl


@mistake("4.4", "beta is ignored", LOSS)
def loss_no_beta(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """Call your function with beta = 0 and with beta = 4: what changes?"""
    recon, kl = _both(recon_x, x, mu, log_var)
    return recon + kl, recon, kl


@mistake("4.4", "the KL is subtracted", LOSS)
def loss_minus(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """Training makes the total small. Would the KL become large then? Which sign does it have in the ELBO,
    and which one in the negative ELBO?
    """
    recon, kl = _both(recon_x, x, mu, log_var)
    return recon - beta * kl, recon, kl


@mistake("4.4", "the reconstruction is averaged over pixels", LOSS)
def loss_recon_mean(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """One term is summed over pixels or dimensions, the other averaged: how much more does the KL weigh then, with 256
    pixels?
    """
    recon, kl = _nats(recon_x, x).mean(), _terms(mu, log_var).sum(1).mean()
    return recon + beta * kl, recon, kl


@mistake("4.4", "the KL is averaged over dimensions", LOSS)
def loss_kl_mean(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """The reconstruction is summed over pixels. What happens to the dimensions of the KL, so that both are nats per
    image?
    """
    recon, kl = _nats(recon_x, x).sum(1).mean(), _terms(mu, log_var).mean()
    return recon + beta * kl, recon, kl


@mistake("4.4", "both are averaged over everything", LOSS)
def loss_means(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """Are 256 pixels and 8 dimensions divided by the same number? What does that do to the balance of the terms?"""
    recon, kl = _nats(recon_x, x).mean(), _terms(mu, log_var).mean()
    return recon + beta * kl, recon, kl


@mistake("4.4", "both are summed over images", LOSS)
def loss_sums(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """Double the batch: should the nats per image double?"""
    recon, kl = _nats(recon_x, x).sum(), _terms(mu, log_var).sum()
    return recon + beta * kl, recon, kl


@mistake("4.4", "the KL is summed over images", LOSS)
def loss_kl_sum(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """The reconstruction is a mean over images. What is your KL?"""
    recon, kl = _nats(recon_x, x).sum(1).mean(), _terms(mu, log_var).sum()
    return recon + beta * kl, recon, kl


@mistake("4.4", "the KL keeps one number for each image", LOSS)
def loss_kl_images(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """What is the shape of your KL, and of a total that is made with it? What makes a scalar of it?"""
    recon, kl = _nats(recon_x, x).sum(1).mean(), _terms(mu, log_var).sum(1)
    return recon + beta * kl, recon, kl


@mistake("4.4", "the KL is returned with its weight", LOSS)
def loss_weighted(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """If beta changes and the model does not, should the KL that you report change?"""
    recon, kl = _both(recon_x, x, mu, log_var)
    return recon + beta * kl, recon, beta * kl


@mistake("4.4", "only the total is returned", LOSS)
def loss_total_only(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """How many numbers does the lesson's function return, and which two of them explain the total?"""
    recon, kl = _both(recon_x, x, mu, log_var)
    return recon + beta * kl


@mistake("4.4", "the total comes last", LOSS)
def loss_order(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """In which order does the lesson return the three? Code that unpacks them relies on it."""
    recon, kl = _both(recon_x, x, mu, log_var)
    return recon, kl, recon + beta * kl


@mistake("4.4", "reconstruction and KL are swapped", LOSS)
def loss_swapped(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """In which order does the lesson return the three: which term comes second?"""
    recon, kl = _both(recon_x, x, mu, log_var)
    return recon + beta * kl, kl, recon


@mistake("4.4", "the gradient of the total is cut off", LOSS)
def loss_item(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """Training calls backward on your total. What is left of it after .item(), float or detach?"""
    recon, kl = _both(recon_x, x, mu, log_var)
    return (recon + beta * kl).item(), recon.item(), kl.item()


@mistake("4.4", "the gradient of the KL is cut off", LOSS)
def loss_kl_detached(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """Your total is right. Does training on it move mu and log_var towards the prior?"""
    recon, kl = _both(recon_x, x, mu, log_var)
    return recon + beta * kl.detach(), recon, kl


@mistake("4.4", "probabilities taken for logits", LOSS)
def loss_logits(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """recon_x has been through a sigmoid. What does a function that is named after logits do to it first?"""
    recon = functional.binary_cross_entropy_with_logits(recon_x, x, reduction="none").sum(1).mean()
    kl = _terms(mu, log_var).sum(1).mean()
    return recon + beta * kl, recon, kl


@mistake("4.4", "squared error", LOSS)
def loss_squared(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """Which unit does a squared error have, and which unit does the KL have? What is the reconstruction of part 4.1?"""
    recon, kl = (recon_x - x).square().sum(1).mean(), _terms(mu, log_var).sum(1).mean()
    return recon + beta * kl, recon, kl


@mistake("4.4", "the images are swapped", LOSS)
def loss_images_swapped(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """Which of the two images is the prediction? In which order does part 4.1 take them?"""
    recon, kl = _both(x, recon_x, mu, log_var)
    return recon + beta * kl, recon, kl


@mistake("4.4", "mu and log_var are swapped", LOSS)
def loss_gaussian_swapped(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 1.0) -> Any:
    """In which order does part 4.2 take mu and log_var, and in which order do you pass them?"""
    recon, kl = _both(recon_x, x, log_var, mu)
    return recon + beta * kl, recon, kl


@mistake("4.4", "another default for beta", LOSS)
def loss_default(recon_x: Any, x: Any, mu: Any, log_var: Any, beta: float = 4.0) -> Any:
    """What is beta when the caller gives none? Compare your line that begins with `def` with the starter's."""
    recon, kl = _both(recon_x, x, mu, log_var)
    return recon + beta * kl, recon, kl


# 4.5 beta_warm_up


@mistake("4.5", "the line never ends", WARM_UP)
def warm_up_endless(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """What is your beta after ten times the warm-up? Which value should it never exceed?"""
    return beta_max * step / warm_up_steps if warm_up_steps else beta_max


@mistake("4.5", "a division by zero", WARM_UP)
def warm_up_division(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """What does your function do for warm_up_steps = 0, and which beta is right without a warm-up?"""
    return beta_max * min(1.0, step / warm_up_steps)


@mistake("4.5", "the line never ends, and a division by zero", WARM_UP)
def warm_up_plain(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """Try a step beyond the warm-up, and a warm-up of no steps: what should come out in each case?"""
    return beta_max * step / warm_up_steps


@mistake("4.5", "beta_max is ignored", WARM_UP)
def warm_up_to_one(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """At which value does your line end for beta_max = 4?"""
    return 1.0 if step >= warm_up_steps else step / warm_up_steps


@mistake("4.5", "beta_max is a ceiling, not the end of the line", WARM_UP)
def warm_up_clipped(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """For beta_max = 0.5, at which step does your line reach its end? Is that the end of the warm-up?"""
    return min(beta_max, step / warm_up_steps) if warm_up_steps else beta_max


@mistake("4.5", "capped at 1 after the weight", WARM_UP)
def warm_up_capped(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """For beta_max = 4, which is the largest value that you ever return? Which part of the formula does its 1 limit?"""
    return min(1.0, beta_max * step / warm_up_steps) if warm_up_steps else beta_max


@mistake("4.5", "no line, just a switch", WARM_UP)
def warm_up_integer(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """Print beta for every step of the warm-up. Which two values do you see, and which division gives the
    values in between? (Whole-number division does not.)
    """
    return beta_max * min(1, step // warm_up_steps) if warm_up_steps else beta_max


@mistake("4.5", "one step ahead", WARM_UP)
def warm_up_ahead(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """What is beta at step 0? From which number are steps counted?"""
    return beta_max * min(1.0, (step + 1) / warm_up_steps) if warm_up_steps else beta_max


@mistake("4.5", "the end comes one step early", WARM_UP)
def warm_up_early(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """At which step is beta_max reached for the first time: at warm_up_steps, or one before?"""
    return beta_max if step >= warm_up_steps - 1 else beta_max * step / (warm_up_steps - 1)


@mistake("4.5", "the line falls", WARM_UP)
def warm_up_falling(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """Should the weight of the KL be large at the beginning or at the end?"""
    return 0.0 if step >= warm_up_steps else beta_max * (1 - step / warm_up_steps)


@mistake("4.5", "nothing where there is no warm-up", WARM_UP)
def warm_up_zero(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """warm_up_steps = 0 asks for no warm-up. Which weight should the KL have then, from the first step on?"""
    return beta_max * min(1.0, step / warm_up_steps) if warm_up_steps else 0.0


@mistake("4.5", "the larger instead of the smaller", WARM_UP)
def warm_up_maximum(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """What is beta at step 0? Which should count: the larger of step / warm_up_steps and 1, or the smaller?"""
    return beta_max * max(1.0, step / warm_up_steps) if warm_up_steps else beta_max


@mistake("4.5", "it begins again after the warm-up", WARM_UP)
def warm_up_cyclic(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """What is beta one step after the warm-up? Should the line begin again?"""
    return beta_max * (step % warm_up_steps) / warm_up_steps if warm_up_steps else beta_max


@mistake("4.5", "a curve instead of a line", WARM_UP)
def warm_up_cosine(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """A cosine is a schedule as well. Is beta at a quarter of the warm-up a quarter of beta_max?"""
    share = 1.0 if step >= warm_up_steps else step / warm_up_steps
    return beta_max * (1 - math.cos(math.pi * share)) / 2


@mistake("4.5", "a warm-up of no steps taken for one of one step", WARM_UP)
def warm_up_at_least_one(step: Any, warm_up_steps: Any, beta_max: float = 1.0) -> Any:
    """What is beta at step 0 if there is no warm-up? What does a guard against dividing by zero give there?"""
    return beta_max * min(1.0, step / max(1, warm_up_steps))
