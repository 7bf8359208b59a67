"""A page that names a function names the line where it stands today; what is not there stops the build."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.site.sample_site import DOCS, Site

Build = Callable[..., Site]
SOURCE = """LIMIT: int = 3

@decorated
def f(): ...

class Box:
    size = 1

    async def open(self): ...
"""


@pytest.mark.parametrize(("named", "line"), [("LIMIT", 1), ("f", 4), ("Box", 6), ("Box.size", 7), ("Box.open", 9)])
def test_a_name_is_found_at_its_line(tmp_path: Path, named: str, line: int) -> None:
    from code_at import find  # type: ignore[import-not-found,unused-ignore]

    (tmp_path / "box.py").write_text(SOURCE)
    assert find(tmp_path, f"box.py:{named}") == f"box.py:{line}"


def test_the_page_shows_line_and_name_and_follows_the_code(build: Build, tmp_path: Path) -> None:
    (tmp_path / "box.py").write_text(SOURCE)
    site = build("See :code-at:`box.py:Box.open` and :code-at:`box.py`.\n")
    assert site.warnings == ""
    shown = re.sub(r"<[^>]+>", "", site.page())
    assert "See box.py:9 open and box.py." in shown
    (tmp_path / "box.py").write_text("\n" + SOURCE)
    assert "See box.py:10 open" in re.sub(r"<[^>]+>", "", site.build().page())


def test_what_is_not_there_is_a_warning(build: Build, tmp_path: Path) -> None:
    (tmp_path / "box.py").write_text(SOURCE)
    warnings = build(":code-at:`bag.py:f` :code-at:`box.py:open` :code-at:`box.py:Box.shut`\n").warnings
    assert "there is no file bag.py in the project" in warnings
    assert "box.py defines no open" in warnings
    assert "box.py defines no Box.shut" in warnings


def test_every_place_that_the_pages_name_is_there() -> None:
    from code_at import find

    pages = {page.name: page.read_text(encoding="utf-8") for page in DOCS.rglob("*.rst")}
    named = {text: name for name, page in pages.items() for text in re.findall(r":code-at:`([^`]+)`", page)}
    assert list(named.values()).count("developing.rst") >= 20
    for text in named:
        find(DOCS.parent, text)
