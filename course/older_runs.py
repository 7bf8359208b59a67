"""Runs of the same parameters under another name: of an earlier edition of the course, or of another TRAINING_VERSION.

A run of today's versions is today's training, whatever its folder is called. A run from before versions were written
down is one if its first steps are: they are trained again, which takes a second, and their losses compared with those
that the run kept. Nothing is trained over an older run without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from course import checkpoints, folders, tensors
from course.errors import CourseError, CourseWarning
from course.run_config import CHANGES, RunConfig
from course.training import one_thread

__all__ = ["OldRun", "adopt", "other_snapshots", "same_training"]

_STEPS = 20
_TOLERANCE = 2e-3  # of a loss: what another processor, or weights kept in 16 bits, may change in so few steps
_OLD_NAME = re.compile(r".+-[0-9a-f]{16}")  # of the time when names held a hash of the source


class OldRun(CourseWarning):
    """A run of these parameters is there, but today's training is another one."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(
            f"{folder} holds a run of these parameters, but {why}: it is left as it is, and trained again under the "
            "name of today."
        )


def adopt(config: RunConfig, store: Path) -> tuple[Path | None, list[OldRun]]:
    """Gives an older run of this training the name of today: its folder, or a warning for each that is another.

    Where the store cannot be written, the run is used under the name that it has.
    """
    left = []
    for folder, record in _same_parameters(config, store):
        if why := _difference(config, folder, record):
            left.append(OldRun(folder, why))
            continue
        return _renamed(folder, record, config), []
    return None, left


def same_training(config: RunConfig, folder: Path) -> bool:
    """Whether the first steps of the run in `folder` are those of `config` today. Raises OSError or ValueError."""
    found = tensors.read(folder / "history.safetensors")
    if "steps" not in found:
        raise CourseError("its history is damaged: expected steps, got none")
    kept = found["steps"].numpy()
    count = min(_STEPS, len(kept))
    with one_thread():
        history = config.train(progress=False, steps=count)[1]
    now = history.steps[:count]
    if len(now) < count:  # Ctrl-C
        raise KeyboardInterrupt
    return now.shape == kept[:count].shape and np.allclose(now, kept[:count], rtol=_TOLERANCE, atol=_TOLERANCE)


def other_snapshots(config: RunConfig, steps: Sequence[int], store: Path) -> list[OldRun]:
    """A warning for each folder of snapshots of this training at these steps, of another version or of none."""
    ends = [f"-{word}-{'-'.join(map(str, steps))}" for word in ("stages", "at")]
    found = []
    for folder, record in _same_parameters(config, store, ends, str(steps[-1])):
        versions = record.get("training_versions", "from before there were any")
        found.append(OldRun(folder, f"its training version is {versions}, and today's is {config.versions}"))
    return found


def _same_parameters(
    config: RunConfig, store: Path, ends: Sequence[str] = ("",), checkpoint: str = "run"
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The folders in `store` whose names, without one of `ends`, could mean this training, and whose records do."""
    data, today = config.parameters["data"], {config.name + end for end in ends}
    for folder in folders.listed(store):
        name = next((folder.name.removesuffix(end) for end in ends if folder.name.endswith(end)), "")
        old = name.startswith(f"{data}-") and _OLD_NAME.fullmatch(name) is not None
        if folder.name in today or not (old or name.startswith(f"{config.label}-")):
            continue
        try:
            record = checkpoints.read_record(folder / checkpoint)
            if record["data"] == data and _parameters(record, config) == config.parameters:
                yield folder, record
        except (OSError, ValueError, KeyError, TypeError):
            continue  # damaged, or no run of today's models


def _parameters(record: Mapping[str, Any], like: RunConfig) -> dict[str, Any]:
    """The parameters of a record of the same data, wherever own images lie by now."""
    here = {name: value for name, value in record.items() if name != "path"} | {"data": like.data}
    return RunConfig.of_record(here).parameters


def _difference(config: RunConfig, folder: Path, record: Mapping[str, Any]) -> str:
    """Why a run of the same parameters is another training; nothing if it is the same."""
    kept, today = record.get("training_versions"), config.versions
    if kept is not None:
        return "" if kept == today else f"its training version is {kept}, and today's is {today}"
    if any(name in record for name in CHANGES):
        return "it is from an edition of the course that kept no training version"
    try:
        same = same_training(config, folder)
    except (OSError, ValueError) as error:
        return f"it is from an earlier edition of the course, and cannot be compared ({error})"
    return "" if same else "it is from an earlier edition of the course, whose training began otherwise"


def _renamed(folder: Path, record: Mapping[str, Any], config: RunConfig) -> Path:
    target = folder.with_name(config.name)
    try:
        checkpoints.save_record(folder / "run", {**record, "training_versions": config.versions})
        return folder.rename(target)
    except OSError:  # a store that is only to be read, or another process was first
        return folder if folder.exists() else target
