import json
import os
import pkgutil
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from course import commands, fashion_files
from course.cli import COMMANDS, main
from course.commands.common import in_one_line
from course.errors import CourseError, CourseWarning
from tests.course import small_fashion


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_help_answers_without_torch_or_matplotlib() -> None:
    code = (
        "import sys; from course.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('torch', 'matplotlib') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.endswith("[]\n")


def command_of(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name)
    assert found
    return found


@pytest.mark.parametrize("command", main.list_commands(click.Context(main)))
def test_every_command_and_option_explains_itself(command: str) -> None:
    plain = ("out", "theme", "solutions", "exercises")
    parameters = [p for p in command_of(command).params if p.name not in plain]
    assert all(getattr(p, "help", "x") or p.param_type_name == "argument" for p in parameters)
    result = invoke(command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5


def test_every_command_is_a_module_of_its_name_in_the_table() -> None:
    assert {module.name for module in pkgutil.iter_modules(commands.__path__)} == {*COMMANDS, "common"}
    assert list(COMMANDS) == sorted(COMMANDS) == [command_of(name).name for name in COMMANDS]


def test_entry_points_are_for_commands_of_other_packages() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    joined = project["entry-points"]["latent_course.commands"]
    assert set(joined) == {"check-course", "doctor", "watch"}
    assert all(place.startswith("autograder.") for place in joined.values())


def test_a_name_that_is_no_command_is_answered_in_words() -> None:
    result = invoke("trian")
    assert result.exit_code == 2
    assert "No such command 'trian'" in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_in_one_line_what_a_reader_can_mend(name: str) -> None:
    command = command_of(name)
    for each in (command, *getattr(command, "commands", {}).values()):
        layers, layer = [], each.callback
        while layer:
            layers.append(layer.__code__)
            layer = getattr(layer, "__wrapped__", None)
        assert any(code in in_one_line.__code__.co_consts for code in layers), each.name


def says(error: BaseException) -> Result:
    @click.command()
    @in_one_line
    def command() -> None:
        raise error

    return CliRunner().invoke(command)


@pytest.mark.parametrize("error", [CourseError("expected a, got b"), OSError("no room"), FileNotFoundError("no file")])
def test_what_the_course_and_the_system_say_is_one_line(error: Exception) -> None:
    result = says(error)
    assert (result.exit_code, result.output) == (1, f"Error: {error}\n")


def test_what_the_system_says_is_the_file_and_the_reason() -> None:
    result = says(PermissionError(13, "Permission denied", "mine.npz"))
    assert (result.exit_code, result.output) == (1, "Error: mine.npz: Permission denied\n")


def test_ctrl_c_is_said_and_has_the_exit_code_of_shells() -> None:
    result = says(KeyboardInterrupt())
    assert (result.exit_code, result.output) == (130, "Interrupted\n")


@pytest.mark.parametrize("error", [ValueError("of numpy"), FloatingPointError(), RuntimeError(), KeyError("x")])
def test_a_bug_keeps_its_traceback(error: Exception) -> None:
    assert says(error).exception is error


def test_what_python_says_of_a_line_of_the_course_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course.datasets.source", int)
    assert isinstance(invoke("train").exception, ValueError)


def test_a_warning_of_the_course_is_one_line_and_another_is_as_always() -> None:
    @click.command()
    @in_one_line
    def command() -> None:
        warnings.warn(CourseWarning("a run is old"), stacklevel=1)
        warnings.warn("of torch", stacklevel=1)

    with pytest.warns(UserWarning, match="of torch"):
        result = CliRunner().invoke(command)
    assert (result.stdout, result.stderr) == ("", "Note: a run is old\n")


def test_train_writes_weights_and_a_record_and_no_bar_in_a_pipe(tmp_path: Path) -> None:
    options = ["--steps", "20", "--latent-dim", "2", "--out", "two.safetensors"]
    command = [sys.executable, "-m", "course.cli", "train", *options]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert result.stderr == ""
    assert "negative_elbo" in result.stdout
    record = json.loads((tmp_path / "two.json").read_text())
    assert record["settings"]["steps"] == 20
    assert record["model"]["latent_dim"] == 2
    assert record["quality"]["entropy_floor"] == pytest.approx(4.1589)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("train", "--steps", "0"), "steps must be greater than 0"),
     (("train", "--latent-dim", "0"), "latent_dim must be at least 1"),
     (("train", "--data", "mnist"), "'mnist' is not one of"), (("figures", "nothing"), "there are patterns"),
     (("claims", "--only", "nothing"), "latent-course claims --list shows all"),
     (("train", "--steps", "1", "--out", "/proc/none/x.safetensors"), "No such file or directory")],
)  # fmt: skip
def test_bad_options_are_answered_in_words(arguments: tuple[str, ...], words: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code in (1, 2)
    assert words in result.output
    assert "Traceback" not in result.output


def test_without_a_command_it_says_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke()
    assert result.exit_code == 0
    assert result.output.splitlines()[-1].startswith("Next: latent-course train makes a model")
    assert invoke("train", "--steps", "2", "--no-picture", "--out", "two").exit_code == 0
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "kl_starter.py").touch()
    last = invoke().output.splitlines()[-1]
    assert "pytest autograder checks it; or latent-course explore two.safetensors lets you touch" in last


