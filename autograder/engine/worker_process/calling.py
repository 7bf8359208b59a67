"""Carries out a call, once or in rounds: runs the function under watch, takes gradients, reads files back."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.engine import trees, wire
from autograder.engine.worker_process.arguments import Arguments
from autograder.engine.worker_process.error_report import describe_error
from autograder.engine.worker_process.loading import Loaded
from autograder.engine.worker_process.models import Recording, set_linear
from autograder.engine.worker_process.results import Results
from autograder.engine.worker_process.side_effects import Snapshot

__all__ = ["carry_out"]

LARGEST_FILE = 16 * 1024 * 1024


def carry_out(loaded: Loaded, function: Callable[..., Any], request: wire.Message, home: Path) -> wire.Message:
    """The answer to a call; where it asks for rounds, all their answers. A round that fails is the last."""
    body = dict(request.body)
    rounds = body.pop("rounds", None)
    if not rounds:
        return _once(loaded, function, request, home)
    told: list[dict[str, Any]] = []
    arrays: list[wire.Array] = []
    for again in rounds:
        varied = {**body, "seed": again["seed"], "kwargs": {**body["kwargs"], **again["kwargs"]}}
        answer = _once(loaded, function, wire.Message(varied, request.arrays), home)
        told.append({"body": answer.body, "start": len(arrays), "count": len(answer.arrays)})
        arrays += answer.arrays
        if "error" in answer.body:
            break
    return wire.Message({"rounds": told}, arrays)


def _once(loaded: Loaded, function: Callable[..., Any], request: wire.Message, home: Path) -> wire.Message:
    """One call and all that is known about it afterwards."""
    body = request.body
    folder = Path(tempfile.mkdtemp(dir=home))
    os.chdir(folder)
    try:
        arguments = Arguments(body, request.arrays, folder)
        modules: list[nn.Module] = list(arguments.models.values())
        before: list[Any] = []
        if body.get("layers"):
            try:
                before = [_instance(loaded, body, arguments)]
            except BaseException as error:
                return _failed(loaded, error, "while building the model")
        results = Results()
        answer = _run(loaded, function, (before, arguments, modules + before), body, results)
        answer["files"], answer["others"] = _files(folder, body.get("collect", []), results)
        return wire.Message(answer, results.arrays)
    finally:
        os.chdir(home)
        trees.remove(folder)


def _instance(loaded: Loaded, body: dict[str, Any], arguments: Arguments) -> nn.Module:
    """The student's own class (its helpers must work), with the grader's layers in it."""
    made = getattr(loaded.module, body["function"].split(".")[0])()
    for name, (weight, bias) in body["layers"].items():
        set_linear(made, name, arguments.tensor(weight), arguments.tensor(bias))
    model: nn.Module = made.to(arguments.dtype)
    return model


def _run(
    loaded: Loaded,
    function: Callable[..., Any],
    given: tuple[list[Any], Arguments, list[nn.Module]],
    body: dict[str, Any],
    results: Results,
) -> dict[str, Any]:
    before, arguments, modules = given
    loaded.called.clear()
    snapshot = Snapshot(arguments.inputs, modules, body["seed"])
    try:
        value = function(*before, *arguments.positional, **arguments.named)
    except BaseException as error:
        snapshot.changes()
        return dict(_failed(loaded, error).body)
    answer: dict[str, Any] = {"drew": snapshot.drew(), "changes": snapshot.changes(), "calls": sorted(loaded.called)}
    answer["used"] = {name: dict(model.used) for name, model in arguments.models.items()}
    for name, (generator, state) in arguments.generators.items():
        answer["used"][name] = {"advanced": not torch.equal(generator.get_state(), state)}
    answer["seen"] = {
        name: [results.describe(x) for x in model.seen[:100]]
        for name, model in arguments.models.items()
        if isinstance(model, Recording)
    }
    answer["result"] = results.describe(value)
    if arguments.track:
        answer["gradients"] = _gradients(value, arguments, body["cotangents"], results)
    return answer


def _failed(loaded: Loaded, error: BaseException, note: str = "") -> wire.Message:
    return wire.Message({"error": describe_error(error, loaded.submitted, note), "calls": sorted(loaded.called)})


def _gradients(value: Any, arguments: Arguments, cotangents: list[int], results: Results) -> list[dict[str, Any]]:
    """The vector-Jacobian product with the given cotangents, for each float input; None where nothing flows."""
    outputs = list(value) if isinstance(value, list | tuple) else [value]
    pairs = []
    for output, index in zip(outputs, cotangents, strict=False):
        weight = arguments.tensor(index)
        if isinstance(output, torch.Tensor) and output.requires_grad and output.shape == weight.shape:
            pairs.append((output, weight.to(output.dtype)))
    if not pairs:
        return [results.describe(None) for _ in arguments.leaves]
    try:
        taken = torch.autograd.grad(
            [output for output, _ in pairs], arguments.leaves, [weight for _, weight in pairs], allow_unused=True
        )
    except RuntimeError:  # the graph was freed, or changed in place
        return [results.describe(None) for _ in arguments.leaves]
    return [results.describe(gradient) for gradient in taken]


def _files(folder: Path, wanted: list[str], results: Results) -> tuple[dict[str, Any], list[str]]:
    """The files asked for, as bytes, and the names of others that the call left behind."""
    found: dict[str, Any] = {}
    for name in wanted:
        try:
            about = os.lstat(folder / name)
        except OSError:
            continue
        if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST_FILE:
            found[name] = {"is": "odd", "text": f"not a file of up to {LARGEST_FILE:,} bytes", "none": False}
        else:
            found[name] = results.describe(np.fromfile(folder / name, np.uint8))
    others: list[str] = []
    with contextlib.suppress(OSError):  # too much to look at: whoever judges sees some of it
        others.extend(os.path.relpath(entry.path, folder) for entry in trees.files(folder))
    return found, [name[:80] for name in sorted(others) if name not in wanted][:10]
