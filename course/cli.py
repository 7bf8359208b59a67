"""The command line `latent-course`: a table of commands. Whatever a command needs is imported when it is used."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

import click

from course import __version__

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


@cache
def _joined() -> dict[str, EntryPoint]:
    """Commands of other packages by name; looked for once, for that means to read every package's list."""
    return {found.name: found for found in entry_points(group=_GROUP)}


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def main() -> None:
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


if __name__ == "__main__":
    main()
