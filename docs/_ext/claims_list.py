"""``.. claims-list:: [LESSON]``: a table of claims with measurement, baseline, condition and budget, and who uses them.

With the name of a file of ``course/claims/``, those that it measures; without, all. A page holds hundreds of rows, so a
row is few elements and much text.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from claim import REMEDY, read
from docutils import nodes
from markup import html
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from course.claims.results import Result

_HEAD = ("What was measured", "What came out")
_logger = logging.getLogger(__name__)


class _UsedOn(nodes.General, nodes.Element):
    """Stands for the links to the documents that cite a claim until all documents are read."""


class ClaimsList(SphinxDirective):
    """A row for each claim of ``docs/claims.json``, with the id ``claim-NAME``."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        claims = read(self.env)
        self.env.metadata[self.env.docname]["lists_claims"] = True
        if not claims:
            message = "docs/claims.json is missing or empty: %s"
            _logger.warning(message, REMEDY, location=self.get_location(), type="claim")
        lesson = self.arguments[0] if self.arguments else None
        chosen = {name: claim for name, claim in claims.items() if lesson in (None, PurePath(claim.source).stem)}
        if claims and not chosen:
            known = ", ".join(sorted({PurePath(claim.source).stem for claim in claims.values()}))
            message = "no claim is measured in %r (there are %s)"
            _logger.warning(message, lesson, known, location=self.get_location(), type="claim")
        if not chosen:
            return []
        head = html("tr", *(html("th", nodes.Text(words), scope="col") for words in _HEAD))
        rows = [self._row(name, claim) for name, claim in chosen.items()]
        return [html("table", html("thead", head), html("tbody", *rows), class_="claims-table")]

    def _row(self, name: str, claim: Result) -> nodes.Element:
        statement, _ = self.parse_inline(claim.statement)
        verdict, root = "holds" if claim.holds else "does not hold", Path(self.env.srcdir, self.config.code_root)
        dots: list[nodes.Node] = [*_dots(claim)] or [nodes.Text("\n")]
        held = f"\nMust hold: {claim.must_hold} ({verdict}). Budget: {claim.budget}\n"
        address = html("a", nodes.Text(name), href=f"#claim-{name}")
        place = f", {_place(root, claim.source, name)}. "
        row = html(
            "tr",
            html("th", *statement, scope="row"),
            html(
                "td",
                nodes.Text(claim.measured()),
                *dots,
                nodes.Text(f"Baseline: {claim.compared}{held}"),
                address,
                nodes.Text(place),
                _UsedOn(name=name),
            ),
            id_=f"claim-{name}",
        )
        row["names"] = [f"claim-{name}".lower()]
        self.set_source_info(row)
        self.state.document.note_explicit_target(row)
        return row


def _place(root: Path, source: str, name: str) -> str:
    """``FILE:LINE`` in ``course/claims/``; ``FILE`` alone where the claim's name is put together there from parts."""
    line, file = _lines(root / source).get(name), source.removeprefix("course/claims/")
    return f"{file}:{line}" if line else file


@cache
def _lines(file: Path) -> dict[str, int]:
    """The line of each name that stands as a key in a file."""
    if not file.is_file():
        return {}
    tables = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Dict)]
    keys = [key for table in tables for key in table.keys if isinstance(key, ast.Constant)]
    return {key.value: key.lineno for key in keys if isinstance(key.value, str)}


def _dots(claim: Result) -> list[nodes.Element]:
    """The values of all seeds as dots from the smallest to the largest; nothing where they are all the same."""
    low, high = min(claim.values), max(claim.values)
    if low == high:
        return []
    places = ";".join(
        f"--{letter}:{100 * (value - low) / (high - low):.0f}%"
        for letter, value in zip("abcde", claim.values, strict=False)
    )
    alt = "Seeds: " + ", ".join(claim.number(value) for value in sorted(claim.values))
    return [html("i", style=places, role="img", aria_label=alt)]


def _link_users(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for placeholder in list(doctree.findall(_UsedOn)):
        users = list(_users(app, docname, placeholder["name"]))
        placeholder.replace_self([nodes.Text("Used in "), *users] if users else [nodes.Text("Used nowhere")])


def _users(app: Sphinx, docname: str, name: str) -> Iterator[nodes.Node]:
    """Links to where pages cite a claim: a lesson by its number, another page by its title."""
    citing = [user for user, metadata in app.env.metadata.items() if name in metadata.get("claims", [])]
    titles = {user: app.env.titles[user].astext() for user in citing}
    for place, user in enumerate(
        sorted(citing, key=lambda user: (len(titles[user].partition(" · ")[0]), titles[user]))
    ):
        if place:
            yield nodes.Text(", ")
        number, dot, _ = titles[user].partition(" · ")
        words = f"lesson {number}" if dot else titles[user]
        yield html("a", nodes.Text(words), href=f"{app.builder.get_relative_uri(docname, user)}#cites-{name}")


def _outdated_lists(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    return [docname for docname, metadata in env.metadata.items() if metadata.get("lists_claims")]


def _bring(app: Sphinx, pagename: str, _template: str, _context: dict[str, Any], _doctree: object) -> None:
    if app.env.metadata.get(pagename, {}).get("lists_claims"):
        app.add_css_file("claims-list.css")
        app.add_js_file("claims-list.js", loading_method="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("markup")
    app.setup_extension("code_at")  # for code_root
    app.add_node(_UsedOn)
    app.add_directive("claims-list", ClaimsList)
    app.connect("doctree-resolved", _link_users)
    app.connect("env-get-updated", _outdated_lists)
    app.connect("html-page-context", _bring)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
