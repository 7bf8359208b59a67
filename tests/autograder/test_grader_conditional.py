"""Lesson 7: what is right is done, each mistake has its name, and one wrong part takes no other with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.engine.verdicts import State
from tests.autograder.bench import Bench, states_of

SEEDS = (3, 11)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = Bench("conditional", tmp_path_factory.mktemp("conditional"))
    yield made
    made.close()


def test_the_solution_is_done_and_the_starter_not_started(bench: Bench) -> None:
    for seed in range(4):
        outcomes = bench.grade(bench.solution, seed)
        assert sum(o.score for o in outcomes.values()) == 20, [o.finding for o in outcomes.values()]
    assert set(states_of(bench.grade(bench.starter())).values()) == {"not started"}


def test_each_mistake_gets_its_own_name(bench: Bench) -> None:
    mistakes = [mistake for number in bench.numbers for mistake in bench.oracle.mistakes(number)]
    assert len({(m.part, m.name) for m in mistakes}) == len(mistakes) >= 50
    for seed in SEEDS:
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
    "scatter, hstack, antithetic noise, a list of terms": {
        "7.1": """
        rows = torch.zeros(labels.shape[0], num_classes)
        return rows.scatter_(1, labels.to(torch.int64).unsqueeze(1), 1.0)
        """,
        "7.2": "return torch.hstack((x.double(), one_hot(labels, num_classes)))",
        "7.3": """
        print("sampling", label)
        half = torch.randn((num_samples + 1) // 2, latent_dim, generator=generator)
        z = torch.cat([half, -half])[:num_samples]
        return decoder(condition(z, torch.tensor([label] * num_samples), num_classes))
        """,
        "7.4": "return sum([recon, beta * kl, gamma * nn.CrossEntropyLoss()(logits, labels)])",
    },
    "comparison with a range, new_zeros, normal_, log_softmax and a mean": {
        "7.1": "return (labels.reshape(-1, 1) == torch.arange(num_classes)).float()",
        "7.2": """
        rows = x.new_zeros(x.shape[0], x.shape[1] + num_classes)
        rows[:, : x.shape[1]] = x
        rows[torch.arange(len(x)), x.shape[1] + labels.long()] = 1
        return rows
        """,
        "7.3": """
        rows = torch.zeros(num_samples, latent_dim + num_classes)
        rows[:, :latent_dim].normal_(generator=generator)
        rows[:, latent_dim + label] = 1
        with torch.no_grad():
            return decoder(rows)
        """,
        "7.4": """
        log_p = torch.log_softmax(logits, dim=-1)
        return recon + beta * kl - gamma * log_p[torch.arange(len(labels)), labels].mean()
        """,
    },
    "loops over rows, float64 noise, torch.normal, logsumexp, weights gathered in a tensor": {
        "7.1": """
        rows = []
        for label in labels:
            row = [0.0] * num_classes
            row[int(label)] = 1.0
            rows.append(row)
        return torch.tensor(rows)
        """,
        "7.2": "return torch.stack([torch.cat([a, b]) for a, b in zip(x, one_hot(labels, num_classes))])",
        "7.3": """
        was = decoder.training
        decoder.eval()
        z = torch.normal(0.0, 1.0, (num_samples, latent_dim), generator=generator, dtype=torch.float64)
        out = decoder(torch.cat([z, torch.eye(num_classes)[label].repeat(num_samples, 1)], dim=-1))
        decoder.train(was)
        return out.double()
        """,
        "7.4": """
        right = logits.gather(1, labels[:, None]).squeeze(1)
        surprise = (torch.logsumexp(logits, 1) - right).sum() / len(labels)
        return torch.stack([recon, kl, surprise]) @ torch.tensor([1.0, beta, gamma])
        """,
    },
    "one_hot of torch, a transposed join, noise dimension by dimension, double precision": {
        "7.1": "return nn.functional.one_hot(labels.long(), num_classes=num_classes).to(torch.get_default_dtype())",
        "7.2": "return torch.cat([x.T, one_hot(labels, num_classes).T]).T",
        "7.3": """
        z = torch.stack([torch.randn(num_samples, generator=generator) for _ in range(latent_dim)], dim=1)
        label_rows = nn.functional.one_hot(torch.tensor(label), num_classes).expand(num_samples, num_classes)
        return decoder.forward(torch.column_stack([z, label_rows]))
        """,
        "7.4": """
        p = torch.softmax(logits.double(), 1)
        targets = one_hot(labels, logits.shape[1])
        return recon + kl * beta + gamma * -(targets * p.log()).sum(1).mean()
        """,
    },
    "identity rows with index_select, the quantile of uniform numbers, soft targets": {
        "7.1": "return torch.eye(num_classes).index_select(0, labels.int())",
        "7.2": "return torch.cat((x, one_hot(labels, num_classes).to(x)), -1)",
        "7.3": """
        u = torch.rand(num_samples, latent_dim, generator=generator, dtype=torch.float64)
        z = torch.special.ndtri(u.clamp(1e-12, 1 - 1e-12)).float()
        return decoder(condition(z, torch.zeros(num_samples, dtype=torch.uint8) + label, num_classes)).detach()
        """,
        "7.4": """
        losses = nn.functional.cross_entropy(logits, one_hot(labels, logits.shape[1]), reduction="none")
        return torch.add(torch.add(recon, kl, alpha=beta), losses.mean(), alpha=gamma)
        """,
    },
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_right_but_unusual_is_accepted(bench: Bench, name: str) -> None:
    for seed in range(2):
        outcomes = bench.grade(bench.text(UNUSUAL[name]), seed)
        assert set(states_of(outcomes).values()) == {"done"}, [o.finding for o in outcomes.values()]


NAMELESS = [
    {
        "7.1": "return 2 * torch.eye(num_classes)[labels.long()]",
        "7.2": "return torch.cat([2 * x, torch.eye(num_classes)[labels.long()]], dim=1)",
        "7.3": "return torch.zeros(num_samples, 7)",
        "7.4": "return 3 * (recon + beta * kl + gamma * nn.functional.cross_entropy(logits, labels))",
    },
    {
        "7.1": "return 1 / 0",
        "7.2": "return 'rows'",
        "7.3": """
        z = torch.randn(num_samples, latent_dim, generator=generator) ** 3
        return decoder(torch.cat([z, torch.eye(num_classes)[label].repeat(num_samples, 1)], dim=1))
        """,
        "7.4": "return {'loss': recon}",
    },
    {
        "7.1": "return torch.rand(len(labels), num_classes)",
        "7.2": "return torch.cat([x, torch.rand(len(x), num_classes)], dim=1)",
        "7.3": """
        z = torch.randn(num_samples, latent_dim, generator=generator)
        return decoder(torch.cat([z, torch.rand(num_samples, num_classes)], dim=1))
        """,
        "7.4": "return recon * kl",
    },
    {
        "7.3": """
        z = torch.randn(num_samples, latent_dim, generator=generator)
        return decoder(torch.cat([z, torch.eye(num_classes)[label].repeat(num_samples, 1)], dim=1)) * 0.5
        """,
    },
]


def test_wrong_code_without_a_name_gets_no_name(bench: Bench) -> None:
    for bodies in NAMELESS:
        outcomes = bench.grade(bench.text(bodies))
        for number in bodies:
            finding = outcomes[number].finding
            assert finding.state is State.WRONG
            assert finding.expected
            assert finding.came
            assert finding.mistake is None, finding


@pytest.mark.parametrize("number", ["7.1", "7.2", "7.3", "7.4"])
def test_only_the_wrong_part_is_wrong(bench: Bench, number: str) -> None:
    states = states_of(bench.grade(bench.text({number: NAMELESS[0][number]})))
    built_on = {"7.1": ("7.2", "7.3"), "7.2": ("7.3",)}.get(number, ())
    assert states == {**dict.fromkeys(bench.numbers, "done"), **dict.fromkeys(built_on, "blocked"), number: "wrong"}


def test_parts_that_build_on_nothing_are_not_blocked(bench: Bench) -> None:
    later = {number: f'raise NotImplementedError("Exercise {number}: later")' for number in ("7.1", "7.2")}
    rows = UNUSUAL["comparison with a range, new_zeros, normal_, log_softmax and a mean"]
    outcomes = bench.grade(bench.text({**later, "7.3": rows["7.3"]}))
    assert states_of(outcomes) == {"7.1": "not started", "7.2": "not started", "7.3": "done", "7.4": "done"}
    outcomes = bench.grade(bench.text(later))
    assert states_of(outcomes)["7.3"] == "blocked"


def sampling(z: str, rest: str = "") -> str:
    join = f"torch.cat([{z}, torch.eye(num_classes)[label].repeat(num_samples, 1)], dim=1)"
    return f"{rest}\nreturn decoder({join})"


RULES = {
    "the generator does not move on": sampling(
        "torch.randn(num_samples, latent_dim, generator=own)",
        "own = None if generator is None else torch.Generator().manual_seed(generator.initial_seed())",
    ),
    "the generator is copied": sampling(
        "torch.randn(num_samples, latent_dim, generator=own)",
        "own = None if generator is None else generator.clone_state()",
    ),
    "numpy's random numbers": sampling(
        "torch.from_numpy(numpy.random.default_rng().standard_normal((num_samples, latent_dim))).float()",
        "import numpy",
    ),
    "a mixture": sampling(
        "torch.randn(num_samples, latent_dim, generator=generator) * 0.5 ** 0.5 "
        "+ torch.randn(num_samples, latent_dim) * 0.5 ** 0.5",
    ),
    "a fixed generator": sampling(
        "torch.randn(num_samples, latent_dim, generator=generator or torch.Generator().manual_seed(1))"
    ),
    "seeded anew": sampling(
        "torch.randn(num_samples, latent_dim, generator=generator)",
        "generator = generator.manual_seed(4) if generator else None",
    ),
    "uniform noise of the right spread": sampling(
        "(torch.rand(num_samples, latent_dim, generator=generator) - 0.5) * 12 ** 0.5"
    ),
    "noise shared by two samples": sampling(
        "torch.randn((num_samples + 1) // 2, latent_dim, generator=generator).repeat_interleave(2, 0)[:num_samples]"
    ),
    "a little too wide": sampling("1.15 * torch.randn(num_samples, latent_dim, generator=generator)"),
    "off centre": sampling("0.15 + torch.randn(num_samples, latent_dim, generator=generator)"),
    "called twice": sampling("z", "z = torch.randn(num_samples, latent_dim, generator=generator)\ndecoder(z)"),
    "training mode left changed": sampling(
        "torch.randn(num_samples, latent_dim, generator=generator)", "decoder.requires_grad_(False)"
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_of_sampling_that_is_broken_is_noticed(bench: Bench, name: str) -> None:
    finding = bench.grade(bench.text({"7.3": RULES[name]}), numbers=["7.3"])["7.3"].finding
    assert finding.state is State.WRONG


OTHERWISE = {
    "whole numbers instead of floats": ("7.1", "return torch.eye(num_classes, dtype=torch.int64)[labels.long()]"),
    "the label comes first": (
        "7.2",
        "return torch.hstack([nn.functional.one_hot(labels.long(), num_classes), x])",
    ),
    "uniform numbers from 0 to 1": (
        "7.3",
        """
        rows = torch.zeros(num_samples, latent_dim + num_classes)
        for row in rows:
            row[:latent_dim] = torch.rand(latent_dim, generator=generator)
            row[latent_dim + label] = 1
        return decoder(rows)
        """,
    ),
    "a softmax before the cross-entropy": (
        "7.4",
        "p = logits.exp() / logits.exp().sum(1, keepdim=True)\n"
        "return recon + beta * kl + gamma * nn.CrossEntropyLoss()(p, labels)",
    ),
}


def test_mistakes_written_in_another_way_get_the_same_names(bench: Bench) -> None:
    outcomes = bench.grade(bench.text({number: body for number, body in OTHERWISE.values()}))
    for name, (number, _) in OTHERWISE.items():
        found = outcomes[number].finding.mistake
        assert found is not None, outcomes[number]
        assert found.name == name


def test_what_a_message_says(bench: Bench) -> None:
    outcomes = bench.grade(bench.text({"7.1": OTHERWISE["whole numbers instead of floats"][1], "7.3": SCALED}))
    assert outcomes["7.1"].finding.expected == "one-hot labels of torch's default float type, float32"
    assert outcomes["7.1"].finding.came == "int64"
    assert outcomes["7.3"].finding.expected == "the decoder's output, as it is"


SCALED = NAMELESS[3]["7.3"]
