"""What belongs together stays on one line; a long formula may break."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.site.sample_site import Site

Build = Callable[..., Site]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ln 64 =\n4.16", "ln_64_=_4.16"),
        ("draw z ~ N(0, I) again", "draw z_~_N(0,_I) again"),
        ("of shape (B, Z) or (B, H, W).", "of shape (B,_Z) or (B,_H,_W)."),
        ("20 % of 64 images", "20_% of 64_images"),
        ("in 12 of 12 seeds", "in 12_of_12_seeds"),
        ("28 x 28", "28_x_28"),
        ("KL(q || p) is", "KL(q_||_p) is"),
        ("lesson 3 and part 4.1", "lesson_3 and part_4.1"),
        ("it fell by 3 one day (or so, then)", "it fell by 3 one day (or so, then)"),
        ("elephants + hippopotami = quadrupeds at large", "elephants + hippopotami = quadrupeds at large"),
    ],
)
def test_spaces_that_must_not_end_a_line(text: str, kept: str) -> None:
    from together import spaced  # type: ignore[import-not-found,unused-ignore]

    assert spaced(text).replace("\N{NO-BREAK SPACE}", "_") == kept


def test_hyphens_formulas_and_code_are_held(build: Build) -> None:
    page = build("Its t-SNE, a 2-D map, one-hot, (:math:`x = 1`), ``mu = 0``.\n\n``a = b - c, d = e - f, g = h``").page()
    held = re.findall(r'<(?:span|code) class="[^"]*together[^"]*">(.*?)</(?:span|code)>', page)
    assert held[:2] == ["t-SNE", "2-D"]
    assert '<span class="together">(<span class="math' in page
    assert re.search(r"</math>.*?</span>\),</?", page, re.DOTALL)
    assert page.count('literal notranslate together') + page.count('together docutils literal') == 1


def test_a_held_formula_does_not_leave_its_full_stop_behind(build: Build, browser: Browser) -> None:
    site = build(f"{'word ' * 30} " + " ".join(f"{'w' * n} :math:`z_{n}`." for n in range(1, 20)))
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((site.out / "index.html").as_uri())
    lines = page.evaluate(
        """[...document.querySelectorAll("article .together")].map((held) => {
          const stop = document.createRange();
          stop.selectNodeContents(held.lastChild);
          const formula = held.querySelector(".katex-html .base").getBoundingClientRect();
          return [stop.toString(), stop.getBoundingClientRect().top < formula.bottom, formula.top < stop.getBoundingClientRect().bottom];
        })"""
    )
    page.close()
    assert lines == [[".", True, True]] * 19
