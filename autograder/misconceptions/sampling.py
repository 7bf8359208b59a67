"""Lesson 7: mistakes with the Gaussian of codes, draws from it, new images and the share beyond a limit.

Each function is the part's function with something wrong in it, which is the point; its docstring is the question that
a tutor would ask. Unused arguments are part of some mistakes.
"""

# ruff: noqa: ARG001

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from autograder.misconceptions import Names

MISTAKES = mistake = Names()

FIT, DRAW, IMAGES, SHARE = (
    "gaussian-of-codes",
    "factor-of-a-covariance",
    "gaussian-of-codes",
    "how-to-compare-sets-of-images",
)


# 7.1 fit a Gaussian


def _covariance(codes: torch.Tensor) -> torch.Tensor:
    centred = codes - codes.mean(0)
    return centred.T @ centred / (len(codes) - 1)


@mistake("7.1", "divided by N", FIT)
def fit_by_n(codes: Any) -> Any:
    """By which number does the part divide the sum: by N, or by N - 1? Which setting of your function says so?"""
    return codes.mean(0), _covariance(codes) * (len(codes) - 1) / len(codes)


@mistake("7.1", "the mean is not taken away", FIT)
def fit_uncentred(codes: Any) -> Any:
    """Move all codes by the same vector: does it change how they vary together? Does it change your covariance?"""
    return codes.mean(0), codes.T @ codes / (len(codes) - 1)


@mistake("7.1", "the mean is not taken away, and divided by N", FIT)
def fit_second_moment(codes: Any) -> Any:
    """Move all codes by the same vector: does your covariance stay? And by how many do you divide?"""
    return codes.mean(0), codes.T @ codes / len(codes)


@mistake("7.1", "a sum that is not divided", FIT)
def fit_sum(codes: Any) -> Any:
    """Take every image twice: should the covariance double? By what is the sum of products divided?"""
    return codes.mean(0), _covariance(codes) * (len(codes) - 1)


@mistake("7.1", "variances alone, as a matrix", FIT)
def fit_diagonal(codes: Any) -> Any:
    """Two dimensions rise and fall together: which entry of your matrix says so?"""
    return codes.mean(0), torch.diag(codes.var(0))


@mistake("7.1", "variances alone", FIT)
def fit_variances(codes: Any) -> Any:
    """How many pairs can be made of Z dimensions, and how many numbers do you return for them?"""
    return codes.mean(0), codes.var(0)


@mistake("7.1", "standard deviations", FIT)
def fit_spreads(codes: Any) -> Any:
    """What is the shape of a covariance? And is its diagonal a spread, or the square of one?"""
    return codes.mean(0), codes.std(0)


@mistake("7.1", "correlations", FIT)
def fit_correlation(codes: Any) -> Any:
    """What stands on the diagonal of your matrix, for every data set? Where is the spread of each dimension?"""
    spread = codes.std(0)
    return codes.mean(0), _covariance(codes) / (spread[:, None] * spread)


@mistake("7.1", "of images in place of dimensions", FIT)
def fit_transposed(codes: Any) -> Any:
    """Is your matrix as large as there are images, or as there are dimensions? What does torch.cov take rows for?"""
    return codes.mean(0), torch.cov(codes)


@mistake("7.1", "mean and covariance over dimensions", FIT)
def fit_axis(codes: Any) -> Any:
    """Over which axis do you average: over the images, or over the numbers of one code? Which one comes first?"""
    return codes.mean(1), torch.cov(codes)


@mistake("7.1", "the mean over dimensions", FIT)
def fit_mean_axis(codes: Any) -> Any:
    """How many numbers does your mean have, and how many has a code?"""
    return codes.mean(1), _covariance(codes)


@mistake("7.1", "one number for a mean", FIT)
def fit_scalar_mean(codes: Any) -> Any:
    """Do all dimensions lie around the same number? Over which axis does mean() go if you name none?"""
    return codes.mean(), _covariance(codes)


@mistake("7.1", "the pair is swapped", FIT)
def fit_swapped(codes: Any) -> Any:
    """In which order are the two promised, and in which order do you return them?"""
    return _covariance(codes), codes.mean(0)


@mistake("7.1", "the mean keeps an axis of images", FIT)
def fit_keeps(codes: Any) -> Any:
    """How many axes has the mean code: one or two? What is its shape said to be?"""
    return codes.mean(0, keepdim=True), _covariance(codes)


@mistake("7.1", "the covariance alone", FIT)
def fit_covariance_only(codes: Any) -> Any:
    """Two Gaussians may have the same covariance: what else tells them apart?"""
    return _covariance(codes)


