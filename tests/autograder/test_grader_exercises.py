"""What holds for every exercise, on answers of the bank; what is special to an exercise has a file of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from autograder.engine.catalogue import exercises
from autograder.engine.judging.checks import checks_of
from autograder.engine.verdicts import Finding, State
from tests.autograder.harness import Harness, states_of
from tests.autograder.submissions import ROOT
from tests.bank.cases import Case, hand_made

NAMES = [exercise.name for exercise in exercises()]
SEEDS = {
    "latent": [11],
    "reparameterization": [],  # with other draws than the mistake's own: see its file
    "bound": [3, 11],
    "kl": [3, 11, 12],
    "interpolation": [3, 11],
    "conditional": [3, 11],
    "training": [3, 11],
    "sampling": [3, 11],
    "strange": [3, 11],
    "maps": [3, 11],
    "factors": [3, 11],
}
BY_RESULT = ("5.3",)  # no answer of such a part can be compared with that of a mistake: its check says what is odd


@pytest.fixture(scope="module", params=NAMES)
def harness(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    made = Harness(request.param, tmp_path_factory.mktemp(request.param))
    yield made
    made.close()


def wrong(harness: Harness) -> list[Case]:
    return hand_made("wrong", harness.exercise)


def test_the_solution_is_done_and_the_starter_not_started(harness: Harness) -> None:
    for seed in range(4):
        outcomes = harness.grade(harness.solution, seed)
        assert sum(o.score for o in outcomes.values()) == 20, [o.finding for o in outcomes.values()]
    assert set(states_of(harness.grade(harness.starter())).values()) == {"not started"}


def must_say_who_decided(harness: Harness, number: str, finding: Finding) -> None:
    assert finding.decided
    assert finding.check in {check.__name__ for check in checks_of(harness.exercise)[number]}
    assert re.fullmatch(r"\S.*", finding.probe), finding
    assert finding.file == f"autograder/test_{harness.exercise.name}.py"
    assert (ROOT / finding.file).read_text(encoding="utf-8").splitlines()[finding.line - 1].strip()


def test_there_are_many_mistakes_and_each_asks_a_question_and_leads_to_its_section(harness: Harness) -> None:
    for part in harness.exercise.parts:
        mistakes = harness.oracle.mistakes(part.number)
        assert len({mistake.name for mistake in mistakes}) == len(mistakes)
        assert len(mistakes) >= 8 or part.number in BY_RESULT
        for mistake in mistakes:
            assert "?" in mistake.question
            assert not re.search(r"return \S*\(", mistake.question), "a question is not the code"
            assert mistake.section == part.link.split("#")[1]


def test_each_mistake_gets_its_own_name_and_the_verdict_says_who_decided(harness: Harness) -> None:
    for seed in SEEDS[harness.exercise.name]:
        for mistake in (m for number in harness.numbers for m in harness.oracle.mistakes(number)):
            finding = harness.with_mistake(mistake, seed).finding
            assert finding.state is State.WRONG, mistake.name
            assert finding.mistake == mistake, (mistake.name, finding)
            must_say_who_decided(harness, mistake.part, finding)


def test_wrong_answers_get_the_name_of_their_mistake_or_none(harness: Harness) -> None:
    """A mistake that is written in another way has the same name; what has no name gets none."""
    for case in wrong(harness):
        finding = harness.grade(case.answer.text, numbers=[case.part])[case.part].finding
        assert finding.state is State.WRONG, case
        assert finding.expected
        assert finding.got
        must_say_who_decided(harness, case.part, finding)
        if case.mistake is not None:
            assert (finding.mistake.name if finding.mistake else "") == case.mistake, (case, finding)


def test_only_the_wrong_part_is_wrong(harness: Harness) -> None:
    first = {(case.part, not case.body): case for case in reversed(wrong(harness)) if case.mistake == ""}
    assert {part for part, _ in first} == set(harness.numbers)
    for case in first.values():
        states = states_of(harness.grade(case.answer.text))
        assert states == {**dict.fromkeys(harness.numbers, "done"), case.part: "wrong"}, case
