"""Lesson 3: mistakes with log densities, the logarithm of a mean, and the two bounds.

Each function is the part's function with something wrong in it, which is the point; its docstring is the question that
a tutor would ask. Unused arguments are part of some mistakes.
"""

# ruff: noqa: ARG001

from __future__ import annotations

import math
from typing import Any

import torch

from autograder.misconceptions import Names

MISTAKES = mistake = Names()

DENSITIES, MEAN, ELBO, TIGHTER = "densities", "log-mean-exp", "elbo", "tighter"
LOG_2PI = math.log(2 * math.pi)


# 3.1 log_prior


@mistake("3.1", "the constant is missing", DENSITIES)
def prior_no_constant(z: Any) -> Any:
    """What is the density of one dimension at z = 0, and its logarithm? What does your function give there?"""
    return -0.5 * z.square().sum(-1)


@mistake("3.1", "the constant counts once, not for each dimension", DENSITIES)
def prior_constant_once(z: Any) -> Any:
    """Each dimension brings a density with a constant of its own. How often does yours count for a vector of 8
    dimensions?
    """
    return -0.5 * z.square().sum(-1) - 0.5 * LOG_2PI


@mistake("3.1", "the constant is not halved", DENSITIES)
def prior_constant_twice(z: Any) -> Any:
    """The density is divided by a square root. What does the logarithm make of a square root?"""
    return -0.5 * z.square().sum(-1) - z.shape[-1] * LOG_2PI


@mistake("3.1", "the constant has the wrong sign", DENSITIES)
def prior_constant_added(z: Any) -> Any:
    """Does sqrt(2 pi) stand above or below the line of the fraction? Which sign has its logarithm then?"""
    return -0.5 * (z.square() - LOG_2PI).sum(-1)


@mistake("3.1", "no logarithm of the constant", DENSITIES)
def prior_constant_bare(z: Any) -> Any:
    """You took the logarithm of the exponential. Did you take the logarithm of the constant, too?"""
    return (-0.5 * z.square() - math.sqrt(2 * math.pi)).sum(-1)


@mistake("3.1", "the logarithm of pi in place of 2 pi", DENSITIES)
def prior_pi(z: Any) -> Any:
    """Which number stands below the square root? Is all of it in your constant?"""
    return -0.5 * (z.square() + math.log(math.pi)).sum(-1)


@mistake("3.1", "eight dimensions taken for granted", DENSITIES)
def prior_eight(z: Any) -> Any:
    """Which number in your line is a size of the lesson's models? What is your result for z of 3 dimensions?"""
    return -0.5 * z.square().sum(-1) - 4 * LOG_2PI


@mistake("3.1", "a logarithm to base ten", DENSITIES)
def prior_log10(z: Any) -> Any:
    """In which unit does the lesson count, and to which base is its logarithm?"""
    return -0.5 * (z.square() + math.log10(2 * math.pi)).sum(-1)


@mistake("3.1", "the square is not halved", DENSITIES)
def prior_not_halved(z: Any) -> Any:
    """What stands in the exponent of the density: z squared, or a part of it?"""
    return (-z.square() - 0.5 * LOG_2PI).sum(-1)


@mistake("3.1", "the sign is wrong", DENSITIES)
def prior_sign(z: Any) -> Any:
    """Is a vector far from 0 more or less probable than one at 0? What does your function say?"""
    return 0.5 * (z.square() + LOG_2PI).sum(-1)


@mistake("3.1", "the sign of the square is wrong", DENSITIES)
def prior_sign_of_square(z: Any) -> Any:
    """Which sign has the exponent of the density? With the other sign, where would the density be largest?"""
    return 0.5 * (z.square() - LOG_2PI).sum(-1)


@mistake("3.1", "averaged over dimensions", DENSITIES)
def prior_mean(z: Any) -> Any:
    """Densities of independent dimensions are multiplied. Does the logarithm make a sum of that, or a mean?"""
    return -0.5 * (z.square() + LOG_2PI).mean(-1)


@mistake("3.1", "everything summed to one number", DENSITIES)
def prior_sum_all(z: Any) -> Any:
    """How many latent vectors go in, and how many numbers come out? Which axis is the only one to sum?"""
    return -0.5 * (z.square() + LOG_2PI).sum()


@mistake("3.1", "averaged over vectors as well", DENSITIES)
def prior_mean_of_batch(z: Any) -> Any:
    """What is the shape of your result for z of shape (B, Z)? The average over images comes later: which parts need the
    single numbers before that?
    """
    return -0.5 * (z.square() + LOG_2PI).sum(-1).mean()


@mistake("3.1", "one number for each dimension", DENSITIES)
def prior_not_summed(z: Any) -> Any:
    """What is the shape of your result? How do the densities of independent dimensions become that of the vector?"""
    return -0.5 * (z.square() + LOG_2PI)


@mistake("3.1", "summed over the first axis", DENSITIES)
def prior_first_axis(z: Any) -> Any:
    """Which axis of z holds the latent dimensions, the first or the last? What did you add up?"""
    return -0.5 * (z.square() + LOG_2PI).sum(0)


