"""``.. drawn:: NAME``: a picture that ``course.figures`` draws while the site is built, for light and for dark."""

import json
import re
from collections.abc import Callable, Iterator
from inspect import getfile, getsource
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from course_sources import depend_on_course, digest
from docutils import nodes
from docutils.parsers.rst import directives
from markup import html
from shrink_svg import shrink_svg
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from course.figures import Drawing
    from course.palette import Theme

_FOLDER = "_drawn"
_PIXELS_AN_INCH = 96  # of CSS
_LARGER = 1.3  # a figure of one panel, where there is room
_FAMILY = "-apple-system,BlinkMacSystemFont,'Segoe UI',Helvetica,Arial,sans-serif"  # the page's
_FONT = re.compile(r';? ?font-family: [^;"]*')
_SAFE = " =:/'<>"  # what an address in quotes may hold as it is
_logger = logging.getLogger(__name__)


def unknown(directive: SphinxDirective, kind: str, known: list[str]) -> list[nodes.Node]:
    """Warn that no picture has the name in the directive's argument."""
    message = "no %s is named %r; course.figures knows: %s"
    _logger.warning(
        message, kind, directive.arguments[0], ", ".join(known), location=directive.get_location(), type="drawn"
    )
    return []


class Drawn(SphinxDirective):
    """A figure with a light and a dark picture; the content is its caption."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[OptionSpec] = {
        "width": directives.positive_int,
        "name": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        from course import figures

        if self.arguments[0] not in figures.FIGURES:
            return unknown(self, "figure", sorted(figures.FIGURES))
        return self.figure(self.arguments[0], *named(self.arguments[0]))

    def figure(self, name: str, draw: "Callable[[Theme], Drawing]", code: str) -> list[nodes.Node]:
        """The picture of this name, which `code` imports or makes, with the directive's content as its caption."""
        figure = nodes.figure("", *self._pictures(name, draw, code), classes=["drawn"], align="center")
        self.set_source_info(figure)
        caption, *rest = self.parse_content_to_nodes() or [nodes.paragraph()]
        if caption.children:
            figure += nodes.caption("", "", *caption.children)
        if rest:
            figure += nodes.legend("", *rest)
        self.add_name(figure)
        return [figure]

    def _pictures(self, name: str, draw: "Callable[[Theme], Drawing]", code: str) -> Iterator[nodes.Element]:
        """The legend, if there is one, and the panels."""
        images = list(self._images(name, draw, code))
        kept = _kept(Path(self.env.srcdir, _FOLDER), name, draw, code)
        if kept["light"]["legend"]:
            both = zip(kept["light"]["legend"], kept["dark"]["legend"], strict=True)
            yield html("ul", *(_entry(words, light, dark) for (words, light), (_, dark) in both), class_="signs")
        yield nodes.container("", *images, classes=["panels"])

    def _images(self, name: str, draw: "Callable[[Theme], Drawing]", code: str) -> Iterator[nodes.image]:
        """The panels, each for both themes; the first has the words for all of them."""
        depend_on_course(self.env, code)
        kept = _kept(Path(self.env.srcdir, _FOLDER), name, draw, code)
        sizes = kept["light"]["sizes"]
        for number, (across, down) in enumerate(sizes):
            width = across if len(sizes) > 1 else self.options.get("width", across * _LARGER)
            for theme, picture in kept.items():
                yield nodes.image(
                    uri=f"/{_FOLDER}/{_file(name, theme, number)}",
                    alt="" if number else picture["alt"],
                    classes=[f"only-{theme}"],
                    loading="lazy",
                    width=str(round(width)),  # with both, the page has room for the picture before it comes
                    height=str(round(width * down / across)),
                )


def _entry(words: str, light: str, dark: str) -> nodes.Element:
    """A line of a legend: the sign for either theme, and what it stands for."""
    signs = (
        html("img", src=f"data:image/svg+xml,{quote(sign, safe=_SAFE)}", alt="", class_=f"only-{theme}")
        for theme, sign in (("light", light), ("dark", dark))
    )
    return html("li", *signs, nodes.inline("", words))  # a place for what is put around words


def _file(name: str, theme: str, number: int) -> str:
    return f"{name}-{theme}-{number + 1}.svg" if number else f"{name}-{theme}.svg"


def named(name: str) -> "tuple[Callable[[Theme], Drawing], str]":
    """What draws the figure of this name, and the import of the module that it is in."""
    from course import figures

    return lambda theme: figures.draw(name, theme), f"import {figures.FIGURES[name].__module__}"


def _kept(folder: Path, name: str, draw: "Callable[[Theme], Drawing]", code: str) -> dict[str, dict[str, Any]]:
    """What is drawn, for each theme: words, sizes and legend; drawn again when the code behind it is another."""
    note, behind = folder / f"{name}.json", digest(f"{code}\n{getsource(_svg)}", Path(getfile(shrink_svg)))
    if note.exists():
        known = json.loads(note.read_text(encoding="utf-8"))
        if known["behind"] == behind and all((folder / file).exists() for file in known["files"]):
            pictures: dict[str, dict[str, Any]] = known["pictures"]
            return pictures
    from course.figures.signs import sign

    pictures, files = {}, []
    themes: tuple[Theme, ...] = ("light", "dark")
    for theme in themes:
        drawing = draw(theme)
        for number, panel in enumerate(drawing.panels):
            files.append(_file(name, theme, number))
            _keep(folder / files[-1], _svg(panel, f"{name}{number or ''}"))
        pictures[theme] = {
            "alt": drawing.alt,
            "sizes": [[float(side) * _PIXELS_AN_INCH for side in panel.get_size_inches()] for panel in drawing.panels],
            "legend": [(words, sign(artist)) for words, artist in drawing.legend],
        }
    content = {"behind": behind, "files": files, "pictures": pictures}
    note.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return pictures


def _svg(figure: "Figure", name: str) -> bytes:
    """The picture as the same bytes each time: ids from the name, no date; text as text, in the font of the page.

    It is laid out for a font that is wider than the usual ones, so that there is room for each of them.
    """
    import matplotlib
    from matplotlib import pyplot

    file = BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    pyplot.close(figure)
    svg = _FONT.sub("", file.getvalue().decode()).replace("*{", f"text{{font-family:{_FAMILY}}}*{{", 1)
    return shrink_svg(svg).encode()


def _keep(file: Path, content: bytes) -> None:
    """Write what is new; a file that stays as it was does not make other documents outdated."""
    file.parent.mkdir(exist_ok=True)
    if not file.exists() or file.read_bytes() != content:
        file.write_bytes(content)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("markup")
    app.add_css_file("figures.css")
    app.add_directive("drawn", Drawn)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
