"""What a page of the site costs a reader on a phone: requests, bytes, shifts, and how long its scripts block.

    python benchmarks/pages.py build/site                    this site
    python benchmarks/pages.py build/site --before OLD_SITE  another build of it and this one, in one run

Chromium, its processor slowed down four times, nothing cached, 390 pixels wide. A page is opened and left alone until
it is quiet. Bytes are those of the files as a server sends them, compressed by gzip. Blocking is what each task takes
beyond 50 ms, between the first paint and the quiet; shift is the sum of all layout shifts. Times and shifts are medians
over rounds; the two builds take turns, so that what else the machine does meets both.
"""

from __future__ import annotations

import gzip
import statistics
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import click
from playwright.sync_api import Browser, sync_playwright
from tqdm import tqdm

PAGES = ("index", "lessons/latent_spaces/lesson", "lessons/autoencoder/lesson", "lessons/explorer/lesson", "claims")
QUIET = 2500
_WATCH = """
globalThis.seen = { shift: 0, blocking: 0, end: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) {
    seen.blocking += Math.max(0, duration - 50);
    seen.end = Math.max(seen.end, startTime + duration);
  }
}).observe({ type: "longtask", buffered: true });
"""


class Cost(NamedTuple):
    """One opening of a page."""

    requests: int
    kilobytes: float
    paint: float
    end: float
    blocking: float
    shift: float


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--before", type=click.Path(exists=True, file_okay=False, path_type=Path), help="An earlier build.")
@click.option("--rounds", default=5, show_default=True)
@click.option("--width", default=390, show_default=True, help="Of the screen, in pixels.")
@click.option("--page", "pages", multiple=True, help="A page without its ending.  [index, lessons 1, 7 and 12, claims]")
def main(site: Path, before: Path | None, rounds: int, width: int, pages: tuple[str, ...]) -> None:
    """Open pages of a built SITE and count."""
    sites = {"before": before, "after": site} if before else {"": site}
    costs: dict[tuple[str, str], list[Cost]] = {}
    with sync_playwright() as playwright:
        system = Path("/usr/bin/chromium")
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=system if system.exists() else None, args=quiet)
        for _ in tqdm(range(rounds), disable=None, leave=False):
            for page in pages or PAGES:
                for name, folder in sites.items():
                    costs.setdefault((page, name), []).append(
                        _cost(browser, (folder / f"{page}.html").resolve(), width)
                    )
        browser.close()
    click.echo(f"{'page':30}{'':8}{'requests':>9}{'KB':>7}{'paint':>8}{'last task':>10}{'blocking':>9} ms{'shift':>8}")
    for (page, name), found in costs.items():
        middle = Cost(*(statistics.median(values) for values in zip(*found, strict=True)))
        line = f"{page:30}{name:8}{middle.requests:9.0f}{middle.kilobytes:7.0f}{middle.paint:8.0f}{middle.end:10.0f}"
        click.echo(f"{line}{middle.blocking:9.0f}   {middle.shift:8.3f}")


def _cost(browser: Browser, file: Path, width: int) -> Cost:
    context = browser.new_context(viewport={"width": width, "height": 844}, device_scale_factor=2)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith("file:") else None)
    page.add_init_script(_WATCH)
    page.goto(file.as_uri())
    page.wait_for_timeout(QUIET)
    seen = page.evaluate("seen")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    context.close()
    weight = sum(_weight(Path(unquote(urlsplit(url).path))) for url in set(asked)) / 1000
    return Cost(len(asked), weight, paint, seen["end"], seen["blocking"], seen["shift"])


@cache
def _weight(file: Path) -> int:
    return len(gzip.compress(file.read_bytes())) if file.is_file() else 0


if __name__ == "__main__":
    main()
