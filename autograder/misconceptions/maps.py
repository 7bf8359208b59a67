"""Lesson 9: mistakes with nearest neighbours, the share of them that a map keeps, and the similarities of t-SNE.

Each function is the part's function with something wrong in it, which is the point; its docstring is the question that
a tutor would ask.
"""

from __future__ import annotations

from typing import Any

import torch

from autograder.misconceptions import Names

MISTAKES = mistake = Names()

NEIGHBOURS, SIMILARITIES = "neighbours-of-a-map", "two-probabilities"


def _squares(points: torch.Tensor) -> torch.Tensor:
    return (points[:, None] - points[None]).square().sum(2)  # (N, N)


def _others(table: torch.Tensor, filled: float) -> torch.Tensor:
    """A table (N, N) with another diagonal."""
    return table.clone().fill_diagonal_(filled)


def _nearest(points: torch.Tensor, k: int) -> torch.Tensor:
    return _others(_squares(points), torch.inf).topk(k, largest=False).indices  # (N, k)


def _found(near: torch.Tensor, among: torch.Tensor) -> torch.Tensor:
    """Whether each number of a row is in the same row of another table, (N, k)."""
    return (near[:, :, None] == among[:, None]).any(2)


def _kept(codes: torch.Tensor, points: torch.Tensor, k: int) -> torch.Tensor:
    return _found(_nearest(codes, k), _nearest(points, k)).double()  # (N, k)


def _kernel(points: torch.Tensor) -> torch.Tensor:
    return _others(1 / (1 + _squares(points)), 0)  # (N, N)


# 9.1 nearest neighbours


@mistake("9.1", "a point counts as its own neighbour", NEIGHBOURS)
def nearest_itself(points: Any, k: Any) -> Any:
    """How far is a point from itself? Which number do you find in every row, and is that another point?"""
    return _squares(points).topk(k, largest=False).indices


@mistake("9.1", "the point itself, and k others", NEIGHBOURS)
def nearest_too_many(points: Any, k: Any) -> Any:
    """How many numbers stand in each of your rows, and how many are asked for? Which one is too much?"""
    return _squares(points).argsort(1)[:, : k + 1]


@mistake("9.1", "one neighbour too few", NEIGHBOURS)
def nearest_too_few(points: Any, k: Any) -> Any:
    """Ask for one neighbour: how many do you get? Where does your slice begin, and where must it end?"""
    return _squares(points).argsort(1)[:, 1:k]


@mistake("9.1", "the nearest one is left out", NEIGHBOURS)
def nearest_skipped(points: Any, k: Any) -> Any:
    """Once the point itself is out of the way, which place in the order does the nearest other have?"""
    return _others(_squares(points), torch.inf).argsort(1)[:, 1 : k + 1]


@mistake("9.1", "the furthest points", NEIGHBOURS)
def nearest_furthest(points: Any, k: Any) -> Any:
    """Does `topk` look for the largest or for the smallest numbers, if nothing is said?"""
    return _others(_squares(points), -torch.inf).topk(k).indices


@mistake("9.1", "the point itself, and the furthest others", NEIGHBOURS)
def nearest_infinite(points: Any, k: Any) -> Any:
    """Where in the order does an infinite distance stand, and from which end does `topk` take its numbers?"""
    return _others(_squares(points), torch.inf).topk(k).indices


@mistake("9.1", "distances in place of row numbers", NEIGHBOURS)
def nearest_values(points: Any, k: Any) -> Any:
    """Do you return how far the neighbours are, or which points they are? What two things does `topk` find?"""
    return _others(_squares(points), torch.inf).sqrt().topk(k, largest=False).values


@mistake("9.1", "squared distances in place of row numbers", NEIGHBOURS)
def nearest_squares(points: Any, k: Any) -> Any:
    """Can you look up a row of the points with the numbers that you return? Which points are they?"""
    return _others(_squares(points), torch.inf).topk(k, largest=False).values


@mistake("9.1", "the absolute differences", NEIGHBOURS)
def nearest_l1(points: Any, k: Any) -> Any:
    """Which point is nearer to (0, 0) by the Euclidean distance: (3, 3) or (0, 5)? Which one by yours?"""
    table = (points[:, None] - points[None]).abs().sum(2)
    return _others(table, torch.inf).topk(k, largest=False).indices


@mistake("9.1", "the largest difference of any coordinate", NEIGHBOURS)
def nearest_largest_difference(points: Any, k: Any) -> Any:
    """Which point is nearer to (0, 0) by the Euclidean distance: (4, 4) or (0, 5)? Which one by yours?"""
    table = (points[:, None] - points[None]).abs().amax(2)
    return _others(table, torch.inf).topk(k, largest=False).indices


