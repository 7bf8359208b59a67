"""Messages that used to mislead: an error in a finished part, numbers that need their input, halves, sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograder.engine import report
from autograder.engine.grading.session import Outcome
from autograder.engine.verdicts import State
from tests.autograder.harness import Harness
from tests.autograder.submissions import Grade, solution_with, stub

Exercise = Callable[[str], Harness]


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exercise]:
    made: dict[str, Harness] = {}

    def of(name: str) -> Harness:
        if name not in made:
            made[name] = Harness(name, tmp_path_factory.mktemp(name))
        return made[name]

    yield of
    for harness in made.values():
        harness.close()


def said(outcome: Outcome) -> str:
    return " ".join(" ".join(report.message(outcome)).split())


def test_an_error_in_a_finished_part_names_the_line_that_called_it(exercise: Exercise) -> None:
    line = "return torch.stack([reparameterize(mu, log_var, generator) for _ in range(num_samples)])"
    harness = exercise("reparameterization")
    outcome = harness.grade(harness.text({"2.4": line}), numbers=["2.4"])["2.4"]
    assert "return mu + log_var_to_std(log_var) * eps # (B, Z) -- called in line" in said(outcome)
    assert line in said(outcome)


def test_an_error_in_the_function_itself_has_one_line(graded: Grade) -> None:
    got = graded(solution_with({"1.1": "return self.fc_mu(h)"}))["1.1"].finding
    assert got.got.endswith("return self.fc_mu(h)")
    assert "called in" not in got.got


def test_sizes_are_spoken_of_where_the_error_does(graded: Grade) -> None:
    fixed = "return self.fc_mu(torch.relu(self.encoder_fc2(torch.relu(self.encoder_fc1(x.view(-1, 256))))))"
    outcomes = graded(solution_with({"1.1": fixed, "1.2": "return torch.sigmoid(h)"}))
    assert "which works for any sizes" in said(outcomes["1.1"])
    assert "any sizes" not in said(outcomes["1.2"])


@pytest.mark.parametrize(
    ("name", "number", "body", "words"),
    [
        ("kl", "4.1", "return 256 * functional.binary_cross_entropy(x_hat, x)", "Input x_hat (5, 7), x (5, 7)"),
        ("conditional", "11.1", "return (labels[:, None] == 1 + torch.arange(num_classes)) + 0.0", "Input labels = ("),
        ("interpolation", "6.1", "return torch.zeros(num_steps, len(z_a))", "num_steps = 5"),
    ],
)
def test_the_input_is_shown(exercise: Exercise, name: str, number: str, body: str, words: str) -> None:
    harness = exercise(name)
    assert words in said(harness.grade(harness.text({number: body}), numbers=[number])[number])


HALVES = {
    "4.3": ("kl", "kl_per_dimension", "active_units"),
    "6.4": ("interpolation", "attribute_direction", "apply_direction"),
}


@pytest.mark.parametrize("number", HALVES)
def test_a_right_half_is_said_to_be_right(exercise: Exercise, number: str) -> None:
    name, first, second = HALVES[number]
    harness = exercise(name)
    outcome = harness.grade(harness.text({f"{number}b": stub(number)}), numbers=[number])[number]
    assert (outcome.finding.state, outcome.score) == (State.HALF, 0)
    assert f"To do `{first}` is right; write `{second}` as well" in said(outcome)
    assert "half done" in report.line(outcome)


def test_the_second_half_may_be_first(exercise: Exercise) -> None:
    harness = exercise("interpolation")
    outcome = harness.grade(harness.text({"6.4": stub("6.4")}), numbers=["6.4"])["6.4"]
    assert outcome.finding.state is State.HALF
    assert "`apply_direction` is right; write `attribute_direction` as well" in said(outcome)


def test_a_second_half_that_waits_for_the_first_is_not_called_unwritten(exercise: Exercise) -> None:
    harness = exercise("kl")
    outcome = harness.grade(harness.text({"4.3": stub("4.3")}), numbers=["4.3"])["4.3"]
    assert (outcome.finding.state, outcome.score) == (State.HALF, 0)
    assert "`active_units` calls `kl_per_dimension`, which is not written yet: write it" in said(outcome)


@pytest.mark.parametrize(("count", "state"), [("(kl > threshold)", State.HALF), ("(kl > threshold)[1:]", State.WRONG)])
def test_a_second_half_that_stands_alone_is_judged_alone(exercise: Exercise, count: str, state: State) -> None:
    harness = exercise("kl")
    body = f"""
    kl = 0.5 * (mu**2 + log_var.exp() - 1 - log_var).mean(0)
    return int({count}.sum())
    """
    text = harness.text({"4.3": stub("4.3"), "4.3b": body})
    assert harness.grade(text, numbers=["4.3"])["4.3"].finding.state is state


def test_a_wrong_half_is_wrong_though_the_other_is_not_written(exercise: Exercise) -> None:
    harness = exercise("interpolation")
    text = harness.text({"6.4": "return z_with.mean(0) + z_without.mean(0)", "6.4b": stub("6.4")})
    assert harness.grade(text, numbers=["6.4"])["6.4"].finding.state is State.WRONG


def test_zero_has_no_sign(exercise: Exercise) -> None:
    body = """
    w = torch.acos((z_a / z_a.norm() @ (z_b / z_b.norm())).clamp(-1, 1))
    t = torch.linspace(0, 1, num_steps)[:, None]
    return (torch.sin((1 - t) * w) * z_a + torch.sin(t * w) * z_b) / (torch.sin(w) + 1e-8)
    """
    harness = exercise("interpolation")
    assert "Got (0, 0, 0)" in said(harness.grade(harness.text({"6.2": body}), numbers=["6.2"])["6.2"])
