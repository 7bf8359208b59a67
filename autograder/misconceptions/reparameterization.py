"""Lesson 2: mistakes with the posterior, its spread, the trick, many samples and the prior.

Each function is the part's function with something wrong in it, which is the point; its docstring is the question that
a tutor would ask. Unused arguments are part of some mistakes.
"""

# ruff: noqa: ARG001

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.misconceptions import Names

MISTAKES = mistake = Names()

POSTERIOR, SPREAD, TRICK, MANY, PRIOR = "the-posterior", "log-variance", "the-trick", "many-samples", "the-prior"


# 2.1 encode_distribution


@mistake("2.1", "mu alone", POSTERIOR)
def encode_mu_only(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """How many numbers give a Gaussian in one dimension? Which of your heads is never used?"""
    return fc_mu(encoder(x))


@mistake("2.1", "the pair is swapped", POSTERIOR)
def encode_swapped(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """In which order are the two promised, and in which order do you return them?"""
    h = encoder(x)
    return fc_log_var(h), fc_mu(h)


@mistake("2.1", "the encoder runs twice", POSTERIOR)
def encode_twice(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """Your numbers are right. How often does the image pass through the encoder, which is the expensive part?"""
    return fc_mu(encoder(x)), fc_log_var(encoder(x))


@mistake("2.1", "one head for both", POSTERIOR)
def encode_one_head(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """Compare your two results number by number. Which head does each of them come from?"""
    h = encoder(x)
    return fc_mu(h), fc_mu(h)


@mistake("2.1", "the other head for both", POSTERIOR)
def encode_other_head(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """Compare your two results number by number. Which head is never used?"""
    h = encoder(x)
    return fc_log_var(h), fc_log_var(h)


@mistake("2.1", "the standard deviation for its log-variance", POSTERIOR)
def encode_std(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """Can your second result be negative? May the logarithm of a variance be negative? In which later part is the
    exponential taken?
    """
    h = encoder(x)
    return fc_mu(h), torch.exp(0.5 * fc_log_var(h))


@mistake("2.1", "the variance for its logarithm", POSTERIOR)
def encode_variance(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """What is the smallest number that your second result can be? Which function did you apply that was not asked
    for?
    """
    h = encoder(x)
    return fc_mu(h), torch.exp(fc_log_var(h))


@mistake("2.1", "softplus on the log-variance", POSTERIOR)
def encode_softplus(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """A softplus makes numbers positive. Is there a reason why a logarithm should be?"""
    h = encoder(x)
    return fc_mu(h), nn.functional.softplus(fc_log_var(h))


@mistake("2.1", "a ReLU on the log-variance", POSTERIOR)
def encode_relu_log_var(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """What is the smallest standard deviation that your encoder can express, if its log-variance is never negative?"""
    h = encoder(x)
    return fc_mu(h), torch.relu(fc_log_var(h))


@mistake("2.1", "a ReLU on mu", POSTERIOR)
def encode_relu_mu(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """Which points of the latent space can no image ever reach?"""
    h = encoder(x)
    return torch.relu(fc_mu(h)), fc_log_var(h)


@mistake("2.1", "a ReLU on both heads", POSTERIOR)
def encode_relu_both(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """May mu and the log-variance be negative? What do your heads allow?"""
    h = encoder(x)
    return torch.relu(fc_mu(h)), torch.relu(fc_log_var(h))


@mistake("2.1", "a ReLU on the hidden features", POSTERIOR)
def encode_relu_hidden(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """The encoder brings its own activations. What is lost if its features pass through another one?"""
    h = torch.relu(encoder(x))
    return fc_mu(h), fc_log_var(h)


@mistake("2.1", "a tanh on mu", POSTERIOR)
def encode_tanh(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """How far from the origin can an image lie, if its mu has been through a tanh?"""
    h = encoder(x)
    return torch.tanh(fc_mu(h)), fc_log_var(h)


@mistake("2.1", "a sample instead of mu", POSTERIOR)
def encode_sample(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """Encode the same image twice: do you get the same numbers? Which later part draws?"""
    h = encoder(x)
    mu, log_var = fc_mu(h), fc_log_var(h)
    return mu + torch.exp(0.5 * log_var) * torch.randn_like(mu), log_var


@mistake("2.1", "mu and log_var in one tensor", POSTERIOR)
def encode_joined(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """How many things are promised? What happens in ``mu, log_var = ...`` with your result?"""
    h = encoder(x)
    return torch.cat([fc_mu(h), fc_log_var(h)], dim=1)


@mistake("2.1", "the hidden features are returned as well", POSTERIOR)
def encode_three(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """How many things do you return, and how many are promised?"""
    h = encoder(x)
    return fc_mu(h), fc_log_var(h), h


@mistake("2.1", "the encoder is left out", POSTERIOR)
def encode_without_encoder(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """What do the heads take: an image, or what the encoder makes of it?"""
    return fc_mu(x), fc_log_var(x)


@mistake("2.1", "the gradient is cut off", POSTERIOR)
def encode_detached(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """Training changes the encoder through the gradients of mu and log_var. Where do they end in your function?"""
    with torch.no_grad():
        h = encoder(x)
        return fc_mu(h), fc_log_var(h)


@mistake("2.1", "averaged over the batch", POSTERIOR)
def encode_averaged(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """How many images went in, and how many Gaussians came out?"""
    h = encoder(x)
    return fc_mu(h).mean(0), fc_log_var(h).mean(0)


@mistake("2.1", "the encoder is left in eval mode", POSTERIOR)
def encode_eval(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """In which mode was the encoder before your function, and in which is it afterwards?"""
    h = encoder.eval()(x)
    return fc_mu(h), fc_log_var(h)


@mistake("2.1", "the encoder runs once for each image", POSTERIOR)
def encode_image_by_image(encoder: Any, fc_mu: Any, fc_log_var: Any, x: Any) -> Any:
    """How often does the encoder run for a batch? How many rows can it read at once?"""
    h = torch.cat([encoder(row[None]) for row in x])
    return fc_mu(h), fc_log_var(h)


# 2.2 log_var_to_std


@mistake("2.2", "the variance", SPREAD)
def std_variance(log_var: Any) -> Any:
    """The exponential undoes the logarithm. Of what is log_var the logarithm: the standard deviation, or its square?"""
    return torch.exp(log_var)


@mistake("2.2", "log_var as it is", SPREAD)
def std_identity(log_var: Any) -> Any:
    """Can a standard deviation be negative? Which function makes a positive number of every number?"""
    return log_var


@mistake("2.2", "half of log_var", SPREAD)
def std_half(log_var: Any) -> Any:
    """You have the logarithm of the standard deviation. What undoes a logarithm?"""
    return 0.5 * log_var


@mistake("2.2", "halved twice", SPREAD)
def std_quarter(log_var: Any) -> Any:
    """For log_var = 4, what is the variance, and what is its root? By what did you divide the exponent?"""
    return torch.exp(log_var / 4)


@mistake("2.2", "doubled instead of halved", SPREAD)
def std_double(log_var: Any) -> Any:
    """What does a square root do to an exponent, and what does a square do to it?"""
    return torch.exp(2 * log_var)


@mistake("2.2", "one half in front of the exponential", SPREAD)
def std_outside(log_var: Any) -> Any:
    """Half of a number and its square root are the same for one positive number only. Where does the 0.5 belong?"""
    return 0.5 * torch.exp(log_var)


@mistake("2.2", "the sign of the exponent", SPREAD)
def std_inverse(log_var: Any) -> Any:
    """A larger log_var means a larger variance. What happens to your standard deviation?"""
    return torch.exp(-0.5 * log_var)


@mistake("2.2", "the root of log_var", SPREAD)
def std_root(log_var: Any) -> Any:
    """What is the root of a negative number? What has to come before the root?"""
    return torch.sqrt(log_var.abs())


@mistake("2.2", "a softplus in place of the exponential", SPREAD)
def std_softplus(log_var: Any) -> Any:
    """A softplus is positive as well. Is it what undoes a logarithm?"""
    return nn.functional.softplus(log_var)


@mistake("2.2", "exponential and logarithm mixed up", SPREAD)
def std_log(log_var: Any) -> Any:
    """log_var is a logarithm already. Which function undoes a logarithm?"""
    return torch.log(log_var.abs())


@mistake("2.2", "a power of two", SPREAD)
def std_base(log_var: Any) -> Any:
    """To which base is the logarithm in log_var?"""
    return 2 ** (0.5 * log_var)


@mistake("2.2", "a power of ten", SPREAD)
def std_ten(log_var: Any) -> Any:
    """Which base do nats belong to: 10, or another one?"""
    return 10 ** (0.5 * log_var)


@mistake("2.2", "a number added for safety", SPREAD)
def std_safe(log_var: Any) -> Any:
    """Can the exponential ever be 0 or negative? What does the number that you add change where the spread is small?"""
    return torch.exp(0.5 * log_var) + 1e-2


@mistake("2.2", "clipped below 1", SPREAD)
def std_clipped(log_var: Any) -> Any:
    """May a posterior be narrower than the prior? What does your clamp do to a negative log_var?"""
    return torch.exp(0.5 * log_var.clamp(min=0))


@mistake("2.2", "clipped above 1", SPREAD)
def std_clipped_above(log_var: Any) -> Any:
    """May a posterior be wider than 1? What does your clamp do to a positive log_var?"""
    return torch.exp(0.5 * log_var.clamp(max=0))


@mistake("2.2", "the gradient is cut off", SPREAD)
def std_detached(log_var: Any) -> Any:
    """Training finds the right spread by the gradient. Where does it end in your function?"""
    return torch.exp(0.5 * log_var.detach())


# 2.3 reparameterize


def _copied(generator: Any) -> Any:
    """A generator that draws what this one would."""
    return None if generator is None else torch.Generator().set_state(generator.get_state())


def _noise(like: Any, generator: Any) -> torch.Tensor:
    return torch.randn(like.shape, generator=generator, dtype=like.dtype)


def _eps(mu: Any, eps: Any, generator: Any) -> torch.Tensor:
    return _noise(mu, generator) if eps is None else eps


def _std(log_var: Any) -> torch.Tensor:
    return torch.exp(0.5 * log_var)


@mistake("2.3", "mu without noise", TRICK)
def trick_mu(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Draw twice from the same Gaussian: should the numbers differ? What does log_var do in your function?"""
    return mu + 0 * log_var * 0


@mistake("2.3", "the variance as the spread", TRICK)
def trick_variance(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """For log_var = 2, which spread do your draws have, and which should they have? What is part 2.2 for?"""
    return mu + torch.exp(log_var) * _eps(mu, eps, generator)


@mistake("2.3", "log_var as the spread", TRICK)
def trick_log_var(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """What spread do your draws have for log_var = 0, and which should they have?"""
    return mu + log_var * _eps(mu, eps, generator)


@mistake("2.3", "halved twice", TRICK)
def trick_quarter(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """How often is the exponent halved on its way from log_var to the spread: once in part 2.2, and where else?"""
    return mu + torch.exp(log_var / 4) * _eps(mu, eps, generator)


@mistake("2.3", "half of the variance", TRICK)
def trick_half_variance(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Half of a variance and its root are not the same. Where does the 0.5 belong?"""
    return mu + 0.5 * torch.exp(log_var) * _eps(mu, eps, generator)


@mistake("2.3", "the spread is left out", TRICK)
def trick_no_spread(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """What changes in your draws when log_var does?"""
    return mu + _eps(mu, eps, generator)


@mistake("2.3", "mu is left out", TRICK)
def trick_no_mu(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """What is the mean of many of your draws, and what should it be?"""
    return _std(log_var) * _eps(mu, eps, generator)


@mistake("2.3", "mu is stretched as well", TRICK)
def trick_bracket(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Which comes first, stretching or moving? What is the mean of your draws for mu = 1 and a spread of 10?"""
    return (mu + _eps(mu, eps, generator)) * _std(log_var)


@mistake("2.3", "mu and the spread trade places", TRICK)
def trick_traded(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Which of the two is the noise multiplied with, and which is added? What spread do you get for mu = 0?"""
    return mu * _eps(mu, eps, generator) + _std(log_var)


@mistake("2.3", "mu + sigma without noise", TRICK)
def trick_no_noise(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Call your function twice: what differs? Where does chance come in?"""
    return mu + _std(log_var)


@mistake("2.3", "a tenth of the noise", TRICK)
def trick_tenth(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Measure the spread of many draws for log_var = 0. By which factor is it too small?"""
    return mu + 0.1 * _std(log_var) * _eps(mu, eps, generator)


@mistake("2.3", "the noise is subtracted", TRICK)
def trick_minus(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """For eps = 1, does z lie above or below mu? Draws alone do not show it. What would?"""
    return mu - _std(log_var) * _eps(mu, eps, generator)


@mistake("2.3", "uniform noise", TRICK)
def trick_uniform(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Can your noise be negative? Which letter tells the two functions of torch apart?"""
    eps = torch.rand(mu.shape, generator=generator, dtype=mu.dtype) if eps is None else eps
    return mu + _std(log_var) * eps


@mistake("2.3", "uniform noise from -1 to 1", TRICK)
def trick_uniform_both(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """What is the largest number that your noise can be? Which distribution has no largest number?"""
    eps = 2 * torch.rand(mu.shape, generator=generator, dtype=mu.dtype) - 1 if eps is None else eps
    return mu + _std(log_var) * eps


@mistake("2.3", "one number of noise for all dimensions", TRICK)
def trick_one_for_dimensions(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Look at one image of your draws: if its first dimension lies high, where do the others lie? How many numbers of
    noise does an image need?
    """
    return mu + _std(log_var) * (_noise(mu[:, :1], generator) if eps is None else eps)


@mistake("2.3", "the same noise for all images", TRICK)
def trick_one_for_images(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Give two images the same mu and log_var: do their draws differ? What is the shape of your noise?"""
    return mu + _std(log_var) * (_noise(mu[0], generator) if eps is None else eps)


@mistake("2.3", "one single number of noise", TRICK)
def trick_one(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """How many random numbers does your function draw, and how many are needed for B images of Z dimensions?"""
    return mu + _std(log_var) * (torch.randn(1, generator=generator, dtype=mu.dtype) if eps is None else eps)


@mistake("2.3", "eps is ignored", TRICK)
def trick_own_eps(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Call your function twice with the same eps: do you get the same result?"""
    return mu + _std(log_var) * _noise(mu, generator)


@mistake("2.3", "eps and the generator are ignored", TRICK)
def trick_own_everything(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Which of your four arguments change the result, and which should?"""
    return mu + _std(log_var) * torch.randn_like(mu)


@mistake("2.3", "the generator is ignored", TRICK)
def trick_no_generator(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Pass two generators with the same seed, one after the other: do you get the same draw twice?"""
    return mu + _std(log_var) * (torch.randn_like(mu) if eps is None else eps)


@mistake("2.3", "the generator begins anew at every draw", TRICK)
def trick_restarted(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Draw twice from the same generator: do the two draws differ? Where is it set back to its start?"""
    if generator is not None:
        generator.manual_seed(generator.initial_seed())
    return mu + _std(log_var) * _eps(mu, eps, generator)


@mistake("2.3", "a seed inside the function", TRICK)
def trick_seeded(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Call your function twice without a generator: do the draws differ? What happens to the random numbers of all
    other code?
    """
    torch.manual_seed(0)
    return mu + _std(log_var) * _eps(mu, eps, generator)


@mistake("2.3", "a generator of its own with a fixed seed", TRICK)
def trick_own_generator(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Call your function twice without a generator: do the draws differ? Where should they come from then?"""
    generator = generator or torch.Generator().manual_seed(0)
    return mu + _std(log_var) * _eps(mu, eps, generator)


@mistake("2.3", "numpy's random numbers", TRICK)
def trick_numpy(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Does torch.manual_seed repeat your draws? Which library do they come from?"""
    drawn = torch.as_tensor(np.random.randn(*mu.shape), dtype=mu.dtype)  # noqa: NPY002
    return mu + _std(log_var) * (drawn if eps is None else eps)


@mistake("2.3", "the gradient is cut off", TRICK)
def trick_detached(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """A draw is written in this form for one purpose: what has to flow through it? Where does that end in yours?"""
    return (mu + _std(log_var) * _eps(mu, eps, generator)).detach()


@mistake("2.3", "a draw without a gradient", TRICK)
def trick_sample(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """torch's distributions have two methods that draw. What does the r in the name of one of them stand for?"""
    with torch.no_grad():
        return torch.distributions.Normal(mu, _std(log_var)).rsample()


@mistake("2.3", "the gradient to log_var is cut off", TRICK)
def trick_spread_detached(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """How does training find out that a posterior is too wide? Where does the gradient of the spread end?"""
    return mu + _std(log_var).detach() * _eps(mu, eps, generator)


@mistake("2.3", "eps is asked whether it is true", TRICK)
def trick_truth(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """A tensor of many numbers is neither true nor false, and one number of noise may be 0. What do you want to know
    about eps, and how do you ask whether it is None?
    """
    return mu + _std(log_var) * (eps or _noise(mu, generator))


@mistake("2.3", "torch.normal passes no gradient", TRICK)
def trick_normal(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """torch.normal(mu, std) draws from the right distribution. What is the gradient of its result with respect to mu?
    Where does the noise in your line come from: from outside, or from inside a draw?
    """
    std = _std(log_var)
    return torch.normal(mu, std, generator=generator) if eps is None else mu + std * eps


@mistake("2.3", "torch.normal passes no gradient, and eps is ignored", TRICK)
def trick_normal_only(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """torch.normal(mu, std) draws from the right distribution. What is the gradient of its result with respect to mu,
    and where is the eps that is passed in?
    """
    return torch.normal(mu, _std(log_var), generator=generator)


@mistake("2.3", "torch.normal alone: no gradient, no eps, no generator", TRICK)
def trick_normal_alone(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Which of your four arguments change the draw? And what is the gradient of torch.normal(mu, std)
    with respect to mu?
    """
    return torch.normal(mu, _std(log_var))


@mistake("2.3", "no noise where gradients are off", TRICK)
def trick_without_grad(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """What does your function return under torch.no_grad()? Who asks for a draw there, and what does a mean lack?"""
    if eps is None and not torch.is_grad_enabled():
        return mu
    return mu + _std(log_var) * _eps(mu, eps, generator)


@mistake("2.3", "the generator does not move on", TRICK)
def trick_copied(mu: Any, log_var: Any, eps: Any = None, generator: Any = None) -> Any:
    """Draw twice from the same generator: do the two draws differ? Do you draw from it, or from a copy?"""
    return mu + _std(log_var) * _eps(mu, eps, _copied(generator))


# 2.4 sample_posterior


def _many(mu: Any, num_samples: int, generator: Any) -> torch.Tensor:
    return torch.randn(num_samples, *mu.shape, generator=generator, dtype=mu.dtype)


@mistake("2.4", "all samples share their noise", MANY)
def many_shared(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Compare your first sample with your second. How often is noise drawn, and how often should it be?"""
    z = mu + _std(log_var) * _noise(mu, generator)
    return z.expand(num_samples, *z.shape)


@mistake("2.4", "all images share their noise", MANY)
def many_shared_images(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Give two images the same mu and log_var: do their samples differ? What is the shape of your noise?"""
    return mu + _std(log_var) * _many(mu[:1], num_samples, generator)


@mistake("2.4", "all dimensions share their noise", MANY)
def many_shared_dimensions(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """If the first dimension of a sample lies high, where do its others lie? What is the shape of your noise?"""
    return mu + _std(log_var) * _many(mu[:, :1], num_samples, generator)


@mistake("2.4", "one number of noise a sample", MANY)
def many_one_each(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """How many random numbers do you draw in all, and how many does the shape of the result hold?"""
    return mu + _std(log_var) * _many(mu[:1, :1], num_samples, generator)


@mistake("2.4", "images before samples", MANY)
def many_transposed(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Which axis comes first in the promised shape? Where did torch.stack put the new one?"""
    return (mu + _std(log_var) * _many(mu, num_samples, generator)).transpose(0, 1)


@mistake("2.4", "samples and images in one axis", MANY)
def many_flat(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """How many axes does your result have? Should the samples be joined along an axis that is there, or along a new
    one?
    """
    return (mu + _std(log_var) * _many(mu, num_samples, generator)).flatten(0, 1)


@mistake("2.4", "a single sample", MANY)
def many_one(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """What does num_samples change in your result?"""
    return mu + _std(log_var) * _noise(mu, generator)


@mistake("2.4", "mu repeated, without noise", MANY)
def many_mu(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Do your samples differ? Where does chance come in?"""
    return mu.expand(num_samples, *mu.shape)


@mistake("2.4", "the variance as the spread", MANY)
def many_variance(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Measure the spread of your samples for log_var = 2. Which number should it be?"""
    return mu + torch.exp(log_var) * _many(mu, num_samples, generator)


@mistake("2.4", "log_var as the spread", MANY)
def many_log_var(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Which spread do your samples have for log_var = 0, and which should they have?"""
    return mu + log_var * _many(mu, num_samples, generator)


@mistake("2.4", "halved twice", MANY)
def many_quarter(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """How often is the exponent halved on its way from log_var to the spread?"""
    return mu + torch.exp(log_var / 4) * _many(mu, num_samples, generator)


@mistake("2.4", "half of the variance", MANY)
def many_half_variance(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Half of a variance and its root are not the same. Where does the 0.5 belong?"""
    return mu + 0.5 * torch.exp(log_var) * _many(mu, num_samples, generator)


@mistake("2.4", "the spread is left out", MANY)
def many_no_spread(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """What changes in your samples when log_var does?"""
    return mu + _many(mu, num_samples, generator)


@mistake("2.4", "mu is left out", MANY)
def many_no_mu(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """What is the mean of many of your samples of one image, and what should it be?"""
    return _std(log_var) * _many(mu, num_samples, generator)


@mistake("2.4", "mu is stretched as well", MANY)
def many_bracket(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Which comes first, stretching or moving? What is the mean of your samples for mu = 1 and a spread of 10?"""
    return (mu + _many(mu, num_samples, generator)) * _std(log_var)


@mistake("2.4", "uniform noise", MANY)
def many_uniform(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Can your noise be negative? Which letter tells the two functions of torch apart?"""
    return mu + _std(log_var) * torch.rand(num_samples, *mu.shape, generator=generator, dtype=mu.dtype)


@mistake("2.4", "samples of the prior", MANY)
def many_prior(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """What do mu and log_var change in your result? From which distribution do you draw?"""
    return _many(mu, num_samples, generator)


@mistake("2.4", "the generator is ignored", MANY)
def many_no_generator(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Pass two generators with the same seed, one after the other: do you get the same samples twice?"""
    return mu + _std(log_var) * _many(mu, num_samples, None)


@mistake("2.4", "the generator begins anew at every draw", MANY)
def many_restarted(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Call your function twice with the same generator: do the samples differ? Where is it set back to its start?"""
    if generator is not None:
        generator.manual_seed(generator.initial_seed())
    return mu + _std(log_var) * _many(mu, num_samples, generator)


@mistake("2.4", "a seed inside the function", MANY)
def many_seeded(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Call your function twice without a generator: do the samples differ? What happens to the random numbers of all
    other code?
    """
    torch.manual_seed(0)
    return mu + _std(log_var) * _many(mu, num_samples, generator)


@mistake("2.4", "numpy's random numbers", MANY)
def many_numpy(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Does torch.manual_seed repeat your samples? Which library do they come from?"""
    drawn = np.random.randn(num_samples, *mu.shape)  # noqa: NPY002
    return mu + _std(log_var) * torch.as_tensor(drawn, dtype=mu.dtype)


@mistake("2.4", "the generator does not move on", MANY)
def many_copied(mu: Any, log_var: Any, num_samples: int, generator: Any = None) -> Any:
    """Call your function twice with the same generator: do the samples differ? Do you draw from it, or from a copy?"""
    return mu + _std(log_var) * _many(mu, num_samples, _copied(generator))


# 2.5 sample_prior


def _prior(num_samples: int, latent_dim: int, generator: Any) -> torch.Tensor:
    return torch.randn(num_samples, latent_dim, generator=generator)


@mistake("2.5", "uniform samples", PRIOR)
def prior_uniform(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """Are any of your numbers negative? Which letter tells the two functions of torch apart?"""
    return torch.rand(num_samples, latent_dim, generator=generator)


@mistake("2.5", "uniform samples from -1 to 1", PRIOR)
def prior_uniform_both(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """What is the largest of your numbers, however many you draw? Does N(0, 1) have a largest number?"""
    return 2 * torch.rand(num_samples, latent_dim, generator=generator) - 1


@mistake("2.5", "transposed", PRIOR)
def prior_transposed(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """What does one row of your result stand for: a sample or a dimension?"""
    return torch.randn(latent_dim, num_samples, generator=generator)


@mistake("2.5", "one sample repeated", PRIOR)
def prior_repeated(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """Compare your first row with your second. How many random numbers do you draw in all?"""
    return _prior(1, latent_dim, generator).repeat(num_samples, 1)


@mistake("2.5", "one number for all dimensions", PRIOR)
def prior_one_number(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """Compare your first column with your second. Are the dimensions of the prior independent?"""
    return _prior(num_samples, 1, generator).repeat(1, latent_dim)


@mistake("2.5", "a single sample", PRIOR)
def prior_single(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """What does num_samples change in your result?"""
    return torch.randn(latent_dim, generator=generator)


@mistake("2.5", "zeros", PRIOR)
def prior_zeros(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """The origin is where the prior is densest. But how often does a draw give exactly that point?"""
    return torch.zeros(num_samples, latent_dim)


@mistake("2.5", "all samples of length one", PRIOR)
def prior_sphere(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """How long are your samples? How long is a typical draw from N(0, I) in many dimensions?"""
    return nn.functional.normalize(_prior(num_samples, latent_dim, generator), dim=1)


@mistake("2.5", "no negative numbers", PRIOR)
def prior_absolute(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """What is the mean of your numbers, and what is the mean of N(0, 1)?"""
    return _prior(num_samples, latent_dim, generator).abs()


@mistake("2.5", "half of the spread", PRIOR)
def prior_narrow(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """Measure the standard deviation of your numbers. Which one does the prior have?"""
    return 0.5 * _prior(num_samples, latent_dim, generator)


@mistake("2.5", "the generator is ignored", PRIOR)
def prior_no_generator(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """Pass two generators with the same seed, one after the other: do you get the same samples twice?"""
    return _prior(num_samples, latent_dim, None)


@mistake("2.5", "the generator begins anew at every draw", PRIOR)
def prior_restarted(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """Call your function twice with the same generator: do the samples differ? Where is it set back to its start?"""
    if generator is not None:
        generator.manual_seed(generator.initial_seed())
    return _prior(num_samples, latent_dim, generator)


@mistake("2.5", "a seed inside the function", PRIOR)
def prior_seeded(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """Call your function twice without a generator: do the samples differ? What happens to the random numbers of all
    other code?
    """
    torch.manual_seed(0)
    return _prior(num_samples, latent_dim, generator)


@mistake("2.5", "a generator of its own with a fixed seed", PRIOR)
def prior_own_generator(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """Call your function twice without a generator: do the samples differ? Where should they come from then?"""
    return _prior(num_samples, latent_dim, generator or torch.Generator().manual_seed(0))


@mistake("2.5", "numpy's random numbers", PRIOR)
def prior_numpy(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """Does torch.manual_seed repeat your samples? Which library do they come from?"""
    return torch.as_tensor(np.random.randn(num_samples, latent_dim), dtype=torch.float32)  # noqa: NPY002


@mistake("2.5", "the generator does not move on", PRIOR)
def prior_copied(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """Call your function twice with the same generator: do the samples differ? Do you draw from it, or from a copy?"""
    return _prior(num_samples, latent_dim, _copied(generator))


@mistake("2.5", "standardised over the samples", PRIOR)
def prior_standardised(num_samples: int, latent_dim: int, generator: Any = None) -> Any:
    """What is the mean of each column of your samples, to four digits? Is the mean of random numbers ever so exact?"""
    z = _prior(num_samples, latent_dim, generator)
    return (z - z.mean(0)) / z.std(0)
