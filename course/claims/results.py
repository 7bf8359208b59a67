"""What measuring a claim gave, as `docs/claims.json` holds it and as pages print it; no model is needed to read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from course import reading
from course.errors import CourseError

__all__ = ["BaselineResult", "Result", "read_results", "summarized"]


def summarized(kind: str, values: tuple[float, ...], of: int | None = None) -> tuple[float, float]:
    """The one number for the values over seeds, and how far it can be trusted.

    The second is the standard deviation over seeds; of a count out of `of` things a seed it is the error of a share.
    """
    array = np.array(values)
    spread = float(array.std(ddof=1)) if len(array) > 1 else 0.0
    if kind == "count" and of is not None:
        share = array.sum() / (of * len(array))
        return float(array.sum()), float(np.sqrt(of * len(array) * share * (1 - share)))
    numbers: dict[str, Callable[..., Any]] = {"median": np.median, "smallest": np.min, "largest": np.max}
    return float(numbers.get(kind, np.mean)(array)), spread


@dataclass(frozen=True)
class BaselineResult:
    """What a claim is to be compared with: `words` and values over seeds, or the `reason` why there is nothing."""

    words: str = ""
    value: float = 0.0
    spread: float = 0.0
    values: tuple[float, ...] = ()
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Only what it has: a reason, or the other fields."""
        if self.reason:
            return {"reason": self.reason}
        return {"words": self.words, "value": self.value, "spread": self.spread, "values": list(self.values)}


@dataclass(frozen=True)
class Result:
    """A claim's value, by its summary over seeds, its spread, and whether it holds."""

    statement: str
    value: float
    spread: float
    unit: str
    digits: int
    seeds: tuple[int, ...]
    values: tuple[float, ...]
    must_hold: str
    holds: bool
    budget: str
    source: str
    baseline: BaselineResult
    summary: dict[str, Any] = field(default_factory=lambda: {"kind": "mean"})

    @classmethod
    def of_json(cls, entry: dict[str, Any]) -> Result:
        """The result of an entry of `docs/claims.json`.

        Raises TypeError, KeyError or ValueError where a field is missing, unknown or of another type.
        """
        np.array([entry["value"], entry["spread"], *entry["values"]], dtype=np.float64)
        return cls(**{**entry, "baseline": BaselineResult(**entry["baseline"])})

    def as_json(self) -> dict[str, Any]:
        """The entry of `docs/claims.json`."""
        return {**vars(self), "baseline": self.baseline.as_json()}

    def number(self, value: float) -> str:
        """A value with the digits that the spread leaves it, and a true minus sign."""
        return f"{value:z.{self.digits}f}".replace("-", "\N{MINUS SIGN}")

    @property
    def certain(self) -> bool:
        """Whether chance has no part in it, so that it has neither spread nor seeds."""
        return self.budget == "no training" and len(set(self.values)) == 1

    def measured(self, *, seeds: bool = True) -> str:
        """Value, spread, unit and, if asked for, number of seeds, kept on one line."""
        words = f"{self._said} {self.unit}".strip()
        if seeds and not self.certain:
            words += f", {len(self.seeds)} seed{'s' * (len(self.seeds) != 1)}"
        return words.replace(" ", "\N{NO-BREAK SPACE}")

    @property
    def compared(self) -> str:
        """The baseline: its value and what it is, or why there is none."""
        base = self.baseline
        if base.reason:
            return f"none, because {base.reason}"
        spread = "" if len(set(base.values)) == 1 else f" ± {self.number(base.spread)}"
        return f"{self.number(base.value)}{spread} {self.unit}".strip() + f", {base.words}"

    @property
    def _said(self) -> str:
        """The value as its summary says it."""
        if self.certain:
            return self.number(self.value)
        match self.summary["kind"]:
            case "median":
                return f"{self.number(self.value)} (median, from {self.number(min(self.values))} to " + (
                    f"{self.number(max(self.values))})"
                )
            case "smallest":
                return f"at least {self.number(self.value)}"
            case "largest":
                return f"at most {self.number(self.value)}"
            case "dots":
                return ", ".join(self.number(value) for value in sorted(self.values))
            case "count":
                total = self.summary["of"] * len(self.values)
                return f"{self.value:.0f} of {total} (± {self.spread:.1f})"
            case _:
                return f"{self.number(self.value)} ± {self.number(self.spread)}"


def read_results(path: Path) -> dict[str, Result]:
    """All results of a file by the claim's name; none if there is no file.

    Raises CourseError, with the path, for a file that holds something else.
    """
    if not path.exists():
        return {}
    entries = reading.json_object(path).get("claims")
    if not isinstance(entries, dict):
        raise CourseError(f"{path}: expected a table `claims`, as latent-course claims writes it, got none")
    try:
        return {name: Result.of_json(entry) for name, entry in entries.items()}
    except (TypeError, KeyError, ValueError) as error:
        raise CourseError(
            f"{path}: expected claims as latent-course claims writes them, got an entry of another form ({error}): "
            "write the file again, or take the one of the course"
        ) from None
