"""What happens before pytest starts: a `pytest autograder` is configured by the course, whatever else its words name.

pytest chooses its configuration, and the folders whose conftest.py it executes, from all words of the command line that
look like places, before any plugin can tell it which of them are values of options. In `pytest --submission ada
autograder` the folder `ada` would be such a place, and its pytest.ini and conftest.py would run in the process that
decides. Nothing that pytest offers comes early enough, so `latent_course.pth`, which Python reads when it starts, calls
`pin`. It costs other programs nothing, and changes nothing but the command line of a pytest that is asked for a grader.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["pin", "pinned"]

OWN = Path(__file__).resolve().parent
OPTIONS = ("--submission", "--report-json")  # those whose values are places
WITHOUT = ("-p", "no:hypothesispytest")  # the course's tests need it, no check does, and it takes a fifth of a second


def pin() -> None:
    """Puts the course's configuration into this process's command line, where that calls the grader by pytest."""
    try:
        before = len(sys.orig_argv) - len(sys.argv)  # words for Python itself, and for another Python that started it
        program = sys.orig_argv[before] if before > 0 else ""
        words = pinned(sys.argv[1:], Path.cwd()) if "pytest" in program or "py.test" in program else None
        if words is not None and words != sys.argv[1:]:
            if sys.argv[0] == "-m" and not sys.flags.safe_path and os.name == "posix":
                # `python -m` imports from the working directory first, which may be a submission's: -P leaves that out.
                os.execv(sys.executable, [sys.executable, "-P", *sys.orig_argv[1:]])
            sys.argv[1:] = words
    except OSError:  # no working directory: pytest says so itself
        return
    finally:
        for name in (__name__, __package__):  # which project's grader is to be imported, pytest's configuration says
            sys.modules.pop(str(name), None)


def pinned(words: list[str], place: Path) -> list[str] | None:
    """The words of a command line with the course's configuration behind them, where it counts; None if no grader is
    asked for in them.
    """
    grader = _asked_for([*_read(words, place)], place)
    if grader is None:
        return None
    course = grader.parent
    last = ["-c", str(course / "pyproject.toml"), f"--rootdir={course}", f"--confcutdir={course}", *WITHOUT]
    cut = words.index("--") if "--" in words else len(words)
    return words if words[cut - len(last) : cut] == last else [*words[:cut], *last, *words[cut:]]


def _read(words: list[str], place: Path) -> list[str]:
    """The words, and those of files that are named as `@file`, as pytest reads them."""
    found = []
    for word in words:
        try:
            found += (place / word[1:]).read_text(encoding="utf-8").splitlines() if word.startswith("@") else [word]
        except (OSError, ValueError):
            continue  # pytest says what is wrong with it
    return found


def _asked_for(words: list[str], place: Path) -> Path | None:
    """The folder of the grader that the words name; without one, of the grader to which the options belong."""
    places = [place / word.split("::")[0] for word in words if not word.startswith("-")]
    graders = [grader for grader in map(_grader_at, places) if grader is not None]
    if graders:  # a submission may hold something that looks like one
        return next((ours for ours in (OWN, _grader_at(place / OWN.name)) if ours in graders), graders[0])
    if any(word.split("=")[0] in OPTIONS for word in words):
        return _grader_at(place) or _grader_at(place / OWN.name) or _grader_at(OWN)
    return None


def _grader_at(place: Path) -> Path | None:
    """The grader whose folder this place is, or lies in."""
    try:
        place = place.resolve()
        for folder in (place, *place.parents):
            if folder.name == OWN.name and (folder / "parts").is_dir() and (folder / "conftest.py").is_file():
                return folder if (folder.parent / "pyproject.toml").is_file() else None
    except (OSError, ValueError, RuntimeError):  # a word that is no place: too long, a loop of links
        return None
    return None
