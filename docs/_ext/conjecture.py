"""``:conjecture:`TEXT```: an explanation that nobody has measured yet, and that says so."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata


class ConjectureRole(SphinxRole):
    """The text, and after it a mark that everybody can read, in a book and aloud."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        mark = nodes.inline(text="\N{NO-BREAK SPACE}(conjecture)", classes=["conjecture-mark"])
        return [nodes.inline("", "", nodes.Text(self.text), mark, classes=["conjecture"])], []


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_role("conjecture", ConjectureRole())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
