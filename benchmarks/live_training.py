"""How smoothly a model learns in the page: Chromium with its processor slowed down four times, and without the brake.

    python benchmarks/live_training.py

A frame that takes longer than 16.7 ms is one that the reader misses. Rounds with and without the brake take turns, so
that what else the machine does meets both.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from course.explorer import lessons
from course.explorer import page as explorer_page

HERE = "latentExplorer.learning[0]"
SECONDS = 4
_PAGE = """<!doctype html><meta charset="utf-8"><title>Benchmark</title><style>{style}</style>
<figure class="explorer" id="live-training" data-learning='{{"data": "lines64"}}'></figure>
<script src="all.js"></script>"""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rounds", default=3, show_default=True, help="Measurements with and without the brake.")
def main(rounds: int) -> None:
    """Counts frames and steps while a model learns, and times the frames."""
    quiet = "--no-sandbox --disable-gpu --disable-background-networking"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = _write(Path(folder))
        system = Path("/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=system if system.exists() else None, args=quiet.split())
        page = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
        session = page.context.new_cdp_session(page)
        click.echo(
            f"{'brake':8}{'frames/s':>10}{'steps/s':>10}{'script of a frame, 25 %':>26}{'median':>9}{'90 %':>8} ms"
        )
        found: dict[int, list[list[float]]] = {1: [], 4: []}
        for _ in range(rounds):
            for rate, runs in found.items():
                runs.append(_run(page, session, file, rate))
        for rate, runs in found.items():
            times = np.concatenate([run[1:] for run in runs])
            steps, frames = sum(run[0] for run in runs), len(times)
            quarter, median, most = np.quantile(times, (0.25, 0.5, 0.9))
            seconds = SECONDS * rounds
            click.echo(
                f"{rate:<8}{frames / seconds:10.1f}{steps / seconds:10.1f}{quarter:26.1f}{median:9.1f}{most:8.1f}"
            )
        browser.close()


def _write(folder: Path) -> Path:
    scripts = explorer_page.joined((*explorer_page.SCRIPTS, *explorer_page.LEARNING))
    (folder / "all.js").write_text(f"{scripts}\n{lessons.data_script('lines64')}", encoding="utf-8")
    styles = (explorer_page.STYLE, explorer_page.LEARNING_STYLE)
    style = "".join((explorer_page.BROWSER / name).read_text(encoding="utf-8") for name in styles)
    file = folder / "index.html"
    file.write_text(_PAGE.format(style=style), encoding="utf-8")
    return file


def _run(page: Page, session: CDPSession, file: Path, rate: int) -> list[float]:
    """Steps, then the milliseconds of script in each frame."""
    page.goto(file.as_uri())
    page.wait_for_function("globalThis.latentExplorer?.learning")
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    times: list[float] = page.evaluate(f"""async () => {{
      const here = {HERE}, times = [], render = here.render.bind(here), learn = here.learnForAFrame.bind(here);
      let start = 0;
      here.learnForAFrame = () => {{ start = performance.now(); learn(); }};
      here.render = () => {{ render(); if (start) times.push(performance.now() - start); start = 0; }};
      here.run(true);
      await new Promise((done) => setTimeout(done, {1000 * SECONDS}));
      here.run(false);
      return [here.learner.steps, ...times];
    }}""")
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return times


if __name__ == "__main__":
    main()
