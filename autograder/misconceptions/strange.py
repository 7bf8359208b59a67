"""Lesson 8: mistakes with squared errors, the AUROC, the nearest distance and the grey floor.

Each function is the part's function with something wrong in it, which is the point; its docstring is the question that
a tutor would ask.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

from autograder.misconceptions import Names

MISTAKES = mistake = Names()

ERROR, AUROC, DISTANCE, FLOOR = "squared-error", "auroc", "no-model", "grey-floor-score"


def _squares(x_hat: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    return (x_hat - x).square()  # (B, D)


def _pairs(usual: torch.Tensor, strange: torch.Tensor) -> torch.Tensor:
    """1 where the strange score is larger, one half where both are equal, (M, N)."""
    larger, equal = strange[:, None] > usual[None], strange[:, None] == usual[None]
    return larger.double() + 0.5 * equal.double()


def _distances(x: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    return (x[:, None] - known[None]).square().sum(2).sqrt()  # (B, M)


def _entropy(x: torch.Tensor) -> torch.Tensor:
    nats: torch.Tensor = torch.special.entr(x) + torch.special.entr(1 - x)  # (B, D)
    return nats


# 8.1 squared errors


@mistake("8.1", "averaged over pixels", ERROR)
def errors_mean(x_hat: Any, x: Any) -> Any:
    """If every image were twice as large, with the same error in each pixel, should its score grow? Does yours?"""
    return _squares(x_hat, x).mean(1)


@mistake("8.1", "one number for all images", ERROR)
def errors_scalar(x_hat: Any, x: Any) -> Any:
    """Which of the images is the strange one? Can your one number say it?"""
    return _squares(x_hat, x).sum(1).mean()


@mistake("8.1", "everything added up", ERROR)
def errors_sum(x_hat: Any, x: Any) -> Any:
    """How many numbers do you return, and how many images are there? Which axis should stay?"""
    return _squares(x_hat, x).sum()


@mistake("8.1", "torch's mean squared error", ERROR)
def errors_mse(x_hat: Any, x: Any) -> Any:
    """What does the default reduction of mse_loss do with the images, and what with the pixels?"""
    return functional.mse_loss(x_hat, x)


@mistake("8.1", "one number for each pixel", ERROR)
def errors_pixels(x_hat: Any, x: Any) -> Any:
    """What is the shape of your result? Which of its axes counts pixels, and what should happen to this axis?"""
    return _squares(x_hat, x)


@mistake("8.1", "summed over images", ERROR)
def errors_axis(x_hat: Any, x: Any) -> Any:
    """Is your result as long as there are images, or as there are pixels? Which axis comes first in (B, D)?"""
    return _squares(x_hat, x).sum(0)


@mistake("8.1", "the absolute error", ERROR)
def errors_absolute(x_hat: Any, x: Any) -> Any:
    """One pixel is off by 0.8, or eight pixels by 0.1 each: which image has the larger squared error?"""
    return (x_hat - x).abs().sum(1)


@mistake("8.1", "the root of the squared error", ERROR)
def errors_root(x_hat: Any, x: Any) -> Any:
    """Does the part ask for a length, or for its square? Which of the two doubles if every difference doubles?"""
    return _squares(x_hat, x).sum(1).sqrt()


@mistake("8.1", "squared after the sum", ERROR)
def errors_square_last(x_hat: Any, x: Any) -> Any:
    """One pixel is too bright by 0.5, another too dark by 0.5: what is your score of that image?"""
    return (x_hat - x).sum(1).square()


@mistake("8.1", "half of the squared error", ERROR)
def errors_half(x_hat: Any, x: Any) -> Any:
    """Where does the one half come from: from a Gaussian's density, or from the definition on the page?"""
    return 0.5 * _squares(x_hat, x).sum(1)


