"""Measures claims over seeds, and writes or compares the values that the lessons print."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path
from threading import RLock

import numpy as np
import torch
from tqdm import tqdm

from course import files
from course.checkpoints import versions
from course.claims.base import Claim, Measure, Measured
from course.claims.results import BaselineResult, Result, summarized
from course.claims.tables import CLAIMS, RUNS, SOURCES
from course.errors import CourseError
from course.runs import default_store

__all__ = ["compare", "measure_all", "trainings", "write"]

Task = tuple[str, int]
"""A claim and a seed."""
Training = tuple[str, int]
"""A run and a seed."""
Values = tuple[float, float | None]
"""What a claim gives for one seed, and its baseline if that is measured."""


def measure_all(names: Sequence[str], jobs: int = 2) -> dict[str, Result]:
    """Trains what the named claims need, in `jobs` processes of one thread, and measures them for every seed.

    Raises CourseError where one of these processes is ended by somebody else, and OSError where the run store, which
    hands models from one to the other, cannot be written. Ctrl-C ends all.
    """
    files.check_writable(default_store())
    needed, groups = trainings(CLAIMS[name] for name in names), _groups(names)
    values: dict[Task, Values] = {}
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin)
    try:
        for _ in tqdm(pool.map(_train, needed), total=len(needed), desc="train", unit="run", disable=None, leave=False):
            pass
        with tqdm(total=sum(map(len, groups)), desc="measure", disable=None, leave=False) as bar:
            for measured in pool.map(_measure, groups):
                values |= measured
                bar.update(len(measured))
    except BrokenProcessPool:
        raise CourseError(
            "a process that measured was ended by somebody else: the system does so where memory is short. Finished "
            "trainings are kept, and the same command goes on; --jobs 1 takes less memory"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)
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
    """Writes the results as JSON, whole or not at all; those of claims that there are no more are left out."""
    entries = {name: results[name].as_json() for name in CLAIMS if name in results}
    content = {"versions": versions(), "claims": entries}
    files.write(path, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def compare(results: dict[str, Result], written: dict[str, Result]) -> list[str]:
    """What differs from what was `written` earlier: an entry that is missing, or one that has moved.

    A value or baseline has moved if it lies further away than three times its spread.

    Another machine's floating point leads a training elsewhere, so equal digits cannot be asked for.
    """
    problems = [f"{name} is not in the file: run latent-course claims" for name in results if name not in written]
    for name, now in results.items():
        if name not in written:
            continue
        old = written[name]
        problems += _moved(name, old, now, now.digits)
        problems += _moved(f"the baseline of {name}", old.baseline, now.baseline, now.digits)
        if _said(old) != _said(now):
            problems.append(f"{name} says something else in the file: run latent-course claims")
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


def _begin() -> None:
    """What a process does first; Ctrl-C ends it without a word, which is for its parent to say."""
    torch.set_num_threads(1)
    tqdm.set_lock(RLock())  # its own would be a semaphore of the system, which such an end leaves behind
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))


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
