"""Takes a request from the pipe to the code that answers it, and says what became of it."""

from __future__ import annotations

import functools
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import torch

from autograder.engine import wire
from autograder.engine.messages import CallRequest, LoadReply, LoadRequest, MistakesRequest, Request, StandInRequest
from autograder.engine.worker_process import refusals
from autograder.engine.worker_process.calling import carry_out
from autograder.engine.worker_process.channel import Channel
from autograder.engine.worker_process.error_report import Problem, describe_error, still_running
from autograder.engine.worker_process.loading import Loaded, load
from autograder.engine.worker_process.patience import TooLong, patience
from autograder.engine.worker_process.planted import planted
from autograder.engine.worker_process.refusals import look_natural
from autograder.engine.worker_process.settings import Settings, run_uncompiled
from autograder.engine.worker_process.stand_in_client import StandIn, perform
from autograder.engine.worker_process.submitted_files import unpack

__all__ = ["Dispatcher", "warm_up"]


ENDLESS = 10_000.0  # seconds: whoever names no limit has one of its own


class Dispatcher:
    """Holds the one file of this worker. Every answer carries the number of its request."""

    def __init__(self, home: Path, channel: Channel) -> None:
        self._channel = channel
        torch.set_num_threads(1)
        warm_up()
        run_uncompiled()
        look_natural()
        self._usual = Settings()
        sys.dont_write_bytecode = True  # nothing is left beside the student's file
        self.home = home
        self.loaded: Loaded | None = None
        self.variants: dict[tuple[str, ...], Any] = {}

    def answer(self, request: wire.Message) -> bytes:
        number = request.body["id"]
        try:
            reply = self._reply(cast("Request", request.body), request.arrays)
        except Exception as error:  # not the student's code, but perhaps what it did to this process
            return wire.encode(wire.Message({"id": number, "trouble": f"{type(error).__name__}: {error}"[:400]}))
        try:
            return wire.encode(wire.Message({**reply.body, "id": number}, reply.arrays))
        except (wire.WireError, ValueError, TypeError) as error:
            said = describe_error(error, note="the answer could not be sent")
            return wire.encode(wire.Message({"id": number, "error": said}))

    def _reply(self, request: Request, arrays: Sequence[wire.Array]) -> wire.Message:
        match request["op"]:
            case "load":
                return self._load(request, arrays)
            case "call":
                return self._call(request, arrays)
            case "mistakes":
                return self._mistakes(request)
            case "stand in":
                return self._stand_in(request, arrays)

    def _load(self, request: LoadRequest, arrays: Sequence[wire.Array]) -> wire.Message:
        submitted = unpack(request, arrays, self.home)
        os.chdir(submitted.folder)
        try:
            refusals.begin()
            with patience(request.get("seconds", ENDLESS)):
                self.loaded = load(submitted, request["functions"], self._channel.note)
        except Problem as problem:
            return wire.Message({"problem": {"message": str(problem)}})
        except TooLong as late:
            return wire.Message({"problem": still_running(late, submitted)})
        except BaseException as error:
            return wire.Message({"problem": describe_error(error, submitted)})
        finally:
            os.chdir(self.home)
            self._usual.put_back()
        refused = refusals.refused_so_far()
        reply: LoadReply = {"names": self.loaded.names(), "leftover": self.loaded.leftover, "refused": refused}
        return wire.Message(reply)

    def _mistakes(self, request: MistakesRequest) -> wire.Message:
        """Learns the named mistakes of an exercise; only the worker that holds the reference is asked to."""
        module = importlib.import_module(request["module"])
        self.variants = {(mistake.part, mistake.name): mistake for mistake in module.MISTAKES}
        return wire.Message({"mistakes": [mistake.about() for mistake in module.MISTAKES]})

    def _call(self, request: CallRequest, arrays: Sequence[wire.Array]) -> wire.Message:
        assert self.loaded is not None, "a file is loaded before it is called"
        self.loaded.announced.clear()
        name, variant = request["function"], request.get("variant")
        mistake = self.variants[tuple(variant)] if variant else None
        function = mistake.function if mistake and mistake.of in ("", name) else self.loaded.function(name)
        function = planted if request.get("planted") else function
        if function is None:
            return wire.Message({"missing": name})
        self.loaded.stand_ins = {of: StandIn(of, self._channel.ask) for of in request.get("stand_ins", ())}
        try:
            with self._channel.listening():
                return carry_out(self.loaded, function, request, arrays, self.home, self._channel.ask)
        finally:
            self.loaded.stand_ins = {}

    def _stand_in(self, request: StandInRequest, arrays: Sequence[wire.Array]) -> wire.Message:
        """Answers for a part that a student lacks; only a worker that holds the reference is asked to."""
        assert self.loaded is not None, "a file is loaded before it is called"
        function = self.loaded.function(request["ask"])
        assert function is not None, "the grader knows which functions there are"
        return perform(function, request, arrays)


@functools.cache
def warm_up() -> None:
    """Once, lets torch import and build what it does lazily, before a student's code is there to get in the way."""
    x = torch.ones(2, 2, requires_grad=True)
    torch.autograd.grad([torch.relu(x @ x).sum()], [x], allow_unused=True)
