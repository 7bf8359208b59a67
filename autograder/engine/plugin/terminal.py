"""Pytest's terminal reporter, reduced to what a student needs: a line for each part, points, and one message."""

from __future__ import annotations

import os
import sys
import textwrap
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest

from autograder.engine import report
from autograder.engine.grading.session import Outcome
from autograder.engine.plugin.run import Grading
from autograder.engine.report.progress import course_map
from autograder.engine.verdicts import State

__all__ = ["PartReporter"]

COLOURS = {
    State.DONE: "green",
    State.WRONG: "red",
    State.NOT_STARTED: "yellow",
    State.NOT_HANDED_IN: "yellow",
    State.HALF: "yellow",
    State.UNFINISHED: "yellow",
    State.BLOCKED: "yellow",
    State.UNCHECKED: "purple",
    State.UNTRUSTED: "red",
}


class PartReporter(pytest.TerminalReporter):  # type: ignore[misc]  # final for type checkers only
    """Takes the place of pytest's reporter when nothing but the grader's checks is asked for."""

    showheader = False

    def __init__(self, config: pytest.Config, grading: Grading) -> None:
        report.escape_missing_letters(sys.stdout)
        super().__init__(config, sys.stdout)
        self._grading = grading
        self._waiting: Counter[str] = Counter()
        self._told: list[str] = []
        self._heading = ""
        self._strange: list[pytest.TestReport] = []

    def pytest_collection(self) -> None:
        pass

    def report_collect(self, final: bool = False) -> None:
        pass

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        numbers = [getattr(getattr(item, "function", None), "part_number", "") for item in session.items]
        self._waiting = Counter(number for number in numbers if number)

    def pytest_keyboard_interrupt(self) -> None:  # type: ignore[override]
        self._write("Stopped.")

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        pass

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        number = self._grading.number_of(report.nodeid)
        if report.failed and (report.when != "call" or number is None):
            self._strange.append(report)
        if report.when == "teardown" and number is not None:
            self._waiting[number] -= 1
            if not self._waiting[number]:
                self._tell(number)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        pass

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(
        self,
        session: pytest.Session,  # noqa: ARG002
        exitstatus: int | pytest.ExitCode,  # noqa: ARG002
    ) -> Generator[None]:
        yield
        if self._grading.said:
            self._write("\n".join(textwrap.fill(line, self._columns) for line in self._grading.said))
            return
        self.summary_errors()
        for strange in self._strange:
            self._write(f"{strange.nodeid}: {strange.longreprtext}")
        asked = self._grading.asked()
        for number in filter(self._grading.is_begun, asked):
            self._tell(number)
        outcomes = self._grading.outcomes()
        if not outcomes:
            self._write(textwrap.fill(self._grading.none_chosen(), self._columns))
            return
        missed = len(set(asked) - set(self._told))
        if missed and self.verbosity >= 0:
            self._write(f"  {missed} {'part was' if missed == 1 else 'parts were'} not checked at all")
        self._write(f"\n{report.points(outcomes)}", bold=True)
        if self.config.getoption("--map"):
            self._draw_map()
        self._advise(outcomes)
        if self.verbosity == 0 and any(o.finding.state is State.WRONG for o in outcomes):
            self._write("\nAdd -v to see which check decided, and on which input.")
        if self.verbosity > 0:
            self._write(f"\nThe random inputs of this run come again with --seed {self._grading.seed}")

    def _draw_map(self) -> None:
        found: dict[str, list[Outcome]] = {}
        for number in self._grading.asked():
            exercise, outcome = self._grading.outcome(number)
            found.setdefault(exercise.name, []).append(outcome)
        self._write("\n".join(["", *course_map(found, symbols=self._symbols)]))

    def _advise(self, outcomes: list[Outcome]) -> None:
        following = report.next_thing(outcomes)
        if following is None:
            return
        undone = [o for o in outcomes if o.finding.state is not State.DONE and o is not following]
        for label, outcome in [("Next: ", following), *(("", o) for o in (undone if self.verbosity > 0 else []))]:
            self._write(f"\n{label}{outcome.part.number} {outcome.part.title}", bold=True)
            if self.verbosity >= 0:
                self._write("\n".join(report.message(outcome, self._columns, self.verbosity > 0)))

    def _tell(self, number: str) -> None:
        """A part's line, as soon as its last check is over."""
        if number in self._told:
            return
        self._told.append(number)
        exercise, outcome = self._grading.outcome(number)
        if self.verbosity < 0:
            return
        if exercise.title != self._heading:
            self._heading = exercise.title
            self._write(f"{exercise.title}: {self._grading.shown_path(exercise)}", bold=True)
            if note := self._grading.note(exercise):
                self._write(f"  {report.clean(note)}")
        self._write(report.line(outcome, self._symbols), **{COLOURS[outcome.finding.state]: True})

    @property
    def _symbols(self) -> bool:
        encoding = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "")
        return self._tw.hasmarkup and encoding == "utf8"

    @property
    def _columns(self) -> int:
        return max(60, min(100, self._tw.fullwidth))

    def _write(self, text: str, **markup: bool) -> None:
        try:
            self.ensure_newline()
            self._tw.line(text, **markup)
            self._tw.flush()
        except BrokenPipeError:  # as in `pytest autograder | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if self._session is not None:
                self._session.shouldstop = "nobody reads the output any more"
