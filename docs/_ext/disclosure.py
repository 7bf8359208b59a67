"""Every dropdown has an id made of its title, so that a link can lead to it, and opens for a link that leads inside."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def _name_dropdowns(_app: Sphinx, doctree: nodes.document) -> None:
    for dropdown in doctree.findall(nodes.container):
        if dropdown.get("design_component") == "dropdown" and dropdown["has_title"]:
            title = dropdown[0]
            assert isinstance(title, nodes.Element)
            if not title["ids"]:
                free = _free_id(doctree, nodes.make_id(title.astext()))
                title["ids"] = [free]
                doctree.ids[free] = title


def _free_id(doctree: nodes.document, wanted: str) -> str:
    number, free = 1, wanted
    while free in doctree.ids:
        number += 1
        free = f"{wanted}-{number}"
    return free


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("doctree-read", _name_dropdowns)
    app.add_js_file("disclosure.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
