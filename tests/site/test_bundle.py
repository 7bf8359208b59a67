"""A page asks once for its scripts and once for its styles, which stay plain files of their own."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, Request

from tests.site.sample_site import Site

Build = Callable[..., Site]


def _asked(page: str) -> tuple[list[str], list[str]]:
    scripts = re.findall(r'<script[^>]*src="([^"?]+)', page)
    return scripts, re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="([^"?]+)', page)


def _note_requests(page: Page, asked: list[Request]) -> None:
    page.on("request", lambda request: asked.append(request))


def test_a_page_has_one_script_and_one_stylesheet(sample: Site) -> None:
    [script], [style] = _asked(sample.page())
    assert 'defer="defer"' in sample.page()
    [head] = (sample.out / script).read_text(encoding="utf-8").splitlines()[:1]
    names = re.findall(r"_static/(\S+)", head)
    assert names.index("progress.js") < names.index("quiz.js")
    assert "copybutton.js" in names
    assert "sphinx_highlight.js" not in names
    [head] = (sample.out / style).read_text(encoding="utf-8").splitlines()[:1]
    names = re.findall(r"_static/(\S+)", head)
    assert names.index("styles/furo.css") < names.index("course.css")
    assert "katex/katex.min.css" in names


def test_pages_share_a_file_if_they_need_the_same(sample: Site) -> None:
    assert _asked(sample.page("notebook"))[0] == _asked(sample.page())[0]
    assert _asked(sample.page("claims"))[1] != _asked(sample.page())[1]


def test_addresses_in_styles_lead_where_they_led(tmp_path: Path) -> None:
    from bundle import joined

    (tmp_path / "_static/a/b").mkdir(parents=True)
    (tmp_path / "_static/a/b/one.css").write_text(
        "@font-face{src:url(fonts/x.woff2), url('y.woff')} i{background:url(\"data:image/png;base64,AA\"), url(#id)}"
    )
    (tmp_path / "_static/two.css").write_text("b{background:url(z.png)}")
    text = joined(tmp_path, ["_static/a/b/one.css", "_static/two.css"])
    for part in ("url(a/b/fonts/x.woff2), url(a/b/y.woff)", 'url("data:image/png;base64,AA"), url(#id)', "url(z.png)"):
        assert part in text


def test_a_script_without_a_last_semicolon_does_not_swallow_the_next(tmp_path: Path) -> None:
    from bundle import joined

    (tmp_path / "_static").mkdir()
    (tmp_path / "_static/one.js").write_text("globalThis.one = () => 1 // the end")
    (tmp_path / "_static/two.js").write_text("(() => (globalThis.two = 2))();")
    from py_mini_racer import MiniRacer

    context = MiniRacer()
    context.eval(joined(tmp_path, ["_static/one.js", "_static/two.js"]))
    assert context.eval("one() + two") == 3


def test_a_file_that_changes_reaches_pages_that_are_not_written_again(build: Build) -> None:
    site = build("Text.")
    [script], _ = _asked(site.page())
    joint = site.out / script
    joint.write_text(joint.read_text(encoding="utf-8").replace("courseMemory", "anOlderName"), encoding="utf-8")
    assert site.build().read == []
    assert "courseMemory" in joint.read_text(encoding="utf-8")


def test_the_still_picture_is_not_loaded_where_the_explorer_lives(browser: Browser, site: Path) -> None:
    for lesson in ("latent_spaces", "explorer"):
        asked: list[Request] = []
        page = browser.new_page()
        _note_requests(page, asked)
        page.goto((site / f"lessons/{lesson}/lesson.html").as_uri())
        page.locator(".explorer-ready").first.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        assert page.locator(".explorer-still img").count() >= 2
        assert [each.url for each in asked if "explorer_still" in each.url or "explorer-still" in each.url] == []
        page.close()
