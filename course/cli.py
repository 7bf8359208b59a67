"""The command line `latent-course`: a table of commands. Whatever a command needs is imported when it is used."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from course import __version__
from course.commands.common import output_lost

__all__ = ["COMMANDS", "main"]

COMMANDS = ("claims", "explore", "fashion", "figures", "runs", "starters", "sweep", "train")
"""The course's own commands: each is `command` in the module of its name in `course.commands`."""

_GROUP = "latent_course.commands"


class _Commands(click.Group):
    """Commands of other packages join through the entry point group `latent_course.commands`.

    The course's own come first, so that nothing installed can replace them.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS, *_joined()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command: click.Command
        if cmd_name in COMMANDS:
            command = import_module(f"course.commands.{cmd_name}").command
            return command
        if cmd_name in _joined():
            command = _joined()[cmd_name].load()
            return command
        return super().get_command(ctx, cmd_name)

    def main(self, *args: Any, **options: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # a letter that cannot be shown is no reason to stop
        try:
            return super().main(*args, **options)
        except OSError as error:
            if not (words := output_lost(error)):
                raise
            click.echo(f"Error: {words}", err=True)
            sys.exit(1)


@cache
def _joined() -> dict[str, EntryPoint]:
    """Commands of other packages by name; looked for once, for that means to read every package's list."""
    return {found.name: found for found in entry_points(group=_GROUP)}


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context) -> None:
    """Train, draw and measure what the course on latent spaces shows.

    \b
    latent-course train                   a VAE on the patterns, in a few seconds; and every other model
    latent-course runs                    the trainings that are kept: list them, compare them
    latent-course sweep                   trainings over beta and the latent dimension, and their scores
    latent-course figures                 the pictures of the lessons, as files
    latent-course claims                  measure what the lessons say
    latent-course explore MODEL           touch your own model in the browser
    latent-course fashion                 where Fashion-MNIST lies here, or download it
    latent-course watch                   check your exercises whenever you save one
    pytest autograder                     check them once
    latent-course doctor                  which walls around students' code hold here
    """
    if context.invoked_subcommand is None:
        from course.next_step import next_step

        click.echo(f"{context.get_help()}\n\n{next_step(Path())}")


if __name__ == "__main__":
    main()
