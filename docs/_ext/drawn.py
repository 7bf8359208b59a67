"""``.. drawn:: NAME``: a picture that ``course.figures`` draws while the site is built, for light and for dark."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from shrink_svg import shrink_svg
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

import course

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from course.figures import Drawing
    from course.palette import Theme

_FOLDER = "_drawn"
_PIXELS_AN_INCH = 96  # of CSS
_FITS_A_PHONE = 5 * _PIXELS_AN_INCH  # wider ones are scrolled there: their text would be too small
_logger = logging.getLogger(__name__)


def depend_on_course(env: BuildEnvironment) -> None:
    """Read the document again when the code or the weights change that its pictures come from."""
    home = Path(course.__file__).parent
    for source in [*home.rglob("*.py"), *home.glob("weights/*")]:
        env.note_dependency(source)


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

        depend_on_course(self.env)
        if self.arguments[0] not in figures.FIGURES:
            return unknown(self, "figure", sorted(figures.FIGURES))
        return self.figure(self.arguments[0], lambda theme: figures.draw(self.arguments[0], theme))

    def figure(self, name: str, draw: "Callable[[Theme], Drawing]") -> list[nodes.Node]:
        """The picture of this name with the directive's content as its caption."""
        pictures = nodes.container("", *self._images(name, draw), classes=["scroll-box"])
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

    def _images(self, name: str, draw: "Callable[[Theme], Drawing]") -> Iterator[nodes.image]:
        themes: tuple[Theme, ...] = ("light", "dark")
        for theme in themes:
            drawing = draw(theme)
            file = Path(self.env.srcdir, _FOLDER, f"{name}-{theme}.svg")
            _keep(file, _svg(drawing.figure, name))
            across, down = drawing.figure.get_size_inches() * _PIXELS_AN_INCH
            width = self.options.get("width", round(across))
            yield nodes.image(
                uri=f"/{_FOLDER}/{file.name}",
                alt=drawing.alt,
                classes=[f"only-{theme}"],
                loading="lazy",
                width=str(width),  # with both, the page has room for the picture before it comes
                height=str(round(width * down / across)),
            )


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