@mistake("8.1", "the sum of the differences", ERROR)
def errors_signed(x_hat: Any, x: Any) -> Any:
    """Can a squared error be negative? How do you count a difference of -0.5 as much as one of 0.5?"""
    return (x_hat - x).sum(1)


@mistake("8.1", "the cross-entropy", ERROR)
def errors_cross_entropy(x_hat: Any, x: Any) -> Any:
    """An image is given back exactly: what is its squared error, and what is your score? Which of the two is wanted?"""
    return functional.binary_cross_entropy(x_hat.clamp(0, 1), x, reduction="none").sum(1)


# 8.2 AUROC


@mistake("8.2", "how often the usual score is larger", AUROC)
def auroc_swapped(usual: Any, strange: Any) -> Any:
    """Let every strange score be larger than every usual one. Should the AUROC be 0 or 1?"""
    return 1 - float(_pairs(usual, strange).mean())


@mistake("8.2", "equal scores count nothing", AUROC)
def auroc_strict(usual: Any, strange: Any) -> Any:
    """Give every image the score 7. Which number says that such a score tells nothing, and which one do you get?"""
    return float((strange[:, None] > usual[None]).double().mean())


@mistake("8.2", "equal scores count fully", AUROC)
def auroc_ties_full(usual: Any, strange: Any) -> Any:
    """Give every image the score 7. Does your result say that the score tells nothing?"""
    return float((strange[:, None] >= usual[None]).double().mean())


@mistake("8.2", "a count of pairs", AUROC)
def auroc_count(usual: Any, strange: Any) -> Any:
    """A share lies between 0 and 1. How many pairs are there in all?"""
    return float(_pairs(usual, strange).sum())


@mistake("8.2", "divided by the usual scores alone", AUROC)
def auroc_over_usual(usual: Any, strange: Any) -> Any:
    """How many pairs can be made of N usual and M strange images? By what do you divide?"""
    return float(_pairs(usual, strange).sum() / len(usual))


@mistake("8.2", "divided by the strange scores alone", AUROC)
def auroc_over_strange(usual: Any, strange: Any) -> Any:
    """How many pairs can be made of N usual and M strange images, and by how many of them do you divide?"""
    return float(_pairs(usual, strange).sum() / len(strange))


@mistake("8.2", "compared with the mean of the usual scores", AUROC)
def auroc_mean(usual: Any, strange: Any) -> Any:
    """Change one usual score to a million: do the pairs without it change? Does your share?"""
    return float((strange > usual.mean()).double().mean())


@mistake("8.2", "compared with the largest usual score", AUROC)
def auroc_largest(usual: Any, strange: Any) -> Any:
    """A strange score is above all usual ones but one: in how many of its pairs is it the larger?"""
    return float((strange > usual.max()).double().mean())


@mistake("8.2", "compared with the middle usual score", AUROC)
def auroc_median(usual: Any, strange: Any) -> Any:
    """Does every pair count in your share? Which usual scores, apart from the middle one, can change it?"""
    return float((strange > usual.median()).double().mean())


@mistake("8.2", "pairs taken side by side", AUROC)
def auroc_side_by_side(usual: Any, strange: Any) -> Any:
    """With which usual score is the first strange one compared? With how many should it be?"""
    count = min(len(usual), len(strange))
    larger, equal = strange[:count] > usual[:count], strange[:count] == usual[:count]
    return float((larger.double() + 0.5 * equal.double()).mean())


@mistake("8.2", "the best of both directions", AUROC)
def auroc_folded(usual: Any, strange: Any) -> Any:
    """A score takes every strange image for the *more* usual one: what is its AUROC, and what do you return?"""
    share = float(_pairs(usual, strange).mean())
    return max(share, 1 - share)


@mistake("8.2", "in per cent", AUROC)
def auroc_percent(usual: Any, strange: Any) -> Any:
    """Between which two numbers does a share lie?"""
    return 100 * float(_pairs(usual, strange).mean())


