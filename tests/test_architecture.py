"""Who may import whom, and what is public: read from the source, without importing it.

A rule looks at one fact of one module: that it imports something, has a text in it, or lacks `__all__`. Tests may
import anything, so they are not looked at.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = ("course", "autograder", "solutions", "exercises", "docs", "tests")
LOOKED_AT = PROJECT[:-1]
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
    """Every node but docstrings, and whether it is inside a function."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            when_called = True
    yield node, when_called
    for child in ast.iter_child_nodes(node):
        yield from nodes(child, when_called)


PURE = ("course.patterns", "course.objectives", "course.latent")
CLOTHES = ("course.fashion", "course.fashion_files", "course.idx", "course.mirrors")
ASKING = ("course.studies", "course.claims", "course.figures", "course.explorer", "course.sweep")
FOR_STUDENTS = ("course.patterns", "course.checkpoints", "course.figures")
BEFORE_TORCH = (*sys.stdlib_module_names, "click", "course.__version__")

RULES: dict[str, Callable[[Fact], bool]] = {
    "course imports nothing else of this project":
        lambda f: f.at("course") and f.imports_other("course"),
    "course.patterns, course.objectives and course.latent import no sibling but each other":
        lambda f: f.at(*PURE) and f.imports_other(*PURE),
    "course.metrics imports no sibling but models, objectives and patterns":
        lambda f: f.at("course.metrics")
        and f.imports_other("course.metrics", "course.models", "course.objectives", "course.patterns"),
    "course.models imports no sibling but objectives":
        lambda f: f.at("course.models") and f.imports_other("course.models", "course.objectives"),
    "course.labelled imports no sibling but models and objectives":
        lambda f: f.at("course.labelled") and f.imports_other("course.labelled", "course.models", "course.objectives"),
    "course.maps and course.planes import no sibling but each other":
        lambda f: f.at("course.maps", "course.planes") and f.imports_other("course.maps", "course.planes"),
    "what reads Fashion-MNIST imports no sibling but each other":
        lambda f: f.at(*CLOTHES) and f.imports_other(*CLOTHES),
    "in course, only course/figures/ imports matplotlib and imageio":
        lambda f: f.at("course") and not f.at("course.figures") and f.imports("matplotlib", "mpl_toolkits", "imageio"),
    "course.cli sits on top: nothing in course imports it":
        lambda f: f.at("course") and f.imports("course.cli"),
    "course/cli.py, and course/__init__.py before it, import outside functions only click and the standard library":
        lambda f: f.file in ("course/cli.py", "course/__init__.py")
        and f.does == "imports" and not f.when_called and not f.imports(*BEFORE_TORCH),
    "exercises and solutions import of this project only course.patterns, course.checkpoints and course.figures":
        lambda f: f.at("exercises", "solutions") and f.imports_other(*FOR_STUDENTS),
    "autograder imports of this project only itself and course.patterns":
        lambda f: f.at("autograder") and f.imports_other("autograder", "course.patterns"),
    "autograder imports torch only in engine/inside/ and misconceptions/":
        lambda f: f.at("autograder") and f.imports("torch")
        and not f.at("autograder.engine.inside", "autograder.misconceptions"),
    "in autograder, only engine/answering/oracle.py knows where solutions are":
        lambda f: f.at("autograder") and not f.at("autograder.engine.answering.oracle")
        and f.does == "says" and re.search(r"(^|[/\s])solutions(/|$)", f.what) is not None,
    "docs imports of this project only course":
        lambda f: f.at("docs") and f.imports_other("course", "docs"),
    "nothing but tests imports docs or tests":
        lambda f: not f.at("tests") and f.imports("docs", "tests"),
    "in course, only studies and what asks them import course.studies":
        lambda f: f.at("course") and not f.at(*ASKING) and f.imports("course.studies"),
    "every module in course that defines or imports something says in __all__ what is public":
        lambda f: f.at("course") and f.does == "lacks" and f.what == "__all__",
}  # fmt: skip


def faults(rule: str, file: str, source: str) -> list[str]:
    return [f"{f.file}:{f.line} {f.does} {f.what!r}: {rule}" for f in facts(file, source) if RULES[rule](f)]


