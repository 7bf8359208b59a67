"""Lesson 2: random answers are judged and named by their distribution, whatever the numbers that happened to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.engine.calls import Answer, Call, Generator, Round
from autograder.engine.moments import Noise, must_be_independent, must_be_standard_normal, see
from autograder.engine.session import Session, checks_of
from autograder.engine.verdicts import Finding, Mistake, State, Wrong
from tests.autograder.bench import AsIf, Bench, states_of


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = Bench("reparameterization", tmp_path_factory.mktemp("reparameterization"))
    yield made
    made.close()


def test_the_solution_is_done_and_the_starter_not_started(bench: Bench) -> None:
    for seed in range(4):
        outcomes = bench.grade(bench.solution, seed)
        assert sum(o.score for o in outcomes.values()) == 20, [o.finding for o in outcomes.values()]
    assert set(states_of(bench.grade(bench.starter())).values()) == {"not started"}


class OtherDraws(AsIf):
    """Makes a mistake with other random numbers than those that the mistake is replayed with."""

    def ask(self, call: Call) -> Answer:
        rounds = [Round(r.seed + 1, {name: _other(v) for name, v in r.kwargs.items()}) for r in call.rounds]
        named = {name: _other(value) for name, value in call.kwargs.items()}
        answer = super().ask(replace(call, rounds=rounds, kwargs=named))
        assert not answer.missing
        return answer


def _other(value: Any) -> Any:
    return Generator(value.seed + 1, value.drawn) if isinstance(value, Generator) else value


def finding(bench: Bench, mistake: Mistake, seed: int) -> Finding:
    session = Session(bench.exercise, bench.oracle.solution, seed, oracle=bench.oracle)
    session.submission = OtherDraws(bench.exercise, bench.oracle, mistake)
    for check in checks_of(bench.exercise)[mistake.part]:
        session.check(mistake.part, check)
    return session.outcomes()[0].finding


@pytest.mark.parametrize("seed", [3, 11])
def test_each_mistake_gets_its_own_name_with_other_draws(bench: Bench, seed: int) -> None:
    mistakes = [mistake for number in bench.numbers for mistake in bench.oracle.mistakes(number)]
    assert len({(m.part, m.name) for m in mistakes}) == len(mistakes) >= 80
    for mistake in mistakes:
        found = finding(bench, mistake, seed)
        assert found.state is State.WRONG, mistake.name
        assert found.mistake == mistake, (mistake.name, found)


def test_each_mistake_asks_a_question_and_leads_to_its_section(bench: Bench) -> None:
    for part in bench.exercise.parts:
        for mistake in bench.oracle.mistakes(part.number):
            assert "?" in mistake.question
            assert mistake.section == part.link.split("#")[1]


UNUSUAL = [
    {
        "2.1": "h = encoder.forward(x)\nreturn [fc_mu(h), fc_log_var(h).clamp(-10, 10)]",
        "2.2": "return log_var.exp().sqrt()",
        "2.3": """
        std = log_var_to_std(log_var)
        if eps is None:
            eps = torch.normal(torch.zeros_like(mu), torch.ones_like(mu), generator=generator)
        return torch.addcmul(mu, std, eps)
        """,
        "2.4": "return torch.stack([reparameterize(mu, log_var, generator=generator) for _ in range(num_samples)])",
        "2.5": "return torch.normal(0.0, 1.0, (num_samples, latent_dim), generator=generator)",
    },
    {
        "2.1": """
        from collections import namedtuple
        print("encoding", x.shape)
        h = encoder(x)
        return namedtuple("Pair", "mu log_var")(fc_mu(h).double(), fc_log_var(h))
        """,
        "2.2": "return torch.exp(log_var.double()) ** 0.5",
        "2.3": """
        if eps is None and generator is None:
            return torch.distributions.Normal(mu, torch.exp(log_var / 2)).rsample()
        if eps is None:
            eps = torch.empty_like(mu).normal_(generator=generator)
        return torch.exp(log_var / 2) * eps + mu
        """,
        "2.4": """
        half = torch.randn((num_samples + 1) // 2, *mu.shape, generator=generator)
        eps = torch.cat([half, -half])[:num_samples]  # antithetic pairs
        return mu + log_var_to_std(log_var) * eps
        """,
        "2.5": """
        rows = [torch.randn(latent_dim, generator=generator) for _ in range(num_samples)]
        return torch.stack(rows).double()
        """,
    },
    {
        "2.1": "h = encoder(x)\nreturn tuple(head(h) for head in (fc_mu, fc_log_var))",
        "2.2": "return torch.sqrt(torch.exp(log_var) + 1e-10)",
        "2.3": """
        noise = eps
        if noise is None:
            noise = torch.stack([torch.randn(mu.shape[0], generator=generator) for _ in range(mu.shape[1])], dim=1)
        scale = torch.diag_embed(torch.exp(0.5 * log_var))  # the Cholesky factor of a diagonal
        return mu + torch.einsum("bij,bj->bi", scale, noise)
        """,
        "2.4": """
        out = torch.empty(num_samples, *mu.shape)
        std = log_var_to_std(log_var)
        for b in range(mu.shape[0]):
            out[:, b] = mu[b] + std[b] * torch.randn(num_samples, mu.shape[1], generator=generator)
        return out
        """,
        "2.5": """
        u = torch.rand(2, num_samples, latent_dim, generator=generator, dtype=torch.float64).clamp_min(1e-12)
        return torch.sqrt(-2 * torch.log(u[0])) * torch.cos(2 * torch.pi * u[1])  # Box and Muller
        """,
    },
]


@pytest.mark.parametrize("index", range(len(UNUSUAL)))
def test_right_but_unusual_is_accepted(bench: Bench, index: int) -> None:
    for seed in (1, 2, 3):
        outcomes = bench.grade(bench.text(UNUSUAL[index]), seed)
        assert set(states_of(outcomes).values()) == {"done"}, [o.finding for o in outcomes.values()]


NAMELESS = [
    {
        "2.1": "h = encoder(x)\nreturn fc_mu(h) * 0.37, fc_log_var(h)",
        "2.2": "return torch.exp(0.5 * log_var) * 1.37",
        "2.3": """
        eps = torch.randn(mu.shape, generator=generator) if eps is None else eps
        return mu + 1.3 * torch.exp(log_var / 2) * eps
        """,
        "2.4": "return mu + 1.4 * torch.exp(log_var / 2) * torch.randn(num_samples, *mu.shape, generator=generator)",
        "2.5": "return torch.randn(num_samples, latent_dim, generator=generator) + 0.3",
    },
    {
        "2.1": "return 1 / 0",
        "2.2": "return 'wide'",
        "2.3": """
        if eps is None:
            eps = (torch.rand(mu.shape, generator=generator) - 0.5) * 12 ** 0.5  # the right spread, but not normal
        return mu + torch.exp(log_var / 2) * eps
        """,
        "2.4": """
        eps = torch.randn(num_samples, *mu.shape, generator=generator)
        eps[1::2] = eps[: num_samples // 2 * 2 : 2]  # every second sample is the one before
        return mu + torch.exp(log_var / 2) * eps
        """,
        "2.5": """
        z = torch.randn(num_samples, latent_dim, generator=generator)
        return z.clamp(-1.5, 1.5)
        """,
    },
]


@pytest.mark.parametrize("index", range(len(NAMELESS)))
def test_wrong_code_without_a_name_gets_no_name(bench: Bench, index: int) -> None:
    for seed in (1, 2):
        for outcome in bench.grade(bench.text(NAMELESS[index]), seed).values():
            assert outcome.finding.state is State.WRONG, outcome
            assert outcome.finding.mistake is None, outcome
            assert outcome.finding.came


@pytest.mark.parametrize("number", ["2.1", "2.2", "2.3", "2.4", "2.5"])
def test_only_the_wrong_part_is_wrong(bench: Bench, number: str) -> None:
    states = states_of(bench.grade(bench.text({number: NAMELESS[0][number]})))
    blocked = {"2.3": "blocked", "2.4": "blocked"} if number == "2.2" else {}  # they call it
    assert states == {**dict.fromkeys(bench.numbers, "done"), **blocked, number: "wrong"}


OTHERWISE = {
    "the encoder runs twice": ("2.1", "a = fc_mu(encoder(x))\nb = fc_log_var(encoder(x))\nreturn [a, b]"),
    "the variance": ("2.2", "return torch.e ** log_var"),
    "uniform noise": (
        "2.3",
        """
        if eps is None:
            eps = torch.stack([torch.rand(mu.shape[1], generator=generator) for _ in mu])
        return mu + torch.exp(0.5 * log_var) * eps
        """,
    ),
    "all samples share their noise": (
        "2.4",
        """
        noise = torch.randn(mu.shape[::-1], generator=generator).T
        return torch.stack([mu + torch.exp(log_var / 2) * noise for _ in range(num_samples)])
        """,
    ),
    "numpy's random numbers": (
        "2.5",
        "import numpy as np\nreturn torch.tensor(np.random.default_rng().normal(size=(num_samples, latent_dim)))",
    ),
}


def test_mistakes_written_in_another_way_get_the_same_names(bench: Bench) -> None:
    for seed in (1, 2):
        outcomes = bench.grade(bench.text({number: body for number, body in OTHERWISE.values()}), seed)
        for name, (number, _) in OTHERWISE.items():
            found = outcomes[number].finding.mistake
            assert found is not None, outcomes[number]
            assert found.name == name


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
    for wrong in (rng.uniform(-1.732, 1.732, (4, 60, 90)), 1.1 * rng.standard_normal((4, 60, 90))):
        with pytest.raises(Wrong):
            must_be_standard_normal(Noise(wrong, axes), "noise")
        assert see(Noise(wrong, axes)) != see(Noise(0.5 * wrong, axes))