@pytest.mark.parametrize("arguments", [(), ("--help",), ("runs",), ("claims", "--list")])
def test_an_output_that_takes_nothing_more_is_said_once(arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "course.cli", *arguments]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    words = (
        "what this command prints could not be written (No space left on device): make room there, or print elsewhere"
    )
    assert (done.returncode, done.stderr) == (1, f"Error: {words}\n")


def test_a_letter_that_the_terminal_does_not_have_is_no_reason_to_stop(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "iso8859-5:strict", "PYTHONPATH": os.getcwd()}
    command = [sys.executable, "-m", "course.cli", "claims", "--only", "constant-elbo"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\xb1" in done.stdout


def test_claims_are_listed_and_near_names_are_offered() -> None:
    lines = invoke("claims", "--list").output.splitlines()
    assert any(line.startswith("reference-elbo  ") for line in lines)
    said = invoke("claims", "--only", "reference")
    assert said.exit_code == 2
    assert "did you mean reference-elbo, " in said.output
    assert len(said.output) < 1000


def test_measuring_one_claim_elsewhere_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke("claims", "--only", "constant-elbo")
    assert result.exit_code == 0, result.output
    assert list(tmp_path.iterdir()) == []


def test_figures_writes_those_asked_for(tmp_path: Path) -> None:
    result = invoke("figures", "patterns", "latent_walk", "--out", str(tmp_path))
    assert result.exit_code == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["latent_walk.gif", "patterns.svg"]


def test_fashion_says_where_it_looked_and_what_to_do(tmp_path: Path) -> None:
    result = invoke("fashion", "--folder", str(tmp_path))
    assert result.exit_code == 1
    assert f"expected train-images-idx3-ubyte or train-images-idx3-ubyte.gz, but {tmp_path} is empty" in result.output
    assert "Name the folder with the four files; or name none" in result.output


def test_training_without_fashion_says_which_command_gets_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(fashion_files.VARIABLE, raising=False)
    monkeypatch.setattr(fashion_files, "DEBIAN", tmp_path / "none")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    result = invoke("train", "--data", "fashion", "--seed", "77", "--out", str(tmp_path / "x"))
    assert result.exit_code == 1
    assert "Call `latent-course fashion --download` (31 MB" in result.output
    assert len(result.output.splitlines()) == 1


def test_fashion_counts_what_it_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fashion_files, "SPLITS", small_fashion.splits())
    folder = small_fashion.write(tmp_path / "mine")
    result = invoke("fashion", "--folder", str(folder))
    assert result.exit_code == 0, result.output
    assert [line.split()[:2] for line in result.output.splitlines()] == [["train", "40"], ["test", "20"]]
    assert str(folder) in result.output
