"""Lesson 6: answers that call no other part, and what a message says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.engine.verdicts import State
from tests.autograder.harness import Harness, states_of
from tests.autograder.submissions import stub
from tests.bank.cases import Case, hand_made, together

OWN = ("the length apart from the angle", "numpy's interp along the walk")  # neither calls lerp


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    made = Harness("interpolation", tmp_path_factory.mktemp("interpolation"))
    yield made
    made.close()


def test_an_answer_of_its_own_needs_no_stand_in_for_an_unwritten_part(harness: Harness) -> None:
    unwritten = Case("unwritten", "6.1", stub("6.1"))
    own = [case for case in hand_made("right", harness.exercise) if case.name in OWN]
    outcomes = harness.grade(together([unwritten, *own]).text)
    assert states_of(outcomes) == {"6.1": "not started", **dict.fromkeys(harness.numbers[1:], "done")}
    assert outcomes["6.3"].finding.stood_in == ()
    outcomes = harness.grade(together([unwritten]).text)
    assert states_of(outcomes)["6.3"] == "done"
    assert outcomes["6.3"].finding.stood_in == ("6.1",)


NAIVE = """
t = torch.linspace(0, 1, num_steps)[:, None]
w = torch.acos((z_a / z_a.norm() * z_b / z_b.norm()).sum())
return (torch.sin((1 - t) * w) * z_a + torch.sin(t * w) * z_b) / torch.sin(w)
"""


def test_what_a_message_says(harness: Harness) -> None:
    """A textbook slerp without guards fails with NaN, and the message says for which vectors."""
    finding = harness.grade(harness.text({"6.2": NAIVE}))["6.2"].finding
    assert finding.state is State.WRONG
    assert finding.got == "numbers that are NaN or infinite, for vectors of one direction"
    straight = harness.grade(harness.text({"6.2": "return lerp(z_a, z_b, num_steps)"}))["6.2"].finding
    assert straight.expected.startswith("points that all have the length of both ends")
    transposed = harness.grade(harness.text({"6.5": "return z.repeat(len(values), 1).T"}))["6.5"].finding
    assert transposed.expected == "the rows of shape (len(values), Z) = (4, 5)"
