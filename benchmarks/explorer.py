"""How long the explorer takes for a frame on a phone: Chromium with its processor slowed down four times.

    python benchmarks/explorer.py

A frame has to be ready in 16 ms. What is timed is all of its script and drawing calls, not what the browser does with
them afterwards. Movements take turns with and without the brake, so that what else the machine does meets both; the
ratio of the medians says how much of it the brake explains.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright
from tqdm import tqdm

from course.explorer import lessons
from course.explorer.page import own_page

FRAMES = 80
HERE = "latentExplorer.here[0]"
Z = f"{HERE}.state.z"
MOVES = {
    "the point moves in the plane": f"{Z} = {HERE}.plane.moved({Z}, Math.sin(k / 5), Math.cos(k / 5))",
    "the point moves with the plane": f"{Z} = Float32Array.from({Z}, (v, d) => v + 0.02 * Math.sin(k / 5 + d))",
}
STROKE = f"const x = Float32Array.from({HERE}.state.sketch); x[3 * k] = 1 - x[3 * k]; {HERE}.state.sketch = x"
GROUNDS = ("none", "grid", "class")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rounds", default=3, show_default=True, help="Measurements of each movement, with and without brake.")
def main(rounds: int) -> None:
    """Times a frame while the point moves, on each ground behind the points, and while the reader draws."""
    quiet = "--no-sandbox --disable-gpu --disable-background-networking"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder, "explorer.html")
        file.write_text(own_page(lessons.model("lines64-beta1"), "lines64", "Benchmark", ""), encoding="utf-8")
        system = Path("/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=system if system.exists() else None, args=quiet.split())
        page = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
        session = page.context.new_cdp_session(page)
        click.echo(f"{'ground':8}{'a frame in which':31}{'25 %':>7}{'median':>8}{'90 %':>7} ms{'brake':>8}")
        for ground in tqdm(GROUNDS, disable=None, leave=False):
            for move, code in MOVES.items():
                click.echo(_line(page, session, f"{file.as_uri()}#explorer?bg={ground}&i=20&e=40", move, code, rounds))
        drawing = f"{file.as_uri()}#explorer?bg=none&i=own&d={'f' * 64}"
        click.echo(_line(page, session, drawing, "the reader draws a pixel", STROKE, rounds))
        browser.close()


def _line(page: Page, session: CDPSession, address: str, move: str, code: str, rounds: int) -> str:
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function(f"globalThis.latentExplorer?.here && {HERE}.pixels")
    page.wait_for_function(f"{HERE}.backgroundStatus !== 'unfinished'")
    slow: list[float] = []
    fast: list[float] = []
    for _ in range(rounds):
        for rate, times in ((4, slow), (1, fast)):
            session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
            times += _frames(page, code)
    quarter, median, most = np.quantile(slow, (0.25, 0.5, 0.9))
    ground = address.split("bg=")[1].split("&")[0]
    return f"{ground:8}{move:31}{quarter:7.1f}{median:8.1f}{most:7.1f}   {median / np.median(fast):7.1f}"


def _frames(page: Page, code: str) -> list[float]:
    times: list[float] = page.evaluate(f"""async () => {{
      const times = [];
      for (let k = 0; k < {FRAMES}; k++) {{
        await new Promise(requestAnimationFrame);
        const start = performance.now();
        {code};
        {HERE}.render();
        times.push(performance.now() - start);
      }}
      return times;
    }}""")
    return times


if __name__ == "__main__":
    main()
