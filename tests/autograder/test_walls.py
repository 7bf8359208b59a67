"""What a worker cannot do to the grader, its machine and later submissions: hostile files, graded by the real engine.

Each file runs as whoever runs the tests, as an ordinary user, and as both where no namespaces can be made.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from autograder.engine.walls import files, landlock, seccomp
from autograder.engine.worker_client.worker import Worker
from tests.autograder.attacks import ENDLESS, NEEDS, SAID
from tests.autograder.submissions import ROOT, load
from tests.autograder.users import MODES, folder_for_all, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's; `doctor` says so elsewhere")

Runs = dict[tuple[str, str], Future[Any]]
BLIND = """
import functools
from autograder.engine.worker_client import worker
from autograder.engine.walls.sandbox import Plan
worker.Plan = functools.partial(Plan, without=({}))
from autograder.doctor import doctor
doctor([])
"""


def run_attacks(mode: str, folder: Path, without: str, *names: str) -> dict[str, Any]:
    ran = run(mode, folder, "-m", "tests.autograder.attack_runner", str(folder), without, *names)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def _attacked(mode: str, without: str, names: list[str]) -> dict[str, Any]:
    with folder_for_all() as folder:
        return run_attacks(mode, folder, without, *names)


def _asked(mode: str, *options: str) -> subprocess.CompletedProcess[str]:
    with folder_for_all() as folder:
        return run(mode, folder, *options)


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    """All graders of this file, side by side: they wait for one deadline after another."""
    doctor = ("-m", "course.cli", "doctor")
    with ThreadPoolExecutor(4) as pool:
        started: Runs = {}
        for mode in MODES:
            names = [name for name in SAID if mode == MODES[0] or name not in ENDLESS]
            started["attacks", mode] = pool.submit(_attacked, mode, "", names)
        for walls, attacks in NEEDS.items():
            without = f"{walls},namespaces,space,user,privileges,refusal"
            started["without", walls] = pool.submit(_attacked, MODES[0], without, list(attacks))
        for mode in MODES:
            started["doctor", mode] = pool.submit(_asked, mode, *doctor, "--json")
        started["doctor", "words"] = pool.submit(_asked, MODES[0], *doctor)
        started["doctor", "blind"] = pool.submit(_asked, MODES[0], "-c", BLIND.format("'files', 'refusal'"))
        started["doctor", "refused"] = pool.submit(_asked, MODES[3], "-c", BLIND.format("'calls',"))
        yield started


@pytest.mark.parametrize("mode", MODES)
def test_no_attack_gets_through_and_honest_parts_keep_their_verdict(mode: str, runs: Runs) -> None:
    got = runs["attacks", mode].result()
    assert (got["user"] == os.getuid()) == (mode.startswith("as we are") or os.getuid() != 0)
    for name, verdict in got["found"].items():
        assert verdict["states"] == ["done", "done", "wrong"], (name, verdict)
        assert "GOT THROUGH" not in verdict["got"], name
        assert re.search(SAID[name], verdict["got"]), (name, verdict["got"])


@pytest.mark.parametrize("mode", MODES)
def test_nothing_is_left_behind(mode: str, runs: Runs) -> None:
    got = runs["attacks", mode].result()
    assert got["workers"] == []
    assert got["left"] == []
    assert got["descriptors"] == 0
    assert got["connected"] is False
    assert {tuple(verdict["left"]) for verdict in got["found"].values()} == {("latent_starter.py",)}
    assert not Path("/dev/shm/latent-left").exists()


@pytest.mark.parametrize("walls", NEEDS)
def test_an_attack_gets_through_where_its_wall_is_left_out(walls: str, runs: Runs) -> None:
    for name, verdict in runs["without", walls].result()["found"].items():
        assert "GOT THROUGH" in verdict["got"], (name, verdict)


@pytest.mark.parametrize("mode", MODES)
def test_doctor_says_what_holds_here(mode: str, runs: Runs) -> None:
    ran = runs["doctor", mode].result()
    assert ran.stderr == ""
    said = json.loads(ran.stdout)
    missing = {wall["name"]: wall["why"] for wall in said["walls"] if not wall["holds"]}
    assert ran.returncode == 0, missing
    assert said["holds"] is True
    assert set(missing) <= {"namespaces"}, "with this kernel all base walls hold"
    if "no namespaces" in mode:
        assert "not permitted" in missing["namespaces"]


def test_doctor_in_words_and_where_a_wall_is_missing(runs: Runs) -> None:
    whole, blind = runs["doctor", "words"].result(), runs["doctor", "blind"].result()
    assert whole.returncode == 0
    assert "holds    reading" in whole.stdout
    assert f"Landlock version {landlock.abi()}. The base walls hold." in whole.stdout
    assert blind.returncode == 1
    assert re.search(r"missing  reading .*\(left out\)", blind.stdout)
    assert "Grade only code of people whom you trust" in blind.stdout


def test_doctor_where_no_worker_starts(runs: Runs) -> None:
    ran = runs["doctor", "refused"].result()
    assert (ran.returncode, ran.stderr) == (1, "")
    assert re.search(r"missing  worker .*the worker did not start: .*calls \(left out\)", ran.stdout)
    assert re.search(r"missing  reading .*\(no worker starts\)", ran.stdout)
    assert "Grade only code of people whom you trust" in ran.stdout


def test_the_filter_of_a_processor_that_is_not_known_is_refused() -> None:
    with pytest.raises(OSError, match="riscv64"):
        seccomp.program("riscv64", signals=False)
    assert len(seccomp.program("aarch64", signals=True)) % 8 == 0


def test_of_the_project_only_what_starters_use_may_be_read(tmp_path: Path) -> None:
    readable = [path for path, rights in files.grants(tmp_path) if rights & landlock.READ_FILE]
    answers = [f"course/{name}.py" for name in ("latent", "objectives", "models", "figures/latent_spaces")]
    for name in ("solutions", "autograder", "tests", "docs", "exercises", ".git", "course/__pycache__", *answers):
        assert not any((ROOT / name).is_relative_to(path) for path in readable), name
    for name in ("course/patterns.py", "course/weights/lines64.safetensors", "course/figures/style.py"):
        assert any((ROOT / name).is_relative_to(path) for path in readable), name


def test_all_that_a_starter_loads_of_the_course_may_be_read_and_no_other_module() -> None:
    """In a process of its own: which modules these import changes as the course does."""
    script = (
        "import sys, course\nfrom course import attempt, checkpoints, figures, patterns\n"
        "checkpoints.starter_weights('lines64')\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.split('.')[0] == 'course'), sep='\\n')"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {Path(file).relative_to(files.COURSE).as_posix() for file in ran.stdout.splitlines()}
    assert loaded == {name for name in files.STARTERS_USE if name.endswith(".py")}


def test_the_answers_in_the_course_are_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from course.latent import lerp\n")
    worker = Worker()
    reply = load(worker, tmp_path / "a.py")
    worker.close()
    assert reply["problem"]["type"] == "PermissionError"
    assert "the rest holds answers" in reply["problem"]["note"]


def test_where_landlock_cannot_scope_signals_the_filter_refuses_them() -> None:
    script = (
        "import os\nfrom autograder.engine.walls import privileges, seccomp\n"
        "privileges.no_new_privileges()\nseccomp.forbid(signals=True)\n"
        "try:\n    os.kill(os.getppid(), 0)\nexcept PermissionError:\n    os._exit(7)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=60)
    assert ran.returncode == 7


def test_matplotlib_torch_and_threads_work_inside(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "import matplotlib.pyplot as plt, torch, threading, multiprocessing\n"
        "plt.plot([1, 2]); plt.savefig('x.png')\n"
        "torch.nn.Linear(9, 9)(torch.randn(3, 9)).sum().backward()\n"
        "torch.save({'a': 1}, 'm.pt'); torch.load('m.pt')\n"
        "thread = threading.Thread(target=torch.randn, args=(9,)); thread.start(); thread.join()\n"
        "from course import checkpoints, figures\n"
    )
    worker = Worker()
    reply = load(worker, tmp_path / "a.py")
    worker.close()
    assert "problem" not in reply, reply
