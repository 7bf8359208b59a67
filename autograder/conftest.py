"""`pytest autograder`: options, the fixtures that checks use, and where pytest and the engine meet."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.engine.answering.oracle import Oracle
from autograder.engine.answering.student import Student
from autograder.engine.plugin.run import Grading, NotDone
from autograder.engine.plugin.terminal import PartReporter
from autograder.engine.verdicts import State

HERE = Path(__file__).parent
GRADING = pytest.StashKey[Grading]()
TOOLS = pytest.StashKey[dict[str, Any]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("latent course")
    group.addoption("--submission", metavar="PATH", help="grade this folder of starters, or this one file")
    group.addoption("--hint", metavar="PART", help="show the next hint for a part, such as 1.2, and check nothing")
    group.addoption("--report-json", metavar="FILE", help="write the verdicts as a results.json for Gradescope")
    group.addoption("--map", action="store_true", help="show how far you are in the whole course")
    group.addoption("--seed", type=int, metavar="N", help="repeat the random inputs of an earlier run (-v prints N)")
    group.addoption("--time-limit", type=float, default=10.0, metavar="SECONDS", help="for one call (10)")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.stash[GRADING] = grading = Grading(config)
    standard = config.pluginmanager.get_plugin("terminalreporter")
    only_ours = all(_is_ours(Path(arg.split("::")[0])) for arg in config.args)
    if only_ours and standard is not None and not config.getoption("collectonly"):
        config.pluginmanager.unregister(standard)
        config.pluginmanager.register(PartReporter(config, grading), "terminalreporter")


def _is_ours(path: Path) -> bool:
    return path.resolve().is_relative_to(HERE.resolve())


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> bool | None:
    number = session.config.getoption("--hint")
    if number is None:
        return None
    session.config.stash[GRADING].show_hint(number)
    session.items = []
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    return True if session.config.getoption("--hint") else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    grading = config.stash[GRADING]
    left_out = [item for item in items if not grading.has(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda item: grading.place(item))  # as the lessons go, not as the files' names do


def pytest_collection_finish(session: pytest.Session) -> None:
    grading = session.config.stash[GRADING]
    first = next((n for n in map(grading.remember, session.items) if n is not None), None)
    if first is not None and not session.config.getoption("collectonly"):
        grading.session(first).start()


def _tools(item: pytest.Item) -> dict[str, Any]:
    grading = item.config.stash[GRADING]
    number = grading.remember(item)
    if number is None:
        raise pytest.UsageError(f"{item.name} uses the grader: say with @part which part it checks")
    if TOOLS not in item.stash:
        item.stash[TOOLS] = grading.session(number).tools(number, item.function)  # type: ignore[attr-defined]
    return item.stash[TOOLS]


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Student:
    """Answers calls with the student's code."""
    made: Student = _tools(request.node)["student"]
    return made


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Oracle:
    """Answers calls rightly, in float64 and float32."""
    made: Oracle = _tools(request.node)["reference"]
    return made


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """The random inputs of this session and check."""
    made: np.random.Generator = _tools(request.node)["rng"]
    return made


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    grading = pyfuncitem.config.stash[GRADING]
    number = grading.remember(pyfuncitem)
    if number is None:
        return None
    grading.check(number, pyfuncitem.function, {**_tools(pyfuncitem), **pyfuncitem.funcargs})
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    made = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, NotDone):
        made.longrepr = str(call.excinfo.value)
    return made


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    grading = session.config.stash[GRADING]
    if session.config.getoption("--hint") and grading.said:
        session.exitstatus = pytest.ExitCode.OK
        return
    if any(o.finding.state is State.UNCHECKED for o in grading.outcomes()):
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
    path = session.config.getoption("--report-json")
    if path and not session.config.getoption("collectonly"):
        grading.write_report(Path(path))


def pytest_unconfigure(config: pytest.Config) -> None:
    if GRADING in config.stash:
        config.stash[GRADING].close()
