"""Code on a page runs while the site is built, and what it prints stands below it."""

from collections.abc import Callable

from tests.site.sample_site import Site

Build = Callable[..., Site]


def test_code_is_shown_with_what_it_prints(build: Build) -> None:
    page = build(".. executed::\n\n   total = sum(range(7))\n   print('the sum is', total)").page()
    assert "the sum is 21" in page
    assert page.index("range") < page.index("the sum is 21")
    assert 'class="printed' in page


def test_code_without_output_stands_alone_and_leaves_no_name_behind(build: Build) -> None:
    site = build(".. executed::\n\n   hidden = 1\n\n.. executed::\n\n   print('hidden' in globals())")
    assert site.page().count('class="printed') == 1
    assert "False" in site.page()


def test_failing_code_is_a_warning_where_it_stands(build: Build) -> None:
    site = build("Text.\n\n.. executed::\n\n   print(1 / 0)")
    assert "this code fails: ZeroDivisionError: division by zero" in site.warnings
    assert "index.rst:6" in site.warnings
    syntax = build(".. executed::\n\n   print(")
    assert "this code fails: SyntaxError" in syntax.warnings
