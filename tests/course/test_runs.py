import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import torch
from click.testing import CliRunner

from course import checkpoints, run_config, runs
from course.cli import main
from course.labelled import BranchedVAE, Classifier, ConditionalVAE
from course.models import VAE, Autoencoder
from course.run_config import RunConfig, build
from course.training import History, Settings, fit

SMALL = {"latent_dim": 2, "hidden_dim": 8}
BRIEF = Settings(steps=5)


@pytest.fixture(autouse=True)
def nothing_shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(runs, "_SHIPPED", tmp_path.parent / "none")


def trained(store: Path, seed: int = 0, **settings: Any) -> VAE:
    return runs.load_or_train("lines64", SMALL, Settings(steps=5, seed=seed, **settings), store)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that grows by one whenever something is trained."""
    calls: list[int] = []

    def counting(*arguments: Any, **options: Any) -> History:
        calls.append(1)
        return fit(*arguments, **options)

    monkeypatch.setattr(run_config, "fit", counting)
    return calls


def test_a_run_is_trained_once_and_again_after_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    first, second = trained(tmp_path), trained(tmp_path)
    assert len(calls) == 1
    assert torch.equal(first.fc_mu.weight, second.fc_mu.weight)
    trained(tmp_path, seed=1)
    trained(tmp_path, beta=2.0)
    assert len(calls) == 3
    for damage in (b"torn", b""):
        [folder] = tmp_path.glob("*-b4to1-n5-s0-*" if damage else "*-b4to1-n5-s1-*")
        (folder / "run.safetensors").write_bytes(damage)
        with pytest.warns(runs.DamagedRun, match=f"{folder.name} is damaged and is trained again"):
            trained(tmp_path), trained(tmp_path, seed=1), trained(tmp_path, beta=2.0)
    assert len(calls) == 5
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("kind", [Autoencoder, VAE, ConditionalVAE, BranchedVAE])
def test_every_kind_comes_back_as_it_was_with_its_history(kind: type[Any], tmp_path: Path) -> None:
    model = runs.load_or_train("lines64", SMALL, BRIEF, tmp_path, kind=kind)
    [run] = runs.find(tmp_path, kind=kind.__name__, data="lines64", latent_dim=2, steps=5)
    again = run.model()
    assert type(again) is kind
    assert all(torch.equal(v, again.state_dict()[k]) for k, v in model.state_dict().items())
    history = run.history()
    assert history.steps.shape == (5, len(history.names))
    last = dict(zip(history.names, history.epochs[-1].tolist(), strict=True))
    assert run.record["last_epoch"] == pytest.approx(last, abs=1e-4)
    assert not run.shipped


def test_the_data_decide_the_sizes_that_are_left_open() -> None:
    config = RunConfig.of("fashion-sample", ConditionalVAE)
    assert config.parameters["size"] == {"input_dim": 784, "hidden_dim": 128, "latent_dim": 16, "num_classes": 10}
    assert RunConfig.of("lines64", Classifier).parameters["size"] == {"input_dim": 256, "num_classes": 4}
    assert config.parameters["settings"]["beta_start"] == 1
    assert RunConfig.of("lines64").parameters["settings"]["beta_start"] == 4


def test_one_training_has_one_name_however_much_of_it_is_said() -> None:
    short = RunConfig.of("lines64", VAE, {"latent_dim": 2})
    assert (
        RunConfig.of("lines64", VAE, {"latent_dim": 2, "depth": 2, "hidden_dim": 128, "input_dim": 256}).name
        == short.name
    )
    assert RunConfig.of("lines64", VAE, {"latent_dim": 2}, Settings()).name == short.name
    assert RunConfig.of("lines64", VAE, {"latent_dim": 2, "depth": 3}).name != short.name
    assert RunConfig.of("fashion", BranchedVAE, {"branch": "z"}).name == RunConfig.of("fashion", BranchedVAE).name
    with pytest.raises(TypeError, match="width"):
        build(RunConfig.of("lines64", VAE, {"width": 2}).size, 0)


def test_runs_are_found_by_any_of_their_parameters(tmp_path: Path) -> None:
    for seed in (0, 1):
        for beta in (1.0, 2.0):
            trained(tmp_path, seed=seed, beta=beta)
    assert len(runs.find(tmp_path, kind="VAE", data="lines64", seed=1)) == 2
    assert len(runs.find(tmp_path, beta=2)) == 2
    [run] = runs.find(tmp_path, beta=2, seed=0)
    assert run.parameters["learning_rate"] == 0.01
    assert runs.get(run.name, tmp_path) == run
    assert runs.find(tmp_path, branch="z") == []
    assert runs.get("nobody", tmp_path) is None


def test_what_is_no_run_is_passed_over(tmp_path: Path) -> None:
    trained(tmp_path)
    [folder] = tmp_path.iterdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    odd: dict[str, Any] = {"model": {}, "data": "d", "settings": {}, "last_epoch": {}}
    odd["history"] = {"names": ["total"], "batches_per_epoch": 1}
    types = {"numbers": dict.fromkeys(odd, 3), "list": odd | {"last_epoch": []}, "pair": odd | {"data": "\ud800"}}
    types["many-batches"] = odd | {"history": {"names": ["total"], "batches_per_epoch": 10**30}}
    types |= {"no-batches": odd | {"history": {"names": [], "batches_per_epoch": 0}}, "no-data": odd | {"data": None}}
    texts = {"half": "{", "other": '{"a": 1}', "a list": "[]", "bytes": "\0", "old": '{"model": {}}'}
    texts |= {"deep": "[" * 5000 + "]" * 5000, **{name: json.dumps(record) for name, record in types.items()}}
    for name, text in texts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(text)
        (tmp_path / name / "run.safetensors").write_bytes(b"")
    with pytest.warns(
        runs.OddRuns, match=f"^{len(texts)} runs cannot be read .*: 'a list' .*, and {len(texts) - 3} more"
    ):
        assert [run.folder for run in runs.all_runs(tmp_path) if not run.shipped] == [folder]


@pytest.mark.filterwarnings("default")
def test_one_odd_run_is_said_by_its_name_and_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained(tmp_path)
    (tmp_path / "odd").mkdir()
    os.mkfifo(tmp_path / "odd" / "run.json")
    (tmp_path / "odd" / "run.safetensors").write_bytes(b"")
    monkeypatch.setenv("LATENT_COURSE_RUNS", str(tmp_path))
    done = CliRunner().invoke(main, ["runs"])
    assert done.exit_code == 0
    assert "lines64-vae-" in done.stdout
    [said] = done.stderr.splitlines()
    assert said.startswith("Note: 1 run cannot be read and is left out: 'odd' (")
    assert "run.json is a device or a pipe where a file is expected" in said


@pytest.mark.parametrize("steps", [np.zeros((5, 2)), np.zeros(5), np.zeros((5, 3), np.int64)])
def test_a_history_that_is_not_that_of_the_record_is_damaged(steps: Any, tmp_path: Path) -> None:
    trained(tmp_path)
    [run] = [run for run in runs.all_runs(tmp_path) if not run.shipped]
    safetensors.numpy.save_file({"steps": steps}, run.folder / "history.safetensors")
    with pytest.raises(ValueError, match="has a damaged history"):
        run.history()


def test_a_damaged_history_is_named(tmp_path: Path) -> None:
    trained(tmp_path)
    [run] = [run for run in runs.all_runs(tmp_path) if not run.shipped]
    (run.folder / "history.safetensors").write_bytes(b"torn")
    with pytest.raises(ValueError, match="has a damaged history"):
        run.history()


def test_a_full_disk_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.warns(runs.NotKept, match="No space left on device"):
        assert isinstance(trained(tmp_path), VAE)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_training_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_config, "fit", lambda *_, **__: History(1, np.zeros((1, 3), np.float32), interrupted=True))
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_another_process_kept_first_stays(tmp_path: Path) -> None:
    config = RunConfig.of("lines64", VAE, SMALL, BRIEF)
    model, history = config.train()
    first = runs.save(model, history, tmp_path / config.name, config.parameters, seconds=1.0)
    second = runs.save(model, history, tmp_path / config.name, config.parameters, seconds=2.0)
    assert second.record["seconds"] == first.record["seconds"] == 1.0
    third = runs.save(model, history, tmp_path / config.name, config.parameters, seconds=3.0, replace=True)
    assert third.record["seconds"] == 3.0
    assert [p.name for p in tmp_path.iterdir()] == [config.name]


TRAIN_TWO = """
import sys
from pathlib import Path
from course import runs
from course.training import Settings
model = runs.load_or_train("lines64", {"latent_dim": 2, "hidden_dim": 8}, Settings(steps=%d), Path(sys.argv[1]))
print(float(model.fc_mu.weight.sum()))
"""


def test_two_processes_that_train_the_same_run_at_once_agree(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TRAIN_TWO % 50, str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == said[1]
    [folder] = tmp_path.iterdir()
    assert isinstance(checkpoints.load_any(folder / "run"), VAE)


def test_a_killed_training_leaves_nothing_that_could_be_taken_for_a_run(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", TRAIN_TWO % 1_000_000, str(tmp_path)])
    time.sleep(3)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    assert [run for run in runs.all_runs(tmp_path) if not run.shipped] == []


def test_what_a_killed_process_was_writing_goes_a_day_later(tmp_path: Path) -> None:
    old, new = tmp_path / ".lines64-VAE-0.123", tmp_path / ".lines64-VAE-0.124"
    half, other = tmp_path / f".lines64-VAE-0.{'0' * 32}.half", tmp_path / ".somebody.else"
    for folder in (old, new, half, other):
        folder.mkdir()
        (folder / "run.json").write_text("{")
    yesterday = time.time() - 25 * 60 * 60
    for folder in (old, half, other):
        os.utime(folder, (yesterday, yesterday))
    trained(tmp_path)
    assert [folder.exists() for folder in (old, new, half, other)] == [False, True, False, True]


def test_store_place_can_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LATENT_COURSE_RUNS", str(tmp_path))
    assert runs.default_store() == tmp_path
    monkeypatch.delenv("LATENT_COURSE_RUNS")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert runs.default_store() == tmp_path / "cache" / "latent-course" / "runs"


def test_weights_kept_in_16_bits_are_found_and_come_back_as_float32(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_SHIPPED", tmp_path / "shipped")
    model = trained(tmp_path / "made")
    [run] = [run for run in runs.all_runs(tmp_path / "made") if not run.shipped]
    runs.ship(run.folder)
    assert runs.find(tmp_path / "made") == [run]  # each once
    calls = counted(monkeypatch)
    again = trained(tmp_path / "elsewhere")
    assert calls == []
    weight = again.fc_mu.weight
    assert weight.dtype == torch.float32
    assert torch.equal(weight, model.fc_mu.weight.half().float())
    [shipped] = runs.find(tmp_path / "elsewhere", data="lines64")
    assert shipped.shipped
    assert shipped.history().steps.dtype == np.float32
    assert json.loads((shipped.folder / "run.json").read_text())["rounded_to"] == "float16"
