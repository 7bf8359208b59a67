"""Code on a page: the same program in narrow lines, without what stands in prose already, and with its place."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.site.sample_site import DOCS, Site

Build = Callable[..., Site]
SOURCE = '''LIMIT = 3

class Box:
    """What it is."""

    size: int = 1

    @cached
    def open(self, much: int = 1) -> int:
        """Opens it.

        Raises ValueError.
        """
        if much < 0:
            raise ValueError("a text that is too long for a line of a page, and that no formatter breaks in two")
        return much + self.size + LIMIT  # a comment for which there is no room at all on this line of code

    def shut(self) -> None:
        """Only words."""

@frozen
class Lid:
    """What it is."""

    width: float
'''
LISTED = re.findall(
    r"(?m)^ *\.\. listing:: (\S+)$", "\n".join(p.read_text(encoding="utf-8") for p in DOCS.rglob("*.rst"))
)


def listed(name: str) -> str:
    from listing import bare, reflowed  # type: ignore[import-not-found,unused-ignore]

    return str(reflowed(bare(SOURCE, name)))


def test_a_method_without_docstring_checks_and_decorators() -> None:
    assert listed("Box.open") == (
        "def open(self, much: int = 1) -> int:\n"
        "    # a comment for which there is no room at all on this line of code\n"
        "    return much + self.size + LIMIT\n"
    )


def test_a_class_keeps_its_decorators_and_a_body() -> None:
    assert listed("Lid") == "@frozen\nclass Lid:\n    width: float\n"
    assert "What it is" not in listed("Box")
    assert listed("Box.shut") == 'def shut(self) -> None:\n    """Only words."""\n'
    assert listed("LIMIT") == "LIMIT = 3\n"


@pytest.mark.parametrize("named", LISTED)
def test_what_the_pages_list_is_narrow_and_the_same_program(named: str) -> None:
    from listing import WIDTH, bare, reflowed

    file, _, name = named.partition(":")
    code = bare((DOCS.parent / file).read_text(encoding="utf-8"), name)
    narrow = reflowed(code)
    assert max(map(len, narrow.splitlines())) <= WIDTH
    assert ast.dump(ast.parse(narrow)) == ast.dump(ast.parse(code))


def test_the_page_names_the_place_and_follows_the_code(build: Build, tmp_path: Path) -> None:
    (tmp_path / "box.py").write_text(SOURCE)
    site = build(".. listing:: box.py:Box.open\n")
    assert site.warnings == ""
    shown = re.sub(r"<[^>]+>", "", site.page())
    assert "box.py:9 open" in shown
    assert "return much + self.size + LIMIT" in shown
    (tmp_path / "box.py").write_text("\n" + SOURCE.replace("LIMIT  #", "7  #"))
    shown = re.sub(r"<[^>]+>", "", site.build().page())
    assert "box.py:10 open" in shown
    assert "return much + self.size + 7" in shown


def test_the_whole_function_is_one_click_away(build: Build, tmp_path: Path) -> None:
    (tmp_path / "box.py").write_text(SOURCE)
    page = build(".. listing:: box.py:Box.open\n\n.. listing:: box.py:LIMIT\n").page()
    [whole] = re.findall(r'<details class="whole"><summary>(.*?)</details>', page, re.DOTALL)
    shown = re.sub(r"<[^>]+>", "", whole)
    assert "@cached\ndef open" in shown
    assert "Raises ValueError." in shown
    assert "if much &lt; 0:" in shown


def test_what_is_not_there_or_not_narrow_is_a_warning(build: Build, tmp_path: Path) -> None:
    (tmp_path / "box.py").write_text(f'def f():\n    return "{"long" * 20}"\n')
    warnings = build(
        ".. listing:: bag.py:f\n\n.. listing:: box.py:g\n\n.. listing:: box.py\n\n.. listing:: box.py:f\n"
    ).warnings
    assert "there is no file bag.py in the project" in warnings
    assert "box.py defines no g" in warnings
    assert "expected FILE:OBJECT, got box.py" in warnings
    assert "a line of box.py:f is wider than 76 columns" in warnings
