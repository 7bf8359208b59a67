"""``:code-at:`course/objectives.py:kl```: a function of the project with the line where it stands today."""

import ast
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata

_logger = logging.getLogger(__name__)


class CodeAt(SphinxRole):
    """``FILE:NAME``, or ``FILE`` alone; a method is ``Class.method``. What is not there is a warning."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        file, _, name = self.text.partition(":")
        root = Path(self.env.srcdir, self.config.code_root)
        try:
            place = find(root, self.text)
        except LookupError as error:
            _logger.warning("%s", error.args[0], location=self.get_location(), type="code_at")
            return [nodes.literal(text=self.text)], []
        self.env.note_dependency(root / file)
        shown = nodes.inline("", "", nodes.literal(text=place), classes=["code-at"])
        if name:
            shown += [nodes.Text(" "), nodes.literal(text=name.rpartition(".")[2])]
        return [shown], []


def find(root: Path, text: str) -> str:
    """``FILE:LINE`` of what is named as ``FILE:NAME``, or ``FILE``. Raises LookupError where it is not there."""
    file, _, name = text.partition(":")
    if not (root / file).exists():
        raise LookupError(f"there is no file {file} in the project")
    if not name:
        return file
    lines = dict(_definitions(ast.parse((root / file).read_text(encoding="utf-8"))))
    if name not in lines:
        raise LookupError(f"{file} defines no {name}")
    return f"{file}:{lines[name]}"


def _definitions(inside: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, int]]:
    """The functions, classes and variables of a module, with their lines; inside a class, its methods."""
    for node in inside.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield prefix + node.name, node.lineno
            case ast.ClassDef():
                yield prefix + node.name, node.lineno
                yield from _definitions(node, f"{prefix}{node.name}.")
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield prefix + name, node.lineno


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("code_root", "..", "env", types=frozenset({str}))
    app.add_role("code-at", CodeAt())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
