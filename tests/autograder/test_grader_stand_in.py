"""A part that calls an earlier one which is not done is judged with the reference's answers in that one's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from autograder.engine.verdicts import State
from tests.autograder.harness import Harness, states_of
from tests.autograder.submissions import stub

GetBench = Callable[[str], Harness]
LESSONS = {
    "1": "latent", "2": "reparameterization", "3": "bound", "4": "kl", "5": "training", "6": "interpolation",
    "11": "conditional",
}  # fmt: skip


@pytest.fixture(scope="module")
def harness_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GetBench]:
    """The harness of the exercise that a part belongs to."""
    made: dict[str, Harness] = {}

    def get(number: str) -> Harness:
        name = LESSONS[number.split(".")[0]]
        if name not in made:
            made[name] = Harness(name, tmp_path_factory.mktemp(name))
        return made[name]

    yield get
    for harness in made.values():
        harness.close()


def over_stubs(harness: Harness, bodies: Mapping[str, str], done: tuple[str, ...] = ()) -> str:
    """The starter with these bodies, and the solution's in the parts that are done."""
    unwritten = {key: stub(key.removesuffix("b")) for n in harness.numbers for key in (n, f"{n}b") if n not in done}
    return harness.text({**unwritten, **bodies})


KL_COLUMNS = """
return torch.stack([kl_divergence(mu[:, [d]], log_var[:, [d]]).mean() for d in range(mu.shape[1])])
"""
KL_AND_UNITS = {"4.3": KL_COLUMNS, "4.3b": "return int((kl_per_dimension(mu, log_var) > threshold).sum())"}
DRAW = """
if eps is None:
    eps = torch.randn(mu.shape, generator=generator)
return mu + log_var_to_std(log_var=log_var) * eps
"""
SAMPLES = """
shape = (num_samples, *mu.shape)
return reparameterize(mu.expand(shape), log_var.expand(shape), generator=generator)
"""
SAMPLES_IN_A_LOOP = """
return torch.stack([reparameterize(mu, log_var, None, generator) for _ in range(num_samples)])
"""
LABELLED = """
z = torch.randn(num_samples, latent_dim, generator=generator)
return decoder(torch.cat([z, one_hot(torch.full((num_samples,), label), num_classes)], dim=1))
"""

BOUND_OVER_ELBO = """
log_w = log_px_z + log_pz - log_qz
below = elbo(log_px_z, log_pz, log_qz=log_qz).nan_to_num(neginf=0.0)  # a weight of 0 makes it -inf
return below + log_mean_exp(log_w - below, dim=0)
"""
POSTERIOR_OVER_PRIOR = """
std = torch.exp(0.5 * log_var)
return log_prior((z - mu) / std) - std.log().sum(-1)
"""

# the later part as the solution writes it, or in another usual way; which parts stand in
USUAL: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "1.4 calls 1.3": ("1.4", {}, ("1.3",)),
    "2.3 calls 2.2": ("2.3", {}, ("2.2",)),
    "2.3 calls 2.2 by name": ("2.3", {"2.3": DRAW}, ("2.2",)),
    "2.4 calls 2.2": ("2.4", {}, ("2.2",)),
    "2.4 calls 2.3": ("2.4", {"2.4": SAMPLES}, ("2.3",)),
    "2.4 calls 2.3 for each sample": ("2.4", {"2.4": SAMPLES_IN_A_LOOP}, ("2.3",)),
    "3.2 calls 3.1": ("3.2", {"3.2": POSTERIOR_OVER_PRIOR}, ("3.1",)),
    "3.5 calls 3.3": ("3.5", {}, ("3.3",)),
    "3.5 calls 3.3 and 3.4": ("3.5", {"3.5": BOUND_OVER_ELBO}, ("3.3", "3.4")),
    "4.3 calls 4.2": ("4.3", KL_AND_UNITS, ("4.2",)),
    "4.4 calls 4.1 and 4.2": ("4.4", {}, ("4.1", "4.2")),
    "6.2 calls 6.1": ("6.2", {}, ("6.1",)),
    "6.3 calls 6.1": ("6.3", {}, ("6.1",)),
    "11.2 calls 11.1": ("11.2", {}, ("11.1",)),
    "11.3 calls 11.1": ("11.3", {"11.3": LABELLED}, ("11.1",)),
    "11.3 calls 11.2": ("11.3", {}, ("11.2",)),
}


@pytest.mark.parametrize("name", USUAL)
def test_only_the_later_part_is_written(harness_of: GetBench, name: str) -> None:
    number, bodies, stood_in = USUAL[name]
    harness = harness_of(number)
    outcomes = harness.grade(over_stubs(harness, bodies, (number,)))
    assert states_of(outcomes) == {**dict.fromkeys(harness.numbers, "not started"), number: "done"}
    assert outcomes[number].finding.stood_in == stood_in
    assert outcomes[number].score == outcomes[number].part.points
    assert sum(outcome.score for outcome in outcomes.values()) == outcomes[number].score


