"""``.. hints:: 1.1``: the hints of a part of an exercise, opened one after another."""

from docutils import nodes
from markup import html
from parts import Part, read
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

_logger = logging.getLogger(__name__)


class Hints(SphinxDirective):
    """One ``details`` a hint, with the id ``hint-1.1-2``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        parts = {part.number: part for exercise in read(self.env).values() for part in exercise.parts}
        part = parts.get(self.arguments[0])
        if part is None:
            message, known = "no part has the number %r; autograder/parts knows: %s", ", ".join(parts) or "none"
            _logger.warning(message, self.arguments[0], known, location=self.get_location(), type="hints")
            return []
        count = len(part.hints)
        return [html("div", *(self._hint(part, number) for number in range(1, count + 1)), class_="hints")]

    def _hint(self, part: Part, number: int) -> nodes.Element:
        words, _ = self.parse_inline(part.hints[number - 1])
        title = f"Hint {number} of {len(part.hints)} for part {part.number}"
        name = f"hint-{part.number}-{number}"
        paragraph = nodes.paragraph("", "", *words)
        hint = html("details", html("summary", nodes.Text(title)), paragraph, id_=name, class_="hint")
        self.set_source_info(hint)
        return hint


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("markup")
    app.setup_extension("disclosure")
    app.add_config_value("parts_folder", "../autograder/parts", "env", types=frozenset({str}))
    app.add_directive("hints", Hints)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
