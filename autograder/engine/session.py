"""Grading one file: asks the student's worker, runs checks, keeps what was found. The tests of pytest and `grade`
both go through `Session.check`, so they cannot disagree.
"""

from __future__ import annotations

import importlib
import inspect
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.engine.catalogue import Exercise, Part
from autograder.engine.diagnosis import Record, diagnose
from autograder.engine.oracle import Oracle
from autograder.engine.process import Limits
from autograder.engine.student import Student, Submission
from autograder.engine.verdicts import Blocked, Finding, NotChecked, State, Stub, Wrong

__all__ = ["Check", "Outcome", "Session", "checks_of", "part"]

Check = Callable[..., Any]
GRAVITY = (
    State.UNCHECKED,
    State.NOT_STARTED,
    State.BLOCKED,
    State.WRONG,
    State.DONE,
)  # of a part's checks, the gravest counts


def part(number: str) -> Callable[[Check], Check]:
    """Says which part a check belongs to: `@part("1.1")`. A part is done when all its checks pass."""

    def mark(check: Check) -> Check:
        setattr(check, "part_number", number)  # noqa: B010
        return check

    return mark


def checks_of(exercise: Exercise) -> dict[str, list[Check]]:
    """The checks of each part, in the order in which they are written."""
    module = importlib.import_module(f"autograder.test_{exercise.name}")
    found: dict[str, list[Check]] = {p.number: [] for p in exercise.parts}
    for check in vars(module).values():
        if hasattr(check, "part_number") and check.__name__.startswith("test"):
            found[check.part_number].append(check)
    return found


@dataclass(frozen=True)
class Outcome:
    """The verdict about one part."""

    part: Part
    finding: Finding

    @property
    def score(self) -> float:
        return self.part.points if self.finding.state is State.DONE else 0.0


class Session:
    """One submission of one exercise. Close it, or use it in a `with` statement."""

    def __init__(
        self, exercise: Exercise, path: Path, seed: int, limits: Limits | None = None, oracle: Oracle | None = None
    ) -> None:
        self.exercise = exercise
        self.seed = seed
        self.submission = Submission(exercise, path, limits or Limits())
        self._own_oracle = oracle is None
        self.oracle = oracle or Oracle(exercise, limits)
        self._findings: dict[str, dict[str, Finding]] = {}
        self._records: dict[str, list[Record]] = {}

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Both workers come up side by side; importing torch is what takes time. A fresh starter needs only one."""
        self.submission.start()
        if self.submission.is_begun():
            self.oracle.start()

    def close(self) -> None:
        self.submission.close()
        if self._own_oracle:
            self.oracle.close()

    def tools(self, number: str, check: Check) -> dict[str, Any]:
        """What a check may ask for by the name of a parameter."""
        records = self._records.setdefault(number, [])
        rng = np.random.default_rng([self.seed, zlib.crc32(check.__name__.encode())])
        return {"student": Student(self.submission, self.oracle, number, records), "reference": self.oracle, "rng": rng}

    def check(self, number: str, check: Check, tools: dict[str, Any] | None = None) -> Finding:
        """Runs one check to its end, whatever that is."""
        tools = tools or self.tools(number, check)
        wanted = {name: tools[name] for name in inspect.signature(check).parameters if name in tools}
        finding = self._judge(number, lambda: check(**wanted), tools["student"])
        self._findings.setdefault(number, {})[check.__name__] = finding
        return finding

    def state(self, number: str) -> State:
        """A part's state; its checks are run if they were not yet."""
        for check in checks_of(self.exercise)[number]:
            if check.__name__ not in self._findings.get(number, {}):
                self.check(number, check)
        return self._gravest(number).state

    @property
    def checked(self) -> list[str]:
        """The numbers of the parts about which something is known."""
        return list(self._findings)

    def outcomes(self, numbers: Sequence[str] | None = None) -> list[Outcome]:
        """The verdicts about all parts that were checked, with the mistakes named."""
        chosen = [p for p in self.exercise.parts if p.number in (self._findings if numbers is None else numbers)]
        return [Outcome(p, self._named(p.number)) for p in chosen]

    def _judge(self, number: str, run: Callable[[], Any], student: Student) -> Finding:
        try:
            run()
        except Wrong as wrong:
            return self._blamed(number, student) or Finding(State.WRONG, wrong.expected, wrong.came)
        except Stub:
            return Finding(State.NOT_STARTED)
        except Blocked as blocked:
            return Finding(State.BLOCKED, by=blocked.by, reason=blocked.reason)
        except NotChecked as problem:
            return Finding(State.UNCHECKED, reason=str(problem))
        except AssertionError as error:  # a plain assert in a check: what pytest would show is what the student sees
            return self._blamed(number, student) or Finding(State.WRONG, "what the check asserts", str(error)[:500])
        except Exception as error:
            return Finding(State.UNCHECKED, reason=_where(error))
        return Finding(State.DONE)

    def _blamed(self, number: str, student: Student) -> Finding | None:
        """An earlier part that this one called and that is not done is to blame."""
        order = [p.number for p in self.exercise.parts]
        for earlier in sorted(student.called & set(order[: order.index(number)]), key=order.index):
            if self.state(earlier) is not State.DONE:
                return Finding(State.BLOCKED, by=earlier)
        return None

    def _gravest(self, number: str) -> Finding:
        findings = list(self._findings.get(number, {}).values())
        return min(findings, key=lambda f: GRAVITY.index(f.state)) if findings else Finding(State.DONE)

    def _named(self, number: str) -> Finding:
        finding = self._gravest(number)
        if finding.state is not State.WRONG:
            return finding
        try:
            return replace(finding, mistake=diagnose(number, self._records.get(number, []), self.oracle))
        except NotChecked:
            return finding


def _where(error: Exception) -> str:
    """A fault of the grader's own, for whoever mends it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" ({Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno})" if trace else ""
    return f"{type(error).__name__}: {error}{place}"[:500]
