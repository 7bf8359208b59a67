"""The run store: a training is kept under its parameters and found again by them.

A run is a folder: `run.json` (model, data, settings, versions, what training saw last), `run.safetensors` (weights) and
`history.safetensors` (the terms of the loss at every step). Its name ends with a hash of its parameters and of the code
that trains, without layout, comments and docstrings: change one of them and it is trained anew. It appears whole or
not at all (see `course.files`), so a killed training leaves nothing that could be taken for one, and of two processes
that train the same run at once the first one's stays. A store that cannot be written costs no training: its model is
used all the same, with a warning. Runs that the lessons show come with the course, in `shipped/`.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np
import safetensors
import safetensors.numpy
import torch
from numpy.typing import NDArray
from torch import Generator

from course import checkpoints, datasets, files, objectives, training
from course.interrupts import held
from course.kinds import Model
from course.models import VAE
from course.training import History, Settings, fit

__all__ = [
    "NotKept", "Plan", "Run", "all_runs", "build", "default_store", "find", "kept", "name_of", "named", "note",
    "one_thread", "remember", "ship", "stores", "trained",
]  # fmt: skip

M = TypeVar("M", bound=Model)
_SHIPPED = Path(__file__).parent / "shipped"
_CHANGES = ("way", "without")  # of trainings that are no plan's: how z was drawn, which class was left out


class NotKept(UserWarning):
    """A training is done, but the run store could not take it."""

    def __init__(self, store: Path, error: OSError) -> None:
        super().__init__(
            f"The run store {store} could not keep a training ({files.why(error)}): make room there, or let "
            "LATENT_COURSE_RUNS name a folder that can be written to."
        )


def default_store() -> Path:
    """Where runs are kept: LATENT_COURSE_RUNS, or `latent-course/runs` in the user's cache folder."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("LATENT_COURSE_RUNS") or Path(cache) / "latent-course" / "runs")


def stores(store: Path | None = None) -> tuple[Path, ...]:
    """The folders in which a run is looked for: the reader's own, then what comes with the course."""
    return (store or default_store(), _SHIPPED)


@dataclass(frozen=True)
class Run:
    """A kept training. `parameters` says kind, data, size and settings; `record` everything else beside them."""

    folder: Path
    record: dict[str, Any]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def shipped(self) -> bool:
        """Whether it came with the course."""
        return self.folder.parent == _SHIPPED

    @property
    def parameters(self) -> dict[str, Any]:
        """All parameters in one flat table: kind, data, the sizes of the model, the settings, what a study changed."""
        changed = {name: self.record[name] for name in _CHANGES if name in self.record}
        return {"data": self.record["data"], **self.record["model"], **self.record["settings"], **changed}

    def model(self) -> Model:
        """The trained model. Raises ValueError where its files are damaged, FileNotFoundError where one is missing."""
        return files.read_from(self.folder, _model_in)

    def history(self) -> History:
        """What training saw at every step. Raises ValueError where the file is damaged."""
        about = self.record["history"]
        steps = files.read_from(self.folder, _steps_in)
        return History(about["batches_per_epoch"], steps, names=tuple(about["names"]))


@dataclass(frozen=True)
class Plan:
    """A training that can be made: everything that decides its weights."""

    data: str
    kind: type[Model]
    size: Mapping[str, Any]
    settings: Settings

    @classmethod
    def of(
        cls, data: str, kind: type[Model] = VAE, size: Mapping[str, Any] | None = None, settings: Settings | None = None
    ) -> Plan:
        """What `size` and `settings` leave out is what `datasets` says for this data.

        A size that is said but is the model's own default counts as left out, so that one training has one name.
        """
        settings = settings or Settings(**datasets.default_settings(data))
        usual, own = datasets.default_size(data, kind), inspect.signature(kind).parameters
        given = {n: v for n, v in (size or {}).items() if n in usual or n not in own or v != own[n].default}
        return cls(data, kind, {**usual, **given}, settings)

    @property
    def parameters(self) -> dict[str, Any]:
        """What decides the weights, as JSON can hold it."""
        size, settings = dict(self.size), asdict(self.settings)
        data = datasets.source(self.data).name
        return {"data": data, "kind": self.kind.__name__, "size": size, "settings": settings}

    @property
    def record(self) -> dict[str, Any]:
        """The parameters, and where own images lie, which decides nothing."""
        path = datasets.source(self.data).path
        return self.parameters | ({} if path is None else {"path": str(path)})

    @property
    def name(self) -> str:
        """The name of the run's folder."""
        images = datasets.source(self.data)
        modules = (objectives.__name__, training.__name__, *_modules_of(self.kind), *images.modules)
        return name_of(f"{images.name}-{self.kind.__name__}", self.parameters, modules)

    def train(self, progress: bool | None = None) -> tuple[Model, History]:
        """The trained model, and what training saw. Ctrl-C ends it after a whole step."""
        model, images = build(self.size, self.settings.seed, self.kind), datasets.images_of(self.data)
        with held() as ctrl_c:
            if ctrl_c.pressed:  # before there was anything to keep
                raise KeyboardInterrupt

            def stop(step: int) -> None:
                if ctrl_c.pressed and step < self.settings.steps:
                    raise KeyboardInterrupt

            options: dict[str, Any] = {"labels": images.labels, "progress": progress, "after_step": stop}
            history = fit(model, images.images, self.settings, **options)
            ctrl_c.pressed -= history.interrupted and ctrl_c.pressed > 0
        return model, history


