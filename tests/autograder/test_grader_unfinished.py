"""What did not run to its end counts for nothing, however a session ends: in the terminal and in the report alike."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.autograder.submissions import ROOT, SOLUTION, clone, environment, solution_with
from tests.autograder.users import MODES, NOBODY, command

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are ended by signals")

HALF = solution_with(  # right, but the second check of 1.1, which asks for gradients, never ends
    {
        "1.1": """
        while x.requires_grad:
            pass
        h = torch.relu(self.encoder_fc2(torch.relu(self.encoder_fc1(x))))
        return self.fc_mu(h)
        """
    }
)
ZEROS = solution_with({"1.1": "return 0 * self.fc_mu(torch.relu(self.encoder_fc2(torch.relu(self.encoder_fc1(x)))))"})
IMPORTED = 4  # seconds of processor time of all workers: more than they take to come up
PLAIN = ["-p", "no:cacheprovider", "--time-limit", "100"]


class Place:
    """A clone of the course with three hand-ins, and a folder for reports that an ordinary user can write to."""

    def __init__(self, folder: Path) -> None:
        self.course = clone(folder)
        for name, text in {"half": HALF, "zeros": ZEROS, "solved": SOLUTION}.items():
            (self.course / f"{name}.py").write_text(text)
        self.reports = folder / "reports"
        self.reports.mkdir()
        os.chmod(self.reports, 0o777)

    def start(self, name: str, *words: str, mode: str = MODES[0]) -> subprocess.Popen[str]:
        report = self.reports / f"{name}-{len(list(self.reports.iterdir()))}.json"
        report.write_text(json.dumps({"score": 20, "tests": []}, indent=2))  # of an earlier run
        os.chmod(report, 0o666)
        grader = ["autograder"] if mode == MODES[0] else [str(self.course / "autograder")]
        program = [sys.executable, "-m", "pytest", *grader, *PLAIN]
        program += ["--submission", str(self.course / f"{name}.py"), "--report-json", str(report), *words]
        if mode.startswith("ordinary") and os.getuid() == 0:
            os.chown(report, NOBODY, NOBODY)
        made = subprocess.Popen(
            command(mode, program),
            cwd=self.course if mode == MODES[0] else ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        self.reported = report
        return made

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.reported.read_text(encoding="utf-8"))
        return found

    def hang(self, mode: str = MODES[0]) -> subprocess.Popen[str]:
        """A grader whose submission hangs in the second check of 1.1."""
        grader = self.start("half", mode=mode)
        deadline = time.monotonic() + 60
        while _seconds(grader.pid) < IMPORTED:
            assert time.monotonic() < deadline
            assert grader.poll() is None, grader.communicate()
            time.sleep(0.1)
        return grader


def _descendants(pid: int) -> list[int]:
    """All processes that a process started, and those that these started."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(number) for task in tasks for number in (task / "children").read_text().split()]
    except OSError:
        return []
    return [*children, *(below for child in children for below in _descendants(child))]


def _end_soon(processes: Sequence[int]) -> bool:
    """Whether these processes end, but for what the system still has to note about them."""
    deadline = time.monotonic() + 10
    while any(_runs(pid) for pid in processes) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(_runs(pid) for pid in processes)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _seconds(pid: int) -> float:
    """Seconds of processor time of a process's descendants: a worker that hangs uses them."""
    total = 0
    for below in _descendants(pid):
        try:
            total += int(Path(f"/proc/{below}/stat").read_text().rpartition(")")[2].split()[11])
        except OSError:
            continue
    return total / os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="latent-unfinished-") as folder:
        os.chmod(folder, 0o755)
        yield Place(Path(folder))


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def nothing_was_checked(told: dict[str, Any]) -> bool:
    states = [(test["score"], test["status"], test["extra_data"]["state"]) for test in told["tests"]]
    return told["score"] == 0 and states == [(0, "failed", "not checked")] * 4


@pytest.mark.parametrize(
    ("sent", "mode"),
    [*((name, MODES[0]) for name in ("SIGINT", "SIGTERM", "SIGHUP")), ("SIGTERM", MODES[2]), ("SIGINT", MODES[3])],
)
def test_a_session_that_is_told_to_end_gives_no_points_for_half_a_part(place: Place, sent: str, mode: str) -> None:
    grader = place.hang(mode)
    workers = _descendants(grader.pid)
    grader.send_signal(signal.Signals[sent])
    said, errors = grader.communicate(timeout=60)
    assert grader.returncode == 2
    assert "1.1 encode not checked 0 of 5" in lines(said)
    assert "3 parts were not checked at all" in lines(said)
    assert "0 of 20 points" in lines(said)
    assert errors == ""
    assert nothing_was_checked(place.told())
    assert "The checks of 4 of 4 parts did not all run to the end." in place.told()["output"]
    assert workers
    assert _end_soon(workers)


