"""Lessons 2 and 7: random answers are judged and named by their distribution, whatever numbers happened to come."""

from __future__ import annotations

from collections import abc
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.engine.calls import Answer, Call, Generator, Round
from autograder.engine.grading.session import Session
from autograder.engine.judging.checks import checks_of
from autograder.engine.judging.moments import Noise, must_be_independent, must_be_standard_normal, see
from autograder.engine.verdicts import Finding, Mistake, State, Wrong
from tests.autograder.harness import AsIf, Harness


@pytest.fixture(scope="module", params=["reparameterization", "sampling"])
def harness(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> abc.Iterator[Harness]:
    made = Harness(request.param, tmp_path_factory.mktemp(request.param))
    yield made
    made.close()


class OtherDraws(AsIf):
    """Makes a mistake with other random numbers than those that the mistake is replayed with."""

    def ask_each(self, calls: abc.Sequence[Call]) -> abc.Generator[Answer]:
        yield from super().ask_each([self._changed(call) for call in calls])

    def _changed(self, call: Call) -> Call:
        rounds = [Round(r.seed + 1, {name: _other(v) for name, v in r.kwargs.items()}) for r in call.rounds]
        named = {name: _other(value) for name, value in call.kwargs.items()}
        return replace(call, rounds=rounds, kwargs=named)


def _other(value: Any) -> Any:
    return Generator(value.seed + 1, value.drawn) if isinstance(value, Generator) else value


def finding(harness: Harness, mistake: Mistake, seed: int) -> Finding:
    session = Session(harness.exercise, harness.oracle.solution, seed, oracle=harness.oracle)
    session.submission = OtherDraws(harness.exercise, harness.oracle, mistake)
    for check in checks_of(harness.exercise)[mistake.part]:
        session.check(mistake.part, check)
    return session.outcomes()[0].finding


@pytest.mark.parametrize("seed", [3, 11])
def test_each_mistake_gets_its_own_name_with_other_draws(harness: Harness, seed: int) -> None:
    mistakes = [mistake for number in harness.numbers for mistake in harness.oracle.mistakes(number)]
    for mistake in mistakes:
        found = finding(harness, mistake, seed)
        assert found.state is State.WRONG, mistake.name
        assert found.mistake == mistake, (mistake.name, found)


def test_moments_accept_what_is_right_and_see_what_is_not() -> None:
    rng = np.random.default_rng(0)
    axes = ("images", "dimensions")
    for _ in range(50):
        noise = Noise(rng.standard_normal((4, 30, 40)), axes)
        must_be_standard_normal(noise, "noise")
        must_be_independent(noise, "noise")
        assert see(noise) == see(Noise(rng.standard_normal((4, 30, 40)), axes))
    shared = Noise(np.repeat(rng.standard_normal((4, 30, 1)), 40, 2), axes)
    assert see(shared).shared == ("dimensions",)
    with pytest.raises(Wrong, match="the same noise for all dimensions"):
        must_be_independent(shared, "noise")
    repeated = Noise(np.repeat(rng.standard_normal((4, 1, 4)), 400, 1), ("samples", "dimensions"))
    assert see(repeated).shared == ("samples",), "16 numbers say nothing about the 4 dimensions"
    single = Noise(np.broadcast_to(rng.standard_normal((4, 1, 1)), (4, 80, 70)), axes)
    assert see(single).shared == axes
    for wrong in (rng.uniform(-1.732, 1.732, (4, 60, 90)), 1.1 * rng.standard_normal((4, 60, 90))):
        with pytest.raises(Wrong):
            must_be_standard_normal(Noise(wrong, axes), "noise")
        assert see(Noise(wrong, axes)) != see(Noise(0.5 * wrong, axes))
