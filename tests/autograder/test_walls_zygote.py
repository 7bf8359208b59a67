"""Workers are forked, never lost by the grader's fault, and leave nothing behind, however many there are."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.engine.answering.oracle import Oracle
from autograder.engine.answering.submission import Submission
from autograder.engine.calls import Call
from autograder.engine.catalogue import Exercise
from autograder.engine.grading.grade import grade
from autograder.engine.worker_client.forked import Forked
from autograder.engine.worker_client.limits import Limits, NotStarted
from autograder.engine.worker_client.worker import Worker
from tests.autograder.submissions import ROOT, SOLUTION, load, solution_with, states

SLOW = """
import time
time.sleep(1.5)
h = torch.relu(self.decoder_fc2(torch.relu(self.decoder_fc1(z))))
return torch.sigmoid(self.decoder_out(h))
"""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no worker is forked")


def test_a_zygote_holds_no_solution_and_no_mistake(tmp_path: Path, oracle: Oracle) -> None:
    """Also not after a reference was loaded: that one is in a worker of its own."""
    oracle.mistakes("1.3")
    (tmp_path / "a.py").write_text(
        "import sys, gc\n"
        "names = [n for n in sys.modules if 'solution' in n or 'misconception' in n]\n"
        "assert not names, names\n"
        "texts = [o for o in gc.get_objects() if isinstance(o, dict) and 'latent_solution' in str(o.get('__file__'))]\n"
        "assert not texts\n"
    )
    worker = Worker()
    reply = load(worker, tmp_path / "a.py")
    worker.close()
    assert "problem" not in reply


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="an ordinary user's workers are that user")
def test_workers_of_root_are_apart_from_each_other_and_from_the_zygote() -> None:
    workers = [Worker() for _ in range(3)]
    try:
        for worker in workers:
            worker.wait_until_ready()
        about = [Path(f"/proc/{worker.pid}/status").read_text() for worker in workers]
        assert len({line for text in about for line in text.splitlines() if line.startswith("Uid:")}) == 3
        assert Forked._shared is not None
        zygote = Path(f"/proc/{Forked._shared.pid}/ns")
        assert os.readlink(zygote / "pid_for_children") == os.readlink(zygote / "pid")
        places = {os.readlink(f"/proc/{worker.pid}/ns/pid") for worker in workers} - {os.readlink(zygote / "pid")}
        assert len(places) == (0 if workers[0].walls["namespaces"] else 3), "each is in a namespace of its own"
    finally:
        for worker in workers:
            worker.close()


def test_a_lost_zygote_is_no_fault_of_the_student(latent: Exercise, tmp_path: Path) -> None:
    path = tmp_path / latent.starter
    path.write_text(solution_with({"1.2": SLOW}))
    submission = Submission(latent, path, Limits())
    layers = ("decoder_fc1", "decoder_fc2", "decoder_out")
    call = Call("SimpleVAE.decode", (np.ones((2, 3)),), layers={n: (np.ones((3, 3)), np.ones(3)) for n in layers})
    submission.start()
    assert submission.file.worker is not None
    submission.file.worker.wait_until_ready()
    assert Forked._shared is not None
    first = Forked._shared
    threading.Timer(0.8, lambda: os.kill(first.pid, 9)).start()
    answer = submission.ask(call)
    submission.close()
    assert not answer.error
    assert Forked._shared is not first


def test_a_zygote_that_dies_twice_is_the_graders_fault(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    worker = Worker()
    worker.wait_until_ready()
    assert Forked._shared is not None
    pid = worker.pid
    os.kill(Forked._shared.pid, 9)
    while _runs(pid):
        time.sleep(0.01)
    with pytest.raises(NotStarted, match="lost"):
        load(worker, tmp_path / "a.py")
    assert not worker.home.exists()


def test_a_killed_grader_leaves_neither_zygote_nor_workers(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass\n")
    script = (
        "import threading, time\nfrom pathlib import Path\n"
        "from autograder.engine.worker_client.worker import Worker\n"
        "from autograder.engine.worker_client.forked import Forked\n"
        "from autograder.engine.staging.own import own_files\n"
        "workers = [Worker() for _ in range(3)]\n"
        "[w.wait_until_ready() for w in workers]\n"
        f"ask = own_files(Path({str(tmp_path / 'a.py')!r})).request({{}})\n"
        "[threading.Thread(target=w.ask, args=(*ask, 60), daemon=True).start() for w in workers]\n"
        "time.sleep(0.5)\n"
        "print(Forked._shared.pid, *[w.pid for w in workers], flush=True)\ntime.sleep(60)\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    grader = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment
    )
    assert grader.stdout is not None
    pids = [int(pid) for pid in grader.stdout.readline().split()]
    assert len(pids) == 4
    family = {*pids, *(child for pid in pids for child in _children(pid))}
    grader.kill()
    grader.wait()
    grader.stdout.close()
    deadline = time.monotonic() + 10
    while any(map(_runs, family)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_runs, family))


def test_a_fork_of_the_grader_has_a_zygote_of_its_own() -> None:
    script = (
        "import os\nfrom autograder.engine.worker_client.forked import Forked\n"
        "from autograder.engine.worker_client.worker import Worker\n"
        "w = Worker()\nw.wait_until_ready()\nmine = Forked._shared.pid\n"
        "pid = os.fork()\n"
        "if not pid:\n"
        "    v = Worker(); v.wait_until_ready(); v.close(); other = Forked._shared.pid; Forked.shut()\n"
        "    os._exit(0 if other != mine else 1)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0\n"
        "assert Forked._shared.pid == mine and Forked._shared.lives()\nw.close()\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=120)


def test_fresh_processes_give_the_same_verdicts(
    latent: Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_COURSE_WORKERS", "fresh")
    path = tmp_path / latent.starter
    path.write_text(solution_with({"1.3": "open('/etc/passwd')"}))
    outcomes = {outcome.part.number: outcome for outcome in grade(latent, path)}
    assert states(outcomes)[:3] == ["done", "done", "blocked"]
    assert "PermissionError" in outcomes["1.3"].finding.reason, "the walls stand around a fresh process as well"


def test_two_hundred_gradings_leave_nothing(
    latent: Exercise, oracle: Oracle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / latent.starter
    path.write_text(SOLUTION)
    homes = tmp_path / "homes"
    homes.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(homes))
    grade(latent, path, parts=["1.2"], oracle=oracle)
    before = (_descriptors(), threading.active_count(), list(homes.iterdir()))  # the reference may live there
    zygote = Forked.zygote(Path(), {}).pid
    workers, open_before = set(_children(zygote)), len(os.listdir(f"/proc/{zygote}/fd"))
    for _ in range(200):
        [outcome] = grade(latent, path, parts=["1.2"], oracle=oracle)
        assert outcome.finding.state.value == "done"
    time.sleep(0.2)
    assert Forked.zygote(Path(), {}).pid == zygote
    assert list(homes.iterdir()) == before[2]
    assert _descriptors() <= before[0]
    assert threading.active_count() <= before[1]
    assert set(_children(zygote)) <= workers
    assert len(os.listdir(f"/proc/{zygote}/fd")) <= open_before


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
