"""`latent-course check-course`: the course looks at itself, as a student and as a solver."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from autograder.engine.answering.oracle import SOLUTIONS, Live, not_whole
from autograder.engine.answering.table import Table
from autograder.engine.catalogue import Exercise, exercises
from autograder.engine.grading.grade import grade
from autograder.engine.verdicts import State

__all__ = ["check_course", "problems_of"]

ROOT = Path(__file__).resolve().parents[1]
RUNGS = 3
TELLING = 16  # a line of a solution this long, without its spaces, gives a part away


def problems_of(exercise: Exercise, root: Path = ROOT) -> Iterator[str]:
    """What is wrong with one exercise: its starter, its solution, its hints, its links. Nothing if all is well."""
    solution = SOLUTIONS / exercise.solution
    with_oracle = Table(Live(exercise))
    try:
        for outcome in grade(exercise, root / "exercises" / exercise.starter, oracle=with_oracle):
            if outcome.finding.state is not State.NOT_STARTED:
                yield f"{outcome.part.number}: the starter is {outcome.finding.state.value!r}, not 'not started'"
        for outcome in grade(exercise, solution, oracle=with_oracle):
            if outcome.finding.state is not State.DONE:
                yield f"{outcome.part.number}: the solution is {outcome.finding.state.value!r}: {outcome.finding.got}"
    finally:
        with_oracle.close()
    secret = _secret_lines(solution.read_text(encoding="utf-8"))
    anchors = _anchors(root / "docs" / f"{exercise.lesson}.rst")
    for part in exercise.parts:
        if len(part.hints) < RUNGS or not all(hint.strip() for hint in part.hints):
            yield f"{part.number}: expected {RUNGS} hints that say something, got {len(part.hints)}"
        for rung, hint in enumerate(part.hints, 1):
            given = [line for line in secret if line in _bare(hint)]
            if given:
                yield f"{part.number}: hint {rung} holds a line of the solution: {given[0]}"
        if part.link.split("#")[1] not in anchors:
            yield f"{part.number}: the lesson has no section for {part.link}"


def _secret_lines(text: str) -> set[str]:
    """The lines of a solution's marked regions, without spaces and comments, where they are long enough to tell."""
    regions = re.findall(r"# todo \d+\.\d+:.*?\n(.*?)# done", text, re.DOTALL)
    lines = (_bare(line.split("  # ")[0]) for region in regions for line in region.splitlines())
    return {line for line in lines if len(line) >= TELLING}


def _bare(text: str) -> str:
    return re.sub(r"[\s`]", "", text)


def _anchors(page: Path) -> set[str]:
    """The sections of a lesson that a link can lead to: labels, and headings as Sphinx names them."""
    if not page.is_file():
        return set()
    text = page.read_text(encoding="utf-8")
    labels = re.findall(r"^\.\. _([\w-]+):$", text, re.MULTILINE)
    headings = re.findall(r"^(.+)\n([=\-~^])\2{2,}$", text, re.MULTILINE)
    return {*labels, *(re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") for title, _ in headings)}


@click.command("check-course")
def check_course() -> None:
    """Check the course itself: every starter scores 0 and says "not started", every solution is complete, every part
    has hints that do not give it away and a section of a lesson to read."""
    if why := not_whole():
        raise click.ClickException(why)
    found = 0
    for exercise in exercises():
        problems = list(problems_of(exercise))
        found += len(problems)
        click.echo(
            f"{exercise.title:<24}{len(exercise.parts)} parts   {'in order' if not problems else 'NOT in order'}"
        )
        for problem in problems:
            click.echo(f"  {problem}")
    sys.exit(1 if found else 0)
