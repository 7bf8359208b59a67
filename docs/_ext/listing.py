"""``.. listing:: course/objectives.py:kl``: the code of a function, narrow, with the place where it stands today.

What the page leaves out of it, one click brings back.
"""

import ast
import io
import subprocess
import sys
import tokenize
from functools import cache
from pathlib import Path
from textwrap import dedent, wrap

from code_at import find
from docutils import nodes
from markup import html
from sphinx.application import Sphinx
from sphinx.directives.code import container_wrapper
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

WIDTH = 76
"""Columns that a page has room for beside the contents."""

_logger = logging.getLogger(__name__)


class Listing(SphinxDirective):
    """``FILE:OBJECT``, without its docstrings, checks of arguments and a function's decorators, in narrow lines.

    Below it a closed ``details`` holds the whole, where something is left out. What is not there is a warning, and so is a line that cannot be made narrow.
    """

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        named = self.arguments[0]
        file, _, name = named.partition(":")
        root = Path(self.env.srcdir, self.config.code_root)
        try:
            find(root, named)
            if not name:
                raise LookupError(f"expected FILE:OBJECT, got {named}")
        except LookupError as error:
            _logger.warning("%s", error.args[0], location=self.get_location(), type="listing")
            return []
        self.env.note_dependency(root / file)
        source = (root / file).read_text(encoding="utf-8")
        code, whole = reflowed(bare(source, name)), reflowed(defined(source, name))
        if wide := [line for line in code.splitlines() if len(line) > WIDTH]:
            message = "a line of %s is wider than %d columns: %s"
            _logger.warning(message, named, WIDTH, wide[0], location=self.get_location(), type="listing")
        shown: list[nodes.Node] = [container_wrapper(self, self._block(code), f":code-at:`{named}`")]
        if whole != code:
            title = "With its docstring and all checks"
            shown.append(html("details", html("summary", nodes.Text(title)), self._block(whole), class_="whole"))
        return shown

    def _block(self, code: str) -> nodes.literal_block:
        block = nodes.literal_block(code, code, language="python")
        self.set_source_info(block)
        return block


def bare(source: str, name: str) -> str:
    """What a module defines as `name`, or as `Class.method`, without what a reader of the page can do without."""
    node = _definition(source, name)
    decorators = node.decorator_list if isinstance(node, ast.ClassDef) else []
    first = min([node.lineno, *(each.lineno for each in decorators)])
    return _cut(source, first, node, {line for inner in ast.walk(node) for line in _left_out(inner)})


def defined(source: str, name: str) -> str:
    """All that a module defines as `name`, with its decorators."""
    node = _definition(source, name)
    return _cut(source, min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))]), node, set())


def _definition(source: str, name: str) -> ast.stmt:
    node: ast.AST = ast.parse(source)
    for part in name.split("."):
        node = next(each for each in getattr(node, "body", []) if part in _names(each))
    assert isinstance(node, ast.stmt)
    return node


def _cut(source: str, first: int, node: ast.stmt, left_out: set[int]) -> str:
    numbers = range(first, (node.end_lineno or node.lineno) + 1)
    lines = source.splitlines()
    return dedent("\n".join(lines[number - 1] for number in numbers if number not in left_out)) + "\n"


def _names(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
    return set()


def _left_out(node: ast.AST) -> set[int]:
    """The lines of a docstring with code below it, and of an ``if`` that does nothing but raise."""
    match node:
        case ast.FunctionDef(body=[doc, _, *_]) | ast.ClassDef(body=[doc, _, *_]) if (
            ast.get_docstring(node) is not None
        ):
            return set(range(doc.lineno, (doc.end_lineno or doc.lineno) + 1))
        case ast.If(body=[ast.Raise()], orelse=[]):
            return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return set()


@cache
def reflowed(code: str) -> str:
    """The same code in lines of at most `WIDTH` columns, as ruff breaks them; only words in quotes stay as they are."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", str(WIDTH), "-"]
    narrow = _comments_above(code)
    return subprocess.run(command, input=narrow, capture_output=True, encoding="utf-8", check=True).stdout


def _comments_above(code: str) -> str:
    """Comments for which a line has no room stand above it, in as many lines as they need."""
    lines = [[line] for line in code.splitlines()]
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT and len(token.line.rstrip()) > WIDTH:
            before = token.line[: token.start[1]].rstrip()
            indent = token.line[: len(token.line) - len(token.line.lstrip())]
            words = wrap(token.string.lstrip("# "), WIDTH - len(indent) - 2)
            lines[token.start[0] - 1] = [*(f"{indent}# {part}" for part in words), *([before] if before else [])]
    return "\n".join(line for some in lines for line in some) + "\n"


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("code_at")
    app.setup_extension("markup")
    app.add_directive("listing", Listing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
