"""The first page's explorer: it walks until it is touched, stays still for who wants no motion, and shifts nothing."""

import html
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.site.explorer_site import HERE, state
from tests.site.sample_site import DOCS

Open = Callable[..., Page]
OPTIONS = {
    "models": ["fashion-2"],
    "show": ["map", "glimpse"],
    "more": [],
    "stages": {},
    "encoders": {},
    "background": "both",
}
FILES = ("explorer.js", "fashion-sample.js", "fashion-2.js")
SHIFTS = (
    "new PerformanceObserver((list) => { for (const e of list.getEntries()) globalThis.shift += e.value; })"
    ".observe({ type: 'layout-shift', buffered: true })"
)


@pytest.fixture(scope="session")
def first_page(explorer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("front")
    for name in (*FILES, "explorer.css"):
        shutil.copyfile(explorer_folder / name, folder / name)
    shutil.copyfile(DOCS / "_static" / "front.css", folder / "front.css")
    scripts = "".join(f'<script defer src="{name}"></script>' for name in FILES)
    page = folder / "index.html"
    page.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>First</title><link rel=stylesheet href=explorer.css><link rel=stylesheet href=front.css>{scripts}"
        f"<script>globalThis.shift = 0; {SHIFTS};</script><body style='margin: 1rem auto; max-width: 46rem'><main>"
        "<h1>First</h1><figure class='explorer explorer-first' id='explorer' "
        f'data-explorer="{html.escape(json.dumps(OPTIONS))}"><figcaption>Words.</figcaption></figure>'
        "<p>What stands below.</p></main></body></html>",
        encoding="utf-8",
    )
    return page.as_uri()


def walks(page: Page) -> bool:
    before = state(page, "z")
    page.wait_for_timeout(300)
    return bool(before != state(page, "z"))


MOTION: dict[str, Any] = {"reduced_motion": "no-preference"}


def test_it_walks_until_it_is_touched(explore: Open, first_page: str) -> None:
    page = explore(first_page, **MOTION)
    assert walks(page)
    assert page.locator(".explorer-walking").count() == 1
    page.locator(".explorer-map").click(position={"x": 60, "y": 60})
    assert not walks(page)
    page.get_by_role("button", name="Walk", exact=True).click()
    assert walks(page)
    page.get_by_role("slider").press("ArrowRight")
    assert not walks(page)


def test_a_walk_is_no_news(explore: Open, first_page: str) -> None:
    page = explore(first_page, **MOTION)
    page.wait_for_timeout(600)
    assert page.evaluate("location.hash") == ""
    assert page.locator(".explorer-live").inner_text() == ""


def test_it_can_be_stopped_without_touching_the_map(explore: Open, first_page: str) -> None:
    page = explore(first_page, **MOTION)
    page.get_by_role("button", name="Pause the walk").click()
    assert not walks(page)


def test_who_asks_for_less_motion_gets_none_until_they_ask_for_it(explore: Open, first_page: str) -> None:
    page = explore(first_page)
    assert not walks(page)
    page.get_by_role("button", name="Walk", exact=True).click()
    assert walks(page)


def test_an_address_is_shown_and_not_walked_away_from(explore: Open, first_page: str) -> None:
    page = explore(f"{first_page}#explorer?m=fashion-2&z=0.5,-0.25", **MOTION)
    assert state(page, "z") == [0.5, -0.25]
    assert not walks(page)


def test_the_classes_and_the_grid_are_both_behind(explore: Open, first_page: str) -> None:
    page = explore(first_page)
    page.wait_for_function(f"{HERE}.backgroundStatus === 'done'")
    painted = "(c) => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
    for layer in ("class", "grid"):
        canvas = page.locator(f".explorer-{layer}-layer")
        assert canvas.is_visible()
        assert canvas.evaluate(painted) > 5
    seen = page.locator(".explorer-seen").inner_text()
    assert seen.removeprefix("To a classifier: ").strip() in page.evaluate(f"{HERE}.data.classes")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_when_the_scripts_come(explore: Open, first_page: str, width: int) -> None:
    page = explore(first_page, viewport={"width": width, "height": 844})
    page.wait_for_timeout(300)
    assert page.evaluate("globalThis.shift") < 0.05
    sizes = "[document.documentElement.scrollWidth, innerWidth]"
    wide, window = page.evaluate(sizes)
    assert wide <= window
