"""Pictures and animations come from the course's figures, in both themes, and are drawn again when the code changes."""

import os
import re
from base64 import b64decode
from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image

from tests.site.sample_site import Site

Build = Callable[..., Site]


def test_a_drawn_figure_has_a_picture_for_each_theme_and_one_caption(sample: Site) -> None:
    figure = re.search(r"<figure[^>]*drawn.*?</figure>", sample.page(), re.DOTALL)
    assert figure is not None
    for theme in ("light", "dark"):
        assert re.search(
            rf'<img alt="Two squares, [^>]*class="only-{theme}" height="\d+" loading="lazy" '
            rf'src="_images/squares-{theme}.svg" width="600"',
            figure[0],
        )
        assert (sample.out / f"_images/squares-{theme}.svg").exists()
    assert figure[0].count("Two squares, and a formula") == 1
    assert "A legend below." in figure[0]


def test_a_picture_is_drawn_as_the_same_bytes_each_time(build: Build) -> None:
    site = build(".. drawn:: squares")
    picture = site.source / "_drawn/squares-dark.svg"
    first, written = picture.read_bytes(), picture.stat().st_mtime_ns
    (site.source / "course/figures.py").write_text("# changed")
    assert site.build().read == ["index"]
    assert picture.read_bytes() == first
    assert picture.stat().st_mtime_ns == written
    assert b"<text" not in first
    assert b"dc:date" not in first


def test_a_page_is_read_again_when_code_or_weights_change_and_not_otherwise(build: Build) -> None:
    site = build(".. drawn:: squares")
    assert site.build().read == []
    weights = site.source / "course/weights/some.safetensors"
    weights.touch()
    os.utime(site.source / "course/figures.py")
    assert site.build().read == ["index"]
    os.utime(weights)
    assert site.build().read == ["index"]
    (site.source / "_drawn/squares-light.svg").unlink()
    assert site.build().read == ["index"]


def test_a_figure_can_be_referred_to(build: Build) -> None:
    page = build("See :ref:`here <two>`.\n\n.. drawn:: squares\n   :name: two\n\n   Words.").page()
    assert 'href="#two"' in page
    assert 'id="two"' in page


def test_unknown_names_are_warnings_that_list_the_known_ones(build: Build) -> None:
    warnings = build(".. drawn:: circles\n\n.. animation:: run\n").warnings
    assert "index.rst:4: WARNING: no figure is named 'circles'; course.figures knows: squares" in warnings
    assert "index.rst:6: WARNING: no animation is named 'run'; course.figures knows: walk" in warnings


def _png(page: str, before: str) -> Image.Image:
    data = re.search(rf'{before}="data:image/png;base64,([^"]+)"', page)
    assert data is not None
    return Image.open(BytesIO(b64decode(data[1])))


def test_an_animation_holds_all_frames_and_a_strip_of_eight(sample: Site) -> None:
    page = sample.page()
    sprite, strip = _png(page, "data-sprite"), _png(page, "src")
    assert sprite.size == (16, 20 * 16)
    assert [sprite.getpixel((8, 16 * frame)) for frame in (0, 19)] == [0, 255]
    assert strip.size == (8 * 16 + 7, 16)
    assert [strip.getpixel((x, 8)) for x in (0, 16, 8 * 16 + 6)] == [0, 128, 255]
    assert 'alt="A grey square that gets brighter. Shown as 8 of 20 frames, from left to right."' in page
    assert "From one <em>pattern</em> to another." in page


def test_the_real_figures_keep_the_contract() -> None:
    from animation import _player, _strip
    from drawn import _svg

    from course import figures

    name = next(iter(figures.FIGURES))
    drawing = figures.draw(name, "dark")
    assert _svg(drawing.figure, name).startswith(b"<?xml")
    animation = figures.animate(next(iter(figures.ANIMATIONS)))
    assert len(animation.labels) == len(animation.frames)
    assert _player(animation, "animation-0")["attributes"]["data-fps"] == str(animation.fps)
    assert _strip(animation)["attributes"]["alt"].startswith(animation.alt)


def test_coloured_frames_keep_every_colour_and_have_a_sprite_for_dark_pages() -> None:
    from animation import _player, _strip

    from course.figures.animation import Animation

    frames = np.random.default_rng(0).integers(0, 8, (3, 6, 6, 3), dtype=np.uint8) * 36
    coloured = Animation(frames, 2, ("a", "b", "c"), "Squares of many colours.", dark=255 - frames)
    player = _player(coloured, "animation-0")["attributes"]
    assert (np.asarray(_from_address(player["data-sprite"])) == frames.reshape(18, 6, 3)).all()
    assert (np.asarray(_from_address(player["data-sprite-dark"])) == 255 - frames.reshape(18, 6, 3)).all()
    assert _from_address(_strip(coloured)["attributes"]["src"]).size == (3 * 6 + 2, 6)
    grey = Animation(frames[..., 0], 2, ("a", "b", "c"), "Grey squares.")
    assert "data-sprite-dark" not in _player(grey, "animation-1")["attributes"]
    assert (coloured.coloured, grey.coloured) == (True, False)


def _from_address(address: str) -> Image.Image:
    picture = Image.open(BytesIO(b64decode(address.removeprefix("data:image/png;base64,"))))
    return picture.convert("RGB") if picture.mode == "P" else picture


def test_only_a_figure_that_is_wider_than_a_phone_is_scrolled_there(build: Build) -> None:
    page = build(".. drawn:: squares\n   :width: 480\n\n.. drawn:: squares\n   :width: 481\n").page()
    assert [re.findall(r"\bfits\b", classes) for classes in re.findall(r'<figure class="([^"]*)"', page)] == [
        ["fits"],
        [],
    ]


def test_a_picture_is_kept_until_something_behind_it_changes_in_content(build: Build) -> None:
    site = build(".. drawn:: squares")
    picture, weights = site.source / "_drawn/squares-light.svg", site.source / "course/weights/some.safetensors"
    weights.touch()
    drawn = picture.read_text()
    picture.write_text("kept")
    (site.source / "index.rst").write_text("Page\n====\n\nOther words.\n\n.. drawn:: squares")
    site.build()
    assert picture.read_text() == drawn  # a new file of weights
    picture.write_text("kept")
    os.utime(weights)
    assert site.build().read == ["index"]
    assert picture.read_text() == "kept"
    weights.write_bytes(b"others")
    site.build()
    assert picture.read_text() == drawn
