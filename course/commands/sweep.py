"""The command `latent-course sweep`: trainings over beta and the latent dimension, and a picture of their scores."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course.commands.common import INTERRUPTED, OutPath, force, in_one_line, say_replaced

if TYPE_CHECKING:
    from course.run_config import RunConfig
    from course.sweep import Cell

__all__ = ["command"]


def _list_of(kind: Callable[[str], Any]) -> Callable[[click.Context, click.Parameter, str], tuple[Any, ...]]:
    def read(_context: click.Context, _parameter: click.Parameter, text: str) -> tuple[Any, ...]:
        try:
            return tuple(dict.fromkeys(kind(part) for part in text.split(",")))
        except ValueError:
            raise click.BadParameter(
                f"expected numbers with commas between them, such as 1,4,8; got {text!r}"
            ) from None

    return read


@click.command("sweep")
@click.option("--data", default="cross8x8", show_default=True, help="The images to learn, as latent-course train says.")
@click.option("--beta", "betas", default="1,4,8,16", show_default=True, callback=_list_of(float), help="KL weights.")
@click.option("--latent-dim", "dims", default="2,4,8", show_default=True, callback=_list_of(int), help="Values of Z.")
@click.option("--seed", "seeds", default="0", show_default=True, callback=_list_of(int), help="Seeds to average over.")
@click.option("--steps", type=int, help="Updates of the parameters.  [4000; up to 5000 images of your own: 2000]")
@click.option("--out", type=OutPath(), help="The picture: .png, .svg or .pdf.  [sweep-DATA.png]")
@force
@in_one_line
def command(
    data: str, betas: tuple[float, ...], dims: tuple[int, ...], seeds: tuple[int, ...], steps: int | None,
    out: Path | None, force: bool,
) -> None:  # fmt: skip
    """Train a VAE for each combination of beta, latent dimension and seed, and draw a grid of their scores.

    The weight of the KL is constant in each training. Finished trainings are kept in the run store: after Ctrl-C, the
    same command goes on where it stopped, and `latent-course runs -w data=DATA` lists them. A store that cannot be
    written does not end the sweep. Patterns are scored by the
    mutual information gap of their true factors (mig, 0 to 1), all others by the negative ELBO on test images.

    \b
    latent-course sweep                                        12 trainings, about a minute
    latent-course sweep --beta 8 --latent-dim 8 --seed 0,1,2,3,4     how much does the seed matter?
    """
    from course import datasets, outputs, sweep
    from course.figures.grids import draw_scores
    from course.figures.saving import check_format

    images = datasets.source(data)
    for words in images.words:
        click.echo(words)
    out = out or Path(f"sweep-{images.label}.png")
    check_format(out)
    needed = sweep.configs(data, betas, dims, seeds, steps)
    say_replaced(outputs.check({out: "figure"}, force=force))
    scores, interrupted = _scores(data, needed)
    names = list(next(iter(scores.values()), ()))
    if names:
        click.echo("".join(f"{name:>16}" for name in ("beta", "latent_dim", "seed", *names)))
    for cell, values in scores.items():
        shown = [f"{cell.beta:g}", str(cell.latent_dim), str(cell.seed), *(f"{values[name]:.3f}" for name in names)]
        click.echo("".join(f"{text:>16}" for text in shown))
    if interrupted:
        click.echo(interrupted, err=True)
        sys.exit(INTERRUPTED)
    path = draw_scores({cell: values[names[0]] for cell, values in scores.items()}, names[0], out)
    click.echo(f"Drew {path}")


def _scores(data: str, needed: dict[Cell, RunConfig]) -> tuple[dict[Cell, dict[str, float]], str]:
    """What each training is worth, and what to say if Ctrl-C ended it; a store that cannot be written is told once."""
    from tqdm import tqdm

    from course import sweep
    from course.runs import NotKept

    scores: dict[Cell, dict[str, float]] = {}
    lost: set[str] = set()
    usual = warnings.showwarning

    def tell(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        if category is not NotKept:
            usual(message, category, *place, **more)
        elif str(message) not in lost:
            lost.add(str(message))
            tqdm.write(str(message), file=sys.stderr)

    with warnings.catch_warnings(), tqdm(total=len(needed), unit="run", disable=None, leave=False) as bar:
        warnings.simplefilter("always", NotKept)
        warnings.showwarning = tell
        try:
            for cell, model in sweep.models(needed):
                scores[cell] = sweep.score(model, data)
                bar.update()
        except KeyboardInterrupt:
            kept = "not all of them are kept" if lost else "they are kept: the same command goes on"
            return scores, f"Interrupted after {len(scores)} of {len(needed)}; {kept}"
    return scores, ""
