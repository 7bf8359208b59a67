"""``.. executed::``: Python that runs while the site is built, with what it printed below it."""

import io
from contextlib import redirect_stdout
from traceback import format_exception_only

from course_sources import depend_on_course
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

_logger = logging.getLogger(__name__)


class Executed(SphinxDirective):
    """The content is run in a namespace of its own; an error in it is a warning where it stands."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        source, printed = "\n".join(self.content), io.StringIO()
        try:
            with redirect_stdout(printed):
                code = compile(source, f"{self.env.docname}:{self.lineno}", "exec")
                depend_on_course(self.env, source)
                exec(code, {"__name__": "page"})
        except Exception as error:
            words = format_exception_only(error)[-1].strip()
            _logger.warning("this code fails: %s", words, location=self.get_location(), type="executed")
            return []
        shown = nodes.literal_block(source, source, language="python")
        self.set_source_info(shown)
        output = nodes.literal_block(printed.getvalue(), printed.getvalue(), language="none", classes=["printed"])
        return [shown, output] if printed.getvalue() else [shown]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("executed", Executed)
    return {"version": "1", "parallel_read_safe": False}
