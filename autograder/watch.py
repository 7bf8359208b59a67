"""`latent-course watch`: save a starter, see what the grader says; h gives a hint, n the next part, q leaves."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from autograder.engine import report
from autograder.engine.answering.oracle import Live, Oracle, not_whole
from autograder.engine.answering.table import Table
from autograder.engine.catalogue import Exercise, exercises
from autograder.engine.grading.grade import fresh_seed
from autograder.engine.grading.session import Outcome, Session
from autograder.engine.judging.checks import checks_of
from autograder.engine.verdicts import State
from autograder.engine.worker_client.limits import Limits
from autograder.keyboard import keys
from autograder.screen import Screen

__all__ = ["Watcher", "watch"]

COURSE = Path(__file__).resolve().parents[1]
LOOK_EVERY = 0.05  # seconds between two looks at the files and the keyboard


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

    def lost(self) -> list[Exercise]:
        """The exercises that were graded and whose file is no longer there; each is named once."""
        names = [name for name in self.found if self._seen[name] is None]
        for name in names:
            del self.found[name]
        return [exercise for exercise in exercises() if exercise.name in names]

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
        oracle = self._oracles.setdefault(exercise.name, Table(Live(exercise)))
        return Session(exercise, self.folder / exercise.starter, fresh_seed(), self._limits, oracle, whole_folder=True)


@click.command()
@click.option(
    "--exercises",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("exercises"),
    show_default=True,
    help="The folder with your starters.",
)
def watch(folder: Path) -> None:
    """Check your exercises whenever you save one, until you press q.

    The map at the top is the whole course. Without a terminal, the verdict on each save is printed, and Ctrl-C ends.
    """
    if why := not_whole() or _not_watched(folder):
        raise click.ClickException(why)
    report.escape_missing_letters(sys.stdout)
    watcher = Watcher(folder.absolute())
    screen = Screen(watcher.found, COURSE, sys.stdout.isatty())
    try:
        with keys() as pressed:
            _loop(watcher, screen, pressed)
    except KeyboardInterrupt:
        click.echo("Stopped.")
    finally:
        watcher.close()


def _loop(watcher: Watcher, screen: Screen, pressed: Callable[[], str]) -> None:
    first = watcher.changed()
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
        for exercise in watcher.lost():
            screen.lost(exercise)
        time.sleep(LOOK_EVERY)


def _not_watched(folder: Path) -> str:
    """Why there is nothing to watch in a folder, and what to do; nothing if there is."""
    starters = [exercise.starter for exercise in exercises()]
    if any((folder / starter).is_file() for starter in starters):
        return ""
    got = "none" if folder.is_dir() else "a file" if folder.is_file() else "no such folder"
    return (
        f"expected starters ({', '.join(starters)}) in {folder}, got {got}: call this in the course's folder, or name "
        "the folder with yours by --exercises"
    )


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