def test_a_killed_session_leaves_no_points_of_an_earlier_one(place: Place) -> None:
    grader = place.hang()
    grader.kill()
    grader.communicate(timeout=60)
    assert nothing_was_checked(place.told())


@pytest.mark.parametrize(
    ("words", "unfinished"),
    [
        (["-k", "gradient"], {"1.1": "1 of its 2", "1.2": "1 of its 2", "1.3": "1 of its 2"}),
        (["--deselect", "autograder/test_latent.py::test_encode_gradients"], {"1.1": "1 of its 2"}),
        (["--setup-plan", "-k", "decode"], {"1.2": "0 of its 2"}),
        (["--setup-only", "-k", "decode"], {"1.2": "0 of its 2"}),
    ],
)
def test_a_part_of_which_a_check_was_left_out_is_not_done(
    place: Place, words: list[str], unfinished: dict[str, str]
) -> None:
    said, _ = (grader := place.start("solved", *words, "-v")).communicate(timeout=120)
    told = {test["number"]: test for test in place.told()["tests"]}
    for number, share in unfinished.items():
        assert (told[number]["score"], told[number]["extra_data"]["state"]) == (0, "not checked")
        assert f"{share} checks ran to the end" in " ".join(told[number]["output"].split())
        assert f"{share} checks ran to the end" in " ".join(said.split())
    done = [test for number, test in told.items() if number not in unfinished]
    assert all(test["score"] == test["max_score"] for test in done)
    assert place.told()["score"] == sum(test["max_score"] for test in done)
    assert grader.returncode == 1


def test_one_check_alone_gives_nothing_to_zeros_and_nothing_to_right_answers(place: Place) -> None:
    for name in ("zeros", "solved"):
        said, _ = (grader := place.start(name, "-k", "encode_gradients")).communicate(timeout=120)
        assert "0 of 5 points" in said
        assert grader.returncode == 1
        assert place.told()["score"] == 0


@pytest.mark.parametrize("words", [["-x"], ["--maxfail=1"], ["--exitfirst", "-q"]])
def test_stopping_at_the_first_leaves_the_others_unchecked(place: Place, words: list[str]) -> None:
    said, _ = (grader := place.start("zeros", *words)).communicate(timeout=120)
    states = [test["extra_data"]["state"] for test in place.told()["tests"]]
    assert states == ["wrong", "not checked", "not checked", "not checked"]
    assert "0 of 20 points" in said
    assert grader.returncode == 1


def test_a_whole_run_is_worth_the_same_with_these_options(place: Place) -> None:
    said, _ = (grader := place.start("solved", "-x", "--maxfail=1", "-k", "latent")).communicate(timeout=120)
    assert "20 of 20 points" in said
    assert grader.returncode == 0
    assert place.told()["score"] == 20


def test_a_closed_pipe_ends_the_session_and_what_was_not_checked_gives_nothing(place: Place) -> None:
    grader = place.start("solved")
    assert grader.stdout is not None
    assert grader.stderr is not None
    assert grader.stdout.readline().startswith("Latent spaces")
    grader.stdout.close()
    assert grader.stderr.read() == ""
    assert grader.wait(60) == 2
    grader.stderr.close()
    told = place.told()
    states = [test["extra_data"]["state"] for test in told["tests"]]
    assert states[-1] == "not checked"
    assert set(states) <= {"done", "not checked"}
    assert told["score"] == sum(t["max_score"] for t in told["tests"] if t["extra_data"]["state"] == "done") < 20


@pytest.mark.parametrize("what", ["folder", "notes.txt", "latent_starter.py", "link"])
def test_a_report_takes_the_place_of_nothing_but_a_report(place: Place, what: str) -> None:
    target = place.reports.parent / "precious" / what
    target.parent.mkdir(exist_ok=True)
    if what == "folder":
        target.mkdir()
    elif what == "link":
        target.symlink_to("/dev/null")
    elif not target.exists():
        target.write_text("mine\n")
    program = [
        sys.executable,
        "-m",
        "pytest",
        "autograder",
        *PLAIN,
        "--submission=solved.py",
        "--report-json",
        str(target),
    ]
    ran = subprocess.run(program, cwd=place.course, capture_output=True, text=True, timeout=60, env=environment())
    assert f"no report can be written to {target}: something that is no report is there" in " ".join(ran.stderr.split())
    assert "points" not in ran.stdout
    assert ran.returncode == 4
    assert "Traceback" not in ran.stderr
    assert what != "notes.txt" or target.read_text() == "mine\n"
    assert what != "link" or target.readlink() == Path("/dev/null")
