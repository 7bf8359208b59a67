"""The run store: a training is kept under its parameters and found again by them.

A run is a folder: `run.json` (model, data, settings, versions, what training saw last), `run.safetensors` (weights) and
`history.safetensors` (the terms of the loss at every step). Its name follows from its configuration (see
`course.identity`). It appears whole or not at all (see `course.folders`), so a killed training leaves nothing that
could be taken for one, and of two processes that train the same run at once the first one's stays. A store that cannot
be written costs no training: its model is used all the same. That, a damaged run, and an older one that is no longer
this training are warned of. Runs that the lessons show come with the course, in `shipped/`.
"""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np
import safetensors
import safetensors.numpy
import torch
from numpy.typing import NDArray

from course import checkpoints, files, folders, older_runs, tensors
from course.errors import CourseError, CourseWarning
from course.interrupts import held
from course.models import VAE
from course.registry import Model
from course.run_config import CHANGES, RunConfig
from course.training import History, Settings, one_thread

__all__ = [
    "DamagedRun", "NotKept", "OddRuns", "Run", "all_runs", "default_store", "find", "from_store", "get", "load_or_make",
    "load_or_train", "save", "set_path", "ship", "stores",
]  # fmt: skip

M = TypeVar("M", bound=Model)
T = TypeVar("T")
_NAMED = 3
_MOST = 2**31  # batches of an epoch: more than any images there are
_SHIPPED = Path(__file__).parent / "shipped"


class NotKept(CourseWarning):
    """A training is done, but the run store could not take it."""

    def __init__(self, store: Path, error: OSError) -> None:
        super().__init__(
            f"The run store {store} could not keep a training ({files.why(error)}): make room there, or let "
            "LATENT_COURSE_RUNS name a folder that can be written to."
        )


class DamagedRun(CourseWarning):
    """A run is there, but cannot be read: it is trained again, and then replaced."""

    def __init__(self, folder: Path, error: Exception) -> None:
        super().__init__(f"The run {folder.name} is damaged and is trained again: {error}")


class OddRuns(CourseWarning):
    """Some folders look like runs, but cannot be read: they are left out."""

    def __init__(self, odd: Mapping[str, Exception]) -> None:
        first = ", ".join(f"{name!r} ({error})" for name, error in list(odd.items())[:_NAMED])
        more = f", and {len(odd) - _NAMED} more" if len(odd) > _NAMED else ""
        are = "1 run cannot be read and is" if len(odd) == 1 else f"{len(odd)} runs cannot be read and are"
        super().__init__(f"{are} left out: {first}{more}")


def default_store() -> Path:
    """Where runs are kept: LATENT_COURSE_RUNS, or `latent-course/runs` in the user's cache folder."""
    return Path(os.environ.get("LATENT_COURSE_RUNS") or files.cache_folder() / "runs")


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
        changed = {name: self.record[name] for name in CHANGES if name in self.record}
        return {"data": self.record["data"], **self.record["model"], **self.record["settings"], **changed}

    def model(self) -> Model:
        """The trained model. Raises ValueError where its files are damaged, FileNotFoundError where one is missing."""
        return folders.read_from(self.folder, _model_in)

    def history(self) -> History:
        """What training saw at every step. Raises ValueError where the file is damaged."""
        about = self.record["history"]
        steps = folders.read_from(self.folder, _steps_in)
        return History(about["batches_per_epoch"], steps, names=tuple(about["names"]))


@overload
def load_or_train(
    data: str, size: Mapping[str, Any] | None = None, settings: Settings | None = None, store: Path | None = None
) -> VAE: ...


@overload
def load_or_train(
    data: str,
    size: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    store: Path | None = None,
    *,
    kind: type[M],
    progress: bool | None = None,
) -> M: ...


