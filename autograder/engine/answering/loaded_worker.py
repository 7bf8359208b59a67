"""A file in a worker of its own, which starts when it is needed, loads the file, and is replaced when it is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, Protocol

from autograder.engine import wire
from autograder.engine.answering.refused import refused_in
from autograder.engine.messages import Request
from autograder.engine.reading import Unreadable
from autograder.engine.staging.own import Staged
from autograder.engine.worker_client.limits import Death, Limits, NotStarted
from autograder.engine.worker_client.worker import Asked, Worker

__all__ = ["PATIENCE", "Answering", "Asked", "LoadedWorker", "NotLoaded"]

GRACE = 5  # seconds for a file that is still being loaded when its time is up, to say where it is
PATIENCE = 60  # seconds more for the course's own files: only a slow machine can be to blame


ENDLESS = (
    "was still running when the time was up. The grader imports your file, which runs all that stands at its top: put "
    "a training, or what else takes long, under `if __name__ == '__main__':`."
)


class NotLoaded(Exception):
    """The file cannot be loaded; the text says why, in a whole sentence. `refused` is what the walls refused it."""

    def __init__(self, text: str, refused: str = "") -> None:
        super().__init__(text)
        self.refused = refused


class Answering(Protocol):
    """Answers what a worker asks back in the middle of a call."""

    def begin(self) -> None:
        """A call is made, or made again."""

    def __call__(self, question: wire.Message, seconds: float) -> wire.Message | None:
        """The answer, within so many seconds; None if the question is junk."""


class LoadedWorker:
    """`staged` reads the files, once. A worker that is `trusted` runs the course's own code, without walls."""

    def __init__(
        self,
        name: str,
        staged: Callable[[], Staged],
        functions: Mapping[str, str],
        limits: Limits,
        *,
        trusted: bool = False,
        patience: float = 0,
    ) -> None:
        self.name = name
        self.names: list[str] = []  # what the file offers
        self.refused: list[str] = []  # in words, what the walls refused it while it went on
        self.leftover: dict[str, int] = {}  # by function, the line where its stub still stands
        self.worker: Worker | None = None
        self._read, self._functions, self._limits = staged, functions, limits
        self._trusted, self._patience = trusted, patience
        self._staged: Staged | None = None
        self._loaded = False
        self._busy = 0.0

    @property
    def busy(self) -> float:
        """The seconds that all requests took until now, without those in which a worker came up."""
        return self._busy + (self.worker.busy if self.worker else 0.0)

    def start(self) -> None:
        """Lets the worker come up while others work. If it cannot, the first question says so."""
        with contextlib.suppress(NotStarted):
            self.worker = self.worker or Worker(self._limits, self._trusted)

    def load(self) -> Worker:
        """A worker that has loaded the file. Raises NotStarted or NotLoaded."""
        self.worker = self.worker or Worker(self._limits, self._trusted)
        if not self._loaded:
            self._load(self.worker)
        return self.worker

    def ask(
        self,
        body: Request,
        arrays: tuple[wire.Array, ...],
        seconds: float,
        answering: Answering | None = None,
        again: tuple[type[Exception], ...] = (NotStarted,),
    ) -> wire.Message:
        """A request's answer. After an error of a kind in `again` it is asked once more, in another worker.

        Raises Death, NotStarted or NotLoaded, and the worker is closed then.
        """
        for last in (False, True):
            if answering is not None:
                answering.begin()
            try:
                return self.load().ask(body, arrays, seconds, answering)
            except (Death, NotStarted, NotLoaded) as error:
                self.close()
                if last or not isinstance(error, again):
                    raise
        raise AssertionError("unreachable")

    def ask_each(
        self,
        requests: Sequence[Asked],
        seconds: Callable[[], float],
        again: tuple[type[Exception], ...] = (NotStarted,),
    ) -> Generator[wire.Message]:
        """The same for several requests in the middle of which nothing is asked back; see `Worker.ask_each`."""
        done, failed = 0, -1
        while done < len(requests):
            try:
                with contextlib.closing(self.load().ask_each(requests[done:], seconds)) as replies:
                    for reply in replies:
                        done += 1
                        yield reply
            except (Death, NotStarted, NotLoaded) as error:
                self.close()
                if failed == done or not isinstance(error, again):
                    raise
                failed = done
            finally:
                if self.worker is not None and self.worker.is_closed:
                    self.close()

    def close(self) -> None:
        if self.worker is not None:
            self.worker.close()
            self._busy += self.worker.busy
        self.worker, self._loaded = None, False

    def _load(self, worker: Worker) -> None:
        try:
            self._staged = self._staged or self._read()
            body, arrays = self._staged.request(self._functions)
            seconds = self._limits.load + self._patience
            reply = worker.ask({**body, "seconds": seconds}, arrays, seconds + GRACE).body
            if "problem" in reply:
                raise NotLoaded(_in_words(self.name, reply["problem"]), refused_in(reply["problem"]))
            self.names = [str(name) for name in reply["names"]]
            self.refused = [str(word)[:20] for word in reply.get("refused", [])][:20]
            self.leftover = {str(name): int(line) for name, line in reply["leftover"].items()}
        except Unreadable as error:
            raise NotLoaded(str(error)) from error
        except Death as death:
            raise NotLoaded(f"while {self.name} was imported, it {death}") from death
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotLoaded(f"{self.name} interferes with the grader's worker while it is imported") from error
        self._loaded = True


def _in_words(name: str, problem: Any) -> str:
    """Why a file does not load."""
    kind, message = str(problem.get("type", ""))[:80], str(problem.get("message", ""))[:400]
    if not kind:
        return message
    line, text = problem.get("line"), str(problem.get("text") or "")[:200]
    place = f"line {line} of {str(problem.get('file') or name)[:80]}" if isinstance(line, int) else name
    if kind == "TooLong":
        return f"{place} {ENDLESS}" + (f" Got {text}" if text else "")
    note = f" {problem['note']}"[:500] if problem.get("note") else ""
    what = f"{place} is not Python" if kind in ("SyntaxError", "IndentationError", "TabError") else f"{place} fails"
    said = "it ends the program (sys.exit)" if kind == "SystemExit" else f"{kind}: {message}".removesuffix(": ")
    return f"{what}: {said}{note}" + (f": {text}" if text else "")
