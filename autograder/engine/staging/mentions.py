"""What a file says that it needs, read from its source without running it: modules that it imports, names of files."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

__all__ = ["LOOKED_AT", "Mentions", "mentions"]

LOOKED_AT = 100_000  # bytes; a parser takes minutes for some texts of a million
FILE_NAME = re.compile(r"[^\s/\0][^\n\0]{0,200}")


@dataclass(frozen=True)
class Mentions:
    """Modules with their dots, as seen from the submission's folder, and texts that may name files."""

    modules: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


def mentions(source: bytes, package: str = "") -> Mentions:
    """What a source mentions; nothing if it is no Python. `package` is the one that relative imports start from."""
    if len(source) > LOOKED_AT:
        return Mentions()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they are the student's, and said where the file runs
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Mentions()
    modules: dict[str, None] = {}
    texts: dict[str, None] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                modules.update({alias.name: None for alias in names})
            case ast.ImportFrom(module=module, names=names, level=level):
                start = _start(package, level, module or "")
                modules.update({name: None for name in (start, *(f"{start}.{alias.name}" for alias in names)) if name})
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                modules[name] = None
            case ast.Constant(value=str(text)) if FILE_NAME.fullmatch(text):
                texts[text] = None
    return Mentions(tuple(name.strip(".") for name in modules), tuple(texts))


def _start(package: str, level: int, module: str) -> str:
    """The module that a `from` names: `from ..a import b` in the package c.d is about c.a."""
    steps = package.split(".") if package else []
    kept = steps[: len(steps) - level + 1] if level else []
    return ".".join([*kept, *([module] if module else [])])