@mistake("3.1", "axis 1 in place of the last", DENSITIES)
def prior_axis_one(z: Any) -> Any:
    """For z of shape (K, B, Z), which axis has number 1? Which number means the last axis, however many there are?"""
    return -0.5 * (z.square() + LOG_2PI).sum(1)


@mistake("3.1", "the density, not its logarithm", DENSITIES)
def prior_density(z: Any) -> Any:
    """What is the density of a vector of 100 dimensions, as a float? What does the function's name ask for?"""
    return torch.exp(-0.5 * (z.square() + LOG_2PI).sum(-1))


@mistake("3.1", "the density first, then its logarithm", DENSITIES)
def prior_density_first(z: Any) -> Any:
    """What is exp(-z^2 / 2) for z = 20 as a float, and its logarithm? Which of the two functions undoes the other, on
    paper, before any number is lost?
    """
    return torch.log(torch.exp(-0.5 * z.square()) / math.sqrt(2 * math.pi)).sum(-1)


@mistake("3.1", "z is not squared", DENSITIES)
def prior_not_squared(z: Any) -> Any:
    """Is your result the same for z and for -z? Should it be?"""
    return -0.5 * (z + LOG_2PI).sum(-1)


@mistake("3.1", "the length in place of its square", DENSITIES)
def prior_length(z: Any) -> Any:
    """The squares of the dimensions are summed. Is that the length of the vector, or its square?"""
    return -0.5 * (torch.linalg.vector_norm(z, dim=-1) + z.shape[-1] * LOG_2PI)


@mistake("3.1", "absolute values in place of squares", DENSITIES)
def prior_absolute(z: Any) -> Any:
    """A density with |z| in its exponent is that of Laplace. What stands in the exponent of a Gaussian?"""
    return -0.5 * (z.abs() + LOG_2PI).sum(-1)


@mistake("3.1", "the gradient is cut off", DENSITIES)
def prior_detached(z: Any) -> Any:
    """Your numbers are right. Does a gradient flow back to z? What is left of it after detach or no_grad?"""
    return -0.5 * (z.detach().square() + LOG_2PI).sum(-1)


# 3.2 log_posterior


def _terms(z: torch.Tensor, mu: torch.Tensor, log_var: torch.Tensor) -> torch.Tensor:
    return -0.5 * ((z - mu).square() / log_var.exp() + log_var + LOG_2PI)  # (..., Z)


@mistake("3.2", "the constant is missing", DENSITIES)
def posterior_no_constant(z: Any, mu: Any, log_var: Any) -> Any:
    """With mu = 0 and log_var = 0, is your result that of part 3.1? What is it at z = 0?"""
    return -0.5 * ((z - mu).square() / log_var.exp() + log_var).sum(-1)


@mistake("3.2", "the constant counts once, not for each dimension", DENSITIES)
def posterior_constant_once(z: Any, mu: Any, log_var: Any) -> Any:
    """Each dimension brings a density with a constant of its own. How often does yours count for a vector of 8
    dimensions?
    """
    return -0.5 * ((z - mu).square() / log_var.exp() + log_var).sum(-1) - 0.5 * LOG_2PI


@mistake("3.2", "the constant is not halved", DENSITIES)
def posterior_constant_twice(z: Any, mu: Any, log_var: Any) -> Any:
    """The density is divided by a square root. What does the logarithm make of the square root of 2 pi?"""
    return _terms(z, mu, log_var).sum(-1) - 0.5 * z.shape[-1] * LOG_2PI


@mistake("3.2", "the constant has the wrong sign", DENSITIES)
def posterior_constant_added(z: Any, mu: Any, log_var: Any) -> Any:
    """Does the square root of 2 pi stand above or below the line of the fraction? Which sign has its logarithm then?"""
    return _terms(z, mu, log_var).sum(-1) + z.shape[-1] * LOG_2PI


@mistake("3.2", "sigma is missing outside of the exponent", DENSITIES)
def posterior_no_log_var(z: Any, mu: Any, log_var: Any) -> Any:
    """A narrow Gaussian is higher in its middle than a wide one. Where in your formula does that show at z = mu?"""
    return -0.5 * ((z - mu).square() / log_var.exp() + LOG_2PI).sum(-1)


@mistake("3.2", "log sigma and the constant are missing", DENSITIES)
def posterior_exponent_only(z: Any, mu: Any, log_var: Any) -> Any:
    """You have the exponent. The density is also divided by a number: what does the logarithm make of that?"""
    return -0.5 * ((z - mu).square() / log_var.exp()).sum(-1)


@mistake("3.2", "log_var has the wrong sign", DENSITIES)
def posterior_log_var_sign(z: Any, mu: Any, log_var: Any) -> Any:
    """At z = mu, should the density of a narrow Gaussian be larger or smaller than that of a wide one? What does your
    function say?
    """
    return -0.5 * ((z - mu).square() / log_var.exp() - log_var + LOG_2PI).sum(-1)


@mistake("3.2", "log_var is not halved", DENSITIES)
def posterior_log_var_whole(z: Any, mu: Any, log_var: Any) -> Any:
    """The density is divided by sigma. log_var is the logarithm of sigma squared: what is the logarithm of sigma?"""
    return _terms(z, mu, log_var).sum(-1) - 0.5 * log_var.sum(-1)


