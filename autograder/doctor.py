"""`latent-course doctor`: which walls around students' code hold on this machine."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

__all__ = ["doctor"]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON, for programs.")
def doctor(as_json: bool) -> None:
    """Try each wall around students' code, and say which hold on this machine.

    Each line is a real attempt in a real worker. The exit code is 0 if all walls hold that need no privilege; without
    them, grade only code of people whom you trust, or grade in a container. Namespaces need root, or a system that
    allows them to everybody, and are a second line.
    """
    from autograder.engine.checkup.trials import base_kernel, checkup

    found = checkup()
    sound = all(wall.holds for wall in found if wall.base)
    if as_json:
        about = {"holds": sound, "kernel": base_kernel(), "walls": [asdict(wall) for wall in found]}
        click.echo(json.dumps(about, indent=2))
        sys.exit(0 if sound else 1)
    for wall in found:
        mark = click.style("holds  ", fg="green") if wall.holds else click.style("missing", fg="red")
        click.echo(f"{mark}  {wall.name:12} {wall.prevents}{f' ({wall.why})' if wall.why else ''}")
    click.echo(
        f"\n{base_kernel()}. "
        + ("The base walls hold." if sound else "Grade only code of people whom you trust, or grade in a container.")
    )
    sys.exit(0 if sound else 1)
