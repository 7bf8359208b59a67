"""What no page of the site may have, whoever opens it, on whatever screen."""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

_AXE = {"preload": False, "resultTypes": ["violations"]}  # axe itself would fetch the stylesheets
_LOADED = re.compile(r"""(?:\bsrc=|<link[^>]*\bhref=|url\()["']?((?:https?:)?//[^"')\s>]+)""")


def faults(page: Page, file: Path, site: Path) -> list[str]:
    """Open the file in the page and say all that is wrong with it."""
    found: list[str] = []
    inside = (site.as_uri() + "/", "data:")
    page.on("console", lambda message: found.append(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    page.on("request", lambda request: None if request.url.startswith(inside) else found.append(f"asks: {request.url}"))
    page.goto(file.as_uri())
    page.evaluate("document.fonts.ready.then(() => {})")
    page.wait_for_timeout(50)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("overflow: the page is wider than the screen")
    for violation in Axe().run(page, options=_AXE).response["violations"]:
        found += [f"axe {violation['id']}: {node['html'][:120]}" for node in violation["nodes"]]
    return found


def outside_addresses(site: Path) -> list[str]:
    """All that pages or stylesheets would load from elsewhere, whether or not a browser came across it."""
    files = [*site.rglob("*.html"), *site.rglob("*.css")]
    return [f"{file.name}: {url}" for file in files for url in _LOADED.findall(file.read_text(encoding="utf-8"))]
