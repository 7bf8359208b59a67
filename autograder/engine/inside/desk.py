"""The worker's desk: takes a request from the pipe, says what became of it."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import torch

from autograder.engine import wire
from autograder.engine.inside.excuses import Problem, excuse
from autograder.engine.inside.handed import unpack
from autograder.engine.inside.line import Line
from autograder.engine.inside.loading import Loaded, load
from autograder.engine.inside.rounds import carry_out
from autograder.engine.inside.standing import StandIn, perform

__all__ = ["Desk"]


class Desk:
    """Holds the one file of this worker. Every answer carries the number of its request."""

    def __init__(self, home: Path, line: Line) -> None:
        self._line = line
        torch.set_num_threads(1)
        _warm_up()
        sys.dont_write_bytecode = True  # nothing is left beside the student's file
        self.home = home
        self.loaded: Loaded | None = None
        self.variants: dict[tuple[str, ...], Any] = {}

    def answer(self, request: wire.Message) -> bytes:
        operations = {"load": self._load, "call": self._call, "mistakes": self._mistakes, "stand in": self._stand_in}
        operation = operations[request.body["op"]]
        number = request.body["id"]
        try:
            reply = operation(request)
        except Exception as error:  # not the student's code, but perhaps what it did to this process
            return wire.encode(wire.Message({"id": number, "trouble": f"{type(error).__name__}: {error}"[:400]}))
        try:
            return wire.encode(wire.Message({**reply.body, "id": number}, reply.arrays))
        except (wire.WireError, ValueError, TypeError) as error:
            said = excuse(error, note="the answer could not be sent")
            return wire.encode(wire.Message({"id": number, "error": said}))

    def _load(self, request: wire.Message) -> wire.Message:
        handed = unpack(request, self.home)
        try:
            self.loaded = load(handed, request.body["functions"], self._line.note)
        except Problem as problem:
            return wire.Message({"problem": {"message": str(problem)}})
        except BaseException as error:
            return wire.Message({"problem": excuse(error, handed)})
        finally:
            os.chdir(self.home)
        return wire.Message({"names": self.loaded.names(), "leftover": self.loaded.leftover})

    def _mistakes(self, request: wire.Message) -> wire.Message:
        """Learns the named mistakes of an exercise; only the worker that holds the reference is asked to."""
        module = importlib.import_module(request.body["module"])
        self.variants = {(mistake.part, mistake.name): mistake for mistake in module.MISTAKES}
        return wire.Message({"mistakes": [mistake.about() for mistake in module.MISTAKES]})

    def _call(self, request: wire.Message) -> wire.Message:
        assert self.loaded is not None, "a file is loaded before it is called"
        self.loaded.announced.clear()
        name, variant = request.body["function"], request.body.get("variant")
        mistake = self.variants[tuple(variant)] if variant else None
        function = mistake.function if mistake and mistake.of in ("", name) else self.loaded.function(name)
        if function is None:
            return wire.Message({"missing": name})
        self.loaded.standing = {of: StandIn(of, self._line.ask) for of in request.body.get("standing", ())}
        try:
            with self._line.listening():
                return carry_out(self.loaded, function, request, self.home)
        finally:
            self.loaded.standing = {}

    def _stand_in(self, request: wire.Message) -> wire.Message:
        """Answers for a part that a student lacks; only a worker that holds the reference is asked to."""
        assert self.loaded is not None, "a file is loaded before it is called"
        function = self.loaded.function(request.body["ask"])
        assert function is not None, "the grader knows which functions there are"
        return perform(function, request)


def _warm_up() -> None:
    """Lets torch import and build what it does lazily, before a student's code is there to get in the way."""
    x = torch.ones(2, 2, requires_grad=True)
    torch.autograd.grad([torch.relu(x @ x)], [x], [torch.ones(2, 2)], allow_unused=True)
