"""The options of `pytest autograder`, and what such a call may name besides: nothing but the grader's own checks.

pyproject.toml loads this plugin before pytest looks for any conftest.py, so that the values of these options are never
taken for places of tests. It imports nothing that is slow, because the project's own tests load it as well.
"""

from __future__ import annotations

import difflib
import math
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

__all__ = ["grades", "pytest_addoption", "pytest_load_initial_conftests"]

GRADER = Path(__file__).resolve().parents[2]
OPTIONS = ("--submission", "--hint", "--report-json", "--map", "--seed", "--time-limit")
ACTIVATE = r".venv\Scripts\activate" if os.name == "nt" else "source .venv/bin/activate"
UNFIT = {"trace": "--trace", "looponfail": "--looponfail", "noconftest": "--noconftest"}  # by pytest's names
WHOLE = 2**32  # seeds of numpy's and torch's generators are below


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("latent course")
    group.addoption("--submission", type=_place, metavar="PATH", help="grade this folder of starters, or this one file")
    group.addoption("--hint", metavar="PART", help="show the next hint for a part, such as 1.2, and check nothing")
    group.addoption("--report-json", type=_place, metavar="FILE", help="write the verdicts, as Gradescope reads them")
    group.addoption("--map", action="store_true", help="show how far you are in the whole course")
    group.addoption("--seed", type=_seed, metavar="N", help="repeat the random inputs of an earlier run (-v prints N)")
    group.addoption("--time-limit", type=_seconds, default=10.0, metavar="SECONDS", help="for one call (10)")


# UsageError, because pytest says it in one line; what argparse knows of goes below its usage.


def _place(text: str) -> str:
    if not text or "\0" in text:
        raise pytest.UsageError("expected a path after --submission and --report-json, got an empty one")
    return text


def _seed(text: str) -> int:
    if not (text.isdecimal() and int(text) < WHOLE):
        raise pytest.UsageError(f"expected a whole number from 0 to {WHOLE - 1:,} after --seed, got {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise pytest.UsageError(f"expected a number of seconds above 0 after --time-limit, got {text!r}")
    return seconds


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: Sequence[str]) -> None:
    """Refuses, before any conftest.py runs, what must not be in one call with the grader."""
    why = _objection(early_config, parser.parse_known_and_unknown_args(args)[1])
    if why:
        raise pytest.UsageError(why)


def _objection(config: pytest.Config, unknown: Sequence[str]) -> str:
    """What is wrong with a call of the grader, or with its options in another call; nothing if all is well."""
    known, grader = config.known_args_namespace, _shown()
    if not grades(config):
        used = [
            option for option in OPTIONS if any(_is_spelled(option, word) for word in config.invocation_params.args)
        ]
        return f"{used[0]} belongs to the grader: call `pytest {grader} {used[0]} ...`" if used else ""
    missing = [name for name in ("numpy", "torch") if find_spec(name) is None]
    if missing:
        found = f"expected a Python with the course, got one without {' and '.join(missing)} ({sys.executable})"
        return f"{found}: in the course's folder, call `{ACTIVATE}` first; README.md says how to install it"
    if unknown:
        name = unknown[0].split("=")[0]
        near = [o for o in OPTIONS if o.startswith(name)] or difflib.get_close_matches(name, OPTIONS)
        return f"there is no option {unknown[0]}" + (f": did you mean {near[0]}?" if near else "")
    others = [word for word in known.file_or_dir if not _is_ours(config, word)]
    if others:
        found = f"expected no arguments but the grader and its options, found {others[0]}"
        return f"{found}; to grade what lies there: `pytest {grader} --submission={others[0]}`"
    if config.inipath is None or config.inipath.resolve() != GRADER.parent / "pyproject.toml":
        found = f"expected the course's own configuration, found {config.inipath}"
        return f"{found}; call `pytest {grader}` in the environment in which the course is installed"
    if getattr(known, "numprocesses", None) or getattr(known, "tx", None):
        return "the checks of a part belong together and run in one process: leave out -n and --tx"
    unfit = [option for name, option in UNFIT.items() if getattr(known, name, None)]
    if unfit:
        return f"with {unfit[0]} no check runs to its end, and nothing can be said: leave it out"
    if known.submission and _is_ours(config, known.submission):
        return f"{known.submission} lies inside the grader itself: put the submission somewhere else"
    return ""


def grades(config: pytest.Config) -> bool:
    """Whether this session is one of the grader's."""
    return any(_is_ours(config, word) for word in config.known_args_namespace.file_or_dir or ["."])


def _is_ours(config: pytest.Config, word: str) -> bool:
    return (config.invocation_params.dir / word.split("::")[0]).resolve().is_relative_to(GRADER)


def _is_spelled(option: str, word: str) -> bool:
    return word == option or word.startswith(f"{option}=")


def _shown() -> str:
    """The grader's folder, as one would type it here."""
    here = Path.cwd()
    return str(GRADER.relative_to(here) if GRADER.is_relative_to(here) else GRADER)
