"""Lesson 4: what is right is done, each mistake has its name, and one wrong part takes no other with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.engine.verdicts import State
from tests.autograder.bench import Bench, states_of

SEEDS = (3, 11)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = Bench("interpolation", tmp_path_factory.mktemp("interpolation"))
    yield made
    made.close()


def test_the_solution_is_done_and_the_starter_not_started(bench: Bench) -> None:
    for seed in range(6):
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
    "loops, Gram-Schmidt with atan2, one leg after another, sums": {
        "4.1": """
        rows = []
        for k in range(num_steps):
            rows.append(z_a + k / (num_steps - 1) * (z_b - z_a))
        return torch.stack(rows)
        """,
        "4.2": """
        a, b = z_a.double(), z_b.double()
        u = torch.nn.functional.normalize(a, dim=0)
        rest = b - (b @ u) * u
        v = torch.nn.functional.normalize(rest, dim=0)
        w = torch.atan2(rest.norm(), b @ u)
        if a.norm() == 0 or b.norm() == 0:
            return lerp(z_a, z_b, num_steps)
        t = torch.linspace(0, 1, num_steps, dtype=torch.float64)[:, None]
        lengths = torch.lerp(a.norm(), b.norm(), t)
        return lengths * (torch.cos(t * w) * u + torch.sin(t * w) * v)
        """,
        "4.3": """
        path, count = [waypoints[0]], len(waypoints)
        for i in range(count if closed else count - 1):
            a, b = waypoints[i], waypoints[(i + 1) % count]
            path += [torch.lerp(a, b, (s + 1) / steps_per_leg) for s in range(steps_per_leg)]
        return torch.stack(path)
        """,
        "4.4": "return sum(z_with) / len(z_with) - torch.einsum('nz->z', z_without) / z_without.shape[0]",
        "4.4b": "return torch.stack([torch.add(row, direction, alpha=strength) for row in z])",
        "4.5": """
        rows = []
        for value in values:
            row = z.clone()
            row[dim] = value
            rows.append(row)
        return torch.stack(rows)
        """,
    },
    "torch.lerp, arange over n - 1, the length apart from the angle, numpy, an outer product": {
        "4.1": "return torch.lerp(z_a, z_b, (torch.arange(num_steps) / (num_steps - 1)).reshape(-1, 1))",
        "4.2": """
        norm_a, norm_b = z_a.norm(), z_b.norm()
        u, v = z_a / norm_a.clamp(min=1e-12), z_b / norm_b.clamp(min=1e-12)
        dot = torch.dot(u, v).clamp(-1.0, 1.0)
        t = torch.linspace(0, 1, num_steps).unsqueeze(-1)
        if dot.abs() > 0.9995:
            return (1 - t) * z_a + t * z_b
        w = torch.acos(dot)
        return ((1 - t) * norm_a + t * norm_b) * (torch.sin((1 - t) * w) * u + torch.sin(t * w) * v) / torch.sin(w)
        """,
        "4.3": """
        import numpy as np
        stops = waypoints.numpy()
        stops = np.concatenate([stops, stops[:1]]) if closed else stops
        at = np.arange((len(stops) - 1) * steps_per_leg + 1) / steps_per_leg
        columns = [np.interp(at, np.arange(len(stops)), column) for column in stops.T]
        return torch.from_numpy(np.stack(columns, axis=1))
        """,
        "4.4": "return torch.sub(torch.mean(z_with, 0, dtype=torch.float64), z_without.mean(axis=0)).requires_grad_()",
        "4.4b": "return torch.lerp(z, z + direction, float(strength))",
        "4.5": """
        change = torch.zeros(len(values), len(z))
        change[:, dim] = torch.as_tensor(values) - z[dim]
        return z + change
        """,
    },
    "matrix products, the angle from chords, a clamp short of 1, expand and where": {
        "4.1": """
        t = torch.linspace(0, 1, num_steps)
        print("lerp", t)
        return torch.stack([1 - t, t], dim=1) @ torch.stack([z_a, z_b])
        """,
        "4.2": """
        u, v = torch.nn.functional.normalize(z_a, dim=0), torch.nn.functional.normalize(z_b, dim=0)
        w = torch.acos((u * v).sum().clamp(-1 + 1e-6, 1 - 1e-6))
        return torch.stack([
            torch.sin((1 - t) * w) / torch.sin(w) * z_a + torch.sin(t * w) / torch.sin(w) * z_b
            for t in torch.linspace(0, 1, num_steps)
        ])
        """,
        "4.3": """
        after = waypoints.roll(-1, 0) if closed else waypoints[1:]
        before = waypoints[: len(after)]
        t = (torch.arange(steps_per_leg) / steps_per_leg)[None, :, None]
        inner = ((1 - t) * before[:, None] + t * after[:, None]).flatten(0, 1)
        return torch.vstack([inner, after[-1]])
        """,
        "4.4": "return torch.cat([z_with / len(z_with), -z_without / len(z_without)]).sum(0)",
        "4.4b": "return z.clone().add_(direction.mul(strength))",
        "4.5": """
        column = torch.arange(len(z)) == dim
        return torch.where(column, torch.as_tensor(values)[:, None], z)
        """,
    },
    "the angle by atan2 of chords, recursion, deques, Fortran order, helpers": {
        "4.1": "return halves(z_a, z_b, num_steps).t().contiguous().t()",
        "4.2": """
        la, lb = torch.linalg.vector_norm(z_a), torch.linalg.vector_norm(z_b)
        if la * lb == 0:
            return lerp(z_a, z_b, num_steps)
        u, v = z_a / la, z_b / lb
        w = 2 * torch.atan2((u - v).norm(), (u + v).norm())
        if w < 0.03 or w > 3.1:
            return lerp(z_a, z_b, num_steps)
        t = torch.linspace(0, 1, num_steps)
        return torch.outer((w * (1 - t)).sin() / w.sin(), z_a) + torch.outer((w * t).sin() / w.sin(), z_b)
        """,
        "4.3": """
        stops = list(waypoints) + ([waypoints[0]] if closed else [])
        walk = torch.cat([lerp(a, b, steps_per_leg + 1) for a, b in zip(stops, stops[1:])])
        joint = torch.arange(len(walk)) % (steps_per_leg + 1) == 0
        joint[0] = False
        return walk[~joint]
        """,
        "4.4": "m, n = (group.numpy().mean(axis=0) for group in (z_with, z_without))\nreturn torch.tensor(m - n)",
        "4.4b": "return (z.T + (strength * direction)[:, None]).T",
        "4.5": "return torch.cat([z[:dim].repeat(len(values), 1), torch.as_tensor(values)[:, None], "
        "z[dim + 1 :].repeat(len(values), 1)], dim=1)",
    },
}
HALVES = """
def halves(a, b, n):
    return torch.stack([(a * (n - 1 - i) + b * i) / (n - 1) for i in range(n)])