@mistake("3.2", "divided by sigma in place of its square", DENSITIES)
def posterior_sigma(z: Any, mu: Any, log_var: Any) -> Any:
    """In the exponent, is the squared distance divided by sigma or by sigma squared? Which of the two is exp(log_var /
    2)?
    """
    return -0.5 * ((z - mu).square() / torch.exp(0.5 * log_var) + log_var + LOG_2PI).sum(-1)


@mistake("3.2", "divided by the variance squared", DENSITIES)
def posterior_variance_squared(z: Any, mu: Any, log_var: Any) -> Any:
    """You square the distance after the division. By what must you divide before, by sigma or by its square?"""
    return -0.5 * (((z - mu) / log_var.exp()).square() + log_var + LOG_2PI).sum(-1)


@mistake("3.2", "log_var taken for log sigma", DENSITIES)
def posterior_log_sigma(z: Any, mu: Any, log_var: Any) -> Any:
    """Which sigma belongs to log_var = 2: exp(2), or less? What does `var` in the name say?"""
    return (-0.5 * (z - mu).square() / torch.exp(2 * log_var) - log_var - 0.5 * LOG_2PI).sum(-1)


@mistake("3.2", "log_var taken for the variance", DENSITIES)
def posterior_as_variance(z: Any, mu: Any, log_var: Any) -> Any:
    """log_var can be negative. Can a variance? What makes a variance of log_var?"""
    return -0.5 * ((z - mu).square() / log_var + log_var.log() + LOG_2PI).sum(-1)


@mistake("3.2", "divided by log_var", DENSITIES)
def posterior_by_log_var(z: Any, mu: Any, log_var: Any) -> Any:
    """By what is the squared distance divided: by the variance, or by its logarithm? What is it for log_var = 0?"""
    return -0.5 * ((z - mu).square() / log_var + log_var + LOG_2PI).sum(-1)


@mistake("3.2", "multiplied by the variance", DENSITIES)
def posterior_times_variance(z: Any, mu: Any, log_var: Any) -> Any:
    """A vector lies one unit from mu. For which Gaussian is that more of a surprise, a narrow or a wide one? What does
    your function say?
    """
    return -0.5 * ((z - mu).square() * log_var.exp() + log_var + LOG_2PI).sum(-1)


@mistake("3.2", "the square is not halved", DENSITIES)
def posterior_not_halved(z: Any, mu: Any, log_var: Any) -> Any:
    """By what is (z - mu) squared divided in the exponent: sigma squared alone?"""
    return (-((z - mu).square()) / log_var.exp() - 0.5 * log_var - 0.5 * LOG_2PI).sum(-1)


@mistake("3.2", "the distance is not squared", DENSITIES)
def posterior_not_squared(z: Any, mu: Any, log_var: Any) -> Any:
    """Is your result the same on both sides of mu? Should it be?"""
    return -0.5 * ((z - mu) / log_var.exp() + log_var + LOG_2PI).sum(-1)


@mistake("3.2", "absolute values in place of squares", DENSITIES)
def posterior_absolute(z: Any, mu: Any, log_var: Any) -> Any:
    """A density with |z - mu| in its exponent is that of Laplace. What stands in the exponent of a Gaussian?"""
    return -0.5 * ((z - mu).abs() / log_var.exp() + log_var + LOG_2PI).sum(-1)


@mistake("3.2", "mu is left out", DENSITIES)
def posterior_no_mu(z: Any, mu: Any, log_var: Any) -> Any:
    """Where does the density of a posterior have its peak? Where does yours?"""
    return _terms(z, 0 * mu, log_var).sum(-1)


@mistake("3.2", "sigma is left out", DENSITIES)
def posterior_unit(z: Any, mu: Any, log_var: Any) -> Any:
    """How wide is the Gaussian of your formula? Which argument has no part in it?"""
    return _terms(z, mu, 0 * log_var).sum(-1)


@mistake("3.2", "the prior's density", DENSITIES)
def posterior_is_prior(z: Any, mu: Any, log_var: Any) -> Any:
    """Does your result change with mu and log_var? Whose density is asked for?"""
    return _terms(z, 0 * mu, 0 * log_var).sum(-1)


@mistake("3.2", "mu and log_var are swapped", DENSITIES)
def posterior_swapped(z: Any, mu: Any, log_var: Any) -> Any:
    """In which order do mu and log_var come? Which of them do you subtract from z, and which do you take exp of?"""
    return _terms(z, log_var, mu).sum(-1)


@mistake("3.2", "the sign is wrong", DENSITIES)
def posterior_sign(z: Any, mu: Any, log_var: Any) -> Any:
    """Is a vector far from mu more or less probable than one at mu? What does your function say?"""
    return -_terms(z, mu, log_var).sum(-1)


@mistake("3.2", "averaged over dimensions", DENSITIES)
def posterior_mean(z: Any, mu: Any, log_var: Any) -> Any:
    """Densities of independent dimensions are multiplied. Does the logarithm make a sum of that, or a mean?"""
    return _terms(z, mu, log_var).mean(-1)


@mistake("3.2", "everything summed to one number", DENSITIES)
def posterior_sum_all(z: Any, mu: Any, log_var: Any) -> Any:
    """How many latent vectors go in, and how many numbers come out? Which axis is the only one to sum?"""
    return _terms(z, mu, log_var).sum()


