"""The first page: a lesson's small picture on its card, and what one kind of reader does not see."""

from docutils import nodes
from drawn import Drawn, named, unknown
from markup import html
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata


class LessonSign(Drawn):
    """``.. lesson-sign:: NAME``: a figure's pictures alone, without a caption and a box to scroll in."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        from course import figures

        if self.arguments[0] not in figures.FIGURES:
            return unknown(self, "figure", sorted(figures.FIGURES))
        sign = html("div", *self._images(self.arguments[0], *named(self.arguments[0])), class_="lesson-sign")
        self.set_source_info(sign)
        return [sign]


class Unless(SphinxDirective):
    """``.. unless:: TAG``: read only where the site is built without it; ``only`` would still follow its links."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        return [] if self.env.app.tags.has(self.arguments[0]) else self.parse_content_to_nodes()


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("markup")
    app.add_directive("lesson-sign", LessonSign)
    app.add_directive("unless", Unless)
    app.add_css_file("front.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
