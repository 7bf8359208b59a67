from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course import figures
from course.figures import style


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="there are patterns, architecture"):
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
