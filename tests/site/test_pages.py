"""Every page of the real site, as readers see it: on a phone and a desktop, in light and in dark, from a file."""

import gzip
import html
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext

from course import figures
from tests.site import figure_sizes
from tests.site.page_checks import faults, outside_addresses
from tests.site.wide_boxes import WIDTHS, cut_off

LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]


@pytest.fixture(scope="session", params=LOOKS, ids=[f"{width}-{scheme}" for width, scheme in LOOKS])
def look(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    yield context
    context.close()


def _pages(site: Path, pattern: str = "*.html") -> list[Path]:
    """The pages that somebody reads: all but those that only lead on to where a page is now."""
    files = sorted(site.rglob(pattern))
    return [file for file in files if "<title>This page has moved</title>" not in file.read_text(encoding="utf-8")]


def _faults_by_page(look: BrowserContext, site: Path) -> dict[str, list[str]]:
    by_page = {}
    for file in _pages(site):
        page = look.new_page()
        by_page[file.relative_to(site).as_posix()] = faults(page, file, site)
        page.close()
    return by_page


def test_no_page_has_a_fault(look: BrowserContext, site: Path) -> None:
    by_page = _faults_by_page(look, site)
    assert {"index.html", "glossary.html", "claims.html", "search.html"} <= by_page.keys()
    assert not {name: found for name, found in by_page.items() if found}


@pytest.fixture(scope="session")
def images(site: Path) -> dict[str, set[str]]:
    """The alternative texts of each picture on the pages, by its file's name."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in site.rglob("*.html"):
        for image in re.findall(r"<img [^>]*>", file.read_text(encoding="utf-8")):
            attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', image))
            found[attributes["src"].rpartition("/")[2]].add(attributes.get("alt", ""))
    return found


@pytest.mark.parametrize("name", figures.FIGURES)
def test_every_figure_is_there_for_both_themes_with_words_for_it(
    name: str, site: Path, images: dict[str, set[str]]
) -> None:
    light, dark = f"{name}-light.svg", f"{name}-dark.svg"
    assert images[light] == images[dark]
    [words] = images[light] - {""}  # where a picture only leads on to a lesson, the link has the words
    assert 80 < len(html.unescape(words)) < 500
    drawn = [(site / "_images" / file).read_text(encoding="utf-8") for file in (light, dark)]
    assert drawn[0] != drawn[1]
    assert all("<image" in svg or len(re.findall(r"<(?:path|use)\b", svg)) > 2 for svg in drawn)


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    assert outside_addresses(site) == []


def _loaded_by_a_reader(browser: Browser, lesson: Path) -> set[Path]:
    """The files that a page needs from top to bottom."""
    loaded: set[str] = set()
    page = browser.new_page(color_scheme="light")
    page.on("request", lambda request: loaded.add(request.url))
    page.goto(lesson.as_uri())
    shown = "[...document.images].filter((image) => image.checkVisibility())"  # a reader loads them coming near
    page.evaluate(f"{shown}.forEach((image) => {{ image.loading = 'eager'; }})")
    page.wait_for_function(f"{shown}.every((image) => image.complete)")
    page.close()
    return {Path(unquote(urlsplit(url).path)) for url in loaded if url.startswith("file:")}


@cache
def _weight(file: Path) -> int:
    return len(gzip.compress(file.read_bytes()))


def test_a_lesson_weighs_less_than_400_kilobytes(browser: Browser, site: Path) -> None:
    for lesson in _pages(site, "lessons/*/lesson.html"):
        files = _loaded_by_a_reader(browser, lesson)
        weight = sum(map(_weight, files))
        assert len(files) > 5
        assert weight < 400_000, f"{lesson.parent.name}: {weight} bytes"


def test_the_checks_see_faults(browser: Browser, tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text(
        '<!doctype html><html lang="en"><title>Bad</title><main><h1>Bad</h1><img src="a.svg">'
        '<div style="width: 5000px">wide</div><script>console.error("loud"); missing()</script>'
        '<img alt="away" src="http://127.0.0.1:9/away.png">'
        f'{"<p>dark words</p>" * 20}<section style="color: #ccc">{"<p>pale words</p>" * 20}</section></main>',
        encoding="utf-8",
    )
    page = browser.new_page()
    found = "\n".join(faults(page, bad, tmp_path))
    page.close()
    for kind in (
        "console: loud",
        "script: missing is not defined",
        "asks: http",
        "overflow",
        "axe image-alt",
        "axe color-contrast",
    ):
        assert kind in found
    assert outside_addresses(tmp_path) == ["bad.html: http://127.0.0.1:9/away.png"]


READ_IN = 40
LONG: dict[str, int] = {}
"""Lessons that take longer to read than 40 minutes, and how long; numbers only go down."""


def test_a_lesson_is_read_in_forty_minutes(site: Path) -> None:
    times = {}
    for lesson in _pages(site, "lessons/*/lesson.html"):
        found = re.search(r"minutes: (\d+) to read", lesson.read_text(encoding="utf-8"))
        assert found, f"{lesson.parent.name} does not say how long it takes to read"
        times[lesson.parent.name] = int(found.group(1))
    assert len(times) >= 12
    assert {name: time for name, time in times.items() if time > LONG.get(name, READ_IN)} == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_figure_is_cut_and_no_text_in_one_is_smaller_than_12_pixels(
    width: int, browser: Browser, site: Path
) -> None:
    seen = figure_sizes.sizes(browser, _pages(site, "lessons/*/lesson.html"), width)
    assert seen.figures > 60
    assert len(seen.text) > 80
    assert seen.cut == []
    assert {name: size for name, size in seen.text.items() if size < 11.95} == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_code_table_or_formula_of_a_lesson_is_cut(browser: Browser, site: Path, width: int) -> None:
    boxes = "article pre, article .table-wrapper, article .math-display .scroll-box"
    count, cut = cut_off(browser, _pages(site, "lessons/*/*.html"), boxes, width)
    assert count > 250
    assert cut == {}


_LINE = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const long = (text) => text.textContent.length > 200 && !text.querySelector(".math");
  return [...document.querySelectorAll("article section > p")].filter(long).map((text) => {
    pen.font = getComputedStyle(text).font;
    return text.clientWidth / (pen.measureText(text.textContent).width / text.textContent.length);
  });
}"""


@pytest.mark.parametrize("width", [768, 1200, 1920])
def test_a_line_has_about_68_characters_and_the_contents_stand_beside_it(
    browser: Browser, site: Path, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    for lesson in _pages(site, "lessons/*/lesson.html"):
        page.goto(lesson.as_uri())
        lengths = page.evaluate(_LINE)
        assert 62 <= sum(lengths) / len(lengths) <= 72, lesson
        assert page.locator(".toc-tree").is_visible()
        right = page.evaluate("document.querySelector('.toc-drawer').getBoundingClientRect().right")
        assert (right <= width) == (width >= 1200), lesson
    page.close()


def test_each_lesson_shows_the_next_with_its_picture(site: Path) -> None:
    for lesson in _pages(site, "lessons/*/lesson.html"):
        for link in re.findall(r'<a class="next-lesson".*?</a>', lesson.read_text(encoding="utf-8"), re.DOTALL):
            sources = re.findall(r'src="([^"]+)"', link)
            assert len(sources) == 2, lesson
            assert all((lesson.parent / source).exists() for source in sources), lesson
