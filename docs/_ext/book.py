"""The EPUB: the same pages for paper and e-readers, with stills, answers and open parts for what needs a script."""

import re
import shutil
from pathlib import Path

from docutils import nodes
from markup import element
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.util.typing import ExtensionMetadata
from sphinx_design.dropdown import dropdown_main

_LEFT_OUT = {"button", "input", "canvas", "output"}
_READS_AS = {"details": "div", "fieldset": "div", "label": "span", "legend": "p", "summary": "p"}
_SVG = "http://www.w3.org/2000/svg"
_SCRIPTED = {"animation-player", "lesson-progress", "only-dark", "quiz-verdict"}


class Book(Epub3Builder):
    """EPUB 3; the manifest says which pages hold MathML or SVG, as the standard asks."""

    def build_content(self) -> None:
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
    for dropdown in doctree.findall(dropdown_main):
        dropdown["opened"] = True


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_builder(Book, override=True)
    app.connect("doctree-resolved", _stand_still)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
