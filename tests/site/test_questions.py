"""Questions, hints and dropdowns: what they need, what they become, and what is said when something is missing."""

import re
from collections.abc import Callable

import pytest

from tests.site.sample_site import Site

Build = Callable[..., Site]
OPTIONS = "   - [x] Yes\n\n     So it is.\n\n   - [ ] No\n\n     It is not.\n"


def test_one_right_answer_makes_radio_buttons_and_two_make_boxes(sample: Site) -> None:
    page = sample.page()
    assert page.count('type="radio"') == 2
    assert (
        len(re.findall(r'type="checkbox"[^>]*name="quiz-several"|name="quiz-several"[^>]*type="checkbox"', page)) == 3
    )
    assert re.search(r"<fieldset><legend>Which shape has <code[^>]*><span[^>]*>mu</span></code>\?</legend>", page)
    assert '<label for="quiz-one-0"><code' in page


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("   - [ ] No\n\n     It is not.\n", "needs a paragraph that asks"),
        ("   Is it?\n", "needs a paragraph that asks and, at its end, a list of options"),
        ("   Is it?\n\n   - [ ] No\n\n     It is not.\n", "has no right option: start at least one with [x]"),
        ("   Is it?\n\n   - [x] Yes\n", "has an option without feedback: indent a paragraph below it"),
        ("   Is it?\n\n   - Yes\n\n     So it is.\n", "has an option that starts neither with [x] nor with [ ]"),
    ],
)
def test_a_question_that_lacks_something_is_a_warning(build: Build, content: str, fault: str) -> None:
    warnings = build(f".. quiz:: it\n\n{content}").warnings
    assert f"index.rst:4: WARNING: quiz 'it' {fault}" in warnings


def test_two_questions_cannot_have_one_id(build: Build) -> None:
    quiz = f".. quiz:: it\n\n   Is it?\n\n{OPTIONS}\n"
    assert "quiz 'it' has the id of another question on this page" in build(quiz + quiz).warnings


def test_hints_come_from_the_table_of_the_exercise(sample: Site) -> None:
    page = sample.page().replace("\N{NO-BREAK SPACE}", " ")
    for number in (1, 2, 3):
        assert f'<details class="hint" id="hint-1.1-{number}"><summary>Hint {number} of 3 for part 1.1' in page
    assert "Ask the <em>second</em> question." in page


def test_the_table_of_parts_links_to_their_explanations_and_adds_their_points(sample: Site) -> None:
    page = sample.page()
    assert '<a class="reference internal" href="#first-part">1.1 encode</a>' in page
    assert "<strong>11</strong>" in page


def test_unknown_parts_and_exercises_are_warnings(build: Build) -> None:
    warnings = build(".. hints:: 9.9\n\n.. parts-table:: other\n").warnings
    assert "index.rst:4: WARNING: no part has the number '9.9'; autograder/parts knows: 1.1, 1.2" in warnings
    assert "index.rst:6: WARNING: no exercise is named 'other'; autograder/parts knows: sample" in warnings


def test_a_part_that_no_section_explains_is_a_warning(build: Build) -> None:
    warnings = build(".. parts-table:: sample\n").warnings
    assert "part '1.1 encode' is explained in section 'first-part' of index, which does not exist" in warnings


def test_a_page_is_read_again_when_its_hints_change(build: Build) -> None:
    site = build(".. hints:: 1.2\n")
    assert site.build().read == []
    table = site.source / "parts/sample.toml"
    table.write_text(table.read_text(encoding="utf-8").replace("Only one.", "Another."), encoding="utf-8")
    assert site.build().read == ["index"]
    assert "Another." in site.page()


def test_dropdowns_have_ids_of_their_titles_and_keep_given_names(build: Build) -> None:
    page = build("A *b* C\n-------\n\n.. dropdown:: A *b* C\n\n   x\n\n.. dropdown:: D\n   :name: own\n\n   y\n").page()
    assert re.findall(r"<details[^>]* id=\"([^\"]+)\"", page) == ["a-b-c-2", "own"]
