"""The command `latent-course explore`: a page in which one can touch a trained model."""

from __future__ import annotations

from pathlib import Path

import click

from course.commands.common import DATA, OutPath, force, in_one_line, say_replaced

__all__ = ["command"]


@click.command("explore")
@click.argument("model")
@click.option("--data", help=f"The images on the map: {DATA}.  [default: those that it was trained on]")
@click.option("--out", type=OutPath(), default=Path("explorer.html"), show_default=True, help="The page to write.")
@click.option("--open/--no-open", "show", default=True, help="Open the page in your browser.")
@force
@in_one_line
def command(model: str, data: str | None, out: Path, show: bool, force: bool) -> None:
    """Write a page in which you can touch a trained model, and open it.

    MODEL is a checkpoint that `latent-course train` has written, the folder or the name of a run, the name of a
    checkpoint that ships with the course, or the weights of your finished exercise. The page is one file that needs no
    server and no network: decoder, codes and scripts are in it.

    \b
    latent-course train --latent-dim 2 --out two.safetensors
    latent-course explore two.safetensors
    latent-course explore lines64 --out lines64.html --no-open

    \b
    In your exercise:  torch.save(vae.state_dict(), "mine.pt")
    In the shell:      latent-course explore mine.pt
    """
    from course import files, outputs
    from course.explorer import page as explorer_page
    from course.explorer import readers

    say_replaced(outputs.check({out: "page"}, force=force))
    own = readers.find(model)
    page = explorer_page.own_page(own.model, own.images(data), own.title, own.python)
    files.write(out, page.encode())
    click.echo(f"{out}: {type(own.model).__name__}, {out.stat().st_size / 1000:.0f} KB, all in one file")
    if show:
        click.launch(out.resolve().as_uri())