@mistake("3.2", "averaged over vectors as well", DENSITIES)
def posterior_mean_of_batch(z: Any, mu: Any, log_var: Any) -> Any:
    """What is the shape of your result? Every sample has a weight of its own: what is lost by an average?"""
    return _terms(z, mu, log_var).sum(-1).mean()


@mistake("3.2", "one number for each dimension", DENSITIES)
def posterior_not_summed(z: Any, mu: Any, log_var: Any) -> Any:
    """What is the shape of your result? How do the densities of independent dimensions become that of the vector?"""
    return _terms(z, mu, log_var)


@mistake("3.2", "summed over the first axis", DENSITIES)
def posterior_first_axis(z: Any, mu: Any, log_var: Any) -> Any:
    """Which axis of z holds the latent dimensions, the first or the last? What did you add up?"""
    return _terms(z, mu, log_var).sum(0)


@mistake("3.2", "axis 1 in place of the last", DENSITIES)
def posterior_axis_one(z: Any, mu: Any, log_var: Any) -> Any:
    """For z of shape (K, B, Z), which axis has number 1? Which number means the last axis, however many there are?"""
    return _terms(z, mu, log_var).sum(1)


@mistake("3.2", "averaged over samples as well", DENSITIES)
def posterior_mean_of_samples(z: Any, mu: Any, log_var: Any) -> Any:
    """z has K samples of each image. How many numbers do you return for an image, and what is the mean of log densities
    that parts 3.4 and 3.5 would get?
    """
    found = _terms(z, mu, log_var).sum(-1)
    return found.mean(0) if z.ndim == 3 else found


@mistake("3.2", "the density, not its logarithm", DENSITIES)
def posterior_density(z: Any, mu: Any, log_var: Any) -> Any:
    """What is the density of a vector of 100 dimensions, as a float? What does the function's name ask for?"""
    return torch.exp(_terms(z, mu, log_var).sum(-1))


@mistake("3.2", "the density first, then its logarithm", DENSITIES)
def posterior_density_first(z: Any, mu: Any, log_var: Any) -> Any:
    """What is the density of a vector far from a narrow Gaussian, as a float, and its logarithm? Which of exp and log
    undoes the other, on paper, before any number is lost?
    """
    var = log_var.exp()
    return torch.log(torch.exp(-0.5 * (z - mu).square() / var) / torch.sqrt(2 * math.pi * var)).sum(-1)


@mistake("3.2", "samples of an image not expected", DENSITIES)
def posterior_two_axes(z: Any, mu: Any, log_var: Any) -> Any:
    """z may be (B, Z) or (K, B, Z). How many axes do you unpack?"""
    _images, _latent = z.shape
    return _terms(z, mu, log_var).sum(-1)


@mistake("3.2", "a small number beside the variance", DENSITIES)
def posterior_guard(z: Any, mu: Any, log_var: Any) -> Any:
    """Can exp(log_var) be 0 where log_var is -20? What does a small number beside it make of a narrow Gaussian?"""
    return -0.5 * ((z - mu).square() / (log_var.exp() + 1e-8) + log_var + LOG_2PI).sum(-1)


@mistake("3.2", "the gradient is cut off", DENSITIES)
def posterior_detached(z: Any, mu: Any, log_var: Any) -> Any:
    """Your numbers are right. Does a gradient reach mu and log_var? What is left of it after detach or no_grad?"""
    return _terms(z.detach(), mu.detach(), log_var.detach()).sum(-1)


# 3.3 log_mean_exp


def _lme(values: torch.Tensor, dim: int) -> torch.Tensor:
    return torch.logsumexp(values, dim) - math.log(values.shape[dim])


def _shifted(values: torch.Tensor, dim: int, shift: torch.Tensor) -> torch.Tensor:
    """Right for shifts (with the axis kept) after which no exponential is too small or too large."""
    return (values - shift).exp().mean(dim).log() + shift.squeeze(dim)


@mistake("3.3", "the logarithm of a sum", MEAN)
def mean_is_sum(values: Any, dim: int = 0) -> Any:
    """What is the result for ten values that are all 0? What turns a sum into a mean, and what does the logarithm make
    of that?
    """
    return torch.logsumexp(values, dim)


@mistake("3.3", "the mean of the logarithms", MEAN)
def mean_of_logarithms(values: Any, dim: int = 0) -> Any:
    """The values are logarithms of weights. Is the logarithm of a mean the mean of the logarithms? Try 0 and -1000."""
    return values.mean(dim)


@mistake("3.3", "exponentials too small or too large for a float", MEAN)
def mean_naive(values: Any, dim: int = 0) -> Any:
    """What is exp(-2000) as a float, and its logarithm? What is exp(2000)? What could be taken out of all values before
    exp, and put back after the logarithm?
    """
    return values.exp().mean(dim).log()


@mistake("3.3", "a longer float in place of a shift", MEAN)
def mean_double(values: Any, dim: int = 0) -> Any:
    """What is exp(2000) in float64? Which values does a longer float help with, and which not?"""
    return values.double().exp().mean(dim).log().to(values.dtype)


