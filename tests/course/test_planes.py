from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from course.models import VAE
from course.planes import (
    Extent,
    border_share,
    class_map,
    decoded_grid,
    extent_of,
    islands,
    latent_grid,
    map_accuracy,
    occupied_share,
)

Classes = NDArray[np.int64]
EXTENTS: list[Extent] = [None, 3.0, (-1.0, 5.0, 2.0, 3.0)]
class_maps = arrays(np.int64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.integers(0, 2))


def quadrant(images: NDArray[np.float32]) -> Classes:
    return (images[:, 0] > 0) + 2 * (images[:, 1] > 0).astype(np.int64)


def test_cells_of_an_extent_have_equal_width_and_stand_as_in_a_picture() -> None:
    expected = [[[-0.5, 0.5], [0.5, 0.5]], [[-0.5, -0.5], [0.5, -0.5]]]
    np.testing.assert_array_equal(latent_grid(2, 1), expected)
    grid = latent_grid(4, (0, 8, 10, 14))
    np.testing.assert_array_equal(grid[2, :, 0], [1, 3, 5, 7])
    np.testing.assert_array_equal(grid[:, 1, 1], [13.5, 12.5, 11.5, 10.5])


@pytest.mark.parametrize("side", [1, 2, 7, 20])
def test_without_an_extent_they_have_equal_probability(side: int) -> None:
    quantiles = [NormalDist().inv_cdf((i + 0.5) / side) for i in range(side)]
    grid = latent_grid(side)
    assert grid.shape == (side, side, 2)
    np.testing.assert_allclose(grid[..., 0], np.tile(quantiles, (side, 1)), rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(grid[..., 1], np.tile(quantiles, (side, 1)).T[::-1], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("extent", EXTENTS)
def test_the_grid_is_decoded_where_it_stands(extent: Extent) -> None:
    np.testing.assert_array_equal(decoded_grid(lambda z: z, 5, extent), latent_grid(5, extent))
    model = VAE(input_dim=9, hidden_dim=8, latent_dim=2, generator=torch.Generator().manual_seed(0))
    images = decoded_grid(model.decode, 5, extent)
    assert images.shape == (5, 5, 9)
    one = model.decode(torch.from_numpy(latent_grid(5, extent)[3, 1]))
    np.testing.assert_allclose(images[3, 1], one.detach().numpy(), rtol=1e-5)


def test_a_plane_in_a_larger_space() -> None:
    images = decoded_grid(lambda z: torch.nn.functional.pad(z, (1, 3)), 3, 1.0)
    assert images.shape == (3, 3, 6)
    np.testing.assert_array_equal(images[..., 1:3], latent_grid(3, 1.0))
    assert not images[..., [0, 3, 4, 5]].any()


def test_class_map_names_each_cell() -> None:
    classes = class_map(quadrant, decoded_grid(lambda z: z, 4, 2.0))
    np.testing.assert_array_equal(classes, [[2, 2, 3, 3], [2, 2, 3, 3], [0, 0, 1, 1], [0, 0, 1, 1]])
    assert islands(classes) == {0: 1, 1: 1, 2: 1, 3: 1}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [(["0"], {0: 1}),
     (["01", "10"], {0: 2, 1: 2}),
     (["000", "010", "000"], {0: 1, 1: 1}),
     (["0110", "0110", "0110"], {0: 2, 1: 1}),
     (["5300", "3355", "9995"], {0: 1, 3: 1, 5: 2, 9: 1}),
     (["01010"], {0: 3, 1: 2})],
)  # fmt: skip
def test_islands_counted_by_hand(rows: list[str], expected: dict[int, int]) -> None:
    assert islands(np.array([[int(cell) for cell in row] for row in rows])) == expected


def flooded(classes: Classes) -> dict[int, int]:
    left, counts = set(np.ndindex(classes.shape)), dict.fromkeys(np.unique(classes).tolist(), 0)
    while left:
        sea = [left.pop()]
        counts[int(classes[sea[0]])] += 1
        while sea:
            i, j = sea.pop()
            for cell in {(i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)} & left:
                if classes[cell] == classes[i, j]:
                    left.remove(cell)
                    sea.append(cell)
    return counts


@settings(deadline=None, max_examples=60)
@given(class_maps)
def test_islands_are_what_a_flood_finds_however_the_map_is_held(classes: Classes) -> None:
    found = islands(classes)
    assert found == flooded(classes)
    assert islands(np.rot90(classes)) == islands(classes[:, ::-1]) == found
    assert islands(np.kron(classes, np.ones((2, 2), np.int64))) == found, "a finer map of the same plane"
    assert islands(10 - classes) == {10 - c: pieces for c, pieces in found.items()}


@pytest.mark.parametrize("extent", EXTENTS)
@pytest.mark.parametrize("side", [1, 2, 9])
def test_the_middle_of_each_cell_lies_in_it(side: int, extent: Extent) -> None:
    cells = np.arange(side**2).reshape(side, side)
    middles = latent_grid(side, extent).reshape(-1, 2)
    assert map_accuracy(cells, middles, cells.ravel(), extent) == 1
    assert map_accuracy(cells, middles, cells.ravel() + 1, extent) == 0


def test_map_accuracy_counts_a_code_outside_as_wrong() -> None:
    classes = class_map(quadrant, decoded_grid(lambda z: z, 4, 2.0))
    codes = np.array([[1.0, 1], [-1, 1], [1, -1], [2, 2], [9, 9]])
    labels = np.array([3, 2, 0, 3, 3])
    assert map_accuracy(classes, codes, labels, 2.0) == pytest.approx(3 / 5)
    just_outside = np.array([[2.1, 1], [1, 2.1], [-2.1, 1], [1, -2.1]])
    assert all(map_accuracy(classes, just_outside, np.full(4, c), 2.0) == 0 for c in range(4))
    assert map_accuracy(class_map(quadrant, decoded_grid(lambda z: z, 4)), codes, labels) == pytest.approx(4 / 5)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**31))
