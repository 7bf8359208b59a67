"""Lesson 6, interpolation: the checks of `exercises/interpolation_starter.py`.

These are ordinary pytest tests; `autograder/test_latent.py` says how to write one.
"""

from __future__ import annotations

import numpy as np

from autograder.engine.judging import (
    Answer,
    Array,
    Call,
    Leaf,
    Oracle,
    Student,
    agree,
    compare,
    cosine_rounding,
    part,
    probes,
    slerp,
)

ENDS = ("z_a", "z_b", "num_steps")


@part("6.1")
def test_lerp(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Equal steps on the straight line, both ends included; from two points to hundreds, and in a single dimension."""
    counts = [5, 2, 4, 11, 257, *probes.STEPS, *map(int, rng.integers(12, 200, 3))]
    sizes = [7, 3, 1, 4, 2, *(2 + number % 3 for number in range(len(counts) - 5))]
    calls = [
        Call("lerp", [probes.normal(rng, size), probes.normal(rng, size), count], probe=f"line {number}", names=ENDS)
        for number, (size, count) in enumerate(zip(sizes, counts, strict=True))
    ]
    agree(student, reference, calls, "points", "(num_steps, Z)")


def arc(z_a: Array, z_b: Array, count: int, probe: str) -> Call:
    return Call("slerp", [z_a, z_b, count], probe=probe, names=ENDS)


def look_at_numbers(call: Call, answer: Answer) -> list[object]:
    """What is compared with known mistakes: that something is NaN, or else all numbers."""
    return [Leaf(slerp.points(answer, call)), list(answer.changes)]


@part("6.2")
def test_slerp(student: Student, rng: np.random.Generator) -> None:
    """An equal angle a step, the ends exact. For unequal lengths both usual answers do."""
    calls = []
    for number, (size, count, degrees) in enumerate(((6, 5, 70), (3, 10, 140), (5, 2, 40), (2, 4, 110), (8, 50, 12))):
        length = rng.uniform(0.1, 0.6) if number % 2 else rng.uniform(1.2, 3)
        calls.append(arc(*slerp.pair(rng, size, degrees, (length, length)), count, f"equal lengths {number}"))
    for number, (size, count, degrees) in enumerate(((4, 7, 80), (7, 5, 130), (2, 2, 50), (6, 100, 25))):
        lengths = rng.uniform(0.5, 1), rng.uniform(1.6, 3)
        lengths = lengths if number % 2 else lengths[::-1]
        calls.append(arc(*slerp.pair(rng, size, degrees, lengths), count, f"unequal lengths {number}"))
    for call, answer in zip(calls, student(calls, look_at_numbers), strict=True):
        slerp.compare_arc(call, answer)
        student.unchanged(call, answer)


@part("6.2")
def test_slerp_of_small_and_large_angles(student: Student, rng: np.random.Generator) -> None:
    """From 4 degrees on the line is no arc any more, up to 175 degrees there is one shortest way."""
    calls = []
    for number, degrees in enumerate((4, 6, 9, 148, 157, 166, 174)):
        lengths = (rng.uniform(1, 2),) * 2 if number % 3 else (rng.uniform(0.6, 1), rng.uniform(1.5, 2.5))
        ends = slerp.pair(rng, 2 + number, degrees + rng.uniform(0, 1), lengths)
        calls.append(arc(*ends, 4 + number, f"large angle {number}" if degrees > 90 else f"small angle {number}"))
    for call, answer in zip(calls, student(calls, slerp.passes), strict=True):
        slerp.compare_arc(call, answer)
        student.unchanged(call, answer)


def must_be_straight(call: Call, answer: Answer) -> None:
    slerp.compare_limit(call, answer)
    right = slerp.line(*call.args)
    loose = right + slerp.LOOSE * np.abs(right).max() / 32
    compare("points", "(num_steps, Z)", answer.result, Leaf(right), Leaf(loose))


@part("6.2")
def test_slerp_of_parallel_vectors(student: Student, rng: np.random.Generator) -> None:
    """Below about two degrees the straight line does, and it is hard to tell from an arc; nothing is NaN."""
    calls = []
    for number, (size, factor) in enumerate(((3, 1), (2, 1), (4, 2.0), (3, 0.5))):
        (z,) = cosine_rounding.rounds_beyond_one(rng, size, 1)
        calls.append(arc(z, (factor * z).astype(np.float32), 3 + number, f"one direction {number}"))
    for axis in (0, 2):  # without any rounding, the cosine is exactly 1
        z = np.zeros(3, np.float32)
        z[axis] = 2.0
        calls.append(arc(z, 3 * z, 4, f"one axis {axis}"))
    calls.append(arc(*slerp.pair(rng, 5, 0.5, (1.3, 1.3)), 5, "half a degree"))
    calls.append(arc(np.array([0.7], np.float32), np.array([1.9], np.float32), 4, "one dimension"))
    for call, answer in zip(calls, student(calls, look_at_numbers), strict=True):
        must_be_straight(call, answer)
        student.unchanged(call, answer)


def look_at_shape(_call: Call, answer: Answer) -> list[object]:
    """What is compared with known mistakes where it is luck whether rounding makes a number NaN."""
    return [answer.result.array.shape if isinstance(answer.result, Leaf) else "odd", list(answer.changes)]


@part("6.2")
def test_slerp_where_rounding_decides(student: Student, rng: np.random.Generator) -> None:
    """A cosine is rounded beyond 1 or -1, in one order of sums or another: so many vectors that one shows it."""
    pairs = [
        (z, factor * z)
        for size in (2, 3)
        for z in cosine_rounding.rounds_beyond_one(rng, size, 10)
        for factor in (1, -2)
    ]
    pairs += cosine_rounding.rounds_beyond_one_by_root(rng, 20)
    for size in (2, 5, 8, 64):
        z = probes.normal(rng, size)
        pairs += [(z, z), (z, z + np.float32(1e-5) * probes.normal(rng, size)), (z, np.float32(1.7) * z)]
    calls = [arc(a, b.astype(np.float32), 3, f"rounded {number}") for number, (a, b) in enumerate(pairs)]
    for call, answer in zip(calls, student(calls, look_at_shape), strict=True):
        z_a, z_b, _ = call.args
        (must_be_straight if z_a @ z_b > 0 else slerp.compare_limit)(call, answer)


@part("6.2")
def test_slerp_without_an_angle(student: Student, rng: np.random.Generator) -> None:
    """Where a vector is zero, or both are opposite, any way does that is finite and has the right ends."""
    calls = []
    for number, size in enumerate((3, 5)):
        z, nothing = probes.normal(rng, size), np.zeros(size, np.float32)
        for other, first, last in (("to zero", z, nothing), ("from zero", nothing, z), ("zeros", nothing, nothing)):
            calls.append(arc(first, last, 3 + number, f"{other} {number}"))
        for other, factor in (("opposite", -1.0), ("opposite and longer", -2.5)):
            calls.append(arc(z, (factor * z).astype(np.float32), 4 + number, f"{other} {number}"))
    calls.append(arc(np.array([1.3], np.float32), np.array([-0.7], np.float32), 3, "across zero"))
    for call, answer in zip(calls, student(calls, slerp.look_at_a_limit), strict=True):
        slerp.compare_limit(call, answer)
        student.unchanged(call, answer)


@part("6.3")
def test_walk_through_waypoints(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Straight legs with equal steps, each waypoint once; closed unless asked otherwise."""
    calls = []
    sizes = (
        *((4, 3, 5, None), (3, 5, 2, False), (2, 4, 3, None), (2, 2, 4, False), (5, 2, 1, True), (3, 1, 4, False)),
        *((4, 3, 1, False), (12, 2, 3, None), (3, 2, 40, False), (2, 3, 6, False), (3, 2, 9, True), (2, 2, 49, False)),
    )
    for number, (stops, size, steps, closed) in enumerate(sizes):
        named = {} if closed is None else {"closed": closed}
        args = [probes.normal(rng, stops, size), steps]
        names = ("waypoints", "steps_per_leg")
        calls.append(Call("latent_walk", args, named, probe=f"walk {number}", names=names))
    for closed in (True, False):  # a leg between equal waypoints has its steps as well
        waypoints = probes.normal(rng, 4, 3)
        waypoints[3 if closed else 2] = waypoints[0 if closed else 1]
        names = ("waypoints", "steps_per_leg")
        calls.append(Call("latent_walk", [waypoints, 3], {"closed": closed}, probe=f"standing {closed}", names=names))
    agree(student, reference, calls, "points", "(legs * steps_per_leg + 1, Z)")


@part("6.4")
def test_attribute_direction(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """The difference of two means, of as many codes as there are on either side."""
    calls = []
    for number, (many, few, size) in enumerate(((5, 3, 4), (2, 7, 3), (1, 4, 5), (6, 2, 1), (4, 4, 16))):
        args = [probes.normal(rng, many, size) + np.float32(0.5), probes.normal(rng, few, size)]
        names = ("z_with", "z_without")
        calls.append(Call("attribute_direction", args, probe=f"direction {number}", names=names))
    agree(student, reference, calls, "the direction", "(Z,)")


SHIFTS = (
    (5, 3, None),
    (2, 4, 2.5),
    (1, 6, -1.5),
    (3, 1, None),
    (2, 3, 0.0),
    (4, 2, 0.03),
    (3, 5, -8.5),
    (2, 2, 2),
    (3, 4, 0),
)


@part("6.4")
def test_apply_direction(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """Every code is moved by `strength` times the direction, once if nothing is said."""
    calls = []
    for number, (count, size, strength) in enumerate(SHIFTS):
        named = {} if strength is None else {"strength": strength}
        args = [probes.normal(rng, count, size), probes.normal(rng, size)]
        names = ("z", "direction")
        calls.append(Call("apply_direction", args, named, probe=f"moved {number}", names=names))
    agree(student, reference, calls, "the moved codes", "(B, Z)")


@part("6.5")
def test_traverse(student: Student, reference: Oracle, rng: np.random.Generator) -> None:
    """One coordinate is replaced in each row; values come as a list or as a tensor."""
    calls = []
    for number, (size, dim, count) in enumerate(((5, 2, 4), (3, 0, 6), (4, 3, 2), (1, 0, 3), (6, 1, 1))):
        values = probes.normal(rng, count, scale=2)
        given = [float(v) for v in values] if number % 2 else values
        names = ("z", "dim", "values")
        calls.append(Call("traverse", [probes.normal(rng, size), dim, given], probe=f"traversal {number}", names=names))
    for number, dim in enumerate((0, 2)):  # coordinates that are equal are still different coordinates
        z = probes.normal(rng, 4)
        z[[0, 2]] = z[1] * number
        names = ("z", "dim", "values")
        calls.append(Call("traverse", [z, dim, probes.normal(rng, 3)], probe=f"equal numbers {number}", names=names))
    for number, chosen in enumerate(([2, 0, -1, 2], [-11.5, 0.0, 7.25], [1.5], np.array([9.5, 0, 9.5], np.float32))):
        args = [probes.normal(rng, 4), number, chosen]
        names = ("z", "dim", "values")
        calls.append(Call("traverse", args, probe=f"given values {number}", names=names))
    agree(student, reference, calls, "the rows", "(len(values), Z)")