@mistake("7.1", "the mean alone", FIT)
def fit_mean_only(codes: Any) -> Any:
    """What do you return besides the mean? Which number says how far codes are from it?"""
    return codes.mean(0)


@mistake("7.1", "the prior", FIT)
def fit_prior(codes: Any) -> Any:
    """What do the codes change in your result? Which Gaussian has mean 0 and covariance I for every data set?"""
    return torch.zeros(codes.shape[1]), torch.eye(codes.shape[1])


@mistake("7.1", "around 0", FIT)
def fit_no_mean(codes: Any) -> Any:
    """Where do the codes lie? Is it around 0?"""
    return torch.zeros(codes.shape[1]), _covariance(codes)


@mistake("7.1", "the median for the mean", FIT)
def fit_median(codes: Any) -> Any:
    """Which of your two numbers would change if the furthest code moved further away? Is the middle code the mean?"""
    return codes.median(0).values, _covariance(codes)


@mistake("7.1", "a factor of the covariance", FIT)
def fit_factor(codes: Any) -> Any:
    """Is your matrix symmetric? In which part is the factor L of a covariance asked for?"""
    return codes.mean(0), torch.linalg.cholesky(_covariance(codes))


@mistake("7.1", "the inverse of the covariance", FIT)
def fit_inverse(codes: Any) -> Any:
    """If all codes move twice as far apart, do your numbers grow or shrink? In which formula is the inverse needed?"""
    return codes.mean(0), torch.linalg.inv(_covariance(codes))


@mistake("7.1", "one spread for all dimensions", FIT)
def fit_round(codes: Any) -> Any:
    """Do all dimensions spread equally far? Where do two of them vary together in your matrix?"""
    return codes.mean(0), codes.var(0).mean() * torch.eye(codes.shape[1])


# 7.2 draw codes


def _eps(mean: torch.Tensor, num_samples: int, generator: Any) -> torch.Tensor:
    return torch.randn(num_samples, len(mean), generator=generator, dtype=mean.dtype)


def _factor(covariance: torch.Tensor) -> torch.Tensor:
    factor: torch.Tensor = torch.linalg.cholesky(covariance)
    return factor


def _copied(generator: Any) -> Any:
    if generator is None:
        return None
    copy = torch.Generator()
    copy.set_state(generator.get_state())
    return copy


