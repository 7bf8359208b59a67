"""What a Python without the course says: a sentence, and how to go on."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.autograder.submissions import ROOT, clone, environment

ITS_OWN = ("pytest", "_pytest", "py.py", "pluggy", "iniconfig", "packaging", "pygments")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = clone(tmp_path_factory.mktemp("clone"))
    (made / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", made / "tests")
    (made / "tests" / "test_of_the_course.py").write_text("import hypothesis, torch\n")
    return made


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has pytest and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    say = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(say, capture_output=True, text=True, check=True).stdout.strip())
    for name in ITS_OWN:
        (packages / name).symlink_to(Path(sysconfig.get_path("purelib"), name))
    return python


def answer(python: Path | str, project: Path, *words: str) -> tuple[int, list[str]]:
    command = [str(python), "-m", "pytest", "-p", "no:cacheprovider", *words]
    ran = subprocess.run(command, cwd=project, capture_output=True, text=True, env=environment())
    assert ran.stdout == ""
    return ran.returncode, ran.stderr.strip().splitlines()


@pytest.mark.parametrize("words", [[], ["-k", "1.1"], ["--map"]])
def test_the_grader_says_how_to_get_the_course(words: list[str], bare: Path, project: Path) -> None:
    code, [said] = answer(bare, project, "autograder", *words)
    assert code == 4
    assert said.startswith(f"ERROR: expected a Python with the course, got one without numpy and torch ({bare}): ")
    assert "source .venv/bin/activate" in said


@pytest.mark.parametrize("words", [[], ["tests"], ["tests/test_of_the_course.py"]])
def test_the_tests_say_what_they_need(words: list[str], bare: Path, project: Path) -> None:
    code, [said] = answer(bare, project, *words)
    assert code == 4
    assert said.startswith("ERROR: expected what the course's own tests need, got no torch, sphinx, hypothesis, ")
    assert "call `pytest autograder`" in said


def test_packages_without_the_course_around_them_say_where_to_call_the_grader(project: Path, tmp_path: Path) -> None:
    """As from a wheel."""
    for name in ("autograder", "course"):
        shutil.copytree(project / name, tmp_path / "site" / name)
    here = tmp_path / "here"
    here.mkdir()
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--pyargs", "autograder"]
    env = {**environment(), "PYTHONPATH": str(tmp_path / "site")}
    ran = subprocess.run(command, cwd=here, capture_output=True, text=True, env=env)
    assert ran.returncode == 2
    assert "expected the course's own configuration, got none of it: call `pytest autograder` in the" in ran.stdout
    assert "INTERNALERROR" not in ran.stdout
    assert list(here.iterdir()) == []
