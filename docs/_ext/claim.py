"""``:claim:`NAME```: what was measured, printed beside the sentence that claims it; cards.py says more."""

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata

from course.claims.results import Result, read_results

REMEDY = "run `latent-course claims`"
_logger = logging.getLogger(__name__)


def read(env: BuildEnvironment) -> dict[str, Result]:
    """All claims by name, and a note that the current document depends on them; none if nothing was measured yet."""
    file = Path(env.srcdir, "claims.json")
    env.note_dependency(file)
    return read_results(file)


class ClaimRole(SphinxRole):
    """The measured value as a link to its entry in the list of claims.

    A page says how many seeds there were at its first number, and again where that changes.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        claims = read(self.env)
        claim = claims.get(self.text)
        if claim is None:
            known = f"known: {', '.join(sorted(claims))}" if claims else "docs/claims.json is missing or empty"
            self._warn("no claim is named %r (%s): %s", self.text, known, REMEDY)
            return [nodes.literal(text=self.text)], []
        if not claim.holds:
            self._warn(
                "claim %r does not hold: %s must be %s; teach what was measured, or %s again",
                *(self.text, claim.measured(), claim.must_hold, REMEDY),
            )
        return [self._link(claim)], []

    def _link(self, claim: Result) -> nodes.Element:
        target = f"claim-{self.text}".lower()
        words = nodes.inline(text=claim.measured(seeds=self._seeds_are_news(claim)))
        link = addnodes.pending_xref("", words, refdomain="std", reftype="ref", reftarget=target, refexplicit=True)
        link["refdoc"] = self.env.docname
        link["refwarn"] = True
        self.set_source_info(link)
        place = nodes.inline("", "", link, classes=["claim"])
        cited = self.env.metadata[self.env.docname].setdefault("claims", [])  # forgotten with the document
        if self.text not in cited:
            cited.append(self.text)
            place["ids"] = [f"cites-{self.text}"]
        return place

    def _seeds_are_news(self, claim: Result) -> bool:
        page, seeds = self.env.current_document, len(claim.seeds)
        if claim.certain or page.get("seeds said") == seeds:
            return False
        page["seeds said"] = seeds
        return True

    def _warn(self, message: str, *words: str) -> None:
        _logger.warning(message, *words, location=self.get_location(), type="claim")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_role("claim", ClaimRole())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
