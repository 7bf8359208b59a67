"""``.. parts-table:: latent``: what an exercise asks for, part by part, with points and the place that explains it."""

from docutils import nodes
from markup import html
from parts import Exercise, Part, read
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

_HEADINGS = ("Done", "Part", "What to write", "Points")
_logger = logging.getLogger(__name__)


class _Explained(nodes.Inline, nodes.TextElement):
    """Stands for the link to the section that explains a part until all documents are read."""


class PartsTable(SphinxDirective):
    """A table with one row a part and a row with the sum of the points."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        exercises = read(self.env)
        exercise = exercises.get(self.arguments[0])
        if exercise is None:
            message, known = "no exercise is named %r; autograder/parts knows: %s", ", ".join(exercises) or "none"
            _logger.warning(message, self.arguments[0], known, location=self.get_location(), type="parts_table")
            return []
        table = nodes.table("", _group(exercise), classes=["parts-table"])
        self.set_source_info(table)
        return [table]


def _group(exercise: Exercise) -> nodes.tgroup:
    total = sum(part.points for part in exercise.parts)
    body = [_part_row(exercise, part) for part in exercise.parts]
    body.append(_row(nodes.Text(""), nodes.strong(text="All"), nodes.Text(""), nodes.strong(text=str(total))))
    head = nodes.thead("", _row(*(nodes.Text(heading) for heading in _HEADINGS)))
    columns = [nodes.colspec(colwidth=width) for width in (8, 30, 50, 12)]
    return nodes.tgroup("", *columns, head, nodes.tbody("", *body), cols=len(_HEADINGS))


def _part_row(exercise: Exercise, part: Part) -> nodes.row:
    words = nodes.Text(f"{part.number} {part.title}")
    explained = _Explained("", "", words, lesson=exercise.lesson, section=part.section)
    functions = nodes.inline("", "", nodes.literal(text=part.function))
    for name in part.also:
        functions += [nodes.Text(", "), nodes.literal(text=name)]
    return _row(_tick(part), explained, functions, nodes.Text(str(part.points)))


def _tick(part: Part) -> nodes.Element:
    """For the reader to tick; the script that remembers it shows it."""
    box = html("input", type="checkbox", data_part=part.number, aria_label=f"I have done part {part.number}")
    return html("label", box, class_="part-done", hidden="")


def _row(*cells: nodes.Node) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def _link_sections(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for part in list(doctree.findall(_Explained)):
        lesson, section = part["lesson"], part["section"]
        if lesson in app.env.all_docs and section in app.env.get_doctree(lesson).ids:
            part.replace_self(make_refnode(app.builder, docname, lesson, section, part.children))
        else:
            message = "part %r is explained in section %r of %s, which does not exist"
            _logger.warning(message, part.astext(), section, lesson, location=(docname, None), type="parts_table")
            part.replace_self(part.children)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("hints")
    app.setup_extension("quiz")
    app.add_node(_Explained)
    app.add_directive("parts-table", PartsTable)
    app.connect("doctree-resolved", _link_sections)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
