"""The command `latent-course figures`: the pictures of the lessons, as files."""

from __future__ import annotations

from pathlib import Path

import click

from course.commands.common import in_one_line

__all__ = ["command"]


@click.command("figures")
@click.argument("names", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("figures"), show_default=True)
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@in_one_line
def command(names: tuple[str, ...], out: Path, theme: str) -> None:
    """Draw the pictures of the lessons into a folder: all of them, or those NAMED."""
    from tqdm import tqdm

    from course import palette
    from course.figures import ANIMATIONS, FIGURES, animate, draw, write_gif

    known = [*FIGURES, *ANIMATIONS]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.UsageError(f"no figure {unknown[0]!r}; there are {', '.join(known)}")
    out.mkdir(parents=True, exist_ok=True)
    for name in tqdm(names or known, unit="figure", disable=None, leave=False):
        if name in ANIMATIONS:
            path = write_gif(animate(name), out / f"{name}.gif")
        else:
            path = out / f"{name}.svg"
            shade: palette.Theme = "light" if theme == "light" else "dark"
            draw(name, shade).figure.savefig(path, facecolor=palette.PAPER[shade])
        click.echo(path)
