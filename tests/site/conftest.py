"""A built sample site, a way to build small ones, and a browser."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.site.sample_site import DOCS, HERE, Site

sys.path.insert(0, str(DOCS / "_ext"))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The sample site, built once; tests must leave it as it is."""
    source = tmp_path_factory.mktemp("sample") / "source"
    shutil.copytree(HERE / "sample", source)
    return Site(source).build()


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Site]:
    """Build a small site from texts by file name; the index may be given alone."""

    def build(index: str, **files: str) -> Site:
        shutil.copytree(HERE / "sample" / "parts", tmp_path / "parts", dirs_exist_ok=True)
        for name, text in {"index.rst": f"Page\n====\n\n{index}", **files}.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return Site(tmp_path).build()

    return build


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium that asks no server of its own for anything."""
    quiet = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    arguments = [*quiet.split(), "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield browser
        browser.close()
