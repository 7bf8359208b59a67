"""Whatever a call of the grader says, in whatever order: nothing from the places that its options name is imported,
collected, or read as configuration. Each trap leaves its name in a file when its code runs in the grader's process.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.startup import OWN, pinned
from tests.autograder.submissions import ROOT, STARTER, clone, environment
from tests.autograder.users import MODES, NOBODY, command

MODULE = [sys.executable, "-m", "pytest"]
SCRIPT = [str(Path(sys.executable).with_name("pytest"))]
PLAIN = ["-p", "no:cacheprovider"]

TRAP = "with open({mark!r}, 'a') as file:\n    file.write(__file__ + '\\n')\n"
CODE = ("conftest.py", "test_trap.py", "tests/conftest.py", "tests/test_trap.py", "trap.py", "numpy.py", "pytest.py")
ADDOPTS = "addopts = -p trap\npythonpath = .\n"
CONFIGURATION = {
    "pytest.ini": f"[pytest]\n{ADDOPTS}",
    ".pytest.ini": f"[pytest]\n{ADDOPTS}",
    "pytest.toml": '[pytest]\naddopts = ["-p", "trap"]\npythonpath = ["."]\n',
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-p trap"\npythonpath = ["."]\n',
    "tox.ini": f"[pytest]\n{ADDOPTS}",
    "setup.cfg": f"[tool:pytest]\n{ADDOPTS}",
}


def trapped(folder: Path, mark: Path, configuration: Sequence[str]) -> Path:
    """A folder with an untouched starter, and a trap wherever pytest may look in it and in two folders above it."""
    (folder / "tests").mkdir(parents=True)
    for place in (folder.parent, folder.parent.parent):
        (place / "conftest.py").write_text(TRAP.format(mark=str(mark)))
    for file in CODE:
        (folder / file).write_text(TRAP.format(mark=str(mark)))
    for file in configuration:
        (folder / file).write_text(CONFIGURATION[file])
    (folder / "latent_starter.py").write_text(STARTER)
    return folder


HINT = re.compile(r"Hint \d of 3|You have seen all 3 hints")  # calls share the count


class Place:
    """A clone of the course, a class of hand-ins elsewhere, and the file in which traps leave their names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.course = clone(folder / "course")
        self.hand_ins = folder / "class"
        self.mark = folder / "ran"

    def hand_in(self, name: str, configuration: Sequence[str] = ("pytest.ini",)) -> Path:
        return trapped(self.hand_ins / name / "files", self.mark, configuration)

    def call(
        self, words: Sequence[str], start: Sequence[str] = MODULE, cwd: Path | None = None, env: Mapping[str, str] = {}
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*start, *words, *PLAIN], cwd=cwd or self.course, capture_output=True, text=True, timeout=120,
            env={**environment(), **env}, check=False,
        )  # fmt: skip

    def ran(self) -> list[str]:
        return self.mark.read_text().splitlines() if self.mark.exists() else []


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """In a folder that an ordinary user can get at."""
    with tempfile.TemporaryDirectory(prefix="latent-arguments-") as folder:
        os.chmod(folder, 0o755)
        (Path(folder) / "course").mkdir()
        yield Place(Path(folder))


def calls(place: Place, made: Path) -> dict[str, list[str]]:
    """Ways to name a hand-in, or a report in its folder, in a call that shows a hint: it starts as every call does."""
    report, relative = made / "report.json", os.path.relpath(made, place.course)
    link = made.parent / "link"
    link.symlink_to(made)
    many = made.parent / "arguments.txt"
    many.write_text(f"--submission\n{made}\nautograder\n")
    asked = {
        "last": ["autograder", "--submission", str(made)],
        "first": ["--submission", str(made), "autograder"],
        "last with =": ["autograder", f"--submission={made}"],
        "first with =": [f"--submission={made}", "autograder"],
        "relative, first": ["--submission", relative, "autograder"],
        "relative with =": [f"--submission={relative}", "autograder"],
        "through a link, first": ["--submission", str(link), "autograder"],
        "a file, first": ["--submission", str(made / "latent_starter.py"), "autograder"],
        "a report, first": ["--report-json", str(report), "autograder"],
        "a report, last": ["autograder", "--report-json", str(report)],
        "a report with =": [f"--report-json={report}", "autograder"],
        "a folder as report": ["--report-json", str(made), "autograder"],
        "both": ["--report-json", str(report), "--submission", str(made), "autograder"],
        "by its path": ["--submission", str(made), str(place.course / "autograder")],
        "one check": ["--submission", str(made), "autograder/test_latent.py::test_encode"],
        "other configuration": ["--submission", str(made), "-c", str(made / "pytest.ini"), "autograder"],
        "other root": ["--rootdir", str(made), "--confcutdir=/", "--submission", str(made), "autograder"],
        "from a file": [f"@{many}"],
    }
    return {name: [*words, "--hint", "1.1"] for name, words in asked.items()}


