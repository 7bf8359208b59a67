"""Carries out a call, once or in rounds: runs the function under watch, takes gradients, reads files back."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.engine import trees, wire
from autograder.engine.messages import CallReply, CallRequest, ErrorReply, Result, RoundReply
from autograder.engine.worker_process import refusals
from autograder.engine.worker_process.arguments import Arguments, ModelAsks
from autograder.engine.worker_process.error_report import describe_error
from autograder.engine.worker_process.loading import Loaded
from autograder.engine.worker_process.model_client import Ask, ask_model
from autograder.engine.worker_process.models import Shows, SmallVAE, set_linear
from autograder.engine.worker_process.results import Results, odd
from autograder.engine.worker_process.side_effects import USED, Snapshot, keeps_another_default

__all__ = ["carry_out"]

LARGEST_FILE = 16 * 1024 * 1024

Function = Callable[..., Any]


def carry_out(
    loaded: Loaded, function: Function, request: CallRequest, given: Sequence[wire.Array], home: Path, ask: Ask
) -> wire.Message:
    """The answer to a call; where it asks for rounds, all their answers. A round that fails is the last."""
    if not request.get("rounds"):
        return _once(loaded, function, request, given, home, partial(ask_model, ask, 0))
    told: list[RoundReply] = []
    arrays: list[wire.Array] = []
    for number, again in enumerate(request["rounds"]):
        varied: CallRequest = {**request, "seed": again["seed"], "kwargs": {**request["kwargs"], **again["kwargs"]}}
        answer = _once(loaded, function, varied, given, home, partial(ask_model, ask, number))
        told.append({"body": answer.body, "start": len(arrays), "count": len(answer.arrays)})
        arrays += answer.arrays
        if "error" in answer.body:
            break
    return wire.Message({"rounds": told}, arrays)


def _once(
    loaded: Loaded,
    function: Function,
    request: CallRequest,
    given: Sequence[wire.Array],
    home: Path,
    asked: ModelAsks,
) -> wire.Message:
    """One call and all that is known about it afterwards."""
    folder = _empty_folder(home)
    os.chdir(folder)
    try:
        arguments = Arguments(request, given, folder, asked)
        before: list[nn.Module] = []
        if request["layers"]:
            try:
                before = [_instance(loaded, request, arguments)]
            except BaseException as error:
                return _failed(loaded, error, "while building the model")
        with torch.set_grad_enabled(request.get("grad_mode", True)):
            return _run(loaded, function, before, arguments, request)
    finally:
        os.chdir(home)


def _empty_folder(home: Path) -> Path:
    """A folder for the files of a call: that of the last one, if there are none in it."""
    folder = home / "call"
    with contextlib.suppress(OSError):
        if not os.path.islink(folder) and not os.listdir(folder):
            return folder
    trees.remove(folder)
    if os.path.lexists(folder):  # it is closed, by what the call did
        return Path(tempfile.mkdtemp(dir=home))
    folder.mkdir()
    return folder


def _instance(loaded: Loaded, request: CallRequest, arguments: Arguments) -> nn.Module:
    """The student's own class (its helpers must work), with the grader's layers in it.

    It is one object over all calls, as a model is in its life, so that what a call keeps in it shows in the next.
    """
    owner = request["function"].split(".")[0]
    made = loaded.instances.get(owner) or getattr(loaded.module, owner)()
    loaded.instances[owner] = made
    for name, (weight, bias) in request["layers"].items():
        set_linear(made, name, arguments.tensor(weight), arguments.tensor(bias))
    model: nn.Module = made.to(arguments.dtype).train()
    return model


def _run(
    loaded: Loaded, function: Function, before: list[nn.Module], arguments: Arguments, request: CallRequest
) -> wire.Message:
    loaded.called.clear()
    snapshot = Snapshot(arguments.inputs, [*arguments.models.values(), *before], request["seed"])
    refusals.begin()
    try:
        value = function(*before, *arguments.positional, **arguments.named)
    except BaseException as error:
        snapshot.changes()
        return _failed(loaded, error)
    set_dtype, refused = "default_dtype" in USED, refusals.refused_so_far()
    drew, changes, calls = snapshot.drew(), snapshot.changes(), sorted(loaded.called)
    used, results = arguments.used(), Results()
    seen = {
        name: [results.describe(x) for x in model.shown()[:100]]
        for name, model in arguments.models.items()
        if isinstance(model, Shows)
    }
    result = results.describe(list(value.parameters()) if isinstance(value, SmallVAE) else value)
    gradients = _gradients(value, arguments, request["cotangents"], results) if "cotangents" in request else []
    files, others = _files(arguments.folder, request["collect"], results)
    if set_dtype and not any(model.asks for model in arguments.models.values()):
        again = arguments.again()
        if not keeps_another_default(lambda: function(*before, *again.positional, **again.named)):
            changes = sorted({*changes, "default_dtype"})
    answer: CallReply = {
        "result": result,
        "drew": drew,
        "changes": changes,
        "calls": calls,
        "used": used,
        "seen": seen,
        "gradients": gradients,
        "files": files,
        "others": others,
        "refused": refused,
    }
    return wire.Message(answer, results.arrays)


def _failed(loaded: Loaded, error: BaseException, note: str = "") -> wire.Message:
    failed: ErrorReply = {"error": describe_error(error, loaded.submitted, note), "calls": sorted(loaded.called)}
    return wire.Message(failed)


def _gradients(value: Any, arguments: Arguments, cotangents: list[int], results: Results) -> list[Result]:
    """The vector-Jacobian product with the given cotangents, for each float input; None where nothing flows.

    As the gradient of one number, whose bits are the same: given tensors, `grad` would import sympy, 0.3 s a worker.
    """
    outputs = list(value) if isinstance(value, list | tuple) else [value]
    numbers = []
    for output, index in zip(outputs, cotangents, strict=False):
        weight = arguments.tensor(index)
        if isinstance(output, torch.Tensor) and output.requires_grad and output.shape == weight.shape:
            numbers.append((output * weight.to(output.dtype)).sum())
    if not numbers:
        return [results.describe(None) for _ in arguments.leaves]
    try:
        taken = torch.autograd.grad(numbers, arguments.leaves, allow_unused=True)
    except RuntimeError:  # the graph was freed, or changed in place
        return [results.describe(None) for _ in arguments.leaves]
    return [results.describe(gradient) for gradient in taken]


def _files(folder: Path, wanted: list[str], results: Results) -> tuple[dict[str, Result], list[str]]:
    """The files asked for, as bytes, and the names of others that the call left behind."""
    found: dict[str, Result] = {}
    for name in wanted:
        try:
            about = os.lstat(folder / name)
        except OSError:
            continue
        if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST_FILE:
            found[name] = odd(f"not a file of up to {LARGEST_FILE:,} bytes")
        else:
            found[name] = results.describe(np.fromfile(folder / name, np.uint8))
    others: list[str] = []
    with contextlib.suppress(OSError):
        if not os.listdir(folder):  # as after most calls: a look at the tree costs more
            return found, others
    with contextlib.suppress(OSError):  # too much to look at: whoever judges sees some of it
        others.extend(os.path.relpath(entry.path, folder) for entry in trees.files(folder))
    return found, [name[:80] for name in sorted(others) if name not in wanted][:10]