@mistake("9.1", "squared after the sum", NEIGHBOURS)
def nearest_square_last(points: Any, k: Any) -> Any:
    """How far is (1, -1) from (0, 0), and what does your formula say? In which order do square and sum come?"""
    table = (points[:, None] - points[None]).sum(2).square()
    return _others(table, torch.inf).topk(k, largest=False).indices


@mistake("9.1", "only the first coordinate", NEIGHBOURS)
def nearest_first(points: Any, k: Any) -> Any:
    """Are (0, 0) and (0, 9) near each other? Over how many coordinates do you sum?"""
    return _nearest(points[:, :1], k)


@mistake("9.1", "the largest products", NEIGHBOURS)
def nearest_products(points: Any, k: Any) -> Any:
    """Move one point twice as far from 0, in the same direction: does your measure call it nearer or further?"""
    return _others(points @ points.T, -torch.inf).topk(k).indices


@mistake("9.1", "directions in place of distances", NEIGHBOURS)
def nearest_directions(points: Any, k: Any) -> Any:
    """Shift all points by the same step: do their distances change? Does your measure of nearness?"""
    units = points / points.square().sum(1, keepdim=True).sqrt()
    return _others(units @ units.T, -torch.inf).topk(k).indices


@mistake("9.1", "numbers among the others", NEIGHBOURS)
def nearest_among_others(points: Any, k: Any) -> Any:
    """You took each point out before you sorted: does place 4 among the others still mean row 4 of all points?"""
    count = len(points)
    table = _squares(points)[~torch.eye(count, dtype=torch.bool)].reshape(count, count - 1)
    return table.topk(k, largest=False).indices


@mistake("9.1", "counted from 1", NEIGHBOURS)
def nearest_from_one(points: Any, k: Any) -> Any:
    """Which number does the first row have? Is there a row with the largest number that you return?"""
    return _nearest(points, k) + 1


@mistake("9.1", "ranks in place of row numbers", NEIGHBOURS)
def nearest_ranks(points: Any, k: Any) -> Any:
    """Sorting twice gives each point its place in the order. Did you need the places, or who has them?"""
    return _others(_squares(points), torch.inf).argsort(1).argsort(1)[:, :k]


@mistake("9.1", "neighbours below each other", NEIGHBOURS)
def nearest_columns(points: Any, k: Any) -> Any:
    """Is your result (N, k) or (k, N)? Along which axis did you sort?"""
    return _others(_squares(points), torch.inf).argsort(0)[:k]


@mistake("9.1", "a table of yes and no", NEIGHBOURS)
def nearest_table(points: Any, k: Any) -> Any:
    """You know of each pair whether it is near. Which numbers does a reader want in each row?"""
    table = torch.zeros(len(points), len(points), dtype=torch.bool)
    return table.scatter(1, _nearest(points, k), torch.tensor(True).expand(len(points), k))


@mistake("9.1", "the nearest of the first point only", NEIGHBOURS)
def nearest_of_first(points: Any, k: Any) -> Any:
    """How many rows has your result? Whose neighbours are they?"""
    return _nearest(points, k)[0]


@mistake("9.1", "the nearest of their mean", NEIGHBOURS)
def nearest_of_mean(points: Any, k: Any) -> Any:
    """Do all points have the same neighbours? From where do you measure the distances?"""
    order = (points - points.mean(0)).square().sum(1).argsort()[:k]
    return order.expand(len(points), k)


# 9.2 neighbours kept


@mistake("9.2", "in per cent", NEIGHBOURS)
def kept_percent(codes: Any, points: Any, k: Any) -> Any:
    """Between which two numbers does a share lie?"""
    return 100 * float(_kept(codes, points, k).mean())


@mistake("9.2", "a count in place of a share", NEIGHBOURS)
def kept_count(codes: Any, points: Any, k: Any) -> Any:
    """How many neighbours could be kept in all? What must you divide by?"""
    return float(_kept(codes, points, k).sum())


@mistake("9.2", "how many of an image's neighbours, not which share", NEIGHBOURS)
def kept_of_each(codes: Any, points: Any, k: Any) -> Any:
    """A map keeps every neighbour: what do you return for k = 5, and what should it be?"""
    return float(_kept(codes, points, k).sum(1).mean())


@mistake("9.2", "divided by the number of others", NEIGHBOURS)
def kept_over_others(codes: Any, points: Any, k: Any) -> Any:
    """Of how many neighbours of an image do you ask whether they are kept: of N - 1, or of k?"""
    return float(_kept(codes, points, k).sum(1).mean()) / (len(codes) - 1)


