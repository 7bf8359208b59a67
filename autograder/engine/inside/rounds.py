"""One call, or the same call several times with other seeds and generators, as one piece of evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.engine import wire
from autograder.engine.inside import calling
from autograder.engine.inside.loading import Loaded

__all__ = ["carry_out"]


def carry_out(loaded: Loaded, function: Callable[..., Any], request: wire.Message, home: Path) -> wire.Message:
    """The answer to a call; where it asks for rounds, all their answers. A round that fails is the last."""
    body = dict(request.body)
    rounds = body.pop("rounds", None)
    if not rounds:
        return calling.carry_out(loaded, function, request, home)
    told: list[dict[str, Any]] = []
    arrays: list[wire.Array] = []
    for again in rounds:
        varied = {**body, "seed": again["seed"], "kwargs": {**body["kwargs"], **again["kwargs"]}}
        answer = calling.carry_out(loaded, function, wire.Message(varied, request.arrays), home)
        told.append({"body": answer.body, "start": len(arrays), "count": len(answer.arrays)})
        arrays += answer.arrays
        if "error" in answer.body:
            break
    return wire.Message({"rounds": told}, arrays)
