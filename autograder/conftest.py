"""`pytest autograder`: the fixtures that checks use, and where pytest and the engine meet."""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest

from autograder.engine.answering.oracle import Oracle, not_whole
from autograder.engine.answering.student import Student
from autograder.engine.plugin.run import Grading, NotDone
from autograder.engine.plugin.terminal import PartReporter
from autograder.engine.verdicts import State

if "autograder.engine.plugin.options" not in sys.modules:  # what this project's configuration loads first
    raise pytest.UsageError(
        "expected the course's own configuration, got none of it: call `pytest autograder` in the course's folder"
    )

GRADING = pytest.StashKey[Grading]()
TOOLS = pytest.StashKey[dict[str, Any]]()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--hint") and (why := not_whole()):
        raise pytest.UsageError(why)
    config.stash[GRADING] = grading = Grading(config)
    standard = config.pluginmanager.get_plugin("terminalreporter")
    if standard is not None and not config.getoption("collectonly"):
        config.pluginmanager.unregister(standard)
        config.pluginmanager.register(PartReporter(config, grading), "terminalreporter")


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
    for item in items:
        item.extra_keyword_matches.update(grading.words(item))


def pytest_collection_finish(session: pytest.Session) -> None:
    grading = session.config.stash[GRADING]
    grading.select(session.items)
    if grading.asked() and not session.config.getoption("collectonly"):
        grading.begin()


def _tools(item: pytest.Item) -> dict[str, Any]:
    grading = item.config.stash[GRADING]
    number = grading.part_of(item)
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
    number = grading.part_of(pyfuncitem)
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
    if session.config.getoption("collectonly"):
        return
    states = {outcome.finding.state for outcome in grading.outcomes()}
    if State.UNCHECKED in states:
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
    elif states - {State.DONE} and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED  # all that ran passed, but not all of a part ran
    grading.write_report()


def pytest_unconfigure(config: pytest.Config) -> None:
    if GRADING in config.stash:
        config.stash[GRADING].close()
