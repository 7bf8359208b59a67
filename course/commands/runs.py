"""The command `latent-course runs`: the trainings that are kept, as a table, and side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course.commands.common import OutPath, force, in_one_line, say_replaced

if TYPE_CHECKING:
    from course.runs import Run

__all__ = ["command"]

_COLUMNS = ("model", "data", "latent_dim", "hidden_dim", "depth", "beta", "beta_start", "steps", "seed")


@click.group("runs", invoke_without_command=True)
@click.option("--where", "-w", multiple=True, metavar="NAME=VALUE", help="Only runs with this parameter; repeatable.")
@click.option("--limit", type=click.IntRange(min=0), default=40, show_default=True, help="Rows at most; 0 for all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a run, with all that is known of it.")
@click.pass_context
@in_one_line
def command(context: click.Context, where: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List the trainings that are kept, or compare some of them.

    A run is kept under its parameters by `latent-course train`, by the lessons and by `latent-course claims`; some come
    with the course, as the last column says. Reconstruction and KL are means over the last epoch of training, in nats
    per image.

    \b
    latent-course runs -w data=fashion -w model=cvae
    latent-course runs -w data=lines64 -w beta=4 -w latent_dim=8
    latent-course runs -w data=digits.npz                  those that learned these images of your own
    latent-course runs compare lines64-vae-d8-b1-s0 lines64-vae-d8-b4-s0
    """
    if context.invoked_subcommand:
        return
    from course import runs

    parameters = dict(_parameter(text) for text in where)
    found = runs.find(**parameters)
    if as_json:
        for run in found:
            click.echo(json.dumps({"name": run.name, "folder": str(run.folder), **run.record}))
        return
    if not found:
        places = " and ".join(str(place) for place in runs.stores())
        raise click.ClickException(f"no such run in {places}: train one with latent-course train")
    rows = [_row(run) for run in (found[:limit] if limit else found)]
    for line in _table(("run", *_COLUMNS, "reconstruction", "kl", "from"), rows):
        click.echo(line)
    if len(rows) < len(found):
        click.echo(f"... and {len(found) - len(rows)} more: narrow it with --where, or --limit 0 for all")


@command.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--out", type=OutPath(), help="Draw their training curves here: .png, .svg or .pdf.")
@force
@in_one_line
def compare(names: tuple[str, ...], out: Path | None, force: bool) -> None:
    """Measure runs on the same held-out images, side by side, with what differs between them on top.

    NAMES are as `latent-course runs` lists them; the beginning is enough where it means one run only.
    """
    from course import outputs
    from course.datasets import recorded
    from course.experiment import quality_of
    from course.figures.saving import check_format

    if out:
        check_format(out)
        say_replaced(outputs.check({out: "figure"}, force=force))
    chosen = [_named(name) for name in names]
    everything = list(dict.fromkeys(key for run in chosen for key in run.parameters))
    differing = [key for key in everything if len({str(run.parameters.get(key, "")) for run in chosen}) > 1]
    qualities = [quality_of(run.model(), recorded(run.record)) for run in chosen]
    measured = list(dict.fromkeys(key for quality in qualities for key in quality))
    head = ("", *(run.name for run in chosen))
    rows = [(key, *(str(run.parameters.get(key, "-")) for run in chosen)) for key in differing]
    rows += [(key, *(_number(quality.get(key)) for quality in qualities)) for key in measured]
    for line in _table(head, rows):
        click.echo(line)
    if len({run.record["data"] for run in chosen}) > 1:
        click.echo("These runs learned different images: nats of one data set say nothing about another.", err=True)
    if out:
        from course.figures.portrait import curves

        click.echo(f"Drew {curves([(run.name, run.history()) for run in chosen], out)}")


@command.command()
@in_one_line
def ship() -> None:
    """Put all that your store holds into the course, rounded to 16 bits: for its authors; see `make shipped`."""
    from course import runs

    folders = sorted(runs.default_store().glob("[!.]*/"))
    size = sum(path.stat().st_size for folder in folders for path in runs.ship(folder).iterdir())
    click.echo(f"{len(folders)} trainings, {size / 1e6:.1f} MB")


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(f"--where takes NAME=VALUE, such as beta=4, got {text!r}")
    if name == "model":
        from course.registry import kind_named

        try:
            return "kind", kind_named(value).__name__
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    if name == "data" and Path(value).exists():
        return name, _name_of(value)
    try:
        return name, json.loads(value)
    except (ValueError, RecursionError):  # the last: brackets in brackets in brackets
        return name, value


def _name_of(path: str) -> str:
    """What runs call the images there; a name of the course's own data comes first."""
    from course.datasets import source

    return source(path).name


def _named(name: str) -> Run:
    from course import runs

    found = [run for run in runs.all_runs() if run.name.startswith(name)]
    exact = [run for run in found if run.name == name]
    if len({run.name for run in found}) == 1 or exact:
        return (exact or found)[0]
    if not found:
        raise click.UsageError(f"no run begins with {name!r}; latent-course runs lists them")
    raise click.UsageError(f"{len(found)} runs begin with {name!r}: {', '.join(run.name for run in found[:4])} ...")


def _row(run: Run) -> tuple[str, ...]:
    from course.registry import SHORT

    short = {kind.__name__: name for name, kind in SHORT.items()}
    known, last = run.parameters, run.record["last_epoch"]
    kind = str(known.get("kind", ""))
    cells = [short.get(kind, kind.lower()) if name == "model" else str(known.get(name, "-")) for name in _COLUMNS]
    terms = (_number(last.get("reconstruction")), _number(last.get("kl")))
    return (run.name, *cells, *terms, "course" if run.shipped else "you")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as they need to be: words to the left, numbers to the right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = []
    for row in (head, *rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return lines