@mistake("8.2", "twice the share, less one", AUROC)
def auroc_gini(usual: Any, strange: Any) -> Any:
    """A score tells nothing: is its AUROC 0, as yours says, or 0.5?"""
    return 2 * float(_pairs(usual, strange).mean()) - 1


@mistake("8.2", "the difference of the means", AUROC)
def auroc_difference(usual: Any, strange: Any) -> Any:
    """Multiply all scores by ten: does their order change? Does your number?"""
    return float(strange.double().mean() - usual.double().mean())


@mistake("8.2", "one number for each strange score", AUROC)
def auroc_each(usual: Any, strange: Any) -> Any:
    """You have a share for each strange image. How do you get one number from them?"""
    return _pairs(usual, strange).mean(1)


# 8.3 nearest distance


@mistake("8.3", "the squared distance", DISTANCE)
def distance_squared(x: Any, known: Any) -> Any:
    """If every difference doubles, does your score double? How far apart are (0, 0) and (3, 4)?"""
    return _distances(x, known).square().amin(1)


@mistake("8.3", "the mean distance", DISTANCE)
def distance_mean(x: Any, known: Any) -> Any:
    """An image is one of the known ones: which score should it have, and which do you give it?"""
    return _distances(x, known).mean(1)


@mistake("8.3", "the largest distance", DISTANCE)
def distance_largest(x: Any, known: Any) -> Any:
    """Does your score tell about the nearest known image, or about the one that is furthest away?"""
    return _distances(x, known).amax(1)


@mistake("8.3", "which one is nearest, not how far", DISTANCE)
def distance_index(x: Any, known: Any) -> Any:
    """Is the row number of an image a distance? What does `argmin` return, and what does `amin`?"""
    return _distances(x, known).argmin(1).float()


@mistake("8.3", "the absolute differences", DISTANCE)
def distance_l1(x: Any, known: Any) -> Any:
    """Is the Euclidean distance of (0, 0) and (3, 4) 7 or 5?"""
    return (x[:, None] - known[None]).abs().sum(2).amin(1)


@mistake("8.3", "a mean over pixels in place of a sum", DISTANCE)
def distance_rms(x: Any, known: Any) -> Any:
    """The page has a sum under the root. What do you have there? Which of the two grows with more pixels?"""
    return (x[:, None] - known[None]).square().mean(2).sqrt().amin(1)


@mistake("8.3", "the mean squared error to the nearest", DISTANCE)
def distance_mse(x: Any, known: Any) -> Any:
    """What is missing between your number and a distance: a sum over pixels, a root, or both?"""
    return (x[:, None] - known[None]).square().mean(2).amin(1)


@mistake("8.3", "the nearest image for each known one", DISTANCE)
def distance_other_way(x: Any, known: Any) -> Any:
    """Do you return one number for each image, or one for each known one? Which axis did the minimum take?"""
    return _distances(x, known).amin(0)


@mistake("8.3", "all distances", DISTANCE)
def distance_all(x: Any, known: Any) -> Any:
    """You have a distance for every pair. Which of the distances of an image is its score?"""
    return _distances(x, known)


@mistake("8.3", "one number for all images", DISTANCE)
def distance_scalar(x: Any, known: Any) -> Any:
    """Which image does your one number belong to? How many scores does the part ask for?"""
    return _distances(x, known).amin()


@mistake("8.3", "the distance to the average of the known images", DISTANCE)
def distance_of_mean(x: Any, known: Any) -> Any:
    """Is the average of the known images one of them? How far is a known image from its nearest known one?"""
    return (x - known.mean(0)).square().sum(1).sqrt()


@mistake("8.3", "the smallest difference of any pixel", DISTANCE)
def distance_pixel(x: Any, known: Any) -> Any:
    """Two images agree in a single pixel: are they the same? Over which axis do you sum, and over which do you take the
    smallest?
    """
    return (x[:, None] - known[None]).abs().amin(2).amin(1)


