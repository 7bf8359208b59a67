"""What a submission does to its worker costs that part and no other, and is called by its name."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.engine.answering.oracle import Live
from autograder.engine.catalogue import Exercise
from autograder.engine.grading.grade import grade
from autograder.engine.worker_client import process
from autograder.engine.worker_client.forked import Forked
from autograder.engine.worker_client.limits import Death, Limits, NotStarted
from autograder.engine.worker_client.worker import Worker
from tests.autograder.submissions import ROOT, SOLUTION, GradeAll, load, solution_with, states, stubs

FATAL = {
    "1.1": "import os; os._exit(0)",
    "1.2": "import ctypes; ctypes.string_at(0)",
    "1.3": "import time\nwhile True:\n    time.sleep(0.01)",
}
PIPES = {
    "1.1": "import os; os.closerange(3, 100); return x",
    "1.2": """
    import os, stat
    forged = b'\\x00\\x00\\x00\\x1e{"body": {"id": 99}, "arrays": []}'
    for fd in range(3, 30):
        try:
            if stat.S_ISFIFO(os.fstat(fd).st_mode):
                os.write(fd, forged)
        except OSError:
            pass
    return z
    """,
    "1.3": "return interpolate(vae, pattern_a, pattern_b, num_steps)",
    "1.4": "raise SystemExit(0)",
}
ODD = {
    "1.1": "return self.fc_mu.bias.detach()[:1].expand(10**6, 10**6)",
    "1.2": """
    for _ in range(200):
        print("flood " * 1000)
        sys.__stdout__.write("flood\\n")
    os_write = __import__("os").write
    os_write(1, b"forged")
    h = torch.relu(self.decoder_fc1(z))
    return torch.sigmoid(self.decoder_out(torch.relu(self.decoder_fc2(h))))
    """,
    "1.3": "return [object()] * 10**6",
    "1.4": "return torch.sparse_coo_tensor(torch.zeros(2, 1, dtype=torch.long), torch.ones(1), (16, 16))",
}
TRICKS = """
for name in ("json", "struct", "autograder.engine.wire", "autograder"):
    sys.modules[name] = None  # to be imported again by nobody
np.allclose = np.array_equal = torch.allclose = torch.equal = lambda *args, **kwargs: True
"""


def test_faults_of_a_submission_are_named_and_cost_one_part(graded_side_by_side: GradeAll) -> None:
    texts = {"fatal": solution_with(FATAL), "pipes": solution_with(PIPES), "odd": solution_with(ODD)}
    found = graded_side_by_side(texts, Limits(call=5.0))

    fatal = found["fatal"]
    assert states(fatal) == ["wrong", "wrong", "wrong", "done"]
    assert fatal["1.4"].finding.stood_in == ("1.3",)
    assert fatal["1.1"].finding.got == "`SimpleVAE.encode` ended the Python process with exit code 0"
    assert fatal["1.2"].finding.got == "`SimpleVAE.decode` crashed the Python process (SIGSEGV)"
    assert "`interpolate` gave no answer within 5 seconds" in fatal["1.3"].finding.got

    pipes = found["pipes"]
    assert states(pipes) == ["wrong"] * 4
    assert "closed a connection that was not its own" in pipes["1.1"].finding.got
    assert "`SimpleVAE.decode` " in pipes["1.2"].finding.got
    assert "RecursionError" in pipes["1.3"].finding.got
    assert "SystemExit" in pipes["1.4"].finding.got

    odd = found["odd"]
    assert states(odd) == ["wrong", "done", "wrong", "wrong"]
    assert "more numbers than are looked at" in odd["1.1"].finding.got
    assert odd["1.3"].finding.got == "a list of 1000000 items, too deep or too long to look at"
    assert odd["1.4"].finding.got == "a sparse float32 tensor of shape (16, 16)"


def test_changed_modules_do_not_confuse_the_worker(graded_side_by_side: GradeAll) -> None:
    text = solution_with(stubs("1.3", "1.4"), extra=TRICKS)
    assert states(graded_side_by_side({"": text})[""]) == ["done", "done", "not started", "not started"]


@pytest.mark.parametrize("kind", ["fresh", "forked"])
def test_a_worker_that_does_not_start_is_no_fault_of_the_student(
    kind: str, latent: Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "program.py"
    broken.write_text("raise SystemExit(3)\n")
    monkeypatch.setattr(process, "PROGRAM", broken)
    monkeypatch.setenv("LATENT_COURSE_WORKERS", kind)
    monkeypatch.setattr(Forked, "_shared", None)
    for outcome in grade(latent, ROOT / "solutions" / latent.solution):
        assert outcome.finding.state.value == "could not be checked"
        assert outcome.finding.expected == ""
    Forked.shut()


def test_a_broken_reference_is_no_fault_of_the_student(latent: Exercise, tmp_path: Path) -> None:
    solution = tmp_path / "solution.py"
    solution.write_text(SOLUTION.replace("return mu\n", "return undefined\n"))
    oracle = Live(latent, solution=solution)
    try:
        outcomes = grade(latent, ROOT / "solutions" / latent.solution, parts=["1.1", "1.2"], oracle=oracle)
    finally:
        oracle.close()
    assert [outcome.finding.state.value for outcome in outcomes] == ["could not be checked", "done"]


def test_a_worker_is_asked_in_vain_after_its_death_and_leaves_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import os\nos._exit(7)\n")
    worker = Worker()
    with pytest.raises(Death, match="exit code 7") as caught:
        load(worker, tmp_path / "a.py")
    assert caught.value.kind == "exit"
    assert not worker.home.exists()
    with pytest.raises((Death, NotStarted)):
        load(worker, tmp_path / "a.py")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_a_killed_grader_leaves_no_worker_behind(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("while True: pass\n")
    script = (
        "from pathlib import Path\n"
        "from autograder.engine.staging.own import own_files\n"
        "from autograder.engine.worker_client.worker import Worker\n"
        "w = Worker()\n"
        "w.wait_until_ready()\n"
        "print(w.pid, w.home, flush=True)\n"
        f"w.ask(*own_files(Path({str(tmp_path / 'a.py')!r})).request({{}}), 60)\n"
    )
    grader = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    pid, _, home = grader.stdout.readline().strip().partition(" ")
    time.sleep(0.3)  # the worker is in the loop now
    grader.kill()
    grader.wait()
    grader.stdout.close()
    deadline = time.monotonic() + 10
    while _runs(int(pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(int(pid))
    os.rmdir(home)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
