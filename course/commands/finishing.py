"""What `latent-course train` does and says once the weights are saved."""

from __future__ import annotations

import sys

import click

from course import checkpoints, experiment
from course.experiment import Outcome

__all__ = ["finish"]


def finish(outcome: Outcome, picture: bool) -> None:
    """Says what is saved, then measures and draws it: whatever becomes of that, the weights are there."""
    out, doing, problem, drawn = outcome.out, "measured: its record says nothing of its quality", "", None
    quality: dict[str, float | int] = {}
    code = 130 if outcome.history.interrupted else 0
    try:
        record = checkpoints.beside(out, ".json").name
        click.echo(f"{'Interrupted; kept' if outcome.history.interrupted else 'Wrote'} {out} and {record}")
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
        problem, code = f"Interrupted: {out} is written, but the model is not {doing}", 130
    except BrokenPipeError:  # whoever read what we say has left
        raise
    except (ValueError, RuntimeError, OSError) as error:
        problem, code = f"Error: {out} is written, but the model could not be {doing} ({error})", code or 1
    if drawn:
        click.echo(f"Drew {drawn}")
    for name, value in quality.items():
        click.echo(f"  {name:22} {value:.3f}" if isinstance(value, float) else f"  {name:22} {value}")
    if problem:
        click.echo(problem, err=True)
    sys.exit(code)
