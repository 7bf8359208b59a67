import ast
import os
import pty
import resource
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.cli import main
from course.starters import generate, starter_of

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
STARTERS = generate(SOLUTIONS)


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_that_nobody_has_begun_matches_its_solution(name: str) -> None:
    """In a clone of a student, `make test` judges the course, and no answers."""
    starter = ROOT / "exercises" / name
    text = starter.read_text("utf-8", errors="replace") if starter.is_file() else ""
    begun = text.count("raise NotImplementedError(") < STARTERS[name].count("raise NotImplementedError(")
    assert begun or text == STARTERS[name], "the starter differs: run `latent-course starters --overwrite`"


def test_every_stub_names_its_part_and_compiles() -> None:
    for name, text in STARTERS.items():
        ast.parse(text, name)
        assert text.count("raise NotImplementedError") == text.count("# TODO ") >= 3
        assert "# todo" not in text
        assert "# done" not in text
        assert "# starter" not in text


@pytest.mark.parametrize("check", [["check", "--extend-ignore=F401"], ["format", "--check"]])
@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_is_in_style(name: str, check: list[str]) -> None:
    """ruff leaves exercises/ out, which are a student's. A starter imports what its parts will need."""
    ruff = [sys.executable, "-m", "ruff", *check, "--no-cache", "--stdin-filename", f"exercises/{name}", "-"]
    result = subprocess.run(ruff, input=STARTERS[name], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_answers_are_not_judged_by_style() -> None:
    ruff = [sys.executable, "-m", "ruff", "check", "--show-files", "."]
    looked_at = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    folders = {Path(file).relative_to(ROOT).parts[0] for file in looked_at}
    assert "solutions" in folders
    assert "exercises" not in folders


def test_marks_that_do_not_pair_are_refused() -> None:
    for text, words in [
        ("# todo 1.1: a\n# todo 1.2: b\n", "line 2: expected `# done` after part 1.1, got part 1.2"),
        ("# done\n", "line 1: expected `# todo` with a part before `# done`"),
        ("# todo 1.1: a\n", "expected `# done` after part 1.1, got the end of the file"),
    ]:
        with pytest.raises(ValueError, match=words):
            starter_of(text)


def starters(folder: Path, *options: str, solutions: Path = SOLUTIONS) -> Result:
    return CliRunner().invoke(main, ["starters", "--solutions", str(solutions), "--exercises", str(folder), *options])


@pytest.mark.parametrize("work", [b"my work\n", b"\xff", b""])
def test_work_is_replaced_only_when_told_and_never_lost(work: bytes, tmp_path: Path) -> None:
    mine = tmp_path / "latent_starter.py"
    mine.write_bytes(work)
    assert f"kept       {mine}" in starters(tmp_path).output
    assert starters(tmp_path, "--check").exit_code == 1
    refused = starters(tmp_path, "--overwrite")
    assert refused.exit_code == 1
    assert f"\n  {mine}\nError: expected an answer at a terminal" in refused.output
    assert mine.read_bytes() == work
    for _ in range(3):  # in one minute
        mine.write_bytes(work)
        assert starters(tmp_path, "--overwrite", "--yes").exit_code == 0
        assert starters(tmp_path, "--check").exit_code == 0
    copies = sorted({*tmp_path.iterdir()} - {tmp_path / name for name in STARTERS})
    assert [path.read_bytes() for path in copies] == [work] * 3
    assert all(path.name.startswith(f"latent_starter.{datetime.now():%Y-}") for path in copies)
    ignored = subprocess.run(["git", "check-ignore", "-q", f"exercises/{copies[0].name}"], cwd=ROOT)
    assert ignored.returncode == 0


@pytest.mark.parametrize(("answer", "kept"), [("n\n", True), ("\n", True), ("y\n", False)])
def test_at_a_terminal_it_asks(answer: str, kept: bool, tmp_path: Path) -> None:
    mine = tmp_path / "kl_starter.py"
    mine.write_text("my work\n")
    master, inside = pty.openpty()
    command = [sys.executable, "-m", "course.cli", "starters", "--overwrite"]
    places = ["--solutions", str(SOLUTIONS), "--exercises", str(tmp_path)]
    os.write(master, answer.encode())
    result = subprocess.run([*command, *places], stdin=inside, capture_output=True, text=True, cwd=ROOT)
    os.close(inside)
    os.close(master)
    assert "Replace them? A copy of each" in result.stdout
    assert (result.returncode, mine.read_text() == "my work\n") == (kept, kept)
    assert len(list(tmp_path.iterdir())) == (1 if kept else len(STARTERS) + 1)


def test_without_room_for_the_copy_all_stays_as_it_was(tmp_path: Path) -> None:
    starters(tmp_path)
    mine = tmp_path / "latent_starter.py"
    mine.write_bytes(b"#" * 50_000)
    command = [sys.executable, "-m", "course.cli", "starters", "--overwrite", "--yes"]
    result = subprocess.run(
        [*command, "--solutions", str(SOLUTIONS), "--exercises", str(tmp_path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)),
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert result.returncode == 1
    assert (
        result.stderr
        == f"Error: {mine} is as it was, for a copy of it could not be kept (File too large): make room first\n"
    )
    assert mine.read_bytes() == b"#" * 50_000
    assert {path.name for path in tmp_path.iterdir()} == {*STARTERS}


def put(place: Path, what: str | bytes) -> None:
    """Something at a place: bytes of a file, a folder, a fifo, a link that leads nowhere, or nothing."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(what, bytes):
        place.write_bytes(what)
    elif what == "folder":
        place.mkdir()
    elif what == "fifo":
        os.mkfifo(place)
    elif what == "link":
        place.symlink_to("nowhere")


@pytest.mark.parametrize("options", [(), ("--check",), ("--overwrite", "--yes")])
@pytest.mark.parametrize(
    ("place", "what", "words"),
    [("solutions", b"", "got a file"), ("solutions", "folder", "got none"), ("solutions", "", "got no such folder"),
     ("solutions/a_solution.py", "folder", "a_solution.py: expected a file, got a folder"),
     ("solutions/a_solution.py", b"a = 1\n\xff", "got 0xff as byte 7: save it as UTF-8"),
     ("solutions/a_solution.py", b"# done\n", "a_solution.py: line 1: expected `# todo`"),
     ("exercises", b"", "expected a folder, got a file: name a folder with --exercises"),
     ("exercises/kl_starter.py", "folder", "kl_starter.py: expected a file, got a folder: move it away"),
     ("exercises/kl_starter.py", "fifo", "kl_starter.py: expected a file, got no ordinary file"),
     ("exercises/kl_starter.py", "link", "kl_starter.py: expected a file, got a link that leads nowhere")],
)  # fmt: skip
def test_what_is_odd_is_answered_in_one_line_and_nothing_is_written(
    place: str, what: str | bytes, words: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    put(tmp_path / place, what)
    before = sorted(tmp_path.rglob("*"))
    solutions = tmp_path / "solutions" if place.startswith("solutions") else SOLUTIONS
    result = starters(tmp_path / "exercises", *options, solutions=solutions)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert words in result.output
    assert len(result.output.splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert starters(folder).exit_code == 0
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == STARTERS


def test_check_changes_nothing(tmp_path: Path) -> None:
    assert "latent_starter.py is missing: run latent-course starters\n" in starters(tmp_path, "--check").output
    assert starters(tmp_path, "--check", "--overwrite").exit_code == 2
    assert list(tmp_path.iterdir()) == []
