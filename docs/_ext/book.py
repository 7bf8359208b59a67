"""The EPUB: the same pages for paper and e-readers, with stills, answers and open parts for what needs a script."""

import re
import shutil
from collections.abc import Set
from pathlib import Path

from docutils import nodes
from markup import element, html
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.util.typing import ExtensionMetadata
from sphinx_design.dropdown import dropdown_main

_LEFT_OUT = {"button", "input", "canvas", "output"}
_READS_AS = {"details": "div", "fieldset": "div", "label": "span", "legend": "p", "noscript": "div", "summary": "p"}
_SVG = "http://www.w3.org/2000/svg"
_SCRIPTED = {"animation-player", "lesson-progress", "quiz-verdict", "quiz-controls"}
_OF_THE_SITE = {"site-only", "front-do", "buttons"}


class Book(Epub3Builder):
    """EPUB 3, without some pages; the manifest says which hold MathML or SVG, as the standard asks."""

    def write_documents(self, docnames: Set[str]) -> None:
        super().write_documents(set(docnames) - set(self.config.book_without))

    def get_toc(self) -> None:
        super().get_toc()
        left_out = {self.get_target_uri(page) for page in self.config.book_without}
        self.refnodes = [node for node in self.refnodes if node["refuri"].partition("#")[0] not in left_out]

    def build_content(self) -> None:
        self._draw_cover()
        shutil.rmtree(Path(self.outdir, "_static", "katex"), ignore_errors=True)  # fonts for what MathML does without
        for picture in Path(self.outdir, "_images").glob("*.svg"):
            picture.write_text(_strict(picture.read_text(encoding="utf-8")), encoding="utf-8")
        properties = {page: self._properties(page) for page in Path(self.outdir).rglob("*.xhtml")}
        super().build_content()
        manifest = Path(self.outdir, "content.opf")
        text = manifest.read_text(encoding="utf-8")
        for page, held in properties.items():
            item = f'href="{page.relative_to(self.outdir).as_posix()}" media-type="application/xhtml+xml"'
            text = text.replace(f"{item} />", f'{item} properties="{held}" />' if held else f"{item} />")
        manifest.write_text(text, encoding="utf-8")

    def _draw_cover(self) -> None:
        if not self.config.epub_cover:
            return
        from course.figures import front

        front.cover().savefig(Path(self.outdir, self.config.epub_cover[0]), dpi=100)

    def _properties(self, page: Path) -> str:
        content = page.read_text(encoding="utf-8")
        page.write_text(re.sub(r"<svg (?!xmlns)", f'<svg xmlns="{_SVG}" ', content), encoding="utf-8")
        return " ".join(name for name, tag in (("mathml", "<math"), ("svg", "<svg")) if tag in content)


def _strict(svg: str) -> str:
    """What matplotlib writes, without what EPUB forbids: a document type, ids that stand twice, paths without a d."""
    svg = re.sub(r"<!DOCTYPE[^>]*>", "", svg)
    svg = re.sub(r'(<image [^>]*?)id="[^"]*" ?', r"\1", svg)
    return re.sub(r"<path (?![^>]*\bd=)", '<path d="M0 0" ', svg)  # the glyph of a space


def _stand_still(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    if app.builder.name != "epub":
        return
    for image in list(doctree.findall(nodes.image)):
        if "only-dark" in image["classes"]:
            image.parent.remove(image)
    for part in list(doctree.findall(element)):
        if part["tag"] in _LEFT_OUT or _SCRIPTED & set(part["classes"]):
            part.parent.remove(part)
        else:
            part["tag"] = _READS_AS.get(part["tag"], part["tag"])
            for name in ("hidden", "for"):
                part["attributes"].pop(name, None)
    for part in list(
        doctree.findall(lambda node: isinstance(node, nodes.Element) and _OF_THE_SITE & set(node["classes"]))
    ):
        part.parent.remove(part)
    left_out = {app.builder.get_target_uri(page) for page in app.config.book_without}
    for link in list(doctree.findall(nodes.reference)):
        if link.get("refuri", "").rpartition("/")[2].partition("#")[0] in left_out:
            link.parent.replace(link, link.children)
    _answers_last(doctree)
    for dropdown in doctree.findall(dropdown_main):
        dropdown["opened"] = True


def _answers_last(doctree: nodes.document) -> None:
    """Answers where nobody reads them with the question: at the end of the page."""
    answers = nodes.section("", nodes.title(text="Answers"), ids=["answers-of-this-page"])
    for quiz in list(doctree.findall(lambda node: isinstance(node, element) and "quiz" in node["classes"])):
        question, answer = quiz.children[0][0], quiz.children[-1]
        quiz.remove(answer)
        answer.children[0].replace_self(html("p", nodes.strong("", "", *(n.deepcopy() for n in question.children))))
        answers += answer
    if len(answers) > 1:
        next(iter(doctree.findall(nodes.section))).append(answers)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_builder(Book, override=True)
    app.add_config_value("book_without", [], "epub", types=frozenset({list}))
    app.connect("doctree-resolved", _stand_still)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
