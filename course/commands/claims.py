"""The command `latent-course claims`: what the lessons say, measured."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from course.commands.common import in_one_line

__all__ = ["command"]


@click.command("claims")
@click.option("--check", is_flag=True, help="Measure again and compare with the file instead of writing it.")
@click.option("--only", multiple=True, metavar="NAME", help="Measure just this claim; may be repeated.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("docs/claims.json"), show_default=True
)
@click.option("--jobs", default=2, show_default=True, help="Processes, of one thread each.")
@in_one_line
def command(check: bool, only: tuple[str, ...], out: Path, jobs: int) -> None:
    """Measure what the lessons say about models, over several seeds, and write the values.

    Trained models are kept in the run store, so that a second call is quick. With --check nothing is written; the exit
    code is 1 if a claim fails or has moved by more than its spread allows.
    """
    from course.claims.measuring import compare, measure_all, write
    from course.claims.tables import CLAIMS

    unknown = [name for name in only if name not in CLAIMS]
    if unknown:
        raise click.UsageError(f"no claim {unknown[0]!r}; there are {', '.join(CLAIMS)}")
    measured = measure_all(only or tuple(CLAIMS), jobs)
    for name, result in measured.items():
        mark = "holds" if result.holds else "FAILS"
        click.echo(f"{mark}  {name:28} {result.value:9.3f} ± {result.spread:6.3f} {result.unit:5} {result.must_hold}")
    problems = [f"{name} does not hold" for name, result in measured.items() if not result.holds]
    if check:
        problems += compare(measured, out)
    else:
        write(measured, out)
    for problem in problems:
        click.echo(problem, err=True)
    sys.exit(1 if problems else 0)
