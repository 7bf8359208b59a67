"""What modules do: imports, texts and a missing `__all__`, read from the source without importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["PROJECT", "Fact", "facts"]

PROJECT = ("course", "autograder", "solutions", "exercises", "docs", "tests")
DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Fact:
    """What a module does at a line. An import has its full name: `from course import latent` is `course.latent`."""

    file: str
    line: int
    does: Literal["imports", "says", "lacks"]
    what: str
    when_called: bool = False

    @property
    def module(self) -> str:
        return self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def at(self, *modules: str) -> bool:
        """Whether this module is one of these, or inside one."""
        return within(self.module, *modules)

    def imports(self, *modules: str) -> bool:
        return self.does == "imports" and within(self.what, *modules)

    def imports_other(self, *allowed: str) -> bool:
        """Whether it imports something of this project that is not allowed."""
        return self.imports(*PROJECT) and not within(self.what, *allowed)


def within(name: str, *modules: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def facts(file: str, source: str) -> Iterator[Fact]:
    tree = ast.parse(source, file)
    folder = file.split("/")[:-1]
    assigned = {name.id for node in tree.body for name in targets(node)}
    if "__all__" not in assigned and any(isinstance(node, DEFINITIONS) for node in tree.body):
        yield Fact(file, 1, "lacks", "__all__")
    for node, when_called in nodes(tree):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield Fact(file, node.lineno, "imports", alias.name, when_called)
            case ast.ImportFrom(module=module, names=names, level=level):
                start = folder[: len(folder) - level + 1] if level else []
                for alias in names:
                    name = ".".join([*start, *([module] if module else []), alias.name])
                    yield Fact(file, node.lineno, "imports", name, when_called)
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield Fact(file, node.lineno, "imports", name, when_called)
            case ast.Constant(value=str(text)):
                yield Fact(file, node.lineno, "says", text, when_called)


def targets(node: ast.stmt) -> list[ast.Name]:
    found = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target for target in found if isinstance(target, ast.Name)]


def nodes(node: ast.AST, when_called: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    """Every node but docstrings, and whether importing the module leaves it out: in a function, or for types alone."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda() | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            when_called = True
    yield node, when_called
    for child in ast.iter_child_nodes(node):
        yield from nodes(child, when_called)
