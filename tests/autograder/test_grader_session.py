"""`pytest autograder` as a student meets it: whole sessions, each in a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.autograder.submissions import PARTS, SOLUTION, clone, environment, solution_with, stub

SLIP = solution_with({"1.2": "return self.decoder_out(torch.relu(self.decoder_fc2(torch.relu(self.decoder_fc1(z)))))"})

Ran = subprocess.CompletedProcess[str]


def run(project: Path, *arguments: str) -> Ran:
    """One session in a copy of the project, as in a fresh clone."""
    command = [sys.executable, "-m", "pytest", "autograder", *arguments]
    ran = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=170, env=environment())
    assert "Traceback" not in ran.stdout + ran.stderr
    assert ran.stderr == ""
    return ran


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = clone(tmp_path_factory.mktemp("clone"))
    for name, text in {"slip": SLIP, "solved": SOLUTION}.items():
        (made / name).mkdir()
        (made / name / "latent_starter.py").write_text(text)
    (made / "handed_in.py").write_text(solution_with({"1.1": "return self.fc_mu(x)", "1.4": stub("1.4")}))
    return made


@pytest.fixture(scope="module")
def sessions(project: Path) -> dict[str, Ran]:
    """The sessions that do not depend on one another, two at a time."""
    asked = {
        "fresh": ["--report-json", "fresh.json", "-p", "no:cacheprovider"],
        "solved": ["--submission", "solved", "--report-json", "solved.json", "-v", "-p", "no:cacheprovider"],
        "slip": ["--submission", "slip", "--report-json", "slip.json", "--seed", "5", "-p", "no:cacheprovider"],
        "file": ["--submission", "handed_in.py", "-v", "-p", "no:cacheprovider"],
        "chosen": ["-k", "latent and walk", "--submission", "slip", "--color=yes", "-p", "no:cacheprovider"],
        "quiet": ["-q", "-x", "-p", "no:cacheprovider"],
        "number": ["-k", "1.4 or 1.2", "--submission", "slip", "-p", "no:cacheprovider"],
        "lesson": ["-k", "latent_spaces", "-p", "no:cacheprovider"],
        "none": ["-k", "latnet_spaces", "-p", "no:cacheprovider"],
        "absent": ["--submission", "absent", "-p", "no:cacheprovider"],
    }
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(asked, pool.map(lambda item: _quietly(project, item), asked.values()), strict=True))


def _quietly(project: Path, arguments: list[str]) -> Ran:
    command = [sys.executable, "-m", "pytest", "autograder", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=170, env=environment())


def lines(ran: Ran) -> list[str]:
    return [" ".join(line.split()) for line in ran.stdout.splitlines()]


def test_a_fresh_clone(sessions: dict[str, Ran]) -> None:
    ran = sessions["fresh"]
    assert ran.returncode == 1
    assert lines(ran)[:7] == [
        "Latent spaces: exercises/latent_starter.py",
        "1.1 encode not started 0 of 5",
        "1.2 decode not started 0 of 5",
        "1.3 interpolate not started 0 of 6",
        "1.4 latent walk (challenge) not started 0 of 4",
        "",
        "0 of 20 points",
    ]
    assert "Next: 1.1 encode" in ran.stdout
    assert ran.stdout.count("Next: ") == 1
    assert "Hint pytest autograder --hint 1.1" in lines(ran)
    for noise in ("Traceback", "Error", "FAILED", "rootdir", "===", "Captured", "\x1b"):
        assert noise not in ran.stdout + ran.stderr


def test_the_solution(sessions: dict[str, Ran]) -> None:
    ran = sessions["solved"]
    assert ran.returncode == 0
    assert "20 of 20 points" in ran.stdout
    assert ran.stdout.count(" done ") == 4
    assert "Next" not in ran.stdout
    assert re.search(r"--seed \d+", ran.stdout)


def test_a_slip_is_explained(sessions: dict[str, Ran]) -> None:
    ran = sessions["slip"]
    assert ran.returncode == 1
    assert "15 of 20 points" in ran.stdout
    said = ran.stdout.partition("Next: 1.2 decode")[2]
    for label in ("Expected", "Got", "Mistake   no sigmoid", "Question", "Lesson", "Hint"):
        assert label in said
    assert "lesson.html#the-decoder" in said
    assert said.endswith("\nAdd -v to see which check decided, and on which input.\n")
    assert "Check " not in said
    assert "Add -v" not in sessions["fresh"].stdout, "nothing is wrong there"


def test_who_decided_is_said_where_more_is_asked_for(sessions: dict[str, Ran]) -> None:
    said = " ".join(sessions["file"].stdout.split())
    assert re.search(r'Check test_latent\.py::test_encode, probe "[^"]+" \(autograder/test_latent\.py:\d+\)', said)
    assert "Add -v" not in said


def test_one_file_under_another_name_and_all_messages(sessions: dict[str, Ran]) -> None:
    ran = sessions["file"]
    assert ran.returncode == 1
    assert "Next: 1.1 encode" in ran.stdout
    assert "RuntimeError: mat1 and mat2 shapes cannot be multiplied" in " ".join(ran.stdout.split())
    assert "\n1.4 latent walk (challenge)\n" in ran.stdout, "-v says something about every part that is not done"


def test_checks_can_be_chosen(sessions: dict[str, Ran]) -> None:
    chosen, none = sessions["chosen"], sessions["none"]
    assert chosen.returncode == 0
    assert "4 of 4 points" in chosen.stdout
    assert "\x1b[32m" in chosen.stdout
    assert lines(sessions["number"])[1:4] == ["1.2 decode wrong 0 of 5", "1.4 latent walk (challenge) done 4 of 4", ""]
    assert "0 of 20 points" in sessions["lesson"].stdout
    assert none.returncode == 5
    assert " ".join(lines(none)) == (
        "No check was run: -k latnet_spaces chooses none; did you mean latent_spaces? -k takes the number of a part, "
        "such as 1.1, or a name: latent, latent_spaces."
    )


def test_quiet_and_stopping_at_the_first(sessions: dict[str, Ran]) -> None:
    ran = sessions["quiet"]
    assert ran.returncode == 1
    assert ran.stdout.split("\n") == ["", "0 of 20 points", "", "Next: 1.1 encode", ""]


def test_a_wrong_path_is_a_usage_error(sessions: dict[str, Ran]) -> None:
    ran = sessions["absent"]
    assert ran.returncode == 4
    assert "there is nothing at" in ran.stderr


def test_the_report_for_gradescope(sessions: dict[str, Ran], project: Path) -> None:
    assert sessions
    slip = json.loads((project / "slip.json").read_text())
    assert set(slip) == {"score", "execution_time", "output", "output_format", "tests", "extra_data"}
    assert slip["score"] == 15
    assert slip["extra_data"] == {"seed": 5, "grader": "0.1.0"}
    assert slip["execution_time"] > 0
    assert [test["number"] for test in slip["tests"]] == list(PARTS)
    for test in slip["tests"]:
        wrong = test["number"] == "1.2"
        assert set(test) == {
            *("name", "number", "score", "max_score", "status", "output", "output_format", "extra_data")
        }
        assert test["status"] == ("failed" if wrong else "passed")
        assert test["score"] == (0 if wrong else test["max_score"])
        about = test["extra_data"]
        if not wrong:
            assert about == {"state": "done", "misconception": None}
            continue
        assert (about["state"], about["misconception"]) == ("wrong", "no sigmoid")
        assert (about["check"], about["file"]) == ("test_decode", "autograder/test_latent.py")
        assert about["probe"].startswith("SimpleVAE.decode 0: z (")
        assert "agree(" in (project / about["file"]).read_text().splitlines()[about["line"] - 1]
        assert re.fullmatch(r"autograder/misconceptions/latent\.py:\d+", about["named_in"])
    assert json.loads((project / "solved.json").read_text())["score"] == 20
    assert json.loads((project / "fresh.json").read_text())["score"] == 0
    assert not list(project.glob(".*.json*")), "no half-written report is left"


def test_last_failed_and_a_seed_that_repeats(project: Path, sessions: dict[str, Ran]) -> None:
    first = run(project, "--submission", "slip", "--seed", "5")
    assert first.stdout == sessions["slip"].stdout
    again = run(project, "--submission", "slip", "--lf", "--seed", "5")
    assert "0 of 5 points" in again.stdout
    assert "1.2  decode" in again.stdout
    assert "encode  " not in again.stdout


@pytest.mark.skipif(os.name != "posix", reason="interrupts are sent otherwise elsewhere")
def test_an_interrupt_stops_everything(project: Path) -> None:
    (project / "endless.py").write_text(solution_with({"1.2": "while True:\n    pass"}))
    command = [sys.executable, "-m", "pytest", "autograder", "--submission", "endless.py", "-p", "no:cacheprovider"]
    grader = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True, env=environment())
    assert grader.stdout is not None
    while "1.1" not in grader.stdout.readline():
        assert grader.poll() is None
    workers = Path(f"/proc/{grader.pid}/task/{grader.pid}/children").read_text().split()
    grader.send_signal(signal.SIGINT)
    rest = grader.stdout.read()
    grader.stdout.close()
    assert grader.wait(30) == 2
    assert "Stopped." in rest
    assert "Traceback" not in rest
    assert "KeyboardInterrupt" not in rest
    assert workers
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def test_the_ladder_of_hints(project: Path) -> None:
    said = [run(project, "--hint", "1.2").stdout for _ in range(5)]
    assert [text.partition("\n")[0] for text in said[:3]] == [f"Hint {n} of 3 for 1.2 decode" for n in (1, 2, 3)]
    assert "You have seen all 3 hints" in " ".join(said[3].split())
    assert said[3] == said[4]
    assert "lesson.html#the-decoder" in said[3]
    assert run(project, "--hint", "1.1").stdout.startswith("Hint 1 of 3 for 1.1")
    (project / "solutions").rename(project / "kept back")
    try:
        assert run(project, "--hint", "1.1").stdout.startswith("Hint 2 of 3 for 1.1")
        graded = _quietly(project, [])
    finally:
        (project / "kept back").rename(project / "solutions")
    assert (graded.returncode, graded.stdout) == (4, "")
    assert graded.stderr.startswith("ERROR: expected the solutions, with which the grader compares, got none in ")
    assert len(graded.stderr.splitlines()) == 2
    wrong = _quietly(project, ["--hint", "9.9"])
    assert wrong.returncode == 4
    assert "the parts are 1.1, 1.2, 1.3, 1.4" in wrong.stderr
