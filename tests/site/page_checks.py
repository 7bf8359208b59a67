"""What no page of the site may have, whoever opens it, on whatever screen."""

import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

_AXE = {"preload": False, "resultTypes": ["violations"]}  # axe itself would fetch the stylesheets
# Contrast takes axe most of its time, above all in formulas. It depends on how an element and those around it are
# styled, so that of all that are styled alike, some on a page are enough.
_CONTRAST = "axe.configure({ rules: [{ id: 'color-contrast', selector: '[data-contrast]' }] })"
_MARK = """(enough) => {
  const STYLES = ['color', 'background-color', 'background-image', 'opacity', 'filter', 'font-size', 'font-weight',
    'text-shadow', 'position', 'mix-blend-mode'];
  const kinds = new Map(), seen = new Map();
  const kind = (above, element) => {
    const style = getComputedStyle(element);
    const key = [above, ...STYLES.map((name) => style.getPropertyValue(name))].join('|');
    if (!kinds.has(key)) kinds.set(key, kinds.size);
    return kinds.get(key);
  };
  const walk = (above, element) => {
    const own = kind(above, element), controls = element.matches('input, select, textarea, button');
    const says = controls || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (says && element.checkVisibility()) {
      seen.set(own, (seen.get(own) ?? 0) + 1);
      if (controls || seen.get(own) <= enough) element.dataset.contrast = '';
    }
    for (const child of element.children) walk(own, child);
  };
  walk(-1, document.documentElement);
  return document.querySelectorAll('[data-contrast]').length;
}"""
_ENOUGH = 3
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
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("overflow: the page is wider than the screen")
    for violation in _violations(page):
        found += [f"axe {violation['id']}: {node['html'][:120]}" for node in violation["nodes"]]
    return found


def _violations(page: Page) -> list[dict[str, Any]]:
    axe = Axe()
    page.evaluate(axe.axe_script)
    page.evaluate(_CONTRAST)
    page.evaluate(_MARK, _ENOUGH)
    found: list[dict[str, Any]] = page.evaluate("options => axe.run(options).then((found) => found.violations)", _AXE)
    return found


def outside_addresses(site: Path) -> list[str]:
    """All that pages or stylesheets would load from elsewhere, whether or not a browser came across it."""
    files = [*site.rglob("*.html"), *site.rglob("*.css")]
    return [f"{file.name}: {url}" for file in files for url in _LOADED.findall(file.read_text(encoding="utf-8"))]
