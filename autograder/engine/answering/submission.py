"""One student's file, asked call by call."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, cast

from autograder.engine import wire
from autograder.engine.answering.budget import Budget
from autograder.engine.answering.honesty import Dishonest, must_be_true, planted_call
from autograder.engine.answering.loaded_worker import Asked, LoadedWorker, NotLoaded
from autograder.engine.answering.own_models import OwnModels, may_ask
from autograder.engine.answering.questions import Questions
from autograder.engine.answering.refused import refusal
from autograder.engine.answering.stand_in import StandIns
from autograder.engine.calls import Answer, Call
from autograder.engine.catalogue import Exercise
from autograder.engine.evidence import must_be_whole
from autograder.engine.messages import CallRequest
from autograder.engine.parsing import TooMuch, parse
from autograder.engine.reading import Absent, Unreadable, beginning
from autograder.engine.staging.own import own_files
from autograder.engine.verdicts import Blocked, NotChecked, NotHandedIn, Untrusted
from autograder.engine.worker_client.limits import Death, Limits, NotStarted

__all__ = ["Submission"]

TRIES = 3  # of a worker whose report is not true
LARGEST = 1_000_000  # bytes of a file that are looked at


class Submission:
    """The file in its worker. A worker that died is replaced when the next question comes."""

    def __init__(
        self,
        exercise: Exercise,
        path: Path,
        limits: Limits,
        whole_folder: bool = False,  # was handed in, and not the file alone
        file: LoadedWorker | None = None,
    ) -> None:
        self.exercise = exercise
        self.path = path.absolute()
        self.limits = limits
        staged = partial(own_files, self.path, whole_folder)
        self.file = file or LoadedWorker(self.path.name, staged, exercise.functions, limits)
        self.stand_ins: StandIns | None = None  # for the calls that follow
        self.part = ""  # for which they are made
        self.distrust = ""  # why nothing that its worker says is believed, if that is so
        self._tried: set[tuple[str, str]] = set()  # for which part, after which function, reports were put to the test
        self._budget = Budget(limits)
        self._problem: Blocked | NotHandedIn | None = None
        self._deaths: dict[tuple[str, ...], Death] = {}  # what killed its worker is not called in this way again

    def start(self) -> None:
        """Lets the worker come up while others work. If it cannot, the first question says so."""
        self.file.start()

    def close(self) -> None:
        self.file.close()

    def is_begun(self) -> bool:
        """Whether a stub of the starter is missing, as far as the text tells: then the reference will be needed."""
        try:
            text = beginning(self.path, LARGEST)
        except Unreadable:
            return False
        return not all(f"Exercise {number}:".encode() in text for number in self.exercise.functions.values())

    def ask(self, call: Call) -> Answer:
        """The answer to one call. Raises Blocked if the file does not load or a part cannot be stood in for, Death if
        the call killed the worker, Untrusted once the worker was seen to lie.
        """
        [answer] = self.ask_each([call])
        return answer

    def ask_each(self, calls: Sequence[Call]) -> Generator[Answer]:
        """The answers to calls, in their order; each as `ask` gives it.

        What may decide alone goes alone, the first call and the first of each function; so does what may ask back.
        """
        group: list[Call] = []
        for number, call in enumerate(calls):
            alone = not number or (self.part, call.function) not in self._tried or may_ask(call) or self.stand_ins
            if not alone:
                group.append(call)
                continue
            yield from self._answers(group)
            yield from self._answers([call])
            group = []
        yield from self._answers(group)

    def _answers(self, calls: Sequence[Call]) -> Iterator[Answer]:
        """The same for calls that are sent together."""
        stand_ins = self.stand_ins
        stood_in = sorted(stand_ins.functions) if stand_ins else []
        with contextlib.closing(self._told(calls, {"stand_ins": stood_in})) as told:
            for call in calls:
                if self.distrust:
                    raise Untrusted(self.distrust)
                way = (call.function, *stood_in)
                if way in self._deaths:
                    raise self._deaths[way]
                end = self._budget.end(self.part)
                if end:
                    raise end
                answer, fatal = next(told)
                self._budget.spend(self.part, 0, answer.weight)
                if not fatal and (self.part, call.function) not in self._tried:
                    self._tried.add((self.part, call.function))
                    self._must_be_honest(call.function)
                if stand_ins and stand_ins.problem:
                    raise stand_ins.problem
                if fatal:
                    self._deaths[way] = fatal
                    raise fatal
                yield answer

    def _must_be_honest(self, function: str) -> None:
        """Whether reports are true is seen after a function has run, which can change how its worker reports.

        A thread that a function left may draw a number just then: so it must be untrue several times.
        """
        call = planted_call(function)
        for left in reversed(range(TRIES)):
            [(answer, fatal)] = self._told([call], {"planted": True})
            try:
                must_be_true(call, Answer(missing=True) if fatal else answer)
                return
            except Dishonest as error:
                if not left:
                    self._distrusted(function, error)

    def _distrusted(self, function: str, error: Dishonest) -> NoReturn:
        self.distrust = f"`{function}` was called, and {error}"
        raise Untrusted(self.distrust) from None

    def _told(self, calls: Sequence[Call], more: Mapping[str, Any]) -> Generator[tuple[Answer, Death | None]]:
        """The answers, or how the worker ended over one."""
        models = [OwnModels(call) for call in calls]
        packed = [call.pack("float32", asking=True) for call in calls]
        requests = [(cast("CallRequest", {**body, **more}), arrays) for body, arrays in packed]
        asked = Questions(models[0], self.stand_ins) if len(calls) == 1 else None
        with contextlib.closing(self._replies(requests, asked)) as replies:
            for call, model in zip(calls, models, strict=True):
                yield self._read(call, model, replies)

    def _read(self, call: Call, models: OwnModels, replies: Iterator[wire.Message]) -> tuple[Answer, Death | None]:
        """The next answer, as far as it can be believed."""
        try:
            reply = next(replies)
            must_be_whole(reply.body, call)
            return models.witnessed(parse(reply)), None
        except Dishonest as error:
            self._distrusted(call.function, error)
        except Death as death:
            return Answer(), (death.kind == "timeout" and self._budget.end(self.part)) or death
        except TooMuch as error:
            self.close()
            return Answer(), Death("large", f"gave an answer that is too large: it holds {error}")
        except ValueError as error:
            self.close()
            return Answer(), Death("garbage", f"gave an answer that does not hold what was asked for ({error})")

    def _replies(self, requests: Sequence[Asked], asked: Questions | None) -> Generator[wire.Message]:
        """What the worker sends. One that was lost through no fault of the student's is replaced once."""
        if self._problem:
            raise self._problem
        before = self.file.busy
        try:
            with contextlib.closing(self._sent(requests, asked)) as sent:
                for reply in sent:
                    self._budget.spend(self.part, self.file.busy - before)
                    before = self.file.busy
                    yield reply
        except NotLoaded as error:
            said = str(error)
            if isinstance(error.__cause__, Absent):
                self._problem = NotHandedIn(said)
            else:
                self._problem = refusal(error.refused, said) if error.refused else Blocked(self.path.name, said)
            raise self._problem from None
        except NotStarted as error:
            raise NotChecked(str(error)) from error
        finally:
            self._budget.spend(self.part, self.file.busy - before)

    def _sent(self, requests: Sequence[Asked], asked: Questions | None) -> Generator[wire.Message]:
        """One alone may ask back; others are sent together."""
        if asked:
            [(body, arrays)] = requests
            yield self.file.ask(body, arrays, self._budget.left(self.part), asked)
        else:
            yield from self.file.ask_each(requests, lambda: self._budget.left(self.part))