@mistake("3.3", "a small number inside the logarithm", MEAN)
def mean_guard(values: Any, dim: int = 0) -> Any:
    """What do you get for -2000, and what is right? Does a small number beside the mean keep the digits that exp has
    lost?
    """
    return (values.exp().mean(dim) + 1e-8).log()


@mistake("3.3", "one maximum for all means", MEAN)
def mean_global_shift(values: Any, dim: int = 0) -> Any:
    """Of two means, one has values around 2000, the other around -2000. What do you subtract from the second, and what
    is exp of the rest? Which axis should the maximum be taken over?
    """
    shift = values.max()
    return (values - shift).exp().mean(dim).log() + shift


@mistake("3.3", "the maximum has lost its axis", MEAN)
def mean_axis_lost(values: Any, dim: int = 0) -> Any:
    """What is the shape of the maximum along dim=1 of a tensor of shape (3, 8)? When you subtract it, which axes meet,
    counted from the right? What does keepdim do?
    """
    top = values.amax(dim)
    return (values - top).exp().mean(dim).log() + top


@mistake("3.3", "shifted by the mean", MEAN)
def mean_mean_shift(values: Any, dim: int = 0) -> Any:
    """How far above their mean can the largest of the values lie? After which shift is no exponential larger than 1?"""
    return _shifted(values, dim, values.mean(dim, keepdim=True))


@mistake("3.3", "shifted by the smallest value", MEAN)
def mean_min_shift(values: Any, dim: int = 0) -> Any:
    """After your shift, how large can the largest exponential be? Which value must be subtracted so that it is 1?"""
    return _shifted(values, dim, values.amin(dim, keepdim=True))


@mistake("3.3", "the shift is not put back", MEAN)
def mean_not_shifted_back(values: Any, dim: int = 0) -> Any:
    """Add 5 to all values: by how much should the result grow? By how much does yours?"""
    return _lme(values - values.amax(dim, keepdim=True), dim)


@mistake("3.3", "the shift is subtracted again", MEAN)
def mean_shifted_twice(values: Any, dim: int = 0) -> Any:
    """Add 5 to all values: by how much should the result grow? Which sign has the maximum at the end?"""
    top = values.amax(dim, keepdim=True)
    return _lme(values - top, dim) - top.squeeze(dim)


@mistake("3.3", "only the largest value", MEAN)
def mean_maximum(values: Any, dim: int = 0) -> Any:
    """The largest value matters most. What do the others add, and what does the division by their number take away?"""
    return values.amax(dim)


@mistake("3.3", "the largest value, divided by their number", MEAN)
def mean_maximum_of_many(values: Any, dim: int = 0) -> Any:
    """When is a sum of exponentials the same as the largest of them? What if two values are equal?"""
    return values.amax(dim) - math.log(values.shape[dim])


@mistake("3.3", "the number of values is added", MEAN)
def mean_count_added(values: Any, dim: int = 0) -> Any:
    """What does the logarithm make of a division: a plus or a minus?"""
    return torch.logsumexp(values, dim) + math.log(values.shape[dim])


@mistake("3.3", "divided outside of the logarithm", MEAN)
def mean_divided_outside(values: Any, dim: int = 0) -> Any:
    """Where does the division by the number of values stand: inside the logarithm or outside? What does the logarithm
    make of it?
    """
    return torch.logsumexp(values, dim) / values.shape[dim]


@mistake("3.3", "their number, not its logarithm", MEAN)
def mean_count_bare(values: Any, dim: int = 0) -> Any:
    """The mean is the sum divided by the number of values. What does the logarithm make of that number?"""
    return torch.logsumexp(values, dim) - values.shape[dim]


@mistake("3.3", "the first axis counted, whatever dim says", MEAN)
def mean_counts_first(values: Any, dim: int = 0) -> Any:
    """How many values has each mean if dim is 1? Which entry of the shape do you divide by?"""
    return torch.logsumexp(values, dim) - math.log(values.shape[0])


@mistake("3.3", "all values counted", MEAN)
def mean_counts_all(values: Any, dim: int = 0) -> Any:
    """How many values has each mean? Is that the number of all values in the tensor?"""
    return torch.logsumexp(values, dim) - math.log(values.numel())


@mistake("3.3", "always the first axis", MEAN)
def mean_first_axis(values: Any, dim: int = 0) -> Any:
    """What does your function do with dim? Call it with dim=1 and look at the shape."""
    return _lme(values, 0)


@mistake("3.3", "always the last axis", MEAN)
def mean_last_axis(values: Any, dim: int = 0) -> Any:
    """What does your function do with dim? Call it without one and look at the shape."""
    return _lme(values, -1)


@mistake("3.3", "the default is the last axis", MEAN)
def mean_default(values: Any, dim: int = -1) -> Any:
    """What is dim if the call names none? Compare your line that begins with `def` with the starter's."""
    return _lme(values, dim)


@mistake("3.3", "everything in one mean", MEAN)
def mean_of_all(values: Any, dim: int = 0) -> Any:
    """How many means are there in a tensor of shape (K, B) along its first axis? How many numbers do you return?"""
    return torch.logsumexp(values.flatten(), 0) - math.log(values.numel())


