"""``.. explorer::`` and ``:look:``: what they leave on a page, and what they say when something is misspelt."""

import json
import re
from collections.abc import Callable
from html import unescape

from playwright.sync_api import Browser, expect

from course.explorer import page as explorer_page
from tests.site.sample_site import Site

Build = Callable[..., Site]
PAGE = ".. explorer:: squares\n   :models: lines64-beta1\n   :show: map view\n\n   A *caption*.\n"


def test_a_page_gets_a_still_the_scripts_and_the_model(build: Build) -> None:
    site = build(PAGE, **{"other.rst": ":orphan:\n\nOther\n=====\n"})
    assert site.warnings == ""
    page = site.page()
    [given] = re.findall(r'data-explorer="([^"]*)"', page)
    options = json.loads(unescape(given))
    assert options == {"models": ["lines64-beta1"], "show": ["map", "view"], "more": [], "stages": {}, "encoders": {}}
    assert 'id="explorer"' in page
    assert page.count("Two squares, one beside the other.") == 2
    loaded = re.findall(r'src="_static/explorer/([\w./-]+\.js)', page)
    assert loaded == [explorer_page.JOINED, "lines64.js", "lines64-beta1.js"]
    folder = site.out / "_static/explorer"
    found = {file.relative_to(folder).as_posix() for file in folder.rglob("*.*")}
    assert found == {*loaded, *explorer_page.SKETCHING, explorer_page.STYLE}
    assert "explorer" not in site.page("other")


def test_the_page_comes_alive(build: Build, browser: Browser) -> None:
    site = build(PAGE + "\nSee :look:`the class map <bg=class&i=7>`.\n")
    page = browser.new_page()
    page.goto((site.out / "index.html").as_uri())
    expect(page.get_by_role("slider", name="Point z")).to_be_visible()
    expect(page.locator(".explorer-still")).to_be_hidden()
    expect(page.get_by_text("A caption.")).to_be_visible()
    expect(page.get_by_label("Model", exact=True)).to_be_hidden()  # there is one only
    assert page.locator(".explorer-matrix, .explorer-sliders, .explorer-ways, .explorer-handle-a").count() == 0
    page.get_by_role("link", name="the class map").click()
    page.wait_for_function("latentExplorer.here[0].state.background === 'class'")
    assert page.evaluate("latentExplorer.here[0].state.image") == 7
    page.close()


def test_what_is_loaded_on_a_click_lies_in_the_site(build: Build) -> None:
    options = ".. explorer:: squares\n   :more: fashion-2\n   :show: map training\n   :id: lab\n"
    site = build(options)
    assert site.warnings == ""
    [given] = re.findall(r'data-explorer="([^"]*)"', site.page())
    shown = json.loads(unescape(given))
    [more] = shown["more"]
    assert (more["data"], more["models"], more["title"]) == ("fashion-sample", ["fashion-2"], "Fashion-MNIST")
    later = [*more["files"], shown["stages"]["lines64-beta1"]["file"]]
    assert later == ["fashion-sample.js", "fashion-2.js", "lines64-beta1-stages.js"]
    for file in later:
        assert (site.out / "_static/explorer" / file).stat().st_size > 10_000
        assert file not in site.page().replace(given, "")
    assert 'id="lab"' in site.page()


def test_encoders_are_there_for_those_who_draw_and_loaded_by_nobody_else(build: Build) -> None:
    site = build(".. explorer:: squares\n   :models: lines64-beta1 lines64-ae\n   :show: map draw\n")
    assert site.warnings == ""
    [given] = re.findall(r'data-explorer="([^"]*)"', site.page())
    encoders = json.loads(unescape(given))["encoders"]
    assert list(encoders) == ["lines64-beta1", "lines64-ae"]
    for name, encoder in encoders.items():
        *scripts, weights = encoder["files"]
        assert scripts == list(explorer_page.SKETCHING)
        assert weights == f"{name}-encoder.js"
        assert 15 < encoder["kilobytes"] < 25
        for file in encoder["files"]:
            assert (site.out / "_static/explorer" / file).stat().st_size > 2000
            assert file not in site.page().replace(given, "")


def test_a_second_build_reads_nothing_again_and_keeps_the_files(build: Build) -> None:
    site = build(PAGE)
    assert site.build().read == []
    assert (site.out / "_static/explorer/lines64-beta1.js").exists()


def test_what_is_misspelt_is_said_with_what_there_is(build: Build) -> None:
    site = build(
        ".. explorer:: circles\n\n.. explorer:: squares\n   :models: lines65\n\n"
        ".. explorer:: squares\n   :show: mop\n\n:look:`nowhere`\n"
    )
    assert "index.rst:4: WARNING: no figure is named 'circles'; course.figures knows: pair, squares" in site.warnings
    assert "index.rst:6: WARNING: an explorer has no 'lines65'; there are: lines64-beta1" in site.warnings
    assert "index.rst:9: WARNING: an explorer has no 'mop'; there are: map, view" in site.warnings
    assert "WARNING: needs `words <state>`, got 'nowhere'" in site.warnings
    assert "_static/explorer" not in site.page()


def test_the_book_has_the_still(build: Build) -> None:
    site = build(PAGE)
    book = Site(site.source).build("epub")
    assert book.warnings == ""
    page = (book.out / "index.xhtml").read_text(encoding="utf-8")
    assert "squares-light" in page
    assert "squares-dark" not in page
    assert "_static/explorer" not in page