@mistake("9.2", "divided by k twice", NEIGHBOURS)
def kept_twice(codes: Any, points: Any, k: Any) -> Any:
    """A mean has divided already: by how many in all is your sum of the same pairs divided? By N k, or by N k k?"""
    return float(_kept(codes, points, k).mean()) / k


@mistake("9.2", "one number for each image", NEIGHBOURS)
def kept_images(codes: Any, points: Any, k: Any) -> Any:
    """You have a share for each image. How do you get one number from them?"""
    return _kept(codes, points, k).mean(1)


@mistake("9.2", "only neighbours at the same place in the row", NEIGHBOURS)
def kept_in_order(codes: Any, points: Any, k: Any) -> Any:
    """Neighbours 3, 5 among the codes and 5, 3 on the map: how many are kept, and how many do you count?"""
    return float((_nearest(codes, k) == _nearest(points, k)).double().mean())


@mistake("9.2", "divided by all that are near in either", NEIGHBOURS)
def kept_union(codes: Any, points: Any, k: Any) -> Any:
    """Below the line stands k, the same for each image. What do you divide by, and when does it differ from k?"""
    both = _kept(codes, points, k).sum(1)
    return float((both / (2 * k - both)).mean())


@mistake("9.2", "each image counts as its own neighbour", NEIGHBOURS)
def kept_itself(codes: Any, points: Any, k: Any) -> Any:
    """What does your function give for k = 1, whatever the map looks like? Which neighbour is always kept?"""
    near = (_squares(each).topk(k, largest=False).indices for each in (codes, points))
    return float(_found(*near).double().mean())


@mistake("9.2", "each image counts besides its k neighbours", NEIGHBOURS)
def kept_one_more(codes: Any, points: Any, k: Any) -> Any:
    """Take a map that keeps nothing: do you return 0? Which of your k + 1 neighbours is there every time?"""
    near = (_squares(each).topk(k + 1, largest=False).indices for each in (codes, points))
    return float(_found(*near).double().mean())


@mistake("9.2", "the share that is lost", NEIGHBOURS)
def kept_lost(codes: Any, points: Any, k: Any) -> Any:
    """A map keeps every neighbour: should your function give 0 or 1?"""
    return 1 - float(_kept(codes, points, k).mean())


@mistake("9.2", "images with any neighbour kept", NEIGHBOURS)
def kept_any(codes: Any, points: Any, k: Any) -> Any:
    """One of five neighbours is kept: does that image count as much as one with all five?"""
    return float(_kept(codes, points, k).amax(1).mean())


@mistake("9.2", "images with all neighbours kept", NEIGHBOURS)
def kept_all(codes: Any, points: Any, k: Any) -> Any:
    """Four of five neighbours are kept: does your function see that image as one with nothing kept?"""
    return float(_kept(codes, points, k).amin(1).mean())


@mistake("9.2", "less what chance keeps", NEIGHBOURS)
def kept_less_chance(codes: Any, points: Any, k: Any) -> Any:
    """Chance is a number to print beside yours. Does the part ask you to take it away?"""
    return float(_kept(codes, points, k).mean()) - k / (len(codes) - 1)


@mistake("9.2", "how many times what chance keeps", NEIGHBOURS)
def kept_over_chance(codes: Any, points: Any, k: Any) -> Any:
    """Can a share be above 1? What did you divide by, beside the number of neighbours?"""
    return float(_kept(codes, points, k).mean()) * (len(codes) - 1) / k


@mistake("9.2", "corrected for chance", NEIGHBOURS)
def kept_corrected(codes: Any, points: Any, k: Any) -> Any:
    """Can a share be negative? Which two numbers should stand side by side, each as it is?"""
    chance = k / (len(codes) - 1)
    return (float(_kept(codes, points, k).mean()) - chance) / (1 - chance)


@mistake("9.2", "one set of neighbours for all images", NEIGHBOURS)
def kept_isin(codes: Any, points: Any, k: Any) -> Any:
    """Image 2 has neighbour 7 among the codes, and image 5 has it on the map: is it kept for either of the two?"""
    return float(torch.isin(_nearest(codes, k), _nearest(points, k)).double().mean())


@mistake("9.2", "pairs that are near in both directions", NEIGHBOURS)
def kept_mutual(codes: Any, points: Any, k: Any) -> Any:
    """Image 3 is a neighbour of image 8: must image 8 be one of image 3, so that it counts?"""
    tables = []
    for rows in (codes, points):
        near = torch.zeros(len(rows), len(rows)).scatter(1, _nearest(rows, k), 1.0)
        tables.append(near * near.T)
    return float((tables[0] * tables[1]).sum()) / (k * len(codes))