@mistake("8.3", "an image that is known is left out", DISTANCE)
def distance_not_itself(x: Any, known: Any) -> Any:
    """What should an image score that is exactly one of the known ones? Does the page leave such pairs out?"""
    distances = _distances(x, known)
    return torch.where(distances < 1e-3, torch.inf, distances).amin(1).nan_to_num(posinf=0.0)


@mistake("8.3", "each image beside the known one of the same row", DISTANCE)
def distance_row_by_row(x: Any, known: Any) -> Any:
    """With how many of the known images do you compare the first one? With how many should you?"""
    return (x - known[torch.arange(len(x)) % len(known)]).square().sum(1).sqrt()


# 8.4 grey floor


@mistake("8.4", "only the first half of the formula", FLOOR)
def floor_half(x: Any) -> Any:
    """A pixel may also be black: what does x = 0.9 cost by each of the two halves? Did you add both?"""
    return torch.special.entr(x).sum(1)


@mistake("8.4", "only the second half of the formula", FLOOR)
def floor_other_half(x: Any) -> Any:
    """Which of the two halves is large for a pixel that is nearly black? Did you add both?"""
    return torch.special.entr(1 - x).sum(1)


@mistake("8.4", "the sign is wrong", FLOOR)
def floor_sign(x: Any) -> Any:
    """Can a cost be negative? What sign has the logarithm of a number below 1?"""
    return -_entropy(x).sum(1)


@mistake("8.4", "averaged over pixels", FLOOR)
def floor_mean(x: Any) -> Any:
    """Does the part ask for the cost of one image, or of one pixel?"""
    return _entropy(x).mean(1)


@mistake("8.4", "one number for all images", FLOOR)
def floor_scalar(x: Any) -> Any:
    """Each image has a floor of its own. How many numbers do you return?"""
    return _entropy(x).sum(1).mean()


@mistake("8.4", "everything added up", FLOOR)
def floor_sum(x: Any) -> Any:
    """Give every image twice: should the floor of an image double? Over which axis do you sum?"""
    return _entropy(x).sum()


@mistake("8.4", "summed over images", FLOOR)
def floor_axis(x: Any) -> Any:
    """Is your result as long as there are images, or as there are pixels?"""
    return _entropy(x).sum(0)


@mistake("8.4", "one number for each pixel", FLOOR)
def floor_pixels(x: Any) -> Any:
    """You know what each pixel costs. What does an image cost?"""
    return _entropy(x)


@mistake("8.4", "in bits", FLOOR)
def floor_bits(x: Any) -> Any:
    """Yours is larger by the same factor on every input: which logarithm did you take, and for which unit?"""
    return _entropy(x).sum(1) / torch.log(torch.tensor(2.0))


@mistake("8.4", "0 log 0 is not a number", FLOOR)
def floor_nan(x: Any) -> Any:
    """What is 0 times minus infinity for torch, and what is it in this formula? For which pixels does it happen?"""
    return -(x * x.log() + (1 - x) * (1 - x).log()).sum(1)


@mistake("8.4", "the logarithm alone", FLOOR)
def floor_log(x: Any) -> Any:
    """Take x as the probability that a pixel is white: with which weight does each logarithm count?"""
    return -(x.clamp(min=1e-7).log() + (1 - x).clamp(min=1e-7).log()).sum(1)


@mistake("8.4", "the variance of the pixels", FLOOR)
def floor_variance(x: Any) -> Any:
    """x (1 - x) is a variance. What does the page ask for, and what does a pixel of one half cost in nats?"""
    return (x * (1 - x)).sum(1)


@mistake("8.4", "the weights are swapped", FLOOR)
def floor_swapped(x: Any) -> Any:
    """With which probability does a pixel of value 0.9 cost -log 0.9, and with which -log 0.1?"""
    clamped = x.clamp(1e-7, 1 - 1e-7)
    return -(x * (1 - clamped).log() + (1 - x) * clamped.log()).sum(1)
