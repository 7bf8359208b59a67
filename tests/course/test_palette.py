"""One palette: what figures and the explorer's page draw a class with, for every set of images."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.markers import MarkerStyle

from course import datasets, palette
from course.explorer import contents
from course.explorer.page import BROWSER, STYLE
from course.figures import style
from tests.course.explorer_scripts import Scripts

NAMED = ("lines64", "bars512", "cross8x8", "classic", "parities", "fashion-sample")
SIGN = """(name, label, theme, rim) => {
  document.body.dataset.theme = theme;
  strokes.length = 0;
  canvas.sign(data[name], label, 10, 1 + label, rim);
  return strokes;
}"""


def own(folder: Path, classes: int) -> str:
    """A reader's own images, four pixels each."""
    rng = np.random.default_rng(0)
    file, labels = folder / f"{classes}.npz", np.arange(4 * classes) % classes
    np.savez(file, images=rng.integers(0, 256, (len(labels), 2, 2), np.uint8), labels=labels)
    return str(file)


@pytest.fixture(scope="module")
def data_of(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A data set by its name, or the reader's own by the number of its classes."""
    folder = tmp_path_factory.mktemp("own")
    return cache(lambda name: own(folder, name) if isinstance(name, int) else name)


@cache
def page_of(data: str) -> Scripts:
    script = contents.script("data", "shown", contents.data_payload(data))
    return Scripts([script], ("math", "model", "canvas"))


@pytest.fixture
def axes() -> Iterator[Axes]:
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def signs_of(data: str) -> palette.Signs:
    return palette.PATTERNS if datasets.class_names(data) == datasets.class_names("lines64") else palette.CLASSES


@pytest.mark.parametrize("theme", palette.THEMES)
@pytest.mark.parametrize("name", [*NAMED, 3, 10, 23])
def test_the_page_strokes_each_class_in_the_colour_and_with_the_marker_of_the_palette(
    name: str | int, theme: palette.Theme, data_of: Any
) -> None:
    data = data_of(name)
    signs, page = signs_of(data), page_of(data)
    paths: dict[str, list[Any]] = {}
    for label, _ in enumerate(datasets.class_names(data)):
        rim, stroke = page(SIGN, "shown", label, theme, True)
        assert rim["colour"] == palette.PAPER[theme]
        assert stroke["colour"] == signs.colour(label, theme)
        paths.setdefault(signs.marker(label), []).append(np.round(np.array(stroke["path"]) - stroke["path"][0], 6))
    assert len({str(of_name[0]) for of_name in paths.values()}) == len(paths)  # another name, another path
    assert all((path == of_name[0]).all() for of_name in paths.values() for path in of_name)


@pytest.mark.parametrize("theme", palette.THEMES)
@pytest.mark.parametrize("name", [*NAMED, 10, 23])
def test_figures_scatter_with_the_same(name: str | int, theme: palette.Theme, data_of: Any, axes: Axes) -> None:
    data = data_of(name)
    names = datasets.class_names(data)
    style.scatter(axes, np.zeros((len(names), 2)), np.arange(len(names)), theme, names)
    shapes: dict[str, list[Any]] = {}
    for label, collection in enumerate(axes.collections):
        colour = np.vstack([collection.get_facecolor(), collection.get_edgecolor()])[0]
        assert to_hex(colour.tolist()) == signs_of(data).colour(label, theme)
        shapes.setdefault(signs_of(data).marker(label), []).append(collection.get_paths()[0].vertices)
    assert len({str(of_name[0]) for of_name in shapes.values()}) == len(shapes)
    assert all(np.array_equal(shape, of_name[0]) for of_name in shapes.values() for shape in of_name)


def directions(points: Any) -> set[int]:
    """In which the corners lie, in steps of 15 degrees; matplotlib closes some paths in the middle."""
    x, y = np.asarray(points, float).T
    far = np.hypot(x, y) > 0.5 * np.hypot(x, y).max()
    return {round(angle / 15) % 24 for angle in np.degrees(np.arctan2(y, x))[far]}


PLAIN = ("diagonal", "horizontal", "vertical", "cross", "square", "diamond", "triangle up", "triangle down",
         "triangle left", "triangle right")  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
def test_a_marker_points_in_the_page_where_it_points_in_figures(name: str) -> None:
    is_pattern = name in palette.PATTERNS.markers
    label = (palette.PATTERNS if is_pattern else palette.CLASSES).markers.index(name)
    [stroke] = page_of("lines64" if is_pattern else "fashion-sample")(SIGN, "shown", label, "light", False)
    middle = np.ceil(10 + 2 * stroke["width"] + 1)
    in_page = directions((np.array(stroke["path"]) - middle) * (1, -1))
    marker = MarkerStyle((style.MARKERS if is_pattern else style.CLASS_MARKERS)[label])
    outline: Any = marker.get_path().transformed(marker.get_transform())
    in_figures = directions(outline.vertices)
    if not name.startswith("triangle"):
        assert in_page == in_figures
        return
    tip = {"up": 6, "down": 18, "left": 12, "right": 0}[name.split()[1]]  # the other corners of ours are less wide
    for found in (in_page, in_figures):
        assert len(found) == 3
        assert tip in found
        assert (tip + 12) % 24 not in found


def contrast(colour: str, ground: str) -> float:
    def luminance(text: str) -> float:
        value = np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", palette.THEMES)
def test_every_colour_is_seen_on_its_page(theme: palette.Theme) -> None:
    for colour in (*palette.PATTERNS.colours[theme], *palette.CLASSES.colours[theme], palette.ACCENT[theme]):
        assert contrast(colour, palette.PAPER[theme]) > 4.5  # also as text


def test_a_hundred_classes_have_a_hundred_signs() -> None:
    signs = palette.CLASSES
    assert len({(signs.colour(label, "light"), signs.marker(label)) for label in range(100)}) == 100


def test_the_stylesheet_has_the_accents_of_the_palette() -> None:
    text = (BROWSER / STYLE).read_text(encoding="utf-8")
    assert text.count(f"--x-accent: {palette.ACCENT['light']}") == 1
    assert text.count(f"--x-accent: {palette.ACCENT['dark']}") == 2  # chosen by the reader, or by the system
    assert f"--x-ink: var(--color-foreground-primary, {palette.INK['light']})" in text
