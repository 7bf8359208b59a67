"""Formulas are set while the site is built, and a fault in one is not shown but reported."""

import re
from collections.abc import Callable

import pytest

from tests.site.sample_site import Site


def test_a_formula_becomes_html_and_mathml(sample: Site) -> None:
    page = sample.page()
    assert '<annotation encoding="application/x-tex">z = \\mu + \\sigma \\odot \\varepsilon</annotation>' in page
    assert page.count('class="katex-display"') == 2
    [style] = re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="([^"?]+)', page)
    assert ".katex-display" in (sample.out / style).read_text(encoding="utf-8")


def test_a_labelled_equation_has_a_number_and_links_lead_to_it(sample: Site) -> None:
    page = sample.page()
    assert 'id="equation-loss"' in page
    assert 'href="#equation-loss"' in page
    assert '<span class="eqno">(1)<a class="headerlink"' in page


def test_formulas_in_notebooks_are_set_too(sample: Site) -> None:
    assert sample.page("notebook").count('class="katex"') == 2


def test_the_pages_carry_no_script_for_formulas(sample: Site) -> None:
    assert not list(sample.out.rglob("katex*.js"))
    assert "mathjax" not in sample.page().lower()
    assert sorted({file.suffix for file in (sample.out / "_static/katex/fonts").iterdir()}) == [".woff2"]


def test_a_page_without_formulas_loads_no_styles_for_them(build: Callable[..., Site]) -> None:
    assert "katex" not in build("Plain words.").page()


@pytest.mark.parametrize(
    ("source", "reason"),
    [(r":math:`\frac{a`", "expected '}'"), (".. math::\n\n   \\unheard{x}", "Undefined control sequence: \\unheard")],
)
def test_what_katex_cannot_read_is_a_warning_with_its_place(
    build: Callable[..., Site], source: str, reason: str
) -> None:
    site = build(source)
    assert "index.rst:4: WARNING: KaTeX cannot read the formula" in site.warnings
    assert reason in site.warnings


def test_lines_align_and_blank_lines_part_equations() -> None:
    from formulas import aligned, render

    assert aligned("a") == "a"
    assert aligned("a &= b \\\\\nc &= d") == "\\begin{split}a &= b \\\\\nc &= d\\end{split}"
    assert aligned("a\n\nb") == r"\begin{aligned}a\\b\end{aligned}"
    assert render(aligned("a &= b \\\\ c &= d\n\ne"), display=True).count("<mtr>") == 4
