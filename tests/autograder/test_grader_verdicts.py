"""The solution is done, the starter not started, and a part that is wrong takes no other part with it."""

from __future__ import annotations

import pytest

from autograder.engine.grading.session import Outcome
from tests.autograder.submissions import PARTS, SOLUTION, Grade, GradeAll, solution_with, states, stub, stubs

WRONG = {
    "1.1": "return 2 - self.fc_mu(torch.relu(self.encoder_fc2(torch.relu(self.encoder_fc1(x)))))",
    "1.2": "return 1 - torch.sigmoid(self.decoder_out(torch.relu(self.decoder_fc2(torch.relu(self.decoder_fc1(z))))))",
    "1.3": "return [torch.zeros(16, 16)] * num_steps",
    "1.4": "return [np.zeros((16, 16), np.uint8)] * 5",
}
OWN_WALK = """
legs = []
with torch.no_grad():
    codes = [vae.encode(p) for p in patterns]
    for a, b in zip(codes, codes[1:] + codes[:1]):
        legs += [vae.decode(a + t * (b - a)) for t in (0, 0.25, 0.75, 1)]
frames = [(leg.reshape(16, 16).numpy() * 255).round().astype("uint8") for leg in legs]
iio.imwrite(path, np.stack(frames), extension=".gif", duration=1000 / fps)
return frames
"""
LEFT_BELOW = "h = torch.relu(self.encoder_fc1(x))\nmu = self.fc_mu(torch.relu(self.encoder_fc2(h)))\n"
TEXTS = {
    "solution": SOLUTION,
    "starter": solution_with(stubs(*PARTS)),
    **{f"wrong {number}": solution_with({number: body}) for number, body in WRONG.items()},
    "two unwritten": solution_with(stubs("1.2", "1.3")),
    "own walk": solution_with({"1.3": stub("1.3"), "1.4": OWN_WALK}),
    "stub left": solution_with(
        {
            "1.1": LEFT_BELOW + stub("1.1"),
            "1.2": stub("1.2") + "\nreturn torch.sigmoid(z)",
            "1.3": "return [torch.zeros(16, 16)]\n" + stub("1.3"),  # never reached, so it does no harm
            "1.4": stub("1.4"),
        }
    ),
}

Verdicts = dict[str, dict[str, Outcome]]


@pytest.fixture(scope="module")
def verdicts(graded_side_by_side: GradeAll) -> Verdicts:
    return graded_side_by_side(TEXTS)


def test_the_solution_is_done(verdicts: Verdicts) -> None:
    assert states(verdicts["solution"]) == ["done"] * 4
    assert sum(outcome.score for outcome in verdicts["solution"].values()) == 20


def test_the_starter_is_not_started(verdicts: Verdicts) -> None:
    assert states(verdicts["starter"]) == ["not started"] * 4
    assert sum(outcome.score for outcome in verdicts["starter"].values()) == 0


@pytest.mark.parametrize("number", PARTS)
def test_only_the_wrong_part_is_wrong(verdicts: Verdicts, number: str) -> None:
    outcomes = verdicts[f"wrong {number}"]
    for other in PARTS:
        state = outcomes[other].finding.state.value
        if other == number:
            assert state == "wrong"
            assert outcomes[other].finding.mistake is None
        else:
            assert state == "done", other
            assert outcomes[other].finding.stood_in == (("1.3",) if (number, other) == ("1.3", "1.4") else ())


def test_a_part_that_uses_an_unwritten_part_is_judged_with_a_stand_in(verdicts: Verdicts) -> None:
    assert states(verdicts["two unwritten"]) == ["done", "not started", "not started", "done"]
    assert verdicts["two unwritten"]["1.4"].finding.stood_in == ("1.3",)


def test_a_walk_of_its_own_needs_no_stand_in(verdicts: Verdicts) -> None:
    assert states(verdicts["own walk"]) == ["done", "done", "not started", "done"]
    assert verdicts["own walk"]["1.4"].finding.stood_in == ()


def test_a_stub_left_beside_code_is_named(verdicts: Verdicts) -> None:
    outcomes = verdicts["stub left"]
    assert states(outcomes) == ["wrong", "wrong", "wrong", "not started"]
    for number in ("1.1", "1.2"):
        assert "still stands in line" in outcomes[number].finding.got
    assert outcomes["1.3"].finding.got == "1"


def test_another_seed_gives_other_numbers(graded: Grade, verdicts: Verdicts) -> None:
    text = solution_with({**stubs("1.2", "1.3", "1.4"), "1.1": WRONG["1.1"]})
    seven, four = graded(text), graded(text, seed=4)
    assert seven["1.1"].finding == verdicts["wrong 1.1"]["1.1"].finding
    assert seven["1.1"].finding.got != four["1.1"].finding.got