WRONG = {
    "1.3": "return [torch.zeros(16, 16)] * num_steps",
    "2.2": "return torch.exp(log_var)",
    "2.3": "return mu",
    "3.1": "return z.sum(-1)",
    "3.3": "return values.exp().mean(dim).log()",
    "3.4": "return (log_px_z + log_pz).sum(0)",
    "4.1": "return (x_hat - x).square().sum(1).mean()",
    "4.2": "return 1 / 0",
    "6.1": "return torch.zeros(num_steps, len(z_a))",
    "11.1": "return torch.zeros(len(labels), num_classes)",
    "11.2": "return x",
}


@pytest.mark.parametrize("name", USUAL)
def test_the_earlier_parts_are_wrong(harness_of: GetBench, name: str) -> None:
    number, bodies, stood_in = USUAL[name]
    harness = harness_of(number)
    outcomes = harness.grade(harness.text({**{n: WRONG[n] for n in stood_in}, **bodies}))
    assert outcomes[number].finding.state is State.DONE, outcomes[number]
    assert outcomes[number].finding.stood_in == stood_in
    assert [n for n, outcome in outcomes.items() if outcome.finding.state is State.WRONG] == list(stood_in)


def test_a_part_through_one_that_stands_on_another(harness_of: GetBench) -> None:
    """11.2 is done with a stand-in for 11.1, and 11.3 calls 11.2, the student's own."""
    harness = harness_of("11.3")
    outcomes = harness.grade(over_stubs(harness, {}, ("11.2", "11.3")))
    assert states_of(outcomes) == {"11.1": "not started", "11.2": "done", "11.3": "done", "11.4": "not started"}
    assert [outcomes[number].finding.stood_in for number in ("11.2", "11.3")] == [("11.1",), ("11.1",)]


def test_one_earlier_part_is_unwritten_and_another_wrong(harness_of: GetBench) -> None:
    harness = harness_of("4.4")
    outcomes = harness.grade(harness.text({"4.1": stub("4.1"), "4.2": WRONG["4.2"]}))
    assert states_of(outcomes) == {"4.1": "not started", "4.2": "wrong", "4.3": "done", "4.4": "done", "4.5": "done"}
    assert outcomes["4.4"].finding.stood_in == ("4.1", "4.2")
    assert outcomes["4.3"].finding.stood_in == ()


def test_an_earlier_function_is_not_there_at_all(harness_of: GetBench) -> None:
    harness = harness_of("6.3")
    outcomes = harness.grade(harness.solution.replace("def lerp(", "def linear("))
    assert "did you rename it" in outcomes["6.1"].finding.got
    assert [outcomes[number].finding.stood_in for number in ("6.2", "6.3")] == [("6.1",), ("6.1",)]
    assert outcomes["6.3"].finding.state is State.DONE


MISTAKEN = {
    "beta is ignored": (
        "4.4",
        """
        recon, kl = reconstruction_loss(recon_x, x), kl_divergence(mu, log_var).mean()
        return recon + kl, recon, kl
        """,
    ),
    "the gradient of the total is cut off": (
        "4.4",
        """
        with torch.no_grad():
            recon, kl = reconstruction_loss(recon_x, x), kl_divergence(mu, log_var).mean()
        return recon + beta * kl, recon, kl
        """,
    ),
    "log q is added": ("3.5", "return log_mean_exp(log_px_z + log_pz + log_qz)"),
    "averaged over images, not over samples": ("3.5", "return log_mean_exp(log_px_z + log_pz - log_qz, dim=1)"),
    "uniform noise": (
        "2.3",
        """
        if eps is None:
            eps = torch.rand(mu.shape, generator=generator)
        return mu + log_var_to_std(log_var) * eps
        """,
    ),
    "all samples share their noise": (
        "2.4",
        "return torch.stack([reparameterize(mu, log_var, None, generator)] * num_samples)",
    ),
    "joints appear twice": (
        "6.3",
        """
        stops = [*waypoints, *waypoints[:1]] if closed else [*waypoints]
        return torch.cat([lerp(a, b, steps_per_leg + 1) for a, b in zip(stops, stops[1:])])
        """,
    ),
    "the label comes first": ("11.2", "return torch.cat([one_hot(labels, num_classes), x], dim=1)"),
}


@pytest.mark.parametrize("name", MISTAKEN)
def test_a_mistake_over_an_unwritten_part_gets_its_name(harness_of: GetBench, name: str) -> None:
    number, body = MISTAKEN[name]
    harness = harness_of(number)
    finding = harness.grade(over_stubs(harness, {number: body}))[number].finding
    assert finding.state is State.WRONG
    assert finding.stood_in
    assert finding.mistake is not None, finding
    names = {mistake.name for mistake in harness.oracle.mistakes(number)}
    assert finding.mistake.name == name, names
