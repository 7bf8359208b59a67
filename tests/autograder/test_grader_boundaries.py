"""Who may import whom: student code and torch stay out of the process that decides."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.autograder.submissions import ROOT

GRADER = ROOT / "autograder"


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_only_code_inside_the_worker_imports_torch() -> None:
    for path in GRADER.rglob("*.py"):
        places = (GRADER / "engine" / "worker_process", GRADER / "misconceptions")
        inside = any(path.is_relative_to(place) for place in places)
        tops = {name.split(".")[0] for name in imported(path)}
        assert inside or "torch" not in tops, path
        assert not {"pickle", "marshal", "shelve", "dill", "solutions"} & tops, path


def test_only_the_oracle_knows_where_solutions_are() -> None:
    knowing = {p.name for p in GRADER.rglob("*.py") if '"solutions"' in p.read_text(encoding="utf-8")}
    assert knowing == {"oracle.py"}


def test_the_deciding_process_never_imports_torch(tmp_path: Path) -> None:
    probe = tmp_path / "probe.py"
    probe.write_text(
        "import sys, pytest\n"
        "code = pytest.main(['autograder', '--submission', 'solutions/latent_solution.py', '-p', 'no:cacheprovider'])\n"
        "print('code', int(code), 'torch', 'torch' in sys.modules, 'solution', 'latent_solution' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, probe], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert ran.stdout.splitlines()[-1] == "code 0 torch False solution False", ran.stdout + ran.stderr
