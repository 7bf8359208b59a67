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
_STATIC = {"epub.css", "basic.css", "pygments.css", "nbsphinx-code-cells.css", "book.css", "cover.png", "file.png"}
_STYLES = re.compile(r'<link rel="stylesheet"[^>]*?_static/([^"?]+)[^>]*/>')
_SVG = "http://www.w3.org/2000/svg"
_SCRIPTED = {"animation-player", "lesson-progress", "only-dark", "quiz-verdict", "quiz-controls"}
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
        self._drop_what_is_of_the_site()
        self._draw_cover()
        for picture in Path(self.outdir, "_images").glob("*.svg"):
            picture.write_text(_strict(picture.read_text(encoding="utf-8")), encoding="utf-8")
        properties = {page: self._properties(page) for page in Path(self.outdir).rglob("*.xhtml")}
        super().build_content()
        manifest = Path(self.outdir, "content.opf")
        text = manifest.read_text(encoding="utf-8")
        for page, held in properties.items():
            item = f'href="{page.relative_to(self.outdir).as_posix()}" media-type="application/xhtml+xml"'
            text = text.replace(f"{item} />", f'{item} properties="{held}" />' if held else f"{item} />")
        cover = 'href="_static/cover.png" media-type="image/png"'
        text = text.replace(f"{cover} />", f'{cover} properties="cover-image" />')
        manifest.write_text(text, encoding="utf-8")

    def build_toc(self) -> None:
        super().build_toc()
        table = Path(self.outdir, "toc.ncx")
        text = table.read_text(encoding="utf-8").replace(self.config.epub_uid, self.config.epub_identifier)
        table.write_text(text, encoding="utf-8")

    def _draw_cover(self) -> None:
        if not self.config.epub_cover:
            return
        from course.figures import front

        front.cover().savefig(Path(self.outdir, self.config.epub_cover[0]), dpi=100)

    def _drop_what_is_of_the_site(self) -> None:
        """Scripts, the site's styles, and KaTeX's fonts, which MathML does without."""
        for item in Path(self.outdir, "_static").iterdir():
            if item.is_dir():
                shutil.rmtree(item)
            elif item.name not in _STATIC:
                item.unlink()

    def _properties(self, page: Path) -> str:
        content = _STYLES.sub(lambda link: link[0] if link[1] in _STATIC else "", page.read_text(encoding="utf-8"))
        content = re.sub(r' columnspacing="[^"]*"', "", content)  # KaTeX's values are none in the standard
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
            if "explorer" in part["classes"]:
                part["ids"] = []  # nothing leads to a still
            if "explorer-look" in part["classes"]:
                part.parent.replace(part, part.children)
            for name in ("hidden", "for"):
                part["attributes"].pop(name, None)
    for node in list(doctree.findall(nodes.Element)):
        if _OF_THE_SITE & set(node["classes"]):
            node.parent.remove(node)
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
    for quiz in [part for part in doctree.findall(element) if "quiz" in part["classes"]]:
        fieldset, answer = quiz.children
        assert isinstance(fieldset, element)
        assert isinstance(answer, element)
        question = [word.deepcopy() for word in fieldset.children[0].children]
        quiz.remove(answer)
        answer[0] = html("p", nodes.strong("", "", *question))
        answers += answer
    if len(answers) > 1:
        next(iter(doctree.findall(nodes.section))).append(answers)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_builder(Book, override=True)
    app.add_config_value("book_without", [], "epub", types=frozenset({list}))
    app.connect("doctree-resolved", _stand_still)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
