"""The command `latent-course claims`: what the lessons say, measured."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path

import click

from course.commands.common import INTERRUPTED, OutPath, force, in_one_line

__all__ = ["command"]

_SITE = Path("docs/claims.json")


@click.command("claims")
@click.option("--check", is_flag=True, help="Measure again and compare with the file instead of writing it.")
@click.option("--only", multiple=True, metavar="NAME", help="Measure just this claim; may be repeated.")
@click.option("--list", "listed", is_flag=True, help="List the claims by name, and measure nothing.")
@click.option("--out", type=OutPath(), help=f"The file.  [{_SITE} where there is one, else none]")
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes, of one thread each.")
@force
@in_one_line
def command(
    check: bool, only: tuple[str, ...], listed: bool, out: Path | None, jobs: int, force: bool
) -> None:  # fmt: skip
    """Measure what the lessons say about models, over several seeds, and write the values.

    All of them take about half an hour on two cores, one of them seconds. Trained models are kept in the run store, so
    that a second call is quick, and goes on where Ctrl-C ended the first. With --check nothing is written; the exit
    code is 1 if a claim fails or has moved by more than its spread allows.

    \b
    latent-course claims --list
    latent-course claims --only reference-elbo --only dim2-elbo
    """
    from course import outputs
    from course.claims.measuring import compare, measure_all, write
    from course.claims.results import read_results
    from course.claims.tables import CLAIMS

    if listed:
        for name, claim in CLAIMS.items():
            click.echo(f"{name:28} {claim.statement}")
        return
    for name in only:
        if name not in CLAIMS:
            raise click.UsageError(_no_claim(name, list(CLAIMS)))
    place = out or (_SITE if check or _SITE.exists() else None)
    if place and not check:
        outputs.check({place: "claims"}, force=force)
    known = read_results(place) if place and (check or outputs.is_ours(place, "claims")) else {}
    if check and not known:
        raise click.UsageError(f"{place} is not there: name the file to compare with by --out, or leave out --check")
    try:
        measured = measure_all(only or tuple(CLAIMS), jobs)
    except KeyboardInterrupt:
        click.echo("Interrupted; finished trainings are kept: the same command goes on", err=True)
        sys.exit(INTERRUPTED)
    for name, result in measured.items():
        mark = "holds" if result.holds else "FAILS"
        click.echo(f"{mark}  {name:28} {result.value:9.3f} ± {result.spread:6.3f} {result.unit:5} {result.must_hold}")
    problems = [f"{name} does not hold" for name, result in measured.items() if not result.holds]
    if check:
        problems += compare(measured, known)
    elif place:
        write(known | measured, place)
    for problem in problems:
        click.echo(f"Error: {problem}", err=True)
    sys.exit(1 if problems else 0)


def _no_claim(name: str, known: list[str]) -> str:
    """What to say of a name that no claim has, with those that it could mean."""
    near = [*(other for other in known if name and name in other), *get_close_matches(name, known)]
    words = f"did you mean {', '.join(dict.fromkeys(near[:8]))}? " if near else ""
    return f"expected the name of a claim, got {name!r}: {words}latent-course claims --list shows all {len(known)}"
