"""The mathematics of the explorer's scripts, held against numpy, torch and the library."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course import latent
from course.explorer.packing import base64
from tests.course.explorer_scripts import Scripts

FEW = settings(max_examples=60, deadline=None)
SCRIPTS = Scripts()
NUMBERS = st.floats(-50, 50, allow_nan=False).map(lambda value: round(value, 6))


def vectors(size: int = 5) -> st.SearchStrategy[list[float]]:
    return st.lists(NUMBERS, min_size=size, max_size=size)


def test_every_finite_float16_is_read_exactly() -> None:
    bits = np.arange(1 << 16, dtype="<u2")
    values = bits.view("<f2")
    finite = np.isfinite(values)
    found = SCRIPTS("(text) => Array.from(math.halves(text))", base64(values[finite]))
    assert (np.array(found) == values[finite].astype(np.float64)).all()


@FEW
@given(st.integers(0, 2**256 - 1))
def test_256_bits_are_64_hexadecimal_digits(number: int) -> None:
    digits = f"{number:064x}"
    bits = SCRIPTS("(text) => Array.from(math.fromHex(text))", digits)
    assert bits == [int(bit) for bit in f"{number:0256b}"]
    assert SCRIPTS("(bits) => math.toHex(Float32Array.from(bits))", bits) == digits


@pytest.mark.parametrize("code", ["null", "[0.5, 0, 1, 1]", "new Array(784).fill(0)"])
def test_what_bits_cannot_say_has_no_digits(code: str) -> None:
    assert SCRIPTS(f"() => math.toHex({code})") is None


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(-0.001, 2, "0.00"), (-1.5, 1, "\N{MINUS SIGN}1.5"), (12.345, 1, "12.3"), (-0.2, 0, "0")],
)
def test_numbers_have_a_minus_sign_and_none_before_a_zero(value: float, digits: int, text: str) -> None:
    assert SCRIPTS("(value, digits) => math.number(value, digits)", value, digits) == text


def test_normal_numbers_are_normal_and_the_same_for_the_same_seed() -> None:
    code = "(seed) => Array.from({ length: 20000 }, math.normal(seed))"
    first, again, other = (np.array(SCRIPTS(code, seed)) for seed in (1, 1, 2))
    assert (first == again).all()
    assert abs(np.corrcoef(first, other)[0, 1]) < 0.03
    assert abs(first.mean()) < 0.03
    assert abs(first.std() - 1) < 0.03
    assert abs((first**4).mean() - 3) < 0.3


def test_uniform_numbers_are_even() -> None:
    values = np.array(SCRIPTS("() => Array.from({ length: 20000 }, math.uniform(3))"))
    assert values.min() >= 0
    assert values.max() < 1
    assert np.histogram(values, 10, (0, 1))[0] == pytest.approx(2000, rel=0.1)


@FEW
@given(vectors(), vectors())
@pytest.mark.parametrize("way", ["lerp", "slerp"])
def test_ways_are_those_of_the_library(way: str, a: list[float], b: list[float]) -> None:
    given_a, given_b = (torch.tensor(z, dtype=torch.float64) for z in (a, b))
    expected = getattr(latent, way)(given_a, given_b, 5).numpy()
    found = SCRIPTS(f"(a, b) => [0, 1, 2, 3, 4].map((k) => math.{way}(a, b, k / 4))", a, b)
    assert np.array(found) == pytest.approx(expected, abs=1e-4)
    assert found[0] == pytest.approx(a, abs=1e-9)
    assert found[-1] == pytest.approx(b, abs=1e-9)


@FEW
@given(st.lists(vectors(), min_size=1, max_size=8), vectors())
def test_the_nearest_row_is_numpys(rows: list[list[float]], z: list[float]) -> None:
    distances = np.linalg.norm(np.array(rows) - z, axis=1)
    assert distances[SCRIPTS("math.nearestRow", rows, z)] == pytest.approx(distances.min())


def orthonormal(seed: int) -> np.ndarray:
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(5, 2)))[0].T


MODEL = {"latent": 5, "sigma": True, "mu": np.random.default_rng(2).normal(size=(20, 5)).tolist()}


def model_with_pca(seed: int) -> dict[str, object]:
    mean = np.random.default_rng(seed).normal(size=5)
    return {**MODEL, "pca": {"mean": mean.tolist(), "axes": orthonormal(seed).tolist()}}


@FEW
@given(vectors(), st.tuples(NUMBERS, NUMBERS), st.integers(0, 5), st.sampled_from(["pca", (3, 1)]))
def test_a_moved_point_is_seen_where_it_was_put_and_is_the_same_elsewhere(
    z: list[float], to: tuple[float, float], seed: int, axes: str | tuple[int, int]
) -> None:
    code = """(model, axes, z, [x, y]) => {
      const plane = math.plane(model, axes);
      const moved = plane.moved(z, x, y);
      return [moved, plane.project(moved)];
    }"""
    moved, seen = SCRIPTS(code, model_with_pca(seed), axes, z, to)
    assert seen == pytest.approx(list(to), abs=1e-9)
    shown = orthonormal(seed) if axes == "pca" else np.eye(5)[[3, 1]]
    hidden = np.eye(5) - shown.T @ shown
    assert hidden @ moved == pytest.approx(hidden @ z, abs=1e-8)


@pytest.mark.parametrize("axes", ["pca", (0, 4)])
def test_a_map_has_all_codes_and_the_prior_on_it(axes: str | tuple[int, int]) -> None:
    plane = SCRIPTS("(model, axes) => math.plane(model, axes)", model_with_pca(1), axes)
    points = np.array([*plane["points"], np.array(plane["zero"]) + 3, np.array(plane["zero"]) - 3])
    assert (np.abs(points - plane["middle"]) < plane["half"]).all()


@FEW
@given(st.lists(st.floats(0.01, 5), min_size=5, max_size=5), st.integers(0, 20))
def test_an_ellipse_is_the_projected_covariance(sigma: list[float], seed: int) -> None:
    shown = orthonormal(seed)
    covariance = shown @ np.diag(np.square(sigma)) @ shown.T
    u, v = shown.tolist()
    found = SCRIPTS("(plane, sigma) => math.ellipse(plane, sigma)", {"u": u, "v": v}, sigma)
    turn = np.array([[np.cos(found["turn"]), -np.sin(found["turn"])], [np.sin(found["turn"]), np.cos(found["turn"])]])
    rebuilt = turn @ np.diag([found["long"] ** 2, found["short"] ** 2]) @ turn.T
    assert rebuilt == pytest.approx(covariance, abs=1e-6)
