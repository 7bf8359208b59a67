"""The first use of each word of the glossary in a lesson leads to its entry; cards.py shows the definition there."""

import re
from fnmatch import fnmatch

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

ALIASES = {"KL": "KL divergence", "MIG": "mutual information gap"}
"""Other words for a term, which lessons use in its place."""

AMBIGUOUS = {"baseline"}
"""Terms that lessons also use in their everyday sense: these are linked by hand."""

_OTHER = r"(?<![\w-])(?<!learning )"  # a learning rate is no rate
_PASSED_OVER = (
    nodes.title, nodes.caption, nodes.table, nodes.field_list, nodes.reference, nodes.FixedTextElement,
    nodes.literal, nodes.math, nodes.raw, nodes.comment, nodes.rubric, nodes.citation,
)  # fmt: skip
_CLOSED = {"signs", "quiz", "hints", "whole", "sd-dropdown", "sd-summary-title", "claim", "explorer"}


def _link_first_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format != "html" or not fnmatch(docname, app.config.term_pages):
        return
    entries = dict(_entries(app))
    here = {link.get("refuri", "").rpartition("#")[2] for link in doctree.findall(nodes.reference)}
    left = {word: entry for word, entry in entries.items() if entry[1] not in here}
    for text in _open_texts(doctree):
        if not left:
            return
        text.parent.replace(text, _linked(app, docname, text, left))


def _entries(app: Sphinx) -> list[tuple[str, tuple[str, str]]]:
    """The page and the id of the entry for each word."""
    objects = app.env.domains.standard_domain.objects
    terms = {name: place for (kind, name), place in objects.items() if kind == "term" and name not in AMBIGUOUS}
    also = {alias: terms[name] for alias, name in ALIASES.items() if name in terms}
    return sorted({**terms, **also}.items())


def _open_texts(node: nodes.Node) -> list[nodes.Text]:
    """Running text that stands open on the page: no headings, links, code, tables, questions or what is closed."""
    found: list[nodes.Text] = []
    for child in node.children:
        if isinstance(child, nodes.Text):
            found += [child] if isinstance(node, nodes.TextElement) else []  # no other node may hold a link
        elif (
            isinstance(child, nodes.Element)
            and not isinstance(child, _PASSED_OVER)
            and not _CLOSED & set(child["classes"])
        ):
            found += _open_texts(child)
    return found


def pattern(words: list[str]) -> re.Pattern[str]:
    """Any of the words, the longest first; one that starts small may start large, and all may end with an s."""
    starts = (f"[{word[0]}{word[0].upper()}]{re.escape(word[1:])}" for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"{_OTHER}({'|'.join(starts)})s?(?![\w-])".replace(r"\ ", r"\s"))


def _linked(app: Sphinx, docname: str, text: nodes.Text, left: dict[str, tuple[str, str]]) -> list[nodes.Node]:
    """The text with links at the terms that are left, and these terms left no more."""
    parts: list[nodes.Node] = []
    end = 0
    while left and (found := pattern(list(left)).search(text, end)):
        word = " ".join(found[1].split())
        page, entry = left.get(word) or left[word[0].lower() + word[1:]]
        for other in [name for name, place in left.items() if place == (page, entry)]:
            del left[other]
        address = f"{app.builder.get_relative_uri(docname, page)}#{entry}"
        parts.append(nodes.Text(text[end : found.start()]))
        parts.append(nodes.reference("", found[0], refuri=address, internal=True, classes=["term"]))
        end = found.end()
    return [*parts, nodes.Text(text[end:])]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("term_pages", "lessons/*/lesson", "html", types=frozenset({str}))
    app.connect(
        "doctree-resolved", _link_first_uses, priority=600
    )  # links are links by now, and together.py comes later
    return {"parallel_read_safe": True, "parallel_write_safe": True}
