"""A picture weighs less and looks the same."""

import re
import sys
from base64 import b64decode
from io import BytesIO, StringIO
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "_ext"))
from shrink_svg import shrink_svg


def drawn(colours: str, levels: int = 1000) -> str:
    noise = np.random.default_rng(0)
    figure = Figure()
    left, right = figure.subplots(1, 2)
    left.plot(noise.normal(size=500).cumsum())
    right.imshow(np.floor(levels * noise.random((40, 40))), cmap=colours, interpolation="none")
    file = StringIO()
    figure.savefig(file, format="svg")
    return file.getvalue()


def numbers(svg: str) -> list[float]:
    return [float(n) for path in re.findall(r' d="([^"]*)"', svg) for n in re.findall(r"-?\d+\.?\d*", path)]


def encoded(svg: str) -> str:
    [found] = re.findall(r"data:image/png;base64,([^\"]+)", svg)
    return str(found)


def raster(svg: str) -> NDArray[np.uint8]:
    pixels = iio.imread(BytesIO(b64decode(encoded(svg))), mode="RGBA")
    return np.asarray(pixels)


@pytest.mark.parametrize("colours", ["gray", "viridis"])
@pytest.mark.parametrize("levels", [5, 1000])
def test_it_weighs_less_and_no_point_moves_by_more_than_a_hundredth(colours: str, levels: int) -> None:
    before = drawn(colours, levels)
    after = shrink_svg(before)
    assert len(after) < 0.9 * len(before)
    np.testing.assert_allclose(numbers(after), numbers(before), rtol=0, atol=0.01)
    np.testing.assert_array_equal(raster(after), raster(before))


def test_a_raster_of_few_colours_keeps_what_shines_through_it() -> None:
    figure, noise = Figure(), np.random.default_rng(0)
    shades = noise.random((7, 4))
    shades[0, 3] = 0
    figure.subplots().imshow(shades[noise.integers(7, size=(60, 60))], interpolation="none")
    file = StringIO()
    figure.savefig(file, format="svg")
    before, after = (raster(svg) for svg in (file.getvalue(), shrink_svg(file.getvalue())))
    np.testing.assert_array_equal(after, before)
    assert set(np.unique(after[..., 3])) > {0}
    assert len(encoded(shrink_svg(file.getvalue()))) < 0.5 * len(encoded(file.getvalue()))


def test_scales_and_texts_keep_their_digits() -> None:
    svg = '<g transform="scale(0.015625)"><path d="M 1.23456 7"/></g><text x="3.14159">0.123456</text>'
    assert shrink_svg(svg) == '<g transform="scale(0.015625)"><path d="M 1.23 7"/></g><text x="3.14">0.123456</text>'
