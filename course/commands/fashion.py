"""The command `latent-course fashion`: where Fashion-MNIST lies on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from course.commands.common import in_one_line

__all__ = ["command"]


@click.command("fashion")
@click.option("--folder", type=click.Path(path_type=Path), help="Look here, and nowhere else.")
@click.option("--download", is_flag=True, help="Fetch what is missing (31 MB), check it, and keep it in the cache.")
@in_one_line
def command(folder: Path | None, download: bool) -> None:
    """Say where Fashion-MNIST lies on this machine, and check every byte of it.

    It is looked for in the folder that LATENT_COURSE_FASHION names, in Debian's package dataset-fashion-mnist, and
    among earlier downloads. A sample of 1200 images ships with the course, so that nothing needs the whole set.
    """
    from course import fashion, fashion_files

    for split in get_args(fashion.Split):
        count = len(fashion.load(split, folder, download=download))
        place = fashion_files.find(fashion_files.of_split(split)[0], folder).parent
        click.echo(f"{split:5} {count:6} images, as they should be, in {place}")
