"""Hands hostile submissions in, by the command that an instructor types, and says what each gained or harmed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.engine.catalogue import exercises
from tests.bank.hostile import ATTACKS, Attack, text_of
from tests.bank.trial import side_by_side

__all__ = ["Outcome", "run_attacks"]

ROOT = Path(__file__).resolve().parents[2]
GRADER = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--time-limit", "4"]
EXIT_CODES = (0, 1, 3)  # all done, not all done, not all could be checked


@dataclass(frozen=True)
class Outcome:
    """What became of one attack. Nothing gained and nothing harmed is what it should be."""

    name: str
    gained: tuple[str, ...]
    harmed: tuple[str, ...]
    states: dict[str, str]


def run_attacks(attacks: Sequence[Attack] = ATTACKS, title: str = "") -> list[Outcome]:
    """One process of the grader's for each attack, so that one that kills its grader is seen to have done so."""
    return side_by_side(_one, attacks, len(attacks), title)


def _one(attack: Attack) -> Iterator[Outcome]:
    starter = next(exercise.starter for exercise in exercises() if exercise.name == attack.exercise)
    with tempfile.TemporaryDirectory(prefix="bank-") as made, tempfile.TemporaryDirectory(prefix="tmp-") as temporary:
        folder, report = Path(made) / "handed in", Path(made) / "report.json"
        folder.mkdir()
        for name, content in {**attack.beside, starter: text_of(attack)}.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        run = subprocess.run(
            [*GRADER, f"autograder/test_{attack.exercise}.py", "--submission", folder, "--report-json", report],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": temporary},  # every worker's folder, and so its environment, is marked by it
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        found, harm = _verdicts(run, report)
        harm += [
            f"left {p.name} beside the submission" for p in folder.iterdir() if p.name not in {starter, *attack.beside}
        ]
        harm += [f"left {path.name} in the temporary folder" for path in Path(temporary).iterdir()]
        harm += [f"left {path}" for path in _traces(attack, folder)]
        harm += [f"left the process {name}" for name in _processes(temporary)]
    yield Outcome(attack.name, tuple(n for n, state in found.items() if state == "done"), tuple(harm), found)


def _verdicts(run: subprocess.CompletedProcess[str], report: Path) -> tuple[dict[str, str], list[str]]:
    """The state of each part by the report, and what is wrong with how the grader ended."""
    try:
        told = json.loads(report.read_text(encoding="utf-8"))["tests"]
    except (OSError, ValueError, KeyError):
        return {}, [f"the grader ended with exit code {run.returncode}: {run.stderr[-300:]}"]
    found = {test["number"]: "done" if test["score"] else test["extra_data"]["state"] for test in told}
    harm = [f"the grader ended with exit code {run.returncode}"] if run.returncode not in EXIT_CODES else []
    return found, harm + [f"the grader said: {run.stderr[-300:]}" for _ in range(bool(run.stderr))]


def _traces(attack: Attack, folder: Path) -> list[Path]:
    """What the attack says it would leave, if it is there."""
    places = [base / Path(attack.harm).expanduser() for base in (folder, ROOT)] if attack.harm else []
    return sorted({place for place in places if place.exists()})


def _processes(mark: str) -> list[str]:
    """What still runs of an attack: processes with its mark in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if mark.encode() in environment:
            found.append(command[:80])
    return found
