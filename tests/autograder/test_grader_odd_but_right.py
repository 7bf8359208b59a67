"""Right answers in odd clothes get their points: what a file does at its top, and how it wraps its functions."""

from __future__ import annotations

from pathlib import Path

from tests.autograder.harness import Harness, states_of
from tests.autograder.submissions import SOLUTION, GradeAll, states

TOP = "import torch\n"
AT_TOP = {
    "no gradients": "torch.set_grad_enabled(False)",
    "no gradients, as a context": "torch.no_grad().__enter__()",
    "another dtype": "torch.set_default_dtype(torch.float64)",
    "another device": "torch.set_default_device('meta')",
    "all seeds": "import random, numpy as np\nrandom.seed(1); np.random.seed(1); torch.manual_seed(1)",
    "threads": "torch.set_num_threads(4)\ntorch.use_deterministic_algorithms(True)",
    "less precision": "torch.autocast('cpu').__enter__()\ntorch.set_float32_matmul_precision('medium')",
    "notes": "import faulthandler, logging, os\nlogging.basicConfig(filename='run.log')\nlogging.warning('x')\n"
    "os.makedirs('figures/more', exist_ok=True)\nos.chdir('figures')\n"
    "torch.save(torch.ones(2), 'x.pt')\ntorch.load('x.pt')",
    "anomalies": "torch.autograd.set_detect_anomaly(True)",
    "strict": "import numpy as np, warnings\nnp.seterr(all='raise')\nwarnings.simplefilter('error')",
    "files beside it": "from pathlib import Path\nhere = Path(__file__).parent / 'own.txt'\nhere.write_text('1')\n"
    "assert here.read_text() == '1'\nopen('log.txt', 'w').write('x')\nassert open('log.txt').read() == 'x'",
    "an event loop and threads": "import asyncio, concurrent.futures\nasyncio.run(asyncio.sleep(0))\n"
    "assert list(concurrent.futures.ThreadPoolExecutor(2).map(abs, [-1])) == [1]",
    "a figure": "from matplotlib import pyplot\npyplot.plot([1, 2])\npyplot.savefig('figure.png')\npyplot.show()",
    "what the machine has": "import shutil, multiprocessing\nmultiprocessing.cpu_count(), shutil.which('nvidia-smi')\n"
    "torch.multiprocessing.set_sharing_strategy('file_system'); torch.cuda.device_count()",
    "processes that load": "loader = torch.utils.data.DataLoader(torch.arange(4.), num_workers=2, timeout=5,\n"
    "    persistent_workers=True, prefetch_factor=3)\n"
    "assert [len(x) for _ in range(2) for x in loader] == [1] * 8",
}
WRAPPED = {
    "compiled": "@torch.compile\n",
    "compiled with options": "@torch.compile(fullgraph=True, dynamic=True)\n",
    "scripted": "@torch.jit.script\n",
    "kept from the compiler": "@torch.compiler.disable\n",
}
COMPILED_LATER = (
    "kl_divergence = torch.compile(kl_divergence)\nvae_loss = torch.compile(model=vae_loss, mode='max-autotune')\n"
)
COMPILED_MODEL = """
model = torch.compile(torch.nn.Linear(2, 2))
model.compile()
assert model(torch.ones(1, 2)).shape == (1, 2)
"""


def at_top(code: str) -> str:
    assert SOLUTION.count(TOP) == 1
    return SOLUTION.replace(TOP, f"{TOP}\n{code}\n")


def test_what_a_file_sets_and_does_at_its_top_is_its_own_world(graded_side_by_side: GradeAll) -> None:
    found = graded_side_by_side({name: at_top(code) for name, code in AT_TOP.items()})
    assert {n: [o.finding for o in f.values()] for n, f in found.items() if states(f) != ["done"] * 4} == {}


def test_a_compiled_function_is_judged_as_it_is_written(tmp_path: Path) -> None:
    harness = Harness("kl", tmp_path)
    function = "def kl_divergence("
    texts = {name: harness.solution.replace(function, line + function) for name, line in WRAPPED.items()}
    try:
        for name, text in {**texts, "later": harness.text({}, COMPILED_LATER + COMPILED_MODEL)}.items():
            assert set(states_of(harness.grade(text)).values()) == {"done"}, name
        wrong = harness.text({"4.2": "return 0.5 * (mu.square() + torch.expm1(log_var) - log_var).sum(dim=0)"})
        assert states_of(harness.grade(wrong.replace(function, f"@torch.compile\n{function}")))["4.2"] == "wrong"
    finally:
        harness.close()
