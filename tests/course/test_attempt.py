"""Starters as scripts: what an answer makes of them, whichever part it is about."""

import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from course.starters import generate

ROOT = Path(__file__).parents[2]
STARTERS = generate(ROOT / "solutions")
SOLUTIONS = sorted((ROOT / "solutions").glob("*_solution.py"))
REGION = re.compile(r"^( +)# todo (\d+\.\d): .*\n(?:.*\n)*?\1# done\n", re.MULTILINE)

Run = Callable[[str], tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a text as a script of its own in an empty folder: exit code and what it printed."""

    def ran(text: str) -> tuple[int, str]:
        monkeypatch.chdir(tmp_path)
        Path("mine.py").write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit) as end:
            runpy.run_path("mine.py", run_name="__main__")
        return int(end.value.code or 0), capsys.readouterr().out

    return ran


def solved_beside(folder: Path) -> None:
    """Puts all exercises, solved, into a folder: one of them joins the parts of others."""
    for path in SOLUTIONS:
        name = path.name.replace("_solution", "_starter")
        (folder / name).write_text(path.read_text("utf-8"), encoding="utf-8")


def with_answer(solution: Path, region: int, answer: str) -> str:
    """A solution with these lines in place of one of its regions."""
    text = solution.read_text("utf-8")
    found = [*REGION.finditer(text)][region]
    return text[: found.start()] + found[1] + answer + "\n" + text[found.end() :]


def test_a_starter_is_a_script(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(STARTERS["latent_starter.py"], encoding="utf-8")
    command = [sys.executable, str(tmp_path / "mine.py")]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith("Next: Exercise 1.1: ")


@pytest.mark.parametrize("name", STARTERS)
def test_an_untouched_starter_says_what_is_to_do(name: str, run: Run, tmp_path: Path) -> None:
    code, said = run(STARTERS[name])
    first, *rest = said.splitlines()
    assert code == 1
    assert re.fullmatch(r"Next: Exercise \d+\.1: .+", first)
    assert rest == [
        "Write it in mine.py and run this file again.",
        f"In the folder of the course, `pytest autograder -k {name.removesuffix('_starter.py')}` checks it.",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]


@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda path: path.stem)
def test_a_part_that_returns_nothing_is_named_in_a_sentence(solution: Path, run: Run, tmp_path: Path) -> None:
    solved_beside(tmp_path)
    for region, found in enumerate(REGION.finditer(solution.read_text("utf-8"))):
        code, said = run(with_answer(solution, region, "return None"))
        assert code == 1
        assert re.search(rf"^Next: {re.escape(found[2])} \w.* returned None: does it end", said, re.MULTILINE), said


@pytest.mark.parametrize(
    ("exercise", "region", "answer", "words"),
    [("interpolation", 0, "return np.zeros((num_steps, 8))", "6.1 lerp: expected torch.Tensor, got numpy.ndarray"),
     ("latent", 0, "return [1.0]", "1.1 encode: expected torch.Tensor, got list"),
     ("reparameterization", 0, "return fc_mu(encoder(x))",
      "2.1 encode_distribution: expected tuple or list, got torch.Tensor")],
)  # fmt: skip
def test_an_answer_of_another_kind_is_named_in_a_sentence(
    exercise: str, region: int, answer: str, words: str, run: Run
) -> None:
    text = with_answer(ROOT / "solutions" / f"{exercise}_solution.py", region, answer)
    code, said = run(text.replace("import torch\n", "import numpy as np\nimport torch\n", 1))
    assert code == 1
    assert f"Next: {words}\n" in said


def test_a_part_that_is_missing_beside_the_file_is_named_with_its_file(run: Run, tmp_path: Path) -> None:
    training = (ROOT / "solutions" / "training_solution.py").read_text("utf-8")
    assert "Next: expected your reparameterization_starter.py beside this file" in run(training)[1]
    solved_beside(tmp_path)
    (tmp_path / "kl_starter.py").write_text(STARTERS["kl_starter.py"], encoding="utf-8")
    code, said = run(training)
    assert code == 1
    assert said.splitlines()[0].startswith("Next: Exercise 4.4: ")
    assert said.splitlines()[1:] == [
        "Write it in kl_starter.py and run mine.py again.",
        "In the folder of the course, `pytest autograder -k kl` checks it.",
    ]


def test_an_error_in_an_answer_keeps_its_traceback(run: Run) -> None:
    with pytest.raises(RuntimeError, match="mat1 and mat2"):
        run(with_answer(ROOT / "solutions" / "kl_solution.py", 0, "return x_hat @ x"))


@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda path: path.stem)
def test_a_solution_goes_to_its_end(solution: Path, run: Run, tmp_path: Path) -> None:
    solved_beside(tmp_path)
    code, said = run(solution.read_text("utf-8"))
    assert code == 0
    assert "does not return" not in said
    assert all(Path(picture).stat().st_size > 100 for picture in re.findall(r"\w+\.(?:png|gif)", said))


def test_the_first_solution_draws_its_pictures(run: Run) -> None:
    assert "256 of 256 pixels right" in run((ROOT / "solutions" / "latent_solution.py").read_text("utf-8"))[1]
    from PIL import Image, ImageSequence

    with Image.open("my_interpolation.png") as strip:
        assert strip.width > 4 * strip.height
    with Image.open("latent_walk.gif") as walk:
        assert sum(1 for _ in ImageSequence.Iterator(walk)) > 30


@pytest.mark.parametrize(("told", "obeys"), [("label", True), ("0", False)])
def test_a_conditional_decoder_draws_what_the_answer_asks_it_for(told: str, obeys: bool, run: Run) -> None:
    """An answer that asks for type 0 whatever it is told is no better than a guess."""
    solution = ROOT / "solutions" / "conditional_solution.py"
    found = [*REGION.finditer(solution.read_text("utf-8"))][2]
    region = found[0].partition("\n")[2].rpartition("    # done")[0].strip()
    code, said = run(with_answer(solution, 2, region.replace("(num_samples,), label)", f"(num_samples,), {told})")))
    shares = [int(share) for share in re.findall(r"obtained +(\d+)%", said)]
    assert (code, len(shares)) == (0, 4)
    assert min(shares) >= 75 if obeys else sum(shares) / 4 <= 30


@pytest.mark.parametrize(("exercise", "region"), [("latent", 3), ("interpolation", 2)])
def test_a_walk_that_does_not_return_is_not_said_to(exercise: str, region: int, run: Run) -> None:
    solution = ROOT / "solutions" / f"{exercise}_solution.py"
    found = [*REGION.finditer(solution.read_text("utf-8"))][region][0]
    lines = found.replace(", patterns[0]]", "]").replace(
        "zip(patterns, [*patterns[1:]]", "zip(patterns[:-1], patterns[1:]"
    )
    body = lines.replace("if closed else waypoints", "if False else waypoints").strip()
    assert body != found.strip()
    code, said = run(with_answer(solution, region, body))
    assert code == 0
    assert "it does not return to the first" in said
