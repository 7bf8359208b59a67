"""Grading one file: asks the student's worker, runs checks, keeps what was found. The tests of pytest and `grade`
both go through `Session.check`, so they cannot disagree.
"""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.engine.answering import kept
from autograder.engine.answering.oracle import Live, Oracle
from autograder.engine.answering.records import Record
from autograder.engine.answering.stand_in import StandInWorker
from autograder.engine.answering.student import Student
from autograder.engine.answering.submission import Submission
from autograder.engine.answering.table import Table
from autograder.engine.catalogue import Exercise, Part
from autograder.engine.grading.diagnosis import diagnose
from autograder.engine.grading.findings import found
from autograder.engine.grading.habits import habit_of
from autograder.engine.judging.checks import Check, checks_of
from autograder.engine.verdicts import Finding, Mistake, NotChecked, State
from autograder.engine.worker_client.limits import Limits

__all__ = ["Outcome", "Session"]

GRAVITY = (
    State.UNTRUSTED,
    State.UNCHECKED,
    State.NOT_HANDED_IN,
    State.NOT_STARTED,
    State.HALF,
    State.BLOCKED,
    State.WRONG,
    State.UNFINISHED,
    State.DONE,
)  # of a part's checks, the gravest counts


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
        self,
        exercise: Exercise,
        path: Path,
        seed: int,
        limits: Limits | None = None,
        oracle: Oracle | None = None,
        *,
        whole_folder: bool = False,  # was handed in, and not the file alone
        submission: Submission | None = None,
    ) -> None:
        self.exercise = exercise
        self.seed = seed
        self.submission = submission or Submission(exercise, path, limits or Limits(), whole_folder)
        self._own_oracle = oracle is None
        self.oracle: Oracle = oracle or Table(Live(exercise, limits), kept.place(exercise, seed))
        self._stand_in_worker = StandInWorker(exercise, self.oracle.solution, limits or Limits())
        self._findings: dict[str, dict[str, Finding]] = {}
        self._records: dict[str, dict[str, list[Record]]] = {}  # by part and check

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
        self._stand_in_worker.close()
        if self._own_oracle:
            self.oracle.close()

    def tools(self, number: str, check: Check, missing: Sequence[str] = ()) -> dict[str, Any]:
        """What a check may ask for by the name of a parameter; with stand-ins for missing parts, and inputs anew."""
        records = self._records.setdefault(number, {}).setdefault(check.__name__, [])
        stand_ins = self._stand_in_worker.stand_in_for(missing) if missing else None
        stream = [self.seed, zlib.crc32(check.__name__.encode()), *(zlib.crc32(m.encode()) for m in missing)]
        student = Student(self.submission, self.oracle, number, records, stand_ins)
        return {"student": student, "reference": self.oracle, "rng": np.random.default_rng(stream)}

    def check(self, number: str, check: Check, tools: dict[str, Any] | None = None) -> Finding:
        """Runs one check to its end, whatever that is.

        What was found stays found: a part that was judged before a stand-in for it was there is never judged after.
        """
        findings = self._findings.setdefault(number, {})
        if check.__name__ not in findings:
            findings[check.__name__] = self._found(number, check, tools or self.tools(number, check))
        return findings[check.__name__]

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
        return [Outcome(p, self._trusted(self._named(p.number))) for p in chosen]

    def _trusted(self, finding: Finding) -> Finding:
        """The finding, which is worth nothing if the worker was seen to lie, be it about another part."""
        reason = self.submission.distrust
        return Finding(State.UNTRUSTED, reason=reason) if reason and finding.state is not State.UNTRUSTED else finding

    def _found(self, number: str, check: Check, tools: dict[str, Any]) -> Finding:
        """What a check finds; if an earlier part that is not done is to blame, again with a stand-in for that part."""
        missing: list[str] = []
        while True:
            student: Student = tools["student"]
            wanted = {name: tools[name] for name in inspect.signature(check).parameters if name in tools}
            finding = found(check, wanted)
            if finding.decided:
                finding = replace(finding, probe=student.probe, given=student.given, refused=student.refused)
            to_blame = self._to_blame(number, finding, student.called, missing)
            if not to_blame:
                return replace(finding, stood_in=tuple(m for m in missing if m in student.called))
            missing = self._in_order({*missing, *to_blame})
            try:
                tools = {**tools, **self.tools(number, check, missing)}
            except NotChecked as problem:
                return Finding(State.UNCHECKED, reason=str(problem))
            self._records[number][check.__name__].clear()

    def _to_blame(self, number: str, finding: Finding, called: set[str], known: Sequence[str]) -> list[str]:
        """Earlier parts that a failed check called and that are not done, but for those that are known already."""
        if finding.state not in (State.WRONG, State.BLOCKED):
            return []
        order = [p.number for p in self.exercise.parts]
        suspects = self._in_order((called & set(order[: order.index(number)])) - set(known))
        return [earlier for earlier in suspects if self.state(earlier) is not State.DONE]

    def _habit(self, number: str, records: Sequence[Record]) -> Mistake | None:
        link = next(part.link for part in self.exercise.parts if part.number == number)
        return habit_of(number, link.split("#")[1], records, self.oracle)

    def _in_order(self, numbers: set[str]) -> list[str]:
        return [p.number for p in self.exercise.parts if p.number in numbers]

    def _gravest(self, number: str) -> Finding:
        """What counts of a part's checks. One that did not run to its end counts as well: a part is done if all did."""
        found = self._findings.get(number, {})
        findings = list(found.values())
        expected = [check.__name__ for check in checks_of(self.exercise)[number]]
        if not expected or set(expected) - set(found):
            ended = f"{len(found)} of its {len(expected)} checks ran to the end"
            findings.append(Finding(State.UNFINISHED, reason=ended))
        gravest = _of_halves(findings) or min(findings, key=lambda f: GRAVITY.index(f.state))
        return replace(gravest, stood_in=tuple(self._in_order({n for f in findings for n in f.stood_in})))

    def _named(self, number: str) -> Finding:
        """The gravest finding with the mistake behind all answers; else, of two mistakes, the one that is shown."""
        finding = self._gravest(number)
        if finding.state is not State.WRONG:
            return finding
        records = self._records.get(number, {})
        everything = [record for of_check in records.values() for record in of_check]
        try:
            others = [record for check, of_check in records.items() if check != finding.check for record in of_check]
            shown = records[finding.check]
            mistake = diagnose(number, everything, self.oracle) or diagnose(number, shown, self.oracle, others)
            return replace(finding, mistake=mistake or self._habit(number, everything) or self._habit(number, shown))
        except NotChecked:
            return finding


def _of_halves(findings: Sequence[Finding]) -> Finding | None:
    """What counts where some functions of a part are written and others are not: a written one that is wrong; else, if
    all of these are right or wait for the others, that the part is half done.
    """
    missing = tuple(dict.fromkeys(name for f in findings for name in f.missing))
    written = [f for f in findings if not f.missing]
    waits = next((f.reason for f in findings if f.missing and f.reason), "")
    if waits and not written:
        return Finding(State.HALF, missing=missing, reason=waits)
    if not missing or not written:
        return None
    wrong = next((f for f in written if f.state is State.WRONG), None)
    half = all(f.state is State.DONE for f in written)
    return wrong or (Finding(State.HALF, missing=missing) if half else None)
