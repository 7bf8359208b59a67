"""What the grader does not allow is said to be just that: such a part is blocked, not wrong. A guarded use goes on."""

from __future__ import annotations

import pytest

from autograder.engine.verdicts import State
from autograder.engine.worker_client.limits import Limits
from tests.autograder.submissions import SOLUTION, Grade, GradeAll, states

ASKED_FOR: dict[str, tuple[str, ...]] = {  # by what is refused: code that asks for it in its last line
    "other programs": (
        "import subprocess\nsubprocess.check_output(['nvidia-smi'])",
        "import subprocess\nsubprocess.check_output('nvidia-smi', shell=True)",
        "import os\nos.posix_spawn('/bin/ls', ['ls'], {})",
        "import os\nos.execvp('ls', ['ls'])",
    ),
    "further processes": (
        "import os\nos.fork()",
        "import multiprocessing\nmultiprocessing.Process(target=print).start()",
        "import multiprocessing\nmultiprocessing.get_context('spawn').Process(target=print).start()",
        "import multiprocessing\nmultiprocessing.Pool(2)",
        "import concurrent.futures\nconcurrent.futures.ProcessPoolExecutor(1).submit(abs, 1).result()",
        "torch.ones(2).share_memory_()",
    ),
    "network": (
        "import socket\nsocket.socket()",
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/weights.pt')",
        "torch.hub.load_state_dict_from_url('https://example.com/weights.pt')",
    ),
    "files outside of your own folder": (
        "open('/etc/passwd')",
        "open('/tmp/latent-own.txt', 'w')",
        "import os\nos.mkdir('/tmp/latent-own')",
        "import os\nos.listdir('/home')",
    ),
    "other modes, owners or times of files": (
        "import os\nopen('own', 'w').close()\nos.chmod('own', 0o600)",
        "import os\nopen('own', 'w').close()\nos.utime('own')",
    ),
    "GPU": ("torch.ones(2).cuda()", "torch.ones(2, device='cuda')", "torch.ones(2, device='mps')"),
    "keyboard": ("breakpoint()", "import pdb; pdb.set_trace()", "n = int(input('How many? '))"),
    "windows": ("import matplotlib\nmatplotlib.use('TkAgg')\nfrom matplotlib import pyplot\npyplot.figure()",),
}
GUARDED = (
    "import subprocess\ntry:\n    subprocess.check_output(['nvidia-smi'])\nexcept FileNotFoundError:\n    pass",
    "import subprocess\ntry:\n    subprocess.run('git rev-parse HEAD', shell=True)\nexcept OSError:\n    pass",
    "import os\nos.system('clear')",
    "import urllib.request\ntry:\n    urllib.request.urlopen('http://127.0.0.1:9')\nexcept OSError:\n    pass",
    "device = 'cuda' if torch.cuda.is_available() else 'cpu'\ntorch.ones(2, device=device)",
    "try:\n    open('/tmp/latent-own.txt', 'w')\nexcept OSError:\n    pass",
    "import os, shutil\nopen('a', 'w').close()\nshutil.copy2('a', 'b')\nos.remove('a')\nos.remove('b')",
    "import getpass, platform\ngetpass.getuser(), platform.processor(), platform.node()",
)
CODE = [(what, codes[0]) for what, codes in ASKED_FOR.items()]


def in_encode(code: str) -> str:
    assert SOLUTION.count(LAST) == 1
    return SOLUTION.replace(LAST, "".join(f"        {line}\n" for line in code.splitlines()) + LAST)


LAST = "        mu: torch.Tensor = self.fc_mu(h)"


@pytest.mark.parametrize("what", ASKED_FOR)
def test_what_a_function_is_refused_blocks_its_part_and_is_named_with_its_line(what: str, graded: Grade) -> None:
    for code in ASKED_FOR[what]:
        found = graded(in_encode(code))
        assert states(found) == ["blocked", "done", "done", "done"], code
        finding = found["1.1"].finding
        assert finding.by == "the grader"
        assert finding.reason.startswith(f"the grader allows no {what} here; your code may be right: ")
        assert finding.reason.endswith(f" of latent_starter.py: {code.splitlines()[-1]}")
        assert found["1.3"].finding.stood_in == ()


def test_what_a_file_is_refused_at_its_top_blocks_all_and_is_named(graded_side_by_side: GradeAll) -> None:
    texts = {code: SOLUTION.replace("import torch\n", f"import torch\n{code}\n") for _, code in CODE}
    found = graded_side_by_side(texts)
    for what, code in CODE:
        assert states(found[code]) == ["blocked"] * 4, code
        finding = found[code]["1.1"].finding
        assert finding.reason.startswith(f"the grader allows no {what} here; your code may be right: "), finding
        assert finding.by == "the grader"


def test_a_guarded_use_goes_on_as_where_there_is_no_such_thing(graded_side_by_side: GradeAll) -> None:
    texts = {code: SOLUTION.replace("import torch\n", f"import torch\n{code}\n") for code in GUARDED}
    texts |= {f"{code}, called": in_encode(code) for code in GUARDED}
    found = graded_side_by_side(texts)
    assert {code: states(of) for code, of in found.items() if states(of) != ["done"] * 4} == {}


READS = "    with open('/etc/shadow') as file:\n        scale = float(file.read())"
SWALLOWED = f"try:\n{READS}\nexcept (OSError, ValueError):\n    scale = 0.0"


def test_a_wrong_answer_after_a_refusal_that_was_caught_says_so(graded: Grade) -> None:
    said = "your code asked for what the grader does not allow (files outside of your own folder) and went on"
    wrong = "        mu: torch.Tensor = scale * self.fc_mu(h)"
    in_call = in_encode(SWALLOWED).replace(LAST, wrong)
    at_top = SOLUTION.replace("import torch\n", f"import torch\n{SWALLOWED}\n", 1).replace(LAST, wrong)
    for text in (in_call, at_top):
        finding = graded(text)["1.1"].finding
        assert (finding.state, finding.refused[: len(said)]) == (State.WRONG, said)
    plain = graded(SOLUTION.replace(LAST, "        mu: torch.Tensor = 0.0 * self.fc_mu(h)"))["1.1"].finding
    assert (plain.state, plain.refused) == (State.WRONG, "")


AT_THE_TOP = {
    "def train():\n    for step in range(10**9):\n        torch.ones(100).sum()\n\n\ntrain()": "train()",
    "import time\nwhile True:\n    time.sleep(100)": "time.sleep(100)",
    "import time; time.sleep(60)": "import time; time.sleep(60)",
}


def test_a_training_at_the_top_is_named_with_its_line_and_told_where_to_go(graded_side_by_side: GradeAll) -> None:
    found = graded_side_by_side({code: f"{SOLUTION}\n{code}\n" for code in AT_THE_TOP}, Limits(load=4.0))
    for code, line in AT_THE_TOP.items():
        assert states(found[code]) == ["blocked"] * 4
        reason = found[code]["1.1"].finding.reason
        assert "was still running when the time was up" in reason
        assert "under `if __name__ == '__main__':`" in reason
        assert reason.endswith(f" Got {line}")


def test_an_error_of_the_students_own_is_wrong_as_before(graded_side_by_side: GradeAll) -> None:
    own = ("open('nothing.npy')", "raise PermissionError('mine')", "import os\nos.remove('nothing')", "1 / 0")
    found = graded_side_by_side({code: in_encode(code) for code in own})
    assert {of["1.1"].finding.state for of in found.values()} == {State.WRONG}
