"""The pytest session's memory: one Session an exercise, what was asked for on the command line, what was found."""

from __future__ import annotations

import difflib
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.engine import catalogue, report
from autograder.engine.catalogue import Exercise
from autograder.engine.grading.grade import fresh_seed
from autograder.engine.grading.session import Outcome, Session
from autograder.engine.judging.checks import Check
from autograder.engine.plugin.signals import Signals
from autograder.engine.report import hints
from autograder.engine.staging.handed_in import NOTEBOOK, handed_in
from autograder.engine.verdicts import Finding, State
from autograder.engine.worker_client.limits import Limits

__all__ = ["Grading", "NotDone"]


class NotDone(Exception):
    """What pytest is told of a check that did not pass."""

    def __init__(self, finding: Finding) -> None:
        parts = (finding.expected and f"expected {finding.expected}", finding.got and f"got {finding.got}")
        said = "; ".join(filter(None, (*parts, finding.reason)))
        super().__init__(report.clean(f"{finding.state.value}: {said}" if said else finding.state.value))


class Grading:
    """All that the hooks and fixtures in conftest.py need."""

    def __init__(self, config: pytest.Config) -> None:
        option = config.getoption
        self.seed: int = fresh_seed() if option("--seed") is None else option("--seed")
        self.said: list[str] = []
        self._config = config
        self._started = time.monotonic()
        self._signals = Signals()
        self._limits = Limits(call=option("--time-limit"))
        self._sessions: dict[str, Session] = {}
        self._parts: dict[str, str] = {}  # by test
        self._selected: list[str] = []
        self._outcomes: dict[str, Outcome] = {}
        self._notes: dict[str, str] = {}  # by exercise: which file was taken for its own
        self._files = self._submission(option("--submission"), config.rootpath)

    def _submission(self, chosen: str | None, root: Path) -> dict[str, Path]:
        """The file of each exercise that is to be graded."""
        path = Path(chosen).absolute() if chosen else root / "exercises"
        self._whole_folder = not path.is_file()
        if path.is_file():
            exercise = catalogue.exercise_for(path)
            if exercise is None and path.suffix == ".ipynb":
                raise pytest.UsageError(f"{path.name} {NOTEBOOK.format(starter='a .py file')}")
            if exercise is None:
                names = ", ".join(e.starter for e in catalogue.exercises())
                raise pytest.UsageError(f"{path.name} belongs to no exercise; name it as its starter: {names}")
            return {exercise.name: path}
        if not path.exists():
            raise pytest.UsageError(f"there is nothing at {path}; --submission takes a folder of starters or one file")
        found = handed_in(path)
        self._notes = {name: taken.note for name, taken in found.items() if taken.note}
        return {name: taken.path for name, taken in found.items()}

    def has(self, item: pytest.Item) -> bool:
        """Whether a test belongs to an exercise that was handed in."""
        number = self.part_of(item)
        return number is None or catalogue.part(number)[0].name in self._files

    def part_of(self, item: pytest.Item) -> str | None:
        """The number of the part that a test checks."""
        number: str | None = getattr(getattr(item, "function", None), "part_number", None)
        if number is not None:
            self._parts[item.nodeid] = number
        return number

    def words(self, item: pytest.Item) -> list[str]:
        """What -k may call a test besides its own names: the number of its part, its exercise and its lesson."""
        number = self.part_of(item)
        return [number, *_names(catalogue.part(number)[0])] if number else []

    def none_chosen(self) -> str:
        """What to say where no check was run."""
        names = list(dict.fromkeys(name for e in catalogue.exercises() for name in _names(e)))
        word: str = self._config.getoption("keyword")
        if not word:
            return "No check was run. `pytest autograder` runs them all."
        near = difflib.get_close_matches(word, names, 1)
        return (
            f"No check was run: -k {word} chooses none{f'; did you mean {near[0]}?' if near else '.'} -k takes the "
            f"number of a part, such as {catalogue.exercises()[0].parts[0].number}, or a name: {', '.join(names)}."
        )

    def place(self, item: pytest.Item) -> list[int]:
        """Where a test stands in the course; a test of no part comes last."""
        number = self.part_of(item)
        return [int(n) for n in number.split(".")] if number else [10**6]

    def number_of(self, nodeid: str) -> str | None:
        return self._parts.get(nodeid)

    def session(self, number: str) -> Session:
        exercise = catalogue.part(number)[0]
        if exercise.name not in self._sessions:
            made = Session(
                exercise, self._files[exercise.name], self.seed, self._limits, whole_folder=self._whole_folder
            )
            self._sessions[exercise.name] = made
        return self._sessions[exercise.name]

    def check(self, number: str, check: Check, tools: dict[str, Any]) -> None:
        """Runs one check for pytest."""
        self._outcomes.pop(number, None)
        session = self.session(number)
        self._rest(session)
        finding = session.check(number, check, tools)
        if finding.state is not State.DONE:
            raise NotDone(finding)

    def _rest(self, but: Session) -> None:
        """Ends the workers of all exercises but one: checks come exercise by exercise, and a worker takes memory. If a
        later check, or the naming of a mistake, asks an earlier exercise again, its workers start again.
        """
        for session in self._sessions.values():
            if session is not but:
                session.close()

    def select(self, items: list[pytest.Item]) -> None:
        """Takes down which tests pytest is about to run; what is said at the end is about their parts."""
        self._selected = list(dict.fromkeys(number for item in items if (number := self.part_of(item)) is not None))

    def asked(self) -> list[str]:
        """The numbers of the parts that are to be checked, whole or not, in their order."""
        return [p.number for e in catalogue.exercises() for p in e.parts if p.number in self._selected]

    def is_begun(self, number: str) -> bool:
        """Whether any check of a part ran to its end."""
        name = catalogue.part(number)[0].name
        return name in self._sessions and number in self._sessions[name].checked

    def begin(self) -> None:
        """Writes a report in which nothing is checked, so that no earlier one stands there, however this process ends.
        Then the first worker starts.
        """
        self.write_report()
        self.session(self.asked()[0]).start()

    def outcome(self, number: str) -> tuple[Exercise, Outcome]:
        session = self.session(number)
        if number not in self._outcomes:
            self._outcomes[number] = session.outcomes([number])[0]
        return session.exercise, self._outcomes[number]

    def outcomes(self) -> list[Outcome]:
        return [self.outcome(number)[1] for number in self.asked()]

    def note(self, exercise: Exercise) -> str:
        """Which file was taken for an exercise's own, where that needs a word."""
        return self._notes.get(exercise.name, "")

    def shown_path(self, exercise: Exercise) -> str:
        path = self._files[exercise.name]
        return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)

    def show_hint(self, number: str) -> None:
        """The next rung for a part is what will be said."""
        try:
            _, part = catalogue.part(number)
        except KeyError:
            known = ", ".join(p.number for e in catalogue.exercises() for p in e.parts)
            raise pytest.UsageError(f"there is no part {number!r}; the parts are {known}") from None
        self.said = hints.next_rung(part, self._config.rootpath)

    def write_report(self) -> None:
        """Writes the report where --report-json says, if it does. Raises UsageError where none can be."""
        chosen = self._config.getoption("--report-json")
        if not chosen:
            return
        found = report.results(self.outcomes(), self.seed, time.monotonic() - self._started, [*self._notes.values()])
        try:
            report.write_results(Path(chosen), found)
        except OSError as error:
            raise pytest.UsageError(f"no report can be written to {chosen}: {error.strerror or error}") from None

    def close(self) -> None:
        self._signals.close()
        for session in self._sessions.values():
            session.close()


def _names(exercise: Exercise) -> tuple[str, str]:
    """An exercise's own name, and that of its lesson's folder."""
    return exercise.name, Path(exercise.lesson).parent.name
