"""The explorer as files: its scripts and style, and one page that holds everything, for the reader's own model."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

from course.explorer.contents import data_payload, model_payload, script
from course.explorer.encoders import encoder_payload
from course.registry import Model

__all__ = ["BROWSER", "DESK", "PARTS", "SCRIPTS", "STYLE", "own_page"]

BROWSER = Path(__file__).parent / "browser"
SCRIPTS = (
    "data.js", "forward.js", "vectors.js", "draw.js", "state.js", "head.js", "map.js", "cloud.js", "handles.js",
    "own.js", "background.js", "view.js", "sliders.js", "drawing.js", "ways.js", "matrix.js", "share.js",
    "explorer.js",
)  # fmt: skip
DESK = ("board.js", "desk.js")  # what only those need who draw
STYLE = "explorer.css"
PARTS = ("map", "view", "sliders", "training", "draw", "ways", "matrix", "share")

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }}
body {{ max-width: 68rem; margin: 0 auto; padding: 1rem; background: #fff; color: #1b1f24; }}
h1 {{ margin: 0.5rem 0; font-size: 1.5rem; }}
@media (prefers-color-scheme: dark) {{
  body {{ background: #131416; color: #e6e9ee; --color-background-primary: #131416; --color-foreground-primary: #e6e9ee;
    --color-foreground-secondary: #a4abb5; --color-background-border: #303439; --color-foreground-border: #7d8590;
    --color-background-hover: #22262b; --color-code-background: #1a1c1e; }}
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


def own_page(model: Model, data: str, title: str, python: str, facts: dict[str, Any] | None = None) -> str:
    """One HTML file that explores this model on the images of `data`; raises ValueError where it does not fit.

    `python` are the lines that load the model again as `model`, for whoever takes z along.
    """
    payload = model_payload(model, data, title, {"python": python, **(facts or {})})
    code = [script("data", payload["data"], data_payload(data)), script("model", "own", payload)]
    code.append(script("encoder", "own", encoder_payload(model, data)))
    sources = [(BROWSER / name).read_text(encoding="utf-8") for name in (*SCRIPTS[:-1], *DESK, SCRIPTS[-1])]
    options = {"models": ["own"], "show": list(PARTS)}
    shapes = " → ".join(str(size) for size in payload["sizes"])
    words = (
        f"{payload['kind']} with {payload['latent']} latent dimensions, decoder {shapes}. All of it is in this file."
    )
    return _PAGE.format(
        title=html.escape(title),
        words=html.escape(words),
        style=(BROWSER / STYLE).read_text(encoding="utf-8"),
        options=html.escape(json.dumps(options)),
        scripts="\n".join([sources[0], *code, *sources[1:]]).replace("</script", "<\\/script"),
    )