def test_map_accuracy_is_that_of_the_nearest_middle(seed: int) -> None:
    generator = np.random.default_rng(seed)
    classes, codes = generator.integers(3, size=(6, 6)), generator.uniform(-2, 2, (40, 2))
    labels = generator.integers(3, size=40)
    middles = latent_grid(6, 2.0).reshape(-1, 2)
    nearest = np.linalg.norm(codes[:, None] - middles, axis=2).argmin(axis=1)
    assert map_accuracy(classes, codes, labels, 2.0) == pytest.approx((classes.ravel()[nearest] == labels).mean())


def test_extent_of_codes_leaves_a_margin() -> None:
    codes = np.array([[0.0, 10], [4, 30], [1, 20]])
    assert extent_of(codes, margin=0) == (0, 4, 10, 30)
    assert extent_of(codes, margin=0.25) == (-1, 5, 5, 35)
    assert map_accuracy(np.zeros((3, 3), int), codes, np.zeros(3, int), extent_of(codes)) == 1


IMAGES = np.zeros((3, 3, 4), np.float32)
FAULTS: list[tuple[Callable[[], object], str]] = [
    (lambda: latent_grid(0), "side, .* at least 1, got 0"),
    (lambda: latent_grid(3, 0.0), "extent must be above 0.* got 0"),
    (lambda: latent_grid(3, float("nan")), "extent must be above 0.* got nan"),
    (lambda: latent_grid(3, (1, 1, 0, 2)), r"left < right, got \(1, 1, 0, 2\)"),
    (lambda: latent_grid(3, (0, np.inf, 0, 1)), "extent must be"),
    (lambda: decoded_grid(lambda z: z.sum(dim=1), 3), r"images \(3, D\), but gave \(3,\)"),
    (lambda: decoded_grid(lambda z: z[:1], 3), r"z \(3, 2\) to images \(3, D\), but gave \(1, 2\)"),
    (lambda: class_map(quadrant, IMAGES[0]), r"grid \(side, side, D\), got \(3, 4\)"),
    (lambda: class_map(lambda x: x.astype(int), IMAGES), r"\(9,\), one an image, got int64 \(9, 4\): take the argmax"),
    (lambda: class_map(lambda x: x[:, 0], IMAGES), "whole numbers .* got float32"),  # type: ignore[arg-type, return-value]
    (lambda: extent_of(np.zeros((5, 8))), r"codes must be \(N, 2\), got \(5, 8\)"),
    (lambda: extent_of(np.array([[0, np.inf]])), "codes must be finite, but row 0"),
    (lambda: map_accuracy(np.zeros((2, 3), int), np.ones((1, 2)), np.ones(1, int)), r"\(side, side\), got \(2, 3\)"),
    (lambda: map_accuracy(np.zeros((2, 2), int), np.ones((3, 2)), np.ones(1, int)), r"labels must be \(3,\)"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "message"), FAULTS)
def test_an_error_says_what_was_expected_and_what_came(wrong: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wrong()


@given(class_maps)
def test_border_is_counted_pair_by_pair(classes: Classes) -> None:
    rows, columns = classes.shape
    pairs = [(classes[r, c], classes[r + 1, c]) for r in range(rows - 1) for c in range(columns)]
    pairs += [(classes[r, c], classes[r, c + 1]) for r in range(rows) for c in range(columns - 1)]
    if not pairs:
        with pytest.raises(ValueError, match="at least two cells"):
            border_share(classes)
        return
    assert border_share(classes) == pytest.approx(sum(a != b for a, b in pairs) / len(pairs))
    assert border_share(classes.T) == pytest.approx(border_share(classes))


def test_border_of_a_plane_in_two_halves_and_of_a_chessboard() -> None:
    halves = np.repeat([[0, 1]], 4, axis=0).repeat(2, axis=1)  # 4 x 4, one straight border of 4 pairs among 24
    assert border_share(halves) == pytest.approx(4 / 24)
    assert border_share(np.indices((5, 5)).sum(axis=0) % 2) == 1


def test_small_islands_can_be_left_out() -> None:
    classes = np.array([[0, 0, 1], [0, 0, 2], [1, 0, 2]])
    assert islands(classes) == {0: 1, 1: 2, 2: 1}
    assert islands(classes, at_least=2) == {0: 1, 1: 0, 2: 1}
    assert islands(classes, at_least=6) == {0: 0, 1: 0, 2: 0}


@pytest.mark.parametrize("extent", EXTENTS)
def test_occupied_cells_are_those_of_a_histogram(extent: Extent) -> None:
    codes = np.random.default_rng(0).standard_normal((50, 2)) * 2 + 1
    left, right, bottom, top = extent if isinstance(extent, tuple) else (-3.0, 3.0, -3.0, 3.0)
    if extent is None:
        spots = np.vectorize(NormalDist().cdf)(codes)
        left, right, bottom, top = 0.0, 1.0, 0.0, 1.0
    else:
        spots = codes
    counts, _, _ = np.histogram2d(spots[:, 0], spots[:, 1], bins=7, range=[[left, right], [bottom, top]])
    assert occupied_share(codes, 7, extent) == pytest.approx((counts > 0).mean())


def test_a_plane_with_one_code_in_it() -> None:
    assert occupied_share(np.array([[0.1, 0.1], [9.0, 9.0]]), 2, 1.0) == 0.25
    assert occupied_share(np.array([[9.0, 9.0]]), 2, 1.0) == 0
