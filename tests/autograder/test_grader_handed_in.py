"""Whatever a file of a hand-in is called: it is taken where no other can be meant, else named; never a silent zero."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.engine.catalogue import Exercise, exercise_for, exercises, is_named
from autograder.engine.grading.grade import grade
from autograder.engine.staging.handed_in import handed_in
from autograder.engine.verdicts import State
from tests.autograder.submissions import ROOT, SOLUTION, environment

KL = (ROOT / "solutions" / "kl_solution.py").read_text(encoding="utf-8")
RENAMED = (
    "kl_starter (1).py",
    "kl_starter-1.py",
    "kl_starter(2).py",
    "kl_starter - Copy.py",
    "kl_starter copy 2.py",
    "student_123_kl_starter.py",
    "Ada Lovelace_123_assignsubmission_file_kl_starter.py",
    "ada_LATE_4711_815_KL_Starter-2.py",
    "KL_STARTER.PY",
    "kl-starter.py",
    "kl starter.py",
    "kl_starter.py.txt",
    "kl_starter_final.py",
    "lesson3.py",  # what it defines tells
    "unpacked/kl_starter.py",
    "unpacked/deeper/ada_kl_starter.py",
)


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", RENAMED)
def test_a_renamed_file_is_taken_and_that_is_said(name: str, tmp_path: Path) -> None:
    found = handed_in(put(tmp_path, {name: KL, "helper.py": "def lerp(): ...\n", "notes.txt": "x"}))
    assert (found["kl"].path, found["kl"].note) == (tmp_path / name, f"{name} was taken for kl_starter.py")
    others = {exercise: taken for exercise, taken in found.items() if exercise != "kl"}
    assert {taken.note for taken in others.values()} == {""}
    assert not any(taken.path.exists() for taken in others.values())


WORDS = st.text("abcXYZ019_- ()", max_size=12)


@given(st.sampled_from([e.starter.removesuffix(".py") for e in exercises()]), WORDS, WORDS, st.booleans())
def test_words_before_and_behind_change_nothing(stem: str, before: str, behind: str, upper: bool) -> None:
    stem = stem.upper() if upper else stem
    name = f"{before and f'{before}_'}{stem}{behind and f' {behind}'}.py"
    assert [e.starter for e in exercises() if is_named(e, name)] == [f"{stem.lower()}.py"]


@given(st.text("abcdefgklmnoprst_", min_size=1, max_size=30).filter(lambda text: "starter" not in text))
@settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_other_names_are_no_starters(stem: str) -> None:
    assert not any(is_named(e, f"{stem}.py") for e in exercises())


def test_a_starter_with_its_name_is_taken_and_copies_beside_it_are_named(tmp_path: Path) -> None:
    put(
        tmp_path, {"kl_starter.py": KL, "kl_starter (1).py": KL + "\n# more", "old/kl_starter.py": "", "test_kl.py": KL}
    )
    assert handed_in(tmp_path)["kl"].path == tmp_path / "kl_starter.py"
    assert handed_in(tmp_path)["kl"].note == "kl_starter (1).py beside it: not looked at"
    put(tmp_path, {"kl_starter (1).py": KL})
    assert handed_in(tmp_path)["kl"].note == ""


LYING: dict[str, tuple[dict[str, str], str]] = {
    "nothing": ({}, "there is no file kl_starter.py in class"),
    "two that differ": (
        {"kl_starter (1).py": KL, "kl_starter (2).py": KL + "\n"},
        "there is no file kl_starter.py in class; kl_starter (1).py and kl_starter (2).py could each be it, and "
        "differ: hand in one, named kl_starter.py",
    ),
    "a notebook": (
        {"Kl_Starter (1).ipynb": "{}"},
        "there is no file kl_starter.py in class; Kl_Starter (1).ipynb is a notebook: save it as kl_starter.py (in "
        "Jupyter: File, Save and Export Notebook As, Executable Script)",
    ),
    "other files": (
        {"a.py": "x = 1", "b.ipynb": "{}", "kl_starter.zip": "PK", "latent_starter.py": SOLUTION},
        "there is no file kl_starter.py in class; what lies there: a.py, b.ipynb, kl_starter.zip",
    ),
    "a helper of one function": (
        {"mine.py": "def kl_divergence(): ...\n"},
        "there is no file kl_starter.py in class; what lies there: mine.py",
    ),
}


@pytest.mark.parametrize("name", LYING)
def test_what_is_not_handed_in_is_a_state_of_its_own_that_says_what_lies_there(name: str, tmp_path: Path) -> None:
    files, said = LYING[name]
    (tmp_path / "class").mkdir()
    path = handed_in(put(tmp_path / "class", files))["kl"].path
    kl = next(e for e in exercises() if e.name == "kl")
    findings = [outcome.finding for outcome in grade(kl, path, whole_folder=True)]
    assert {finding.state for finding in findings} == {State.NOT_HANDED_IN}
    assert {finding.reason for finding in findings} == {said}


def test_files_that_are_the_same_are_one(tmp_path: Path) -> None:
    put(tmp_path, {"kl_starter (1).py": KL, "kl_starter (2).py": KL})
    assert handed_in(tmp_path)["kl"].note == "kl_starter (1).py was taken for kl_starter.py"


def test_the_course_in_a_folder_hands_nothing_over() -> None:
    found = handed_in(ROOT.parent)
    assert not any(ROOT in taken.path.parents for taken in found.values())


def test_a_single_file_is_known_by_its_name_as_well(tmp_path: Path, latent: Exercise) -> None:
    put(tmp_path, {"ada_Latent_Starter (3).py": "x = (\n"})
    assert exercise_for(tmp_path / "ada_Latent_Starter (3).py") == latent


def test_what_a_session_says(tmp_path: Path) -> None:
    place = put(tmp_path / "ada", {"kl_starter (1).py": KL, "Interpolation_starter.ipynb": "{}"})
    report = tmp_path / "report.json"
    words = ["-k", "4.5 or 6.1", "-p", "no:cacheprovider", f"--submission={place}", f"--report-json={report}"]
    command = [sys.executable, "-m", "pytest", "autograder", *words]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment(), check=False)
    lines = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    assert "kl_starter (1).py was taken for kl_starter.py" in lines
    assert "4.5 beta warm-up done 4 of 4" in lines
    assert "6.1 lerp not handed in 0 of 3" in lines
    said = " ".join(lines)
    assert "Missing there is no file interpolation_starter.py in ada; Interpolation_starter.ipynb is a notebook" in said
    assert ran.returncode == 1
    told = json.loads(report.read_text())
    assert "kl_starter (1).py was taken for kl_starter.py" in told["output"]
    assert [test["extra_data"]["state"] for test in told["tests"]] == ["done", "not handed in"]

    command[-2] = f"--submission={place / 'Interpolation_starter.ipynb'}"
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment(), check=False)
    assert "Interpolation_starter.ipynb is a notebook: save it as a .py file" in ran.stderr
    assert ran.returncode == 4


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_an_output_that_lacks_letters_keeps_its_lines(encoding: str, tmp_path: Path) -> None:
    place = put(
        tmp_path / "Zo\xeb \u5b66",
        {"kl_starter.py": KL.replace("    # todo 4.5", "    1 / 0  # \u03b2 \u2192 \u221e\n    # todo 4.5")},
    )
    words = ["-k", "4.5", "-p", "no:cacheprovider", f"--submission={place}", "--map", "--color=yes"]
    command = [sys.executable, "-m", "pytest", "autograder", *words]
    named = {**environment(), "PYTHONIOENCODING": encoding}
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, env=named, check=False)
    said = ran.stdout.decode(encoding)
    assert ran.returncode == 1, ran.stderr
    assert "\\n" not in said
    assert "\\x1b" not in said
    assert "ZeroDivisionError" in said
    assert ("\u03b2" in said) == (encoding == "utf-8")
    assert ("Zo\xeb" in said) == (encoding != "ascii")
