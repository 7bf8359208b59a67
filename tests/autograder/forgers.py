"""Submissions whose worker does not answer honestly: right or wrong code, and below it what speaks in its place."""

from __future__ import annotations

import textwrap
from pathlib import Path

from autograder.engine.catalogue import Exercise, exercises
from tests.autograder.submissions import ROOT

__all__ = ["exercise_called", "forging", "with_tail"]

TOOLS = '''
import json, os, struct, sys, time
import numpy as np
import torch

def packed(body, arrays=(), raw=b"", text=None):
    """A message as the pipe carries it, whatever it says."""
    header = (text or json.dumps({"body": body, "arrays": list(arrays)})).encode()
    return struct.pack(">I", len(header)) + header + raw

def leaf(array=0, **other):
    return {"tag": "leaf", "array": array, "kind": "torch", "dtype": "float32", "requires_grad": False, **other}

def whole(request, result, **other):
    """An answer that holds all that is asked for."""
    return {"id": request.body["id"], "result": result, "changes": [], "calls": [], "files": {}, "others": [],
            "refused": [], "used": {}, "drew": False, "gradients": [], "seen": {}, **other}

def speak(instead):
    """Answers a call with what `instead(request)` gives, in bytes; honestly where that is None."""
    from autograder.engine.worker_process import dispatch
    honest = dispatch.Dispatcher.answer
    def answer(self, request):
        said = instead(request) if request.body["op"] == "call" else None
        return honest(self, request) if said is None else said
    dispatch.Dispatcher.answer = answer
'''


def exercise_called(name: str) -> Exercise:
    return next(exercise for exercise in exercises() if exercise.name == name)


def with_tail(name: str, tail: str) -> str:
    """The solution of an exercise, and more code after it."""
    solution = Path(ROOT, "solutions", exercise_called(name).solution).read_text(encoding="utf-8")
    return f"{solution}\n{TOOLS}\n{textwrap.dedent(tail)}"


def forging(instead: str, name: str = "latent", function: str = "") -> str:
    """The solution, whose worker says something else: `instead` is an expression of the `request`."""
    only = f"None if request.body['function'] != {function!r} else " if function else ""
    return with_tail(name, f"speak(lambda request: {only}({instead}))")
