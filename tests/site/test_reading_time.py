"""Reading time: words, questions and figures of a page, and how long the lessons take."""

import re
from collections.abc import Callable

import pytest

from tests.site.sample_site import Site

Build = Callable[..., Site]
HEAD = ":Time: 40 for the exercise\n:Level: any\n:Before: nothing\n\n"
QUIZ = """
.. quiz:: {name}

   Which of these many words is counted, if any is?

   - [x] None

     They are in its minute.
"""


def _time(site: Site) -> str:
    found = re.search(r"Time.*?<p>(.*?)</p>", site.page(), re.DOTALL)
    assert found
    return _spaced(found.group(1))


def _spaced(text: str) -> str:
    """With spaces that may end a line, as a reader sees them."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _page(words: int, quizzes: int = 0, figures: int = 0, code: int = 0) -> str:
    text = "word " * words + "\n"
    text += "".join(QUIZ.format(name=f"q{number}") for number in range(quizzes))
    text += "\n.. drawn:: squares\n" * figures
    return HEAD + text + ("\n.. code-block:: python\n\n" + "   a = 1  # words in code\n" * code if code else "")


@pytest.mark.parametrize(
    ("page", "reading"),
    [
        (_page(words=1499), 10),  # and one in the title
        (_page(words=1499, quizzes=5), 15),
        (_page(words=1499, figures=10), 15),
        (_page(words=1499, code=1000), 10),
        (_page(words=1), 5),
    ],
)
def test_words_questions_and_figures_make_the_time(build: Build, page: str, reading: int) -> None:
    assert _time(build(page)) == f"{reading + 40} minutes: {reading} to read, 40 for the exercise"


def test_the_text_of_a_dropdown_is_read_and_that_of_a_hint_is_not(build: Build) -> None:
    dropdown = ".. dropdown:: More\n\n   " + "word " * 1500 + "\n"
    assert _time(build(HEAD + dropdown + "\n.. hints:: 1.1\n")).startswith("50 minutes: 10 to read")


def test_the_map_shows_the_same_minutes(build: Build) -> None:
    page = build(_page(words=1499, quizzes=5) + "\n.. lesson-facts:: index\n").page()
    assert '<p class="lesson-time">55 minutes · any</p>' in _spaced(page)


def test_the_map_follows_when_only_the_lesson_changes(build: Build) -> None:
    lesson = "Lesson\n======\n\n" + HEAD
    toctree = "\n.. toctree::\n\n   lesson\n"
    site = build(".. lesson-facts:: lesson\n" + toctree, **{"lesson.rst": lesson})
    assert '<p class="lesson-time">45 minutes · any</p>' in _spaced(site.page())
    (site.source / "lesson.rst").write_text(lesson + "word " * 1500, encoding="utf-8")
    assert '<p class="lesson-time">50 minutes · any</p>' in _spaced(site.build().page())


@pytest.mark.parametrize("words", ["75 minutes: 35 to read, 40 for the exercise", "40 for the exercise"])
def test_the_reading_time_is_counted_whatever_the_page_says(build: Build, words: str) -> None:
    assert _time(build(HEAD.replace("40 for the exercise", words))) == "45 minutes: 5 to read, 40 for the exercise"


def test_a_time_that_says_nothing_of_the_rest_is_a_warning(build: Build) -> None:
    site = build(HEAD.replace("40 for the exercise", "an hour"))
    assert "Time says how long the rest takes, such as '40 for the exercise'; got 'an hour'" in site.warnings
