"""Lesson 11: answers that call no other part, and what a message says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.autograder.harness import Harness, states_of
from tests.autograder.submissions import stub
from tests.bank.cases import Case, hand_made, together

OWN = "noise written into the decoder's rows"  # it calls no other part


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    made = Harness("conditional", tmp_path_factory.mktemp("conditional"))
    yield made
    made.close()


def test_parts_that_build_on_nothing_need_no_stand_in(harness: Harness) -> None:
    unwritten = [Case("unwritten", number, stub(number)) for number in ("11.1", "11.2")]
    own = next(case for case in hand_made("right", harness.exercise) if case.name == OWN)
    outcomes = harness.grade(together([*unwritten, own]).text)
    assert states_of(outcomes) == {"11.1": "not started", "11.2": "not started", "11.3": "done", "11.4": "done"}
    assert outcomes["11.3"].finding.stood_in == ()
    assert harness.grade(together(unwritten).text)["11.3"].finding.stood_in == ("11.2",)


SCALED = """
z = torch.randn(num_samples, latent_dim, generator=generator)
return decoder(torch.cat([z, torch.eye(num_classes)[label].repeat(num_samples, 1)], dim=1)) * 0.5
"""


def test_what_a_message_says(harness: Harness) -> None:
    whole = "return torch.eye(num_classes, dtype=torch.int64)[labels.long()]"
    outcomes = harness.grade(harness.text({"11.1": whole, "11.3": SCALED}))
    assert outcomes["11.1"].finding.expected == "one-hot labels of torch's default float type, float32"
    assert outcomes["11.1"].finding.got == "int64"
    assert outcomes["11.3"].finding.expected == "the decoder's output, as it is"


DETACHED = """
cross_entropy = nn.functional.cross_entropy(logits, labels)
return recon + beta * kl.detach() + gamma * cross_entropy
"""


def test_what_a_right_answer_elsewhere_contradicts_is_no_name(harness: Harness) -> None:
    """Its gradients are those of a loss without the KL, but its value has the KL in it: what is cut is named."""
    finding = harness.grade(harness.text({"11.4": DETACHED}))["11.4"].finding
    assert finding.got == "no gradient reaches kl"
    assert finding.mistake is not None
    assert finding.mistake.name == "the gradient to an input is cut off"