@mistake("7.2", "the covariance in place of its factor", DRAW)
def draw_no_root(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """In one dimension, is noise multiplied by the variance or by its root? What is the root of a covariance here?"""
    return mean + _eps(mean, num_samples, generator) @ covariance


@mistake("7.2", "the factor is turned over", DRAW)
def draw_transposed_factor(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Your noise stands in rows, the formula has columns: what is the transpose of L eps? Fit a Gaussian to a thousand
    of your draws: is its covariance the one you began with?
    """
    return mean + _eps(mean, num_samples, generator) @ _factor(covariance)


@mistake("7.2", "each dimension by itself", DRAW)
def draw_diagonal(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Where do the entries off the diagonal come in? Do two dimensions of your draws vary together?"""
    return mean + _eps(mean, num_samples, generator) * covariance.diagonal().sqrt()


@mistake("7.2", "the variances as spreads", DRAW)
def draw_variances(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Is the diagonal of a covariance a spread, or the square of one? And what about its other entries?"""
    return mean + _eps(mean, num_samples, generator) * covariance.diagonal()


@mistake("7.2", "the root of each entry", DRAW)
def draw_entry_roots(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """An entry of a covariance may be negative: what is its root? Is your matrix times its transpose the covariance?"""
    return mean + _eps(mean, num_samples, generator) @ covariance.sqrt()


@mistake("7.2", "the mean is left out", DRAW)
def draw_no_mean(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Around which point do your draws lie, and around which should they?"""
    return _eps(mean, num_samples, generator) @ _factor(covariance).T


@mistake("7.2", "the mean is stretched as well", DRAW)
def draw_bracket(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Which comes first, stretching or moving? What is the mean of a thousand of your draws?"""
    return (mean + _eps(mean, num_samples, generator)) @ _factor(covariance).T


@mistake("7.2", "the covariance is left out", DRAW)
def draw_no_covariance(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """How far do your draws spread in each direction, and what does the covariance change in that?"""
    return mean + _eps(mean, num_samples, generator)


@mistake("7.2", "samples of the prior", DRAW)
def draw_prior(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """What do mean and covariance change in your result? From which distribution do you draw?"""
    return _eps(mean, num_samples, generator)


@mistake("7.2", "the inverse of the covariance", DRAW)
def draw_inverse(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """If the covariance grows, do your draws spread further or less far? Is it the covariance that you take a factor
    of, or its inverse?
    """
    return mean + _eps(mean, num_samples, generator) @ _factor(torch.linalg.inv(covariance)).T


@mistake("7.2", "only the stretch, no turn", DRAW)
def draw_stretched(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Eigenvalues say how far codes spread. What says in which directions, and where is it in your draws?"""
    values, _ = torch.linalg.eigh(covariance)
    return mean + _eps(mean, num_samples, generator) * values.sqrt()


@mistake("7.2", "the eigenvectors are turned over", DRAW)
def draw_vectors(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Does one eigenvector stand in a row or in a column of what torch gives you? Which of the two does your product
    take?
    """
    values, vectors = torch.linalg.eigh(covariance)
    return mean + _eps(mean, num_samples, generator) * values.sqrt() @ vectors


@mistake("7.2", "one sample repeated", DRAW)
def draw_repeated(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Compare your first row with your second. How many random numbers do you draw in all?"""
    return (mean + _eps(mean, 1, generator) @ _factor(covariance).T).repeat(num_samples, 1)


@mistake("7.2", "one number of noise a sample", DRAW)
def draw_one_number(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Draw a picture of your samples in two dimensions: why do they lie on a line? How many numbers does each have?"""
    eps = _eps(mean[:1], num_samples, generator).expand(num_samples, len(mean))
    return mean + eps @ _factor(covariance).T


@mistake("7.2", "no noise at all", DRAW)
def draw_mean(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Do your samples differ? Where does chance come in?"""
    return mean.repeat(num_samples, 1)


@mistake("7.2", "a single sample", DRAW)
def draw_single(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """What does num_samples change in your result?"""
    return (mean + _eps(mean, 1, generator) @ _factor(covariance).T)[0]


@mistake("7.2", "dimensions before samples", DRAW)
def draw_transposed(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """What does one row of your result stand for: a sample or a dimension?"""
    return (mean + _eps(mean, num_samples, generator) @ _factor(covariance).T).T


@mistake("7.2", "uniform noise", DRAW)
def draw_uniform(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Can your noise be negative? Which letter tells the two functions of torch apart?"""
    eps = torch.rand(num_samples, len(mean), generator=generator, dtype=mean.dtype)
    return mean + eps @ _factor(covariance).T


@mistake("7.2", "the generator is ignored", DRAW)
def draw_no_generator(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Pass two generators with the same seed, one after the other: do you get the same codes twice? (A distribution of
    torch's takes no generator: what of it can you use, and where do you draw yourself?)
    """
    return mean + _eps(mean, num_samples, None) @ _factor(covariance).T


@mistake("7.2", "the generator begins anew at every draw", DRAW)
def draw_restarted(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Call your function twice with the same generator: do the codes differ? Where is it set back to its start?"""
    if generator is not None:
        generator.manual_seed(generator.initial_seed())
    return mean + _eps(mean, num_samples, generator) @ _factor(covariance).T


@mistake("7.2", "the generator does not move on", DRAW)
def draw_copied(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Call your function twice with the same generator: do the codes differ? Do you draw from it, or from a copy?"""
    return mean + _eps(mean, num_samples, _copied(generator)) @ _factor(covariance).T


@mistake("7.2", "a seed inside the function", DRAW)
def draw_seeded(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Call your function twice without a generator: do the codes differ? What happens to the random numbers of all
    other code?
    """
    torch.manual_seed(0)
    return mean + _eps(mean, num_samples, generator) @ _factor(covariance).T


@mistake("7.2", "a generator of its own with a fixed seed", DRAW)
def draw_own_generator(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Call your function twice without a generator: do the codes differ? Where should they come from then?"""
    return mean + _eps(mean, num_samples, generator or torch.Generator().manual_seed(0)) @ _factor(covariance).T


@mistake("7.2", "numpy's random numbers", DRAW)
def draw_numpy(mean: Any, covariance: Any, num_samples: int, generator: Any = None) -> Any:
    """Does torch.manual_seed repeat your codes? Which library do they come from?"""
    eps = torch.as_tensor(np.random.randn(num_samples, len(mean)), dtype=mean.dtype)  # noqa: NPY002
    return mean + eps @ _factor(covariance).T


# 7.3 new images


def _fitted(codes: torch.Tensor, num_samples: int, generator: Any) -> torch.Tensor:
    """New codes, drawn as they should be."""
    eps = _eps(codes[0], num_samples, generator)
    return codes.mean(0) + eps @ _factor(_covariance(codes)).T


@mistake("7.3", "draws from the prior", IMAGES)
def images_of_prior(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """Where do the codes of the images come in? Who says that they lie where N(0, I) draws?"""
    codes = encode(images)
    return decode(torch.randn(num_samples, codes.shape[1], generator=generator, dtype=codes.dtype))


@mistake("7.3", "images that are only given back", IMAGES)
def images_given_back(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """Which of your images is new? What does num_samples change?"""
    return decode(encode(images))


@mistake("7.3", "codes of images, drawn again", IMAGES)
def images_drawn_again(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """Is any code that you decode new? How many different images can your function give at most?"""
    rows = torch.randint(len(images), (num_samples,), generator=generator)
    return decode(encode(images)[rows])


@mistake("7.3", "noise around codes of images", IMAGES)
def images_with_noise(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """Around how many points do your codes lie? The part asks for one Gaussian: which mean does it have?"""
    rows = torch.randint(len(images), (num_samples,), generator=generator)
    codes = encode(images)[rows]
    return decode(codes + torch.randn(codes.shape, generator=generator, dtype=codes.dtype))


@mistake("7.3", "the mean code, again and again", IMAGES)
def images_of_mean(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """Do your images differ? Which of the four steps did you leave out?"""
    return decode(encode(images).mean(0).repeat(num_samples, 1))


@mistake("7.3", "a spread for each dimension alone", IMAGES)
def images_diagonal(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """Two dimensions of the codes rise and fall together: do they in what you decode?"""
    codes = encode(images)
    return decode(codes.mean(0) + codes.std(0) * _eps(codes[0], num_samples, generator))


@mistake("7.3", "the mean is left out", IMAGES)
def images_no_mean(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """Around which point do your new codes lie, and around which do the codes of the images?"""
    codes = encode(images)
    return decode(_eps(codes[0], num_samples, generator) @ _factor(_covariance(codes)).T)


@mistake("7.3", "the covariance is left out", IMAGES)
def images_no_covariance(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """How far do your new codes spread, and how far do those of the images? Which result of part 7.1 is unused?"""
    codes = encode(images)
    return decode(codes.mean(0) + _eps(codes[0], num_samples, generator))


@mistake("7.3", "the encoder runs twice", IMAGES)
def images_encoded_twice(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """Your numbers are right. How often are the images encoded, and what could keep the codes?"""
    encode(images)
    return decode(_fitted(encode(images), num_samples, generator))


@mistake("7.3", "the decoder runs for each code", IMAGES)
def images_one_by_one(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """How many rows does the decoder read at once? How often is it called for a hundred new images?"""
    return torch.cat([decode(code[None]) for code in _fitted(encode(images), num_samples, generator)])


@mistake("7.3", "codes, not images", IMAGES)
def images_not_decoded(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """Can what you return be drawn as pictures? Which of the two models is never asked?"""
    return _fitted(encode(images), num_samples, generator)


@mistake("7.3", "decoded, but the codes come back", IMAGES)
def images_codes_back(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """What becomes of the images that the decoder gives you? Which of your variables do you return?"""
    codes = _fitted(encode(images), num_samples, generator)
    decode(codes)
    return codes


@mistake("7.3", "a sigmoid too many", IMAGES)
def images_sigmoid(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """Do you return what the decoder gives, as it is? Who knows whether these are pixels already?"""
    return torch.sigmoid(decode(_fitted(encode(images), num_samples, generator)))


@mistake("7.3", "the wrong number of images", IMAGES)
def images_count(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """How many new images do you return: as many as are asked for, or as many as were given?"""
    return decode(_fitted(encode(images), len(images), generator))


@mistake("7.3", "the generator is ignored", IMAGES)
def images_no_generator(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """Pass two generators with the same seed, one after the other: do you get the same images twice? Whom do you give
    the generator to?
    """
    return decode(_fitted(encode(images), num_samples, None))


@mistake("7.3", "a seed inside the function", IMAGES)
def images_seeded(encode: Any, decode: Any, images: Any, num_samples: int, generator: Any = None) -> Any:
    """Call your function twice without a generator: do the images differ? What happens to the random numbers of all
    other code?
    """
    torch.manual_seed(0)
    return decode(_fitted(encode(images), num_samples, generator))


# 7.4 share beyond


def _above(distances: torch.Tensor, limit: torch.Tensor) -> float:
    return float((distances > limit).double().mean())


@mistake("7.4", "the share below", SHARE)
def share_below(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """An image is very far from all usual ones: does it make your share larger or smaller?"""
    return 1 - _above(distances, torch.quantile(usual, quantile))


@mistake("7.4", "a limit from the distances themselves", SHARE)
def share_of_itself(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """Which share of any set of numbers is above its own 95 % quantile? Where do the usual distances come in?"""
    return _above(distances, torch.quantile(distances, quantile))


@mistake("7.4", "the two are swapped", SHARE)
def share_swapped(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """Which of the two sets says what is usual, and which is judged? In which order do they come?"""
    return _above(usual, torch.quantile(distances, quantile))


@mistake("7.4", "the usual distances judge themselves", SHARE)
def share_of_usual(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """What do the first distances change in your share?"""
    return _above(usual, torch.quantile(usual, quantile))


@mistake("7.4", "a limit from both together", SHARE)
def share_of_both(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """If the images that are judged get stranger, does your limit move? Should it?"""
    return _above(distances, torch.quantile(torch.cat([distances, usual]), quantile))


@mistake("7.4", "always 0.95", SHARE)
def share_fixed(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """What does the argument `quantile` change in your share?"""
    return _above(distances, torch.quantile(usual, 0.95))


@mistake("7.4", "the other end", SHARE)
def share_other_end(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """Which share of the usual distances is above your limit: 5 %, or 95 %?"""
    return _above(distances, torch.quantile(usual, 1 - quantile))


@mistake("7.4", "a count", SHARE)
def share_count(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """A share lies between 0 and 1. How many distances are there in all?"""
    return float((distances > torch.quantile(usual, quantile)).sum())


@mistake("7.4", "in per cent", SHARE)
def share_percent(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """Between which two numbers does a share lie?"""
    return 100 * _above(distances, torch.quantile(usual, quantile))


@mistake("7.4", "divided by the number of usual distances", SHARE)
def share_over_usual(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """Of which set is it a share? How many numbers does that set have?"""
    return float((distances > torch.quantile(usual, quantile)).sum() / len(usual))


@mistake("7.4", "a part of the largest distance", SHARE)
def share_of_largest(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """One usual distance is a million: where is your limit, and how many of the usual distances stay below it?"""
    return _above(distances, quantile * usual.max())


@mistake("7.4", "the largest usual distance", SHARE)
def share_largest(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """How many of the usual distances may be above the limit? How many are above yours?"""
    return _above(distances, usual.max())


@mistake("7.4", "the mean of the usual distances", SHARE)
def share_mean(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """Which share of the usual distances is above your limit? Where does the quantile come in?"""
    return _above(distances, usual.mean())


@mistake("7.4", "two spreads above the mean", SHARE)
def share_two_spreads(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """Which share is beyond two spreads, and for which distribution is that true? Are distances distributed so?"""
    return _above(distances, usual.mean() + 2 * usual.std(correction=0))


@mistake("7.4", "a usual distance in place of a quantile between two", SHARE)
def share_lower(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """The limit lies between two of the sorted usual distances: do you take the lower one, or go along the line between
    them?
    """
    return _above(distances, torch.quantile(usual, quantile, interpolation="lower"))


@mistake("7.4", "the next larger usual distance", SHARE)
def share_higher(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """The limit lies between two of the sorted usual distances: do you take the upper one, or go along the line between
    them?
    """
    return _above(distances, torch.quantile(usual, quantile, interpolation="higher"))


@mistake("7.4", "the limit itself", SHARE)
def share_limit(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """You have the limit. How many of the distances are above it?"""
    return float(torch.quantile(usual, quantile))


@mistake("7.4", "a yes or no for each distance", SHARE)
def share_each(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """You know which distances are above the limit. Which share of them is it?"""
    return distances > torch.quantile(usual, quantile)


@mistake("7.4", "less what is usual", SHARE)
def share_excess(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """Of usual images, which share do you expect above the limit, and which does your number say?"""
    return _above(distances, torch.quantile(usual, quantile)) - (1 - quantile)


@mistake("7.4", "beyond either end", SHARE)
def share_both_ends(distances: Any, usual: Any, quantile: float = 0.95) -> Any:
    """Does a very small distance make an image strange here? Which side of the limit counts?"""
    low, high = torch.quantile(usual, 1 - quantile), torch.quantile(usual, quantile)
    return float(((distances > high) | (distances < low)).double().mean())
