"""A page that has moved leads on from its old address, with and without a script, and so do its sections."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.site.sample_site import SETTINGS, Site

Build = Callable[..., Site]
ONE = "One\n===\n\nText.\n\nHere\n----\n\nMore.\n"
TWO = "Two\n===\n\nText.\n\nThere\n-----\n\nMore.\n"


@pytest.fixture
def moved(build: Build, monkeypatch: pytest.MonkeyPatch) -> Path:
    old = {"old/page": ("one", {"there": "two"}), "gone": ("nowhere", {})}
    monkeypatch.setitem(SETTINGS, "moved_pages", old)
    site = build(".. toctree::\n\n   one\n   two\n", **{"one.rst": ONE, "two.rst": TWO})
    assert "gone has moved to nowhere, which there is not" in site.warnings
    return site.out / "old/page.html"


@pytest.mark.parametrize(
    ("section", "script", "reached"),
    [
        ("", True, "one.html"),
        ("", False, "one.html"),
        ("#here", True, "one.html#here"),
        ("#there", True, "two.html#there"),
        ("#constructor", True, "one.html#constructor"),
        ("#there", False, "one.html"),
    ],
)
def test_an_old_address_leads_on(browser: Browser, moved: Path, section: str, script: bool, reached: str) -> None:
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(moved.as_uri() + section, wait_until="commit")
    page.wait_for_url((moved.parents[1] / "one.html").parent.as_uri() + "/" + reached)
    context.close()


def test_a_page_that_is_still_there_is_a_warning(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SETTINGS, "moved_pages", {"index": ("one", {})})
    site = build(".. toctree::\n\n   one\n", **{"one.rst": ONE})
    assert "index has moved and is still there" in site.warnings
    assert "This page has moved" not in site.page()
