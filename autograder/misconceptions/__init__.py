"""Named mistakes, one module an exercise: the wrong code, and the question that a tutor would ask.

The modules import torch and are run only by the worker that holds the reference; the grader gets names and questions
from there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Named", "Names"]

Code = Callable[..., Any]


@dataclass(frozen=True)
class Named:
    """A mistake that learners make. `function` stands in for the part's own function.

    Where a part has several functions, `of` is the name of the one that it stands in for.
    """

    name: str
    part: str
    question: str
    section: str
    function: Code
    of: str = ""
    place: str = ""  # file and line

    def about(self) -> dict[str, str]:
        """All but the code, for the grader."""
        return {name: getattr(self, name) for name in ("name", "part", "question", "section", "place")}


class Names(list[Named]):
    """The mistakes of one exercise, filled by a decorator."""

    def __call__(self, part: str, name: str, section: str, of: str = "") -> Callable[[Code], Code]:
        """Gives the decorated wrong code a name; its docstring is the question."""

        def keep(function: Code) -> Code:
            question = inspect.getdoc(function) or ""
            code = inspect.unwrap(function).__code__
            place = f"autograder/misconceptions/{Path(code.co_filename).name}:{code.co_firstlineno}"
            self.append(Named(name, part, " ".join(question.split()), section, function, of, place))
            return function

        return keep
