"""How large the figures of a page are there, and the text in them; run as a script it counts them over a built site."""

import re
import sys
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from tests.site.wide_boxes import WIDTHS

_SEEN = """() => {
  const figures = [...document.querySelectorAll('article figure:not(.explorer, .explorer figure)')]
    .filter((figure) => figure.checkVisibility()); // an explorer has tools that scroll
  const edge = document.querySelector('article').getBoundingClientRect().right + 1;
  const seen = (part) => part.checkVisibility() && !part.closest('.katex-mathml'); // for screen readers, one pixel wide
  const parts = (figure) => [figure, ...figure.querySelectorAll('*')].filter(seen);
  const cut = (part) => part.scrollWidth > part.clientWidth && getComputedStyle(part).display !== 'inline';
  return figures.map((figure) => [
    parts(figure).some((part) => cut(part) || part.getBoundingClientRect().right > edge),
    [...figure.querySelectorAll('img[src$=".svg"]')].filter((image) => image.checkVisibility())
      .map((image) => [image.src, image.getBoundingClientRect().width]),
  ]);
}"""
_TEXT = re.compile(r'<text style="[^"]*?font(?:-size)?:[^;"]*?([\d.]+)px')
_ROOT = re.compile(r'<svg [^>]*?width="([\d.]+)pt"')


class Sizes(NamedTuple):
    """Figures that were seen, which of them are cut off, and the smallest text of each picture, in pixels of CSS."""

    figures: int
    cut: list[str]
    text: dict[str, float]


def sizes(browser: Browser, files: list[Path], width: int) -> Sizes:
    """Of all figures on pages, on a screen of this width; exponents do not count as text."""
    page, count, cut, text = browser.new_page(viewport={"width": width, "height": 900}), 0, [], {}
    for file in files:
        page.goto(file.as_uri())
        for number, (is_cut, images) in enumerate(page.evaluate(_SEEN)):
            count += 1
            cut += [f"{file.parent.name}, figure {number + 1}"] * is_cut
            for address, shown in images:
                svg = (file.parent.parent.parent / "_images" / address.rpartition("/")[2]).read_text(encoding="utf-8")
                points, drawn = _TEXT.findall(svg), _ROOT.search(svg)
                if points and drawn:
                    text[address.rpartition("/")[2]] = min(map(float, points)) * shown / float(drawn[1])
    page.close()
    return Sizes(count, cut, text)


if __name__ == "__main__":
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width in WIDTHS:
            seen = sizes(browser, sorted(Path(sys.argv[1]).resolve().glob("lessons/*/lesson.html")), width)
            least = min(seen.text.items(), key=lambda item: item[1], default=("no text", 0.0))
            print(
                f"{width}: {len(seen.cut)} of {seen.figures} figures cut; smallest text {least[1]:.1f} px ({least[0]})"
            )
            print("   ", "; ".join(seen.cut[:60]))
            print("   ", {name: round(size, 1) for name, size in sorted(seen.text.items()) if size < 12})
