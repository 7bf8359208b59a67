"""What `latent-course watch` shows: the map of the course, the parts of one exercise, one message."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from autograder.engine import report
from autograder.engine.catalogue import Exercise, exercises
from autograder.engine.grading.session import Outcome
from autograder.engine.report import hints
from autograder.engine.report.progress import course_map
from autograder.engine.verdicts import State

__all__ = ["Screen"]

KEYS = "h hint   n next part   q quit"


class Screen:
    """Shows what was `found`, by exercise: at once in a terminal, line after line where there is none."""

    def __init__(self, found: Mapping[str, Sequence[Outcome]], course: Path, terminal: bool) -> None:
        self.terminal = terminal
        self._found = found
        self._course = course
        self.exercise: Exercise | None = None
        self.shown = ""  # the number of the part that the message is about

    def show(self, exercise: Exercise) -> None:
        """After a save: the exercise's parts, and the next thing to do."""
        self.exercise = exercise
        following = report.next_thing(self._found[exercise.name])
        self.shown = following.part.number if following else ""
        self._draw(self._message(following))

    def next_part(self) -> None:
        """The part after the one shown that is not done, in any exercise; then from the beginning again."""
        parts = [(e, o) for e in exercises() for o in self._found.get(e.name, ())]
        numbers = [o.part.number for _, o in parts]
        start = numbers.index(self.shown) + 1 if self.shown in numbers else 0
        undone = [pair for pair in parts[start:] + parts[:start] if pair[1].finding.state is not State.DONE]
        if undone:
            self.exercise, outcome = undone[0]
            self.shown = outcome.part.number
            self._draw(self._message(outcome))

    def hint(self) -> None:
        """The next hint for the part that is shown."""
        part = next((p for e in exercises() for p in e.parts if p.number == self.shown), None)
        if part is None:
            return
        lines = hints.next_rung(part, self._course)
        self._draw([textwrap.fill(line, _columns()) for line in lines])

    def lost(self, exercise: Exercise) -> None:
        """After a file has gone: how to get it back. What was found about it counts no longer."""
        if self.exercise == exercise:
            self.exercise, self.shown = None, ""
        said = f"{exercise.starter} is gone. Save it again, or get a new one: latent-course starters"
        self._draw([textwrap.fill(said, _columns())])

    def busy(self, exercise: Exercise) -> None:
        if self.terminal:
            click.echo(click.style(f"checking {exercise.starter} ...", dim=True))

    def _message(self, outcome: Outcome | None) -> list[str]:
        if outcome is None:
            return ["All parts of this exercise are done."]
        head = click.style(f"Next: {outcome.part.number} {outcome.part.title}", bold=True)
        return [head, *report.message(outcome, _columns())]

    def _draw(self, message: list[str]) -> None:
        if self.terminal:
            click.clear()
            name = self.exercise.name if self.exercise else ""
            click.echo("\n".join(course_map(self._found, name, symbols=True)) + "\n")
        if self.exercise is not None:
            for outcome in self._found[self.exercise.name]:
                click.echo(report.line(outcome, symbol=self.terminal))
        click.echo("\n" + "\n".join(message) + "\n")
        if self.terminal:
            click.echo(click.style(KEYS, dim=True))


def _columns() -> int:
    return min(100, shutil.get_terminal_size().columns)
