import json
from pathlib import Path

import pytest
import torch

from course import checkpoints, runs, snapshots, training
from course.models import VAE, Autoencoder
from course.run_config import RunConfig, build
from course.training import Settings

SIZE = {"hidden_dim": 8, "latent_dim": 2}
SETTINGS = Settings(steps=12, seed=3)
AT = (0, 5, 12)


def equal(a: torch.nn.Module, b: torch.nn.Module) -> bool:
    first, second = a.state_dict(), b.state_dict()
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def test_snapshots_are_the_run_on_its_way(tmp_path: Path) -> None:
    found = snapshots.snapshots("lines64", SIZE, SETTINGS, AT, tmp_path)
    assert list(found) == [0, 5, 12]
    assert equal(found[0], build(RunConfig.of("lines64", VAE, SIZE, SETTINGS).size, 3))
    assert equal(found[12], runs.load_or_train("lines64", SIZE, SETTINGS, tmp_path))
    assert not equal(found[5], found[12])


def test_a_second_call_trains_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = snapshots.snapshots("lines64", SIZE, SETTINGS, AT, tmp_path, kind=Autoencoder)
    monkeypatch.setattr(snapshots, "fit", None)
    second = snapshots.snapshots("lines64", SIZE, SETTINGS, tuple(reversed(AT)), tmp_path, kind=Autoencoder)
    assert list(second) == list(first)
    assert all(equal(first[step], second[step]) for step in first)


def test_a_lost_snapshot_is_trained_again(tmp_path: Path) -> None:
    first = snapshots.snapshots("lines64", SIZE, SETTINGS, AT, tmp_path)
    [weights] = tmp_path.glob("*/5.safetensors")
    weights.write_bytes(weights.read_bytes()[:50])
    with pytest.warns(runs.DamagedRun, match="is damaged and is trained again"):
        again = snapshots.snapshots("lines64", SIZE, SETTINGS, AT, tmp_path)
    assert equal(first[5], again[5])
    assert equal(first[5], snapshots.snapshots("lines64", SIZE, SETTINGS, AT, tmp_path)[5])


def test_snapshots_are_no_runs(tmp_path: Path) -> None:
    snapshots.snapshots("lines64", SIZE, SETTINGS, AT, tmp_path)
    assert list(runs.all_runs(tmp_path)) == list(runs.all_runs(tmp_path / "empty"))
    [record] = tmp_path.glob("*/5.json")
    assert json.loads(record.read_text())["step"] == 5


def test_an_interrupted_training_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_arguments: object, **_options: object) -> training.History:
        return training.History(1, interrupted=True)

    monkeypatch.setattr(snapshots, "fit", stop)
    with pytest.raises(KeyboardInterrupt):
        snapshots.snapshots("lines64", SIZE, SETTINGS, AT, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = checkpoints.save

    def fail(model: VAE, path: Path, record: dict[str, object]) -> Path:
        if path.name == "5":
            raise OSError("the disk is full")
        return whole(model, path, record)

    monkeypatch.setattr(checkpoints, "save", fail)
    with pytest.warns(runs.NotKept, match="the disk is full"):
        found = snapshots.snapshots("lines64", SIZE, SETTINGS, AT, tmp_path)
    assert list(found) == list(AT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("at", [(), (-1,), (0, 13)])
def test_a_step_outside_of_the_training_is_refused(at: tuple[int, ...], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="from 0 to 12, the last of the training"):
        snapshots.snapshots("lines64", SIZE, SETTINGS, at, tmp_path)


def test_log_spaced_steps() -> None:
    assert snapshots.log_spaced(4000, 5) == (0, 10, 74, 543, 4000)
    assert snapshots.log_spaced(3) == (0, 3)
    with pytest.raises(ValueError, match="got 0 steps"):
        snapshots.log_spaced(0)
