from itertools import pairwise
from math import cos, pi, sin, sqrt

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course import checkpoints
from course.latent import (
    angle,
    apply_direction,
    attribute_direction,
    expected_norm,
    lerp,
    shortest_way,
    slerp,
    traverse,
    walk,
)
from course.patterns import lines64
from solutions import interpolation_solution as solution

seeds = st.integers(0, 2**31)


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@settings(deadline=None)
@given(seeds, st.integers(1, 9), st.integers(2, 12))
def test_lerp_is_linspace_in_every_dimension(seed: int, dims: int, steps: int) -> None:
    a, b = normal(seed, 2, dims)
    line = lerp(a, b, steps)
    np.testing.assert_allclose(line, np.linspace(a.numpy(), b.numpy(), steps), atol=1e-12)
    torch.testing.assert_close(line.flip(0), lerp(b, a, steps))


@settings(deadline=None)
@given(seeds, st.integers(2, 5), st.integers(1, 6), st.booleans())
def test_walk_visits_each_waypoint_once(seed: int, count: int, steps: int, closed: bool) -> None:
    stops = normal(seed, count, 3)
    path = walk(stops, steps, closed)
    legs = count if closed else count - 1
    assert path.shape == (legs * steps + 1, 3)
    expected = torch.cat([stops, stops[:1]]) if closed else stops
    torch.testing.assert_close(path[::steps], expected)
    lengths = (path[1:] - path[:-1]).norm(dim=1).reshape(legs, steps)
    torch.testing.assert_close(lengths, lengths[:, :1].expand_as(lengths), rtol=1e-6, atol=1e-9)


def test_too_little_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        lerp(torch.zeros(2), torch.ones(2), 1)
    with pytest.raises(ValueError, match="2 waypoints"):
        walk(torch.zeros(1, 2), 3)
    with pytest.raises(ValueError, match="at least 2"):
        slerp(torch.zeros(2), torch.ones(2), 1)
    with pytest.raises(ValueError, match="0 with and 2 without"):
        attribute_direction(torch.zeros(0, 3), torch.zeros(2, 3))
    for dim in (-1, 2):
        with pytest.raises(ValueError, match="between 0 and 1"):
            traverse(torch.zeros(2), dim, [0.0])
    with pytest.raises(ValueError, match="at least 1"):
        expected_norm(0)


@settings(deadline=None)
@given(seeds, st.integers(2, 9), st.integers(2, 12), st.floats(0.01, 100))
def test_slerp_keeps_its_ends_and_turns_by_equal_angles(seed: int, dims: int, steps: int, scale: float) -> None:
    a, b = normal(seed, 2, dims)
    a, b = a / a.norm(), b / b.norm()
    arc = slerp(a, b, steps)
    assert torch.equal(arc[0], a)
    assert torch.equal(arc[-1], b)
    torch.testing.assert_close(arc.norm(dim=1), torch.ones(steps, dtype=torch.float64), rtol=1e-7, atol=1e-7)
    turned = torch.tensor([angle(p, q) for p, q in pairwise(arc)])
    torch.testing.assert_close(turned, torch.full_like(turned, angle(a, b) / (steps - 1)), rtol=1e-5, atol=1e-7)
    torch.testing.assert_close(arc.flip(0), slerp(b, a, steps))
    torch.testing.assert_close(slerp(scale * a, scale * b, steps), scale * arc)


