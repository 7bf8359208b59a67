"""A newcomer's measure: questions that a lesson's page alone must answer, each with the section that does.

`LESSON.toml` beside this file holds ten ``[[question]]`` tables: `ask`, `section` (the heading as the page has it) and
`words`, what stands in that section and carries the answer.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

LESSONS = Path(__file__).parents[2] / "docs" / "lessons"
MEASURES = sorted(Path(__file__).parent.glob("*.toml"))


class Question(NamedTuple):
    ask: str
    section: str
    words: list[str]


def questions(measure: Path) -> list[Question]:
    """The questions of a lesson; TypeError where one has more or less than its three parts."""
    return [Question(**each) for each in tomllib.loads(measure.read_text(encoding="utf-8"))["question"]]


def sections(page: str) -> dict[str, str]:
    """The text below each heading up to the next one, whatever its level, in one line and without marks of roles."""
    lines = page.splitlines()
    starts = [i for i in range(len(lines) - 1) if _is_heading(lines[i], lines[i + 1])]
    ends = [*starts[1:], len(lines)]
    return {lines[a]: _plain(" ".join(lines[a + 2 : b])) for a, b in zip(starts, ends, strict=True)}


def _is_heading(line: str, below: str) -> bool:
    return bool(line.strip()) and len(below) >= len(line) and bool(re.fullmatch(r"(=+|-+|~+)", below))


def _plain(text: str) -> str:
    """Words in one line; a role shows what is in it, and marks of code and of stress are gone."""
    return re.sub(r":[\w:]+:(?=`)|[`*]", "", " ".join(text.split()))


@pytest.mark.parametrize("measure", MEASURES, ids=lambda path: path.stem)
def test_a_lesson_has_ten_questions_and_all_of_them_differ(measure: Path) -> None:
    asked = questions(measure)
    assert len({question.ask for question in asked}) == len(asked) == 10
    assert all(question.ask.endswith("?") and question.words for question in asked)


@pytest.mark.parametrize(
    ("lesson", "question"),
    [(measure.stem, question) for measure in MEASURES for question in questions(measure)],
    ids=lambda value: value if isinstance(value, str) else value.ask,
)
def test_the_page_answers(lesson: str, question: Question) -> None:
    found = sections((LESSONS / lesson / "lesson.rst").read_text(encoding="utf-8"))
    assert question.section in found, f"the headings of {lesson} are {', '.join(found)}"
    missing = [words for words in question.words if words not in found[question.section]]
    assert not missing, f"{question.section!r} of {lesson} says nothing of {missing}"


def test_a_section_ends_at_the_next_heading_and_reads_as_plain_words() -> None:
    page = "Page\n====\n\nFirst\n-----\n\nA *point*\nof ``z``, :claim:`much`.\n\nDeeper\n~~~~~~\n\nMore.\n"
    assert sections(page) == {"Page": "", "First": "A point of z, much.", "Deeper": "More."}
