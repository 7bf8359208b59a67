"""How a check ended, as a finding."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.engine.judging.checks import Check
from autograder.engine.verdicts import Blocked, Finding, NotChecked, NotHandedIn, State, Stub, Untrusted, Wrong

__all__ = ["found"]

ENGINE = Path(__file__).resolve().parents[1]
PROJECT = ENGINE.parents[1]


def found(check: Check, given: Mapping[str, Any]) -> Finding:
    """Runs a check to its end, whatever that is. What is no success says where in the check it ended."""
    try:
        check(**given)
    except Exception as error:
        file, line = _place(check, error)
        return replace(_ended(error), check=check.__name__, file=file, line=line)
    return Finding(State.DONE)


def _ended(error: Exception) -> Finding:
    match error:
        case Wrong():
            return Finding(State.WRONG, error.expected, error.got)
        case Stub():
            waits = f"`{error.caller}` calls `{error.function}`, which is not written yet" if error.caller else ""
            return Finding(State.NOT_STARTED, missing=(error.function,), reason=waits)
        case Blocked():
            return Finding(State.BLOCKED, by=error.by, reason=error.reason)
        case Untrusted():
            return Finding(State.UNTRUSTED, reason=str(error))
        case NotHandedIn():
            return Finding(State.NOT_HANDED_IN, reason=str(error))
        case NotChecked():
            return Finding(State.UNCHECKED, reason=str(error))
        case AssertionError() if not _is_ours(error):  # what pytest would show is what the student sees
            return Finding(State.WRONG, "what the check asserts", str(error)[:500])
    return Finding(State.UNCHECKED, reason=_where(error))


def _place(check: Check, error: Exception) -> tuple[str, int]:
    """The check's file, as seen from the project, and its last line that was reached."""
    code = inspect.unwrap(check).__code__
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == code.co_filename]
    file = Path(code.co_filename)
    shown = file.relative_to(PROJECT).as_posix() if file.is_relative_to(PROJECT) else file.name
    return shown, (lines[-1] if lines else None) or code.co_firstlineno


def _is_ours(error: Exception) -> bool:
    """Whether the engine itself failed, and not a plain assert in a check."""
    return _origin(error).is_relative_to(ENGINE)


def _where(error: Exception) -> str:
    """A fault of the grader's own, for whoever mends it."""
    line = traceback.extract_tb(error.__traceback__)[-1].lineno
    return f"{type(error).__name__}: {error} ({_origin(error).name}, line {line})"[:500]


def _origin(error: Exception) -> Path:
    return Path(traceback.extract_tb(error.__traceback__)[-1].filename)
