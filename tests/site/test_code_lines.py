"""Each line of code is an element, so that it wraps indented; what is copied stays the same."""

import html
import re
from collections.abc import Callable

from playwright.sync_api import Browser

from tests.site.sample_site import Site

CODE = "def f(x):\n    '''Says\n\n    it.'''\n    return 'a text that is much longer than the line of a phone has room for', x\n"


def test_lines_keep_their_text_and_say_their_indent(build: Callable[..., Site]) -> None:
    body = "".join(f"   {line}\n" for line in CODE.splitlines())
    [block] = re.findall(r"<pre>(.*?)</pre>", build(f".. code-block:: python\n\n{body}").page(), re.DOTALL)
    assert html.unescape(re.sub(r"<[^>]+>", "", block)) == CODE
    assert block.count('class="line"') == len(CODE.splitlines())
    assert block.count("--indent:4") == 3


def test_what_is_marked_over_several_lines_stays_as_it_is() -> None:
    from code_lines import in_lines  # type: ignore[import-not-found,unused-ignore]

    assert in_lines('<span class="hll">a\n</span>b\n') == '<span class="hll">a\n</span>b\n'


def test_a_long_line_goes_on_below_itself(build: Callable[..., Site], browser: Browser) -> None:
    body = "".join(f"   {line}\n" for line in CODE.splitlines())
    site = build(f".. code-block:: python\n\n{body}")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((site.out / "index.html").as_uri())
    assert page.evaluate("(box => box.scrollWidth - box.clientWidth)(document.querySelector('pre'))") == 0
    tops = "[...document.querySelector('pre').children].filter((e) => e.matches('.line')).map((e) => e.offsetHeight)"
    heights = page.evaluate(tops)
    page.close()
    assert min(heights) == heights[0] == heights[2] > 0  # an empty line is a line
    assert heights[-1] >= 2 * heights[0]
