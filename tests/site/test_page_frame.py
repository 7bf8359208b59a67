"""The frame of a page: its foot, its head, icons that a finger hits, and what is printed of it."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page

from tests.site.sample_site import Site


@pytest.fixture
def phone(browser: Browser, sample: Site) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((sample.out / "index.html").as_uri())
    yield page
    page.close()


def test_a_page_says_what_it_is_to_those_who_have_not_opened_it(sample: Site) -> None:
    page = sample.page()
    found = dict(re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)"', page))
    assert 40 < len(found["description"]) <= 202
    assert found["og:description"] == found["description"]
    assert found["og:image"] == "_static/preview.png"
    assert found["og:title"]
    assert 'href="_static/favicon.svg"' in page


def test_the_foot_has_version_date_and_a_way_up(sample: Site) -> None:
    foot = sample.page().partition('class="bottom-of-page"')[2]
    assert re.search(r"version \d+\.\d+", foot)
    assert "Last updated on" in foot
    assert '<a href="#">Back to top</a>' in foot


def test_the_icons_of_the_header_are_of_a_finger_s_size_and_do_not_touch(phone: Page) -> None:
    boxes = [
        box
        for icon in phone.locator(".mobile-header :is(.nav-overlay-icon, .theme-toggle, .toc-overlay-icon)").all()
        if icon.is_visible() and (box := icon.bounding_box())
    ]
    assert len(boxes) >= 2
    assert all(box["width"] >= 44 and box["height"] >= 44 for box in boxes)
    ends = sorted((box["x"], box["x"] + box["width"]) for box in boxes)
    assert all(right <= left for (_, right), (left, _) in pairwise(ends))


def test_nothing_lies_over_the_text_after_scrolling_up(phone: Page) -> None:
    phone.mouse.wheel(0, 900)
    phone.wait_for_timeout(100)
    phone.mouse.wheel(0, -200)
    assert not phone.locator(".back-to-top").is_visible()


def test_on_paper_answers_stand_at_the_end_and_no_link_over_the_text(phone: Page) -> None:
    phone.emulate_media(media="print")
    phone.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not phone.locator(".skip-to-content").is_visible()
    assert not phone.locator("article .quiz > details").first.is_visible()
    answers = phone.locator("article > .printed-answers")
    assert answers.is_visible()
    assert answers.locator("strong").first.inner_text() == phone.locator(".quiz legend").first.inner_text()
    last = phone.evaluate("document.querySelector('article').lastElementChild.className")
    assert last == "printed-answers"
    phone.evaluate("dispatchEvent(new Event('afterprint'))")
    assert phone.locator(".printed-answers").count() == 0
    assert phone.locator(".answered-below").count() == 0
