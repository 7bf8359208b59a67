"""``.. live-training:: lines64``: a VAE that learns these images in the page; the content is its caption."""

import json
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from markup import html
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

_FOLDER = "_static/explorer"
_BUNDLE = "learning.js"
_logger = logging.getLogger(__name__)


class LiveTraining(SphinxDirective):
    """A figure that the scripts fill; without scripts, on paper and in a book it says what is missing."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        from course import patterns

        data = self.arguments[0]
        if data not in patterns.SETS:
            message, known = "a live training has no data set %r; there are: %s", ", ".join(patterns.SETS)
            _logger.warning(message, data, known, location=self.get_location(), type="live_training")
            return []
        self.env.metadata[self.env.docname]["learning"] = data
        figure = html(
            "figure",
            html("p", nodes.Text("On the site, a model is trained here before your eyes."), class_="learning-absent"),
            html("figcaption", *self.parse_content_to_nodes()),
            id_="live-training",
            class_="explorer learning",
            data_learning=json.dumps({"data": data}),
        )
        self.set_source_info(figure)
        return [figure]


def _bring(app: Sphinx, pagename: str, _template: str, _context: dict[str, Any], _doctree: nodes.document) -> None:
    """The scripts, on pages that have a training only; behind those of an explorer, which may be there already."""
    found = app.env.metadata.get(pagename, {})
    if "learning" not in found or app.builder.name != "html":
        return
    from course.explorer import lessons
    from course.explorer import page as explorer_page

    folder = Path(app.outdir, _FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _BUNDLE).write_text(explorer_page.joined(explorer_page.LEARNING), encoding="utf-8")
    style = Path(explorer_page.LEARNING_STYLE).name
    shutil.copyfile(explorer_page.BROWSER / explorer_page.LEARNING_STYLE, folder / style)
    if "explorer" not in found:
        (folder / explorer_page.JOINED).write_text(explorer_page.joined(), encoding="utf-8")
        shutil.copyfile(explorer_page.BROWSER / explorer_page.STYLE, folder / explorer_page.STYLE)
        app.add_js_file(f"explorer/{explorer_page.JOINED}", loading_method="defer")
        app.add_css_file(f"explorer/{explorer_page.STYLE}")
    models = json.loads(found.get("explorer", "[[], []]"))[0]
    if found["learning"] not in {lessons.SHOWN[name].data for name in models}:
        (folder / f"{found['learning']}.js").write_text(lessons.data_script(found["learning"]), encoding="utf-8")
        app.add_js_file(f"explorer/{found['learning']}.js", loading_method="defer")
    app.add_js_file(f"explorer/{_BUNDLE}", loading_method="defer")
    app.add_css_file(f"explorer/{style}")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("explorer")  # its scripts come first
    app.add_directive("live-training", LiveTraining)
    app.connect("html-page-context", _bring)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
