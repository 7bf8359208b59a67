"""What a page cuts off: boxes whose content is wider than they are."""

from pathlib import Path

from playwright.sync_api import Browser

WIDTHS = (390, 768, 1280, 1920)
_CUT = """(boxes) => {
  document.querySelectorAll("article details").forEach((part) => { part.open = true; });
  const found = [...document.querySelectorAll(boxes)].filter((box) => box.checkVisibility());
  const cut = found.filter((box) => box.scrollWidth > box.clientWidth);
  return [found.length, cut.map((box) => `${box.scrollWidth - box.clientWidth} px of ${box.textContent.trim().slice(0, 60)}`)];
}"""


def cut_off(browser: Browser, files: list[Path], boxes: str, width: int) -> tuple[int, dict[str, list[str]]]:
    """How many boxes of a CSS selector the pages show at a width, and for each page those that cut something off."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    count, cut = 0, {}
    for file in files:
        page.goto(file.as_uri())
        page.evaluate("document.fonts.ready.then(() => dispatchEvent(new Event('resize')))")
        number, found = page.evaluate(_CUT, boxes)
        count += number
        if found:
            cut[f"{file.parent.name}/{file.name}"] = found
    page.close()
    return count, cut
