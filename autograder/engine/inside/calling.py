"""Carries out one call: builds the arguments, runs the function under watch, takes gradients, reads files back."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.engine import trees, wire
from autograder.engine.inside.excuses import excuse
from autograder.engine.inside.loading import Loaded
from autograder.engine.inside.models import MODELS, Counted, Listening, set_linear
from autograder.engine.inside.results import Results
from autograder.engine.inside.watching import Watch

__all__ = ["carry_out"]

LARGEST_FILE = 16 * 1024 * 1024


class Arguments:
    """The values that a request describes. Float arrays get the float type that the request asks for."""

    def __init__(self, request: dict[str, Any], arrays: Sequence[wire.Array], folder: Path) -> None:
        self.dtype = torch.float64 if request["float"] == "float64" else torch.float32
        self.arrays = arrays
        self.folder = folder
        self.track = request.get("cotangents") is not None
        self.inputs: list[tuple[str, Any]] = []
        self.leaves: list[torch.Tensor] = []  # float inputs that gradients are asked for
        self.models: dict[str, Counted] = {}
        self.generators: dict[str, tuple[torch.Generator, torch.Tensor]] = {}  # with its state before the call
        self.positional = [self._named(str(i), item) for i, item in enumerate(request["args"])]
        self.named = {name: self._named(name, item) for name, item in request["kwargs"].items()}

    def _named(self, name: str, item: dict[str, Any]) -> Any:
        value = self._build(name, item)
        if isinstance(value, torch.Tensor | list):
            self.inputs.append((name, value))
        return value

    def _build(self, name: str, item: dict[str, Any]) -> Any:
        match item["is"]:
            case "value":
                return item["value"]
            case "tensor":
                return self._tensor(item["array"])
            case "list":
                return [self._build(name, inner) for inner in item["items"]]
            case "path":
                return str(self.folder / item["name"])
            case "generator":
                generator = torch.Generator().manual_seed(item["seed"])
                torch.rand(item["drawn"], generator=generator)
                self.generators[name] = generator, generator.get_state()
                return generator
            case "model":
                parts = {key: self.tensor(index) for key, index in item["arrays"].items()}
                self.models[name] = MODELS[item["model"]](parts)
                return self.models[name]
        raise ValueError(f"no argument is described by {item['is']!r}")

    def tensor(self, index: int) -> torch.Tensor:
        tensor = torch.from_numpy(np.array(self.arrays[index]))
        return tensor.to(self.dtype) if tensor.is_floating_point() else tensor

    def _tensor(self, index: int) -> torch.Tensor:
        tensor = self.tensor(index)
        if not (self.track and tensor.is_floating_point()):
            return tensor
        self.leaves.append(tensor.requires_grad_())
        return tensor.clone()  # not a leaf: code that works in place is judged by its values, not stopped by autograd


def carry_out(loaded: Loaded, function: Callable[..., Any], request: wire.Message, home: Path) -> wire.Message:
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
    watch = Watch(arguments.inputs, modules, body["seed"])
    try:
        value = function(*before, *arguments.positional, **arguments.named)
    except BaseException as error:
        watch.changes()
        return dict(_failed(loaded, error).body)
    answer: dict[str, Any] = {"drew": watch.drew(), "changes": watch.changes(), "calls": sorted(loaded.called)}
    answer["used"] = {name: dict(model.used) for name, model in arguments.models.items()}
    for name, (generator, state) in arguments.generators.items():
        answer["used"][name] = {"advanced": not torch.equal(generator.get_state(), state)}
    answer["seen"] = {
        name: [results.describe(x) for x in model.seen[:100]]
        for name, model in arguments.models.items()
        if isinstance(model, Listening)
    }
    answer["result"] = results.describe(value)
    if arguments.track:
        answer["gradients"] = _gradients(value, arguments, body["cotangents"], results)
    return answer


def _failed(loaded: Loaded, error: BaseException, note: str = "") -> wire.Message:
    return wire.Message({"error": excuse(error, loaded.handed, note), "calls": sorted(loaded.called)})


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
