"""Starters from solutions: each marked region of a solution becomes a stub that names its task.

A region runs from `# todo 1.1: what to do` to `# done`. A line that begins with `# starter:` stands in the starter
only, without the mark. Nothing else differs, so a starter can never drift from what its solution promises.
"""

from __future__ import annotations

import re
from pathlib import Path

from course.errors import CourseError

__all__ = ["generate", "starter_of", "write_starters"]

_BEGIN = re.compile(r"^(?P<indent> *)# todo (?P<part>\d+\.\d+): (?P<task>.+)$")
_END = re.compile(r"^ *# done$")
_STARTER_ONLY = re.compile(r"^(?P<indent> *)# starter: ?(?P<text>.*)$")


def starter_of(solution: str) -> str:
    """The text of the starter that belongs to the text of a solution; ValueError where the marks do not pair."""
    lines: list[str] = []
    opened = ""
    for number, line in enumerate(solution.splitlines(), start=1):
        if begin := _BEGIN.match(line):
            if opened:
                raise CourseError(f"line {number}: part {begin['part']} begins before part {opened} is done")
            opened = begin["part"]
            task = f"Exercise {opened}: {begin['task']}"
            lines.append(f"{begin['indent']}# TODO {opened}: {begin['task']}")
            lines.append(f'{begin["indent"]}raise NotImplementedError("{task}")')
        elif _END.match(line):
            if not opened:
                raise CourseError(f"line {number}: `# done` without a `# todo` before it")
            opened = ""
        elif not opened:
            only = _STARTER_ONLY.match(line)
            lines.append((only["indent"] + only["text"]).rstrip() if only else line)
    if opened:
        raise CourseError(f"part {opened} is never done")
    return "\n".join(lines) + "\n"


def generate(solutions: Path) -> dict[str, str]:
    """File name and text of every starter, from the solutions in a folder."""
    found = sorted(solutions.glob("*_solution.py"))
    if not found:
        raise FileNotFoundError(f"no *_solution.py in {solutions}")
    return {path.name.replace("_solution", "_starter"): starter_of(path.read_text(encoding="utf-8")) for path in found}


def write_starters(solutions: Path, exercises: Path, *, overwrite: bool) -> dict[str, str]:
    """Writes the starters; says of each "written", "unchanged" or "kept", for work is never overwritten unasked."""
    exercises.mkdir(exist_ok=True)
    outcome = {}
    for name, text in generate(solutions).items():
        path = exercises / name
        old = path.read_text(encoding="utf-8") if path.exists() else None
        outcome[name] = "unchanged" if old == text else "written" if old is None or overwrite else "kept"
        if outcome[name] == "written":
            path.write_text(text, encoding="utf-8")
    return outcome