@settings(deadline=None)
@given(seeds, st.integers(2, 9), st.integers(2, 12))
def test_slerp_has_the_weights_of_the_textbook(seed: int, dims: int, steps: int) -> None:
    a, b = (3 * normal(seed, 2, dims)).numpy()
    w = float(np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1)))
    t = np.linspace(0, 1, steps)[:, None]
    expected = np.sin((1 - t) * w) / np.sin(w) * a + np.sin(t * w) / np.sin(w) * b
    single = slerp(torch.from_numpy(a).float(), torch.from_numpy(b).float(), steps)
    assert single.dtype == torch.float32
    np.testing.assert_allclose(slerp(torch.from_numpy(a), torch.from_numpy(b), steps), expected, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(single, expected, rtol=1e-3, atol=1e-3 / abs(sin(w)))


@pytest.mark.parametrize("w", [0, 1e-12, 1e-6, 1e-3, 1, 3, pi - 1e-2, pi - 1e-6, pi])
def test_slerp_is_finite_at_every_angle(w: float) -> None:
    for dtype in (torch.float32, torch.float64):
        a = torch.tensor([2.0, 0], dtype=dtype)
        b = torch.tensor([cos(w), sin(w)], dtype=dtype)
        arc = slerp(a, b, 9)
        assert arc.isfinite().all()
        assert torch.equal(arc[0], a)
        assert torch.equal(arc[-1], b)
        assert angle(a, b) == pytest.approx(w, rel=1e-6 if dtype == torch.float32 else 1e-12, abs=1e-7)


def test_slerp_of_zero_or_of_tiny_vectors_is_a_straight_line() -> None:
    zero, one = torch.zeros(3), torch.tensor([1.0, -2, 3])
    for a, b in ((zero, one), (one, zero), (zero, zero), (one, one)):
        torch.testing.assert_close(slerp(a, b, 5), lerp(a, b, 5))
    one, other = 1e-30 * torch.eye(2)
    torch.testing.assert_close(1e30 * slerp(one, other, 3)[1], torch.full((2,), sqrt(0.5)))


@settings(deadline=None)
@given(seeds, st.integers(1, 6), st.integers(1, 6), st.floats(-3, 3))
def test_a_direction_leads_from_one_mean_to_the_other(seed: int, m: int, n: int, strength: float) -> None:
    having, without = normal(seed, m, 4), normal(seed + 1, n, 4)
    direction = attribute_direction(having, without)
    torch.testing.assert_close(apply_direction(without, direction).mean(dim=0), having.mean(dim=0))
    moved = apply_direction(without, direction, strength)
    torch.testing.assert_close(apply_direction(moved, direction, -strength), without)


@settings(deadline=None)
@given(seeds, st.integers(1, 9), st.lists(st.floats(-5, 5), min_size=1, max_size=6), st.booleans())
def test_traverse_changes_one_column(seed: int, dims: int, values: list[float], as_tensor: bool) -> None:
    z, dim = normal(seed, dims), seed % dims
    before = z.clone()
    rows = traverse(z, dim, torch.tensor(values, dtype=torch.float64) if as_tensor else values)
    expected = np.tile(before.numpy(), (len(values), 1))
    expected[:, dim] = values
    np.testing.assert_array_equal(rows, expected)
    assert torch.equal(z, before)


@pytest.mark.parametrize("dims", [1, 2, 8, 64, 1000])
def test_expected_norm_is_the_mean_of_the_chi_distribution(dims: int) -> None:
    r = np.linspace(1e-9, sqrt(dims) + 12, 400_001)
    log_density = (dims - 1) * np.log(r) - r**2 / 2  # of a length r, but for a constant
    density = np.exp(log_density - log_density.max())
    assert expected_norm(dims) == pytest.approx((r * density).sum() / density.sum(), rel=1e-4)
    assert expected_norm(dims) == pytest.approx(sqrt(dims) * (1 - 1 / (4 * dims)), rel=0.07 / dims)


def test_shortest_way_follows_a_parabola_to_equal_steps_of_pixels() -> None:
    """A decoder that stretches one axis: the way is straight already, and its points move apart evenly."""
    a, b = torch.tensor([0.0, 0.3]), torch.tensor([2.0, 0.3])

    def decode(z: torch.Tensor) -> torch.Tensor:
        return torch.stack([z[:, 0] ** 2, z[:, 1]], dim=1)

    points = shortest_way(decode, a, b, 5, iterations=800)
    np.testing.assert_allclose(decode(points)[:, 0], np.linspace(0, 4, 5), atol=0.02)
    assert torch.equal(points[0], a)
    assert torch.equal(points[-1], b)


def test_shortest_way_lowers_the_energy_and_leaves_the_model_alone() -> None:
    model = checkpoints.load("lines64")
    with torch.no_grad():
        a, _, _, b = model.encode(torch.from_numpy(lines64().prototypes()))
        points = shortest_way(model.decode, a, b, 9)
        before, after = (model.decode(z).diff(dim=0).square().sum() for z in (lerp(a, b, 9), points))
    assert after < before
    assert all(p.grad is None for p in model.parameters())
    assert torch.equal(shortest_way(model.decode, a, b, 2), torch.stack([a, b]))


@settings(deadline=None, max_examples=25)
@given(seeds, st.integers(2, 9), st.integers(2, 12))
def test_the_exercise_asks_for_what_the_course_does(seed: int, dims: int, steps: int) -> None:
    z = normal(seed, 4, dims).float()
    w = angle(z[0], z[1])
    assume(0.1 < w < pi - 0.1)  # nearer than that, the exercise allows other answers
    torch.testing.assert_close(slerp(z[0], z[1], steps), solution.slerp(z[0], z[1], steps), rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(walk(z, steps), solution.latent_walk(z, steps))
    torch.testing.assert_close(traverse(z[0], 1, [-1.0, 2.0]), solution.traverse(z[0], 1, [-1.0, 2.0]))