@pytest.mark.parametrize("start", [MODULE, SCRIPT], ids=["python -m pytest", "pytest"])
def test_no_spelling_and_no_order_of_options_runs_anything_of_a_hand_in(place: Place, start: list[str]) -> None:
    asked = calls(place, place.hand_in(f"spelling-{len(start)}"))
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(asked, pool.map(lambda words: place.call(words, start), asked.values()), strict=True))
    assert place.ran() == []
    assert {name: ran.stderr for name, ran in found.items() if not HINT.match(ran.stdout)} == {}


@pytest.mark.parametrize("file", CONFIGURATION)
def test_no_configuration_of_a_hand_in_is_read(place: Place, file: str) -> None:
    made = place.hand_in(f"configuration-{file}", [file])
    ran = place.call(["--submission", str(made), "autograder", "--hint", "1.1"], SCRIPT)
    assert place.ran() == []
    assert HINT.match(ran.stdout), ran.stderr


def test_a_working_directory_in_a_hand_in_changes_nothing(place: Place) -> None:
    made = place.hand_in("within")
    grader = str(place.course / "autograder")
    for start in (MODULE, SCRIPT):
        for words in (["--submission", ".", grader], [grader, "--submission=."], [grader, "--report-json", "r.json"]):
            ran = place.call([*words, "--hint", "1.1"], start, cwd=made)
            assert HINT.match(ran.stdout), ran.stderr
    assert place.ran() == []


def test_options_in_the_environment_are_options_too(place: Place) -> None:
    made = place.hand_in("environment")
    ran = place.call(["autograder", "--hint", "1.1"], SCRIPT, env={"PYTEST_ADDOPTS": f"--submission {made}"})
    assert HINT.match(ran.stdout), ran.stderr
    assert place.ran() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["autograder", "{made}"], "to grade what lies there: `pytest autograder --submission={made}`"),
        (["{made}", "autograder"], "expected no arguments but the grader and its options, found {made}"),
        (["autograder", "--sub", "{made}"], "there is no option --sub: did you mean --submission?"),
        (["--submision", "{made}", "autograder"], "there is no option --submision: did you mean --submission?"),
        (["autograder", "--report_json", "{made}"], "there is no option --report_json: did you mean --report-json?"),
        (["--submission", "{made}"], "--submission belongs to the grader: call `pytest autograder --submission ...`"),
        (["--report-json={made}/r.json"], "--report-json belongs to the grader"),
        (["autograder", "--submission", "{made}", "-n", "2"], "leave out -n and --tx"),
        (["--submission", "{made}", "-n2", "autograder"], "leave out -n and --tx"),
        (["autograder", "--tx", "2*popen", "--dist", "load", "--submission", "{made}"], "leave out -n and --tx"),
        (["autograder", "--trace"], "with --trace no check runs to its end, and nothing can be said: leave it out"),
        (["autograder", "-f", "--submission", "{made}"], "with --looponfail no check runs"),
        (["--noconftest", "autograder"], "with --noconftest no check runs"),
        (["autograder", "--submission"], "expected one argument"),
        (["autograder", "--submission", ""], "expected a path after --submission and --report-json, got an empty one"),
        (["autograder", "--submission", "autograder"], "lies inside the grader itself"),
        (["autograder", "--seed", "-1"], "expected a whole number from 0 to 4,294,967,295 after --seed, got '-1'"),
        (["autograder", "--seed", "x"], "4,294,967,295 after --seed, got 'x'"),
        (["autograder", "--report-json", "{made}"], "no report can be written to {made}: something that is no report"),
        (["autograder", "--report-json", "{made}/latent_starter.py/r.json"], "no report can be written to {made}/lat"),
        (["autograder", "--seed", "99999999999"], "expected a whole number"),
        (["autograder", "--time-limit", "0"], "expected a number of seconds above 0 after --time-limit, got '0'"),
        (["autograder", "--time-limit", "-5"], "expected a number of seconds above 0 after --time-limit, got '-5'"),
        (["autograder", "--time-limit", "nan"], "expected a number of seconds above 0 after --time-limit, got 'nan'"),
    ],
)
def test_what_is_no_call_of_the_grader_is_refused_before_anything_runs(
    place: Place, words: list[str], said: str
) -> None:
    made = place.hand_ins / "refused" / "files"
    if not made.exists():
        place.hand_in("refused")
    ran = place.call([word.format(made=made) for word in words], SCRIPT)
    assert said.format(made=made) in ran.stderr
    assert ran.returncode == 4
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.split()) < 60
    assert place.ran() == []