@overload
def build(size: Mapping[str, Any], seed: int) -> VAE: ...


@overload
def build(size: Mapping[str, Any], seed: int, kind: type[M]) -> M: ...


def build(size: Mapping[str, Any], seed: int, kind: type[Any] = VAE) -> Any:
    """An untrained model whose weights are drawn with `seed`."""
    return kind(**size, generator=Generator().manual_seed(seed))


@overload
def trained(
    data: str, size: Mapping[str, Any] | None = None, settings: Settings | None = None, store: Path | None = None
) -> VAE: ...


@overload
def trained(
    data: str,
    size: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    store: Path | None = None,
    *,
    kind: type[M],
    progress: bool | None = None,
) -> M: ...


def trained(
    data: str,
    size: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    store: Path | None = None,
    *,
    kind: type[Any] = VAE,
    progress: bool | None = False,
) -> Any:
    """The model of this run, a `kind`: from the store, or trained now on one thread and kept.

    What `size` leaves out is `datasets.default_size` of the data, or the model's own default.
    """
    plan = Plan.of(data, kind, size, settings)
    return kept(plan.name, plan.record, lambda: plan.train(progress), store)


def kept(
    name: str,
    record: Mapping[str, Any],
    train: Callable[[], tuple[Model, History]],
    store: Path | None = None,
) -> Model:
    """The model of the run of this name (see `name_of`): from the store, or made now by `train` and kept.

    Ctrl-C during `train` is passed on, and nothing is kept: half a training is not this run. Where the store cannot be
    written, the model is returned with the warning NotKept.
    """
    for place in stores(store):
        try:
            return files.read_from(place / name, _model_in)
        except (ValueError, OSError):
            pass  # not there, or damaged: what was lost can be trained again
    started = time.perf_counter()
    with one_thread(), torch.enable_grad():  # whoever looks at models may have turned gradients off
        model, history = train()
    if history.interrupted:
        raise KeyboardInterrupt
    place, seconds = stores(store)[0], time.perf_counter() - started
    with held():
        try:
            remember(model, history, place / name, record, seconds)
        except OSError as error:
            warnings.warn(NotKept(place, error), stacklevel=3)
    return model.eval()


def remember(
    model: Model,
    history: History,
    folder: Path,
    about: Mapping[str, Any],
    seconds: float,
    *,
    replace: bool = False,
) -> Run:
    """Keeps a training as a run in `folder`, which appears whole or not at all; `about` is its plan's record.

    A whole run that is there already stays, unless it is to be replaced. Raises OSError where it cannot be written;
    Ctrl-C waits until it is.
    """
    record = {name: value for name, value in about.items() if name not in ("size", "kind")}
    last = history.epochs[-1] if len(history.steps) else []
    record |= {
        "history": {"names": list(history.names), "batches_per_epoch": history.batches_per_epoch},
        "last_epoch": {name: round(float(value), 4) for name, value in zip(history.names, last, strict=False)},
        "seconds": round(seconds, 1),
        "versions": checkpoints.versions(),
    }
    steps = safetensors.numpy.save({"steps": history.steps})
    with held(), files.filled(folder, None if replace else _whole) as half:
        checkpoints.save(model, half / "run", record)
        files.write(half / "history.safetensors", steps)
    return Run(folder, files.read_from(folder, _record_in))


def note(run: Run, record: Mapping[str, Any]) -> None:
    """Writes down where own images of a kept run lie now, if that is another place than when it was trained."""
    path = record.get("path")
    if path != run.record.get("path"):
        checkpoints.save_record(run.folder / "run", {**run.record, "path": path})


