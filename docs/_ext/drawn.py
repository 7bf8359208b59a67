"""``.. drawn:: NAME``: a picture that ``course.figures`` draws while the site is built, for light and for dark."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from course_sources import depend_on_course, digest
from docutils import nodes
from docutils.parsers.rst import directives
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
_FITS_A_PHONE = 5 * _PIXELS_AN_INCH  # wider ones are scrolled there: their text would be too small
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
        pictures = nodes.container("", *self._images(name, draw, code), classes=["scroll-box"])
        figure = nodes.figure("", pictures, classes=["drawn"], align="center")
        if all(int(image["width"]) <= _FITS_A_PHONE for image in pictures.findall(nodes.image)):
            figure["classes"].append("fits")
        self.set_source_info(figure)
        caption, *rest = self.parse_content_to_nodes() or [nodes.paragraph()]
        if caption.children:
            figure += nodes.caption("", "", *caption.children)
        if rest:
            figure += nodes.legend("", *rest)
        self.add_name(figure)
        return [figure]

    def _images(self, name: str, draw: "Callable[[Theme], Drawing]", code: str) -> Iterator[nodes.image]:
        depend_on_course(self.env, code)
        for theme, (alt, across, down) in _kept(Path(self.env.srcdir, _FOLDER), name, draw, code).items():
            width = self.options.get("width", round(across))
            yield nodes.image(
                uri=f"/{_FOLDER}/{name}-{theme}.svg",
                alt=alt,
                classes=[f"only-{theme}"],
                loading="lazy",
                width=str(width),  # with both, the page has room for the picture before it comes
                height=str(round(width * down / across)),
            )


def named(name: str) -> "tuple[Callable[[Theme], Drawing], str]":
    """What draws the figure of this name, and the import of the module that it is in."""
    from course import figures

    return lambda theme: figures.draw(name, theme), f"import {figures.FIGURES[name].__module__}"


def _kept(
    folder: Path, name: str, draw: "Callable[[Theme], Drawing]", code: str
) -> dict[str, tuple[str, float, float]]:
    """Alt text and size of each theme's picture; they are drawn again when the code behind them is another."""
    note, behind = folder / f"{name}.json", digest(code, Path(__file__), Path(shrink_svg.__code__.co_filename))
    files = {theme: folder / f"{name}-{theme}.svg" for theme in ("light", "dark")}
    if note.exists() and all(file.exists() for file in files.values()):
        known = json.loads(note.read_text(encoding="utf-8"))
        if known["behind"] == behind:
            pictures: dict[str, tuple[str, float, float]] = known["pictures"]
            return pictures
    pictures = {}
    themes: tuple[Theme, ...] = ("light", "dark")
    for theme in themes:
        drawing = draw(theme)
        across, down = drawing.figure.get_size_inches() * _PIXELS_AN_INCH
        pictures[theme] = (drawing.alt, float(across), float(down))
        _keep(files[theme], _svg(drawing.figure, name))
    note.write_text(json.dumps({"behind": behind, "pictures": pictures}, ensure_ascii=False), encoding="utf-8")
    return pictures


def _svg(figure: "Figure", name: str) -> bytes:
    """The picture as the same bytes each time: text as paths, ids from the name, no date."""
    import matplotlib
    from matplotlib import pyplot

    file = BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": name}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    pyplot.close(figure)
    return shrink_svg(file.getvalue().decode()).encode()


def _keep(file: Path, content: bytes) -> None:
    """Write what is new; a file that stays as it was does not make other documents outdated."""
    file.parent.mkdir(exist_ok=True)
    if not file.exists() or file.read_bytes() != content:
        file.write_bytes(content)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("drawn", Drawn)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