@mistake("9.2", "the furthest in place of the nearest", NEIGHBOURS)
def kept_furthest(codes: Any, points: Any, k: Any) -> Any:
    """Which end of the order do you compare, the near one or the far one?"""
    far = (_others(_squares(each), -torch.inf).topk(k).indices for each in (codes, points))
    return float(_found(*far).double().mean())


@mistake("9.2", "the nearest neighbour alone", NEIGHBOURS)
def kept_nearest_alone(codes: Any, points: Any, _k: Any) -> Any:
    """Does your result depend on k? Of how many neighbours is it the share?"""
    return float(_kept(codes, points, 1).mean())


@mistake("9.2", "1 for every map", NEIGHBOURS)
def kept_codes_alone(codes: Any, _points: Any, k: Any) -> Any:
    """What would a map have to look like for which you return 0? Do you look at the points, and at each row alone?"""
    return float(_kept(codes, codes, k).mean())


# 9.3 Student similarities


@mistake("9.3", "a Gaussian kernel", SIMILARITIES)
def similar_gaussian(points: Any) -> Any:
    """Which kernel does the page give for points on the map? At distance 3, is yours 0.1?"""
    kernel = _others(torch.exp(-_squares(points)), 0)
    return kernel / kernel.sum()


@mistake("9.3", "a Gaussian kernel with a half", SIMILARITIES)
def similar_gaussian_half(points: Any) -> Any:
    """Which of the two formulas of the page has an exponential: that of the codes, or that of the map?"""
    kernel = _others(torch.exp(-_squares(points) / 2), 0)
    return kernel / kernel.sum()


@mistake("9.3", "the distance is not squared", SIMILARITIES)
def similar_distance(points: Any) -> Any:
    """Two points are 3 apart: is the kernel 1 / 4 or 1 / 10? Which one is yours?"""
    kernel = _others(1 / (1 + _squares(points).sqrt()), 0)
    return kernel / kernel.sum()


@mistake("9.3", "squared twice", SIMILARITIES)
def similar_squared_twice(points: Any) -> Any:
    """Two points are 3 apart: is the kernel 1 / 10 or 1 / 82? How often do you square?"""
    kernel = _others(1 / (1 + _squares(points).square()), 0)
    return kernel / kernel.sum()


@mistake("9.3", "the root of the kernel", SIMILARITIES)
def similar_root(points: Any) -> Any:
    """Where does the root belong: nowhere, around the square, or around 1 plus the square? What is the kernel at 3?"""
    kernel = _others((1 + _squares(points)).rsqrt(), 0)
    return kernel / kernel.sum()


@mistake("9.3", "the diagonal stays", SIMILARITIES)
def similar_diagonal(points: Any) -> Any:
    """Is a point a pair with itself? What stands on your diagonal, and what does it add to the sum?"""
    kernel = 1 / (1 + _squares(points))
    return kernel / kernel.sum()


@mistake("9.3", "the diagonal is emptied after the division", SIMILARITIES)
def similar_diagonal_late(points: Any) -> Any:
    """Do all your numbers together add up to 1? What was on the diagonal when you took the sum?"""
    kernel = 1 / (1 + _squares(points))
    return _others(kernel / kernel.sum(), 0)


@mistake("9.3", "the sum without the diagonal, which stays", SIMILARITIES)
def similar_diagonal_kept(points: Any) -> Any:
    """Your sum leaves out pairs of a point with itself. Does your result?"""
    kernel = 1 / (1 + _squares(points))
    return kernel / (kernel.sum() - len(points))


@mistake("9.3", "not divided", SIMILARITIES)
def similar_undivided(points: Any) -> Any:
    """Add up your whole table: is the result 1? What makes probabilities of numbers?"""
    return _kernel(points)


@mistake("9.3", "each row adds up to 1", SIMILARITIES)
def similar_rows(points: Any) -> Any:
    """Does the sum below the line depend on i? What does your whole table add up to: 1 or N?"""
    kernel = _kernel(points)
    return kernel / kernel.sum(1, keepdim=True)


@mistake("9.3", "each column adds up to 1", SIMILARITIES)
def similar_columns(points: Any) -> Any:
    """Is your table symmetric? Over how many axes does the sum below the line run?"""
    kernel = _kernel(points)
    return kernel / kernel.sum(0)


