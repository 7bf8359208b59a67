"""The explorer shows what torch, numpy and the library compute; how it computes, tests/course says."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from course import palette
from course.explorer import page as explorer_page
from course.explorer import readers
from course.models import LatentModel
from course.patterns import lines64
from course.studies import judge
from tests.site import explorer_site
from tests.site.explorer_site import HERE, Open, decoded, state, turn_to
from tests.site.page_checks import faults


def test_the_ground_is_what_the_plane_decodes_to(explore: Open) -> None:
    page = explore()
    turn_to(page, "Map")
    page.get_by_label("Behind").select_option("class")
    page.wait_for_function(f"{HERE}.validShare > 0")
    page.wait_for_function(f"{HERE}.backgroundStatus === 'done'")
    shown = page.evaluate(f"{HERE}.validShare")
    side = 72
    z, (across, up) = np.array(state(page, "z")), state(page, "axes")
    half, x, y = page.evaluate(f"(({{ half, middle }}) => [half, ...middle])({HERE}.plane)")
    at = ((2 * np.arange(side) + 1) / side - 1) * half
    grid = np.tile(z, (side * side, 1))
    grid[:, across], grid[:, up] = np.tile(x + at, side), np.repeat(y + at, side)
    images = explorer_site.decode_in_numpy(explorer_site.model("lines64-beta1"), grid, None) > 0.5
    templates = {row.tobytes() for row in lines64().templates.astype(bool)}
    assert shown == pytest.approx(np.mean([row.tobytes() in templates for row in images]), abs=0.002)


@pytest.mark.parametrize("turned", [False, True])
def test_the_shipped_class_map_lies_under_its_points_whichever_axes_are_drawn(explore: Open, turned: bool) -> None:
    page = explore()
    page.get_by_role("button", name="Fashion-MNIST").click()
    page.wait_for_function(f"{HERE}.model.classMap")
    turn_to(page, "Map")
    if turned:
        across = page.evaluate(f"{HERE}.state.axes[0]")
        page.get_by_label("Across").select_option(f"{1 - across}")
    page.get_by_label("Behind").select_option("class")
    page.wait_for_function(f"{HERE}.backgroundStatus === 'done' && {HERE}.state.background === 'class'")
    found = page.evaluate(
        f"""() => {{
          const canvas = document.querySelector('.explorer-background');
          const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          const parts = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
          const classes = {json.dumps(palette.CLASSES.colours["light"])}.map(parts);
          const {{ half, middle }} = {HERE}.plane, side = canvas.width, rows = [];
          for (let k = 0; k < side * side; k += 37) {{
            const rgb = [0, 1, 2].map((j) => pixels[4 * k + j]);
            const distance = classes.map((c) => Math.max(...c.map((v, j) => Math.abs(v - rgb[j]))));
            const at = (i, m) => m + half * ((2 * i + 1) / side - 1);
            const [c, r] = [k % side, side - 1 - Math.floor(k / side)];
            rows.push([at(c, middle[0]), at(r, middle[1]), distance.indexOf(Math.min(...distance)), pixels[4 * k + 3]]);
          }}
          return rows;
        }}"""
    )
    drawn = np.array([row for row in found if row[3]])
    assert len(drawn) > 100
    axes = state(page, "axes")
    assert axes[0] == (1 - across if turned else axes[0])
    z = np.zeros((len(drawn), 2), np.float32)
    z[:, axes[0]], z[:, axes[1]] = drawn[:, 0], drawn[:, 1]
    seen = judge.classes(explorer_site.decode_in_numpy(explorer_site.model("fashion-2"), z, None).astype(np.float32))
    assert (seen == drawn[:, 2]).mean() > 0.9  # cells of two grids do not end at the same places


def test_what_is_taken_away_is_this_view(explore: Open, tmp_path: Path) -> None:
    page = explore("#explorer?m=lines64-cvae&i=20")
    turn_to(page, "Share")
    code = page.get_by_label("z as Python").input_value()
    names: dict[str, Any] = {}
    exec(code, names)
    expected = np.array(page.evaluate(f"Array.from({HERE}.pixels)"))
    assert np.abs(names["x_hat"].detach().numpy()[0] - expected).max() < 0.01
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the picture").click()
    picture = tmp_path / "picture.png"
    download.value.save_as(picture)
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert picture.stat().st_size > 5000


def test_the_readers_own_model_is_one_page(explore: Open, browser: Browser, tmp_path: Path) -> None:
    own = readers.find("lines64")
    file = tmp_path / "own.html"
    file.write_text(explorer_page.own_page(own.model, own.images(None), "My <model>", own.python), encoding="utf-8")
    page = explore(file.as_uri())
    z = explorer_site.points(8)
    assert isinstance(own.model, LatentModel)
    came = decoded(page, "latentExplorer.models.own", z, None)
    assert np.abs(came - explorer_site.decode_in_numpy(own.model, z, None)).max() < 1e-5
    expect(page.get_by_role("heading", name="My <model>")).to_be_visible()
    for scheme in ("light", "dark"):
        other = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
        assert faults(other, file, tmp_path) == []
        other.close()
