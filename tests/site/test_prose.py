"""The list of sentences that explain without support finds what it should, and does not get longer."""

import pytest

from tests.prose import CEILINGS, LESSONS, sentences, unsupported

PAGE = """
A lesson
========

Codes lie close together. They do so {planted}. Nothing
else is said.

.. executed::

   print("because of code")

.. quiz:: one

   Why?

   - [x] A right answer

     It is right {quiz}.

.. drawn:: picture

   A caption that ends{caption}.
"""


def _page(planted: str = "", quiz: str = "", caption: str = "") -> str:
    return PAGE.format(planted=planted, quiz=quiz, caption=caption)


def test_a_planted_sentence_is_found_with_its_line_wherever_it_stands() -> None:
    found = unsupported(_page("because\nthe KL pulls", quiz="so that it pays", caption=", therefore"))
    assert [each.text for each in found] == [
        "They do so because the KL pulls.",
        "It is right so that it pays.",
        "A caption that ends, therefore.",
    ]
    assert found[0].line == 5


@pytest.mark.parametrize(
    "mark", [":claim:`pull`", ":cite:p:`kingma2014`", ":eq:`kl`", ":conjecture:`nobody has measured it`"]
)
def test_a_sentence_with_one_of_the_four_marks_is_spared(mark: str) -> None:
    assert unsupported(_page(f"because the KL pulls, {mark}")) == []
    other = unsupported(_page(f"because the KL pulls. It is {mark}"))
    assert [each.text for each in other] == ["They do so because the KL pulls."]  # a mark is one sentence's own


def test_code_formulas_and_headings_are_no_sentences() -> None:
    assert "print" not in " ".join(each.text for each in sentences(_page()))
    assert "A lesson" not in [each.text for each in sentences(_page())]
    assert unsupported("It is ``because`` in code.\n") == []


@pytest.mark.parametrize("lesson", sorted(path.parent.name for path in LESSONS.glob("*/lesson.rst")))
def test_a_lesson_does_not_gain_sentences_without_support(lesson: str) -> None:
    found = unsupported((LESSONS / lesson / "lesson.rst").read_text(encoding="utf-8"))
    words = "\n".join(f"{each.line}: {each.text}" for each in found)
    assert len(found) <= CEILINGS[lesson], f"see tests/prose.py for what to do:\n{words}"
