"""The frame of a page: its foot, how it prints, and what others learn of it from outside, a description and a card."""

import re
from html import escape
from importlib import metadata
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_CARD = "preview.png"
_LENGTH = 200


def describe(doctree: nodes.document) -> str:
    """The first sentences that stand by themselves on the page, up to 200 characters."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) or "lead" in paragraph["classes"]:
            words = re.sub(r"\s+", " ", paragraph.astext())
            if len(words) > 40:
                return words if len(words) <= _LENGTH else words[: words.rfind(" ", 0, _LENGTH)] + " …"
    return ""


def _add(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if app.builder.name != "html":
        return
    context["repository"] = _repository()
    words = (describe(doctree) if doctree else "") or app.config.epub_description
    card = f"_static/{_CARD}"
    base = app.config.html_baseurl
    properties = {
        "og:type": "website",
        "og:site_name": app.config.html_title,
        "og:title": re.sub(r"<[^>]+>", "", context.get("title", "")),
        "og:description": words,
        "og:image": f"{base.rstrip('/')}/{card}" if base else context["pathto"](card, 1),
        "og:image:alt": "A plane of decoded clothes in the colours of their classes, with a ring on it.",
    }
    named = {"description": words, "twitter:card": "summary_large_image"}
    tags = [f'<meta name="{name}" content="{escape(value)}">' for name, value in named.items()]
    tags += [f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items()]
    context["metatags"] = context.get("metatags", "") + "\n" + "\n".join(tags)


def _repository() -> str:
    """The address in pyproject.toml; empty as long as the course has none."""
    urls = metadata.metadata("latent-course").get_all("Project-URL") or []
    named = dict(url.split(", ", 1) for url in urls)
    return named.get("Repository", "")


def _draw_card(app: Sphinx, exception: Exception | None) -> None:
    file = Path(app.outdir, "_static", _CARD)
    if exception or app.builder.name != "html" or not app.config.take_along or file.exists():
        return
    from course.figures import front

    front.preview().savefig(file, dpi=100)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_css_file("frame.css")
    app.add_js_file("printed.js", loading_method="defer")
    app.connect("html-page-context", _add)
    app.connect("build-finished", _draw_card)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
