"""The report as a results.json, in the form that Gradescope reads."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder import __version__
from autograder.engine.grading.session import Outcome
from autograder.engine.report.text import clean, message, next_thing, points
from autograder.engine.verdicts import Finding, State

__all__ = ["results", "write_results"]

FIRST_WORDS = b'{\n  "score": '


def results(outcomes: Sequence[Outcome], seed: int, seconds: float, notes: Sequence[str] = ()) -> dict[str, Any]:
    """The report in the form that Gradescope reads. `notes` say which files were taken."""
    following = next_thing(outcomes)
    said = [points(outcomes), *map(clean, notes)]
    said += [f"Next: {following.part.number} {following.part.title}"] if following else []
    unfinished = sum(outcome.finding.state is State.UNFINISHED for outcome in outcomes)
    said += [f"The checks of {unfinished} of {len(outcomes)} parts did not all run to the end."] if unfinished else []
    return {
        "score": sum(o.score for o in outcomes),
        "execution_time": round(seconds, 3),
        "output": "\n".join(said),
        "output_format": "text",
        "tests": [_test(outcome) for outcome in outcomes],
        "extra_data": {"seed": seed, "grader": __version__},
    }


def _test(outcome: Outcome) -> dict[str, Any]:
    finding = outcome.finding
    text = [finding.state.value, *message(outcome)]
    return {
        "name": outcome.part.title,
        "number": outcome.part.number,
        "score": outcome.score,
        "max_score": outcome.part.points,
        "status": "passed" if finding.state is State.DONE else "failed",
        "output": "\n".join(text),
        "output_format": "text",
        "extra_data": {
            "state": finding.state.value,
            "misconception": finding.mistake.name if finding.mistake else None,
            **({"by": finding.by} if finding.by else {}),
            **({"stood_in": list(finding.stood_in)} if finding.stood_in else {}),
            **_decided(finding),
        },
    }


def _decided(finding: Finding) -> dict[str, Any]:
    """Which check decided on which input, and where that check and the named mistake are written."""
    decided = {name: getattr(finding, name) for name in ("check", "probe", "file", "line")} if finding.decided else {}
    return {**decided, **({"named_in": finding.mistake.place} if finding.mistake else {})}


def write_results(path: Path, report: dict[str, Any]) -> None:
    """Writes the whole report or nothing: a reader never sees half a file.

    Raises OSError where it cannot, and FileExistsError where something else than a report would be lost.
    """
    path = path.absolute()
    if path.exists() and not _is_report(path):
        raise FileExistsError(f"something that is no report is there; name another file, or remove {path.name} first")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _is_report(path: Path) -> bool:
    """Whether a file is an earlier report, as far as its first words tell, or holds nothing."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(FIRST_WORDS)) in (b"", FIRST_WORDS)
