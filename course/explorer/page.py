"""The explorer as files: its scripts and style, and one page that holds everything, for the reader's own model."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from course import outputs
from course.explorer.contents import data_payload, model_payload, script
from course.explorer.encoders import encoder_payload
from course.palette import FAINT, INK, PAPER
from course.registry import Model

__all__ = [
    "BROWSER",
    "GLIMPSE",
    "JOINED",
    "LEARNING",
    "LEARNING_STYLE",
    "PARTS",
    "SCRIPTS",
    "SKETCHING",
    "STYLE",
    "joined",
    "own_page",
]

BROWSER = Path(__file__).parent / "browser"
SCRIPTS = (  # each stands behind what it uses while it loads
    "registry.js", "math/text.js", "math/random.js", "math/vectors.js", "math/plane.js", "model/read.js",
    "model/network.js", "model/nearest-image.js", "model/cloud.js", "model/state.js", "model/address.js",
    "model/python.js", "canvas/look.js", "canvas/images.js", "canvas/markers.js", "canvas/clouds.js",
    "canvas/map.js", "canvas/background.js", "ui/elements.js", "ui/tabs.js", "ui/undo.js", "ui/stage.js",
    "ui/model-choice.js", "ui/training.js", "ui/background.js", "ui/map-controls.js", "ui/handles.js", "ui/map.js",
    "ui/decode.js", "ui/walk.js", "ui/glimpse.js", "ui/sliders.js", "ui/sketch.js", "ui/ways.js", "ui/matrix.js",
    "ui/share.js", "ui/explorer.js", "ui/start.js",
)  # fmt: skip
JOINED = "explorer.js"  # all of them as a site sends them: one request, and a quarter less than file by file
SKETCHING = ("ui/board.js", "ui/reconstruction.js")  # what only those need who draw
STYLE = "explorer.css"
LEARNING = (  # a training in a page
    "model/layers.js", "model/learner.js", "canvas/learning.js", "ui/learning-parts.js", "ui/learning.js",
)  # fmt: skip
LEARNING_STYLE = "learning.css"
GLIMPSE = "glimpse"  # what a first page has in place of a view: the decode alone, and a walk until it is touched
PARTS = ("map", "view", "sliders", "training", "draw", "ways", "matrix", "share")

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{generator}
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }}
body {{ max-width: 68rem; margin: 0 auto; padding: 1rem; background: {light_paper}; color: {light_ink}; }}
h1 {{ margin: 0.5rem 0; font-size: 1.5rem; }}
@media (prefers-color-scheme: dark) {{
  body {{ background: {dark_paper}; color: {dark_ink}; --color-background-primary: {dark_paper};
    --color-foreground-primary: {dark_ink}; --color-foreground-secondary: #a4abb5; --color-background-border: #303439;
    --color-foreground-border: {dark_faint}; --color-background-hover: #22262b; --color-code-background: #1a1c1e; }}
}}
{style}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{words}</p>
<div class="explorer" id="explorer" data-explorer="{options}">
<noscript><p>This page decodes with a script, which your browser does not run.</p></noscript>
</div>
</main>
<script>
{scripts}
</script>
</body>
</html>
"""


def joined(scripts: Iterable[str] = SCRIPTS) -> str:
    """These scripts, one after the other."""
    return "\n".join((BROWSER / name).read_text(encoding="utf-8") for name in scripts)


def own_page(model: Model, data: str, title: str, python: str, facts: dict[str, Any] | None = None) -> str:
    """One HTML file that explores this model on the images of `data`; raises ValueError where it does not fit.

    `python` are the lines that load the model again as `model`, for whoever takes z along.
    """
    payload = model_payload(model, data, title, {"python": python, **(facts or {})})
    code = [script("data", payload["data"], data_payload(data)), script("model", "own", payload)]
    code.append(script("encoder", "own", encoder_payload(model, data)))
    options = {"models": ["own"], "show": list(PARTS)}
    shapes = " → ".join(str(size) for size in payload["sizes"])
    words = (
        f"{payload['kind']} with {payload['latent']} latent dimensions, decoder {shapes}. All of it is in this file."
    )
    return _PAGE.format(
        title=html.escape(title),
        generator=outputs.GENERATOR,
        light_paper=PAPER["light"],
        light_ink=INK["light"],
        dark_paper=PAPER["dark"],
        dark_ink=INK["dark"],
        dark_faint=FAINT["dark"],
        words=html.escape(words),
        style=(BROWSER / STYLE).read_text(encoding="utf-8"),
        options=html.escape(json.dumps(options)),
        scripts="\n".join([joined((*SCRIPTS, *SKETCHING)), *code]).replace("</script", "<\\/script"),
    )
