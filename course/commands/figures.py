"""The command `latent-course figures`: the pictures of the lessons, as files."""

from __future__ import annotations

from pathlib import Path

import click

from course.commands.common import OutPath, force, in_one_line, say_replaced

__all__ = ["command"]


@click.command("figures")
@click.argument("names", nargs=-1)
@click.option("--out", type=OutPath(folder=True), default=Path("figures"), show_default=True)
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@force
@in_one_line
def command(names: tuple[str, ...], out: Path, theme: str, force: bool) -> None:
    """Draw the pictures of the lessons into a folder: all of them, or those NAMED.

    After Ctrl-C, those that are drawn stay.
    """
    from tqdm import tqdm

    from course import outputs, palette
    from course.figures import ANIMATIONS, FIGURES, animate, draw, write_gif
    from course.figures.saving import save_drawing

    known = [*FIGURES, *ANIMATIONS]
    for name in names:
        if name not in known:
            raise click.UsageError(f"no figure {name!r}; there are {', '.join(known)}")
    chosen = {name: out / f"{name}.{'gif' if name in ANIMATIONS else 'svg'}" for name in names or known}
    kinds: dict[Path, outputs.Kind] = {
        path: "animation" if name in ANIMATIONS else "figure" for name, path in chosen.items()
    }
    say_replaced(outputs.check(kinds, force=force))
    shade: palette.Theme = "light" if theme == "light" else "dark"
    for name, path in tqdm(chosen.items(), unit="figure", disable=None, leave=False):
        if name in ANIMATIONS:
            write_gif(animate(name), path)
        else:
            save_drawing(draw(name, shade), path, shade)
        click.echo(path)
