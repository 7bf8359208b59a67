"""The command `latent-course starters`: the exercises' starters, made from their solutions."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from course.commands.common import in_one_line

__all__ = ["command"]


@click.command("starters")
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if a starter differs from its solution.")
@click.option("--overwrite", is_flag=True, help="Ask, then replace those that differ; a copy of each stays beside it.")
@click.option("--yes", is_flag=True, help="With --overwrite: do not ask.")
@click.option("--solutions", type=click.Path(path_type=Path), default=Path("solutions"), show_default=True)
@click.option("--exercises", type=click.Path(path_type=Path), default=Path("exercises"), show_default=True)
@in_one_line
def command(check: bool, overwrite: bool, yes: bool, solutions: Path, exercises: Path) -> None:
    """Generate the exercises' starters from the marked regions of their solutions.

    Starters that are missing are written. One that differs, by your work or because its solution has changed, stays as
    it is without --overwrite.
    """
    from course.starters import generate, state_of, write_starter

    if check and overwrite:
        raise click.UsageError("--check changes nothing: leave it out, or leave out --overwrite")
    texts = {exercises / name: text for name, text in generate(solutions).items()}
    states = {path: state_of(path, text) for path, text in texts.items()}
    if check:
        for path in texts:
            if states[path] != "unchanged":
                said, options = ("is missing", "") if states[path] == "missing" else ("differs", " --overwrite")
                click.echo(f"Error: {path} {said}: run latent-course starters{options}", err=True)
        sys.exit(1 if {*states.values()} - {"unchanged"} else 0)
    changed = [path for path in texts if states[path] == "changed"]
    if overwrite and changed:
        _ask(changed, yes)
    for path, text in texts.items():
        if states[path] == "missing" or (overwrite and path in changed):
            aside = write_starter(path, text)
            click.echo(f"written    {path}" + (f", and what was there is now {aside}" if aside else ""))
        else:
            click.echo(f"kept       {path}, which differs" if path in changed else f"unchanged  {path}")


def _ask(changed: Sequence[Path], yes: bool) -> None:
    """Goes on only if somebody says so."""
    click.echo("These files differ from their starters, perhaps by your work:")
    for path in changed:
        click.echo(f"  {path}")
    if yes:
        return
    if not (sys.stdin and sys.stdin.isatty()):
        raise click.ClickException(
            "expected an answer at a terminal, got none, and changed nothing: to replace them, add --yes"
        )
    click.confirm("Replace them? A copy of each, with the date in its name, stays beside it", abort=True)
