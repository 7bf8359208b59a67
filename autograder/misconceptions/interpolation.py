"""Lesson 6: mistakes with `lerp`, `slerp`, walks, directions and traversals.

Each function is the part's function with something wrong in it, which is the point; its docstring is the question that
a tutor would ask. Unused arguments are part of some mistakes.
"""

# ruff: noqa: ARG001

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch

from autograder.misconceptions import Names

MISTAKES = mistake = Names()

LINES, CIRCLES, WALKS = "straight-lines", "great-circles", "walks"
ARITHMETIC, TRAVERSALS = "arithmetic", "traversals"


# 6.1 lerp


def _line(a: torch.Tensor, b: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return (1 - t[:, None]) * a + t[:, None] * b


@mistake("6.1", "the ends are swapped", LINES)
def lerp_reversed(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Print your first point and z_a side by side. Which vector has all the weight at t = 0?"""
    return _line(z_b, z_a, torch.linspace(0, 1, num_steps))


@mistake("6.1", "the last point is never reached", LINES)
def lerp_short(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """What is your last t? Between num_steps points there are how many gaps?"""
    return _line(z_a, z_b, torch.arange(num_steps) / num_steps)


@mistake("6.1", "one point too many", LINES)
def lerp_one_more(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """How many rows does your result have for num_steps = 2, when only the two ends are asked for?"""
    return _line(z_a, z_b, torch.linspace(0, 1, num_steps + 1))


@mistake("6.1", "the ends are left out", LINES)
def lerp_inner(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Is z_a itself among your points, and is z_b? Which t belongs to each?"""
    return _line(z_a, z_b, torch.linspace(0, 1, num_steps + 2)[1:-1])


@mistake("6.1", "a + t b", LINES)
def lerp_sum(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Where are you at t = 1, at z_b or at the sum of both? How much of z_a should be left there?"""
    return z_a + torch.linspace(0, 1, num_steps)[:, None] * z_b


@mistake("6.1", "whole-number weights", LINES)
def lerp_integers(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Print your weights: does any of them lie between 0 and 1? Which kind of division made them?"""
    return _line(z_a, z_b, torch.tensor([float(i // (num_steps - 1)) for i in range(num_steps)]))


@mistake("6.1", "transposed", LINES)
def lerp_transposed(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """A point is a row. Are your points rows or columns?"""
    return _line(z_a, z_b, torch.linspace(0, 1, num_steps)).T


@mistake("6.1", "a list instead of one tensor", LINES)
def lerp_list(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Does your result have a shape? Which function makes one tensor of a list of rows?"""
    return list(_line(z_a, z_b, torch.linspace(0, 1, num_steps)))


@mistake("6.1", "weights that add up to 2", LINES)
def lerp_both_ways(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Add the two weights of one point. What should they add up to, and what does z_a plus z_b minus z_a give?"""
    t = torch.linspace(0, 1, num_steps)[:, None]
    return (1 - t) * z_a + t * z_b + t * (z_b - z_a)


@mistake("6.1", "the weights have no axis for the dimensions", LINES)
def lerp_without_axis(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Your weights have shape (num_steps,), a vector (Z,). What does broadcasting do with these two, and what if
    num_steps and Z happen to be equal? Which shape must the weights have for (num_steps, Z)?
    """
    t = torch.linspace(0, 1, num_steps)
    return (1 - t) * z_a + t * z_b


@mistake("6.1", "a curve instead of equal steps", LINES)
def lerp_smooth(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Your points lie on the line. Measure the first step and one in the middle: are they equally long?"""
    t = torch.linspace(0, 1, num_steps)
    return _line(z_a, z_b, 3 * t**2 - 2 * t**3)


@mistake("6.1", "a float step", LINES)
def lerp_float_step(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """For some num_steps you have a point too many. What does rounding do to a step of 1 / 6, added up six times? Which
    function asks for the number of points instead of the step?
    """
    return _line(z_a, z_b, _by_float_steps(num_steps - 1))


def _by_float_steps(count: int) -> torch.Tensor:
    return torch.arange(0, 1 + 1 / count, 1 / count)


# 6.2 slerp


def _angle(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    lengths = a.norm() * b.norm()
    cosine = a @ b / lengths if lengths > 0 else torch.ones(())
    return torch.arccos(cosine.clamp(-1, 1))


def _arc(a: torch.Tensor, b: torch.Tensor, w: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    t = t[:, None]
    return (torch.sin((1 - t) * w) * a + torch.sin(t * w) * b) / torch.sin(w)


def _slerp(a: torch.Tensor, b: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """The right way, for these steps."""
    w = _angle(a, b)
    return _line(a, b, t) if torch.sin(w) < 0.035 else _arc(a, b, w, t)


def _unit(z: torch.Tensor) -> torch.Tensor:
    return z / z.norm() if z.norm() > 0 else z


@mistake("6.2", "a straight line", CIRCLES)
def slerp_straight(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """How long is your middle point, compared with the two ends? Does a chord stay on the circle?"""
    return _line(z_a, z_b, torch.linspace(0, 1, num_steps))


@mistake("6.2", "parallel vectors give NaN", CIRCLES)
def slerp_unguarded(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """What is sin omega for two vectors with the same direction, and what do you divide by? What might the way be there
    instead?
    """
    if not (z_a.any() and z_b.any()):
        return _line(z_a, z_b, torch.linspace(0, 1, num_steps))
    w = torch.arccos(z_a @ z_b / (z_a.norm() * z_b.norm()))
    w = torch.zeros(()) if w.isnan() or w < 1e-3 else w
    return _arc(z_a, z_b, w.clamp(max=3.1), torch.linspace(0, 1, num_steps))


@mistake("6.2", "a zero vector gives NaN", CIRCLES)
def slerp_of_zero(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Divide a vector of zeros by its length: what do you get? Which way would you go from there?"""
    w = torch.arccos((z_a / z_a.norm() @ (z_b / z_b.norm())).clamp(-1, 1))
    t = torch.linspace(0, 1, num_steps)
    return _line(z_a, z_b, t) if torch.sin(w) < 0.035 else _arc(z_a, z_b, w, t)


@mistake("6.2", "neither parallel nor zero vectors are looked after", CIRCLES)
def slerp_naive(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Try your function on a vector and itself, and on a vector of zeros. Where do you divide by zero, in the one case
    and in the other?
    """
    w = torch.arccos(z_a / z_a.norm() @ (z_b / z_b.norm()))
    w = torch.zeros(()) if w < 1e-3 else w
    return _arc(z_a, z_b, w.clamp(max=3.1), torch.linspace(0, 1, num_steps))


@mistake("6.2", "the vectors are not normalised for the angle", CIRCLES)
def slerp_not_normalised(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """For which vectors is the dot product a cosine? What does yours become if both vectors are twice as long?"""
    w = torch.arccos((z_a @ z_b).clamp(-1, 1))
    t = torch.linspace(0, 1, num_steps)
    return _line(z_a, z_b, t) if torch.sin(w) < 1e-3 else _arc(z_a, z_b, w, t)


@mistake("6.2", "the length is lost", CIRCLES)
def slerp_unit(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """How long are your points, and how long were z_a and z_b? Normalised vectors are good for the angle: are they also
    what you move?
    """
    return _slerp(_unit(z_a), _unit(z_b), torch.linspace(0, 1, num_steps))


@mistake("6.2", "the length of the first vector all the way", CIRCLES)
def slerp_first_length(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Is your last point z_b, if z_b is longer than z_a?"""
    return _slerp(_unit(z_a), _unit(z_b), torch.linspace(0, 1, num_steps)) * z_a.norm()


@mistake("6.2", "a straight line, normalised", CIRCLES)
def slerp_normalised_line(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Your points lie on the circle. Measure the angle of the first step and of one in the middle: are they equal?"""
    t = torch.linspace(0, 1, num_steps)
    if torch.sin(_angle(z_a, z_b)) < 0.035:
        return _line(z_a, z_b, t)
    line = _line(_unit(z_a), _unit(z_b), t)
    lengths = (1 - t) * z_a.norm() + t * z_b.norm()
    return line / line.norm(dim=1, keepdim=True) * lengths[:, None]


@mistake("6.2", "degrees", CIRCLES)
def slerp_degrees(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """In which unit does torch.sin expect its angle, and in which unit is yours?"""
    w = _angle(z_a, z_b)
    t = torch.linspace(0, 1, num_steps)
    return _line(z_a, z_b, t) if torch.sin(w) < 0.035 else _arc(z_a, z_b, torch.rad2deg(w), t)


@mistake("6.2", "the cosine taken for the angle", CIRCLES)
def slerp_without_arccos(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """The dot product of two directions: is it their angle? Which function leads from one to the other?"""
    w = _angle(z_a, z_b)
    t = torch.linspace(0, 1, num_steps)
    return _line(z_a, z_b, t) if torch.sin(w) < 0.035 else _arc(z_a, z_b, torch.cos(w), t)


@mistake("6.2", "not divided by sin w", CIRCLES)
def slerp_undivided(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """What is your first weight at t = 0? What should it be, so that the way begins at z_a?"""
    w = _angle(z_a, z_b)
    t = torch.linspace(0, 1, num_steps)
    return _line(z_a, z_b, t) if torch.sin(w) < 0.035 else _arc(z_a, z_b, w, t) * torch.sin(w)


@mistake("6.2", "the ends are swapped", CIRCLES)
def slerp_reversed(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Which vector has all the weight at t = 0, and which does your first point show?"""
    return _slerp(z_b, z_a, torch.linspace(0, 1, num_steps))


@mistake("6.2", "the last point is never reached", CIRCLES)
def slerp_short(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """What is t for your last point? How many gaps are there between num_steps points?"""
    return _slerp(z_a, z_b, torch.arange(num_steps) / num_steps)


@mistake("6.2", "a float step", CIRCLES)
def slerp_float_step(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """For some num_steps you have a point too many. How large is the sum of six steps of 1 / 6, as floats go? Which
    function takes the number of points instead?
    """
    return _slerp(z_a, z_b, _by_float_steps(num_steps - 1))


def _plain(a: torch.Tensor, b: torch.Tensor, cosine: torch.Tensor, steps: int, small: float = 0.0) -> torch.Tensor:
    """The formula as it stands, without looking after anything."""
    w, t = torch.arccos(cosine), torch.linspace(0, 1, steps)[:, None]
    return (torch.sin((1 - t) * w) * a + torch.sin(t * w) * b) / (torch.sin(w) + small)


@mistake("6.2", "neither normalised nor kept within -1 and 1", CIRCLES)
def slerp_plain(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """For which vectors is the dot product a cosine? How large is yours for vectors of length 2, and what is its
    arccosine?
    """
    return _plain(z_a, z_b, z_a @ z_b, num_steps)


@mistake("6.2", "not normalised, and divided by sin 0", CIRCLES)
def slerp_clamped(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """For which vectors is the dot product a cosine? How often is yours beyond 1, what does the clamp make of it, and
    what do you divide by then?
    """
    return _plain(z_a, z_b, (z_a @ z_b).clamp(-1, 1), num_steps)


@mistake("6.2", "a small number added to sin w", CIRCLES)
def slerp_small(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """For two equal vectors, what is the numerator, and what the denominator? Does a small number in it give z_a?"""
    return _plain(z_a, z_b, (z_a / z_a.norm() @ (z_b / z_b.norm())).clamp(-1, 1), num_steps, 1e-8)


@mistake("6.2", "small numbers added to sin w and to the lengths", CIRCLES)
def slerp_small_twice(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """Which numbers does your formula give for two equal vectors, and for a vector of zeros? Are they points between
    z_a and z_b? What might the way be in these cases?
    """
    cosine = z_a @ z_b / (z_a.norm() * z_b.norm() + 1e-8)
    return _plain(z_a, z_b, cosine.clamp(-1, 1), num_steps, 1e-8)


@mistake("6.2", "the shorter way, to the opposite of z_b", CIRCLES)
def slerp_shortest(z_a: Any, z_b: Any, num_steps: int) -> Any:
    """For rotations, z and -z are the same; for latent vectors as well? Is your last point z_b?"""
    return _slerp(z_a, z_b if z_a @ z_b >= 0 else -z_b, torch.linspace(0, 1, num_steps))


# 6.3 walk


def _walk(stops: torch.Tensor, steps: int) -> torch.Tensor:
    t = torch.linspace(0, 1, steps + 1)
    return torch.cat([*[_line(a, b, t)[:-1] for a, b in pairwise(stops)], stops[-1:]])


def _around(waypoints: torch.Tensor) -> torch.Tensor:
    return torch.cat([waypoints, waypoints[:1]])


def _stops(waypoints: torch.Tensor, closed: bool) -> torch.Tensor:
    return _around(waypoints) if closed else waypoints


@mistake("6.3", "joints appear twice", WALKS)
def walk_double_joints(waypoints: Any, steps_per_leg: int, closed: bool = True) -> Any:
    """Look at the end of your first leg and the start of your second. How often do you stand on the second waypoint?"""
    t = torch.linspace(0, 1, steps_per_leg + 1)
    return torch.cat([_line(a, b, t) for a, b in pairwise(_stops(waypoints, closed))])


@mistake("6.3", "steps_per_leg points on a leg, joints twice", WALKS)
def walk_points_per_leg(waypoints: Any, steps_per_leg: int, closed: bool = True) -> Any:
    """How many ends does a leg of one step have? How many points do you have for it, and how many of them belong to the
    next leg?
    """
    t = torch.linspace(0, 1, steps_per_leg)
    return torch.cat([_line(a, b, t) for a, b in pairwise(_stops(waypoints, closed))])


@mistake("6.3", "one step too few on each leg", WALKS)
def walk_short_legs(waypoints: Any, steps_per_leg: int, closed: bool = True) -> Any:
    """Count the steps between your first two waypoints, not the points. Are there steps_per_leg of them?"""
    return _walk(_stops(waypoints, closed), steps_per_leg - 1)


@mistake("6.3", "the last stop is missing", WALKS)
def walk_without_end(waypoints: Any, steps_per_leg: int, closed: bool = True) -> Any:
    """Every leg leaves its last point to the next one. Who puts down the last point of the last leg?"""
    return _walk(_stops(waypoints, closed), steps_per_leg)[:-1]


@mistake("6.3", "the walk never returns", WALKS)
def walk_never_closed(waypoints: Any, steps_per_leg: int, closed: bool = True) -> Any:
    """Where does your walk end when `closed` is True? How many legs does a round trip have?"""
    return _walk(waypoints, steps_per_leg)


@mistake("6.3", "the walk always returns", WALKS)
def walk_always_closed(waypoints: Any, steps_per_leg: int, closed: bool = True) -> Any:
    """What changes in your walk when `closed` is False?"""
    return _walk(_around(waypoints), steps_per_leg)


@mistake("6.3", "open unless asked otherwise", WALKS)
def walk_open_by_default(waypoints: Any, steps_per_leg: int, closed: bool = False) -> Any:
    """Call your function without `closed`: does the walk return? What does the starter's first line say?"""
    return _walk(_stops(waypoints, closed), steps_per_leg)


@mistake("6.3", "open and closed are swapped", WALKS)
def walk_swapped(waypoints: Any, steps_per_leg: int, closed: bool = True) -> Any:
    """A closed walk ends where it began. Which of yours does?"""
    return _walk(_stops(waypoints, not closed), steps_per_leg)


@mistake("6.3", "a list of legs", WALKS)
def walk_list_of_legs(waypoints: Any, steps_per_leg: int, closed: bool = True) -> Any:
    """How many things do you return, and how many were asked for? Which function joins tensors one below another?"""
    t = torch.linspace(0, 1, steps_per_leg + 1)
    return [_line(a, b, t)[:-1] for a, b in pairwise(_stops(waypoints, closed))]


@mistake("6.3", "the waypoints themselves, without the ways", WALKS)
def walk_stops_only(waypoints: Any, steps_per_leg: int, closed: bool = True) -> Any:
    """How many points lie between two of your waypoints? What does steps_per_leg ask for?"""
    return _stops(waypoints, closed)


@mistake("6.3", "a float step", WALKS)
def walk_float_step(waypoints: Any, steps_per_leg: int, closed: bool = True) -> Any:
    """Count the points of a leg of 6 steps, and of one of 5. Which of the two has one too many, and which function
    takes the number of points instead of a step?
    """
    stops, t = _stops(waypoints, closed), _by_float_steps(steps_per_leg)[:-1]
    return torch.cat([*(_line(a, b, t) for a, b in pairwise(stops)), stops[-1:]])


@mistake("6.3", "the same speed on all legs", WALKS)
def walk_even(waypoints: Any, steps_per_leg: int, closed: bool = True) -> Any:
    """How many of your steps does a long leg have, and how many does a short one have? Are all waypoints themselves
    among your points?
    """
    stops = _stops(waypoints, closed)
    lengths = (stops[1:] - stops[:-1]).norm(dim=1)
    reached = torch.cat([torch.zeros(1), lengths.cumsum(0)])
    points = []
    for place in torch.linspace(0, float(reached[-1]), (len(stops) - 1) * steps_per_leg + 1):
        leg = int(torch.searchsorted(reached, place, right=True).clamp(1, len(lengths))) - 1
        share = (place - reached[leg]) / lengths[leg].clamp_min(1e-12)
        points.append((1 - share) * stops[leg] + share * stops[leg + 1])
    return torch.stack(points)


# 6.4 attribute direction


@mistake("6.4", "the direction points the wrong way", ARITHMETIC, of="attribute_direction")
def direction_reversed(z_with: Any, z_without: Any) -> Any:
    """Start at the mean without the attribute and add your direction: where do you arrive?"""
    return z_without.mean(0) - z_with.mean(0)


@mistake("6.4", "one example instead of a mean", ARITHMETIC, of="attribute_direction")
def direction_of_one_pair(z_with: Any, z_without: Any) -> Any:
    """Two single images differ in many things. What is left of all of them but the attribute when you average?"""
    return z_with[0] - z_without[0]


@mistake("6.4", "sums instead of means", ARITHMETIC, of="attribute_direction")
def direction_of_sums(z_with: Any, z_without: Any) -> Any:
    """What happens to your direction if every code is listed twice?"""
    return z_with.sum(0) - z_without.sum(0)


@mistake("6.4", "one number instead of a vector", ARITHMETIC, of="attribute_direction")
def direction_as_number(z_with: Any, z_without: Any) -> Any:
    """How many coordinates does your direction have, and how many does a code have? Over which axis do you average?"""
    return z_with.mean() - z_without.mean()


@mistake("6.4", "the direction has length 1", ARITHMETIC, of="attribute_direction")
def direction_normalised(z_with: Any, z_without: Any) -> Any:
    """Go by your direction once: do you get from one mean to the other? What did you divide by?"""
    direction = z_with.mean(0) - z_without.mean(0)
    return direction / direction.norm()


@mistake("6.4", "the axis is kept", ARITHMETIC, of="attribute_direction")
def direction_keepdim(z_with: Any, z_without: Any) -> Any:
    """How many axes does your direction have, and how many does a single vector have?"""
    return z_with.mean(0, keepdim=True) - z_without.mean(0, keepdim=True)


@mistake("6.4", "codes are paired", ARITHMETIC, of="attribute_direction")
def direction_paired(z_with: Any, z_without: Any) -> Any:
    """What does your function do with five codes that have the attribute and three that do not?"""
    return (z_with - z_without).mean(0)


@mistake("6.4", "medians instead of means", ARITHMETIC, of="attribute_direction")
def direction_of_medians(z_with: Any, z_without: Any) -> Any:
    """Which average does the lesson use, and which did you take?"""
    return z_with.median(0).values - z_without.median(0).values


@mistake("6.4", "only the mean with the attribute", ARITHMETIC, of="attribute_direction")
def direction_without_origin(z_with: Any, z_without: Any) -> Any:
    """An arrow needs a place to start from. Where in your result are the codes without the attribute?"""
    return z_with.mean(0)


@mistake("6.4", "compared with all codes", ARITHMETIC, of="attribute_direction")
def direction_from_all(z_with: Any, z_without: Any) -> Any:
    """From whose mean does your arrow start: that of the codes without the attribute, or that of all codes?"""
    return z_with.mean(0) - torch.cat([z_with, z_without]).mean(0)


@mistake("6.4", "strength is ignored", ARITHMETIC, of="apply_direction")
def apply_without_strength(z: Any, direction: Any, strength: float = 1.0) -> Any:
    """What changes in your result when strength does?"""
    return z + direction


@mistake("6.4", "the codes are replaced instead of moved", ARITHMETIC, of="apply_direction")
def apply_replacing(z: Any, direction: Any, strength: float = 1.0) -> Any:
    """With a strength of 0 nothing should happen. What does your function return then?"""
    return (strength * direction).expand(len(z), -1)


@mistake("6.4", "moved the other way", ARITHMETIC, of="apply_direction")
def apply_backwards(z: Any, direction: Any, strength: float = 1.0) -> Any:
    """The direction points to the attribute. Do you walk with it or against it?"""
    return z - strength * direction


@mistake("6.4", "the given codes are changed", ARITHMETIC, of="apply_direction")
def apply_in_place(z: Any, direction: Any, strength: float = 1.0) -> Any:
    """Look at z after the call. Which operators change a tensor, and which make a new one?"""
    z += strength * direction
    return z


@mistake("6.4", "a mix with the direction", ARITHMETIC, of="apply_direction")
def apply_mixing(z: Any, direction: Any, strength: float = 1.0) -> Any:
    """Where does a code end with a strength of 1: beside where it was, or on the direction itself?"""
    return (1 - strength) * z + strength * direction


@mistake("6.4", "the direction is normalised first", ARITHMETIC, of="apply_direction")
def apply_normalised(z: Any, direction: Any, strength: float = 1.0) -> Any:
    """How far does a strength of 1 move a code: by 1, or by the length of the direction?"""
    return z + strength * direction / direction.norm()


@mistake("6.4", "never backwards", ARITHMETIC, of="apply_direction")
def apply_forwards(z: Any, direction: Any, strength: float = 1.0) -> Any:
    """What does your function do with a strength of -1: what should be taken away then?"""
    return z + abs(strength) * direction


@mistake("6.4", "a strength of 0 taken for none", ARITHMETIC, of="apply_direction")
def apply_truth(z: Any, direction: Any, strength: float = 1.0) -> Any:
    """How far does your function move a code with a strength of 0? Is 0 the same as nothing?"""
    return z + (strength or 1.0) * direction


# 6.5 traverse


@mistake("6.5", "all rows are one and the same", TRAVERSALS)
def traverse_aliased(z: Any, dim: int, values: Any) -> Any:
    """Is every row of yours equal to the last one? How many tensors have you made, and what became of z?"""
    rows = []
    for value in values:
        z[dim] = value
        rows.append(z)
    return torch.stack(rows)


@mistake("6.5", "the given vector is changed", TRAVERSALS)
def traverse_in_place(z: Any, dim: int, values: Any) -> Any:
    """Your rows are right. Look at z after the call: is it as it was before?"""
    rows = []
    for value in values:
        z[dim] = value
        rows.append(z.clone())
    return torch.stack(rows)


@mistake("6.5", "added instead of replaced", TRAVERSALS)
def traverse_adding(z: Any, dim: int, values: Any) -> Any:
    """What is coordinate dim of row i: the value itself, or the value on top of what was there?"""
    rows = z.repeat(len(values), 1)
    rows[:, dim] += torch.as_tensor(values)
    return rows


@mistake("6.5", "steps that add up", TRAVERSALS)
def traverse_cumulative(z: Any, dim: int, values: Any) -> Any:
    """Does your third row depend on the first two values? Should it?"""
    rows = z.repeat(len(values), 1)
    rows[:, dim] += torch.cumsum(torch.as_tensor(values), 0)
    return rows


@mistake("6.5", "all dimensions are moved", TRAVERSALS)
def traverse_all(z: Any, dim: int, values: Any) -> Any:
    """In how many columns do your rows differ? What does `dim` do in your function?"""
    return torch.as_tensor(values)[:, None].repeat(1, len(z))


@mistake("6.5", "dimensions counted from 1", TRAVERSALS)
def traverse_from_one(z: Any, dim: int, values: Any) -> Any:
    """Which column changes in your result for dim = 0? From which number does torch count?"""
    rows = z.repeat(len(values), 1)
    rows[:, dim - 1] = torch.as_tensor(values)
    return rows


@mistake("6.5", "the other dimensions are zero", TRAVERSALS)
def traverse_zeros(z: Any, dim: int, values: Any) -> Any:
    """What is left of z in your rows?"""
    rows = torch.zeros(len(values), len(z))
    rows[:, dim] = torch.as_tensor(values)
    return rows


@mistake("6.5", "transposed", TRAVERSALS)
def traverse_transposed(z: Any, dim: int, values: Any) -> Any:
    """Is a latent vector a row or a column of your result?"""
    rows = z.repeat(len(values), 1)
    rows[:, dim] = torch.as_tensor(values)
    return rows.T


@mistake("6.5", "z itself comes first", TRAVERSALS)
def traverse_with_original(z: Any, dim: int, values: Any) -> Any:
    """How many rows do you have for three values? Which row has none of them?"""
    rows = z.repeat(len(values) + 1, 1)
    rows[1:, dim] = torch.as_tensor(values)
    return rows


@mistake("6.5", "a list of rows", TRAVERSALS)
def traverse_list(z: Any, dim: int, values: Any) -> Any:
    """Does your result have a shape? Which function makes one tensor of a list of rows?"""
    rows = z.repeat(len(values), 1)
    rows[:, dim] = torch.as_tensor(values)
    return list(rows)


@mistake("6.5", "only the changed coordinate", TRAVERSALS)
def traverse_column(z: Any, dim: int, values: Any) -> Any:
    """A decoder wants whole latent vectors. How many coordinates does each of your rows have?"""
    return torch.as_tensor(values)[:, None]


@mistake("6.5", "every coordinate that is equal to it changes as well", TRAVERSALS)
def traverse_equal(z: Any, dim: int, values: Any) -> Any:
    """If two coordinates of z are equal, how many of them change in your rows? By what do you pick a coordinate: by its
    place, or by its value?
    """
    return torch.where(z == z[dim], torch.as_tensor(values, dtype=z.dtype)[:, None], z)
