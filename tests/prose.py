"""Sentences of lessons that explain without support: ``python -m tests.prose`` lists them.

A *because* is a claim too. A sentence with a causal word should carry one of four marks: a measurement (:claim:), a
citation (:cite:), a derivation on the page (:eq:), or :conjecture:, which says that nobody has measured it yet. Not
every sentence of the list is wrong: it is a list to be read, and `CEILINGS` keeps it from growing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["CEILINGS", "LESSONS", "Sentence", "sentences", "unsupported"]

LESSONS = Path(__file__).parents[1] / "docs" / "lessons"

# How many such sentences a lesson may have. Give one of them its mark, or say it without the causal word, and write the
# number here that `python -m tests.prose` prints in its last lines. Numbers only go down.
CEILINGS: dict[str, int] = {
    "autoencoder": 0,
    "bound": 0,
    "explorer": 0,
    "factors": 0,
    "interpolation": 0,
    "kl_divergence": 0,
    "labels": 0,
    "latent_spaces": 0,
    "maps": 0,
    "reparameterization": 0,
    "training": 0,
    "strange": 0,
}

_CAUSAL = re.compile(
    r"\b(because|so that|therefore|hence|thus|(?:which|that|this) is why|the reason|for this reason|due to|"
    r"caus(?:e|es|ed|ing)|leads? to|led to|makes(?! of\b))\b",
    re.IGNORECASE,
)
_MARK = re.compile(r":(?:claim|cite(?::\w+)?|eq|conjecture):`")
_NO_PROSE = {
    "executed",
    "code-block",
    "literalinclude",
    "listing",
    "math",
    "explorer",
    "toctree",
    "raw",
    "image",
    "parts-table",
}
_DIRECTIVE = re.compile(r"\.\. (?P<name>[\w:-]+)::")
_ITEM = re.compile(r"(?:[-*] (?:\[[x ]\] )?|\d+\. |#\. )")
_END = re.compile(r"(?<=[.!?])[\"”)]*\s+(?=[A-Z:\"“*`(])")


class Sentence(NamedTuple):
    """A sentence on one line, with the line of the file that it starts on."""

    line: int
    text: str


def unsupported(text: str) -> list[Sentence]:
    """The sentences of a lesson, as reStructuredText, that have a causal word and none of the four marks."""
    return [each for each in sentences(text) if _CAUSAL.search(_plain(each.text)) and not _MARK.search(each.text)]


def sentences(text: str) -> Iterator[Sentence]:
    """All sentences of a page: of its paragraphs, lists, quizzes, hints and captions, but not of code and formulas."""
    for paragraph in _paragraphs(text.splitlines()):
        whole = " ".join(line for _, line in paragraph)
        start = 0
        for end in [*(found.end() for found in _END.finditer(whole)), len(whole)]:
            sentence = whole[start:end].strip()
            if sentence:
                yield Sentence(_line_at(paragraph, start), sentence)
            start = end


Paragraph = list[tuple[int, str]]
"""Lines without their indent, each with its number."""


def _paragraphs(lines: list[str]) -> Iterator[Paragraph]:
    paragraph: Paragraph = []
    left_out: int | None = None  # the indent of a directive without prose: all that lies deeper belongs to it
    for number, line in enumerate(lines, start=1):
        words, indent = line.strip(), len(line) - len(line.lstrip())
        if left_out is not None and words and indent <= left_out:
            left_out = None
        directive = _DIRECTIVE.match(words)
        if directive and directive["name"] in _NO_PROSE:
            left_out = indent
        apart = not words or _ITEM.match(words) or _option(words) or _underline(words)
        if apart or left_out is not None:
            if paragraph and not _underline(words):  # what is underlined is a heading
                yield paragraph
            paragraph = []
        if words and left_out is None and not directive and not _option(words) and not _underline(words):
            paragraph.append((number, _ITEM.sub("", words, count=1) if _ITEM.match(words) else words))
    if paragraph:
        yield paragraph


def _option(words: str) -> bool:
    """Whether a line is a directive's option or a comment."""
    return bool(re.match(r":[\w -]+:(\s|$)|\.\.(\s|$)", words))


def _underline(words: str) -> bool:
    return len(words) > 2 and len(set(words)) == 1 and not words[0].isalnum()


def _plain(text: str) -> str:
    """The sentence without what is quoted as code or as a formula."""
    return re.sub(r"``.*?``|:math:`.*?`", "", text)


def _line_at(paragraph: Paragraph, place: int) -> int:
    """The line of a paragraph, joined by single spaces, that holds this character."""
    for number, line in paragraph:
        if place <= len(line):
            return number
        place -= len(line) + 1
    return paragraph[-1][0]


def main() -> None:
    """Print file:line and sentence of each, and the count of each lesson beside its ceiling."""
    counts = {}
    for path in sorted(LESSONS.glob("*/lesson.rst")):
        found = unsupported(path.read_text(encoding="utf-8"))
        counts[path.parent.name] = len(found)
        for each in found:
            sys.stdout.write(f"{path.relative_to(LESSONS.parents[1])}:{each.line}: {each.text}\n")
    for lesson, count in counts.items():
        sys.stdout.write(f"{lesson:20} {count:4} of at most {CEILINGS.get(lesson, 0)}\n")


if __name__ == "__main__":
    main()
