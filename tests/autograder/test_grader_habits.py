"""Names for what any part can get wrong: given if they explain all that is wrong, on two probes, and else never."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.engine.verdicts import State
from tests.autograder.harness import Harness


@pytest.fixture(scope="module")
def kl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    made = Harness("kl", tmp_path_factory.mktemp("kl"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def interpolation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    made = Harness("interpolation", tmp_path_factory.mktemp("interpolation"))
    yield made
    made.close()


def named(harness: Harness, number: str, body: str) -> str:
    finding = harness.grade(harness.text({number: body}), numbers=[number])[number].finding
    assert finding.state is State.WRONG
    return finding.mistake.name if finding.mistake else ""


WAY = "z = (1 - torch.linspace(0, 1, num_steps)[:, None]) * z_a + torch.linspace(0, 1, num_steps)[:, None] * z_b"


@pytest.mark.parametrize(
    ("end", "name"),
    [
        ("z_a += 1\nreturn z", "an input is written into"),
        ("z_a += 1\nreturn z + 1", ""),  # two mistakes: one does not explain the other
        ("return z[:, None]", "an axis of size one too many"),
        ("return 2 * z[:, None]", ""),
        ("torch.set_grad_enabled(False)\nreturn z", "gradients are switched off for good"),
        ("torch.manual_seed(3)\nreturn z", "a seed inside the function"),
        ("return z.reshape(-1, 64)", "a size of the lesson's models is written down"),
        ("size = 8 * 8\nreturn z.reshape(-1, size)", ""),
        ("return nn.ReLU(z) + z", "a layer or loss that is made, not called"),
        ("return nn.ReLU()(z)", ""),
    ],
)
def test_a_habit_is_named_where_it_explains_all(interpolation: Harness, end: str, name: str) -> None:
    assert named(interpolation, "6.1", f"{WAY}\n{end}") == name


def test_a_habit_on_one_probe_is_not_named(interpolation: Harness) -> None:
    assert named(interpolation, "6.1", f"{WAY}\nif num_steps == 5:\n    z_a += 1\nreturn z") == ""


def test_a_gradient_that_is_cut_off(kl: Harness) -> None:
    body = 'return functional.binary_cross_entropy(x_hat, x.detach(), reduction="none").sum(1).mean()'
    assert named(kl, "4.1", body) == "the gradient to an input is cut off"


def test_other_parameters(kl: Harness) -> None:
    text = kl.solution.replace("warm_up_steps: int, beta_max: float = 1.0", "warm_up_steps: int, beta_min: float = 1.0")
    assert text != kl.solution
    finding = kl.grade(text.replace("beta_max", "beta_min"), numbers=["4.5"])["4.5"].finding
    assert finding.mistake is not None
    assert finding.mistake.name == "other parameters than the starter's"


def test_sizes_that_do_not_fit_are_alike_in_either_order(interpolation: Harness) -> None:
    name = "the weights have no axis for the dimensions"
    assert named(interpolation, "6.1", "t = torch.linspace(0, 1, num_steps)\nreturn t * z_b + (1 - t) * z_a") == name
    assert named(interpolation, "6.1", "t = torch.linspace(0, 1, num_steps)\nreturn z_a + (z_b - z_a) * t") == name
