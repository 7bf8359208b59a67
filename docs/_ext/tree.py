"""``.. tree:: course autograder``: the modules of folders, each with the first sentence of its docstring."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from markup import html
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

_SENTENCE = re.compile(r"(.+?[.?!])(?=\s+[A-Z`(]|$)")
_CODE = re.compile(r"(``.+?``+|`[^`]+`)")  # a role in code ends with three
_GROUP = re.compile(r"^(\w[\w ]*)\n((?: {4}\w+ +\S.*\n?)+)", re.MULTILINE)
_logger = logging.getLogger(__name__)


class Tree(SphinxDirective):
    """A list for each folder, and for each folder inside it one that is closed at first. Nothing is imported."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()  # a module that is new changes no file that could be watched
        root = Path(self.env.srcdir, self.config.code_root)
        lists = nodes.bullet_list("", *(self._folder(root / name, name) for name in self.arguments[0].split()))
        tree = html("div", lists, class_="tree")
        self.set_source_info(lists)
        return [tree]

    def _folder(self, folder: Path, name: str) -> nodes.list_item:
        """The folder at the top: open, since the reader asked for it."""
        if not list(_modules(folder)):
            self._warn("there is no folder with modules at %s", name)
        line = nodes.paragraph("", "", *self._line(folder, name))
        return nodes.list_item("", line, *self._inside(folder))

    def _inside(self, folder: Path) -> Iterator[nodes.Node]:
        """The modules as the package's docstring groups them, in its order; else as their names are spelt."""
        left = {path.stem: path for path in _modules(folder)}
        for group, named in _groups(folder):
            yield nodes.paragraph("", "", nodes.strong(text=group), classes=["tree-group"])
            yield self._list([left.pop(name) for name in named if name in left])
        if left:
            yield self._list(list(left.values()))

    def _list(self, paths: list[Path]) -> nodes.bullet_list:
        return nodes.bullet_list("", *(nodes.list_item("", self._module(path)) for path in paths))

    def _module(self, path: Path) -> nodes.Node:
        if path.suffix:
            return nodes.paragraph("", "", *self._line(path, path.name))
        return html("details", html("summary", *self._line(path, path.name)), *self._inside(path))

    def _line(self, path: Path, name: str) -> list[nodes.Node]:
        file = path if path.suffix else path / "__init__.py"
        shown = nodes.literal(text=name if path.suffix else f"{name}/")
        if not file.is_file():
            return [shown]
        sentence = first_sentence(file)
        if not sentence:
            self._warn("%s has no docstring that says what it is for", file.name if path.suffix else f"{name}/")
        return [shown, nodes.Text(" "), *_inline(sentence)]

    def _warn(self, message: str, *words: str) -> None:
        _logger.warning(message, *words, location=self.get_location(), type="tree")


def first_sentence(file: Path) -> str:
    """The first sentence of a module's docstring on one line, without its full stop; empty where there is none."""
    first = " ".join(_docstring(file).partition("\n\n")[0].split())
    sentence = _SENTENCE.match(first)
    return (sentence[1] if sentence else first).removesuffix(".")


def _docstring(file: Path) -> str:
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""


def _modules(folder: Path) -> Iterator[Path]:
    """The modules and the folders that hold some, by name."""
    for path in sorted(folder.glob("[!_.]*")):
        if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py"))):
            yield path


def _groups(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The headings in the docstring of a package, each with the modules that are named below it."""
    init = folder / "__init__.py"
    for group, lines in _GROUP.findall(_docstring(init) if init.is_file() else ""):
        yield group, [line.split()[0] for line in lines.splitlines()]


def _inline(sentence: str) -> Iterator[nodes.Node]:
    """Text in which what stands between backticks, one or two, is code."""
    for number, text in enumerate(_CODE.split(sentence)):
        if number % 2:
            yield nodes.literal(text=text[2:-2] if text.startswith("``") else text[1:-1])
        elif text:
            yield nodes.Text(text)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("markup")
    app.setup_extension("code_at")
    app.add_directive("tree", Tree)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
