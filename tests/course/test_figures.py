import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from course import figures
from course.figures import style
from course.figures.dots import Dots, dot_plot
from course.figures.signs import legend_of, sign


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="there are patterns, point_plane"):
        figures.draw("pattern")
    with pytest.raises(KeyError, match="latent_walk"):
        figures.animate("walk")


def test_walk_begins_and_ends_with_the_same_frame_and_labels_every_one() -> None:
    walk = figures.animate("latent_walk")
    assert walk.frames.dtype == np.uint8
    assert walk.frames.shape == (61, 16, 16) == (len(walk.labels), 16, 16)
    assert (walk.frames[0] == walk.frames[-1]).all()
    assert "latent space" in walk.alt


def test_gif_holds_the_frames_enlarged(tmp_path: Path) -> None:
    walk = figures.animate("latent_walk")
    with Image.open(figures.write_gif(walk, tmp_path / "walk.gif", enlarge=3)) as gif:
        assert gif.size == (48, 48)
        assert gif.info["loop"] == 0
        first = np.asarray(gif.convert("L"))
    assert np.abs(first[::3, ::3].astype(int) - walk.frames[0]).max() <= 1


def test_strip_shows_every_frame(tmp_path: Path) -> None:
    path = figures.save_strip([np.zeros((16, 16)), np.ones((16, 16)), np.eye(16)], tmp_path / "strip.png")
    with Image.open(path) as strip:
        assert strip.width > 2 * strip.height


def test_curves_are_drawn_over_their_floor(tmp_path: Path) -> None:
    path, labels, floor = tmp_path / "curves.png", ("samples", "nats"), ("floor", 4.0)
    curves = {"one": [5.0, 5.0, 5.0], "other": [5.0, 4.5, 4.2]}
    with Image.open(figures.save_curves([1, 10, 100], curves, path, labels, floor)) as drawn:
        found = {colour for _, colour in drawn.convert("RGB").getcolors(1 << 20) or []}
    assert {tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in style.colours("light")[:2]} <= found


def test_maps_stand_side_by_side_with_a_colour_for_each_type(tmp_path: Path) -> None:
    points, labels = np.random.default_rng(0).standard_normal((40, 2)), np.arange(40) % 4
    widths = []
    for maps in ({"one": points}, {"one": points, "other": -points, "third": 2 * points}):
        with Image.open(figures.save_maps(maps, labels, tmp_path / "maps.png")) as drawn:
            widths.append(drawn.width)
            found = {colour for _, colour in drawn.convert("RGB").getcolors(1 << 20) or []}
        for colour in style.colours("light"):
            wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
            assert min(np.abs(np.subtract(each, wanted)).max() for each in found) <= 56, "drawn with an alpha of 0.8"
    assert widths[1] == 3 * widths[0]


def test_coloured_animation_keeps_its_colours_in_a_gif_and_has_frames_for_a_dark_page(tmp_path: Path) -> None:
    evolution = figures.animate("map_evolution")
    assert evolution.coloured
    assert evolution.frames.shape == (len(evolution.labels), 128, 128, 3)
    assert evolution.dark is not None
    assert evolution.dark.shape == evolution.frames.shape
    assert evolution.dark.mean() < 128 < evolution.frames.mean()
    with Image.open(figures.write_gif(evolution, tmp_path / "evolution.gif")) as gif:
        assert gif.size == (384, 384)
        assert gif.n_frames == len(evolution.frames)  # type: ignore[attr-defined]
        first = np.asarray(gif.convert("RGB"))
    assert np.abs(first[::3, ::3].astype(int) - evolution.frames[0]).max() <= 12


def test_at_a_small_perplexity_noise_has_as_many_clumps_as_codes_and_at_a_large_one_none() -> None:
    slider = figures.animate("perplexities")
    assert slider.dark is not None
    assert slider.frames.shape == slider.dark.shape == (len(slider.labels), 126, 256, 3)
    told = [[float(n) for n in re.findall(r"\d+(?:\.\d+)?", label)] for label in slider.labels]
    perplexity, codes, noise = (np.array(column) for column in zip(*told, strict=True))
    assert (np.diff(perplexity) > 0).all()
    assert noise[0] < 0.5
    assert abs(noise[0] - codes[0]) < 0.1
    assert (noise[perplexity >= 30] > 0.9).all()
    assert len(np.unique(slider.frames[:, :, :126].reshape(-1, 3), axis=0)) == 12, "ten classes, the page and a frame"
    assert len(np.unique(slider.frames[:, :, 130:].reshape(-1, 3), axis=0)) == 3


