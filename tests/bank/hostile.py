"""Hostile submissions of lesson 1: no part is solved in any of them, so any part that is done was gained by an attack.

An attack is code at the file's top, code inside `encode`, or files beside the submission. The functions that it leaves
alone return zeros of the right shape. `STEAL` stands before code that looks for the solution and uses what it finds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["ATTACKS", "Attack", "text_of"]


@dataclass(frozen=True)
class Attack:
    """`beside` are files in the submission's folder; `raw` is the whole file in place of one made of the rest; `harm` is
    a path that would be left.
    """

    name: str
    at_import: str = ""
    in_call: str = ""
    beside: dict[str, str | bytes] = field(default_factory=dict)
    raw: bytes | None = None
    exercise: str = "latent"
    harm: str = ""


STEAL = '''
import types
def use(text):
    """Runs a stolen solution and puts its functions in the place of this file's."""
    stolen = types.ModuleType("stolen")
    stolen.__dict__["__name__"] = "stolen"
    exec(compile(text, "stolen", "exec"), stolen.__dict__)
    use.found = stolen
def after():
    if getattr(use, "found", None):
        SimpleVAE.encode, SimpleVAE.decode = use.found.SimpleVAE.encode, use.found.SimpleVAE.decode
        globals()["interpolate"] = use.found.interpolate
        globals()["create_latent_walk_animation"] = use.found.create_latent_walk_animation
def look(path):
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return
    if "# todo 1.1" in text:
        use(text)
