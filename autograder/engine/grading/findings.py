"""How a check ended, as a finding."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.engine.verdicts import Blocked, Finding, NotChecked, State, Stub, Wrong

__all__ = ["found"]

ENGINE = Path(__file__).resolve().parents[1]


def found(run: Callable[[], Any]) -> Finding:
    """Runs a check to its end, whatever that is."""
    try:
        run()
    except Wrong as wrong:
        return Finding(State.WRONG, wrong.expected, wrong.got)
    except Stub:
        return Finding(State.NOT_STARTED)
    except Blocked as blocked:
        return Finding(State.BLOCKED, by=blocked.by, reason=blocked.reason)
    except NotChecked as problem:
        return Finding(State.UNCHECKED, reason=str(problem))
    except Exception as error:
        if isinstance(error, AssertionError) and not _is_ours(error):  # what pytest would show is what the student sees
            return Finding(State.WRONG, "what the check asserts", str(error)[:500])
        return Finding(State.UNCHECKED, reason=_where(error))
    return Finding(State.DONE)


def _is_ours(error: Exception) -> bool:
    """Whether the engine itself failed, and not a plain assert in a check."""
    return _origin(error).is_relative_to(ENGINE)


def _where(error: Exception) -> str:
    """A fault of the grader's own, for whoever mends it."""
    line = traceback.extract_tb(error.__traceback__)[-1].lineno
    return f"{type(error).__name__}: {error} ({_origin(error).name}, line {line})"[:500]


def _origin(error: Exception) -> Path:
    return Path(traceback.extract_tb(error.__traceback__)[-1].filename)
