"""Claims: one name each, a baseline each, and values over seeds that are summed up and compared as they say."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Generator

from course import metrics
from course.claims import measuring, statistics, tables
from course.claims.base import Claim, Measured, NoBaseline, RunSpec, Summary, at_least
from course.claims.results import BaselineResult, Result, summarized
from course.models import VAE
from course.patterns import lines64

DOCS = Path(__file__).parents[2] / "docs"
CHANCE = Measured(words="a guess", measure=lambda _seed: 0.25, runs=())


def _result(value: float, spread: float = 0.1, **changed: Any) -> Result:
    baseline = BaselineResult("a guess", 0.25, 0.0, (0.25, 0.25))
    fields = (value, spread, "nats", 2, (0, 1), (value - spread, value + spread), "mean at least 1", True)
    result = Result("It learns.", *fields, "10 steps", "course/claims/one.py", baseline)
    return Result(**{**vars(result), **changed})


def _written(folder: Path, result: Result) -> Path:
    path = folder / "claims.json"
    path.write_text(json.dumps({"claims": {"one": result.as_json()}}), encoding="utf-8")
    return path


# Names


def test_a_name_that_two_files_give_is_refused_with_both() -> None:
    with pytest.raises(ValueError, match=r"one claim of the name 'same', but one.py and two.py both have one"):
        tables.merged("claim", [("one.py", {"same": 1}), ("two.py", {"other": 2, "same": 1})])


def test_a_run_may_be_shared_if_it_means_the_same() -> None:
    one, equal, other = RunSpec(), RunSpec(), RunSpec(settings={"beta": 4.0})
    shared = tables.merged("run", [("one.py", {"same": one}), ("two.py", {"same": equal})], shared=True)
    assert shared == {"same": one}
    with pytest.raises(ValueError, match=r"one.py and two.py both have one with another meaning: rename"):
        tables.merged("run", [("one.py", {"same": one}), ("two.py", {"same": other})], shared=True)


def test_no_claim_is_lost_on_the_way_into_the_table() -> None:
    assert len(tables.CLAIMS) == sum(len(lesson.CLAIMS) for lesson in tables._LESSONS)
    assert {run for claim in tables.CLAIMS.values() for run in claim.runs} <= tables.RUNS.keys()


# Baselines


def test_a_claim_without_a_baseline_cannot_be_made() -> None:
    make: Callable[..., Claim] = Claim
    with pytest.raises(TypeError, match="baseline"):
        make("It learns.", (), lambda _seed: 1.0, at_least(1))


def test_a_baseline_is_measured_over_the_seeds_of_its_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    rival = Measured(words="a rival", measure=lambda seed: 10.0 * seed, runs=())
    claim = Claim("It learns.", (), lambda seed: seed + 1.0, at_least(1), baseline=rival, seeds=(1, 2, 3))
    monkeypatch.setitem(tables.CLAIMS, "one", claim)
    monkeypatch.setitem(tables.SOURCES, "one", "one.py")
    measured = measuring._measure([("one", seed) for seed in claim.seeds])
    result = measuring._result("one", [measured["one", seed] for seed in claim.seeds])
    assert (result.values, result.value) == ((2.0, 3.0, 4.0), 3.0)
    assert result.baseline == BaselineResult("a rival", 20.0, 10.0, (10.0, 20.0, 30.0))


def test_an_untrained_baseline_is_the_claim_s_own_measure_of_the_model_before_its_first_step() -> None:
    def weight(model: VAE, _seed: int) -> float:
        return float(next(model.parameters()).detach().sum())

    asked: list[int] = []

    def trained(seed: int) -> VAE:
        asked.append(seed)
        return VAE()

    spec = SimpleNamespace(untrained=RunSpec().untrained, model=trained)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(tables.RUNS, "plain", spec)
        baseline = Measured(words="untrained", untrained=True)
        _, base = measuring._of_one_seed(Claim("W.", ("plain",), weight, at_least(0), baseline=baseline), 3)
    assert base == weight(VAE(generator=Generator().manual_seed(3)), 3)
    assert asked == [3]  # for the claim alone


def test_the_file_holds_the_baseline_and_the_summary_of_every_claim() -> None:
    written = json.loads((DOCS / "claims.json").read_text(encoding="utf-8"))["claims"]
    assert written.keys() == tables.CLAIMS.keys()
    for name, claim in tables.CLAIMS.items():
        base = written[name]["baseline"]
        assert written[name]["summary"] == claim.summary.as_json(), name
        if isinstance(claim.baseline, NoBaseline):
            assert base == {"reason": claim.baseline.reason}, name
        else:
            assert (base["words"], len(base["values"])) == (claim.baseline.words, len(claim.seeds)), name


def test_a_reason_for_no_baseline_is_said_of_few_claims_at_a_time() -> None:
    """A single text for everything would be a default in disguise."""
    none = [claim for claim in tables.CLAIMS.values() if isinstance(claim.baseline, NoBaseline)]
    assert len(none) < len(tables.CLAIMS) / 4


# Summaries


def test_each_summary_is_the_number_that_it_names() -> None:
    values = (1.0, 2.0, 9.0)
    numbers = {kind: summarized(kind, values)[0] for kind in ("mean", "median", "smallest", "largest", "dots")}
    assert numbers == {"mean": 4.0, "median": 2.0, "smallest": 1.0, "largest": 9.0, "dots": 4.0}
    count, error = summarized("count", (5.0, 10.0), of=10)
    assert count == 15
    assert error == pytest.approx((20 * 0.75 * 0.25) ** 0.5)


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        (Summary(), "2.00 ± 1.00 nats, 2 seeds"),
        (Summary(kind="median"), "2.00 (median, from 1.00 to 3.00) nats, 2 seeds"),
        (Summary(kind="smallest"), "at least 2.00 nats, 2 seeds"),
        (Summary(kind="largest"), "at most 2.00 nats, 2 seeds"),
        (Summary(kind="dots"), "1.00, 3.00 nats, 2 seeds"),
        (Summary(kind="count", of=4), "2 of 8 (± 1.0) nats, 2 seeds"),
    ],
)
def test_a_value_is_said_as_its_summary_asks(summary: Summary, words: str) -> None:
    result = _result(2.0, 1.0, summary=summary.as_json())
    assert result.measured().replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize("wrong", [{"kind": "mode"}, {"kind": "count"}, {"kind": "mean", "of": 3}])
def test_a_summary_that_says_nothing_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"summary is one of|a count, and nothing else"):
        Summary(**wrong)  # type: ignore[arg-type]


# Comparing


def test_a_value_within_its_spread_is_the_same() -> None:
    assert measuring.compare({"one": _result(2.2)}, {"one": _result(2.0)}) == []


def test_values_and_baselines_that_moved_are_told_apart() -> None:
    written = {"one": _result(2.0)}
    assert measuring.compare({"one": _result(2.4)}, written) == ["one was 2 ± 0.1, now 2.4 ± 0.1"]
    moved = BaselineResult("a guess", 0.5, 0.0, (0.5, 0.5))
    assert measuring.compare({"one": _result(2.0, baseline=moved)}, written) == [
        "the baseline of one was 0.25 ± 0, now 0.5 ± 0"
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"statement": "It forgets."},
        {"summary": {"kind": "median"}},
        {"baseline": BaselineResult("another guess", 0.25, 0.0, (0.25, 0.25))},
    ],
)
def test_other_words_have_to_be_written_anew(changed: dict[str, Any]) -> None:
    assert measuring.compare({"one": _result(2.0, **changed)}, {"one": _result(2.0)}) == [
        "one says something else in the file: run latent-course claims"
    ]


# Trainings


def test_a_training_is_needed_once_and_long_ones_come_first() -> None:
    needed = measuring.trainings(tables.CLAIMS.values())
    specs = [(tables.RUNS[run], seed) for run, seed in needed]
    assert all(specs.index(each) == place for place, each in enumerate(specs))
    costs = [spec.cost for spec, _ in specs]
    assert costs == sorted(costs, reverse=True)


def test_the_runs_of_a_baseline_are_trained_too() -> None:
    rival = Measured(words="a rival", runs=("dim2",))
    claim = Claim("It learns.", (), lambda _seed: 1.0, at_least(1), baseline=rival, seeds=(4,))
    assert measuring.trainings([claim]) == [("dim2", 4)]


def test_tasks_that_share_a_cache_go_to_one_process() -> None:
    names = [name for name, source in tables.SOURCES.items() if source.endswith(("anomalies.py", "drawing.py"))]
    groups = measuring._groups(names)
    assert sorted(task for group in groups for task in group) == sorted(
        (name, seed) for name in names for seed in tables.CLAIMS[name].seeds
    )
    assert all(len({(tables.SOURCES[name], seed) for name, seed in group}) == 1 for group in groups)


# Statistics


def test_statistics_are_those_of_metrics_with_a_generator_of_the_seed() -> None:
    model, x = VAE(generator=Generator().manual_seed(0)), torch.from_numpy(lines64().images)

    def seeded() -> Generator:
        return Generator().manual_seed(7)

    assert statistics.elbo(samples=3)(model, 7) == metrics.negative_elbo(model, x, 3, generator=seeded())
    assert statistics.nll(samples=3)(model, 7) == metrics.iwae(model, x, 3, generator=seeded())
    assert statistics.distortion(samples=3)(model, 7) == metrics.distortion(model, x, 3, generator=seeded())
    assert statistics.rate()(model, 7) == metrics.rate(model, x)
    assert statistics.active(threshold=0.0)(model, 7) == model.latent_dim
    assert statistics.difference(lambda m, seed: m * seed)(5, 3, 2) == 4
    draws = model.sample(50, seeded()).detach().numpy()
    assert statistics.valid_draws(50)(model, 7) == 100 * metrics.validity(draws, lines64().templates)


def test_a_statement_says_enough_without_its_neighbours() -> None:
    statements = [claim.statement for claim in tables.CLAIMS.values()]
    leaning = re.compile(
        r"(The same|Its|Their|That|These|It)\b|.*\b(of|in) (these|those|such) (models|codes|frames|images)\b"
    )
    assert [statement for statement in statements if leaning.match(statement)] == []
    assert [statement for statement, count in Counter(statements).items() if count > 1] == []
    assert leaning.match("The same with 2 latent dimensions.")
    assert leaning.match("KL of those models, in the end.")