'''

FILE = """
import atexit, ctypes, gc, glob, importlib, inspect, json, os, pathlib, signal, socket, struct, subprocess, sys, threading, time
import numpy as np
import torch
from torch import nn
{steal}

class SimpleVAE(nn.Module):
    def __init__(self, pixels=256, hidden=128, dims=8):
        super().__init__()
        self.encoder_fc1 = nn.Linear(pixels, hidden)
        self.encoder_fc2 = nn.Linear(hidden, hidden)
        self.fc_mu = nn.Linear(hidden, dims)
        self.fc_log_var = nn.Linear(hidden, dims)
        self.decoder_fc1 = nn.Linear(dims, hidden)
        self.decoder_fc2 = nn.Linear(hidden, hidden)
        self.decoder_out = nn.Linear(hidden, pixels)

    def encode(self, x):
{in_call}
        return torch.zeros(len(x), self.fc_mu.out_features) + 0 * x.sum()

    def decode(self, z):
        return torch.zeros(len(z), self.decoder_out.out_features) + 0 * z.sum()


def interpolate(vae, pattern_a, pattern_b, num_steps=8):
    return [np.zeros((16, 16))] * num_steps


def create_latent_walk_animation(vae, patterns, fps=10, path="latent_walk.gif"):
    return [np.zeros((16, 16), np.uint8)] * 9

{at_import}
{after}
"""


def text_of(attack: Attack) -> bytes:
    """The submission's bytes."""
    if attack.raw is not None:
        return attack.raw
    steals = "look(" in attack.at_import or "use(" in attack.at_import
    body = "\n".join(" " * 8 + line for line in attack.in_call.strip("\n").splitlines())
    text = FILE.format(
        steal=STEAL if steals else "", in_call=body, at_import=attack.at_import, after="after()" if steals else ""
    )
    return text.encode()


UNASKED = """
import json, struct, torch
from autograder.engine.worker_process import dispatch
honest = dispatch.Dispatcher.answer
def packed(body, arrays=(), raw=b""):
    header = json.dumps({{"body": body, "arrays": list(arrays)}}).encode()
    return struct.pack(">I", len(header)) + header + raw
def forged(self, request):
    asked = request.body
    if asked["op"] != "call":
        return honest(self, request)
    empty = {{"result": {{"tag": "many", "of": "list", "items": []}}, "changes": [], "drew": True, "calls": [], "used": {{}},
             "files": {{}}, "others": [], "refused": [], "gradients": [], "seen": {{}}}}
    return packed({{"id": asked["id"], {forgery}}})
dispatch.Dispatcher.answer = forged
def encode_distribution(encoder, fc_mu, fc_log_var, x): return x, x
def log_var_to_std(log_var): return log_var
def reparameterize(mu, log_var, eps=None, generator=None): return mu
def sample_posterior(mu, log_var, num_samples, generator=None): return mu
def sample_prior(num_samples, latent_dim, generator=None): return torch.zeros(num_samples, latent_dim)
"""


def _forger(name: str, forgery: str) -> Attack:
    """Answers of the worker that hold less, or other things, than was asked for."""
    return Attack(name, raw=UNASKED.format(forgery=forgery).encode(), exercise="reparameterization")


NOWHERE = """
import torch
def elbo(log_px_z, log_pz, log_qz): return torch.full((2**23,), float("nan"))
def log_prior(z): return torch.full(z.shape[:-1], float("inf"))
def log_posterior(z, mu, log_var): return torch.where((z - mu).abs().sum(-1) > 3, -torch.inf, torch.nan)
def log_mean_exp(values, dim=0): return importance_weighted_bound(values, values, values)
def importance_weighted_bound(log_px_z, log_pz, log_qz): raise NotImplementedError("Exercise 3.3: done")
"""
PASSES = """
from autograder.engine.grading.session import Session
from autograder.engine.verdicts import Finding, State
Session.check = lambda self, number, check, tools=None: self._findings.setdefault(number, {}).setdefault(
    check.__name__, Finding(State.DONE)
)
"""
FORGED = 'json.dumps({"tests": [{"number": n, "score": 5, "status": "passed"} for n in ("1.1", "1.2", "1.3", "1.4")]})'
ALWAYS = "type('Yes', (), {'__eq__': lambda s, o: True, '__bool__': lambda s: True, '__array__': lambda s, *a, **k: np.zeros(1)})()"

ATTACKS = [
    # leaving early
    Attack("sys.exit(0) at import", "sys.exit(0)"),
    Attack("os._exit(0) at import", "os._exit(0)"),
    Attack("sys.exit(0) in a call", in_call="sys.exit(0)"),
    Attack("os._exit(0) in a call", in_call="os._exit(0)"),
    Attack("os._exit from atexit", "atexit.register(os._exit, 0)"),
    Attack("pytest.exit at import", "import pytest\npytest.exit('done', returncode=0)"),
    Attack("pytest.skip at import", "import pytest\npytest.skip('done', allow_module_level=True)"),
    Attack("pytest.skip in a call", in_call="import pytest\npytest.skip('done')"),
    Attack("pytest.xfail in a call", in_call="import pytest\npytest.xfail('done')"),
    Attack("KeyboardInterrupt in a call", in_call="raise KeyboardInterrupt"),
    Attack("GeneratorExit in a call", in_call="raise GeneratorExit"),
    Attack("a stub's error for another part", in_call="raise NotImplementedError('Exercise 9.9: done')"),
    # forged results
    Attack("forged report on standard output", f"print({FORGED}, flush=True)"),
    Attack("forged report into descriptor 1", f"os.write(1, {FORGED}.encode())"),
    Attack(
        "forged messages into every descriptor",
        "body = json.dumps({'id': 1, 'names': [], 'leftover': {}}).encode()\n"
        "for fd in range(3, 64):\n    try: os.write(fd, struct.pack('<I', len(body)) + body)\n    except OSError: pass",
    ),
    Attack(
        "closing every descriptor",
        "for fd in range(0, 64):\n    try: os.close(fd)\n    except OSError: pass",
    ),
    Attack("result files beside the submission", f"pathlib.Path(__file__).with_name('results.json').write_text({FORGED})"),
    Attack("result files in the working folder", f"pathlib.Path('results.json').write_text({FORGED})"),
    Attack("result file from atexit", f"atexit.register(lambda: pathlib.Path('results.json').write_text({FORGED}))"),
    Attack(
        "result file from a detached child",
        "subprocess.Popen([sys.executable, '-c', \"import time; time.sleep(1); open('results.json', 'w').write('{}')\"],"
        " start_new_session=True)",
    ),
    Attack("a thread that keeps writing", "threading.Thread(target=lambda: [os.write(1, b'x' * 99) for _ in range(10**6)], daemon=True).start()"),
    Attack(
        "the wire module replaced",
        "wire = sys.modules.get('autograder.engine.wire')\n"
        "if wire: wire.encode = lambda message: b'{\"id\": 1, \"verdict\": \"done\"}'",
    ),
    Attack(
        "the worker's describing replaced",
        "results = sys.modules.get('autograder.engine.worker_process.results')\n"
        "if results: results.Results.describe = lambda self, value: {'tag': 'value', 'value': True}",
    ),
    Attack(
        "the worker's snapshot replaced",
        "effects = sys.modules.get('autograder.engine.worker_process.side_effects')\n"
        "if effects: effects.Snapshot.changes = lambda self: []",
    ),
    # missing evidence
    _forger("an answer of no rounds", '"rounds": []'),
    _forger("an answer of one round", '"rounds": [{"start": 0, "count": 0, "body": empty}]'),
    _forger("rounds that hold nothing", '"rounds": [{"start": 0, "count": 0, "body": {}}] * len(asked.get("rounds", [0]))'),
    _forger("rounds within rounds", '"rounds": [{"start": 0, "count": 0, "body": {"rounds": []}}] * 6'),
    _forger("an answer without gradients, models and files", "**empty"),
    _forger("an answer of nothing", '"nothing": 0'),
    _forger("a round that begins at infinity", '"rounds": [{"start": 10**999, "count": 1, "body": empty}]'),
    Attack("numbers that are not finite, and parts that ask for one another", raw=NOWHERE.encode(), exercise="bound"),
    # theft of the solution
    Attack("import of the solution", "try:\n    import solutions.latent_solution as s\n    look(s.__file__)\nexcept ImportError: pass"),
    Attack("solution beside the grader's files", "for m in list(sys.modules.values()):\n    f = getattr(m, '__file__', None)\n    if f:\n        for up in pathlib.Path(f).parents[:5]: look(up / 'solutions' / 'latent_solution.py')"),
    Attack("solution found through the course package", "import course\nlook(pathlib.Path(course.__file__).parents[1] / 'solutions' / 'latent_solution.py')"),
    Attack("solution found by walking from the interpreter", "for up in pathlib.Path(sys.executable).parents: look(up / 'solutions' / 'latent_solution.py')"),
    Attack("solution found through import hooks", "for p in glob.glob(os.path.join(sys.prefix, 'lib', 'python*', 'site-packages', '*editable*')):\n    try: text = open(p).read()\n    except OSError: continue\n    for q in text.replace(chr(39), chr(10)).splitlines():\n        if q.startswith('/'): look(os.path.join(os.path.dirname(q), 'solutions', 'latent_solution.py'))"),
    Attack("solution from /proc of the parent", "try: look(os.readlink(f'/proc/{os.getppid()}/cwd') + '/solutions/latent_solution.py')\nexcept OSError: pass"),
    Attack("solution from git", "import course\ntry: use(subprocess.run(['git', '-C', str(pathlib.Path(course.__file__).parents[1]), 'show', 'HEAD:solutions/latent_solution.py'], capture_output=True, text=True, check=True).stdout)\nexcept Exception: pass"),
    Attack("solution among live objects", "for o in gc.get_objects():\n    if isinstance(o, dict) and 'create_latent_walk_animation' in o and o is not globals():\n        use('')\n        use.found.__dict__.update(o)"),
    Attack("frames of the caller", in_call="frame = sys._getframe()\nwhile frame:\n    for v in frame.f_locals.values():\n        if type(v).__name__ == 'Expected': return v.exact.result.array\n    frame = frame.f_back"),
    Attack("expected arrays among live objects", in_call="for o in gc.get_objects():\n    if isinstance(o, np.ndarray) and o.shape == (len(x), self.fc_mu.out_features): return torch.tensor(o).float()"),
    Attack("named mistakes imported", "try:\n    import autograder.misconceptions.latent as m\n    SimpleVAE.encode = next(v.function for v in m.MISTAKES if v.part == '1.1')\nexcept ImportError: pass"),
    Attack("the course's own VAE", "from course.models import VAE\nSimpleVAE.encode = lambda self, x: VAE(x.shape[1], 5, 3).encode(x)"),
    Attack("memory of the parent", "try: open(f'/proc/{os.getppid()}/mem', 'rb').read(10)\nexcept OSError: pass"),
    # patched tools
    Attack("allclose says yes", "np.allclose = torch.allclose = torch.testing.assert_close = lambda *a, **k: True"),
    Attack("numpy's comparisons say yes", "np.all = np.any = lambda *a, **k: True\nnp.abs = lambda v, **k: v * 0"),
    Attack("pytest's report says passed", "import _pytest.reports\n_pytest.reports.TestReport.outcome = 'passed'"),
    Attack("random numbers stand still", "torch.randn = torch.zeros\ntorch.manual_seed = lambda s: None\nnp.random.default_rng = lambda s=0: None"),
    Attack("clocks stand still", "time.monotonic = time.time = time.perf_counter = lambda: 0.0"),
    Attack("json says passed", "json.dumps = lambda *a, **k: '{}'\njson.loads = lambda *a, **k: {'id': 1}"),
    Attack("a trace function", "sys.settrace(lambda *a: None)\nthreading.settrace(lambda *a: None)"),
    Attack("gradient mode off for good", "torch.set_grad_enabled(False)"),
    Attack("another default type", "torch.set_default_dtype(torch.float16)"),
    Attack("modules removed", "for name in list(sys.modules):\n    if name.startswith(('autograder', 'numpy')): del sys.modules[name]"),
    # files
    Attack("conftest beside the file", beside={"conftest.py": "import os\nos._exit(0)\n"}),
    Attack("conftest that passes every check", beside={"conftest.py": PASSES, "test_more.py": PASSES, "tests.py": PASSES}),
    Attack("pytest.ini that loads a plugin", beside={"pytest.ini": "[pytest]\naddopts = -p own\npythonpath = .\n", "own.py": PASSES}),
    Attack("pytest.ini beside the file", beside={"pytest.ini": "[pytest]\naddopts = --collect-only\n"}),
    Attack("sitecustomize beside the file", beside={"sitecustomize.py": "import os\nos._exit(0)\n"}),
    Attack("own torch beside the file", beside={"torch.py": "raise SystemExit(0)\n"}),
    Attack("own json and numpy beside the file", beside={"json.py": "raise SystemExit(0)\n", "numpy.py": "x = 1\n"}),
    Attack("own autograder beside the file", beside={"autograder.py": "raise SystemExit(0)\n", "latent_solution.py": "x = 1\n"}),
    Attack("not UTF-8", raw=b"# \xff\xfe\x00 caf\xe9\nprint('done')\n"),
    Attack("NUL bytes", raw=b"print('done')\n\x00\x00\x00"),
    Attack("one line of a million brackets", raw=b"(" * 1_000_000),
    Attack("a very long file", raw=b"x = 1\n" * 3_000_000),
    Attack("empty file", raw=b""),
    # objects
    Attack("equal to everything", in_call=f"return {ALWAYS}"),
    Attack("float subclass", in_call="return type('F', (float,), {'__eq__': lambda s, o: True, '__sub__': lambda s, o: 0.0})(1)"),
    Attack("tensor subclass that lies", in_call="class T(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, *a, **k): return True\n    shape = property(lambda s: torch.Size([len(x), 3]))\nreturn torch.zeros(1).as_subclass(T)"),
    Attack("array with side effects", in_call="class A:\n    def __array__(self, *a, **k): os._exit(0)\nreturn A()"),
    Attack("reduce with side effects", in_call="class R:\n    def __reduce__(self): return (os._exit, (0,))\nreturn R()"),
    Attack("meta tensor", in_call="return torch.zeros(len(x), self.fc_mu.out_features, device='meta')"),
    Attack("ten to the twelve numbers", in_call="return torch.zeros(1).expand(10**12)"),
    Attack("sparse tensor", in_call="return torch.eye(3).to_sparse()"),
    Attack("a list in itself", in_call="a = []\na.append(a)\nreturn a"),
    Attack("an endless iterator", in_call="return iter(int, 1)"),
    Attack("NaN everywhere", in_call="return torch.full((len(x), self.fc_mu.out_features), float('nan'))"),
    Attack("infinity everywhere", in_call="return torch.full((len(x), self.fc_mu.out_features), float('inf'))"),
    Attack("inputs changed before the reference sees them", in_call="with torch.no_grad():\n    x.zero_()\n    for p in self.parameters(): p.zero_()"),
    # resources
    Attack("endless loop at import", "while True: pass"),
    Attack("endless loop in a call", in_call="while True: pass"),
    Attack("endless loop in C", in_call="sum(iter(int, 1))"),
    Attack("swallowed exceptions", in_call="while True:\n    try: time.sleep(9)\n    except BaseException: pass"),
    Attack("fork bomb", in_call="while True: os.fork()"),
    Attack("memory", in_call="hog = []\nwhile True: hog.append(bytearray(10**9))"),
    Attack("disk", in_call="with open('big', 'wb') as f:\n    while True: f.write(bytes(10**8))"),
    Attack("output flood", in_call="while True: print('x' * 10**6)"),
    Attack("thread storm", in_call="for _ in range(20000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"),
    Attack("recursion", in_call="sys.setrecursionlimit(10**9)\ndef f(): return f()\nf()"),
    Attack("segmentation fault", in_call="import ctypes\nctypes.string_at(0)"),
    Attack("SIGSTOP", in_call="os.kill(os.getpid(), signal.SIGSTOP)"),
    Attack("signals ignored", "for s in range(1, 32):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass", "while True: pass"),
    Attack("killing the parent", in_call="os.kill(os.getppid(), signal.SIGKILL)"),
    Attack("killing the group", in_call="os.killpg(0, signal.SIGKILL)"),
    Attack("killing everything that may be killed", in_call="for p in os.listdir('/proc'):\n    if p.isdigit() and b'autograder' in open(f'/proc/{p}/cmdline', 'rb').read():\n        os.kill(int(p), signal.SIGKILL)"),
    # leaks and display
    Attack("network", "try: socket.create_connection(('127.0.0.1', 9), 1)\nexcept OSError: pass"),
    Attack("a listening socket", "s = socket.socket()\ntry: s.bind(('127.0.0.1', 0)); s.listen()\nexcept OSError: pass"),
    Attack("terminal codes in an error", in_call="raise ValueError('\\x1b[2J\\x1b[31mdone\\x07' + '\\u202e')"),
    Attack("HTML in an error", in_call="raise ValueError('<script>alert(1)</script>')"),
    Attack("a formula in an error", in_call="raise ValueError('=HYPERLINK(\"x\")')"),
    Attack("a message of ten megabytes", in_call="raise ValueError('x' * 10**7)"),
    Attack("an error that cannot be shown", in_call="raise type('E', (Exception,), {'__str__': lambda s: os._exit(0)})()"),
]  # fmt: skip