@mistake("3.3", "no logarithm at the end", MEAN)
def mean_of_weights(values: Any, dim: int = 0) -> Any:
    """Logarithms come in. Does a logarithm come out?"""
    return values.exp().mean(dim)


@mistake("3.3", "no exponential at the beginning", MEAN)
def mean_no_exp(values: Any, dim: int = 0) -> Any:
    """The values can be negative. What is the logarithm of a negative mean? What makes weights of the values first?"""
    return values.mean(dim).log()


@mistake("3.3", "logarithms to base two", MEAN)
def mean_bits(values: Any, dim: int = 0) -> Any:
    """In which unit does the lesson count, and to which base is its logarithm?"""
    return _lme(values, dim) / math.log(2)


@mistake("3.3", "values cut off before exp", MEAN)
def mean_clamped(values: Any, dim: int = 0) -> Any:
    """What is your result for values of -2000, and what is right? Is a value that is cut off still the same value?"""
    return values.clamp(-80, 80).exp().mean(dim).log()


@mistake("3.3", "weights of 0 are not counted", MEAN)
def mean_finite_only(values: Any, dim: int = 0) -> Any:
    """Nine of ten weights are 0, the tenth is 1. What is their mean: 1, or a tenth?"""
    return torch.logsumexp(values, dim) - torch.isfinite(values).sum(dim).log()


@mistake("3.3", "-inf taken for 0", MEAN)
def mean_zero_for_inf(values: Any, dim: int = 0) -> Any:
    """A value of -inf belongs to a weight of 0. Which weight belongs to a value of 0?"""
    return _lme(torch.where(torch.isinf(values), torch.zeros_like(values), values), dim)


@mistake("3.3", "the gradient is cut off", MEAN)
def mean_detached(values: Any, dim: int = 0) -> Any:
    """Your numbers are right. Does a gradient flow back to the values? What is left of it after detach or no_grad?"""
    return _lme(values.detach(), dim)


# 3.4 elbo


