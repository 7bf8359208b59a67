"""The bank's report: a JSON file whose differences can be read, a table of it, and the same table in the README."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from tests.autograder.submissions import ROOT
from tests.bank.cases import BANK

__all__ = ["README", "REPORT", "in_readme", "load", "markdown", "save", "table", "versions"]

REPORT = BANK / "report.json"
README = ROOT / "README.md"
PLACE = re.compile(r"(?<=<!-- bank -->\n).*?(?=<!-- /bank -->)", re.DOTALL)

COLUMNS = ("bank", "held back", "blind", "second blind", "third blind")
WRONG = ("wrong", "mutants", "mistakes")
ROWS: dict[str, dict[str, str]] = {  # what is counted of which sections
    "right answers": {"right": "cases", "mutants": "right after all"},
    "falsely rejected": {"right": "false rejects", "mutants": "false rejects"},
    "wrong answers": dict.fromkeys(WRONG, "cases"),
    "falsely accepted": dict.fromkeys(WRONG, "false accepts"),
    "mistake named right": dict.fromkeys(WRONG, "named right"),
    "mistake named wrong": dict.fromkeys(WRONG, "named wrong"),
    "mistake named, right name unknown": dict.fromkeys(WRONG, "named"),
    "no mistake named": dict.fromkeys(WRONG, "nameless"),
    "hostile submissions": {"hostile": "cases"},
    "gained a point": {"hostile": "gained"},
    "did harm": {"hostile": "harm"},
}

Report = Mapping[str, Any]


def load() -> Report:
    report: Report = json.loads(REPORT.read_text(encoding="utf-8"))
    return report


def save(report: Report) -> None:
    """Writes the file whole or not at all, then the README's part."""
    new = REPORT.with_suffix(".new")
    new.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(REPORT)
    README.write_text(in_readme(report, README.read_text(encoding="utf-8")), encoding="utf-8")


def versions() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in ("torch", "numpy", "latent-course")},
    }


def table(report: Report) -> list[tuple[str, list[str]]]:
    """Rows of the table: a title and a number for each column; empty where nothing was measured."""
    return [(title, [_cell(report.get(name, {}), keys) for name in COLUMNS]) for title, keys in ROWS.items()]


def markdown(report: Report) -> str:
    """The table for the README."""
    lines = [f"| | {' | '.join(COLUMNS)} |", f"| --- |{' ---: |' * len(COLUMNS)}"]
    lines += [f"| {title} | {' | '.join(counts)} |" for title, counts in table(report)]
    return "\n".join(lines) + "\n"


def in_readme(report: Report, text: str) -> str:
    """The README with the table of this report between its marks."""
    return PLACE.sub(lambda _: markdown(report), text)


def _cell(sections: Mapping[str, Any], keys: Mapping[str, str]) -> str:
    found = [sections[section][key] for section, key in keys.items() if section in sections]
    return str(sum(count if isinstance(count, int) else len(count) for count in found)) if found else ""
