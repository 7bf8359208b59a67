"""What an answer must hold before anything in it counts: one piece of evidence for each that a call asks for.

What is missing would otherwise not be missed: a check that looks at each round of an answer finds nothing wrong with
one of no rounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np

from autograder.engine.calls import Call, Generator, Model

__all__ = ["must_be_whole"]

Found = TypeVar("Found")
SHOWING = ("recording", "vae")  # the kinds of models that show something afterwards begin so
LISTS, OBJECTS = ("changes", "others", "refused"), ("result", "used", "files")
WHAT_ALL_HOLD = {**dict.fromkeys(OBJECTS, dict), **dict.fromkeys(LISTS, list), "drew": bool}


def must_be_whole(body: Mapping[str, Any], call: Call) -> None:
    """Raises ValueError unless the body of an answer holds all that the call asks for.

    That the function is missing, or failed, is all that can be said then: nothing is right about it.
    """
    if "missing" in body or ("error" in body and "rounds" not in body):
        return
    if not call.rounds:
        _must_hold(body, call, call.kwargs)
        return
    rounds = _part(body, "rounds", list)
    for item, asked in zip(rounds, call.rounds, strict=False):
        _part(item, "start", int), _part(item, "count", int)
        _must_hold(_part(item, "body", dict), call, {**call.kwargs, **asked.kwargs})
    ended = bool(rounds) and "error" in rounds[-1]["body"]  # a round that fails is the last
    if len(rounds) != len(call.rounds) and not (ended and len(rounds) < len(call.rounds)):
        raise ValueError(f"{len(rounds)} rounds in answer to {len(call.rounds)}")


def _must_hold(body: Mapping[str, Any], call: Call, kwargs: Mapping[str, Any]) -> None:
    """The same for one run of the function."""
    if "rounds" in body:
        raise ValueError("rounds that were not asked for")
    if "error" in body:
        _part(body, "error", dict)
        return
    for name, kind in WHAT_ALL_HOLD.items():
        _part(body, name, kind)
    given = {**{str(place): value for place, value in enumerate(call.args)}, **kwargs}
    for name, value in given.items():
        if isinstance(value, Generator):
            _part(_part(body["used"], name, dict), "advanced", bool)
        if isinstance(value, Model):
            _part(body["used"], name, dict)
        if isinstance(value, Model) and value.kind.startswith(SHOWING):
            _part(_part(body, "seen", dict), name, list)
    wanted = 0 if call.cotangents is None else sum(map(_count_inputs, given.values()))
    gradients = _part(body, "gradients", list) if wanted else body.get("gradients", [])
    if len(gradients) != wanted:
        raise ValueError(f"{len(gradients)} gradients of {wanted} inputs")


def _part(of: Any, name: str, kind: type[Found]) -> Found:
    """What an object holds under a name, if it is an object, and that is of this type."""
    found = of.get(name) if isinstance(of, dict) else None
    if type(found) is not kind:
        raise ValueError(f"no {name}")
    return found


def _count_inputs(value: Any) -> int:
    """How many tensors in an argument can have a gradient."""
    if isinstance(value, list):
        return sum(map(_count_inputs, value))
    return int(isinstance(value, np.ndarray) and value.dtype.kind == "f")
