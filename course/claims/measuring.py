"""Measures claims over seeds, and writes or compares the values that the lessons print."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from course.checkpoints import versions
from course.claims import CLAIMS, RUNS, Claim

__all__ = ["Result", "compare", "measure_all", "write"]


@dataclass(frozen=True)
class Result:
    """A claim's value, the mean over seeds, its spread, their standard deviation, and whether it holds."""

    statement: str
    value: float
    spread: float
    unit: str
    digits: int
    seeds: tuple[int, ...]
    values: tuple[float, ...]
    must_hold: str
    holds: bool
    budget: str
    source: str


def measure_all(names: Sequence[str], jobs: int = 2) -> dict[str, Result]:
    """Trains what the named claims need, in `jobs` processes of one thread, and measures them for every seed."""
    needed = sorted({(run, seed) for name in names for run in CLAIMS[name].runs for seed in CLAIMS[name].seeds})
    tasks = [(name, seed) for name in names for seed in CLAIMS[name].seeds]
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), torch.set_num_threads, (1,)) as pool:
        for _ in tqdm(pool.map(_train, needed), total=len(needed), desc="train", unit="run", disable=None, leave=False):
            pass
        bar = tqdm(pool.map(_measure, tasks), total=len(tasks), desc="measure", disable=None, leave=False)
        values = dict(zip(tasks, bar, strict=True))
    return {n: _summary(CLAIMS[n], [values[n, seed] for seed in CLAIMS[n].seeds]) for n in names}


def write(results: dict[str, Result], path: Path) -> None:
    """Writes the results as JSON; claims that were not measured now keep their entry if they still exist."""
    old = json.loads(path.read_text(encoding="utf-8"))["claims"] if path.exists() else {}
    merged = {name: asdict(results[name]) if name in results else old.get(name) for name in CLAIMS}
    content = {"versions": versions(), "claims": {name: entry for name, entry in merged.items() if entry}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def compare(results: dict[str, Result], path: Path) -> list[str]:
    """What differs from the file: a mean that moved by more than three times its spread, or a claim without a value.

    Another machine's floating point leads a training elsewhere, so equal digits cannot be asked for.
    """
    if not path.exists():
        return [f"{path} is missing: run latent-course claims"]
    written = json.loads(path.read_text(encoding="utf-8"))["claims"]
    problems = [f"{name} is not in {path}: run latent-course claims" for name in results if name not in written]
    for name, result in results.items():
        if name not in written:
            continue
        old = written[name]
        room = 3 * max(result.spread, old["spread"]) + 0.5 * 10.0**-result.digits
        if abs(result.value - old["value"]) > room:
            problems.append(
                f"{name} was {old['value']:.4g} ± {old['spread']:.2g}, now {result.value:.4g} ± {result.spread:.2g}"
            )
        if result.statement != old["statement"] or result.must_hold != old["must_hold"]:
            problems.append(f"{name} says something else in {path}: run latent-course claims")
    return problems


def _train(task: tuple[str, int]) -> None:
    RUNS[task[0]].model(task[1])


def _measure(task: tuple[str, int]) -> float:
    claim, seed = CLAIMS[task[0]], task[1]
    return float(claim.measure(*(RUNS[run].model(seed) for run in claim.runs), seed))


def _summary(claim: Claim, values: list[float]) -> Result:
    array = np.array(values)
    spread = float(array.std(ddof=1))
    holds = bool(np.isfinite(array).all()) and claim.bound.holds(array)
    return Result(
        claim.statement, float(array.mean()), spread, claim.unit, claim.digits, claim.seeds, tuple(values),
        claim.bound.text, holds, RUNS[claim.runs[0]].budget if claim.runs else "no training",
        "/".join(claim.measure.__module__.split(".")) + ".py",
    )  # fmt: skip
