"""Grades answers, each in a worker with all its walls, and named mistakes as the reference's worker makes them."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from autograder.engine.catalogue import exercises, part
from autograder.engine.grading.grade import grade
from autograder.engine.verdicts import Finding, Mistake, State
from autograder.engine.worker_client.limits import Limits
from tests.autograder.harness import Harness, Remembering
from tests.bank.cases import Answer

__all__ = ["SEED", "Trial", "mistakes", "side_by_side", "trials"]

SEED = 11
LIMITS = Limits(call=4)
CORES = 2
Group = TypeVar("Group")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Trial:
    """An answer to a part, and the verdict. `mistake` is the name that it should get, if one is known."""

    name: str
    part: str
    finding: Finding
    mistake: str | None = None

    @property
    def accepted(self) -> bool:
        return self.finding.state is State.DONE

    @property
    def named(self) -> str:
        """The mistake that was named, or nothing."""
        return self.finding.mistake.name if self.finding.mistake else ""


def side_by_side(
    work: Callable[[Group], Iterator[Result]], groups: Sequence[Group], total: int, title: str
) -> list[Result]:
    """What `work` yields about each group, two groups at a time, in the order of groups. An interrupt ends it soon."""
    ended = threading.Event()
    with ThreadPoolExecutor(CORES) as pool, tqdm(total=total, desc=title, disable=None, leave=False) as bar:

        def run(group: Group) -> list[Result]:
            found = []
            for result in work(group):
                found.append(result)
                bar.update()
                if ended.is_set():
                    break
            return found

        try:
            futures = [pool.submit(run, group) for group in groups]
            return [result for future in futures for result in future.result()]
        finally:
            ended.set()
            pool.shutdown(cancel_futures=True)


def trials(answers: Sequence[Answer], title: str = "", seeds: Sequence[int] = (SEED,)) -> list[Trial]:
    """The verdicts about all parts that answers are graded for, once with each seed."""
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(answer.parts[0], []).append(answer)

    def work(group: list[Answer]) -> Iterator[Trial]:
        oracle = Remembering(part(group[0].parts[0])[0])
        try:
            for answer in group:
                for seed in seeds:
                    yield from _graded(answer, oracle, seed)
        finally:
            oracle.close()

    total = len(seeds) * sum(len(answer.parts) for answer in answers)
    return side_by_side(work, list(groups.values()), total, title)


def mistakes(title: str = "", seed: int = SEED) -> list[Trial]:
    """The verdicts about all named mistakes."""

    def work(group: list[Mistake]) -> Iterator[Trial]:
        with tempfile.TemporaryDirectory(prefix="bank-") as folder:
            harness = Harness(part(group[0].part)[0].name, Path(folder))
            try:
                for mistake in group:
                    finding = harness.with_mistake(mistake, seed).finding
                    yield Trial(mistake.name, mistake.part, finding, mistake.name)
            finally:
                harness.close()

    groups = _known()
    return side_by_side(work, groups, sum(map(len, groups)), title)


def _graded(answer: Answer, oracle: Remembering, seed: int) -> Iterator[Trial]:
    with tempfile.TemporaryDirectory(prefix="bank-") as folder:
        path = Path(folder) / oracle.exercise.starter
        for name, text in {**answer.beside, path.name: answer.text}.items():
            path.with_name(name).write_text(text, encoding="utf-8")
        outcomes = grade(oracle.exercise, path, parts=answer.parts, seed=seed, oracle=oracle, limits=LIMITS)
    for outcome in outcomes:
        if outcome.part.number in answer.parts:
            yield Trial(answer.name, outcome.part.number, outcome.finding, answer.mistake)


def _known() -> list[list[Mistake]]:
    """The named mistakes of each part."""
    found = []
    for exercise in exercises():
        oracle = Remembering(exercise)
        found += [oracle.mistakes(part.number) for part in exercise.parts]
        oracle.close()
    return [group for group in found if group]
