"""The list of claims: few elements a claim, an address that stays, and a filter by mouse and keyboard."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.site.sample_site import DOCS, Site
from tests.site.test_claims import LIST, MEASURED

Build = Callable[..., Site]
Open = Callable[..., Page]


def test_a_row_shows_all_there_is_to_a_claim(sample: Site) -> None:
    page = sample.page("claims").replace("\N{NO-BREAK SPACE}", " ")
    row = re.search(r'<tr id="claim-short_code">.*?</tr>', page, re.DOTALL)
    assert row
    for words in (
        "7.65 ± 0.11 nats, 5 seeds",
        "Baseline: 85.95 ± 0.02 nats, a model that says &lt;nothing&gt;",
        "Must hold: at most 7.9 (holds)",
        "Budget: 4000 steps of 64 images",
        '<a href="#claim-short_code">short_code</a>',
        'Used in <a href="index.html#cites-short_code">',
        'aria-label="Seeds: 7.52, 7.61, 7.66, 7.70, 7.78"',
    ):
        assert words in row[0]
    assert row[0].count(":100%") == row[0].count(":0%") == 1


def test_seeds_that_agree_have_no_dots(build: Build) -> None:
    page = build("Text.", **{**LIST, "claims.json": json.dumps(MEASURED)}).page("claims")
    assert len(re.findall(r'<i aria-label="Seeds', page)) == 1  # the other claim has one seed


def _two_lessons(build: Build) -> Path:
    measured = json.loads(json.dumps(MEASURED))
    measured["claims"]["colder"]["source"] = "course/claims/winter.py"
    text = ":orphan:\n\nClaims\n======\n\nAll.\n\nLesson 1\n--------\n\n.. claims-list:: claims\n\n"
    text += "Lesson 2\n--------\n\n.. claims-list:: winter\n"
    return build("Text.", **{"claims.rst": text, "claims.json": json.dumps(measured)}).out / "claims.html"


def test_the_filter_goes_by_keyboard_and_keeps_its_address(browser: Browser, build: Build) -> None:
    file = _two_lessons(build)
    page = browser.new_page()
    page.goto(file.as_uri())
    short, colder = page.locator("#claim-short_code"), page.locator("#claim-colder")
    expect(page.get_by_role("status")).to_have_text("2 claims")
    page.get_by_label("Words").focus()
    page.keyboard.type("nothing SHORT_code")
    expect(page.get_by_role("status")).to_have_text("1 of 2 claims")
    expect(short).to_be_visible()
    expect(colder).to_be_hidden()
    expect(page.get_by_role("heading", name="Lesson 2")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Words")).to_have_value("nothing SHORT_code")
    expect(colder).to_be_hidden()
    page.get_by_label("Words").fill("")
    page.get_by_role("combobox", name="Lesson").select_option("Lesson 2")
    expect(colder).to_be_visible()
    expect(short).to_be_hidden()
    page.get_by_role("combobox", name="Lesson").select_option("All")
    page.get_by_role("combobox", name="Seeds").select_option("5")
    expect(page.get_by_role("status")).to_have_text("1 of 2 claims")
    page.get_by_role("combobox", name="Verdict").select_option("Does not hold")
    expect(page.get_by_role("status")).to_have_text("0 of 2 claims")
    page.close()


def test_an_address_shows_its_claim_whatever_is_filtered(browser: Browser, build: Build) -> None:
    file = _two_lessons(build)
    page = browser.new_page()
    page.goto(f"{file.as_uri()}?words=short_code#claim-colder")
    expect(page.locator("#claim-colder")).to_be_in_viewport()
    page.get_by_label("Words").fill("short_code")
    expect(page.locator("#claim-colder")).to_be_hidden()
    page.evaluate("location.hash = ''; location.hash = 'claim-colder'")
    expect(page.locator("#claim-colder")).to_be_in_viewport()
    page.close()


def test_without_a_script_all_claims_are_there(visit: Open) -> None:
    page = visit("claims.html#claim-colder", java_script_enabled=False)
    expect(page.locator("#claim-colder")).to_be_in_viewport()
    expect(page.locator("#claim-short_code")).to_be_visible()
    expect(page.get_by_label("Words")).to_have_count(0)


def test_the_whole_list_is_light(browser: Browser, site: Path) -> None:
    file, claims = site / "claims.html", json.loads((DOCS / "claims.json").read_text(encoding="utf-8"))
    assert file.stat().st_size < 400_000
    for width in (390, 1280):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(file.as_uri())
        assert page.evaluate("document.querySelectorAll('*').length") < 5000
        assert page.evaluate("document.querySelectorAll('.claims-table tbody tr[id^=claim-]').length") == len(
            claims["claims"]
        )
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.close()


def test_the_list_leads_to_the_line_of_a_claim(build: Build) -> None:
    code = 'CLAIMS = {\n    "short_code": 1,\n    **{f"cold{x}": 2 for x in ("er",)},\n}\n'
    measured = json.dumps(MEASURED).replace("course/claims.py", "measured.py")
    page = build(":claim:`short_code`", **{**LIST, "claims.json": measured, "measured.py": code}).page("claims")
    assert "measured.py:2. " in page
    assert "measured.py. " in page  # of a name that is put together


def test_a_list_may_be_of_one_lesson_and_names_those_there_are(build: Build) -> None:
    measured = json.loads(json.dumps(MEASURED))
    measured["claims"]["colder"]["source"] = "course/claims/winter.py"
    text = ":orphan:\n\nClaims\n======\n\n.. claims-list:: {}\n"
    site = build("Text.", **{"claims.rst": text.format("winter"), "claims.json": json.dumps(measured)})
    assert 'id="claim-colder"' in site.page("claims")
    assert 'id="claim-short_code"' not in site.page("claims")
    warnings = build("Text.", **{"claims.rst": text.format("summer"), "claims.json": json.dumps(measured)}).warnings
    assert "no claim is measured in 'summer' (there are claims, winter)" in warnings


def test_the_list_follows_the_pages_that_cite(build: Build) -> None:
    files = {**LIST, "claims.json": json.dumps(MEASURED)}
    site = build(":claim:`colder`", **files)
    assert '#cites-colder">Page</a>' in site.page("claims")
    (site.source / "index.rst").write_text("Page\n====\n\nNothing.\n", encoding="utf-8")
    assert '#cites-colder">Page</a>' not in site.build().page("claims")