@mistake("3.4", "log q is added", ELBO)
def elbo_q_added(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """q(z|x) stands below the line of the weight. Which sign has its logarithm?"""
    return (log_px_z + log_pz + log_qz).mean(0)


@mistake("3.4", "log q is left out", ELBO)
def elbo_no_q(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """The samples come from q, not from the prior. Where in your formula does it say so?"""
    return (log_px_z + log_pz).mean(0)


@mistake("3.4", "the prior is left out", ELBO)
def elbo_no_prior(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """In the story of an image, z is drawn before x is. Which density says how probable that z was?"""
    return (log_px_z - log_qz).mean(0)


@mistake("3.4", "the likelihood alone", ELBO)
def elbo_likelihood(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """That is the reconstruction. What does the ELBO charge for an encoder that says more than the prior?"""
    return log_px_z.mean(0)


@mistake("3.4", "the likelihood is left out", ELBO)
def elbo_no_likelihood(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Your result does not depend on how well z explains the image. Which of the three terms knows the image?"""
    return (log_pz - log_qz).mean(0)


@mistake("3.4", "prior and q trade places", ELBO)
def elbo_kl_sign(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """log q - log p is an estimate of the KL. Is the KL added in the ELBO, or subtracted?"""
    return (log_px_z - log_pz + log_qz).mean(0)


@mistake("3.4", "prior and q are both subtracted", ELBO)
def elbo_both_subtracted(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Which of the three densities stand above the line of the weight, and which below?"""
    return (log_px_z - log_pz - log_qz).mean(0)


@mistake("3.4", "the negative ELBO", ELBO)
def elbo_negative(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Training minimises a loss, but which of the two is asked for here? Should a better model have a larger result?"""
    return -(log_px_z + log_pz - log_qz).mean(0)


@mistake("3.4", "summed over samples", ELBO)
def elbo_sum(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Draw twice as many samples: should the ELBO double? Does yours?"""
    return (log_px_z + log_pz - log_qz).sum(0)


@mistake("3.4", "averaged over images, not over samples", ELBO)
def elbo_over_images(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Which axis holds the samples, and which the images? For how many of them do you return a number?"""
    return (log_px_z + log_pz - log_qz).mean(1)


@mistake("3.4", "averaged over images as well", ELBO)
def elbo_mean_all(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """One image may be improbable and the next not. How many numbers are asked for, and how many do you return?"""
    return (log_px_z + log_pz - log_qz).mean()


@mistake("3.4", "summed over images", ELBO)
def elbo_sum_of_images(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Repeat every image of a batch once: should a bound on log p(x) double? Does yours?"""
    return (log_px_z + log_pz - log_qz).mean(0).sum()


@mistake("3.4", "summed over everything", ELBO)
def elbo_sum_all(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """What should more samples do to the result, and what should more images do to its shape?"""
    return (log_px_z + log_pz - log_qz).sum()


@mistake("3.4", "one number for each sample", ELBO)
def elbo_not_averaged(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Each sample gives an estimate. What makes one number for each image of K estimates?"""
    return log_px_z + log_pz - log_qz


@mistake("3.4", "the first sample alone", ELBO)
def elbo_first(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """One sample is an estimate, too. What happens to the other K - 1?"""
    return (log_px_z + log_pz - log_qz)[0]


@mistake("3.4", "the largest sample alone", ELBO)
def elbo_largest(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Is the largest of K numbers an estimate of their expected value? What happens to yours when K grows?"""
    return (log_px_z + log_pz - log_qz).amax(0)


@mistake("3.4", "the logarithm of the mean weight", ELBO)
def elbo_is_weighted_bound(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """That is the bound of part 3.5. Which comes first in the ELBO, the logarithm or the mean?"""
    return _lme(log_px_z + log_pz - log_qz, 0)


@mistake("3.4", "exponentials of the terms", ELBO)
def elbo_of_weights(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """What is averaged in the ELBO: the weights, or their logarithms?"""
    return (log_px_z + log_pz - log_qz).exp().mean(0)


@mistake("3.4", "densities multiplied that are logarithms", ELBO)
def elbo_product(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Densities are multiplied and divided. What does the logarithm make of a product and of a quotient?"""
    return (log_px_z * log_pz / log_qz).mean(0)


@mistake("3.4", "samples weighted by how well they fit", ELBO)
def elbo_self_weighted(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """The samples are draws of q, each as good as the next. Does their mean need weights?"""
    log_w = log_px_z + log_pz - log_qz
    return (log_w.softmax(0) * log_w).sum(0)


@mistake("3.4", "the gradient is cut off", ELBO)
def elbo_detached(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Training would follow the gradient of this number. What is left of it after .item(), detach or no_grad?"""
    return (log_px_z + log_pz - log_qz).mean(0).detach()


@mistake("3.4", "the gradient of log q is cut off", ELBO)
def elbo_q_detached(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Your numbers are right. To which of the three terms does no gradient flow back?"""
    return (log_px_z + log_pz - log_qz.detach()).mean(0)


# 3.5 importance_weighted_bound


@mistake("3.5", "the mean of the logarithms", TIGHTER)
def bound_is_elbo(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """That is the ELBO of part 3.4. Which comes first here, the mean or the logarithm?"""
    return (log_px_z + log_pz - log_qz).mean(0)


@mistake("3.5", "the logarithm of a sum", TIGHTER)
def bound_is_sum(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Draw twice as many samples: does your bound grow by log 2? What turns a sum of weights into a mean?"""
    return torch.logsumexp(log_px_z + log_pz - log_qz, 0)


@mistake("3.5", "the number of samples is added", TIGHTER)
def bound_count_added(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """What does the logarithm make of a division by K: a plus or a minus?"""
    return torch.logsumexp(log_px_z + log_pz - log_qz, 0) + math.log(len(log_px_z))


@mistake("3.5", "the images are counted, not the samples", TIGHTER)
def bound_counts_images(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """How many weights has each mean? Which entry of the shape is that?"""
    return torch.logsumexp(log_px_z + log_pz - log_qz, 0) - math.log(log_px_z.shape[1])


@mistake("3.5", "divided outside of the logarithm", TIGHTER)
def bound_divided_outside(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Where does the division by K stand: inside the logarithm or outside? What does the logarithm make of it?"""
    return torch.logsumexp(log_px_z + log_pz - log_qz, 0) / len(log_px_z)


@mistake("3.5", "weights too small or too large for a float", TIGHTER)
def bound_naive(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """An image of many pixels costs a thousand nats. What is its weight as a float? Which of your parts takes the
    logarithm of a mean without the weights themselves?
    """
    return (log_px_z + log_pz - log_qz).exp().mean(0).log()


@mistake("3.5", "densities too small or too large for a float", TIGHTER)
def bound_naive_densities(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """What is p(x|z) of an image that costs a thousand nats, as a float? How do you divide and multiply densities
    without leaving their logarithms?
    """
    return (log_px_z.exp() * log_pz.exp() / log_qz.exp()).mean(0).log()


@mistake("3.5", "a longer float in place of a shift", TIGHTER)
def bound_double(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """What is exp(-2000) in float64? Which weights does a longer float help with, and which not?"""
    return (log_px_z + log_pz - log_qz).double().exp().mean(0).log().to(log_px_z.dtype)


@mistake("3.5", "a small number inside the logarithm", TIGHTER)
def bound_guard(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """What does your bound say of an image that costs 2000 nats, and of one that costs 50? Why is that the same?"""
    return ((log_px_z + log_pz - log_qz).exp().mean(0) + 1e-8).log()


@mistake("3.5", "one maximum for all images", TIGHTER)
def bound_global_shift(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """One image costs 5 nats, another 2000. What do you subtract from the second one's weights, and what is exp of the
    rest? Which axis should the maximum be taken over?
    """
    log_w = log_px_z + log_pz - log_qz
    return (log_w - log_w.max()).exp().mean(0).log() + log_w.max()


@mistake("3.5", "shifted by the mean", TIGHTER)
def bound_mean_shift(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """How far above their mean can the largest log weight lie? After which shift is no exponential larger than 1?"""
    log_w = log_px_z + log_pz - log_qz
    return _shifted(log_w, 0, log_w.mean(0, keepdim=True))


@mistake("3.5", "log weights cut off before exp", TIGHTER)
def bound_clamped(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """What does your bound say of an image that costs 2000 nats? Is a weight that is cut off still the same weight?"""
    return (log_px_z + log_pz - log_qz).clamp(-80, 80).exp().mean(0).log()


@mistake("3.5", "the shift is not put back", TIGHTER)
def bound_not_shifted_back(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """If every log p(x|z) is 5 nats larger, how much larger should your bound be? How much is it?"""
    log_w = log_px_z + log_pz - log_qz
    return _lme(log_w - log_w.amax(0), 0)


@mistake("3.5", "no logarithm at the end", TIGHTER)
def bound_mean_weight(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """The mean weight estimates p(x). Which function of p(x) is bounded here?"""
    return (log_px_z + log_pz - log_qz).exp().mean(0)


@mistake("3.5", "the largest weight alone", TIGHTER)
def bound_largest(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """The largest weight matters most. By which number is it divided in the mean, and what do the others add?"""
    return (log_px_z + log_pz - log_qz).amax(0)


@mistake("3.5", "log q is added", TIGHTER)
def bound_q_added(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """q(z|x) stands below the line of the weight. Which sign has its logarithm?"""
    return _lme(log_px_z + log_pz + log_qz, 0)


@mistake("3.5", "log q is left out", TIGHTER)
def bound_no_q(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """The samples come from q, not from the prior. Where in your weight does it say so?"""
    return _lme(log_px_z + log_pz, 0)


@mistake("3.5", "the prior is left out", TIGHTER)
def bound_no_prior(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """A z that explains the image may itself be improbable. Which density says so?"""
    return _lme(log_px_z - log_qz, 0)


@mistake("3.5", "the likelihood alone", TIGHTER)
def bound_likelihood(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """The mean of p(x|z) estimates p(x) for draws of the prior. Where do your samples come from?"""
    return _lme(log_px_z, 0)


@mistake("3.5", "the likelihood is left out", TIGHTER)
def bound_no_likelihood(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Your result does not depend on how well z explains the image. Which of the three terms knows the image?"""
    return _lme(log_pz - log_qz, 0)


@mistake("3.5", "prior and q trade places", TIGHTER)
def bound_kl_sign(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Which density were the samples drawn from, and which would you have liked to draw them from? Which of the two
    stands below the line of the weight?
    """
    return _lme(log_px_z - log_pz + log_qz, 0)


@mistake("3.5", "the sign is wrong", TIGHTER)
def bound_negative(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Should a better model have a larger bound or a smaller one? Which sign has log p(x), and which sign has yours?"""
    return -_lme(log_px_z + log_pz - log_qz, 0)


@mistake("3.5", "the inverse weights", TIGHTER)
def bound_inverse(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """You average 1 / weight. Is the mean of inverses the inverse of the mean?"""
    return -_lme(log_qz - log_pz - log_px_z, 0)


@mistake("3.5", "averaged over images, not over samples", TIGHTER)
def bound_over_images(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Which axis holds the samples, and which the images? For how many of them do you return a number?"""
    return _lme(log_px_z + log_pz - log_qz, 1)


@mistake("3.5", "averaged over images as well", TIGHTER)
def bound_mean_of_images(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """One image may be improbable and the next not. How many numbers are asked for, and how many do you return?"""
    return _lme(log_px_z + log_pz - log_qz, 0).mean()


@mistake("3.5", "summed over images", TIGHTER)
def bound_sum_of_images(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Repeat every image of a batch once: should a bound on log p(x) double? Does yours?"""
    return _lme(log_px_z + log_pz - log_qz, 0).sum()


@mistake("3.5", "weights of all images in one mean", TIGHTER)
def bound_of_all(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Every image has its own p(x). Of which image is the mean of all weights an estimate?"""
    return _lme((log_px_z + log_pz - log_qz).flatten(), 0)


@mistake("3.5", "a mean of logarithms, weighted by the weights", TIGHTER)
def bound_self_weighted(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Weights that sum to 1 are what the gradient of this bound holds. What is the bound itself: a mean of logarithms,
    or the logarithm of a mean?
    """
    log_w = log_px_z + log_pz - log_qz
    return (log_w.softmax(0) * log_w).sum(0)


@mistake("3.5", "each term averaged by itself", TIGHTER)
def bound_term_by_term(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Is the mean of a product the product of the means? What belongs together: the three terms of one sample, or the K
    values of one term?
    """
    return _lme(log_px_z, 0) + _lme(log_pz, 0) - _lme(log_qz, 0)


@mistake("3.5", "only the likelihood in the mean of weights", TIGHTER)
def bound_kl_outside(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Prior and q belong to the weight of each sample. May they leave the logarithm of the mean, and be averaged by
    themselves?
    """
    return _lme(log_px_z, 0) + (log_pz - log_qz).mean(0)


@mistake("3.5", "the gradient is cut off", TIGHTER)
def bound_detached(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Training could follow the gradient of this number. What is left of it after .item(), detach or no_grad?"""
    return _lme(log_px_z + log_pz - log_qz, 0).detach()


@mistake("3.5", "the gradient of the weights is cut off", TIGHTER)
def bound_q_detached(log_px_z: Any, log_pz: Any, log_qz: Any) -> Any:
    """Your numbers are right. To which of the three terms does no gradient flow back?"""
    return _lme(log_px_z + log_pz - log_qz.detach(), 0)
