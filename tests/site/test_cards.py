"""Cards: what a number, a term or a source says, for pointer, keyboard and finger, and in the page itself."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.page_checks import faults
from tests.site.sample_site import HERE, Site
from tests.site.test_terms import GLOSSARY

CLAIMS = (HERE / "sample/claims.json").read_text(encoding="utf-8")
LIST = ":orphan:\n\nClaims\n======\n\n.. claims-list::\n\n.. _cite-kingma:\n\nKingma\n------\n"
TEXT = "Of :claim:`short_code` an encoder of a latent space, :claim:`colder` and :claim:`short_code` again."


@pytest.fixture
def site(build: Callable[..., Site]) -> Site:
    return build(TEXT, **{"claims.rst": LIST, "claims.json": CLAIMS, "glossary.rst": GLOSSARY})


def cards(site: Site) -> dict[str, str]:
    return dict(re.findall(r'<div id="card-([\w-]+)">(.*?)</div>', site.page(), re.DOTALL))


def test_each_text_stands_once_in_the_page(site: Site) -> None:
    assert site.warnings == ""
    assert list(cards(site)) == ["claim-short_code", "term-encoder", "term-latent-space", "claim-colder"]
    assert "A network." in cards(site)["term-encoder"]


def test_a_claim_says_value_seeds_baseline_and_budget(site: Site) -> None:
    text = cards(site)["claim-short_code"]
    assert "<b>7.65 ± 0.11 nats, 5 seeds</b>".replace(" ", "\N{NO-BREAK SPACE}").replace("<b\N{NO-BREAK SPACE}", "<b ") in text
    assert '<p data-dots="0 35 54 69 100">7.52 7.78</p>' in text
    assert "Baseline: 85.95 ± 0.02 nats, a model that says &lt;nothing&gt;" in text
    assert "Budget: 4000 steps of 64 images" in text
    assert "Baseline: none, because it is a difference" in cards(site)["claim-colder"]
    assert "data-dots" not in cards(site)["claim-colder"]  # a single seed


def test_a_definition_has_no_links_and_light_formulas(site: Site) -> None:
    text = cards(site)["term-latent-space"]
    assert "<math" in text
    assert "katex-html" not in text
    assert "<a " not in text


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    contexts = []

    def visit(**options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 390, "height": 800}, **options})  # type: ignore[arg-type]
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.goto((site.out / "index.html").as_uri())
        return page

    yield visit
    for context in contexts:
        context.close()


def test_pointer_and_keyboard_show_a_card_and_escape_puts_it_away(visit: Callable[..., Page]) -> None:
    page = visit()
    link, card = page.locator("article a.term").first, page.locator(".card")
    expect(link).to_have_accessible_description(re.compile("A network"))
    expect(card).to_be_hidden()
    link.hover()
    expect(card).to_contain_text("A network.")
    card.hover()  # the pointer may go there
    page.wait_for_timeout(400)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.mouse.move(0, 0)
    page.locator(".claim a").first.focus()
    page.keyboard.press("Tab")
    expect(card).to_contain_text("A network.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#term-encoder")


def test_five_seeds_are_five_dots_within_the_window(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator(".claim a").first.hover()
    expect(page.locator(".card .card-dots i")).to_have_count(5)
    box = page.locator(".card").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_the_first_tap_shows_and_the_link_inside_leads_on(visit: Callable[..., Page]) -> None:
    page = visit(has_touch=True, is_mobile=True)
    link, card = page.locator("article a.term").first, page.locator(".card")
    link.tap()
    expect(card).to_contain_text("A network.")
    assert page.url.endswith("index.html")
    page.locator("h1").tap()
    expect(card).to_be_hidden()
    link.tap()
    card.get_by_role("link").tap()
    page.wait_for_url("**/glossary.html#term-encoder")


def test_without_a_script_the_links_lead_on_and_no_card_is_in_the_way(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    expect(page.get_by_text("A network.")).to_be_hidden()
    page.locator("article a.term").first.click()
    page.wait_for_url("**/glossary.html#term-encoder")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_with_cards_has_no_fault(browser: Browser, site: Site, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    assert faults(page, site.out / "index.html", site.out) == []
    page.locator(".claim a").first.hover()
    expect(page.locator(".card")).to_be_visible()
    page.close()


def test_a_source_says_its_title_as_a_card(build: Callable[..., Site], browser: Browser) -> None:
    link = '<a href="references.html#cite-k" title="Ann Kay. On Codes. 2014.">[Kay14]</a>'
    page = browser.new_page()
    page.goto((build(f".. raw:: html\n\n   <p>Said by {link}</p>\n").out / "index.html").as_uri())
    expect(page.get_by_role("link", name="[Kay14]")).to_have_accessible_description("Ann Kay. On Codes. 2014.")
    page.get_by_role("link", name="[Kay14]").hover()
    expect(page.locator(".card")).to_contain_text("Ann Kay. On Codes. 2014.")
    page.close()


def test_all_claims_of_the_sample_can_be_read(site: Site) -> None:
    assert set(json.loads(CLAIMS)["claims"]) == {name[6:] for name in cards(site) if name.startswith("claim-")}
