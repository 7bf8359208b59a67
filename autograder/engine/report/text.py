"""What a student reads: a line for each part, points, the next thing to do."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from autograder.engine.catalogue import Part
from autograder.engine.grading.session import Outcome
from autograder.engine.verdicts import Finding, State

__all__ = ["clean", "escape_missing_letters", "line", "message", "next_thing", "points"]

SYMBOLS = {
    State.DONE: "✓",
    State.WRONG: "✗",
    State.NOT_STARTED: "·",
    State.NOT_HANDED_IN: "∅",
    State.HALF: "·",
    State.UNFINISHED: "-",
    State.BLOCKED: "⊘",
    State.UNCHECKED: "?",
    State.UNTRUSTED: "!",
}


def clean(text: str) -> str:
    """Text that may come from a student, without what could steer a terminal."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "?" for c in text)


def escape_missing_letters(stream: IO[str]) -> None:
    """From now on a stream writes what its encoding lacks as an escape, instead of failing over it."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def number(value: float) -> str:
    return f"{value:g}"


def line(outcome: Outcome, symbol: bool = False) -> str:
    """One part in one line."""
    part, finding = outcome.part, outcome.finding
    sign = f"{SYMBOLS[finding.state]} " if symbol else ""
    score = f"{number(outcome.score):>3} of {number(part.points)}"
    by = f"   by {finding.by}" if finding.state is State.BLOCKED else _stood_in(finding.stood_in)
    return clean(f"  {sign}{part.number}  {part.title:<26}{finding.state.value:<22}{score}{by}")


def _stood_in(numbers: Sequence[str]) -> str:
    return f"   with the course's {' and '.join(numbers)}" if numbers else ""


def points(outcomes: Sequence[Outcome]) -> str:
    """`11 of 20 points`."""
    score, top = sum(o.score for o in outcomes), sum(o.part.points for o in outcomes)
    return f"{number(score)} of {number(top)} points"


def message(outcome: Outcome, width: int = 100, verbose: bool = False) -> list[str]:
    """All that can be said about a part: what was expected, what we got, what stood in, a question, where to read."""
    part, finding = outcome.part, outcome.finding
    said: list[tuple[str, str]] = []
    match finding.state:
        case State.DONE:
            pass
        case State.NOT_STARTED:
            names = " and ".join(f"`{name}`" for name in (part.function, *part.also))
            said.append(("To do", f"write {names}; the starter says there what it takes and returns"))
        case State.HALF:
            said.append(("To do", _other_half(part, finding)))
        case State.WRONG:
            said += [("Expected", finding.expected), ("Got", finding.got)]
            said += [("Input", finding.given)] if finding.given else []
            said += [("Note", finding.refused)] if finding.refused else []
        case State.BLOCKED:
            said.append(("Blocked", finding.reason or f"it uses part {finding.by}, which is not done yet: start there"))
        case State.NOT_HANDED_IN:
            said.append(("Missing", finding.reason))
        case State.UNFINISHED:
            said.append(("Checked", f"{finding.reason}; it is done when all do: `pytest autograder` runs them all"))
        case State.UNCHECKED:
            said.append(("Grader", f"this part could not be checked, which is no fault of yours: {finding.reason}"))
        case State.UNTRUSTED:
            said.append(
                ("Grader", f"what the submission says of itself is not true, so that no part counts: {finding.reason}")
            )
    if finding.stood_in:
        said.append(("Note", _note(finding.stood_in)))
    if verbose and finding.decided:
        said.append(("Check", _check(finding)))
    if finding.mistake:
        said += [("Mistake", finding.mistake.name), ("Question", finding.mistake.question)]
    if finding.state in (State.WRONG, State.NOT_STARTED, State.HALF):
        page = part.link.split("#")[0]
        section = finding.mistake.section if finding.mistake else part.link.split("#")[1]
        said += [("Lesson", f"{_at(page)}#{section}"), ("Hint", f"pytest autograder --hint {part.number}")]
    if verbose and finding.mistake:
        said.append(("Named in", finding.mistake.place))
    lines = []
    for label, text in said:
        lines += textwrap.wrap(
            clean(text), width, initial_indent=f"  {label:<10}", subsequent_indent=" " * 12, break_on_hyphens=False
        )
    return lines


def _other_half(part: Part, finding: Finding) -> str:
    """What is left to write, and what is right."""
    if finding.reason:
        return f"{finding.reason}: write it, then both can be checked"
    right = [name for name in (part.function, *part.also) if name not in finding.missing]
    missing, known = (" and ".join(f"`{name}`" for name in names) for names in (finding.missing, right))
    begun = f"{known} {'is' if len(right) == 1 else 'are'} right; " if right else "some of it is right; "
    return f"{begun}write {missing} as well, then the part counts"


def _check(finding: Finding) -> str:
    """Which check decided on which input, and where that is written."""
    name = f"{finding.file.rpartition('/')[2]}::{finding.check}"
    probe = f', probe "{finding.probe}"' if finding.probe else ""
    return f"{name}{probe} ({finding.file}:{finding.line})"


def _at(page: str) -> str:
    """Where the page is: in the site, if it was built where the grader was called."""
    built = Path("build", "site", page)
    return built.as_posix() if built.is_file() else page


def _note(numbers: Sequence[str]) -> str:
    if len(numbers) == 1:
        return f"it uses part {numbers[0]}, which is not done yet; the course's own stood in for it here"
    return f"it uses parts {' and '.join(numbers)}, which are not done yet; the course's own stood in for them here"


def next_thing(outcomes: Sequence[Outcome]) -> Outcome | None:
    """The first part that is wrong, else the first that is not done; last, one that waits or was not handed in."""
    undone = [o for o in outcomes if o.finding.state is not State.DONE]
    undone.sort(key=lambda o: o.finding.state in (State.UNFINISHED, State.NOT_HANDED_IN))
    numbers = {o.part.number for o in undone}
    ready = [o for o in undone if o.finding.by not in numbers]
    wrong = [o for o in ready if o.finding.state is State.WRONG]
    return next(iter(wrong or ready or undone), None)