@pytest.mark.parametrize("mode", MODES)
def test_a_hand_in_full_of_traps_gets_what_its_answers_are_worth(place: Place, mode: str) -> None:
    made = place.hand_in(f"graded-{MODES.index(mode)}")
    report = place.folder / f"reports-{MODES.index(mode)}" / "report.json"
    report.parent.mkdir()
    if mode.startswith("ordinary") and os.getuid() == 0:
        os.chown(report.parent, NOBODY, NOBODY)
    words = ["--submission", str(made), str(place.course / "autograder"), "--report-json", str(report), *PLAIN]
    ran = place.call([], command(mode, [*MODULE, *words]), cwd=ROOT)
    assert place.ran() == []
    assert ran.returncode == 1, ran.stderr
    assert "0 of 20 points" in ran.stdout
    assert ran.stdout.count("not started") == 4
    told = json.loads(report.read_text())
    assert (told["score"], len(told["tests"])) == (0, 4)
    assert {path.name for path in report.parent.iterdir()} == {"report.json"}


def test_the_watcher_runs_nothing_beside_an_answer(place: Place) -> None:
    made = place.hand_in("watched")
    watch = str(Path(sys.executable).with_name("latent-course"))
    process = subprocess.Popen(
        [watch, "watch", "--exercises", "."],
        cwd=made,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env={**environment(), "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    said = next((line for line in process.stdout if "Next: " in line), "")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert "Next: 1.1 encode" in said
    assert place.ran() == []


def test_a_trap_goes_off_where_pytest_is_asked_to_look_at_it(place: Place) -> None:
    """What this file shows is worth something only if these traps work."""
    mark = place.folder / "went off"
    made = trapped(place.folder / "live" / "collected" / "files", mark, ["pytest.ini"])
    for file in ("pytest.py", "numpy.py"):  # these take the place of the real ones
        (made / file).unlink()
    place.call([str(made)], SCRIPT, cwd=made)
    assert {Path(line).name for line in mark.read_text().splitlines()} == {"conftest.py", "test_trap.py", "trap.py"}


WORDS = st.lists(
    st.one_of(
        st.text(max_size=20), st.sampled_from(["--submission", "--report-json=x", "-c", "--", "-k", "@x", "/tmp", "."])
    ),
    max_size=8,
)


@given(WORDS, WORDS)
def test_the_course_has_the_last_word_about_its_configuration(before: list[str], after: list[str]) -> None:
    words = [*before, str(OWN), *after]
    found = pinned(words, Path("/"))
    if "--" in before:
        return
    assert found is not None
    cut = found.index("--") if "--" in found else len(found)
    last = [
        "-c",
        str(OWN.parent / "pyproject.toml"),
        f"--rootdir={OWN.parent}",
        f"--confcutdir={OWN.parent}",
        "-p",
        "no:hypothesispytest",
    ]
    assert found[:cut][-len(last) :] == last
    assert [*found[: cut - len(last)], *found[cut:]] == words
    assert pinned(found, Path("/")) == found


@given(WORDS)
def test_other_calls_of_pytest_are_left_alone(words: list[str]) -> None:
    ours = any(word.split("=")[0] in ("--submission", "--report-json") for word in words)
    assert (pinned(words, Path("/")) is None) == (not ours)
