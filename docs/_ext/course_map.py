"""``.. lesson-facts:: lessons/NAME/lesson``: on the map, what a lesson takes and how far the reader is in it."""

import json
from collections.abc import Iterator

from docutils import nodes
from markup import element, html
from parts import read
from reading_time import in_words
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

_FACTS = ("Time", "Level", "Before")
_logger = logging.getLogger(__name__)


class _Facts(nodes.General, nodes.Element):
    """Stands for the facts at the head of a lesson until all documents are read."""


class LessonFacts(SphinxDirective):
    """Time, level and what comes before, from the head of the lesson's page; and a bar that a script fills."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        lesson = self.arguments[0]
        self.env.metadata[self.env.docname]["shows_lessons"] = True
        numbers = [part.number for e in read(self.env).values() if e.lesson == lesson for part in e.parts]
        facts = _Facts(lesson=lesson, parts=numbers)
        self.set_source_info(facts)
        return [facts]


def _head(env: BuildEnvironment, lesson: str) -> dict[str, str]:
    """The facts as plain text, with the titles of the pages that they link to."""
    fields = next(iter(env.get_doctree(lesson).findall(nodes.field_list)), nodes.field_list())
    for link in list(fields.findall(pending_xref)):
        if (target := link["reftarget"].lstrip("/")) in env.titles:
            link.replace_self(nodes.Text(env.titles[target].astext()))
    return {field[0].astext(): field[1].astext() for field in fields.findall(nodes.field)}


def _questions(doctree: nodes.document) -> Iterator[str]:
    for part in doctree.findall(element):
        if "quiz" in part["classes"]:
            yield f"quiz/{part['attributes']['data-key']}"


def _fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for facts in list(doctree.findall(_Facts)):
        lesson = facts["lesson"]
        head = _head(app.env, lesson) if lesson in app.env.all_docs else {}
        if missing := [name for name in _FACTS if name not in head]:
            message = "%s says nothing of %s at its head"
            _logger.warning(message, lesson, ", ".join(missing), location=(docname, None), type="course_map")
            facts.parent.remove(facts)
            continue
        keys = [*_questions(app.env.get_doctree(lesson)), *(f"part/{number}" for number in facts["parts"])]
        minutes = in_words(app.env.get_doctree(lesson), head["Time"]).partition(":")[0]
        rows = [html("p", nodes.Text(f"{minutes} · {head['Level']}"), class_="lesson-time")]
        rows.append(html("p", nodes.Text(f"Before: {head['Before']}"), class_="lesson-before"))
        facts.replace_self([*rows, _progress(keys)])


def _outdated_maps(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """A page with facts is written again with every build: any of its lessons may take longer now."""
    return [docname for docname, metadata in env.metadata.items() if metadata.get("shows_lessons")]


def _progress(keys: list[str]) -> nodes.Element:
    bar = html("progress", max=str(len(keys)), value="0", aria_label="Progress in this lesson")
    return html("div", bar, html("span"), class_="lesson-progress", hidden="", data_keys=json.dumps(keys))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("quiz")
    app.setup_extension("reading_time")
    app.add_node(_Facts)
    app.add_directive("lesson-facts", LessonFacts)
    app.connect("doctree-resolved", _fill)
    app.connect("env-get-updated", _outdated_maps)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
