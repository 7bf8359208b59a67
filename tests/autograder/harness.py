"""Grades many small submissions of one exercise quickly: all of them beside one another in one worker."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

from autograder.engine import wire
from autograder.engine.answering.loaded_worker import LoadedWorker
from autograder.engine.answering.oracle import Live
from autograder.engine.answering.submission import Submission
from autograder.engine.answering.table import Table
from autograder.engine.calls import Answer, Call
from autograder.engine.catalogue import Exercise, exercises
from autograder.engine.grading.session import Outcome, Session
from autograder.engine.judging.checks import checks_of
from autograder.engine.staging.own import own_files
from autograder.engine.verdicts import Mistake
from autograder.engine.worker_client.limits import Limits
from autograder.engine.worker_client.worker import Worker
from tests.autograder.submissions import ROOT, stub

REGION = re.compile(r"^( +)# todo (\d+\.\d): .*\n(?:.*\n)*?\1# done\n", re.MULTILINE)


class Shared(LoadedWorker):
    """A harmless file in a worker that others use as well, and that lives on."""

    def __init__(self, exercise: Exercise, path: Path, worker: Worker) -> None:
        super().__init__(path.name, lambda: own_files(path), exercise.functions, Limits())
        self.worker = self._others = worker

    def close(self) -> None:
        self.worker, self._loaded = self._others, False


class AsIf(Submission):
    """A submission that makes one named mistake: answered by the worker that holds the reference."""

    def __init__(self, exercise: Exercise, oracle: Table, mistake: Mistake) -> None:
        super().__init__(exercise, Path("unused.py"), Limits())
        self._oracle, self._mistake = oracle, mistake

    def ask_each(self, calls: Sequence[Call]) -> Generator[Answer]:
        for call in calls:
            yield self._oracle.mistaken(self._mistake, call)


class Remembering(Table):
    """A reference that is asked each question once, also about mistakes: many submissions are asked the same ones."""

    def __init__(self, exercise: Exercise) -> None:
        super().__init__(Live(exercise))
        self._wrong: dict[bytes, Answer] = {}

    def mistaken(self, mistake: Mistake, call: Call) -> Answer:
        body, arrays = call.pack("float32")
        key = wire.encode(wire.Message({**body, "variant": [mistake.part, mistake.name]}, arrays))
        if key not in self._wrong:
            self._wrong[key] = super().mistaken(mistake, call)
        return self._wrong[key]


class Harness:
    """The two workers for one exercise, and its submissions. Close it."""

    def __init__(self, name: str, folder: Path) -> None:
        self.exercise = next(exercise for exercise in exercises() if exercise.name == name)
        self.numbers = [part.number for part in self.exercise.parts]
        self.solution = (ROOT / "solutions" / self.exercise.solution).read_text(encoding="utf-8")
        self.oracle, self.worker = Remembering(self.exercise), Worker()
        self.oracle.start()
        self._folder, self._count = folder, 0

    def close(self) -> None:
        self.oracle.close()
        self.worker.close()

    def text(self, bodies: Mapping[str, str], extra: str = "") -> str:
        """The solution with these function bodies, by part number (6.4b is the second of 6.4), and further code."""
        seen: list[str] = []

        def put(match: re.Match[str]) -> str:
            indent, number = match.groups()
            key = number + "b" * seen.count(number)
            seen.append(number)
            return (
                textwrap.indent(textwrap.dedent(bodies[key]).strip("\n") + "\n", indent) if key in bodies else match[0]
            )

        text = REGION.sub(put, self.solution)
        return text.replace("# Given: nothing below", f"{textwrap.dedent(extra)}\n\n# Given: nothing below")

    def starter(self) -> str:
        return self.text(
            {key: stub(key.removesuffix("b")) for number in self.numbers for key in (number, f"{number}b")}
        )

    def grade(self, text: str, seed: int = 7, numbers: Sequence[str] = ()) -> dict[str, Outcome]:
        """Verdicts by part number, about all parts or some."""
        self._count += 1
        path = self._folder / f"submission_{self._count}.py"
        path.write_text(text, encoding="utf-8")
        submission = Submission(self.exercise, path, Limits(call=60), file=Shared(self.exercise, path, self.worker))
        return self._run(submission, numbers or self.numbers, seed)

    def with_mistake(self, mistake: Mistake, seed: int) -> Outcome:
        """The verdict about a part with one of its named mistakes."""
        return self._run(AsIf(self.exercise, self.oracle, mistake), [mistake.part], seed)[mistake.part]

    def _run(self, submission: Submission, numbers: Sequence[str], seed: int) -> dict[str, Outcome]:
        with Session(self.exercise, submission.path, seed, oracle=self.oracle, submission=submission) as session:
            for number in numbers:
                for check in checks_of(self.exercise)[number]:
                    session.check(number, check)
            return {outcome.part.number: outcome for outcome in session.outcomes()}


def states_of(outcomes: Mapping[str, Outcome]) -> dict[str, str]:
    return {number: outcome.finding.state.value for number, outcome in outcomes.items()}
