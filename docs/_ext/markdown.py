"""``.. markdown:: FILE``: a Markdown file of the project on a page, whole or the section named by ``:section:``.

So the README and the site say one thing. Links to pages of the site become its own; those to other files of the
project, which the site does not have, become plain words.
"""

import re
from pathlib import Path
from typing import ClassVar

import pypandoc
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

_HEADING = re.compile(r"^(#+) +(.+)$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#)([^)]+)\)")
_LEFT_OUT = re.compile(r"<!--.*?-->\n?|!\[[^\]]*\]\([^)]*\)\n", re.DOTALL)
_logger = logging.getLogger(__name__)


class Markdown(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {"section": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        name, file = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(name)
        text = Path(file).read_text(encoding="utf-8")
        if wanted := self.options.get("section"):
            found = section(text, wanted)
            if found is None:
                _logger.warning("%s has no section %r", name, wanted, location=self.get_location(), type="markdown")
                return []
            text = found
        return self.parse_text_to_nodes(as_rst(text, set(self.env.found_docs)), allow_section_headings=True)


def section(text: str, title: str) -> str | None:
    """The section of this title, with its heading, up to the next of its level or above."""
    code = [match.span() for match in _FENCED.finditer(text)]
    headings = [h for h in _HEADING.finditer(text) if not any(start < h.start() < end for start, end in code)]
    for i, heading in enumerate(headings):
        if heading[2].strip() == title:
            ends = (other.start() for other in headings[i + 1 :] if len(other[1]) <= len(heading[1]))
            return text[heading.start() : next(ends, len(text))]
    return None


def as_rst(text: str, pages: set[str]) -> str:
    """The text as reStructuredText, with links to these pages of the site."""

    def lead(link: re.Match[str]) -> str:
        page = link[2].partition("#")[0].removeprefix("docs/").removesuffix(".rst")
        return f"[{link[1]}](page:{page})" if page in pages else link[1]

    plain = _LINK.sub(lead, _LEFT_OUT.sub("", text))
    rst: str = pypandoc.convert_text(plain, "rst", format="gfm-autolink_bare_uris", extra_args=["--wrap=preserve"])
    return re.sub(r"`([^`<]+) <page:([^>]+)>`__", r":doc:`\1 </\2>`", rst)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("markdown", Markdown)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
