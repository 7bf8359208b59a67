"""The search finds sections, from a file as from a server, whatever the spelling."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.page_checks import faults
from tests.site.sample_site import Site

Open = Callable[..., Page]
SHOWN = "[...document.querySelectorAll('#search-results a')].map((link) => link.getAttribute('href'))"

# What a reader types, and where one of the first three results has to lead.
QUERIES = {
    # Those of which an earlier search found nothing, the wrong page or no section.
    "blurry": r"autoencoder/lesson\.html#what-comes-back",
    "why log variance": r"reparameterization/lesson\.html#log-variance",
    "log_var": r"reparameterization/lesson\.html#log-variance",
    "mnist": r"own_images\.html",
    "cross entropy": r"#term-reconstruction",
    "grade my exercise": r"grade\.html",
    "posterior collapse beta": r"training/lesson\.html#collapse",
    "gif": r"latent_spaces/lesson\.html#challenge",
    "install": r"install\.html",
    "licence": r"about\.html",
    "reparametrization trick": r"reparameterization/lesson\.html#the-trick",
    "posterior": r"#term-posterior$",
    # Spellings, and other words for the same.
    "license": r"about\.html",
    "reparameterisation": r"#term-reparameterization",
    "reparametrisation trick": r"reparameterization/lesson\.html#the-trick",
    "BCE": r"#term-reconstruction",
    "log variance": r"#term-log-variance",
    "collapse": r"training/lesson\.html#collapse",
    "posterior collapse": r"#term-posterior-collapse",
    "ELBO": r"#term-ELBO",
    "evidence lower bound": r"bound/lesson\.html#elbo",
    "AE": r"#term-autoencoder",
    "autoencoders": r"#term-autoencoder",
    "\N{GREEK SMALL LETTER SIGMA}": r"reparameterization/lesson\.html#what-sigma-means",
    "Fréchet": r"#term-Frechet-distance",
    "interpolaton": r"#term-interpolation",
    "postreior colapse": r"#term-posterior-collapse",
    # Terms, methods and questions.
    "t-SNE": r"maps/lesson\.html#how-t-sne-works",
    "perplexity": r"#term-perplexity",
    "PCA": r"maps/lesson\.html",
    "slerp": r"interpolation/lesson\.html#is-slerp-better-than-lerp",
    "great circle": r"interpolation/lesson\.html#great-circles",
    "disentanglement": r"#term-DCI",
    "mutual information gap": r"factors/lesson\.html#the-mutual-information-gap",
    "anomaly": r"strange/lesson\.html",
    "AUROC": r"#term-AUROC",
    "closed form kl": r"kl_divergence/lesson\.html#the-closed-form",
    "score function estimator": r"reparameterization/lesson\.html#two-gradients",
    "sample from prior": r"#term-prior",
    "holes in the latent space": r"latent_spaces/lesson\.html#holes",
    "conditional": r"labels/lesson\.html#conditional-samples",
    "warm-up": r"#term-warm-up",
    "active dimensions": r"#term-active-unit",
    "importance weighted": r"bound/lesson\.html#importance-sampling",
    "mean over pixels": r"training/lesson\.html#the-beta-that-hides-in-a-mean",
    "trustworthiness": r"#term-trustworthiness",
    "diffusion": r"outlook\.html#latent-diffusion",
    "draw my own": r"explorer/lesson\.html#an-image-of-your-own",
    "own images": r"own_images\.html",
    "kingma": r"references\.html",
    "continuous bernoulli": r"autoencoder/lesson\.html#grey-pixels",
    "how do I know the class of a decode": r"lesson\.html",
    "instructor": r"instructors\.html",
}


def test_records_are_sections_terms_and_parts_that_open() -> None:
    from site_search import records

    page = """<p>Menu</p><article><section id="page"><h1>A page<a class="headerlink">¶</a></h1><p>All.</p>
      <section id="loss"><h2>The loss</h2>
      <p>It is <math><mi>z</mi><mo>=</mo><mn>1</mn><annotation>TeX</annotation></math>.</p>
      <pre>loss = kl_divergence(mu)</pre>
      <details id="more"><summary>More</summary><p>Behind.</p></details><p>After.</p>
      <div class="hints"><details id="hint-1">No hint.</details></div></section>
      <dl class="glossary"><dt id="term-a">A</dt><dt id="term-b">B</dt><dd><p>Both.</p></dd></dl></section></article>"""
    rows = [record.row()[:5] for record in records("lessons/one/lesson", page)]
    address = "lessons/one/lesson.html"
    assert rows == [
        [address, "A page", "", "All.", ""],
        [f"{address}#loss", "The loss", "A page", "It is z=1. After.", "kl_divergence loss"],
        [f"{address}#more", "More", "A page › The loss", "Behind.", ""],  # noqa: RUF001
        [f"{address}#term-a", "A", "A page", "", ""],
        [f"{address}#term-b", "B", "A page", "Both.", ""],
    ]


def test_a_result_opens_the_part_in_which_its_words_stand(visit: Open) -> None:
    page = visit("search.html?q=quoka")
    result = page.locator("#search-results li").first
    expect(result.locator("mark")).to_have_text("quokka")
    result.get_by_role("link", name="Answers and more").click()
    expect(page.get_by_text("The word quokka stands only here.")).to_be_in_viewport()


def test_the_search_goes_by_keyboard_and_says_how_many(visit: Open) -> None:
    page = visit("search.html")
    expect(page.get_by_label("Words, a symbol, or the name of a function")).to_be_focused()
    page.keyboard.type("exercise")
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"\d+ sections?"))
    page.wait_for_url(re.compile(r"\?q=exercise$"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("#search-results a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#search-words")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"index\.html#"))


def test_what_stands_nowhere_is_said_and_the_claims_are_offered(visit: Open) -> None:
    page = visit("search.html?q=xylophone")
    expect(page.get_by_role("status")).to_contain_text("No section says “xylophone”")
    page.get_by_role("link", name="Look among the measured claims").click()
    expect(page.get_by_label("Words")).to_have_value("xylophone")


def test_without_a_script_the_page_has_no_field_and_says_why(visit: Open, sample: Site) -> None:
    page = visit("search.html", java_script_enabled=False)
    expect(page.locator("#search-words")).to_be_hidden()
    assert "<noscript><p>The search needs a script" in sample.page("search")  # which no such page of this driver shows


def test_only_the_search_page_loads_the_texts(sample: Site) -> None:
    assert "search-records.js" in sample.page("search")
    assert "search-records.js" not in sample.page()
    assert not (sample.out / "searchindex.js").exists()


@pytest.mark.parametrize("width", [390, 1280])
def test_results_have_no_fault(browser: Browser, sample: Site, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{(sample.out / 'search.html').as_uri()}?q=exercise")
    expect(page.locator("#search-results a").first).to_be_visible()
    assert faults(page, sample.out / "search.html", sample.out) == []
    page.close()


def test_what_readers_look_for_is_among_the_first_three(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    missed = {}
    for query, wanted in QUERIES.items():
        page.goto(f"{(site / 'search.html').as_uri()}?q={quote(query)}")
        page.locator("#search-status", has_text=re.compile("section")).wait_for()
        first = page.evaluate(SHOWN)[:3]
        if not any(re.search(wanted, address) for address in first):
            missed[query] = first
    page.close()
    assert missed == {}
