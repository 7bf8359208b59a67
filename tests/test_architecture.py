"""Who may import whom, and what is public: read from the source, without importing it.

A rule looks at one fact of one module: that it imports something, has a text in it, or lacks `__all__`. Tests may
import anything, so they are not looked at.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.import_facts import PROJECT, Fact, facts

ROOT = Path(__file__).parents[1]
LOOKED_AT = tuple({*PROJECT} - {"exercises", "tests"})  # exercises/ holds answers of students; starters import
# what their solutions do
PURE = ("course.patterns", "course.objectives", "course.latent")
CLOTHES = ("course.fashion", "course.fashion_files", "course.idx", "course.download")
ASKING = ("course.studies", "course.claims", "course.figures", "course.explorer", "course.sweep")
FOR_STUDENTS = ("course.attempt", "course.patterns", "course.checkpoints", "course.figures")
BEFORE_TORCH = (*sys.stdlib_module_names, "click", "course.__version__", "course.commands", "course.errors")

ENGINE: dict[str, tuple[str, ...]] = {  # what each part of the grader's engine imports; all of it stands further up
    "trees": (),
    "reading": (),
    "wire": (),
    "messages": (),
    "calls": ("wire", "messages"),
    "parsing": ("wire", "messages", "calls"),
    "evidence": ("calls",),
    "catalogue": ("reading",),
    "verdicts": (),
    "staging": ("reading", "wire", "messages", "catalogue"),
    "walls": (),
    "worker_process": ("trees", "wire", "messages", "walls"),
    "worker_client": ("trees", "wire", "messages", "walls"),
    "checkup": ("calls", "parsing", "staging", "walls", "worker_client"),
    "answering": (
        "trees",
        "reading",
        "wire",
        "messages",
        "calls",
        "parsing",
        "evidence",
        "catalogue",
        "verdicts",
        "staging",
        "worker_client",
    ),
    "judging": ("wire", "calls", "parsing", "catalogue", "verdicts", "answering"),
    "grading": ("calls", "catalogue", "verdicts", "worker_client", "answering", "judging"),
    "report": ("catalogue", "verdicts", "grading"),
    "plugin": ("catalogue", "verdicts", "staging", "worker_client", "judging", "grading", "report"),
}


def strays(part: str) -> Callable[[Fact], bool]:
    """The rule of one part of the engine."""
    allowed = [f"autograder.engine.{name}" for name in (part, *ENGINE[part])]
    return lambda f: f.at(allowed[0]) and f.imports_other("autograder.__version__", *allowed)


RULES: dict[str, Callable[[Fact], bool]] = {
    "course imports nothing else of this project":
        lambda f: f.at("course") and f.imports_other("course"),
    "course.patterns, course.objectives and course.latent import no sibling but each other":
        lambda f: f.at(*PURE) and f.imports_other(*PURE),
    "course.metrics imports no sibling but errors, evidence, models, objectives and patterns":
        lambda f: f.at("course.metrics")
        and f.imports_other("course.metrics", "course.errors", "course.evidence", "course.models", "course.objectives",
                          "course.patterns"),
    "course.models imports no sibling but errors, likelihoods, memory and objectives":
        lambda f: f.at("course.models")
        and f.imports_other(
            "course.models", "course.errors", "course.likelihoods", "course.memory", "course.objectives"
        ),
    "course.labelled imports no sibling but errors, models and objectives":
        lambda f: f.at("course.labelled")
        and f.imports_other("course.labelled", "course.errors", "course.models", "course.objectives"),
    "course.maps and course.planes import no sibling but each other":
        lambda f: f.at("course.maps", "course.planes") and f.imports_other("course.maps", "course.planes"),
    "what reads Fashion-MNIST imports no sibling but each other, course.errors, course.files and course.memory":
        lambda f: f.at(*CLOTHES) and f.imports_other(*CLOTHES, "course.errors", "course.files", "course.memory"),
    "what reads readers' own images imports no sibling but course.idx, course.memory and course.errors":
        lambda f: f.at("course.own_images")
        and f.imports_other("course.own_images", "course.idx", "course.memory", "course.errors"),
    "in course, only course/figures/ imports matplotlib and imageio":
        lambda f: f.at("course") and not f.at("course.figures") and f.imports("matplotlib", "mpl_toolkits", "imageio"),
    "course.cli sits on top: nothing in course imports it":
        lambda f: f.at("course") and f.imports("course.cli"),
    "the command line imports outside functions only itself, click and the standard library":
        lambda f: (f.file == "course/__init__.py" or f.at("course.cli", "course.commands"))
        and f.does == "imports" and not f.when_called and not f.imports(*BEFORE_TORCH),
    "exercises and solutions import of this project only course.attempt, patterns, checkpoints and figures":
        lambda f: f.at("exercises", "solutions") and f.imports_other(*FOR_STUDENTS),
    "autograder imports of this project only itself and course.patterns":
        lambda f: f.at("autograder") and f.imports_other("autograder", "course.patterns"),
    "autograder imports torch only in engine/worker_process/ and misconceptions/":
        lambda f: f.at("autograder") and f.imports("torch")
        and not f.at("autograder.engine.worker_process", "autograder.misconceptions"),
    "in autograder, only engine/answering/oracle.py knows where solutions are":
        lambda f: f.at("autograder") and not f.at("autograder.engine.answering.oracle")
        and f.does == "says" and re.search(r"(^|[/\s])solutions(/|$)", f.what) is not None,
    **{f"in the engine, {part} imports of this project only itself{''.join(f', {name}' for name in ENGINE[part])}":
       strays(part) for part in ENGINE},
    "in autograder, only engine/worker_process/ imports what runs beside a student's code":
        lambda f: f.at("autograder") and f.imports("autograder.engine.worker_process")
        and not f.at("autograder.engine.worker_process"),
    "a check imports of this project only names that engine/judging/ offers":
        lambda f: f.file.startswith("autograder/test_")
        and f.imports(*PROJECT) and re.fullmatch(r"autograder\.engine\.judging\.\w+", f.what) is None,
    "docs imports of this project only course":
        lambda f: f.at("docs") and f.imports_other("course", "docs"),
    "nothing but tests imports docs or tests":
        lambda f: not f.at("tests") and f.imports("docs", "tests"),
    "in course, only studies and what asks them import course.studies":
        lambda f: f.at("course") and not f.at(*ASKING) and f.imports("course.studies"),
    "every module in course that defines or imports something says in __all__ what is public":
        lambda f: f.at("course") and f.does == "lacks" and f.what == "__all__",
}  # fmt: skip


def project_sources() -> list[Path]:
    return sorted(path for package in LOOKED_AT for path in (ROOT / package).rglob("*.py"))


@functools.cache
def project_facts() -> list[Fact]:
    sources = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in project_sources()}
    return [fact for file, source in sources.items() for fact in facts(file, source)]


def broken(rule: str, found: list[Fact]) -> list[str]:
    return [f"{f.file}:{f.line} {f.does} {f.what!r}: {rule}" for f in found if RULES[rule](f)]


def faults(rule: str, file: str, source: str) -> list[str]:
    return broken(rule, list(facts(file, source)))


@pytest.mark.parametrize("rule", RULES)
def test_the_code_keeps(rule: str) -> None:
    found = broken(rule, project_facts())
    assert not found, "\n".join(["", *found])


def test_all_of_the_project_is_looked_at() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in project_sources()} == set(LOOKED_AT)


def test_every_part_of_the_engine_has_its_place() -> None:
    engine = ROOT / "autograder" / "engine"
    found = {path.relative_to(engine).parts[0].removesuffix(".py") for path in engine.rglob("*.py")}
    assert found - {"__init__"} == set(ENGINE)


def circle(found: list[Fact]) -> list[str]:
    """Modules of which each imports the one before it, and the first the last; packages themselves are left out."""
    modules = {fact.module for fact in found if not fact.file.endswith("__init__.py")}
    imports: dict[str, set[str]] = {module: set() for module in modules}
    for fact in found:
        if fact.module in modules and fact.does == "imports":
            imports[fact.module] |= {m for m in (fact.what, fact.what.rpartition(".")[0]) if m in modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_modules_import_one_way() -> None:
    assert circle(project_facts()) == []


def test_a_circle_of_imports_is_found() -> None:
    upper = list(facts("course/upper.py", "from course.lower import f"))
    assert circle([*upper, *facts("course/lower.py", "import torch")]) == []
    found = circle([*upper, *facts("course/lower.py", "def f():\n    from course import upper")])
    assert set(found) == {"course.upper", "course.lower"}


@pytest.mark.parametrize("part", ENGINE)
def test_a_part_of_the_engine_imports_what_stands_further_up_and_no_less(part: str) -> None:
    order = list(ENGINE)
    assert set(ENGINE[part]) <= set(order[: order.index(part)])
    own = [fact for fact in project_facts() if fact.at(f"autograder.engine.{part}")]
    used = {name for name in order for fact in own if fact.imports(f"autograder.engine.{name}")} - {part}
    assert used == set(ENGINE[part]), "what no module imports any more is no longer allowed"


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
    ("what reads Fashion", "course/idx.py", "from course import patterns", "from course import fashion"),
    ("what reads readers", "course/own_images/files.py", "from course import fashion", "from course import idx"),
    ("in course, only course/figures/", "course/claims/base.py", "def f():\n    import imageio.v3", "import torch"),
    ("in course, only course/figures/", "course/metrics.py", "from matplotlib import pyplot", "import matplotlib_like"),
    ("course.cli", "course/figures/style.py", "from ..cli import main", "from ..runs import trained"),
    ("the command line", "course/cli.py", "import click\nimport torch", "def f():\n    import torch"),
    ("the command line", "course/cli.py", "class A:\n    from course import runs", "from course import __version__"),
    ("the command line", "course/commands/runs.py", "from course import runs", "if TYPE_CHECKING:\n    import course"),
    ("the command line", "course/__init__.py", "from course import models", "from pathlib import Path"),
    ("exercises", "exercises/a_starter.py", "def f():\n    import course.models", "from course import checkpoints"),
    ("exercises", "solutions/a_solution.py", "from course.latent import lerp", "from course.figures import draw"),
    ("exercises", "solutions/a_solution.py", "import autograder", "import torch, imageio.v3"),
    ("autograder imports of", "autograder/test_latent.py", "from course import figures", "import course.patterns"),
    ("autograder imports of", "autograder/engine/calls.py", "import solutions.a", "from ..engine import wire"),
    ("autograder imports torch", "autograder/engine/wire.py", "def f():\n    import torch.nn", "import torchlike"),
    ("in autograder, only engine/a", "autograder/watch.py", "ROOT / 'solutions'", "'''Not in solutions/ here.'''"),
    ("in autograder, only engine/a", "autograder/conftest.py", "f'{ROOT}/solutions/{name}'", "say('the solution')"),
    ("in autograder, only engine/w", "autograder/watch.py",
     "import autograder.engine.worker_process", "from . import keyboard"),
    ("in autograder, only engine/w", "autograder/engine/worker_client/fresh.py",
     "from ..worker_process import dispatch", "from ..walls import sandbox"),
    ("a check", "autograder/test_kl.py", "from autograder.engine import wire", "from .engine.judging import rows"),
    ("a check", "autograder/test_kl.py", "from .engine.judging.walk import small", "from .engine.judging import walk"),
    ("docs imports", "docs/conf.py", "from autograder.engine import catalogue", "from course import figures"),
    ("nothing but tests", "docs/_ext/quiz.py", "from docs._ext import markup", "from markup import html"),
    ("nothing but tests", "autograder/engine/wire.py", "import tests.bank", "import unittest"),
    ("in course, only studies", "course/metrics.py", "from course.studies import judge", "from course import latent"),
    ("in course, only studies", "course/runs.py", "import course.studies.ex_post_density", "import course.latent"),
    ("every module", "course/figures/style.py", "import torch", "__all__ = ['ink']\nimport torch"),
    ("every module", "course/figures/style.py", "def ink(): ...", "VERSION = 1"),
]  # fmt: skip

# (a part of the engine, its file, what breaks its rule, what keeps it)
EXAMPLES_OF_THE_ENGINE = [
    ("trees", "trees.py", "from autograder.engine import wire", "import shutil"),
    ("reading", "reading.py", "from autograder.engine import trees", "import stat"),
    ("wire", "wire.py", "from autograder.engine import verdicts", "import json"),
    ("messages", "messages.py", "from autograder.engine import calls", "from typing import TypedDict"),
    ("calls", "calls.py", "from autograder.engine.walls import files", "from autograder.engine import wire"),
    ("parsing", "parsing.py", "from autograder.engine import evidence", "from . import calls"),
    ("evidence", "evidence.py", "from autograder.engine import wire", "from autograder.engine.calls import Call"),
    ("catalogue", "catalogue.py", "import autograder.engine.calls", "import tomllib"),
    ("verdicts", "verdicts.py", "from autograder import watch", "import enum"),
    ("staging", "staging/own.py", "from ..worker_client import worker", "from ..catalogue import exercises"),
    ("walls", "walls/files.py", "from ..worker_client import workdir", "from .landlock import READ"),
    ("worker_process", "worker_process/channel.py", "from autograder.engine import calls", "from ..wire import read"),
    ("worker_client", "worker_client/worker.py", "from ..worker_process import serving", "from ..walls import files"),
    ("checkup", "checkup/trials.py", "def f():\n    from .. import judging", "def f():\n    from .. import walls"),
    (
        "answering",
        "answering/student.py",
        "from ..judging.comparison import rows",
        "from ..worker_client import worker",
    ),
    ("judging", "judging/walk.py", "import autograder.engine.report.text", "from . import probes"),
    ("grading", "grading/grade.py", "from .. import report", "from ..judging import part"),
    ("report", "report/text.py", "from ..plugin.run import Grading", "from ..grading.session import Outcome"),
    ("report", "report/gradescope.py", "import autograder", "from autograder import __version__"),
    ("plugin", "plugin/run.py", "from autograder import conftest", "from autograder.engine import report"),
]
EXAMPLES += [
    (f"in the engine, {part} ", f"autograder/engine/{file}", breaks, keeps)
    for part, file, breaks, keeps in EXAMPLES_OF_THE_ENGINE
]


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
     ("autograder imports torch", "autograder/engine/worker_process/dispatch.py", "import torch"),
     ("autograder imports torch", "autograder/misconceptions/latent.py", "import torch"),
     ("in autograder, only engine/a", "autograder/engine/answering/oracle.py", "ROOT / 'solutions'"),
     ("in autograder, only engine/w", "autograder/engine/worker_process/dispatch.py",
      "from . import channel"),
     ("a check", "autograder/conftest.py", "from autograder.engine import verdicts"),
     ("in course, only studies", "course/claims/maps.py", "from course.studies import judge"),
     ("every module", "course/__init__.py", "")],
)  # fmt: skip
def test_a_rule_spares_the_places_it_names(start: str, file: str, source: str) -> None:
    assert faults(named(start), file, source) == []


def test_every_rule_has_an_example_that_breaks_it() -> None:
    assert {named(start) for start, *_ in EXAMPLES} == set(RULES)
