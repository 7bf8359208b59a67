"""Hand-made answers to single parts, from TOML files: `right/`, `wrong/` (a file an exercise), `held_back/`, `blind/`,
`blind_2/`, `blind_3/`.

A case is a table `[[case]]` with a `name`, the `part`, and the function's `body`; `body_b` is that of the part's second
function. What is not given stays the solution's. `signature` stands in the place of the function's `def` line, and may
hold further methods before it; `extra` is code of the module, put before the functions; `beside` are files by name. A
wrong case may say which `mistake` it makes, else none may be named. `source` and `why` are for readers.
"""

from __future__ import annotations

import ast
import textwrap
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path

from autograder.engine.answering.oracle import SOLUTIONS
from autograder.engine.catalogue import Exercise, exercises, part

__all__ = ["BANK", "Answer", "Case", "cases", "find", "hand_made", "sets", "together"]

BANK = Path(__file__).parent


@dataclass(frozen=True)
class Answer:
    """A file to grade for the sake of some of its parts, what lies beside it, and the mistake that it makes."""

    name: str
    parts: tuple[str, ...]
    text: str
    beside: Mapping[str, str] = field(default_factory=dict)
    mistake: str | None = None


@dataclass(frozen=True)
class Case:
    """One answer to one part."""

    name: str
    part: str
    body: str = ""
    body_b: str = ""
    signature: str = ""
    extra: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)
    mistake: str | None = None
    source: str = ""
    why: str = ""

    @property
    def answer(self) -> Answer:
        return replace(together([self]), mistake=self.mistake)


def cases(file: Path) -> list[Case]:
    """The cases of a file, none if it does not exist."""
    return [Case(**case) for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]] if file.exists() else []


def hand_made(kind: str, chosen: Exercise | None = None) -> list[Case]:
    """The `right` or `wrong` cases of one exercise, or of all."""
    return [case for e in exercises() if chosen in (None, e) for case in cases(BANK / kind / f"{e.name}.toml")]


def together(chosen: Sequence[Case]) -> Answer:
    """The solution with all these answers in it, each to a part (or a half of one) that no other answers."""
    exercise, _ = part(chosen[0].part)
    text = (SOLUTIONS / exercise.solution).read_text(encoding="utf-8")
    for case in chosen:
        _, about = part(case.part)
        for function, body in zip([about.function, *about.also], [case.body, case.body_b], strict=False):
            if body:
                text = _put(text, function, case.signature, body)
    first = min(node.lineno for node in ast.parse(text).body if isinstance(node, ast.ClassDef | ast.FunctionDef))
    lines = text.splitlines()
    lines[first - 1 : first - 1] = [case.extra for case in chosen if case.extra]
    parts = tuple(dict.fromkeys(case.part for case in chosen))
    beside = {name: content for case in chosen for name, content in case.beside.items()}
    return Answer(" + ".join(case.name for case in chosen), parts, "\n".join(lines) + "\n", beside)


def sets(chosen: Sequence[Case]) -> list[list[Case]]:
    """Cases of one exercise in sets that go into one file: the first of each part, the second, and so on."""
    by_place: dict[tuple[str, bool], list[Case]] = {}
    for case in chosen:
        by_place.setdefault((case.part, not case.body), []).append(case)
    return [[case for case in row if case] for row in zip_longest(*by_place.values())]


def find(tree: ast.Module, function: str) -> ast.FunctionDef:
    """A function of a module, or a method as `Class.method`."""
    body: list[ast.stmt] = tree.body
    *owner, name = function.split(".")
    for wanted in owner:
        body = next(n.body for n in body if isinstance(n, ast.ClassDef) and n.name == wanted)
    return next(n for n in body if isinstance(n, ast.FunctionDef) and n.name == name)


def _put(text: str, function: str, signature: str, body: str) -> str:
    """The module with another body in a function, after its docstring, and perhaps another `def` line."""
    node = find(ast.parse(text), function)
    lines = text.splitlines()
    documented = node.body[1:] if ast.get_docstring(node) is not None else node.body
    assert node.end_lineno is not None
    before = lines[node.lineno - 1 : documented[0].lineno - 1]
    if f"def {node.name}(" in signature:
        indent = " " * node.col_offset
        before = textwrap.indent(signature.strip("\n").rstrip(":") + ":", indent).splitlines()
    inside = textwrap.indent(textwrap.dedent(body).strip("\n"), " " * (node.col_offset + 4)).splitlines()
    lines[node.lineno - 1 : node.end_lineno] = [*before, *inside]
    return "\n".join(lines) + "\n"
