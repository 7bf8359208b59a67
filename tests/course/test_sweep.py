from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from course import run_config, sweep, training
from course.commands.sweep import command
from course.models import VAE
from course.patterns import cross8x8
from course.sweep import Cell

ARGUMENTS = ["--beta", "1,8", "--latent-dim", "1,2", "--steps", "4"]


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LATENT_COURSE_RUNS", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "runs"


def test_a_plan_for_each_combination_with_a_constant_beta() -> None:
    needed = sweep.configs("cross8x8", [1, 8], [2, 4, 8], [0, 1])
    assert len(needed) == len({plan.name for plan in needed.values()}) == 12
    plan = needed[Cell(8, 4, 1)]
    assert (plan.settings.beta, plan.settings.beta_start, plan.settings.seed) == (8, 8, 1)
    assert plan.size["latent_dim"] == 4


def test_the_table_averages_seeds_and_leaves_what_is_missing_empty() -> None:
    betas, dims, values = sweep.table({Cell(8, 2, 0): 1.0, Cell(8, 2, 1): 2.0, Cell(1, 4, 0): 5.0})
    assert (betas, dims) == ([1, 8], [2, 4])
    np.testing.assert_array_equal(values, [[np.nan, 5], [1.5, np.nan]])


def test_one_dimension_has_no_gap_and_an_untrained_model_hardly_one() -> None:
    assert np.isnan(sweep.gap(VAE(latent_dim=1), cross8x8()))
    assert 0 <= sweep.gap(VAE(latent_dim=4), cross8x8()) < 0.1


def test_the_command_trains_prints_and_draws_and_does_not_train_twice(
    own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = CliRunner().invoke(command, ARGUMENTS)
    assert first.exit_code == 0, first.output
    assert "reconstruction" in first.output
    assert len(first.output.splitlines()) == 6
    assert len(list(own_store.iterdir())) == 4
    with Image.open("sweep-cross8x8.png") as picture:
        assert np.asarray(picture).std() > 1
    monkeypatch.setattr(run_config, "fit", None)
    again = CliRunner().invoke(command, ARGUMENTS)
    assert (again.stdout, again.stderr) == (first.output, "Replaces the earlier sweep-cross8x8.png\n")


def test_after_an_interrupt_the_same_command_goes_on(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []

    def impatient(*arguments: object, **options: object) -> training.History:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(1)
        return training.fit(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(run_config, "fit", impatient)
    stopped = CliRunner().invoke(command, ARGUMENTS)
    assert stopped.exit_code == 130
    assert "Interrupted after 2 of 4" in stopped.output
    assert len(list(own_store.iterdir())) == 2
    done.clear()
    assert CliRunner().invoke(command, ARGUMENTS).exit_code == 0
    assert len(done) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--beta", "a,b"], "numbers with commas"), (["--latent-dim", "0"], "latent_dim must be at least 1"),
     (["--beta", "-1"], "beta must be 0 or more"), (["--data", "mnist"], "is not one of")],
)  # fmt: skip
def test_bad_options_are_answered_in_words(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code in (1, 2)
    assert words in result.output
    assert "Traceback" not in result.output
