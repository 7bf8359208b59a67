"""The command `latent-course starters`: the exercises' starters, made from their solutions."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from course.commands.common import in_one_line

__all__ = ["command"]


@click.command("starters")
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if a starter differs from its solution.")
@click.option("--overwrite", is_flag=True, help="Replace starters that differ, and any work in them.")
@click.option("--solutions", type=click.Path(path_type=Path, exists=True), default=Path("solutions"), show_default=True)
@click.option("--exercises", type=click.Path(path_type=Path), default=Path("exercises"), show_default=True)
@in_one_line
def command(check: bool, overwrite: bool, solutions: Path, exercises: Path) -> None:
    """Generate the exercises' starters from the marked regions of their solutions."""
    from course.starters import generate, write_starters

    if not check:
        for name, outcome in write_starters(solutions, exercises, overwrite=overwrite).items():
            click.echo(f"{outcome:10} {exercises / name}")
        return
    texts = generate(solutions)
    differing = [
        n for n, text in texts.items() if not (exercises / n).exists() or (exercises / n).read_text("utf-8") != text
    ]
    for name in differing:
        click.echo(f"{exercises / name} differs from its solution: run latent-course starters --overwrite", err=True)
    sys.exit(1 if differing else 0)
