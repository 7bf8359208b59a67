"""Makes submissions of lesson 1 (the solution with other code in the marked regions) and clones of the project."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.engine.grading.session import Outcome
from autograder.engine.staging.own import own_files
from autograder.engine.worker_client.worker import Worker

Grade = Callable[..., dict[str, Outcome]]
GradeAll = Callable[..., dict[str, dict[str, Outcome]]]
ROOT = Path(__file__).resolve().parents[2]
SOLUTION = (ROOT / "solutions" / "latent_solution.py").read_text(encoding="utf-8")
REGION = re.compile(r"^( +)# todo (\d+\.\d): .*\n(?:.*\n)*?\1# done\n", re.MULTILINE)
PARTS = ("1.1", "1.2", "1.3", "1.4")


def solution_with(bodies: Mapping[str, str], extra: str = "") -> str:
    """The solution with these function bodies, by part number, and further code above the `Given` mark."""

    def put(match: re.Match[str]) -> str:
        indent, number = match.groups()
        return (
            textwrap.indent(textwrap.dedent(bodies[number]).strip("\n") + "\n", indent)
            if number in bodies
            else match[0]
        )

    text = REGION.sub(put, SOLUTION)
    return text.replace("# Given: nothing below", f"{textwrap.dedent(extra)}\n\n# Given: nothing below")


def load(worker: Worker, path: Path, functions: Mapping[str, str] = MappingProxyType({}), seconds: float = 90) -> Any:
    """Has a worker load one file; its reply."""
    return worker.ask(*own_files(path).request(functions), seconds).body


def stub(number: str) -> str:
    return f'raise NotImplementedError("Exercise {number}: yours to write")'


def stubs(*numbers: str) -> dict[str, str]:
    return {number: stub(number) for number in numbers}


def states(outcomes: Mapping[str, Outcome]) -> list[str]:
    return [outcomes[number].finding.state.value for number in PARTS]


STARTER = solution_with(stubs(*PARTS))


def clone(folder: Path) -> Path:
    """A copy of the project in `folder`, as in a fresh clone; a course of one lesson is enough to see how it goes."""
    for name in ("autograder", "course", "solutions"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [*(folder / "autograder" / "parts").glob("*.toml"), *(folder / "autograder").glob("test_*.py")]:
        if "latent" not in path.name:
            path.unlink()
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "exercises").mkdir()
    (folder / "exercises" / "latent_starter.py").write_text(STARTER)
    return folder


def environment() -> dict[str, str]:
    """The environment without what would change how a pytest in it goes."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON"))}


def deep(place: Path, depth: int, name: str) -> None:
    """Folders in folders, so many of this name, and a file in the last: deeper than any path may be long."""
    place.mkdir()
    handle = os.open(place, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=handle)
        below = os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    os.close(os.open("last", os.O_CREAT | os.O_WRONLY, dir_fd=handle))
    os.close(handle)