def test_two_clouds_grow_while_the_bar_of_the_kl_shrinks_and_fewer_draws_come_back() -> None:
    overlap = figures.animate("two_clouds")
    assert overlap.dark is not None
    assert overlap.frames.shape == overlap.dark.shape == (len(overlap.labels), 80, 192, 3)
    told = [re.findall(r"[\d.]+", label) for label in overlap.labels]  # width, nats, percent
    widths, nats, shares = (np.array(column, float) for column in zip(*told, strict=True))
    assert (np.diff(widths) >= 0).all()
    assert (np.diff(nats) <= 0).all()
    assert (np.diff(shares) <= 0).all()
    bars = (overlap.frames[:, :, 180] == overlap.frames[0, 79, 180]).all(axis=2).sum(axis=1)  # rows of the bar's colour
    np.testing.assert_allclose(bars, 8 * nats, atol=3)


def test_planes_say_how_much_of_them_is_hole() -> None:
    points, clouds = (figures.draw(name).alt for name in ("point_plane", "cloud_plane"))
    holes = [int(found[1]) for alt in (points, clouds) if (found := re.search(r"(\d+) percent", alt))]
    assert holes[0] > 60 > 40 > holes[1]


def test_dots_lie_at_their_values_and_the_alt_text_says_from_where_to_where() -> None:
    drawing = dot_plot(
        "dark",
        [
            Dots("error", "VAE", "small", (1.0, 2.0, 4.0)),
            Dots("error", "VAE", "large", (0.5,)),
            Dots("error", "other", "small", (7.0,)),
            Dots("islands", "VAE", "small", (30.0,)),
            Dots("islands", "VAE", "large", (40.0,)),
            Dots("islands", "other", "small", (50.0,)),
        ],
    )
    assert "error: VAE 0.5 to 4, other 7 to 7. islands: VAE 30 to 40, other 50 to 50." in drawing.alt
    error, islands = (panel.axes[0] for panel in drawing.panels)
    assert [label.get_text() for label in error.get_yticklabels()] == ["small", "large"]
    shown = {str(line.get_label()): line.get_xydata() for line in error.lines}
    np.testing.assert_allclose(np.asarray(shown["VAE"]), [[1, -0.12], [2, -0.12], [4, -0.12], [0.5, 0.88]])
    np.testing.assert_allclose(np.asarray(shown["other"]), [[7, 0.12]])
    assert islands.get_title() == "islands"
    assert [words for words, _ in drawing.legend] == ["VAE", "other"]


def test_a_sign_has_the_colour_the_dashes_and_the_shape_of_what_it_stands_for() -> None:
    axes = Figure().subplots()
    axes.plot([0, 1], "--", color="#0072b2", label="line")
    axes.plot([0, 1], "o", color="#b34700", mfc="none", label="ring")
    axes.scatter([0], [1], marker=style.MARKERS[0], color="#008060", linewidths=1.2, label="stroke")
    axes.scatter([0], [1], marker="s", color="#a3487b", lw=0, label="square")
    axes.fill_between([0, 1], [1, 2], color="#5c6670", alpha=0.5, lw=0, label="area")
    axes.bar([0], [1], color="#7d6300", label="bar")
    axes.errorbar([0], [1], [[1], [1]], fmt="^", color="#c62f2f", label="range")
    drawn = {words: sign(artist) for words, artist in legend_of(axes)}
    for words, parts in {
        "line": ('stroke="#0072b2"', "stroke-dasharray"),
        "ring": ('stroke="#b34700"', 'fill="none"', "C"),
        "stroke": ('stroke="#008060"', "M-5.0 -5.0L5.0 5.0"),
        "square": ('fill="#a3487b"', "M-5.0 5.0L5.0 5.0"),
        "area": ('fill="#5c6670" fill-opacity="0.5"',),
        "bar": ('fill="#7d6300" fill-opacity="1"',),
        "range": ('fill="#c62f2f"', "Z"),
    }.items():
        assert all(part in drawn[words] for part in parts), drawn[words]
    assert "stroke" not in drawn["square"].replace("stroke-", "")
    with pytest.raises(TypeError, match="lines, markers and patches; got Text"):
        sign(axes.text(0, 0, "no"))


def test_every_figure_fits_a_phone_and_no_text_is_too_small() -> None:
    with style.themed("light"):
        figures_of, axes = style.panels(3, 2, style.THREE_ABREAST)
    assert [figure.axes for figure in figures_of] == [[each] for each in axes]
    assert 96 * style.PHONE <= 358  # what a page leaves a figure on a phone of 390 pixels
    for width, abreast in ((style.PHONE, 2), (style.THREE_ABREAST, 3), (style.FOUR_ABREAST, 4)):
        assert abreast * 96 * width + (abreast - 1) * 16 <= 736
    assert 96 * style.FOUR_ABREAST * 2 + 16 <= 358
