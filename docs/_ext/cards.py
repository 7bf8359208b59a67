"""What a number, a term and a source say when they are pointed at: the text for cards.js, once a page, hidden.

A link to ``#claim-NAME``, ``#term-WORD`` or ``#cite-KEY`` on another page gets the card with that name. Sources need no
text here: their links carry it as a title.
"""

import re
from functools import cache
from html import escape
from typing import Any

from claim import read
from docutils import nodes
from formulas import render
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from course.claims.results import Result

_LINK = re.compile(r'<a class="[^"]*" href="[^"#]+#((?:claim|term)-[^"]+)"')


def _add_cards(app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    if app.builder.format != "html" or app.builder.name == "epub" or "body" not in context:
        return
    cards = []
    claims = {f"claim-{name}".lower(): claim for name, claim in read(app.env).items()}
    for name in dict.fromkeys(_LINK.findall(context["body"])):
        claim = claims.get(name.lower())
        if text := claim_card(claim) if claim else _definitions(app).get(name):
            cards.append(f'<div id="card-{name}">{text}</div>')
    if cards:
        context["body"] += f'<div class="cards" hidden>{"".join(cards)}</div>\n'


def claim_card(claim: Result) -> str:
    """Value, seeds, baseline and budget; the script draws the dots from the shares of the way, in hundredths."""
    low, high = min(claim.values), max(claim.values)
    text = f"<p><b>{escape(claim.measured())}</b></p>"
    if high > low:
        shares = " ".join(f"{100 * (value - low) / (high - low):.0f}" for value in claim.values)
        text += f'<p data-dots="{shares}">{claim.number(low)} {claim.number(high)}</p>'
    return f"{text}<p>Baseline: {escape(claim.compared)}</p><p>Budget: {escape(claim.budget)}</p>"


@cache
def _definitions(app: Sphinx) -> dict[str, str]:
    """The definition of each term by the id of its entry."""
    pages = {page for (kind, _), (page, _) in app.env.domains.standard_domain.objects.items() if kind == "term"}
    items = (item for page in pages for item in app.env.get_doctree(page).findall(nodes.definition_list_item))
    return {
        term["ids"][0]: f"<p><b>{escape(term.astext())}</b></p>{_partial(app, item)}"
        for item in items
        for term in item.findall(nodes.term)
        if term["ids"]
    }


def _partial(app: Sphinx, item: nodes.definition_list_item) -> str:
    """The HTML of a definition, without links; formulas as MathML, which is light."""
    [definition] = [child.deepcopy() for child in item.children if isinstance(child, nodes.definition)]
    for link in list(definition.findall(pending_xref)):
        link.replace_self(nodes.Text(link.astext()))
    for formula in list(definition.findall(nodes.math)):
        formula.replace_self(nodes.raw("", render(formula.astext(), display=False, output="mathml"), format="html"))
    return "".join(app.builder.render_partial(child)["fragment"] for child in definition.children)  # type: ignore[attr-defined]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("claim")
    app.setup_extension("formulas")
    app.connect("html-page-context", _add_cards)
    app.add_css_file("cards.css")
    app.add_js_file("cards.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
