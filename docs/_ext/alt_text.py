"""No picture without words: each image has alt text, and an output of a notebook takes it from its cell's metadata."""

import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

_logger = logging.getLogger(__name__)
_OUTPUT_FILE = re.compile(r"_(\d+)_(\d+)\.\w+$")  # nbsphinx names it after the cell and the output


def _describe_outputs(images: list[nodes.image], cells: list[dict[str, Any]]) -> None:
    """Hand the texts of each cell to the images that came out of it, in order."""
    waiting: dict[int, list[str]] = {}
    for image in images:
        number = _OUTPUT_FILE.search(image["uri"])
        if number is None or "alt" in image:
            continue
        cell = int(number[1])
        texts = cells[cell]["metadata"].get("alt", [])
        left = waiting.setdefault(cell, [texts] if isinstance(texts, str) else list(texts))
        if left:
            image["alt"] = left.pop(0)


def _require_alt(app: Sphinx, doctree: nodes.document) -> None:
    images = list(doctree.findall(nodes.image))
    source = Path(app.env.doc2path(app.env.docname))
    notebook = source.suffix == ".ipynb"
    if notebook:
        _describe_outputs(images, json.loads(source.read_text(encoding="utf-8"))["cells"])
    for image in images:
        if "alt" not in image:
            remedy = 'add "alt": "..." to the metadata of its cell' if notebook else "add the option :alt:"
            _logger.warning("image %s has no alt text: %s", image["uri"], remedy, location=image, type="alt_text")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("doctree-read", _require_alt)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
