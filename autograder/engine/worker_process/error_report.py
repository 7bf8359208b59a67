"""A student's exception as plain data: type, message, and the line of the student's file it came from."""

from __future__ import annotations

import contextlib
import linecache
import re
import traceback
from pathlib import Path

from autograder.engine.messages import ErrorReport
from autograder.engine.worker_process.refusals import refused
from autograder.engine.worker_process.submitted_files import SubmittedFiles

__all__ = ["Problem", "describe_error", "still_running"]

LONGEST = 400
STUB = re.compile(r"Exercise (\d+\.\d+)\b")


class Problem(Exception):
    """The file cannot be used at all; the message says why."""


def _refused(error: BaseException, submitted: SubmittedFiles | None) -> str:
    """In one word, what the grader does not allow: something of the walls', or a name that starts elsewhere."""
    if word := refused(error):
        return word
    with contextlib.suppress(Exception):
        return "place" if submitted and isinstance(error, FileNotFoundError) and submitted.beside(error) else ""
    return ""


def still_running(error: BaseException, submitted: SubmittedFiles) -> ErrorReport:
    """A file that does not come to its end, with the line at its top that it was at."""
    found: ErrorReport = {"type": type(error).__name__, "message": ""}
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == str(submitted.start):
            return {**found, "file": submitted.start.name, "line": frame.lineno, "text": (frame.line or "")[:LONGEST]}
    return found


def _at_the_stop(found: ErrorReport, submitted: SubmittedFiles | None) -> ErrorReport:
    """With the line of a `breakpoint()`, if one stopped the code: a debugger stops at the line behind it."""
    if not submitted or found.get("refused") != "keyboard":
        return found
    file, line = str(submitted.folder / found.get("file", "")), found.get("line") or 0
    for number in range(line, max(0, line - 20), -1):
        text = linecache.getline(file, number).strip()
        if re.search(r"\bbreakpoint\(|set_trace\(|\binput\(", text):
            return {**found, "line": number, "text": text[:LONGEST]}
    return found


def describe_error(error: BaseException, submitted: SubmittedFiles | None = None, note: str = "") -> ErrorReport:
    """What went wrong, in JSON. Never raises: an exception's own `__str__` may be broken."""
    try:
        message = str(error)
        if submitted:
            message = submitted.as_known(message)
            note = note or submitted.about(error, message)
    except BaseException:
        message = "(its message cannot be shown)"
    answers = isinstance(error, PermissionError) and re.search(r"/course/[\w/]+\.py", str(error.filename))
    if answers:
        note = "(of the course, an exercise uses patterns, checkpoints and figures; the rest holds answers)"
    found: ErrorReport = {"type": type(error).__name__[:80], "message": message[:LONGEST], "note": note}
    if isinstance(error, SyntaxError):
        found |= {"message": str(error.msg)[:LONGEST], "line": error.lineno, "file": Path(error.filename or "").name}
        found["text"] = (error.text or "").strip()[:LONGEST]
        return found
    if word := "" if answers else _refused(error, submitted):
        found["refused"] = word
    stub = STUB.match(message) if isinstance(error, NotImplementedError) else None
    if stub:
        found["stub"] = stub.group(1)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if submitted and _is_in(f.filename, submitted)]
    if frames:
        file, line, text = _place(frames[-1])
        found |= {"file": file, "line": line, "text": text}
    if frames and frames[0].name != frames[-1].name:
        file, line, text = _place(frames[0])
        found |= {"called_file": file, "called_line": line, "called_text": text}
    return _at_the_stop(found, submitted)


def _is_in(file: str, submitted: SubmittedFiles) -> bool:
    return Path(file).is_relative_to(submitted.folder)


def _place(frame: traceback.FrameSummary) -> tuple[str, int | None, str]:
    return Path(frame.filename).name, frame.lineno, (frame.line or "")[:LONGEST]
