"""Lesson 3: losses in any usual form are right, each mistake has its name, one wrong part takes no other with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.engine.verdicts import State
from tests.autograder.bench import Bench, states_of


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = Bench("kl", tmp_path_factory.mktemp("kl"))
    yield made
    made.close()


def test_the_solution_is_done_and_the_starter_not_started(bench: Bench) -> None:
    for seed in range(4):
        outcomes = bench.grade(bench.solution, seed)
        assert sum(o.score for o in outcomes.values()) == 20, [o.finding for o in outcomes.values()]
    assert set(states_of(bench.grade(bench.starter())).values()) == {"not started"}


@pytest.mark.parametrize("seed", [3, 11, 12])
def test_each_mistake_gets_its_own_name(bench: Bench, seed: int) -> None:
    mistakes = [mistake for number in bench.numbers for mistake in bench.oracle.mistakes(number)]
    assert len({(m.part, m.name) for m in mistakes}) == len(mistakes) >= 80
    for mistake in mistakes:
        finding = bench.with_mistake(mistake, seed).finding
        assert finding.state is State.WRONG, mistake.name
        assert finding.mistake == mistake, (mistake.name, finding)


def test_each_mistake_asks_a_question_and_leads_to_its_section(bench: Bench) -> None:
    for part in bench.exercise.parts:
        for mistake in bench.oracle.mistakes(part.number):
            assert "?" in mistake.question
            assert mistake.section == part.link.split("#")[1]


UNUSUAL = {
    "torch's own distributions, logits, numpy's integers, a list": {
        "3.1": """
        logits = torch.logit(x_hat, eps=1e-6)
        return functional.binary_cross_entropy_with_logits(logits, x, reduction="sum") / x.shape[0]
        """,
        "3.2": """
        from torch.distributions import Normal, kl_divergence as closed
        return closed(Normal(mu, torch.exp(0.5 * log_var)), Normal(torch.zeros_like(mu), 1.0)).sum(1)
        """,
        "3.3": "return torch.stack([kl_divergence(mu[:, [j]], log_var[:, [j]]).mean() for j in range(mu.shape[1])])",
        "3.3b": """
        import numpy as np
        return np.count_nonzero(kl_per_dimension(mu, log_var).detach().numpy() > threshold)
        """,
        "3.4": """
        recon = functional.binary_cross_entropy(recon_x, x, reduction="sum") / len(x)
        kl = -0.5 * torch.sum(1 + log_var - mu.pow(2) - log_var.exp()) / len(x)
        return [recon + beta * kl, recon.detach(), kl.detach()]
        """,
        "3.5": "return torch.tensor(beta_max * min(1.0, step / warm_up_steps) if warm_up_steps else beta_max)",
    },
    "naive forms, small numbers in logarithms, loops, float64": {
        "3.1": """
        small = 1e-7
        nats = -(x * torch.log(x_hat + small) + (1 - x) * torch.log(1 - x_hat + small))
        return torch.einsum("bd->b", nats).mean()
        """,
        "3.2": "return -0.5 * (1 + log_var - mu ** 2 - log_var.exp()).sum(dim=-1)",
        "3.3": "return (-0.5 * (1 + log_var - mu ** 2 - log_var.exp())).double().mean(0)",
        "3.3b": "return sum(1 for nats in kl_per_dimension(mu, log_var).tolist() if nats > threshold)",
        "3.4": """
        from collections import namedtuple
        recon = sum(reconstruction_loss(a[None], b[None]) for a, b in zip(recon_x, x)) / len(x)
        kl = torch.stack([kl_divergence(m[None], v[None])[0] for m, v in zip(mu, log_var)]).mean()
        return namedtuple("Loss", "total recon kl")(recon + beta * kl, recon.item(), kl.item())
        """,
        "3.5": "return beta_max * (min(step, warm_up_steps) / warm_up_steps if warm_up_steps > 0 else 1)",
    },
    "clamped probabilities, a matrix norm, a tensor that counts": {
        "3.1": """
        p = x_hat.clamp(1e-6, 1 - 1e-6)
        return -(torch.xlogy(x, p) + torch.xlogy(1 - x, 1 - p)).sum() / x.size(0)
        """,
        "3.2": """
        variance = torch.exp(log_var)
        return 0.5 * (torch.linalg.vector_norm(mu, dim=1) ** 2 + variance.sum(1) - log_var.sum(1) - mu.shape[1])
        """,
        "3.3": "return 0.5 * (mu ** 2 + torch.exp(log_var) - 1 - log_var).sum(0) / mu.shape[0]",
        "3.3b": "return (kl_per_dimension(mu, log_var) > threshold).sum()",
        "3.4": """
        a, b = reconstruction_loss(recon_x, x), kl_divergence(mu, log_var).mean()
        return torch.add(a, b, alpha=beta), a, b
        """,
        "3.5": """
        import numpy as np
        return float(np.interp(step, [0, warm_up_steps], [0, beta_max])) if warm_up_steps else beta_max
        """,
    },
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_right_but_unusual_is_accepted(bench: Bench, name: str) -> None:
    for seed in (1, 2, 3):
        outcomes = bench.grade(bench.text(UNUSUAL[name]), seed)
        assert set(states_of(outcomes).values()) == {"done"}, [o.finding for o in outcomes.values()]


NAMELESS = [
    {
        "3.1": "return 0.37 * functional.binary_cross_entropy(x_hat, x, reduction='none').sum(1).mean()",
        "3.2": "return 0.37 * (mu.square() + torch.expm1(log_var) - log_var).sum(1)",
        "3.3": "return 0.37 * (mu.square() + torch.expm1(log_var) - log_var).mean(0)",
        "3.3b": "return mu.shape[1] // 2",
        "3.4": """
        recon, kl = reconstruction_loss(recon_x, x), kl_divergence(mu, log_var).mean()
        return recon + (beta + 0.1) * kl, recon, kl
        """,
        "3.5": "return beta_max * 0.9",
    },
    {
        "3.1": "return 1 / 0",
        "3.2": "return 'far'",
        "3.3": "return None",
        "3.4": "return {'total': reconstruction_loss(recon_x, x)}",
        "3.5": "return [step, warm_up_steps]",
    },
    {
        "3.1": "return functional.binary_cross_entropy(x_hat.clamp(0.01, 0.99), x, reduction='none').sum(1).mean()",
        "3.2": "return (torch.nn.functional.softplus(mu) - log_var).sum(1)",
        "3.3b": "return int((kl_per_dimension(mu, log_var) > 2 * threshold).sum())",
        "3.4": """
        recon, kl = reconstruction_loss(recon_x, x), kl_divergence(mu, log_var).mean()
        return recon + beta ** 2 * kl, recon, kl
        """,
        "3.5": "return beta_max * min(1.0, (step / warm_up_steps) ** 2) if warm_up_steps else beta_max",
    },
]


@pytest.mark.parametrize("index", range(len(NAMELESS)))
def test_wrong_code_without_a_name_gets_no_name(bench: Bench, index: int) -> None:
    for seed in (1, 2):
        outcomes = bench.grade(bench.text(NAMELESS[index]), seed)
        for number, outcome in outcomes.items():
            if outcome.finding.state is State.BLOCKED:
                assert (number, outcome.finding.by) == ("3.4", "3.1")
                continue
            assert outcome.finding.state is State.WRONG, outcome
            assert outcome.finding.mistake is None, outcome


@pytest.mark.parametrize("key", ["3.1", "3.2", "3.3", "3.3b", "3.4", "3.5"])
def test_only_the_wrong_part_is_wrong(bench: Bench, key: str) -> None:
    states = states_of(bench.grade(bench.text({key: NAMELESS[0][key]})))
    blocked = {"3.4": "blocked"} if key in ("3.1", "3.2") else {}
    assert states == {**dict.fromkeys(bench.numbers, "done"), **blocked, key[:3]: "wrong"}


OTHERWISE = {
    "the logarithm of zero": ("3.1", "return torch.sum(-x * x_hat.log() - (1 - x) * (1 - x_hat).log()) / len(x)"),
    "the one half is missing": ("3.2", "return -(1 + log_var - mu ** 2 - torch.exp(log_var)).sum(-1)"),
    "the gradient of the total is cut off": (
        "3.4",
        """
        with torch.no_grad():
            a = functional.binary_cross_entropy(recon_x, x, reduction="sum") / len(x)
            b = 0.5 * (mu ** 2 + log_var.exp() - 1 - log_var).sum() / len(x)
            return a + beta * b, a, b
        """,
    ),
    "a division by zero": ("3.5", "progress = step / warm_up_steps\nreturn min(progress, 1.0) * beta_max"),
}


def test_mistakes_written_in_another_way_get_the_same_names(bench: Bench) -> None:
    outcomes = bench.grade(bench.text({number: body for number, body in OTHERWISE.values()}))
    for name, (number, _) in OTHERWISE.items():
        found = outcomes[number].finding.mistake
        assert found is not None, outcomes[number]
        assert found.name == name