"""


@pytest.mark.parametrize("name", UNUSUAL)
def test_right_but_unusual_is_accepted(bench: Bench, name: str) -> None:
    for seed in range(5):
        outcomes = bench.grade(bench.text(UNUSUAL[name], HALVES), seed)
        assert set(states_of(outcomes).values()) == {"done"}, [o.finding for o in outcomes.values()]


NAMELESS = [
    {
        "4.1": "return torch.zeros(num_steps, len(z_a))",
        "4.2": "return torch.zeros(num_steps, len(z_a))",
        "4.3": "return waypoints.mean(0).expand(7, -1)",
        "4.4": "return 3 * (z_with.mean(0) - z_without.mean(0))",
        "4.5": "return z.repeat(len(values), 1)",
    },
    {
        "4.1": "return 1 / 0",
        "4.2": "t = torch.linspace(0, 1, num_steps)[:, None]\nreturn torch.cos(t) * z_a + torch.sin(t) * z_b",
        "4.3": "return {'walk': waypoints}",
        "4.4": "return z_with.mean(0) * z_without.mean(0)",
        "4.5": "return 'rows'",
    },
    {
        "4.1": "t = torch.linspace(0, 1, num_steps)[:, None] ** 2\nreturn (1 - t) * z_a + t * z_b",
        "4.2": "return lerp(z_a, z_b, num_steps) + torch.rand(num_steps, 1)",
        "4.3": "return torch.rand(len(waypoints) * steps_per_leg + 1, waypoints.shape[1])",
        "4.4": "return z_with.mean(0) + z_without.mean(0)",
        "4.4b": "return z * direction",
        "4.5": "return z.repeat(len(values), 1) * torch.as_tensor(values)[:, None]",
    },
]


def test_wrong_code_without_a_name_gets_no_name(bench: Bench) -> None:
    for bodies in NAMELESS:
        for outcome in bench.grade(bench.text(bodies)).values():
            finding = outcome.finding
            if (finding.state, finding.by) != (State.BLOCKED, "4.1"):
                assert finding.state is State.WRONG
                assert finding.expected
                assert finding.came
            assert finding.mistake is None, finding


WRONG = {
    "4.1": NAMELESS[2]["4.1"],
    "4.2": NAMELESS[1]["4.2"],
    "4.3": NAMELESS[2]["4.3"],
    "4.4": NAMELESS[2]["4.4"],
    "4.4b": NAMELESS[2]["4.4b"],
    "4.5": NAMELESS[2]["4.5"],
}


@pytest.mark.parametrize("key", WRONG)
def test_only_the_wrong_part_is_wrong(bench: Bench, key: str) -> None:
    states = states_of(bench.grade(bench.text({key: WRONG[key]})))
    blocked = {"4.2": "blocked", "4.3": "blocked"} if key == "4.1" else {}
    assert states == {**dict.fromkeys(bench.numbers, "done"), **blocked, key[:3]: "wrong"}


def test_an_answer_of_its_own_is_not_blocked_by_an_unwritten_part(bench: Bench) -> None:
    bodies = {**UNUSUAL["torch.lerp, arange over n - 1, the length apart from the angle, numpy, an outer product"]}
    del bodies["4.1"]
    outcomes = bench.grade(bench.text({**bodies, "4.1": 'raise NotImplementedError("Exercise 4.1: later")'}))
    assert states_of(outcomes) == {"4.1": "not started", **dict.fromkeys(bench.numbers[1:], "done")}
    outcomes = bench.grade(bench.text({"4.1": 'raise NotImplementedError("Exercise 4.1: later")'}))
    assert states_of(outcomes)["4.3"] == "blocked"
    assert outcomes["4.3"].finding.by == "4.1"


OTHERWISE = {
    "the length is lost": (
        "4.2",
        """
        u, v = torch.nn.functional.normalize(z_a, dim=0), torch.nn.functional.normalize(z_b, dim=0)
        w = torch.acos(torch.clamp(u @ v, -0.999999, 0.999999))
        t = torch.linspace(0, 1, num_steps)[:, None]
        return torch.sin((1 - t) * w) / torch.sin(w) * u + torch.sin(t * w) / torch.sin(w) * v
        """,
    ),
    "joints appear twice": (
        "4.3",
        """
        stops = list(waypoints) + [waypoints[0]] * closed
        return torch.cat([lerp(a, b, steps_per_leg + 1) for a, b in zip(stops, stops[1:])])
        """,
    ),
    "the direction points the wrong way": ("4.4", "return -(z_with.sum(0) / len(z_with) - z_without.mean(0))"),
    "all rows are one and the same": (
        "4.5",
        "rows = [z] * len(values)\nfor row, v in zip(rows, values):\n    row[dim] = v\nreturn torch.stack(rows)",
    ),
}


def test_mistakes_written_in_another_way_get_the_same_names(bench: Bench) -> None:
    outcomes = bench.grade(bench.text({number: body for number, body in OTHERWISE.values()}))
    for name, (number, _) in OTHERWISE.items():
        found = outcomes[number].finding.mistake
        assert found is not None, outcomes[number]
        assert found.name == name


NAIVE = """
t = torch.linspace(0, 1, num_steps)[:, None]
w = torch.acos((z_a / z_a.norm() * z_b / z_b.norm()).sum())
return (torch.sin((1 - t) * w) * z_a + torch.sin(t * w) * z_b) / torch.sin(w)
"""


def test_what_a_message_says(bench: Bench) -> None:
    """A textbook slerp without guards fails with NaN, and the message says for which vectors."""
    finding = bench.grade(bench.text({"4.2": NAIVE}))["4.2"].finding
    assert finding.state is State.WRONG
    assert finding.came == "numbers that are NaN or infinite, for vectors of one direction"
    straight = bench.grade(bench.text({"4.2": "return lerp(z_a, z_b, num_steps)"}))["4.2"].finding
    assert straight.expected.startswith("points that all have the length of both ends")
    transposed = bench.grade(bench.text({"4.5": "return z.repeat(len(values), 1).T"}))["4.5"].finding
    assert transposed.expected == "the rows of shape (len(values), Z) = (4, 5)"
