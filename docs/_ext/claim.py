"""``:claim:`NAME```: what was measured, printed beside the sentence that claims it."""

import json
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata

REMEDY = "run `latent-course claims`"
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """One measurement: a statistic over seeds, and what must hold for it."""

    statement: str
    value: float
    spread: float
    unit: str
    digits: int
    seeds: list[int]
    values: list[float]
    must_hold: str
    holds: bool
    budget: str
    source: str

    def number(self, value: float) -> str:
        """A value with the digits that the spread leaves it, and a true minus sign."""
        return f"{value:.{self.digits}f}".replace("-", "\N{MINUS SIGN}")

    @property
    def certain(self) -> bool:
        """Whether chance has no part in it, so that it has neither spread nor seeds."""
        return self.budget == "no training" and len(set(self.values)) == 1

    def measured(self, *, seeds: bool = True) -> str:
        """Value, spread, unit and, if asked for, number of seeds, kept on one line."""
        spread = "" if self.certain else f" ± {self.number(self.spread)}"
        words = f"{self.number(self.value)}{spread} {self.unit}".strip()
        if seeds and not self.certain:
            words += f", {len(self.seeds)} seed{'s' * (len(self.seeds) != 1)}"
        return words.replace(" ", "\N{NO-BREAK SPACE}")


def read(env: BuildEnvironment) -> dict[str, Claim]:
    """All claims by name, and a note that the current document depends on them; none if nothing was measured yet."""
    file = Path(env.srcdir, "claims.json")
    env.note_dependency(file)
    if not file.exists():
        return {}
    measured = json.loads(file.read_text(encoding="utf-8"))["claims"]
    return {name: Claim(**claim) for name, claim in measured.items()}


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

    def _link(self, claim: Claim) -> nodes.Element:
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

    def _seeds_are_news(self, claim: Claim) -> bool:
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
