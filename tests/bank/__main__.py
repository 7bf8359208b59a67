"""`python -m tests.bank`, or `make bank`: grades the grader."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import click

from tests.bank import measure, report
from tests.bank.trial import SEED

__all__ = ["main"]

NAMED = ("false accepts", "false rejects", "named wrong", "gained", "harm")  # what is shown case by case


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--only", type=click.Choice(list(measure.COLUMNS["bank"])), multiple=True, help="Only this; may be repeated."
)
@click.option(
    "--column", type=click.Choice(list(measure.COLUMNS)), multiple=True, help="Only this column; may be repeated."
)
@click.option("--seed", default=SEED, show_default=True, help="Chooses the inputs that answers are tried on.")
@click.option("--readme", is_flag=True, help="Grade nothing; put the table of the last report into the README.")
def main(only: Sequence[str], column: Sequence[str], seed: int, readme: bool) -> None:
    """Grade the grader: give it answers whose verdict is known, and count where it is mistaken.

    \b
    right     unusual answers that are right, each with three seeds
    wrong     wrong answers written by hand, with the name of their mistake, or none
    mutants   the solutions with one small fault each, made by machine
    mistakes  the named mistakes themselves
    hostile   files that solve nothing and attack the grader

    The cases in held_back/, blind/, blind_2/ and blind_3/ come from people who did not see the checks; they have
    columns of their own, and say what the counts of the bank are worth. Checks were changed after each had been tried
    once; the README has the figures of the first trials. A whole run takes a quarter of an hour, writes
    tests/bank/report.json, and puts its table into the README; with --only or --column it prints the table and writes
    nothing.
    """
    if readme:
        report.save(report.load())
        return
    chosen = [name for name in measure.COLUMNS if name in (column or measure.COLUMNS)]
    start = time.monotonic()
    found: dict[str, Any] = {"seed": seed, "versions": report.versions()}
    for name in chosen:
        sections = {section: run for section, run in measure.COLUMNS[name].items() if not only or section in only}
        counted = {section: run(seed) for section, run in sections.items()}
        found[name] = {section: counts for section, counts in counted.items() if counts["cases"]}
    _show(found)
    click.echo(f"\n{time.monotonic() - start:.0f} seconds")
    if not only and not column:
        report.save(found)


def _show(found: dict[str, Any]) -> None:
    click.echo(f"{'':36}{''.join(f'{name:>11}' for name in report.COLUMNS)}")
    for title, counts in report.table(found):
        click.echo(f"{title:36}{''.join(f'{count:>11}' for count in counts)}")
    for column in report.COLUMNS:
        for section, counts in found.get(column, {}).items():
            for what in NAMED + (("named",) if column != "bank" else ()):
                for name in counts.get(what, ()):
                    more = f" -> {counts[what][name]}" if isinstance(counts[what], dict) else ""
                    click.echo(f"{what}, {column}, {section}: {name}{more}")


if __name__ == "__main__":
    main(prog_name="python -m tests.bank")
