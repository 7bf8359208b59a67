"""Starters from solutions: each marked region of a solution becomes a stub that names its task.

A region runs from `# todo 1.1: what to do` to `# done`. A line that begins with `# starter:` stands in the starter
only, without the mark. Nothing else differs, so a starter can never drift from what its solution promises.
"""

from __future__ import annotations

import ast
import os
import re
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Literal

from course import files
from course.errors import CourseError

__all__ = ["generate", "starter_of", "state_of", "write_starter"]

_BEGIN = re.compile(r"^(?P<indent> *)# todo (?P<part>\d+\.\d+): (?P<task>.+)$")
_END = re.compile(r"^ *# done$")
_STARTER_ONLY = re.compile(r"^(?P<indent> *)# starter: ?(?P<text>.*)$")


def starter_of(solution: str) -> str:
    """The text of the starter that belongs to the text of a solution; CourseError where the marks do not pair."""
    lines: list[str] = []
    opened = ""
    for number, line in enumerate(solution.splitlines(), start=1):
        if begin := _BEGIN.match(line):
            if opened:
                raise CourseError(f"line {number}: expected `# done` after part {opened}, got part {begin['part']}")
            opened = begin["part"]
            task = f"Exercise {opened}: {begin['task']}"
            lines.append(f"{begin['indent']}# TODO {opened}: {begin['task']}")
            lines.append(f'{begin["indent"]}raise NotImplementedError("{task}")')
        elif _END.match(line):
            if not opened:
                raise CourseError(f"line {number}: expected `# todo` with a part before `# done`, got none")
            opened = ""
        elif not opened:
            only = _STARTER_ONLY.match(line)
            lines.append((only["indent"] + only["text"]).rstrip() if only else line)
    if opened:
        raise CourseError(f"expected `# done` after part {opened}, got the end of the file")
    return "\n".join(lines) + "\n"


def generate(solutions: Path) -> dict[str, str]:
    """File name and text of every starter, from the solutions in a folder; CourseError where they cannot be made."""
    found = sorted(solutions.glob("*_solution.py"))
    if not found:
        got = "none" if solutions.is_dir() else "a file" if solutions.exists() else "no such folder"
        raise CourseError(
            f"expected solutions, such as latent_solution.py, in {solutions}, got {got}: "
            "call this in the folder of the course, or name another with --solutions"
        )
    return {path.name.replace("_solution", "_starter"): _generated(path) for path in found}


def state_of(starter: Path, text: str) -> Literal["missing", "unchanged", "changed"]:
    """What is at the path of a starter, beside the text that it should have; CourseError for what is no file."""
    if starter.parent.is_file():
        raise CourseError(f"{starter.parent}: expected a folder, got a file: name a folder with --exercises")
    if not os.path.lexists(starter):
        return "missing"
    _must_be_a_file(starter)
    old = starter.read_text(encoding="utf-8", errors="replace")  # work, whatever it is
    return "unchanged" if old == text else "changed"


def write_starter(starter: Path, text: str) -> Path | None:
    """Writes a starter, whole or not at all. What is there already is kept beside it, at the path that is returned.

    Raises OSError, with everything as it was, where there is no room for the copy or for the starter.
    """
    aside = _kept_aside(starter) if starter.exists() else None
    files.write(starter, text.encode())
    return aside


def _generated(solution: Path) -> str:
    _must_be_a_file(solution)
    try:
        text = starter_of(solution.read_text(encoding="utf-8"))
        ast.parse(text)
        return text
    except SyntaxError as error:
        raise CourseError(f"{solution}: expected Python, got a syntax error ({error.msg}): mend it first") from None
    except UnicodeDecodeError as error:
        got = f"{error.object[error.start]:#04x} as byte {error.start + 1}"
        raise CourseError(f"{solution}: expected text in UTF-8, got {got}: save it as UTF-8") from None
    except CourseError as error:
        raise CourseError(f"{solution}: {error}: put the marks in order") from None


def _must_be_a_file(path: Path) -> None:
    if not path.is_file():
        got = "a folder" if path.is_dir() else "a link that leads nowhere" if path.is_symlink() else "no ordinary file"
        raise CourseError(f"{path}: expected a file, got {got}: move it away")


def _kept_aside(starter: Path) -> Path:
    """Copies a file under a name with today's date, which no other file has."""
    stamp = f"{starter.stem}.{datetime.now():%Y-%m-%dT%H%M}"
    for number in count(1):
        aside = starter.with_name(f"{stamp}{f'-{number}' if number > 1 else ''}{starter.suffix}")
        try:
            file = aside.open("xb")
        except FileExistsError:
            continue
        try:
            with file:
                file.write(starter.read_bytes())
        except OSError as error:
            aside.unlink()
            raise OSError(
                f"{starter} is as it was, for a copy of it could not be kept ({files.why(error)}): make room first"
            ) from None
        break
    return aside