def load_or_train(
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
    config = RunConfig.of(data, kind, size, settings)
    return load_or_make(config, lambda: config.train(progress), store)


def load_or_make(config: RunConfig, train: Callable[[], tuple[Model, History]], store: Path | None = None) -> Model:
    """The model of this configuration: from the store, or made now by `train` and kept.

    Ctrl-C during `train` is passed on, and nothing is kept: half a training is not this run. Warns with DamagedRun,
    older_runs.OldRun or NotKept where something is amiss; the model is returned all the same.
    """
    if (kept := from_store(config, Run.model, store)) is not None:
        return kept
    started = time.perf_counter()
    with one_thread(), torch.enable_grad():  # whoever looks at models may have turned gradients off
        model, history = train()
    if history.interrupted:
        raise KeyboardInterrupt
    place, seconds = stores(store)[0], time.perf_counter() - started
    with held():
        try:
            save(model, history, place / config.name, config.record, seconds)
        except OSError as error:
            warnings.warn(NotKept(place, error), stacklevel=3)
    return model.eval()


def from_store(config: RunConfig, read: Callable[[Run], T], store: Path | None = None) -> T | None:
    """What `read` finds in the run of this configuration, under its own name or an older one; None if it is not kept.

    `read` raises ValueError or OSError where the run is damaged; of that, and of an older run that is another training
    by now, this warns.
    """
    for place in stores(store):
        try:
            return read(_run_in(place / config.name))
        except (ValueError, OSError) as error:
            if (place / config.name).exists():
                warnings.warn(DamagedRun(place / config.name, error), stacklevel=4)
    folder, others = older_runs.adopt(config, stores(store)[0])
    for other in others:
        warnings.warn(other, stacklevel=4)
    return read(_run_in(folder)) if folder else None


def save(
    model: Model,
    history: History,
    folder: Path,
    about: Mapping[str, Any],
    seconds: float,
    *,
    replace: bool = False,
) -> Run:
    """Keeps a training as a run in `folder`, which appears whole or not at all; `about` is its configuration's record.

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
    with held(), folders.filled(folder, None if replace else _whole) as half:
        checkpoints.save(model, half / "run", record)
        files.write(half / "history.safetensors", steps)
    return _run_in(folder)


def set_path(run: Run, record: Mapping[str, Any]) -> None:
    """Writes down where own images of a kept run lie now, if that is another place than when it was trained."""
    path = record.get("path")
    if path != run.record.get("path"):
        checkpoints.save_record(run.folder / "run", {**run.record, "path": path})


def ship(folder: Path) -> Path:
    """Copies a run, or the stages of one, from a store into `shipped/`; every number is rounded to 16 bits.

    It keeps its name, and so is found wherever the run itself would be. Returns the folder there.
    """
    with folders.filled(_SHIPPED / folder.name) as half:
        for path in sorted(folder.glob("[!.]*.safetensors")):
            rounded = {name: array.astype(np.float16) for name, array in safetensors.numpy.load_file(path).items()}
            files.write(half / path.name, safetensors.numpy.save(rounded))
        for path in sorted(folder.glob("[!.]*.json")):
            record = {**checkpoints.read_record(path.with_suffix("")), "rounded_to": "float16"}
            checkpoints.save_record(half / path.stem, record)
    return _SHIPPED / folder.name


def all_runs(store: Path | None = None) -> Iterator[Run]:
    """All runs that are kept, each once, the reader's own first; folders that hold none are passed over.

    Warns with OddRuns, at the end, of those that cannot be read.
    """
    seen: set[str] = set()
    odd: dict[str, Exception] = {}
    for place in stores(store):
        for folder in folders.listed(place):
            if folder.name in seen or not os.path.lexists(folder / "run.json"):
                continue
            try:
                run = _run_in(folder)
            except (ValueError, OSError) as error:
                odd[folder.name] = error
                continue
            seen.add(run.name)
            yield run
    if odd:
        warnings.warn(OddRuns(odd), stacklevel=2)


def get(name: str, store: Path | None = None) -> Run | None:
    """The run of exactly this name, if it is kept."""
    for place in stores(store):
        with suppress(ValueError, OSError):
            return _run_in(place / name)
    return None


def find(store: Path | None = None, **parameters: Any) -> list[Run]:
    """The runs with all these parameters, such as find(data="fashion", kind="ConditionalVAE", beta=2, seed=0)."""
    return [
        run
        for run in all_runs(store)
        if all(name in run.parameters and run.parameters[name] == value for name, value in parameters.items())
    ]


def _run_in(folder: Path) -> Run:
    """The run in this folder. Raises ValueError or OSError where there is none."""
    return Run(folder, folders.read_from(folder, _record_in))


def _record_in(folder: Path) -> dict[str, Any]:
    """The record of a run. Raises ValueError where a part of it is missing or of another type."""
    record = checkpoints.read_record(folder / "run")
    history = record.get("history")
    flat = all(_is_flat(record.get(name)) for name in ("model", "settings", "last_epoch"))
    if not (flat and isinstance(history, dict) and isinstance(record.get("data"), str)):
        raise CourseError(
            f"{folder} holds no run: expected data, settings, last_epoch and history in run.json; remove it"
        )
    shown = {name: value for name, value in record.items() if name not in ("path", "command")}  # a path may be no text
    json.dumps([folder.name, shown], ensure_ascii=False).encode()  # ValueError for half of a pair of surrogates
    names, batches = history.get("names"), history.get("batches_per_epoch")
    words = isinstance(names, list) and all(isinstance(name, str) for name in names)
    if not (words and isinstance(batches, int) and 0 < batches < _MOST):
        raise CourseError(f"{folder / 'run.json'} describes no history: expected names, and batches_per_epoch above 0")
    return record


def _is_flat(table: object) -> bool:
    """Whether this is a table of names and words or numbers."""
    return isinstance(table, dict) and not any(isinstance(value, (dict, list)) for value in table.values())


def _model_in(folder: Path) -> Model:
    return checkpoints.load_any(folder / "run")


def _steps_in(folder: Path) -> NDArray[np.float32]:
    """What training saw at every step: a column for each name in the record."""
    names = _record_in(folder)["history"]["names"]
    try:
        steps = tensors.read(folder / "history.safetensors").get("steps")
        if steps is None or steps.ndim != 2 or steps.shape[1] != len(names):
            raise CourseError(f"expected steps with a column for each of {', '.join(names)}")
    except (CourseError, OSError) as error:
        raise CourseError(f"{folder.name} has a damaged history ({error}); remove its folder and train again") from None
    return steps.numpy()


def _whole(folder: Path) -> None:
    """Raises ValueError or OSError unless all of a run is there: another training of it would give nothing better."""
    _record_in(folder), _model_in(folder), _steps_in(folder)
