import json
import shlex
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from course import checkpoints, metrics
from course.cli import main
from course.models import VAE, Autoencoder
from course.patterns import lines64


@pytest.fixture
def saved(tmp_path: Path) -> tuple[VAE, Path]:
    model = VAE(latent_dim=3, hidden_dim=9, generator=torch.Generator().manual_seed(0))
    return model, checkpoints.save(model, tmp_path / "deep" / "small", {"note": "for a test"})


def test_round_trip(saved: tuple[VAE, Path]) -> None:
    model, path = saved
    again = checkpoints.load(path)
    assert again.latent_dim == 3
    assert all(torch.equal(v, again.state_dict()[k]) for k, v in model.state_dict().items())
    assert checkpoints.read_record(path)["note"] == "for a test"
    assert not again.training
    assert sorted(p.name for p in path.parent.iterdir()) == ["small.json", "small.safetensors"]


def test_shipped_weights_fit_the_exercise_and_say_the_same() -> None:
    from solutions.latent_solution import SimpleVAE

    x = torch.from_numpy(lines64().images)
    student = SimpleVAE()
    student.load_state_dict(checkpoints.starter_weights("lines64"))
    model = checkpoints.load("lines64")
    with torch.no_grad():
        torch.testing.assert_close(student.encode(x), model.encode(x))
        torch.testing.assert_close(student.decode(student.encode(x)), model.decode(model.encode(x)))


def test_the_recorded_command_makes_the_shipped_weights_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_COURSE_RUNS", str(tmp_path / "runs"))
    record = checkpoints.read_record("lines64")
    program, *arguments = shlex.split(record["command"])
    assert program == "latent-course"
    out = tmp_path / "again.safetensors"
    result = CliRunner().invoke(main, [*arguments, "--out", str(out)])
    assert result.exit_code == 0, result.output
    again, shipped = checkpoints.read_record(out)["quality"], record["quality"]
    assert again["negative_elbo"] == pytest.approx(shipped["negative_elbo"], abs=0.5)
    assert again["negative_elbo"] <= 7.9
    assert again["exact_reconstructions"] == 1
    assert again["iwae"] >= again["entropy_floor"]


def test_the_record_tells_the_truth_about_the_shipped_weights() -> None:
    quality = metrics.quality(checkpoints.load("lines64"), lines64(), generator=torch.Generator().manual_seed(0))
    assert quality == pytest.approx(checkpoints.read_record("lines64")["quality"], abs=0.02)


def test_missing_and_damaged_files_are_named(saved: tuple[VAE, Path]) -> None:
    _, path = saved
    with pytest.raises(FileNotFoundError, match="one of lines64"):
        checkpoints.load("lines65")
    whole = path.read_bytes()
    for damage in (b"", whole[:100], whole[:-5], b"\xff" * 300):
        path.write_bytes(damage)
        with pytest.raises(ValueError, match="damaged"):
            checkpoints.load(path)
    path.write_bytes(whole)
    record = path.with_suffix(".json")
    text = json.loads(record.read_text())
    text["model"]["latent_dim"] = 5
    record.write_text(json.dumps(text))
    with pytest.raises(ValueError, match="does not fit the model in its record"):
        checkpoints.load(path)
    for bad in ("", "[]", '{"model": 3}', "{}"):
        record.write_text(bad)
        with pytest.raises(ValueError, match="no record of a checkpoint"):
            checkpoints.load(path)
    record.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="no record of a checkpoint"):
        checkpoints.load(path)
    record.unlink()
    with pytest.raises(FileNotFoundError, match="missing beside its weights"):
        checkpoints.load(path)


def test_a_failed_write_leaves_the_old_file(saved: tuple[VAE, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    model, path = saved
    whole = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="No space left"):
        checkpoints.save(model, path, {})
    assert path.read_bytes() == whole
    assert sorted(p.name for p in path.parent.iterdir()) == ["small.json", "small.safetensors"]


@pytest.mark.parametrize("name", ["beta0.5", "beta0.5.safetensors", "beta0.5.SafeTensors"])
def test_a_name_with_a_dot_keeps_it(name: str, tmp_path: Path) -> None:
    for other in ("beta0", "beta0.25"):
        checkpoints.save(Autoencoder(hidden_dim=4), tmp_path / other, {})
    path = checkpoints.save(VAE(hidden_dim=4), tmp_path / name, {"note": "half"})
    assert path.name in (f"{name}.safetensors", name)
    assert checkpoints.beside(path, ".json") == tmp_path / "beta0.5.json"
    assert checkpoints.load(tmp_path / name).hidden_dim == 4
    assert checkpoints.read_record(tmp_path / name)["note"] == "half"
    assert isinstance(checkpoints.load_any(tmp_path / "beta0.25"), Autoencoder)


def test_a_record_in_brackets_in_brackets_is_none(saved: tuple[VAE, Path]) -> None:
    _, path = saved
    path.with_suffix(".json").write_text("[" * 5000 + "]" * 5000)
    with pytest.raises(ValueError, match="no record of a checkpoint"):
        checkpoints.load(path)


def test_another_model_than_a_vae_is_named_where_a_vae_is_asked_for(tmp_path: Path) -> None:
    path = checkpoints.save(Autoencoder(hidden_dim=4), tmp_path / "ae", {})
    with pytest.raises(ValueError, match="holds the model Autoencoder; expected a VAE"):
        checkpoints.load(path)
    assert isinstance(checkpoints.load_any(path), Autoencoder)


@pytest.mark.parametrize("model", [{"kind": "GAN"}, {"kind": "VAE", "width": 3}, {"kind": "VAE", "latent_dim": -1}])
def test_a_record_that_describes_no_model_is_refused(model: dict[str, object], saved: tuple[VAE, Path]) -> None:
    _, path = saved
    path.with_suffix(".json").write_text(json.dumps({"model": model}))
    with pytest.raises(ValueError, match="describes no model"):
        checkpoints.load_any(path)
