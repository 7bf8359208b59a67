"""One training from its parameters to files: kept in the run store, measured, and its weights put where one asks."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from inspect import signature
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor

from course import checkpoints, datasets, metrics, runs
from course.kinds import Model, kind_named
from course.labelled import BranchedVAE, Classifier, ConditionalVAE
from course.models import VAE
from course.patterns import PatternSet
from course.runs import Plan
from course.training import History, Settings

__all__ = ["Outcome", "draw", "plan_of", "quality_of", "train_and_save"]

Quality = dict[str, float | int]
_JUDGED = 2000


@dataclass(frozen=True)
class Outcome:
    """`found` says that the run store had it already; `history.interrupted`, that Ctrl-C ended it."""

    model: Model
    history: History
    quality: Quality
    found: bool


def plan_of(data: str, model: str, options: Mapping[str, Any]) -> Plan:
    """The plan of a model's short name and of options, each either a size of the model or one of `Settings`.

    Raises ValueError, with those that it has, for an option that this model has not.
    """
    kind, settings = kind_named(model), {field.name for field in fields(Settings)}
    sizes = set(signature(kind).parameters) - {"generator"}
    for name in options:
        if name not in settings | sizes:
            raise ValueError(f"the model {model} has no option {name!r}; it has {', '.join(sorted(settings | sizes))}")
    usual = datasets.default_settings(data)
    chosen = {**usual, **{name: options[name] for name in options if name in settings}}
    if "beta_start" in usual and "beta" in options and "beta_start" not in options:
        chosen["beta_start"] = options["beta"]  # what starts at beta stays there
    return Plan.of(data, kind, {name: options[name] for name in options if name in sizes}, Settings(**chosen))


def train_and_save(plan: Plan, out: Path, command: str, *, again: bool = False) -> Outcome:
    """Trains on one thread, or finds the run; measures it, and writes `out` with its record.

    A whole training is kept in the run store. One that Ctrl-C ended is only written to `out`, with what it learned.
    """
    _check_place(out)
    folder, found = runs.stores()[0] / plan.name, None if again else runs.named(plan.name)
    if found:
        model, history = found.model(), found.history()
        runs.note(found, plan.record)
    else:
        started = time.perf_counter()
        with runs.one_thread():
            model, history = plan.train()
        model.eval()
        if not history.interrupted:
            runs.remember(model, history, folder, plan.record, time.perf_counter() - started, replace=again)
    quality = quality_of(model, plan.data)
    record = {
        **{name: value for name, value in plan.record.items() if name in ("data", "path", "settings")},
        "command": command,
        "steps_done": len(history.steps),
        "quality": {name: round(value, 4) for name, value in quality.items()},
        "versions": checkpoints.versions(),
    }
    checkpoints.save(model, out, record)
    return Outcome(model, history, quality, found is not None)


def draw(outcome: Outcome, plan: Plan, path: Path) -> Path | None:
    """A picture at `path` of what the model sees, gives back and invents, its map and loss; None for a classifier."""
    from course.figures.portrait import portrait

    if isinstance(outcome.model, Classifier):
        return None
    return portrait(outcome.model, plan.data, outcome.history, path)


@runs.one_thread()
@torch.no_grad()
def quality_of(model: Model, data: str) -> Quality:
    """What a model is worth on images that it was not trained on (of patterns: all there are), in nats per image."""
    judged, generator = datasets.held_out(data), Generator().manual_seed(0)
    if isinstance(judged, PatternSet) and isinstance(model, VAE) and not isinstance(model, ConditionalVAE):
        return metrics.quality(model, judged, generator=generator)
    x, labels = torch.from_numpy(judged.images[:_JUDGED]), torch.from_numpy(judged.labels[:_JUDGED])
    if isinstance(model, Classifier):
        return {"cross_entropy": float(model.loss(x, labels).total), "accuracy": _accuracy(model(x), labels)}
    draws = [model.loss(x, labels, 1.0, generator)._asdict() for _ in range(10)]
    terms = {name: float(torch.stack([draw[name] for draw in draws]).mean()) for name in draws[0]}
    variational = isinstance(model, VAE)
    quality: Quality = {"negative_elbo": terms["reconstruction"] + terms["kl"]} if variational else {}
    quality["reconstruction"] = terms["reconstruction"]
    if isinstance(model, VAE):
        given = (labels,) if isinstance(model, ConditionalVAE) else ()
        x_hat, per_dimension = model.decode(model.encode(x, *given), *given), metrics.dimension_kl(model, x, *given)
        quality |= {"kl": terms["kl"], "active_units": metrics.active_units(per_dimension)}
    else:
        x_hat = model.decode(model.encode(x))
    quality["squared_error"] = float((x_hat - x).square().sum(dim=1).mean())
    if isinstance(model, BranchedVAE):
        quality |= {"cross_entropy": terms["cross_entropy"], "accuracy": _accuracy(model.classify(x), labels)}
    return quality


def _check_place(out: Path) -> None:
    """Asks before an hour of training, not after it, whether its weights can be written."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(out.parent, os.W_OK):
        raise PermissionError(f"{out.parent} may not be written to: name another place with --out")


def _accuracy(logits: Tensor, labels: Tensor) -> float:
    return float((logits.argmax(dim=1) == labels).float().mean())
