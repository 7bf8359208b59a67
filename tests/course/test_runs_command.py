import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course import checkpoints, runs
from course.cli import main
from course.commands.runs import command
from course.labelled import ConditionalVAE

ROOT = Path(__file__).parents[2]


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two VAEs, a conditional one and an autoencoder, trained for a moment."""
    store: Path = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_COURSE_RUNS", str(store))
        patch.setattr(runs, "_SHIPPED", store / "none")
        patch.chdir(store.parent)
        for options in (["--beta", "2"], ["--beta", "4"], ["--model", "cvae"], ["--model", "ae"]):
            result = invoke("train", "--steps", "5", "--hidden-dim", "8", "--latent-dim", "2", "--no-picture", *options)
            assert result.exit_code == 0, result.output
    return store


@pytest.fixture(autouse=True)
def in_store(kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LATENT_COURSE_RUNS", str(kept))
    monkeypatch.setattr(runs, "_SHIPPED", kept / "none")
    monkeypatch.chdir(tmp_path)


def test_the_table_has_a_row_for_each_run_and_columns_that_line_up() -> None:
    head, *rows = invoke("runs").output.splitlines()
    assert head.split()[:4] == ["run", "model", "data", "latent_dim"]
    assert sorted(row.split()[1] for row in rows) == ["ae", "cvae", "vae", "vae"]
    assert {len(row) for row in rows} == {len(head)}


@pytest.mark.parametrize(
    ("where", "count"),
    [(["model=vae"], 2), (["model=VAE", "beta=4"], 1), (["data=lines64"], 4), (["beta=2.0"], 1), (["kind=VAE"], 2)],
)
def test_where_narrows_it(where: list[str], count: int) -> None:
    options = [word for text in where for word in ("-w", text)]
    assert len(invoke("runs", *options).output.splitlines()) == count + 1
    found = [json.loads(line) for line in invoke("runs", *options, "--json").output.splitlines()]
    assert len(found) == count
    assert all(set(record) >= {"name", "folder", "model", "settings", "last_epoch"} for record in found)


def test_a_limit_says_what_it_leaves_out() -> None:
    assert "... and 3 more: narrow it" in invoke("runs", "--limit", "1").output
    assert len(invoke("runs", "--limit", "0").output.splitlines()) == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["-w", "beta"], "takes NAME=VALUE, such as beta=4, got 'beta'"), (["-w", "model=gan"], "got 'gan'"),
     (["-w", "beta=3"], "no such run in"), (["compare", "nobody"], "no run begins with 'nobody'"),
     (["compare", "lines64-vae"], "2 runs begin with 'lines64-vae'"), (["compare"], "Missing argument")],
)  # fmt: skip
def test_what_cannot_be_found_is_answered_in_words(arguments: list[str], words: str) -> None:
    result = invoke("runs", *arguments)
    assert result.exit_code in (1, 2)
    assert words in result.output


def test_compare_shows_what_differs_and_what_each_is_worth(tmp_path: Path) -> None:
    names = [run.name for run in runs.find(kind="VAE")]
    result = invoke("runs", "compare", *names, "--out", str(tmp_path / "curves.png"))
    assert result.exit_code == 0, result.output
    table = {line.split()[0]: line.split()[1:] for line in result.output.splitlines()[1:]}
    assert sorted(table["beta"]) == ["2.0", "4.0"]
    assert "steps" not in table
    assert float(table["negative_elbo"][0]) > float(table["entropy_floor"][0])
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_a_damaged_run_is_not_compared_but_named() -> None:
    [run] = runs.find(kind="Autoencoder")
    weights = run.folder / "run.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:100])
    try:
        result = invoke("runs", "compare", run.name)
    finally:
        weights.write_bytes(whole)
    assert result.exit_code == 1
    assert "is damaged" in result.output


@pytest.mark.parametrize("content", [bytes(range(256)), b"[" * 5000 + b"]" * 5000, b'{"model": {}, "last_epoch": []}'])
def test_one_odd_record_does_not_hide_the_others(content: bytes, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = kept / "odd"
    odd.mkdir()
    (odd / "run.json").write_bytes(content)
    (odd / "run.safetensors").write_bytes(b"")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    try:
        command = [sys.executable, "-m", "course.cli", "runs", "--limit", "0"]
        said = subprocess.run(command, capture_output=True, text=True)
    finally:
        shutil.rmtree(odd)
    assert said.returncode == 0
    assert said.stderr.startswith("Note: 1 run cannot be read and is left out: 'odd' (")
    assert said.stderr.count("\n") == 1
    assert sum("  5     0  " in line for line in said.stdout.splitlines()) == 4, said.stdout
    assert "odd" not in said.stdout


def test_training_what_is_kept_finds_it_and_draws_it(tmp_path: Path) -> None:
    options = ["--steps", "5", "--hidden-dim", "8", "--latent-dim", "2", "--model", "cvae", "--out", "mine"]
    result = invoke("train", *options)
    assert result.exit_code == 0, result.output
    assert "Found in the run store as lines64-cvae-d2-h8-" in result.output
    assert isinstance(checkpoints.load_any(tmp_path / "mine"), ConditionalVAE)
    assert (tmp_path / "mine.png").read_bytes().startswith(b"\x89PNG")
    record = checkpoints.read_record(tmp_path / "mine")
    assert record["command"].startswith("latent-course train --data lines64 --model cvae --steps 5 --hidden-dim 8")
    again = invoke("train", *options, "--again", "--no-picture")
    assert "Found" not in again.output


def test_an_option_of_another_model_is_refused_before_training() -> None:
    result = invoke("train", "--model", "vae", "--gamma", "2")
    assert result.exit_code == 1
    assert "the model vae has no option 'gamma'; it has anneal," in result.output


def test_every_command_of_the_group_explains_itself() -> None:
    for name in command.commands:
        assert len(invoke("runs", name, "--help").output.splitlines()) > 4
