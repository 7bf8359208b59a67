"""The command `latent-course train`: a training, its weights, and then what it is worth and a picture of it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course.commands.common import (
    DATA,
    INTERRUPTED,
    SEED,
    OutPath,
    force,
    in_one_line,
    output_lost,
    say_replaced,
)  # fmt: skip

if TYPE_CHECKING:
    from course.experiment import Outcome

__all__ = ["command"]

_MODELS = ("ae", "vae", "cvae", "branched", "classifier", "conv-ae", "conv-vae")
_LIKELIHOODS = ("bernoulli", "continuous", "gaussian")


@click.command("train")
@click.option("--data", default="lines64", show_default=True, help=f"The images to learn: {DATA}.")
@click.option("--model", type=click.Choice(_MODELS), default="vae", show_default=True, help="What learns them.")
@click.option("--latent-dim", type=int, help="Z, the number of latent dimensions.  [8; not patterns: 16]")
@click.option("--hidden-dim", type=int, help="Units of a hidden layer.  [128]")
@click.option("--depth", type=int, help="Hidden layers of the encoder, and of the decoder.  [2]")
@click.option("--channels", type=int, help="Channels of a convolutional network's first layer.  [16]")
@click.option("--branch", type=click.Choice(["z", "trunk"]), help="Where a branched VAE's classifier sits.  [z]")
@click.option("--gamma", type=float, help="Weight of a branched VAE's cross-entropy.  [1]")
@click.option("--likelihood", type=click.Choice(_LIKELIHOODS), help="What the decoder says of a pixel.  [bernoulli]")
@click.option("--scale", type=float, help="Standard deviation of a Gaussian pixel.  [learned]")
@click.option("--beta", type=float, help="Weight of the KL.  [1]")
@click.option(
    "--beta-start", type=float, help="Weight of the KL at the first step; 0: warm-up.  [4; not patterns: beta]"
)
@click.option("--anneal", type=float, help="Share of the steps in which that weight moves to beta.  [0.5]")
@click.option("--steps", type=int, help="Updates of the parameters.  [4000; fashion-sample, up to 5000 own: 2000]")
@click.option("--batch-size", type=int, help="Images in one update.  [64]")
@click.option("--learning-rate", type=float, help="Peak of the one-cycle schedule.  [0.01; not patterns: 0.004]")
@click.option("--seed", type=SEED, help="Of the weights, the order of images and the noise.  [0]")
@click.option("--again", is_flag=True, help="Train even if the run store has this run, and replace it.")
@click.option(
    "--picture/--no-picture", default=True, show_default=True, help="Draw what it learned, beside the weights."
)
@click.option("--out", type=OutPath(), help="Weights to write; .safetensors is added.  [DATA-MODEL]")
@force
@in_one_line
def command(data: str, model: str, again: bool, picture: bool, out: Path | None, force: bool, **options: Any) -> None:
    """Train a model, measure it, draw it, and write its weights with a record beside them.

    The run is also kept in the run store, where `latent-course runs` finds it by its parameters; asked for again, it
    is not trained again. The quality is printed in nats per image; for patterns beside their entropy, below which no
    negative ELBO can go. Ctrl-C ends the training early, and writes what was learned; a second one leaves out what it
    is worth, and the picture.

    The reconstruction is the binary cross-entropy, which of grey pixels is a loss, but no log probability. With
    --likelihood continuous (the continuous Bernoulli) or gaussian it is a density, whose nats may be negative.

    Your own images are squares of 2 to 64 pixels a side, in one of three forms: a folder with the four files of MNIST
    (train-images-idx3-ubyte and so on, with or without .gz, also EMNIST's); an .npz file with images, and if there are
    any labels, test_images, test_labels and class_names, or Keras' x_train, y_train, x_test and y_test; or a folder of
    pictures (PNG, JPEG, WebP, BMP, TIFF, GIF, PGM), where subfolders are classes, of each of which the middle square is
    made grey and 28 x 28. Without test images a tenth is held out. What was done, and what was not read, is said.

    \b
    latent-course train                                        the reference VAE of lesson 1
    latent-course train --latent-dim 2 --out two               its little sister, to look at on a map
    latent-course train --data fashion-sample --model ae       clothes; the sample comes with the course
    latent-course train --data fashion --model cvae --beta 2   all 60 000, and a label to ask for
    latent-course train --data fashion --likelihood gaussian   grey pixels with a density of their own
    latent-course train --data mnist/ --model ae               your own: MNIST's files, an .npz file, pictures
    """
    from course import datasets, experiment

    given = {name: value for name, value in options.items() if value is not None}
    images = datasets.source(data)
    for words in images.words:
        click.echo(words)
    out = out or Path(f"{images.label}-{model}.safetensors")
    config = experiment.config_of(data, model, given)
    outcome = experiment.train_and_save(
        config, out, _typed(data, model, given), again=again, picture=picture, force=force
    )
    _finish(outcome, picture)


def _typed(data: str, model: str, given: dict[str, Any]) -> str:
    """The line that starts this training, for its record."""
    options = "".join(f" --{name.replace('_', '-')} {value}" for name, value in given.items())
    return f"latent-course train --data {shlex.quote(data)} --model {model}{options}"


def _finish(outcome: Outcome, picture: bool) -> None:
    """Says what is saved, then measures and draws it: whatever becomes of that, the weights are there."""
    from course import checkpoints, experiment

    out, doing, problem, drawn = outcome.out, "measured: its record says nothing of its quality", "", None
    quality: dict[str, float | int] = {}
    code = INTERRUPTED if outcome.history.interrupted else 0
    try:
        record = checkpoints.beside(out, ".json").name
        click.echo(f"{'Interrupted; kept' if outcome.history.interrupted else 'Wrote'} {out} and {record}")
        say_replaced(outcome.replaced)
        if outcome.found:
            click.echo(f"Found in the run store as {outcome.config.name}; train it anew with --again")
        if outcome.not_kept:
            click.echo(outcome.not_kept, err=True)
        if outcome.impatient:
            raise KeyboardInterrupt
        quality = experiment.measure(outcome)
        doing = "drawn"
        drawn = experiment.draw(outcome) if picture else None
    except KeyboardInterrupt:
        problem, code = f"Interrupted: {out} is written, but the model is not {doing}", INTERRUPTED
    except BrokenPipeError:  # whoever read what we say has left
        raise
    except (ValueError, RuntimeError, OSError) as error:
        if output_lost(error):
            raise
        problem, code = f"Error: {out} is written, but the model could not be {doing} ({error})", code or 1
    if drawn:
        click.echo(f"Drew {drawn}")
    for name, value in quality.items():
        click.echo(f"  {name:22} {value:.3f}" if isinstance(value, float) else f"  {name:22} {value}")
    if problem:
        click.echo(problem, err=True)
    sys.exit(code)
