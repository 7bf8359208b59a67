"""The search: the text of every section as a script that the search page alone loads, from a file as from a server."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag
from bs4.filter import SoupStrainer
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.typing import ExtensionMetadata

RECORDS = "search-records.js"
_WEIGHTS = {
    r"glossary": 1.3,
    r"lessons/.*/lesson": 1.0,
    r"lessons/.*": 0.7,
    r"developing|writing|instructors|grader|changelog": 0.5,
}
_LEFT_OUT = (
    "script, style, button, output, canvas, [hidden], .headerlink, .katex-html, annotation, .hints, .quiz details, "
    ".cards, .finish, .next-lesson, .claims-table, .prompt, .copybtn"
)
_INTO = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TITLES = {*_HEADINGS, "summary"}
_INLINE = {"a", "abbr", "code", "em", "i", "math", "small", "span", "strong", "sub", "sup"}


@dataclass
class Record:
    """What one address of a page says: a section without those inside it, a term of the glossary, a part that opens."""

    page: str
    id: str
    title: str
    trail: list[str]
    weight: float
    parts: list[str] = field(default_factory=list)
    code: set[str] = field(default_factory=set)

    def row(self) -> list[object]:
        """As the page's script reads it."""
        address = f"{self.page}.html" + (f"#{self.id}" if self.id else "")
        text, code = _plain("".join(self.parts)), " ".join(sorted(self.code))
        return [address, self.title, _INTO.join(self.trail), text, code, self.weight]


def records(page: str, source: str) -> list[Record]:
    """The records of a built page, in their order on it."""
    article = BeautifulSoup(source, "html.parser", parse_only=SoupStrainer("article"))
    for element in article.select(_LEFT_OUT):
        element.decompose()
    weight = next((weight for pattern, weight in _WEIGHTS.items() if re.fullmatch(pattern, page)), 0.8)
    found: list[Record] = []
    first = Record(page, "", "", [], weight)
    _read(article, first, found)
    return [record for record in found if record.title]


def _read(element: Tag, here: Record, found: list[Record]) -> None:
    """Add the text of an element to the record in which it stands, and what has an address of its own to the found."""
    inner = here
    for child in element.children:
        if isinstance(child, Tag):
            if child.name != "dd":  # which belongs to its term
                inner = _opened(child, here)
                if inner is not here:
                    found.append(inner)
            if child.name == "math":
                inner.parts.append(child.get_text().replace("\N{FUNCTION APPLICATION}", " "))
            elif child.name == "pre":
                here.code.update(re.findall(r"[^\W\d]\w{2,}", child.get_text()))
            elif child.name not in _TITLES and (child.name != "dt" or inner is here):
                _read(child, inner, found)
            if child.name not in _INLINE:
                inner.parts.append(" ")
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            here.parts.append(str(child))


def _opened(element: Tag, here: Record) -> Record:
    """The record that this element opens, or the one in which it stands."""
    trail = [*here.trail, here.title] if here.title else []
    name = str(element.get("id", ""))
    if element.name == "section" and name and (heading := element.find(_HEADINGS, recursive=False)):
        top = heading.name == "h1"
        return Record(here.page, "" if top else name, _plain(heading.get_text()), trail, here.weight)
    if element.name == "dt" and name.startswith("term-"):
        return Record(here.page, name, _plain(element.get_text()), trail, here.weight)
    if element.name == "details" and name and (summary := element.find("summary")):
        return Record(here.page, name, _plain(summary.get_text()), trail, here.weight)
    return here


def _plain(text: str) -> str:
    return " ".join(text.split()).replace(" .", ".").replace(" ,", ",")


def _pages(app: Sphinx) -> Iterator[tuple[str, str]]:
    for page in sorted(app.env.found_docs):
        file = Path(app.outdir, f"{page}.html")
        if file.is_file():
            yield page, file.read_text(encoding="utf-8")


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    rows = [record.row() for page, source in _pages(app) for record in records(page, source)]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    file = Path(app.outdir, "_static", RECORDS)
    file.write_text(f'"use strict";\nconst searchRecords = [\n{lines}\n];\n', encoding="utf-8")


def _replace_the_builders(app: Sphinx) -> None:
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False


def _page(app: Sphinx) -> Iterator[tuple[str, dict[str, object], str]]:
    if app.builder.name == "html":
        yield "search", {}, "search.html"


def _bring(app: Sphinx, pagename: str, _template: str, _context: dict[str, object], _doctree: object) -> None:
    if pagename == "search":
        app.add_css_file("search.css")
        for file in ("minisearch/minisearch.js", "search.js"):
            app.add_js_file(file, loading_method="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("builder-inited", _replace_the_builders)
    app.connect("html-collect-pages", _page)
    app.connect("html-page-context", _bring)
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
