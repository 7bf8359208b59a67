import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.cli import main
from course.starters import generate, starter_of

ROOT = Path(__file__).parents[2]


def run(path: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run([sys.executable, path], cwd=cwd, capture_output=True, text=True, env=env)


@pytest.mark.parametrize("name", [p.name for p in sorted((ROOT / "solutions").glob("*_solution.py"))])
def test_starter_matches_its_solution(name: str) -> None:
    starter = ROOT / "exercises" / name.replace("_solution", "_starter")
    assert starter.read_text("utf-8") == generate(ROOT / "solutions")[starter.name], (
        "the starter differs from its solution: run `latent-course starters --overwrite`"
    )


def test_every_stub_names_its_part_and_compiles() -> None:
    for name, text in generate(ROOT / "solutions").items():
        ast.parse(text, name)
        assert text.count("raise NotImplementedError") == text.count("# TODO ") >= 3
        assert "# todo" not in text
        assert "# done" not in text
        assert "# starter" not in text


def test_untouched_starter_says_what_is_to_do(tmp_path: Path) -> None:
    result = run(ROOT / "exercises" / "latent_starter.py", tmp_path)
    assert result.returncode == 1
    assert result.stderr == ""
    assert result.stdout.startswith("Next: Exercise 1.1: ")
    assert list(tmp_path.iterdir()) == []


def test_solution_draws_its_pictures(tmp_path: Path) -> None:
    result = run(ROOT / "solutions" / "latent_solution.py", tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "256 of 256 pixels right" in result.stdout
    from PIL import Image, ImageSequence

    with Image.open(tmp_path / "my_interpolation.png") as strip:
        assert strip.width > 4 * strip.height
    with Image.open(tmp_path / "latent_walk.gif") as walk:
        assert sum(1 for _ in ImageSequence.Iterator(walk)) > 30


def test_marks_that_do_not_pair_are_refused() -> None:
    for text, words in [
        ("# todo 1.1: a\n# todo 1.2: b\n", "line 2: part 1.2 begins before part 1.1 is done"),
        ("# done\n", "line 1: `# done` without"),
        ("# todo 1.1: a\n", "part 1.1 is never done"),
    ]:
        with pytest.raises(ValueError, match=words):
            starter_of(text)


def test_command_never_overwrites_work_unasked(tmp_path: Path) -> None:
    mine = tmp_path / "latent_starter.py"
    mine.write_text("my work\n")
    options = ["starters", "--solutions", str(ROOT / "solutions"), "--exercises", str(tmp_path)]
    result = CliRunner().invoke(main, options)
    assert "kept" in result.output
    assert mine.read_text() == "my work\n"
    assert CliRunner().invoke(main, [*options, "--check"]).exit_code == 1
    assert CliRunner().invoke(main, [*options, "--overwrite"]).exit_code == 0
    assert CliRunner().invoke(main, [*options, "--check"]).exit_code == 0