def ship(folder: Path) -> Path:
    """Copies a run, or the stages of one, from a store into `shipped/`; every number is rounded to 16 bits.

    It keeps its name, and so is found wherever the run itself would be. Returns the folder there.
    """
    with files.filled(_SHIPPED / folder.name) as half:
        for path in sorted(folder.glob("[!.]*.safetensors")):
            rounded = {name: array.astype(np.float16) for name, array in safetensors.numpy.load_file(path).items()}
            files.write(half / path.name, safetensors.numpy.save(rounded))
        for path in sorted(folder.glob("[!.]*.json")):
            record = {**checkpoints.read_record(path.with_suffix("")), "rounded_to": "float16"}
            checkpoints.save_record(half / path.stem, record)
    return _SHIPPED / folder.name


def all_runs(store: Path | None = None) -> Iterator[Run]:
    """All runs that are kept, each once, the reader's own first; folders that hold none are passed over."""
    seen: set[str] = set()
    for place in stores(store):
        for folder in files.folders(place):
            if folder.name not in seen and (run := _read(folder)):
                seen.add(run.name)
                yield run


def named(name: str, store: Path | None = None) -> Run | None:
    """The run of exactly this name, if it is kept."""
    return next(filter(None, (_read(place / name) for place in stores(store))), None)


def find(store: Path | None = None, **parameters: Any) -> list[Run]:
    """The runs with all these parameters, such as find(data="fashion", kind="ConditionalVAE", beta=2, seed=0)."""
    return [
        run
        for run in all_runs(store)
        if all(name in run.parameters and run.parameters[name] == value for name, value in parameters.items())
    ]


@contextmanager
def one_thread() -> Iterator[None]:
    """Trains the same on every number of cores, and small models faster."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _read(folder: Path) -> Run | None:
    """The run in this folder; None where there is none, or its record is not one that a training has written."""
    try:
        run = Run(folder, files.read_from(folder, _record_in))
        shown = f"{run.name} {json.dumps(run.parameters, ensure_ascii=False)}"
        shown.encode()  # raises ValueError for half of a pair of surrogates, which no terminal can show
    except (ValueError, OSError):
        return None
    return run


def _record_in(folder: Path) -> dict[str, Any]:
    """The record of a run. Raises ValueError where a part of it is missing or of another type."""
    record = checkpoints.read_record(folder / "run")
    history = record.get("history")
    tables = all(isinstance(record.get(name), dict) for name in ("settings", "last_epoch", "history"))
    if not (tables and isinstance(history, dict) and isinstance(record.get("data"), str)):
        raise ValueError(f"{folder} holds no run: expected data, settings, last_epoch and history in run.json")
    names, batches = history.get("names"), history.get("batches_per_epoch")
    words = isinstance(names, list) and all(isinstance(name, str) for name in names)
    if not (words and isinstance(batches, int) and batches > 0):
        raise ValueError(f"{folder / 'run.json'} describes no history: expected names, and batches_per_epoch above 0")
    return record


def _model_in(folder: Path) -> Model:
    return checkpoints.load_any(folder / "run")


def _steps_in(folder: Path) -> NDArray[np.float32]:
    try:
        return safetensors.numpy.load_file(folder / "history.safetensors")["steps"].astype(np.float32)
    except (safetensors.SafetensorError, OSError, KeyError) as error:
        raise ValueError(f"{folder.name} has a damaged history ({error}); remove its folder and train again") from None


def _whole(folder: Path) -> None:
    """Raises ValueError or OSError unless all of a run is there: another training of it would give nothing better."""
    _record_in(folder), _model_in(folder), _steps_in(folder)


def name_of(label: str, parameters: Mapping[str, Any], modules: tuple[str, ...]) -> str:
    """`label` and a hash of the parameters and of what the modules do."""
    text = json.dumps(parameters, sort_keys=True) + "".join(_code(module) for module in sorted(set(modules)))
    return f"{label}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _modules_of(kind: type) -> tuple[str, ...]:
    """The modules of this project in which a model's class and those that it builds on are written."""
    return tuple(c.__module__ for c in kind.__mro__ if c.__module__.startswith("course."))


@cache
def _code(module: str) -> str:
    """What a module does: its code without layout, comments and docstrings, which decide nothing."""
    tree = ast.parse(Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]  # type: ignore[attr-defined]
    return ast.dump(tree)
