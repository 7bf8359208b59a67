"""How long a page takes to read, counted when the site is built; the head of a lesson and the map show it.

A minute for 150 words, a minute for a question, half a minute for a figure. The pace is slow on purpose: it leaves room
for listings and formulas, whose words are not counted.
"""

import re
from collections.abc import Iterator

from docutils import nodes
from markup import element
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

WORDS, QUESTION, FIGURE = 150, 1.0, 0.5
"""Words a minute, minutes a question, minutes a figure."""

_OWN = re.compile(r"(?P<minutes>\d+) (?:for|to) [^,:]+$")
_SILENT = (nodes.literal_block, nodes.math_block, nodes.field_list, nodes.comment, nodes.raw)
_logger = logging.getLogger(__name__)


def minutes_to_read(doctree: nodes.Node) -> float:
    """The minutes of a page: its open text and that of its dropdowns, its questions and its figures.

    The words of a question are in its minute, and the hints belong to the exercise.
    """
    parts = list(_parts(doctree))
    words = sum(len(part.split()) for part in parts if isinstance(part, nodes.Text))
    questions = sum("quiz" in _classes(part) for part in parts)
    return words / WORDS + QUESTION * questions + FIGURE * sum(_is_figure(part) for part in parts)


def _parts(node: nodes.Node) -> Iterator[nodes.Node]:
    """All texts that are read as words, all figures and all questions."""
    for child in node.children:
        if isinstance(child, nodes.Text) or _is_figure(child) or "quiz" in _classes(child):
            yield child
        if not isinstance(child, _SILENT) and not {"quiz", "hints"} & _classes(child):
            yield from _parts(child)


def _is_figure(part: nodes.Node) -> bool:
    own = isinstance(part, element) and bool({"animation", "explorer"} & _classes(part))
    return isinstance(part, nodes.figure) or own


def _classes(part: nodes.Node) -> set[str]:
    return set(part["classes"]) if isinstance(part, nodes.Element) else set()


def in_words(doctree: nodes.Node, time: str) -> str:
    """The minutes in all, to read, and for the rest, which the head's Time says; nothing if it does not."""
    own = _OWN.search(time)
    if own is None:
        return ""
    reading = max(5, 5 * round(minutes_to_read(doctree) / 5))
    return f"{reading + int(own['minutes'])} minutes: {reading} to read, {own.group()}"


def _say(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    head = next(iter(doctree.findall(nodes.field_list)), nodes.field_list())
    for field in head.findall(nodes.field):
        if field[0].astext() == "Time":
            words = in_words(app.env.get_doctree(docname), field[1].astext())
            field[1].children = [nodes.paragraph(text=words or field[1].astext())]
            if not words:
                message = "Time says how long the rest takes, such as '40 for the exercise'; got %r"
                _logger.warning(message, field[1].astext(), location=field, type="reading_time")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("doctree-resolved", _say)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
