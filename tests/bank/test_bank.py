"""The grader's own grades: right answers are done, mutants only if they are argued for, no attack gains or harms."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from autograder.engine.answering.oracle import SOLUTIONS
from autograder.engine.catalogue import Exercise, exercises
from autograder.engine.verdicts import State
from tests.bank import report
from tests.bank.attack_runner import run_attacks
from tests.bank.cases import hand_made, sets, together
from tests.bank.hostile import ATTACKS, Attack, text_of
from tests.bank.measure import equivalent, trials_of_mutants
from tests.bank.trial import SEED, trials

SHARES = 8  # of the attacks, so that all workers of pytest have some
each_exercise = pytest.mark.parametrize("exercise", exercises(), ids=lambda exercise: exercise.name)


@each_exercise
def test_right_but_unusual_answers_are_done(exercise: Exercise) -> None:
    """Several parts are answered in one file, so that unusual answers also call one another."""
    right = hand_made("right", exercise)
    found = trials([together(chosen) for chosen in sets(right)])
    assert len(found) >= 3 * len(exercise.parts)
    assert [(trial.part, trial.name, trial.finding) for trial in found if not trial.accepted] == []


@each_exercise
def test_a_mutant_is_accepted_exactly_if_it_is_argued_to_be_right(exercise: Exercise) -> None:
    found = trials_of_mutants(exercise.name, seed=SEED)
    accepted = {trial.name for trial in found if trial.accepted}
    functions = {f"{function}:" for function in exercise.functions}
    right = {name for name in equivalent() if name.split(" ")[0] in functions}
    assert accepted == right
    assert len(found) > 2 * len(right)
    assert not [trial.name for trial in found if trial.finding.state is State.UNCHECKED]


@pytest.mark.parametrize("share", range(SHARES))
def test_no_attack_gains_a_part_or_does_harm(share: int) -> None:
    assert [run for run in run_attacks(ATTACKS[share::SHARES]) if run.gained or run.harmed] == []


def test_a_run_sees_what_is_gained_and_what_is_left(tmp_path: Path) -> None:
    solution = (SOLUTIONS / "kl_solution.py").read_bytes()
    left = tmp_path / "left"
    left.touch()
    (found,) = run_attacks([Attack("the solution itself", raw=solution, exercise="kl", harm=str(left))])
    assert found.gained == ("4.1", "4.2", "4.3", "4.4", "4.5")
    assert found.harmed == (f"left {left}",)


def test_attacks_on_the_grader_itself_find_it() -> None:
    """Where a name of the grader's changed, an attack on it would be none, and pass."""
    texts = [text_of(attack).decode("utf-8", "replace") for attack in ATTACKS]
    named = {name for text in texts for name in re.findall(r"autograder(?:\.\w+)+", text)}
    assert len(named) >= 5
    assert [name for name in named if not importlib.util.find_spec(name)] == []
    for replaced in ("dispatch.Dispatcher.answer", "results.Results.describe", "side_effects.Snapshot.changes"):
        module, kind, method = replaced.split(".")
        assert any(f"{kind}.{method}" in text for text in texts)
        owner = vars(importlib.import_module(f"autograder.engine.worker_process.{module}"))[kind]
        assert callable(getattr(owner, method))


def test_names_are_told_apart() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    for kind in ("right", "wrong"):
        names = [(case.part, case.name) for case in hand_made(kind)]
        assert len(set(names)) == len(names)


def test_the_report_keeps_what_the_readme_promises() -> None:
    bank = report.load()["bank"]
    cases = {section: counts["cases"] for section, counts in bank.items()}
    assert cases["right"] >= 90
    assert min(cases["wrong"], cases["mutants"], cases["hostile"]) >= 60
    assert cases["mistakes"] >= 70
    assert bank["right"]["seeds"] == 3
    assert bank["right"]["false rejects"] == bank["mutants"]["false rejects"] == []
    assert bank["hostile"]["gained"] == bank["hostile"]["harm"] == {}
    wrong = [bank[section] for section in report.WRONG]
    assert sum(len(counts["false accepts"]) for counts in wrong) <= 0.01 * sum(counts["cases"] for counts in wrong)
    assert not any(counts["named wrong"] for counts in wrong)
    assert sum(c["named right"] for c in wrong) >= 0.9 * sum(c["with a name"] for c in wrong)


def test_the_report_is_about_what_is_in_the_bank() -> None:
    bank = report.load()["bank"]
    for kind in ("right", "wrong"):
        assert bank[kind]["cases"] == len(hand_made(kind))
    assert bank["hostile"]["cases"] == len(ATTACKS)


def test_the_readme_shows_the_report() -> None:
    text = report.README.read_text(encoding="utf-8")
    assert report.markdown(report.load()) in text, "`python -m tests.bank --readme` puts the table into the README"
