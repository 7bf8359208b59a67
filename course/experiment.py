"""One training from its parameters to files: saved where one asks and in the run store, then measured and drawn.

The weights are on disk before anything else is done with them, and one place that cannot be written does not cost
the other.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from inspect import signature
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor

from course import checkpoints, datasets, files, metrics, outputs, reading, runs
from course.errors import CourseError
from course.interrupts import held
from course.labelled import BranchedVAE, Classifier
from course.models import VAE
from course.patterns import PatternSet
from course.registry import Model, kind_named
from course.run_config import RunConfig
from course.training import History, Settings, one_thread

__all__ = ["Outcome", "config_of", "draw", "measure", "quality_of", "train_and_save"]

Quality = dict[str, float | int]
_JUDGED = 2000


@dataclass(frozen=True)
class Outcome:
    """A training whose weights are at `out`, with a record that knows no quality yet.

    `found` says that the run store had it already; `history.interrupted`, that Ctrl-C ended it; `impatient`, that
    Ctrl-C was pressed again while it was saved; `not_kept`, why the run store does not have it.
    """

    config: RunConfig
    model: Model
    history: History
    out: Path
    found: bool
    impatient: bool
    not_kept: str = ""


def config_of(data: str, model: str, options: Mapping[str, Any]) -> RunConfig:
    """The configuration of a model's short name and of options, each either a size of the model or one of `Settings`.

    Raises ValueError, with those that it has, for an option that this model has not.
    """
    kind, settings = kind_named(model), {field.name for field in fields(Settings)}
    sizes = set(signature(kind).parameters) - {"generator"}
    for name in options:
        if name not in settings | sizes:
            raise CourseError(f"the model {model} has no option {name!r}; it has {', '.join(sorted(settings | sizes))}")
    usual = datasets.default_settings(data)
    chosen = {**usual, **{name: options[name] for name in options if name in settings}}
    if "beta_start" in usual and "beta" in options and "beta_start" not in options:
        chosen["beta_start"] = options["beta"]  # what starts at beta stays there
    return RunConfig.of(data, kind, {name: options[name] for name in options if name in sizes}, Settings(**chosen))


def train_and_save(
    config: RunConfig, out: Path, command: str, *, again: bool = False, picture: bool = True, force: bool = False
) -> Outcome:
    """Trains on one thread, or finds the run, and writes its weights to `out` with a record beside them.

    A whole training is kept in the run store. One that Ctrl-C ended is only written to `out`, with what it learned.
    Raises CourseError or OSError before training where a file of `out` cannot be written or is not the course's (see
    `outputs.check`, with `force`; a picture is looked for only where one will be drawn), and OSError, saying where the
    weights are, if one turns out to be none after it.
    """
    outputs.check(_targets(config, out, picture), force=force)
    with held() as ctrl_c:
        found = None if again else _found(config)
        started = time.perf_counter()
        model, history = found or _trained(config)
        record = _record(config, history, command)
        no_weights = _failure(lambda: checkpoints.save(model, out, record))
        store, not_kept = runs.stores()[0], None
        if not found and not history.interrupted:
            seconds, folder = time.perf_counter() - started, store / config.name
            not_kept = _failure(lambda: runs.save(model, history, folder, config.record, seconds, replace=again))
        problem = str(runs.NotKept(store, not_kept)) if not_kept else ""
        if no_weights:
            kept = not problem and not history.interrupted
            raise OSError(
                f"{checkpoints.beside(out)} could not be written ({files.why(no_weights)}). "
                + (_where_kept(config) if kept else f"{problem} {_rescued(model, out, record)}".strip())
            )
        impatient, ctrl_c.pressed = ctrl_c.pressed > 0, 0
    return Outcome(config, model, history, checkpoints.beside(out), found is not None, impatient, problem)


def measure(outcome: Outcome) -> Quality:
    """What the model is worth, written into its record too."""
    quality = quality_of(outcome.model, outcome.config.data)
    rounded = {name: round(value, 4) for name, value in quality.items()}
    checkpoints.save_record(outcome.out, {**checkpoints.read_record(outcome.out), "quality": rounded})
    return quality


def draw(outcome: Outcome) -> Path | None:
    """A picture beside the weights: what the model sees, gives back and invents, its map and loss; not of classifiers.

    It appears whole or not at all. Returns its path.
    """
    from course.figures.portrait import portrait

    if isinstance(outcome.model, Classifier):
        return None
    return portrait(outcome.model, outcome.config.data, outcome.history, checkpoints.beside(outcome.out, ".png"))


@one_thread()
@torch.no_grad()
def quality_of(model: Model, data: str) -> Quality:
    """What a model is worth on images that it was not trained on (of patterns: all there are), in nats per image."""
    judged, generator = datasets.held_out(data), Generator().manual_seed(0)
    if isinstance(judged, PatternSet) and isinstance(model, VAE) and not model.takes_labels:
        return metrics.quality(model, judged, generator=generator)
    x, labels = torch.from_numpy(judged.images[:_JUDGED]), torch.from_numpy(judged.labels[:_JUDGED])
    if isinstance(model, Classifier):
        return {"cross_entropy": float(model.loss(x, labels).total), "accuracy": _accuracy(model(x), labels)}
    draws = [model.loss(x, labels, 1.0, generator)._asdict() for _ in range(10)]
    terms = {name: float(torch.stack([draw[name] for draw in draws]).mean()) for name in draws[0]}
    quality: Quality = {"negative_elbo": terms["reconstruction"] + terms["kl"]} if isinstance(model, VAE) else {}
    quality["reconstruction"] = terms["reconstruction"]
    if isinstance(model, VAE):
        quality |= {"kl": terms["kl"], "active_units": metrics.active_units(metrics.dimension_kl(model, x, labels))}
    x_hat = model.decode(model.encode(x, labels), labels)
    quality["squared_error"] = float((x_hat - x).square().sum(dim=1).mean())
    if isinstance(model, BranchedVAE):
        quality |= {"cross_entropy": terms["cross_entropy"], "accuracy": _accuracy(model.classify(x), labels)}
    return quality


def _targets(config: RunConfig, out: Path, picture: bool) -> dict[Path, outputs.Kind]:
    """What will be written, and as what. Raises CourseError where `out` itself is a folder, a device or the like."""
    if os.path.exists(out) and not os.path.isfile(out):
        what = reading.kind_of(out.stat().st_mode)
        raise CourseError(f"{out} is {what}: name a file for the weights with --out, such as two.safetensors")
    targets: dict[Path, outputs.Kind] = {checkpoints.beside(out): "weights", checkpoints.beside(out, ".json"): "record"}
    if picture and not issubclass(config.kind, Classifier):
        targets[checkpoints.beside(out, ".png")] = "figure"
    return targets


def _found(config: RunConfig) -> tuple[Model, History] | None:
    """What the run store has; None where it has nothing whole, for what was lost can be trained again."""

    def read(run: runs.Run) -> tuple[Model, History]:
        with suppress(OSError):  # in a store that is only to be read, the note is left out
            runs.set_path(run, config.record)
        return run.model(), run.history()

    return runs.from_store(config, read)


def _trained(config: RunConfig) -> tuple[Model, History]:
    with one_thread():
        model, history = config.train()
    return model.eval(), history


def _record(config: RunConfig, history: History, command: str) -> dict[str, Any]:
    return {
        **{name: value for name, value in config.record.items() if name in ("data", "path", "settings")},
        "command": command,
        "steps_done": len(history.steps),
        "quality": {},
        "versions": checkpoints.versions(),
    }


def _failure(write: Callable[[], object]) -> OSError | None:
    """Why something could not be written, or None."""
    try:
        write()
    except OSError as error:
        return error
    return None


def _where_kept(config: RunConfig) -> str:
    """How to get at the weights of a run in the store."""
    found = runs.get(config.name)
    return (
        f"The training is kept in the run store as {config.name}{f', in {found.folder}' if found else ''}: the same "
        "command with another --out finds it there"
    )


def _rescued(model: Model, out: Path, record: Mapping[str, Any]) -> str:
    """Where the weights are that found no other place: in a folder for temporary files, or lost."""
    try:
        path = Path(tempfile.mkdtemp(prefix="latent-course-")) / checkpoints.beside(out).name
        checkpoints.save(model, path, record)
    except OSError as error:
        return f"Nor could {tempfile.gettempdir()} ({files.why(error)}), so that the weights are lost"
    return f"The weights are in {path}: move them and their record before that folder is emptied"


def _accuracy(logits: Tensor, labels: Tensor) -> float:
    return float((logits.argmax(dim=1) == labels).float().mean())
