"""The grader's own grades: a mutant is accepted only if it is argued for, and no attack gains or harms."""

from __future__ import annotations

import pytest

from autograder.engine.catalogue import Exercise, exercises
from autograder.engine.oracle import SOLUTIONS
from autograder.engine.verdicts import State
from tests.bank.besiege import besiege
from tests.bank.hostile import ATTACKS, Attack
from tests.bank.trial import equivalent, missed, trials_of


@pytest.mark.parametrize("exercise", exercises(), ids=lambda exercise: exercise.name)
def test_a_mutant_is_accepted_exactly_if_it_is_argued_to_be_right(exercise: Exercise) -> None:
    trials = list(trials_of(exercise))
    accepted = {trial.mutant.name for trial in trials if trial.accepted}
    functions = {f"{function}:" for function in exercise.functions}
    argued = {name for name in equivalent() if name.split(" ")[0] in functions}
    assert accepted - missed().keys() == argued
    assert len(trials) > 2 * len(argued)
    assert not [t.mutant.name for t in trials if t.finding.state is State.UNCHECKED]


def test_no_attack_gains_a_part_or_does_harm() -> None:
    assert len(ATTACKS) >= 60
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    bad = [siege for siege in besiege() if siege.gained or siege.harmed]
    assert bad == []


def test_a_siege_sees_what_is_gained() -> None:
    (found,) = besiege([Attack("the solution itself", raw=(SOLUTIONS / "latent_solution.py").read_bytes())])
    assert found.gained == ("1.1", "1.2", "1.3", "1.4")
    assert found.harmed == ()
