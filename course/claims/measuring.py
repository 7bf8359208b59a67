"""Measures claims over seeds, and writes or compares the values that the lessons print."""

from __future__ import annotations

import json
import multiprocessing
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from course.checkpoints import versions
from course.claims.base import Claim, Measure, Measured
from course.claims.results import BaselineResult, Result, read_results, summarized
from course.claims.tables import CLAIMS, RUNS, SOURCES

__all__ = ["compare", "measure_all", "trainings", "write"]

Task = tuple[str, int]
"""A claim and a seed."""
Training = tuple[str, int]
"""A run and a seed."""
Values = tuple[float, float | None]
"""What a claim gives for one seed, and its baseline if that is measured."""


def measure_all(names: Sequence[str], jobs: int = 2) -> dict[str, Result]:
    """Trains what the named claims need, in `jobs` processes of one thread, and measures them for every seed."""
    needed, groups = trainings(CLAIMS[name] for name in names), _groups(names)
    values: dict[Task, Values] = {}
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), torch.set_num_threads, (1,)) as pool:
        for _ in tqdm(pool.map(_train, needed), total=len(needed), desc="train", unit="run", disable=None, leave=False):
            pass
        with tqdm(total=sum(map(len, groups)), desc="measure", disable=None, leave=False) as bar:
            for measured in pool.map(_measure, groups):
                values |= measured
                bar.update(len(measured))
    return {name: _result(name, [values[name, seed] for seed in CLAIMS[name].seeds]) for name in names}


def trainings(claims: Iterable[Claim]) -> list[Training]:
    """What these claims and their baselines need, each training once, the longest first so that no core waits long."""
    needed: dict[Training, None] = {}  # in an order that does not change
    for claim in claims:
        for run in (*claim.runs, *_runs_of_baseline(claim)):
            first = next(name for name, spec in RUNS.items() if spec == RUNS[run])
            needed |= {(first, seed): None for seed in claim.seeds}
    costs = {run: RUNS[run].cost for run, _ in needed}
    return sorted(needed, key=lambda training: -costs[training[0]])


def write(results: dict[str, Result], path: Path) -> None:
    """Writes the results as JSON; claims that were not measured now keep their entry if they still exist."""
    old = json.loads(path.read_text(encoding="utf-8"))["claims"] if path.exists() else {}
    merged = {name: results[name].as_json() if name in results else old.get(name) for name in CLAIMS}
    content = {"versions": versions(), "claims": {name: entry for name, entry in merged.items() if entry}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def compare(results: dict[str, Result], path: Path) -> list[str]:
    """What differs from the file: a value or baseline that moved by more than three times its spread, or none at all.

    Another machine's floating point leads a training elsewhere, so equal digits cannot be asked for.
    """
    if not path.exists():
        return [f"{path} is missing: run latent-course claims"]
    written = read_results(path)
    problems = [f"{name} is not in {path}: run latent-course claims" for name in results if name not in written]
    for name, now in results.items():
        if name not in written:
            continue
        old = written[name]
        problems += _moved(name, old, now, now.digits)
        problems += _moved(f"the baseline of {name}", old.baseline, now.baseline, now.digits)
        if _said(old) != _said(now):
            problems.append(f"{name} says something else in {path}: run latent-course claims")
    return problems


def _moved(name: str, old: Result | BaselineResult, now: Result | BaselineResult, digits: int) -> list[str]:
    room = 3 * max(now.spread, old.spread) + 0.5 * 10.0**-digits
    if abs(now.value - old.value) <= room:
        return []
    return [f"{name} was {old.value:.4g} ± {old.spread:.2g}, now {now.value:.4g} ± {now.spread:.2g}"]


def _said(result: Result) -> tuple[object, ...]:
    baseline = result.baseline
    return result.statement, result.must_hold, result.summary, baseline.words, baseline.reason


def _runs_of_baseline(claim: Claim) -> tuple[str, ...]:
    """The runs that have to be trained for it."""
    baseline = claim.baseline
    return baseline.runs or () if isinstance(baseline, Measured) and not baseline.untrained else ()


def _groups(names: Sequence[str]) -> list[list[Task]]:
    """Tasks of one file and seed together, for they share what is cached in their process; the largest group first."""
    groups: dict[tuple[str, int], list[Task]] = defaultdict(list)
    for name in names:
        for seed in CLAIMS[name].seeds:
            groups[SOURCES[name], seed].append((name, seed))
    return sorted(groups.values(), key=len, reverse=True)


def _train(training: Training) -> None:
    RUNS[training[0]].model(training[1])


def _measure(tasks: list[Task]) -> dict[Task, Values]:
    return {(name, seed): _of_one_seed(CLAIMS[name], seed) for name, seed in tasks}


def _of_one_seed(claim: Claim, seed: int) -> Values:
    value, base = _measured(claim.measure, claim.runs, False, seed), claim.baseline
    if not isinstance(base, Measured):
        return value, None
    runs = claim.runs if base.runs is None else base.runs
    return value, _measured(base.measure or claim.measure, runs, base.untrained, seed)


@cache
def _measured(measure: Measure, runs: tuple[str, ...], untrained: bool, seed: int) -> float:
    """Kept, for what one claim says is often the baseline of others."""
    specs = [RUNS[run] for run in runs]
    return float(measure(*(spec.untrained(seed) if untrained else spec.model(seed) for spec in specs), seed))


def _result(name: str, measured: list[Values]) -> Result:
    claim, values = CLAIMS[name], tuple(value for value, _ in measured)
    array = np.array(values)
    value, spread = summarized(claim.summary.kind, values, claim.summary.of)
    return Result(
        claim.statement, value, spread, claim.unit, claim.digits, claim.seeds, values, claim.bound.text,
        bool(np.isfinite(array).all()) and claim.bound.holds(array),
        RUNS[claim.runs[0]].budget if claim.runs else "no training", SOURCES[name],
        _baseline_result(claim, [base for _, base in measured if base is not None]), claim.summary.as_json(),
    )  # fmt: skip


def _baseline_result(claim: Claim, values: list[float]) -> BaselineResult:
    if not isinstance(claim.baseline, Measured):
        return BaselineResult(reason=claim.baseline.reason)
    value, spread = summarized(claim.summary.kind, tuple(values), claim.summary.of)
    return BaselineResult(claim.baseline.words, value, spread, tuple(values))