@mistake("9.3", "rows that add up to 1, averaged with the columns", SIMILARITIES)
def similar_both_ways(points: Any) -> Any:
    """The mean of both directions is how P is made. How is Q made?"""
    kernel = _kernel(points)
    rows = kernel / kernel.sum(1, keepdim=True)
    return (rows + rows.T) / (2 * len(points))


@mistake("9.3", "each pair counts once in the sum", SIMILARITIES)
def similar_half_sum(points: Any) -> Any:
    """The sum runs over k and l, in both orders. What do all numbers of your table add up to: 1 or 2?"""
    kernel = _kernel(points)
    return kernel / kernel.triu().sum()


@mistake("9.3", "only half of the table", SIMILARITIES)
def similar_triangle(points: Any) -> Any:
    """q_ij and q_ji belong to the same two points. Are they the same number in your table?"""
    kernel = _kernel(points).triu()
    return kernel / kernel.sum()


@mistake("9.3", "divided by the number of pairs", SIMILARITIES)
def similar_mean(points: Any) -> Any:
    """Do your numbers add up to 1 for points that lie far apart? Is it the number of pairs below the line, or a sum?"""
    return _kernel(points) / (len(points) * (len(points) - 1))


@mistake("9.3", "divided by the number of points", SIMILARITIES)
def similar_over_points(points: Any) -> Any:
    """What stands below the line of q: the number N, or a sum of kernels?"""
    return _kernel(points) / len(points)


@mistake("9.3", "divided by the largest", SIMILARITIES)
def similar_largest(points: Any) -> Any:
    """Your largest number is 1. What is the sum of all of them, and what should it be?"""
    kernel = _kernel(points)
    return kernel / kernel.max()


@mistake("9.3", "a softmax over all pairs", SIMILARITIES)
def similar_softmax(points: Any) -> Any:
    """A softmax takes the exponential of what it gets. Does the formula of q have an exponential?"""
    kernel = _others(1 / (1 + _squares(points)), -torch.inf)
    return torch.softmax(kernel.flatten(), 0).reshape(kernel.shape)


@mistake("9.3", "a softmax over each row", SIMILARITIES)
def similar_softmax_rows(points: Any) -> Any:
    """Which numbers add up to 1 after your softmax, those of a row or all? And where does its exponential come from?"""
    return torch.softmax(_others(1 / (1 + _squares(points)), -torch.inf), 1)


@mistake("9.3", "larger for pairs that are further apart", SIMILARITIES)
def similar_upside_down(points: Any) -> Any:
    """Which pair should have the larger probability, a near one or a far one? Which has it in your table?"""
    weights = _others(1 + _squares(points), 0)
    return weights / weights.sum()


@mistake("9.3", "without the 1 below the line", SIMILARITIES)
def similar_inverse(points: Any) -> Any:
    """Two points come nearer and nearer: where does your kernel go, and where does 1 / (1 + d^2) go?"""
    kernel = _others(1 / _squares(points).clamp(min=1e-12), 0)
    return kernel / kernel.sum()


@mistake("9.3", "the absolute differences", SIMILARITIES)
def similar_l1(points: Any) -> Any:
    """Are (0, 0) and (3, 4) 7 apart or 5?"""
    kernel = _others(1 / (1 + (points[:, None] - points[None]).abs().sum(2).square()), 0)
    return kernel / kernel.sum()


@mistake("9.3", "half of the squared distance", SIMILARITIES)
def similar_coordinates(points: Any) -> Any:
    """How many times the kernel at distance 3 is that at distance 0: 10 times, or 5.5 as yours? Is there a mean where a
    sum should be, or a 2 in place of a 1?
    """
    kernel = _others(1 / (1 + (points[:, None] - points[None]).square().mean(2)), 0)
    return kernel / kernel.sum()


@mistake("9.3", "points at the same place count as one", SIMILARITIES)
def similar_twins(points: Any) -> Any:
    """Two different points may lie at the same place: which similarity do they have? How do you know a point from its
    twin?
    """
    squares = _squares(points)
    kernel = torch.where(squares > 0, 1 / (1 + squares), 0)
    return kernel / kernel.sum()


@mistake("9.3", "what every point is to all others", SIMILARITIES)
def similar_sums(points: Any) -> Any:
    """How many pairs are there of N points? Which axis did you add up that should stay?"""
    kernel = _kernel(points)
    return kernel.sum(1) / kernel.sum()


@mistake("9.3", "the logarithm", SIMILARITIES)
def similar_log(points: Any) -> Any:
    """The KL takes the logarithm later. Can a probability be negative?"""
    kernel = _kernel(points)
    return _others((kernel / kernel.sum()).log(), 0)
