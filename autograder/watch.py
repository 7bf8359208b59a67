"""`latent-course watch`: save a starter, see what the grader says; h gives a hint, n the next part, q leaves."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from autograder.engine import report
from autograder.engine.answering.oracle import Oracle
from autograder.engine.catalogue import Exercise, exercises
from autograder.engine.grading.grade import fresh_seed
from autograder.engine.grading.session import Outcome, Session
from autograder.engine.judging.checks import checks_of
from autograder.engine.report import hints
from autograder.engine.report.progress import course_map
from autograder.engine.verdicts import State
from autograder.engine.worker_client.limits import Limits
from autograder.keyboard import keys

__all__ = ["Watcher", "watch"]

LOOK_EVERY = 0.05  # seconds between two looks at the files and the keyboard
KEYS = "h hint   n next part   q quit"


class Watcher:
    """Grades what was saved, with workers that are already warm, and remembers every exercise's outcomes."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.folder = folder
        self.found: dict[str, list[Outcome]] = {}
        self._limits = limits or Limits(call=5)
        self._seen: dict[str, tuple[int, int] | None] = {}
        self._oracles: dict[str, Oracle] = {}
        self._waiting: dict[str, Session] = {}  # a session for the next save, its worker already up

    def changed(self) -> list[Exercise]:
        """The exercises whose file was saved since the last look."""
        fresh = []
        for exercise in exercises():
            stamp = _stamp(self.folder / exercise.starter)
            if stamp is not None and stamp != self._seen.get(exercise.name):
                fresh.append(exercise)
            self._seen[exercise.name] = stamp
        return fresh

    def grade(self, exercise: Exercise) -> list[Outcome]:
        """The verdicts about an exercise as it is on disk now."""
        session = self._waiting.pop(exercise.name, None) or self._session(exercise)
        with session:
            session.start()
            for number, checks in checks_of(exercise).items():
                for check in checks:
                    session.check(number, check)
            self.found[exercise.name] = session.outcomes()
        return self.found[exercise.name]

    def get_ready(self, exercise: Exercise) -> None:
        """Starts the workers for the next save of this exercise, so that an answer comes at once."""
        if exercise.name not in self._waiting:
            self._waiting[exercise.name] = session = self._session(exercise)
            session.submission.start()
            session.oracle.start()

    def close(self) -> None:
        for session in self._waiting.values():
            session.close()
        for oracle in self._oracles.values():
            oracle.close()

    def _session(self, exercise: Exercise) -> Session:
        oracle = self._oracles.setdefault(exercise.name, Oracle(exercise))
        return Session(exercise, self.folder / exercise.starter, fresh_seed(), self._limits, oracle, whole_folder=True)


class Screen:
    """What stands in the terminal: the map of the course, the parts of one exercise, one message."""

    def __init__(self, watcher: Watcher, terminal: bool) -> None:
        self.watcher = watcher
        self.terminal = terminal
        self.exercise: Exercise | None = None
        self.shown = ""  # the number of the part that the message is about
        self._rungs: dict[str, int] = {}

    def show(self, exercise: Exercise) -> None:
        """After a save: the exercise's parts, and the next thing to do."""
        self.exercise = exercise
        following = report.next_thing(self.watcher.found[exercise.name])
        self.shown = following.part.number if following else ""
        self._draw(self._message(following))

    def next_part(self) -> None:
        """The part after the one shown that is not done, in any exercise; then from the beginning again."""
        parts = [(e, o) for e in exercises() for o in self.watcher.found.get(e.name, ())]
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
        lines, self._rungs[part.number] = hints.rung(part, self._rungs.get(part.number, 0))
        self._draw(lines)

    def busy(self, exercise: Exercise) -> None:
        if self.terminal:
            click.echo(click.style(f"checking {exercise.starter} ...", dim=True))

    def _message(self, outcome: Outcome | None) -> list[str]:
        if outcome is None:
            return ["All parts of this exercise are done."]
        head = click.style(f"Next: {outcome.part.number} {outcome.part.title}", bold=True)
        return [head, *report.message(outcome, min(100, shutil.get_terminal_size().columns))]

    def _draw(self, message: list[str]) -> None:
        if self.terminal:
            click.clear()
            name = self.exercise.name if self.exercise else ""
            click.echo("\n".join(course_map(self.watcher.found, name, symbols=True)) + "\n")
        if self.exercise is not None:
            for outcome in self.watcher.found[self.exercise.name]:
                click.echo(report.line(outcome, symbol=self.terminal))
        click.echo("\n" + "\n".join(message) + "\n")
        if self.terminal:
            click.echo(click.style(KEYS, dim=True))


@click.command()
@click.option(
    "--exercises",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("exercises"),
    show_default=True,
    help="The folder with your starters.",
)
def watch(folder: Path) -> None:
    """Check your exercises whenever you save one, until you press q.

    The map at the top is the whole course. Without a terminal, the verdict on each save is printed, and Ctrl-C ends.
    """
    watcher = Watcher(folder.absolute())
    screen = Screen(watcher, sys.stdout.isatty())
    try:
        with keys() as pressed:
            _loop(watcher, screen, pressed)
    except KeyboardInterrupt:
        click.echo("Stopped.")
    finally:
        watcher.close()


def _loop(watcher: Watcher, screen: Screen, pressed: Callable[[], str]) -> None:
    first = watcher.changed()
    if not first:
        starters = ", ".join(e.starter for e in exercises())
        raise click.UsageError(f"no starter in {watcher.folder}: expected one of {starters}")
    for exercise in first:
        screen.busy(exercise)
        watcher.grade(exercise)
    current = _first_undone(watcher) or first[0]
    screen.show(current)
    watcher.get_ready(current)
    while True:
        key = pressed()
        if key == "q":
            return
        if key == "h":
            screen.hint()
        elif key == "n":
            screen.next_part()
        for exercise in watcher.changed():
            screen.busy(exercise)
            watcher.grade(exercise)
            screen.show(exercise)
            watcher.get_ready(exercise)
        time.sleep(LOOK_EVERY)


def _first_undone(watcher: Watcher) -> Exercise | None:
    for exercise in exercises():
        if any(o.finding.state is not State.DONE for o in watcher.found.get(exercise.name, ())):
            return exercise
    return None


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size
