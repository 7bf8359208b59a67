"""A built sample site, a way to build small ones, and a browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.site import explorer_site
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
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return Site(tmp_path).build()

    return build


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site: the folder that LATENT_SITE names, or one built now without a warning."""
    if "LATENT_SITE" in os.environ:
        return Path(os.environ["LATENT_SITE"]).resolve()
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-n", "-d", str(out / ".doctrees"), str(DOCS), str(out)]
    build = subprocess.run(command, capture_output=True, text=True, check=False)
    assert build.returncode == 0, build.stderr
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium, the system's or else playwright's own, that asks no server of its own for anything."""
    system = Path("/usr/bin/chromium")
    quiet = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    arguments = [*quiet.split(), "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system if system.exists() else None, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def explorer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an explorer of everything that the lessons show; tests must leave it as it is."""
    return explorer_site.write(tmp_path_factory.mktemp("explorer")).parent


@pytest.fixture
def explore(browser: Browser, explorer_folder: Path) -> Iterator[Callable[..., Page]]:
    """Open that explorer, or another address, in a browser of its own; an error in it fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def explore(address: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"reduced_motion": "reduce", **options})
        context.set_default_timeout(8000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address if "://" in address else (explorer_folder / "index.html").as_uri() + address)
        page.wait_for_function(f"globalThis.latentExplorer?.here && {explorer_site.HERE}.pixels")
        return page

    yield explore
    for context in contexts:
        context.close()
    assert [words for words in wrong if "ERR_FILE_NOT_FOUND" not in words] == []


@pytest.fixture
def visit(browser: Browser, sample: Site) -> Iterator[Callable[..., Page]]:
    """Open a page of the sample site in a browser of its own; options are those of a browser context."""
    contexts = []

    def visit(address: str = "index.html", **options: Any) -> Page:
        context = browser.new_context(**{"reduced_motion": "reduce", **options})
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.goto(sample.out.as_uri() + "/" + address)
        return page

    yield visit
    for context in contexts:
        context.close()
