"""What belongs together stays on one line: a number and its unit, ``z ~ N(0, I)``, ``t-SNE``, a short formula.

Spaces become no-break spaces; what has a hyphen, a formula or code in it gets the class ``together``.
"""

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

LONGEST = 28
"""Characters that stay on one line: more would leave holes on a phone."""

_UNITS = (
    "% nats? bits? seeds? pixels? images? steps? epochs? dimensions? units? classes numbers points columns rows bytes kB MB GB "
    "ms s seconds? minutes? hours? times degrees million thousand"
)
_OPERATOR = r"(?:[=~≈<>≤≥±×·+−→]|\|\|)"
_PAIR = re.compile(r"[(\[][^()\[\]\s]{1,6}(?:(?:,| \|\|?)\s[^()\[\]\s]{1,6}){1,3}[)\]]")
_TERMS = re.compile(rf"[^\s]{{1,12}}(?:[ \n]{_OPERATOR}[ \n][^\s]{{1,12}})+")
_UNIT = re.compile(rf"(?<=\d)[ \n](?=(?:{'|'.join(_UNITS.split())})(?!\w))")
_COUNT = re.compile(r"(?<=\d)[ \n](of|x)[ \n](?=\d)")
_NUMBERED = re.compile(r"\b((?i:lesson|part|class|seed|type|step|beta|ln))[ \n](?=\d)")
_HYPHEN = re.compile(r"(?<![\w-])(?:\w-[\w-]*\w|\d+-\w|[-−]\w+)(?![\w-])")
_LEADING, _TRAILING = re.compile(r"[(\[“\"]+$"), re.compile(r"[.,;:!?)\]”\"’]+")
_COMMAND = re.compile(r"\\[a-zA-Z]+ ?|\\.")
_ELSEWHERE = (nodes.FixedTextElement, nodes.literal, nodes.math, nodes.raw, nodes.comment, nodes.Invisible)
_NBSP = "\N{NO-BREAK SPACE}"


def spaced(text: str) -> str:
    """The text with no-break spaces where a line must not end."""
    text = _PAIR.sub(_bound, text)
    text = _TERMS.sub(lambda found: _bound(found) if len(found[0]) <= LONGEST else found[0], text)
    text = _NUMBERED.sub(rf"\1{_NBSP}", _UNIT.sub(_NBSP, text))
    return _COUNT.sub(rf"{_NBSP}\1{_NBSP}", text)


def _bound(found: re.Match[str]) -> str:
    return re.sub(r"[ \n]", _NBSP, found[0])


def is_short(tex: str) -> bool:
    """Whether a formula takes little room, about a character for a command and for a sign."""
    return len(re.sub(r"[{}^_\s]", "", _COMMAND.sub("x", tex))) <= LONGEST - 6


def _keep(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    if app.builder.format != "html":
        return
    for text in list(doctree.findall(nodes.Text)):
        if not _is_elsewhere(text):
            text.parent.replace(text, list(_pieces(spaced(text))))
    for literal in doctree.findall(nodes.literal):
        if len(literal.astext()) <= LONGEST - 6 and " " in literal.astext():
            literal["classes"].append("together")
    for formula in list(doctree.findall(nodes.math)):
        if is_short(formula.astext()):
            _hold(formula)


def _is_elsewhere(node: nodes.Node) -> bool:
    parent = node.parent
    while parent is not None:
        if isinstance(parent, _ELSEWHERE):
            return True
        parent = parent.parent
    return False


def _pieces(text: str) -> Iterator[nodes.Node]:
    """The text, and in it what a hyphen would part, in elements."""
    end = 0
    for found in _HYPHEN.finditer(text):
        if found.start() > end:
            yield nodes.Text(text[end : found.start()])
        yield nodes.inline(text=found[0], classes=["together"])
        end = found.end()
    if end < len(text):
        yield nodes.Text(text[end:])


def _hold(formula: nodes.math) -> None:
    """A formula with the bracket before it and the full stop behind it."""
    parent = formula.parent
    place = parent.index(formula)
    held = nodes.inline(classes=["together"])
    before = parent[place - 1] if place else None
    after = parent[place + 1] if place + 1 < len(parent) else None
    if isinstance(after, nodes.Text) and (found := _TRAILING.match(after)):
        parent[place + 1] = nodes.Text(after[found.end() :])
        tail = [nodes.Text(found[0])]
    else:
        tail = []
    if isinstance(before, nodes.Text) and (found := _LEADING.search(before)):
        parent[place - 1] = nodes.Text(before[: found.start()])
        held += nodes.Text(found[0])
    parent.replace(formula, held)
    held += [formula, *tail]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("doctree-resolved", _keep, priority=700)  # when all text is there
    return {"parallel_read_safe": True, "parallel_write_safe": True}
