"""``.. claim-dots:: NAME``: what was measured of many models as dots, one a seed, in place of a table of numbers."""

import re

from claim import REMEDY, read
from docutils import nodes
from drawn import Drawn
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

_PANEL = re.compile(r"panel (?P<ending>[\w-]+): (?P<title>.+)")
_ROW = re.compile(r"row (?P<series>[^:]+): (?P<start>[\w-]+): (?P<title>.+)")
_logger = logging.getLogger(__name__)


class ClaimDots(Drawn):
    """A panel for each ``panel ENDING: TITLE``, a row for each ``row SERIES: START: TITLE``, then the caption.

    Each place shows the values of the claim START-ENDING over seeds. Rows of one title share a line, and series differ
    in colour and marker.
    """

    def run(self) -> list[nodes.Node]:
        from course.figures.dots import Dots, dot_plot

        claims, panels, rows = read(self.env), self._matches(_PANEL), self._matches(_ROW)
        names = {(panel, row): f"{row['start']}-{panel['ending']}" for panel in panels for row in rows}
        if missing := [name for name in names.values() if name not in claims]:
            message = "claim-dots shows claims, and none is named %r: %s"
            _logger.warning(message, missing[0], REMEDY, location=self.get_location(), type="claim")
            return []
        if not names:
            _logger.warning("claim-dots needs a panel and a row", location=self.get_location(), type="claim")
            return []
        dots = [
            Dots(panel["title"], row["series"], row["title"], claims[name].values)
            for (panel, row), name in names.items()
        ]
        self.content = self.content[len(panels) + len(rows) :]
        return self.figure(
            self.arguments[0], lambda theme: dot_plot(theme, dots), f"import {dot_plot.__module__}\n{dots}"
        )

    def _matches(self, line_of: re.Pattern[str]) -> list[re.Match[str]]:
        return [found for line in self.content if (found := line_of.fullmatch(line.strip()))]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("drawn")
    app.add_directive("claim-dots", ClaimDots)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
