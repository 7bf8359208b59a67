"""Runs that have another name than today's: found where they are this training, said to be old where they are not."""

import json
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import torch

from course import checkpoints, models, objectives, older_runs, run_config, runs, snapshots, training
from course.models import VAE
from course.run_config import RunConfig
from course.training import Settings

SMALL = {"latent_dim": 2, "hidden_dim": 8}
CONFIG = RunConfig.of("lines64", VAE, SMALL, Settings(steps=30))
OLD_NAME = "lines64-VAE-0123456789abcdef"


@pytest.fixture(autouse=True)
def nothing_shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(runs, "_SHIPPED", tmp_path.parent / "none")


def load(store: Path) -> VAE:
    return runs.load_or_train("lines64", SMALL, Settings(steps=30), store)


def aged(store: Path, change: Callable[[dict[str, Any]], object] = bool) -> VAE:
    """A run as an earlier edition kept it: another name, and no training version in its record."""
    model = load(store)
    old = (store / CONFIG.name).rename(store / OLD_NAME)
    record = checkpoints.read_record(old / "run")
    del record["training_versions"]
    change(record)
    checkpoints.save_record(old / "run", record)
    return model


def never(*_: object, **__: object) -> None:
    raise AssertionError("trained in full")


def test_an_old_run_is_found_by_its_first_steps_and_gets_the_name_of_today(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = aged(tmp_path)
    monkeypatch.setattr(runs, "save", never)
    again = load(tmp_path)
    assert torch.equal(again.fc_mu.weight, model.fc_mu.weight)
    [folder] = tmp_path.iterdir()
    assert folder.name == CONFIG.name
    assert checkpoints.read_record(folder / "run")["training_versions"] == {"models": 1, "patterns": 1, "training": 1}


def test_an_old_run_that_began_otherwise_is_said_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aged(tmp_path)
    double: Any = objectives.vae_loss
    monkeypatch.setattr(models, "vae_loss", lambda *terms, **named: double(*terms[:-1], 2 * terms[-1], **named))
    with pytest.warns(older_runs.OldRun, match=f"{OLD_NAME}.*began otherwise.*left as it is"):
        load(tmp_path)
    assert {folder.name for folder in tmp_path.iterdir()} == {OLD_NAME, CONFIG.name}


def test_a_run_of_another_version_is_said_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(tmp_path)
    monkeypatch.setattr(training, "TRAINING_VERSION", 2)
    with pytest.warns(older_runs.OldRun, match=r"version is .*'training': 1.*today's is .*'training': 2"):
        load(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_run_of_todays_versions_is_found_under_any_of_the_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path)
    (tmp_path / CONFIG.name).rename(tmp_path / f"{CONFIG.label}-ffffffff")
    monkeypatch.setattr(run_config, "fit", never)
    load(tmp_path)
    assert [folder.name for folder in tmp_path.iterdir()] == [CONFIG.name]


def test_other_parameters_are_another_training(tmp_path: Path) -> None:
    aged(tmp_path, lambda record: record["settings"].update(beta=2.0))
    load(tmp_path)
    assert {folder.name for folder in tmp_path.iterdir()} == {OLD_NAME, CONFIG.name}


@pytest.mark.parametrize("content", [None, b"", b"torn", safetensors.numpy.save({"other": np.zeros(3)})])
def test_an_old_run_without_a_history_is_said(tmp_path: Path, content: bytes | None) -> None:
    aged(tmp_path)
    history = tmp_path / OLD_NAME / "history.safetensors"
    history.unlink()
    if content is not None:
        history.write_bytes(content)
    with pytest.warns(older_runs.OldRun, match="cannot be compared"):
        load(tmp_path)


def test_ctrl_c_while_an_old_run_is_looked_at_ends_all_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(tmp_path)
    right = training.fit

    def pressed(*arguments: Any, after_step: Callable[[int], None], **options: Any) -> training.History:
        def step(number: int) -> None:
            signal.raise_signal(signal.SIGINT)
            after_step(number)

        return right(*arguments, after_step=step, **options)

    monkeypatch.setattr(run_config, "fit", pressed)
    with pytest.raises(KeyboardInterrupt):
        load(tmp_path)
    assert [folder.name for folder in tmp_path.iterdir()] == [OLD_NAME]


def test_a_damaged_run_is_said_even_if_an_old_one_is_found(tmp_path: Path) -> None:
    aged(tmp_path)
    (tmp_path / CONFIG.name).mkdir()
    (tmp_path / CONFIG.name / "run.json").write_text("{")
    with pytest.warns(runs.DamagedRun, match="is damaged"):
        load(tmp_path)


def test_old_snapshots_are_said_to_be_old(tmp_path: Path) -> None:
    at, settings = (0, 5), Settings(steps=30)
    snapshots.snapshots("lines64", SMALL, settings, at, tmp_path)
    [folder] = tmp_path.iterdir()
    old = folder.rename(tmp_path / f"{OLD_NAME}-stages-0-5")
    for path in old.glob("*.json"):
        record = json.loads(path.read_text())
        del record["training_versions"]
        path.write_text(json.dumps(record))
    with pytest.warns(older_runs.OldRun, match="from before there were any"):
        snapshots.snapshots("lines64", SMALL, settings, at, tmp_path)


def test_a_study_is_named_after_what_it_changes() -> None:
    changed = replace(CONFIG, changes={"way": "score"}, module="course.studies.wrong_training")
    assert changed.name.startswith("lines64-vae-score-d2-h8-b4to1-n30-s0-")
    assert changed.name.rpartition("-")[2] != CONFIG.name.rpartition("-")[2]
    assert changed.versions["wrong_training"] == 1
    assert replace(CONFIG, changes={"without": 3}).name.startswith("lines64-vae-without3-d2-")