def project_sources() -> list[Path]:
    return sorted(path for package in LOOKED_AT for path in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("rule", RULES)
def test_the_code_keeps(rule: str) -> None:
    found: list[str] = []
    for path in project_sources():
        found += faults(rule, path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    assert not found, "\n".join(["", *found])


def test_all_of_the_project_is_looked_at() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in project_sources()} == set(LOOKED_AT)


# (the start of a rule, a file, what breaks the rule in its last line, what keeps it)
EXAMPLES = [
    ("course imports", "course/runs.py", "import autograder.engine.wire", "from course import models"),
    ("course imports", "course/runs.py", "def f():\n    from tests import bank", "import testing"),
    ("course imports", "course/runs.py", "import importlib\nimportlib.import_module('docs.a')", "say('docs.a')"),
    ("course.patterns", "course/latent.py", "from course import models", "from course import objectives"),
    ("course.patterns", "course/patterns.py", "from . import runs", "from .latent import lerp"),
    ("course.patterns", "course/objectives.py", "import course", "import torch"),
    ("course.patterns", "course/latent.py", "from course import *", "from course.patterns import *"),
    ("course.metrics", "course/metrics.py", "from course.training import fit", "from course.models import VAE"),
    ("course.metrics", "course/metrics.py", "import course.latent as l", "import course.objectives, course.patterns"),
    ("course.models", "course/models.py", "from course.patterns import TYPES", "from course.objectives import kl"),
    ("course.labelled", "course/labelled.py", "from course import runs", "from course.models import VAE"),
    ("course.maps", "course/planes.py", "from course.models import VAE", "from course.maps import align"),
    ("what reads", "course/idx.py", "from course import patterns", "from course import fashion"),
    ("in course, only course/figures/", "course/claims/base.py", "def f():\n    import imageio.v3", "import torch"),
    ("in course, only course/figures/", "course/metrics.py", "from matplotlib import pyplot", "import matplotlib_like"),
    ("course.cli", "course/figures/style.py", "from ..cli import main", "from ..runs import trained"),
    ("course/cli.py", "course/cli.py", "import click\nimport torch", "def f():\n    import torch"),
    ("course/cli.py", "course/cli.py", "class A:\n    from course import runs", "from course import __version__"),
    ("course/cli.py", "course/__init__.py", "from course import models", "from pathlib import Path"),
    ("exercises", "exercises/a_starter.py", "def f():\n    import course.models", "from course import checkpoints"),
    ("exercises", "solutions/a_solution.py", "from course.latent import lerp", "from course.figures import draw"),
    ("exercises", "solutions/a_solution.py", "import autograder", "import torch, imageio.v3"),
    ("autograder imports of", "autograder/test_latent.py", "from course import figures", "import course.patterns"),
    ("autograder imports of", "autograder/engine/calls.py", "import solutions.a", "from ..engine import wire"),
    ("autograder imports torch", "autograder/engine/workers/program.py", "def f():\n    import torch.nn", "import torchlike"),
    ("in autograder", "autograder/engine/answering/student.py", "ROOT / 'solutions'", "'''Not in solutions/ here.'''"),
    ("in autograder", "autograder/conftest.py", "f'{ROOT}/solutions/{name}'", "say('the solution')"),
    ("docs imports", "docs/conf.py", "from autograder.engine import catalogue", "from course import figures"),
    ("nothing but tests", "docs/_ext/quiz.py", "from docs._ext import markup", "from markup import html"),
    ("nothing but tests", "autograder/engine/wire.py", "import tests.bank", "import unittest"),
    ("in course, only studies", "course/metrics.py", "from course.studies import judge", "from course import latent"),
    ("in course, only studies", "course/runs.py", "import course.studies.fits", "import course.latent"),
    ("every module", "course/figures/style.py", "import torch", "__all__ = ['ink']\nimport torch"),
    ("every module", "course/figures/style.py", "def ink(): ...", "VERSION = 1"),
]  # fmt: skip


def named(start: str) -> str:
    [rule] = [rule for rule in RULES if rule.startswith(start)]
    return rule


@pytest.mark.parametrize(("start", "file", "breaks", "keeps"), EXAMPLES)
def test_a_rule_finds_what_breaks_it_and_nothing_else(start: str, file: str, breaks: str, keeps: str) -> None:
    rule = named(start)
    [fault] = faults(rule, file, breaks)
    assert fault.startswith(f"{file}:{len(breaks.splitlines())} ")
    assert fault.endswith(f": {rule}")
    assert faults(rule, file, keeps) == []


@pytest.mark.parametrize(
    ("start", "file", "source"),
    [("in course, only course/figures/", "course/figures/style.py", "import matplotlib"),
     ("autograder imports torch", "autograder/engine/inside/desk.py", "import torch"),
     ("autograder imports torch", "autograder/misconceptions/latent.py", "import torch"),
     ("in autograder", "autograder/engine/answering/oracle.py", "ROOT / 'solutions'"),
     ("in course, only studies", "course/claims/maps.py", "from course.studies import judge"),
     ("every module", "course/__init__.py", "")],
)  # fmt: skip
def test_a_rule_spares_the_places_it_names(start: str, file: str, source: str) -> None:
    assert faults(named(start), file, source) == []


def test_every_rule_has_an_example_that_breaks_it() -> None:
    assert {named(start) for start, *_ in EXAMPLES} == set(RULES)
