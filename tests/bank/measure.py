"""What the bank measures, section by section: counts, and the names of the cases that went wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.engine.answering.oracle import SOLUTIONS
from autograder.engine.catalogue import exercises
from tests.bank.attack_runner import run_attacks
from tests.bank.cases import BANK, Case, cases, hand_made
from tests.bank.hostile import ATTACKS, Attack
from tests.bank.mutants import mutants_of
from tests.bank.trial import Trial, mistakes, trials

__all__ = ["COLUMNS", "Counts", "equivalent", "trials_of_mutants"]

Counts = dict[str, Any]


def equivalent() -> dict[str, str]:
    """Mutants that are right, by name, each with the reason."""
    entries = tomllib.loads((BANK / "equivalent.toml").read_text(encoding="utf-8"))
    return {name: entry["why"] for name, entry in entries.items()}


def trials_of_mutants(*names: str, title: str = "", seed: int) -> list[Trial]:
    """The verdicts about all mutants, or about those of some exercises."""
    chosen = [exercise for exercise in exercises() if not names or exercise.name in names]
    texts = [(exercise, (SOLUTIONS / exercise.solution).read_text(encoding="utf-8")) for exercise in chosen]
    return trials([mutant for exercise, text in texts for mutant in mutants_of(exercise, text)], title, [seed])


def _right(chosen: Sequence[Case], seed: int) -> Counts:
    seeds = [seed, seed + 1, seed + 2]
    found = trials([case.answer for case in chosen], "right answers", seeds)
    return {"cases": len(chosen), "seeds": len(seeds), "false rejects": _names(t for t in found if not t.accepted)}


def _wrong(found: Sequence[Trial]) -> Counts:
    """Each case is accepted, named rightly, named wrongly, named where nobody said what is right, or nameless."""
    refused = [trial for trial in found if not trial.accepted]
    named = [trial for trial in refused if trial.named]
    return {
        "cases": len(found),
        "with a name": sum(bool(trial.mistake) for trial in found),
        "false accepts": _names(trial for trial in found if trial.accepted),
        "named right": sum(trial.named == trial.mistake for trial in named),
        "named wrong": _given(trial for trial in named if trial.mistake not in (None, trial.named)),
        "named": _given(trial for trial in named if trial.mistake is None),
        "nameless": len(refused) - len(named),
    }


def _mutants(seed: int) -> Counts:
    right = equivalent()
    found = trials_of_mutants(title="mutants", seed=seed)
    good = [trial for trial in found if trial.name in right]
    refused = _names(trial for trial in good if not trial.accepted)
    rest = _wrong([trial for trial in found if trial.name not in right])
    return {**rest, "right after all": len(good), "false rejects": refused}


def _hostile(attacks: Sequence[Attack]) -> Counts:
    runs = run_attacks(attacks, "hostile submissions")
    gained = {run.name: list(run.gained) for run in runs if run.gained}
    return {"cases": len(runs), "gained": gained, "harm": {s.name: list(s.harmed) for s in runs if s.harmed}}


def _handed_in(folder: Path) -> list[Attack]:
    path = folder / "hostile.toml"
    found = tomllib.loads(path.read_text(encoding="utf-8"))["case"] if path.exists() else []
    return [Attack(c["name"], raw=c["text"].encode(), exercise=c["exercise"], harm=c["harm"]) for c in found]


def _judged(chosen: Sequence[Case], seed: int) -> Counts:
    return _wrong(trials([case.answer for case in chosen], "wrong answers", [seed]))


def _names(found: Iterable[Trial]) -> list[str]:
    return sorted({f"{trial.part} {trial.name}" for trial in found})


def _given(found: Iterable[Trial]) -> dict[str, str]:
    return dict(sorted((f"{trial.part} {trial.name}", trial.named) for trial in found))


def _from_outside(name: str) -> dict[str, Callable[[int], Counts]]:
    """Cases of people who did not see the checks, from a folder of the bank."""
    folder = BANK / name
    return {
        "right": lambda seed: _right(cases(folder / "right.toml"), seed),
        "wrong": lambda seed: _judged(cases(folder / "wrong.toml"), seed),
        "hostile": lambda _: _hostile(_handed_in(folder)),
    }


COLUMNS: Mapping[str, Mapping[str, Callable[[int], Counts]]] = {
    "bank": {
        "right": lambda seed: _right(hand_made("right"), seed),
        "wrong": lambda seed: _judged(hand_made("wrong"), seed),
        "mutants": _mutants,
        "mistakes": lambda seed: _wrong(mistakes("named mistakes", seed)),
        "hostile": lambda _: _hostile(ATTACKS),
    },
    "held back": _from_outside("held_back"),
    "blind": _from_outside("blind"),
    "second blind": _from_outside("blind_2"),
    "third blind": _from_outside("blind_3"),
}
