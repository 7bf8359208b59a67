"""``.. claims-list:: [LESSON]``: claims with measurement, condition, budget and command, and the pages that use them.

With the name of a file of ``course/claims/``, those that it measures; without, all.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePath

from claim import REMEDY, read
from docutils import nodes
from markup import html
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

from course.claims.results import Result

_WIDTH, _HEIGHT, _RADIUS = 160, 20, 4
_logger = logging.getLogger(__name__)


class _UsedOn(nodes.General, nodes.Element):
    """Stands for the links to the documents that cite a claim until all documents are read."""


class ClaimsList(SphinxDirective):
    """A section for each claim of ``docs/claims.json``, with the id ``claim-NAME``."""

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
        return [self._section(name, claim) for name, claim in chosen.items()]

    def _section(self, name: str, claim: Result) -> nodes.section:
        title, _ = self.parse_inline(claim.statement)
        verdict, root = "holds" if claim.holds else "does not hold", Path(self.env.srcdir, self.config.code_root)
        section = nodes.section(
            "",
            nodes.title("", "", *title),
            html("p", nodes.strong(text=claim.measured()), _dots(claim), class_="claim-measured"),
            nodes.field_list(
                "",
                _field("Baseline", nodes.Text(claim.compared)),
                _field("Must hold", nodes.Text(f"{claim.must_hold} ({verdict})")),
                _field("Budget", nodes.Text(claim.budget)),
                _field("Experiment", nodes.literal(text=_place(root, claim.source, name))),
                _field("Measure it", nodes.literal(text=f"latent-course claims --check --only {name}")),
                _field("Used on", _UsedOn(name=name)),
            ),
            ids=[f"claim-{name}"],
            names=[f"claim-{name}".lower()],
            classes=["claim-entry"],
        )
        self.set_source_info(section)
        self.state.document.note_explicit_target(section)
        return section


def _place(root: Path, source: str, name: str) -> str:
    """``FILE:LINE`` of a claim; ``FILE`` alone where its name is put together there from parts."""
    line = _lines(root / source).get(name)
    return f"{source}:{line}" if line else source


@cache
def _lines(file: Path) -> dict[str, int]:
    """The line of each name that stands as a key in a file."""
    if not file.is_file():
        return {}
    tables = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Dict)]
    keys = [key for table in tables for key in table.keys if isinstance(key, ast.Constant)]
    return {key.value: key.lineno for key in keys if isinstance(key.value, str)}


def _field(name: str, content: nodes.Node) -> nodes.field:
    return nodes.field("", nodes.field_name(text=name), nodes.field_body("", nodes.paragraph("", "", content)))


def _dots(claim: Result) -> nodes.Element:
    """The values of all seeds as dots on a line between the smallest and the largest."""
    low, high = min(claim.values), max(claim.values)
    middle = _HEIGHT / 2
    scale = (_WIDTH - 2 * _RADIUS) / ((high - low) or 1.0)
    places = (_WIDTH / 2 + scale * (value - (low + high) / 2) for value in claim.values)
    dots = "".join(f'<circle cx="{place:.1f}" cy="{middle:g}" r="{_RADIUS}"/>' for place in places)
    line = f'<line x1="0" x2="{_WIDTH}" y1="{middle:g}" y2="{middle:g}"/>'
    alt = "The seeds, one dot each: " + ", ".join(claim.number(value) for value in claim.values)
    size = f'width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    svg = f'<svg class="claim-dots" role="img" aria-label="{alt}" {size}>{line}{dots}</svg>'
    ends = [nodes.Text(claim.number(low)), nodes.raw("", svg, format="html"), nodes.Text(claim.number(high))]
    return html("span", *ends, class_="claim-range")


def _link_users(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for placeholder in list(doctree.findall(_UsedOn)):
        placeholder.replace_self(list(_users(app, docname, placeholder["name"])) or [nodes.Text("no page")])


def _users(app: Sphinx, docname: str, name: str) -> Iterator[nodes.Node]:
    citing = [user for user, metadata in app.env.metadata.items() if name in metadata.get("claims", [])]
    for number, user in enumerate(sorted(citing)):
        if number:
            yield nodes.Text(", ")
        title = nodes.Text(app.env.titles[user].astext())
        yield make_refnode(app.builder, docname, user, f"cites-{name}", title)


def _outdated_lists(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    return [docname for docname, metadata in env.metadata.items() if metadata.get("lists_claims")]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("markup")
    app.setup_extension("code_at")  # for code_root
    app.add_node(_UsedOn)
    app.add_directive("claims-list", ClaimsList)
    app.connect("doctree-resolved", _link_users)
    app.connect("env-get-updated", _outdated_lists)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
