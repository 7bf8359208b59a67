"""`python -m tests.bank`, or `make bank`: grades the grader, prints the counts, and writes them to report.json."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tqdm import tqdm

from autograder.engine.catalogue import exercises
from autograder.engine.verdicts import State
from tests.autograder.bench import Bench
from tests.bank.besiege import besiege
from tests.bank.hostile import ATTACKS
from tests.bank.trial import equivalent, trials_of

REPORT = Path(__file__).with_name("report.json")


def mutants() -> dict[str, int]:
    """Machine-made faults: how many there are, how many are right after all, how many were accepted and are not."""
    right, found = equivalent(), []
    for exercise in exercises():
        found += list(tqdm(trials_of(exercise), desc=f"mutants, {exercise.name}", disable=None, leave=False))
    accepted = [trial.mutant.name for trial in found if trial.accepted]
    argued = sum(name in right for name in accepted)
    refused = [trial for trial in found if trial.mutant.name in right and not trial.accepted]
    counts = {"mutants": len(found), "right after all": argued, "falsely refused": len(refused)}
    return {**counts, "falsely accepted": len(accepted) - argued}


def mistakes(seed: int = 23) -> dict[str, int]:
    """Named mistakes: how many get their own name, another's, none, or pass."""
    counts = {"named mistakes": 0, "named right": 0, "named wrong": 0, "not named": 0, "accepted": 0}
    for exercise in exercises():
        with tempfile.TemporaryDirectory(prefix="bank-") as folder:
            bench = Bench(exercise.name, Path(folder))
            known = [mistake for number in bench.numbers for mistake in bench.oracle.mistakes(number)]
            for mistake in tqdm(known, desc=f"mistakes, {exercise.name}", disable=None, leave=False):
                finding = bench.with_mistake(mistake, seed).finding
                said = finding.mistake and finding.mistake.name
                verdict = "named right" if said == mistake.name else "named wrong" if said else "not named"
                counts["accepted" if finding.state is State.DONE else verdict] += 1
                counts["named mistakes"] += 1
            bench.close()
    return counts


def attacks() -> dict[str, int]:
    """Hostile submissions: how many gained a part, and how many did harm."""
    sieges = list(tqdm(besiege(), total=len(ATTACKS), desc="attacks", disable=None, leave=False))
    gained, harmed = sum(bool(s.gained) for s in sieges), sum(bool(s.harmed) for s in sieges)
    return {"attacks": len(sieges), "gained a part": gained, "did harm": harmed}


def main() -> None:
    report = {**mutants(), **mistakes(), **attacks()}
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for name, count in report.items():
        print(f"{count:5d}  {name}")


if __name__ == "__main__":
    main()
