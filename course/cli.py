"""The command line `latent-course`. torch and matplotlib are imported only by the commands that need them."""

from __future__ import annotations

import shlex
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, get_args

import click

from course import __version__

__all__ = ["main"]

_GROUP = "latent_course.commands"
_DATA = "lines64, bars512, cross8x8, classic, fashion, fashion-sample, or the path of your own images"
_MODELS = ("ae", "vae", "cvae", "branched", "classifier")


class _Extended(click.Group):
    """Commands of other packages join through the entry point group `latent_course.commands`, and load when used.

    A command written here comes first, so that nothing installed can replace it.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *entry_points(group=_GROUP).names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        found = [] if own else list(entry_points(group=_GROUP, name=cmd_name))
        if not found:
            return own
        command: click.Command = found[0].load()
        return command


@click.group(cls=_Extended, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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


@main.command()
@click.option("--data", default="lines64", show_default=True, help=f"The images to learn: {_DATA}.")
@click.option("--model", type=click.Choice(_MODELS), default="vae", show_default=True, help="What learns them.")
@click.option("--latent-dim", type=int, help="Z, the number of latent dimensions.  [8; not patterns: 16]")
@click.option("--hidden-dim", type=int, help="Units of a hidden layer.  [128]")
@click.option("--depth", type=int, help="Hidden layers of the encoder, and of the decoder.  [2]")
@click.option("--branch", type=click.Choice(["z", "trunk"]), help="Where a branched VAE's classifier sits.  [z]")
@click.option("--gamma", type=float, help="Weight of a branched VAE's cross-entropy.  [1]")
@click.option("--beta", type=float, help="Weight of the KL.  [1]")
@click.option(
    "--beta-start", type=float, help="Weight of the KL at the first step; 0: warm-up.  [4; not patterns: beta]"
)
@click.option("--anneal", type=float, help="Share of the steps in which that weight moves to beta.  [0.5]")
@click.option("--steps", type=int, help="Updates of the parameters.  [4000; fashion-sample, up to 5000 own: 2000]")
@click.option("--batch-size", type=int, help="Images in one update.  [64]")
@click.option("--learning-rate", type=float, help="Peak of the one-cycle schedule.  [0.01; not patterns: 0.004]")
@click.option("--seed", type=int, help="Of the weights, the order of images and the noise.  [0]")
@click.option("--again", is_flag=True, help="Train even if the run store has this run, and replace it.")
@click.option(
    "--picture/--no-picture", default=True, show_default=True, help="Draw what it learned, beside the weights."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Weights to write; .safetensors is added.  [DATA-MODEL]",
)
def train(data: str, model: str, again: bool, picture: bool, out: Path | None, **options: Any) -> None:
    """Train a model, measure it, draw it, and write its weights with a record beside them.

    The run is also kept in the run store, where `latent-course runs` finds it by its parameters; asked for again, it
    is not trained again. The quality is printed in nats per image; for patterns beside their entropy, below which no
    negative ELBO can go. Ctrl-C ends the training early, and writes what was learned; a second one leaves out what it
    is worth, and the picture.

    Your own images are squares of 2 to 64 pixels a side, in one of three forms: a folder with the four files of MNIST
    (train-images-idx3-ubyte and so on, with or without .gz); an .npz file with images, and if there are any labels,
    test_images, test_labels and class_names; or a folder of PNG or JPEG pictures, where subfolders are classes, of each
    of which the middle square is made grey and 28 x 28. Without test images a tenth is held out.

    \b
    latent-course train                                        the reference VAE of lesson 1
    latent-course train --latent-dim 2 --out two               its little sister, to look at on a map
    latent-course train --data fashion-sample --model ae       clothes; the sample comes with the course
    latent-course train --data fashion --model cvae --beta 2   all 60 000, and a label to ask for
    latent-course train --data mnist/ --model ae               your own: MNIST's files, an .npz file, pictures
    """
    from course import datasets, experiment
    from course.commands.finishing import finish

    given = {name: value for name, value in options.items() if value is not None}
    try:
        images = datasets.source(data)
        for words in images.words:
            click.echo(words)
        out = out or Path(f"{images.label}-{model}.safetensors")
        plan = experiment.plan_of(data, model, given)
        outcome = experiment.train_and_save(plan, out, _command(data, model, given), again=again)
    except (ValueError, FloatingPointError, OSError) as error:
        raise click.ClickException(str(error)) from None
    finish(outcome, picture)


def _command(data: str, model: str, given: dict[str, Any]) -> str:
    options = "".join(f" --{name.replace('_', '-')} {value}" for name, value in given.items())
    return f"latent-course train --data {shlex.quote(data)} --model {model}{options}"


@main.command()
@click.argument("names", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("figures"), show_default=True)
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
def figures(names: tuple[str, ...], out: Path, theme: str) -> None:
    """Draw the pictures of the lessons into a folder: all of them, or those NAMED."""
    from tqdm import tqdm

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
            ground = "white" if theme == "light" else "#131416"
            draw(name, "light" if theme == "light" else "dark").figure.savefig(path, facecolor=ground)
        click.echo(path)


@main.command()
@click.option("--folder", type=click.Path(path_type=Path), help="Look here, and nowhere else.")
@click.option("--download", is_flag=True, help="Fetch what is missing (31 MB), check it, and keep it in the cache.")
def fashion(folder: Path | None, download: bool) -> None:
    """Say where Fashion-MNIST lies on this machine, and check every byte of it.

    It is looked for in the folder that LATENT_COURSE_FASHION names, in Debian's package dataset-fashion-mnist, and
    among earlier downloads. A sample of 1200 images ships with the course, so that nothing needs the whole set.
    """
    from course import fashion, fashion_files

    try:
        for split in get_args(fashion.Split):
            count = len(fashion.load(split, folder, download=download))
            place = fashion_files.find(fashion_files.of_split(split)[0], folder).parent
            click.echo(f"{split:5} {count:6} images, as they should be, in {place}")
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error).replace("fashion.load(download=True)", "this with --download")) from None


@main.command()
@click.option("--check", is_flag=True, help="Measure again and compare with the file instead of writing it.")
@click.option("--only", multiple=True, metavar="NAME", help="Measure just this claim; may be repeated.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("docs/claims.json"), show_default=True
)
@click.option("--jobs", default=2, show_default=True, help="Processes, of one thread each.")
def claims(check: bool, only: tuple[str, ...], out: Path, jobs: int) -> None:
    """Measure what the lessons say about models, over several seeds, and write the values.

    Trained models are kept in the run store, so that a second call is quick. With --check nothing is written; the exit
    code is 1 if a claim fails or has moved by more than its spread allows.
    """
    from course.claims.measuring import compare, measure_all, write
    from course.claims.tables import CLAIMS

    unknown = [name for name in only if name not in CLAIMS]
    if unknown:
        raise click.UsageError(f"no claim {unknown[0]!r}; there are {', '.join(CLAIMS)}")
    measured = measure_all(only or tuple(CLAIMS), jobs)
    for name, result in measured.items():
        mark = "holds" if result.holds else "FAILS"
        click.echo(f"{mark}  {name:28} {result.value:9.3f} ± {result.spread:6.3f} {result.unit:5} {result.must_hold}")
    problems = [f"{name} does not hold" for name, result in measured.items() if not result.holds]
    if check:
        problems += compare(measured, out)
    else:
        write(measured, out)
    for problem in problems:
        click.echo(problem, err=True)
    sys.exit(1 if problems else 0)


@main.command()
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if a starter differs from its solution.")
@click.option("--overwrite", is_flag=True, help="Replace starters that differ, and any work in them.")
@click.option("--solutions", type=click.Path(path_type=Path, exists=True), default=Path("solutions"), show_default=True)
@click.option("--exercises", type=click.Path(path_type=Path), default=Path("exercises"), show_default=True)
def starters(check: bool, overwrite: bool, solutions: Path, exercises: Path) -> None:
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


@main.command()
@click.argument("model")
@click.option("--data", help=f"The images on the map: {_DATA}.  [default: those that it was trained on]")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The page to write.  [default: explorer.html]"
)
@click.option("--open/--no-open", "show", default=True, help="Open the page in your browser.")
def explore(model: str, data: str | None, out: Path | None, show: bool) -> None:
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
    from course.explorer import page as explorer_page
    from course.explorer import readers

    out = out or Path("explorer.html")
    try:
        own = readers.find(model)
        page = explorer_page.own_page(own.model, own.images(data), own.title, own.python)
        out.write_text(page, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{out}: {type(own.model).__name__}, {out.stat().st_size / 1000:.0f} KB, all in one file")
    if show:
        click.launch(out.resolve().as_uri())


if __name__ == "__main__":
    main()
