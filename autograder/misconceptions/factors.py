"""Lesson 10: mistakes with entropies, mutual information, its table and the mutual information gap.

Each function is the part's function with something wrong in it, which is the point; its docstring is the question that
a tutor would ask.
"""

from __future__ import annotations

from typing import Any

import torch

from autograder.misconceptions import Names

MISTAKES = mistake = Names()

ENTROPY, INFORMATION, TABLE, GAP = "entropy-of-a-factor", "information-of-two", "information-of-each", "gap-of-a-factor"
BIT = 0.6931471805599453  # nats


def _shares(labels: torch.Tensor) -> torch.Tensor:
    """The share of each value that occurs."""
    counts: torch.Tensor = torch.unique(labels, return_counts=True)[1]
    return counts.double() / len(labels)


def _entropy(labels: torch.Tensor) -> float:
    return float(torch.special.entr(_shares(labels)).sum())


def _pairs(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """A number of its own for each pair, (N,)."""
    return a * (b.max() + 1) + b


def _information(a: torch.Tensor, b: torch.Tensor) -> float:
    return _entropy(a) + _entropy(b) - _entropy(_pairs(a, b))


def _with(codes: torch.Tensor, factor: torch.Tensor, pairs: torch.Tensor) -> float:
    """The information, with these numbers for pairs."""
    return _entropy(codes) + _entropy(factor) - _entropy(pairs)


def _table(codes: torch.Tensor, factors: torch.Tensor, of: Any = _information) -> torch.Tensor:
    return torch.tensor([[of(code, factor) for factor in factors.T] for code in codes.T])


def _gaps(information: torch.Tensor, entropies: torch.Tensor) -> torch.Tensor:
    """The gap of each factor that varies."""
    first, second = information.topk(2, dim=0).values
    gaps: torch.Tensor = ((first - second) / entropies)[entropies > 0]
    return gaps


# 10.1 entropy


@mistake("10.1", "in bits", ENTROPY)
def entropy_bits(labels: Any) -> Any:
    """Yours is larger by the same factor on every input: which logarithm did you take, and for which unit?"""
    return _entropy(labels) / BIT


@mistake("10.1", "the sign is wrong", ENTROPY)
def entropy_sign(labels: Any) -> Any:
    """What sign has the logarithm of a share, a number below 1? Can an entropy be negative?"""
    return -_entropy(labels)


@mistake("10.1", "counts in place of shares", ENTROPY)
def entropy_counts(labels: Any) -> Any:
    """Do the numbers whose logarithms you take add up to 1? What turns counts into shares?"""
    return float(torch.special.entr(_shares(labels) * len(labels)).sum())


@mistake("10.1", "averaged over values", ENTROPY)
def entropy_mean(labels: Any) -> Any:
    """Eight equally frequent values should have ln 8. What do you get for them, and does it grow with more values?"""
    return float(torch.special.entr(_shares(labels)).mean())


@mistake("10.1", "the logarithms alone", ENTROPY)
def entropy_logarithms(labels: Any) -> Any:
    """A value that one image in a thousand has: with which weight should its large logarithm count?"""
    return float(-_shares(labels).log().sum())


@mistake("10.1", "each value counts the same", ENTROPY)
def entropy_flat(labels: Any) -> Any:
    """The logarithms are averaged over values: does a frequent value weigh more than a rare one? Should it?"""
    return float(-_shares(labels).log().mean())


@mistake("10.1", "the logarithm of the number of values", ENTROPY)
def entropy_uniform(labels: Any) -> Any:
    """99 of 100 images have the value 0 and one has the value 1. Is that as uncertain as a fair coin?"""
    return float(torch.tensor(float(len(labels.unique()))).log())


@mistake("10.1", "the logarithm of the number of images", ENTROPY)
def entropy_images(labels: Any) -> Any:
    """Does your result depend on which values the images have? If all have the same, what should it be?"""
    return float(torch.tensor(float(len(labels))).log())


@mistake("10.1", "how many values there are", ENTROPY)
def entropy_values(labels: Any) -> Any:
    """A single value for all images leaves nothing to know. How many nats is that, and how many do you return?"""
    return float(len(labels.unique()))


@mistake("10.1", "the exponential of the entropy", ENTROPY)
def entropy_exponential(labels: Any) -> Any:
    """Do you count nats, or how many equally frequent values would have as many? What is yours for a single value?"""
    return float(torch.tensor(_entropy(labels)).exp())


@mistake("10.1", "as a share of the largest that it could be", ENTROPY)
def entropy_normalised(labels: Any) -> Any:
    """Eight equally frequent values and two of them: should both have the same entropy? By what did you divide?"""
    values = len(labels.unique())
    return _entropy(labels) / float(torch.tensor(float(max(values, 2))).log())


@mistake("10.1", "0 log 0 is not a number", ENTROPY)
def entropy_nan(labels: Any) -> Any:
    """Which numbers between the smallest and the largest never occur? What share have they, and what does torch make of
    0 times its logarithm?
    """
    share = labels.bincount().double() / len(labels)
    return float(-(share * share.log()).sum())


@mistake("10.1", "the values taken as shares", ENTROPY)
def entropy_of_values(labels: Any) -> Any:
    """Call the value 2 from now on 7: do the images become more or less alike? Does your number stay?"""
    return float(torch.special.entr(labels.double() / labels.sum()).sum())


@mistake("10.1", "the variance of the values", ENTROPY)
def entropy_variance(labels: Any) -> Any:
    """Multiply all values by ten: do they become more uncertain? Does your result change?"""
    return float(labels.double().var(correction=0))


@mistake("10.1", "the chance that two images differ", ENTROPY)
def entropy_gini(labels: Any) -> Any:
    """One minus the sum of squares is a measure of disorder, too, but which one does the page ask for? Where is its
    logarithm?
    """
    return float(1 - _shares(labels).square().sum())


@mistake("10.1", "of the most frequent value alone", ENTROPY)
def entropy_least(labels: Any) -> Any:
    """How much do the rare values add in your result? Which of the values does a sum go over?"""
    return float(-_shares(labels).max().log())


@mistake("10.1", "the other half added", ENTROPY)
def entropy_binary(labels: Any) -> Any:
    """With two values, the second one is all that is not the first. Where does your formula count it, and how often?"""
    share = _shares(labels)
    return float((torch.special.entr(share) + torch.special.entr(1 - share)).sum())


@mistake("10.1", "a softmax of the counts", ENTROPY)
def entropy_softmax(labels: Any) -> Any:
    """Of four images, three have one value. Is its share three quarters, or what a softmax makes of 3 and 1?"""
    counts = _shares(labels) * len(labels)
    return float(torch.special.entr(counts.softmax(0)).sum())


@mistake("10.1", "one number for each value", ENTROPY)
def entropy_each(labels: Any) -> Any:
    """You know what each value adds. How many numbers does the part ask for?"""
    return torch.special.entr(_shares(labels))


@mistake("10.1", "divided by the number of values", ENTROPY)
def entropy_by_values(labels: Any) -> Any:
    """What do your shares add up to? By how many images, and by how many values, can one divide a count?"""
    _, counts = labels.unique(return_counts=True)
    return float(torch.special.entr(counts.double() / len(counts)).sum())


# 10.2 mutual information


@mistake("10.2", "the entropy of pairs", INFORMATION)
def information_joint(codes: Any, factor: Any) -> Any:
    """Is it much or little that two columns have in common if their pairs are all different? What else is in I?"""
    return _entropy(_pairs(codes, factor))


@mistake("10.2", "the entropy of pairs added", INFORMATION)
def information_plus(codes: Any, factor: Any) -> Any:
    """If neither says anything about the other, H(code, factor) is the sum of both entropies. What do you get then?"""
    return _entropy(codes) + _entropy(factor) + _entropy(_pairs(codes, factor))


@mistake("10.2", "the sign is wrong", INFORMATION)
def information_sign(codes: Any, factor: Any) -> Any:
    """Can knowing the code make the factor less certain on average? What sign has your result?"""
    return -_information(codes, factor)


@mistake("10.2", "what is left to know of the factor", INFORMATION)
def information_of_factor_left(codes: Any, factor: Any) -> Any:
    """A code that is the factor itself: should the information be 0, or all of the factor's entropy?"""
    return _entropy(_pairs(codes, factor)) - _entropy(codes)


@mistake("10.2", "what is left to know of the code", INFORMATION)
def information_of_code_left(codes: Any, factor: Any) -> Any:
    """A code that follows from the factor: how much is left to know of it, and how much do both have in common?"""
    return _entropy(_pairs(codes, factor)) - _entropy(factor)


@mistake("10.2", "what is not shared", INFORMATION)
def information_variation(codes: Any, factor: Any) -> Any:
    """Two columns that are the same: does your number say that they share everything, or that nothing differs?"""
    return 2 * _entropy(_pairs(codes, factor)) - _entropy(codes) - _entropy(factor)


@mistake("10.2", "without the entropy of pairs", INFORMATION)
def information_sum(codes: Any, factor: Any) -> Any:
    """Shuffle the factor: its frequencies stay. Does your result change, and should it?"""
    return _entropy(codes) + _entropy(factor)


@mistake("10.2", "the smaller of the two entropies", INFORMATION)
def information_bound(codes: Any, factor: Any) -> Any:
    """More than that cannot be shared. But does your number change if the factor is dealt to other images?"""
    return min(_entropy(codes), _entropy(factor))


@mistake("10.2", "the sum of both numbers for a pair", INFORMATION)
def information_added(codes: Any, factor: Any) -> Any:
    """Which number does the pair (1, 2) get, and which the pair (2, 1)? Are these the same pair?"""
    return _with(codes, factor, codes + factor)


@mistake("10.2", "the product of both numbers for a pair", INFORMATION)
def information_multiplied(codes: Any, factor: Any) -> Any:
    """Which number does the pair (0, 3) get, and which the pair (0, 5)?"""
    return _with(codes, factor, codes * factor)


@mistake("10.2", "two pairs share a number", INFORMATION)
def information_collides(codes: Any, factor: Any) -> Any:
    """The factor goes up to 3 and you multiply by 3: which numbers get the pairs (0, 3) and (1, 0)?"""
    return _with(codes, factor, codes * factor.max() + factor)


@mistake("10.2", "multiplied by the number of values", INFORMATION)
def information_too_close(codes: Any, factor: Any) -> Any:
    """The factor's values are 2, 5 and 8, and you multiply by three: which other pair has the number of (0, 8)?"""
    return _with(codes, factor, codes * len(factor.unique()) + factor)


@mistake("10.2", "multiplied by ten", INFORMATION)
def information_ten(codes: Any, factor: Any) -> Any:
    """If the factor may be 12, which number gets the pair (0, 12), and which the pair (1, 2)?"""
    return _with(codes, factor, codes * 10 + factor)


@mistake("10.2", "both columns in one", INFORMATION)
def information_pooled(codes: Any, factor: Any) -> Any:
    """You put one column below the other. How many pairs do N images have, and how long is your column?"""
    return _with(codes, factor, torch.cat([codes, factor]))


@mistake("10.2", "single numbers in place of pairs", INFORMATION)
def information_apart(codes: Any, factor: Any) -> Any:
    """Of a table of two columns, does `unique` count the rows, or single numbers? Is the sum of your shares 1?"""
    share = torch.unique(torch.stack([codes, factor]), return_counts=True)[1] / len(codes)
    return _entropy(codes) + _entropy(factor) - float(torch.special.entr(share).sum())


@mistake("10.2", "whether both numbers are equal", INFORMATION)
def information_equal(codes: Any, factor: Any) -> Any:
    """Give bin 0 the name 5, and bin 5 the name 0: does the code say less about the factor then?"""
    return _with(codes, factor, (codes == factor).long())


@mistake("10.2", "the share of images that agree", INFORMATION)
def information_agreement(codes: Any, factor: Any) -> Any:
    """A code says 1 where the factor is 2, and 2 where it is 1. How well does one know the factor from it?"""
    return float((codes == factor).double().mean())


@mistake("10.2", "in bits", INFORMATION)
def information_bits(codes: Any, factor: Any) -> Any:
    """Yours is larger by the same factor on every input: which logarithm did you take, and for which unit?"""
    return _information(codes, factor) / BIT


@mistake("10.2", "as a share of the factor's entropy", INFORMATION)
def information_per_factor(codes: Any, factor: Any) -> Any:
    """The page divides by the entropy, but in which of its equations: here, or in the gap?"""
    return _information(codes, factor) / max(_entropy(factor), 1e-12)


@mistake("10.2", "as a share of the code's entropy", INFORMATION)
def information_per_code(codes: Any, factor: Any) -> Any:
    """In which unit is your result? By what did you divide, and does the part ask for it?"""
    return _information(codes, factor) / max(_entropy(codes), 1e-12)


@mistake("10.2", "normalised by both entropies", INFORMATION)
def information_normalised(codes: Any, factor: Any) -> Any:
    """Is your result a share, or in nats? If code and factor are the same column, is I always 1?"""
    return 2 * _information(codes, factor) / max(_entropy(codes) + _entropy(factor), 1e-12)


@mistake("10.2", "a correction for chance", INFORMATION)
def information_corrected(codes: Any, factor: Any) -> Any:
    """You take away what shuffled columns would have on average. Which page says so: that of this part?"""
    chance = (len(codes.unique()) - 1) * (len(factor.unique()) - 1) / (2 * len(codes))
    return _information(codes, factor) - chance


@mistake("10.2", "the correlation", INFORMATION)
def information_correlation(codes: Any, factor: Any) -> Any:
    """Bins are names. Deal other numbers to them: what happens to your result, and what to the information?"""
    both = torch.stack([codes, factor]).double()
    return float(torch.corrcoef(both)[0, 1].nan_to_num()) if len(codes) > 1 else 0.0


# 10.3 information table


@mistake("10.3", "rows and columns swapped", TABLE)
def table_transposed(codes: Any, factors: Any) -> Any:
    """Should a row of the table belong to a dimension or to a factor? Which of the two loops is the outer one?"""
    return _table(codes, factors).T


@mistake("10.3", "all numbers in one row", TABLE)
def table_flat(codes: Any, factors: Any) -> Any:
    """How many axes has your result? How does one tell from it which factor a number belongs to?"""
    return _table(codes, factors).flatten()


@mistake("10.3", "each dimension with one factor only", TABLE)
def table_diagonal(codes: Any, factors: Any) -> Any:
    """Dimension 2 goes with factor 2 in yours: who says that it does not tell about factor 0?"""
    return _table(codes, factors).diagonal()


@mistake("10.3", "summed over factors", TABLE)
def table_by_dimension(codes: Any, factors: Any) -> Any:
    """Can one still see from your result which factor a dimension stands for?"""
    return _table(codes, factors).sum(1)


@mistake("10.3", "summed over dimensions", TABLE)
def table_by_factor(codes: Any, factors: Any) -> Any:
    """Two dimensions that say the same are counted twice in your sum. Is it a sum that the part asks for?"""
    return _table(codes, factors).sum(0)


@mistake("10.3", "the largest of each factor", TABLE)
def table_largest(codes: Any, factors: Any) -> Any:
    """The gap compares the best dimension with the second. Is the second still in your result?"""
    return _table(codes, factors).amax(0)


@mistake("10.3", "as a share of each factor's entropy", TABLE)
def table_of_factors(codes: Any, factors: Any) -> Any:
    """Who divides by the entropies: this part, or the next? In which unit should the table be?"""
    entropies = torch.tensor([_entropy(factor) for factor in factors.T])
    return _table(codes, factors) / entropies.clamp(min=1e-12)


@mistake("10.3", "as a share of each code's entropy", TABLE)
def table_of_codes(codes: Any, factors: Any) -> Any:
    """By what did you divide each row, and in which unit should the table be?"""
    entropies = torch.tensor([_entropy(code) for code in codes.T])
    return _table(codes, factors) / entropies.clamp(min=1e-12)[:, None]


@mistake("10.3", "entropies of pairs", TABLE)
def table_joint(codes: Any, factors: Any) -> Any:
    """A dimension of a single value says nothing. Is its row in your table 0?"""
    return _table(codes, factors, lambda a, b: _entropy(_pairs(a, b)))


@mistake("10.3", "in bits", TABLE)
def table_bits(codes: Any, factors: Any) -> Any:
    """All your numbers are larger by the same factor: which unit is this, and which is asked for?"""
    return _table(codes, factors) / BIT


@mistake("10.3", "whole nats", TABLE)
def table_whole(codes: Any, factors: Any) -> Any:
    """Which dtype has the tensor into which you write? What becomes of 0.7 in it?"""
    return _table(codes, factors).long()


@mistake("10.3", "the same for all factors", TABLE)
def table_last(codes: Any, factors: Any) -> Any:
    """Are the columns of your table alike? Which factor's number is written into each of them?"""
    return _table(codes, factors)[:, -1:].expand(-1, factors.shape[1])


@mistake("10.3", "the same for all dimensions", TABLE)
def table_last_row(codes: Any, factors: Any) -> Any:
    """Are the rows of your table alike? Which dimension's number is written into each of them?"""
    return _table(codes, factors)[-1:].expand(codes.shape[1], -1)


@mistake("10.3", "only the first factor", TABLE)
def table_first(codes: Any, factors: Any) -> Any:
    """How many columns has your table, and how many factors are there? Where does your loop end?"""
    return _table(codes, factors[:, :1])


@mistake("10.3", "only the last dimension", TABLE)
def table_one_row(codes: Any, factors: Any) -> Any:
    """What happens to the row of the first dimension when your loop comes to the second?"""
    return _table(codes[:, -1:], factors)


@mistake("10.3", "dimensions with one another", TABLE)
def table_of_dimensions(codes: Any, _factors: Any) -> Any:
    """Which two columns does each of your numbers compare? Is one of them a factor?"""
    return _table(codes, codes)


@mistake("10.3", "factors with one another", TABLE)
def table_of_pairs_of_factors(_codes: Any, factors: Any) -> Any:
    """Which two columns does each of your numbers compare? Is one of them a dimension of the code?"""
    return _table(factors, factors)


@mistake("10.3", "images in place of dimensions", TABLE)
def table_of_images(codes: Any, factors: Any) -> Any:
    """Which axis does a loop over a tensor follow? How long are the vectors that you compare: N, or Z?"""
    return torch.tensor([[_information(code, factor) for factor in factors] for code in codes])


# 10.4 mutual information gap


@mistake("10.4", "the largest alone", GAP)
def gap_largest(information: Any, entropies: Any) -> Any:
    """Two dimensions that say the same about a factor: what is the gap between them, and what do you return?"""
    first = information.amax(0)
    return float((first / entropies)[entropies > 0].mean())


@mistake("10.4", "the largest minus the smallest", GAP)
def gap_smallest(information: Any, entropies: Any) -> Any:
    """Add a dimension that says nothing at all: should the gap change? Which dimension comes second?"""
    gap = information.amax(0) - information.amin(0)
    return float((gap / entropies)[entropies > 0].mean())


@mistake("10.4", "the largest minus the average", GAP)
def gap_mean(information: Any, entropies: Any) -> Any:
    """Is the second best dimension in your formula, or the average of all? Which one competes with the best?"""
    gap = information.amax(0) - information.mean(0)
    return float((gap / entropies)[entropies > 0].mean())


@mistake("10.4", "the largest minus the average of the others", GAP)
def gap_others(information: Any, entropies: Any) -> Any:
    """Ten more dimensions that say nothing come along: does your gap grow? Should it?"""
    best = information.amax(0)
    gap = best - (information.sum(0) - best) / (len(information) - 1)
    return float((gap / entropies)[entropies > 0].mean())


@mistake("10.4", "the largest minus the sum of the others", GAP)
def gap_rest(information: Any, entropies: Any) -> Any:
    """Do you compare the best dimension with the second, or with all others together?"""
    gap = 2 * information.amax(0) - information.sum(0)
    return float((gap / entropies)[entropies > 0].mean())


@mistake("10.4", "the sign is wrong", GAP)
def gap_sign(information: Any, entropies: Any) -> Any:
    """Which of the two comes first in the order that you sorted by: the smallest, or the largest?"""
    return float(-_gaps(information, entropies).mean())


@mistake("10.4", "the two smallest", GAP)
def gap_of_smallest(information: Any, entropies: Any) -> Any:
    """In which order does `sort` put its values, and which two of them do you take?"""
    lowest = information.sort(dim=0).values[:2]
    return float(((lowest[1] - lowest[0]) / entropies)[entropies > 0].mean())


@mistake("10.4", "not divided by the entropies", GAP)
def gap_nats(information: Any, entropies: Any) -> Any:
    """A factor of two values has ln 2 at most, one of eight has ln 8. How do you make their gaps comparable?"""
    first, second = information.topk(2, dim=0).values
    return float((first - second)[entropies > 0].mean())


@mistake("10.4", "averaged before the division", GAP)
def gap_of_means(information: Any, entropies: Any) -> Any:
    """Does a factor with few nats count as much as one with many? Which comes first, division or average?"""
    first, second = information.topk(2, dim=0).values
    return float((first - second)[entropies > 0].mean() / entropies[entropies > 0].mean())


@mistake("10.4", "divided by the largest information", GAP)
def gap_of_largest(information: Any, entropies: Any) -> Any:
    """All dimensions together hardly know a factor, but one a little more than the rest: is its gap near 1?"""
    first, second = information.topk(2, dim=0).values
    return float(((first - second) / first)[entropies > 0].mean())


@mistake("10.4", "divided by the sum over dimensions", GAP)
def gap_of_sum(information: Any, entropies: Any) -> Any:
    """What does the page divide by: what all dimensions say about a factor, or what there is to say?"""
    first, second = information.topk(2, dim=0).values
    return float(((first - second) / information.sum(0))[entropies > 0].mean())


@mistake("10.4", "between factors, not between dimensions", GAP)
def gap_of_factors(information: Any, entropies: Any) -> Any:
    """Along which axis of the table (Z, F) do the dimensions lie? What do your two largest numbers have in common: the
    factor, or the dimension?
    """
    shares = (information / entropies)[:, entropies > 0].sort(dim=1, descending=True).values
    second = shares[:, 1] if shares.shape[1] > 1 else 0
    return float((shares[:, 0] - second).mean())


@mistake("10.4", "a factor that does not vary counts as 0", GAP)
def gap_still(information: Any, entropies: Any) -> Any:
    """Add a factor that has one value in all images: has the model got worse? Over how many factors do you average?"""
    return float(_gaps(information, entropies).sum() / len(entropies))


@mistake("10.4", "a factor that does not vary is not a number", GAP)
def gap_nan(information: Any, entropies: Any) -> Any:
    """What is 0 / 0 for torch, and what is a mean in which it occurs? Which factors have an entropy of 0?"""
    first, second = information.topk(2, dim=0).values
    return float(((first - second) / entropies).mean())


@mistake("10.4", "summed over factors", GAP)
def gap_sum(information: Any, entropies: Any) -> Any:
    """Is the gap of a perfect code 1 for every number of factors? What is yours for three of them?"""
    return float(_gaps(information, entropies).sum())


@mistake("10.4", "one gap for each factor", GAP)
def gap_each(information: Any, entropies: Any) -> Any:
    """You have the gap of each factor. How do you get one number from them?"""
    return _gaps(information, entropies)


@mistake("10.4", "the gap of the best factor", GAP)
def gap_best(information: Any, entropies: Any) -> Any:
    """One factor is known well and the others are mixed: does your number show that? Which average is asked for?"""
    return float(_gaps(information, entropies).max())


@mistake("10.4", "the gap of the worst factor", GAP)
def gap_worst(information: Any, entropies: Any) -> Any:
    """Does every factor count in your number, or one alone?"""
    return float(_gaps(information, entropies).min())


@mistake("10.4", "the same two dimensions for all factors", GAP)
def gap_same(information: Any, entropies: Any) -> Any:
    """Two dimensions are best over all factors. Are they also the best two of each factor by itself?"""
    first, second = information.sum(1).topk(2).indices
    gap = (information[first] - information[second]).abs()
    return float((gap / entropies)[entropies > 0].mean())


@mistake("10.4", "the first two dimensions", GAP)
def gap_unsorted(information: Any, entropies: Any) -> Any:
    """Are rows 0 and 1 of the table always the best two? How do you find those that are?"""
    gap = information[0] - information[1]
    return float((gap / entropies)[entropies > 0].mean())


@mistake("10.4", "equally good dimensions count once", GAP)
def gap_of_different(information: Any, entropies: Any) -> Any:
    """Two dimensions say exactly the same about a factor. What is the gap between them, and which do you take for the
    second?
    """
    first = information.amax(0)
    second = torch.where(information < first, information, -torch.inf).amax(0)
    return float(((first - second.clamp(min=0)) / entropies)[entropies > 0].mean())


@mistake("10.4", "in per cent", GAP)
def gap_percent(information: Any, entropies: Any) -> Any:
    """Between which two numbers does a gap lie?"""
    return 100 * float(_gaps(information, entropies).mean())
