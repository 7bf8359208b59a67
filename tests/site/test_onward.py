"""Where a lesson leads: the next lesson, with a tick for what is done and a word when all is."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.sample_site import Site

QUIZ = ".. quiz:: one\n\n   Is it?\n\n   - [x] Yes\n\n     It is.\n\n   - [ ] No\n\n     It is not.\n"
HEAD = ":Time: 1 for it\n:Level: x\n:Before: y\n:After: you can *count*, & more\n"
INDEX = ".. toctree::\n   :caption: Lessons\n\n   lessons/a/lesson\n   lessons/b/lesson\n   last\n"
FILES = {
    "lessons/a/lesson.rst": f"1 · A\n=====\n\n{HEAD}\n{QUIZ}\n.. toctree::\n   :hidden:\n\n   explore\n",
    "lessons/a/explore.rst": "Explore A\n=========\n",
    "lessons/b/lesson.rst": f"2 · B\n=====\n\n{HEAD}\n{QUIZ}\n",
    "last.rst": "Last\n====\n",
}


@pytest.fixture
def site(build: Callable[..., Site]) -> Site:
    return build(INDEX, **FILES)


def neighbours(page: str) -> dict[str, str]:
    found = re.findall(r'<a class="(next|prev)-page" href="([^"]+)">', page)
    return {kind: link for kind, link in found}


def test_the_neighbours_of_a_lesson_are_lessons(site: Site) -> None:
    assert site.warnings == ""
    assert neighbours(site.page("lessons/a/lesson")) == {"next": "../b/lesson.html", "prev": "../../index.html"}
    assert neighbours(site.page("lessons/a/explore")) == {"next": "../b/lesson.html", "prev": "lesson.html"}
    assert neighbours(site.page("lessons/b/lesson")) == {"next": "../../last.html", "prev": "../a/lesson.html"}


def test_a_lesson_ends_with_the_next_one_and_what_it_is_for(site: Site) -> None:
    [link] = re.findall(r'<a class="next-lesson" href="([^"]+)">.*?</a>', site.page("lessons/a/lesson"), re.DOTALL)
    assert link == "../b/lesson.html"
    assert "After it you can count, &amp; more." in site.page("lessons/a/lesson")
    assert "next-lesson" not in site.page("lessons/b/lesson")


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    context = browser.new_context()
    context.set_default_timeout(5000)
    page = context.new_page()

    def visit(address: str) -> Page:
        page.goto(site.out.as_uri() + "/" + address)
        return page

    yield visit
    context.close()


def answer(page: Page) -> None:
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Check").click()


def test_a_lesson_that_is_done_says_so_and_is_ticked_on_all_pages(visit: Callable[[str], Page]) -> None:
    page = visit("lessons/a/lesson.html")
    expect(page.locator(".finish")).to_be_empty()
    expect(page.locator(".lesson-tick")).to_have_count(0)
    answer(page)
    expect(page.get_by_role("status").filter(has_text="This lesson is done.")).to_be_visible()
    page = visit("last.html")
    expect(page.locator(".sidebar-tree a", has=page.locator(".lesson-tick"))).to_have_text(re.compile("1 · A"))
    page = visit("lessons/b/lesson.html")
    answer(page)
    expect(page.get_by_role("status").filter(has_text="You have done the whole course.")).to_be_visible()
    expect(page.locator(".lesson-tick")).to_have_count(2)


def test_who_wants_less_motion_sees_the_tick_at_once(browser: Browser, site: Site) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.goto(site.out.as_uri() + "/lessons/a/lesson.html")
    answer(page)
    dot = page.locator(".finish circle").first
    expect(dot).to_have_css("animation-name", "none")
    expect(dot).to_have_css("opacity", "1")
    page.close()


def test_questions_of_a_lesson_that_was_divided_stay_answered(browser: Browser, build: Callable[..., Site]) -> None:
    files = {name.replace("/b/", "/labels/"): text for name, text in FILES.items()}
    site = build(INDEX.replace("/b/", "/labels/"), **files)
    page = browser.new_page()
    page.goto(site.out.as_uri() + "/last.html")
    page.evaluate("localStorage.setItem('latent-course/quiz/lessons/structure/lesson/one', 'done')")
    page.goto(site.out.as_uri() + "/lessons/labels/lesson.html")
    expect(page.locator(".quiz-done")).to_be_visible()
    page.close()
