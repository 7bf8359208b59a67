"""A folder with an explorer of all that the lessons show, as the site has it; and decoders in numpy to check it."""

import html
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

from course.explorer import contents, lessons
from course.explorer import page as explorer_page
from course.models import LatentModel

Open = Callable[..., Page]
HERE = "latentExplorer.here[0]"
FIRST = [name for name, shown in lessons.SHOWN.items() if shown.data == "lines64"]
LATER = [name for name in lessons.SHOWN if name not in FIRST]
OPTIONS = {
    "models": FIRST,
    "show": list(explorer_page.PARTS),
    "more": [
        {
            "data": "fashion-sample",
            "title": "Fashion-MNIST",
            "kilobytes": 300,
            "models": LATER,
            "files": [f"{name}.js" for name in ("fashion-sample", *LATER)],
        }
    ],
    "stages": {"lines64-beta1": {"file": "lines64-beta1-stages.js", "kilobytes": 200}},
    "encoders": {
        name: {"files": [*explorer_page.SKETCHING, f"{name}-encoder.js"], "kilobytes": 20} for name in lessons.SHOWN
    },
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Explorer</title>
<link rel="stylesheet" href="explorer.css">{scripts}
<style>body {{ margin: 0 auto; max-width: 46rem; padding: 1rem; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #131416; color: #e6e9ee;
--color-foreground-primary: #e6e9ee; --color-foreground-secondary: #9ca0a5; --color-background-primary: #131416;
--color-background-hover: #1e2124; --color-code-background: #1a1c1e; }} }}</style></head>
<body><main><h1>Explorer</h1><figure class="explorer" id="explorer" data-explorer="{options}">
<div class="explorer-still"><p>A still picture.</p></div><figcaption>A caption.</figcaption></figure></main></body>
</html>
"""


def write(folder: Path) -> Path:
    """All files of the explorer, and index.html; returns that."""
    (folder / explorer_page.JOINED).write_text(explorer_page.joined(), encoding="utf-8")
    for name in (*explorer_page.SKETCHING, explorer_page.STYLE):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes((explorer_page.BROWSER / name).read_bytes())
    for data in ("lines64", "fashion-sample"):
        (folder / f"{data}.js").write_text(lessons.data_script(data), encoding="utf-8")
    for name in lessons.SHOWN:
        (folder / f"{name}.js").write_text(lessons.model_script(name), encoding="utf-8")
        (folder / f"{name}-encoder.js").write_text(lessons.encoder_script(name), encoding="utf-8")
    (folder / "lines64-beta1-stages.js").write_text(lessons.stages_script("lines64-beta1"), encoding="utf-8")
    files = (explorer_page.JOINED, "lines64.js", *(f"{name}.js" for name in FIRST))
    scripts = "".join(f'<script defer src="{file}"></script>' for file in files)
    options = html.escape(json.dumps(OPTIONS))
    page = folder / "index.html"
    page.write_text(_PAGE.format(scripts=scripts, options=options), encoding="utf-8")
    return page


def first_view() -> list[str]:
    """The files that the page loads by itself."""
    return [explorer_page.JOINED, explorer_page.STYLE, "lines64.js", *(f"{name}.js" for name in FIRST)]


@cache
def model(name: str) -> LatentModel:
    return lessons.model(name)


def points(latent_dim: int) -> NDArray[np.float32]:
    """Latent vectors (12, Z) to compare decodes at: the middle, draws from the prior, and far ones."""
    draws = np.random.default_rng(5).normal(size=(11, latent_dim)).astype(np.float32)
    draws[6:] *= 3
    return np.vstack([np.zeros((1, latent_dim), np.float32), draws])


def decode_in_numpy(shown: LatentModel, z: NDArray[np.floating], label: int | None) -> NDArray[np.float64]:
    """x_hat (B, D) with the weights rounded to float16 and everything else in float64."""
    values = np.asarray(z, np.float64)
    if label is not None:
        classes = int(shown.size["num_classes"])
        values = np.hstack([values, np.eye(classes)[np.full(len(values), label)]])
    layers = contents.layers(shown)
    for i, layer in enumerate(layers):
        weight, bias = (p.detach().numpy().astype(np.float16).astype(np.float64) for p in (layer.weight, layer.bias))
        values = values @ weight.T + bias
        values = np.maximum(values, 0) if i < len(layers) - 1 else 1 / (1 + np.exp(-values))
    decoded: NDArray[np.float64] = values
    return decoded


def unseen_images(shown: LatentModel) -> NDArray[np.float32]:
    """Images that no model has seen (6, D): noise, black and white or grey, nothing, and ink everywhere."""
    noise = np.random.default_rng(3).random((4, shown.input_dim)).astype(np.float32)
    noise[:2] = noise[:2] > 0.5
    return np.vstack([noise, np.zeros_like(noise[:1]), np.ones_like(noise[:1])])


def encode_in_numpy(shown: LatentModel, x: NDArray[np.floating], label: int | None) -> NDArray[np.float64]:
    """The heads side by side (B, Z) or (B, 2 Z), with the weights rounded to float16 and everything else in float64."""
    values = np.asarray(x, np.float64)
    if label is not None:
        values = np.hstack([values, np.eye(int(shown.size["num_classes"]))[np.full(len(values), label)]])
    weights = {n: p.detach().numpy().astype(np.float16).astype(np.float64) for n, p in shown.named_parameters()}
    for k in range(1, shown.depth + 1):
        values = np.maximum(0, values @ weights[f"encoder.fc{k}.weight"].T + weights[f"encoder.fc{k}.bias"])
    heads = [values @ weights[f"{head}.weight"].T + weights[f"{head}.bias"] for head in shown.heads]
    return np.hstack(heads)


def settle(page: Page) -> None:
    """Wait until everything is drawn, said and written to the address: two frames let what was touched begin."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function(f"() => {HERE}.frame === null && {HERE}.restTimer === null && !{HERE}.touched")


def turn_to(page: Page, tool: str) -> None:
    """Put one of the tools beside map and decode."""
    page.get_by_role("tab", name=tool).click()
    settle(page)


def state(page: Page, name: str) -> Any:
    return page.evaluate(f"{HERE}.state.{name}")


def load_all(page: Page) -> None:
    """Ask for the models that the page does not bring."""
    page.get_by_role("button", name="Fashion-MNIST").click()
    page.wait_for_function("latentExplorer.models['fashion-8']")


def decoded(page: Page, expression: str, z: NDArray[np.floating], label: int | None) -> NDArray[np.float64]:
    """x_hat (B, D) as the page computes it, by the model that a JavaScript expression names."""
    code = f"([z, label]) => z.map((row) => Array.from(latentExplorer.model.decode({expression}, row, label)))"
    return np.array(page.evaluate(code, [z.tolist(), label or 0]))
