"""The tree of modules is made from their docstrings: nobody keeps it by hand, and nothing is imported for it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.site.sample_site import DOCS, Site

Build = Callable[..., Site]
GROUPS = '''"""A box. It holds things.

Outside
    lid      what covers it
    feet     what it stands on
"""
'''


def write(root: Path, **sources: str) -> None:
    for name, source in sources.items():
        file = root / f"{name.replace('__in__', '/').replace('start', '__init__')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_modules_stand_in_the_order_of_the_packages_groups_then_by_name(build: Build, tmp_path: Path) -> None:
    loud = 'raise SystemExit\n"""Not a docstring."""'
    write(tmp_path, box__in__start=GROUPS, box__in__lid='"""Covers the `box`, or ``:not:`it```."""')
    write(tmp_path, box__in__feet='"""Stands, e.g. on a table (Box et al. 1978): firmly. Not more."""')
    write(tmp_path, box__in__arm=f'"""An arm.\n\nOf wood."""\n{loud}', box__in__in__in__start='"""Inside: hollow."""')
    write(tmp_path, box__in__in__in__air='"""Is it\nair? Yes."""')
    (tmp_path / "box" / "data").mkdir()
    site = build(".. tree:: box\n")
    assert site.warnings == ""
    assert (
        "box/ A box Outside lid.py Covers the box , or :not:`it` feet.py Stands, e.g. on a table (Box et al. 1978): "
        "firmly arm.py An arm in/ Inside: hollow air.py Is it air?"
    ) in words(site.page())
    assert '<code class="docutils literal notranslate"><span class="pre">:not:`it`</span></code>' in site.page()
    assert re.search(r"<details><summary><code[^>]*><span[^>]*>in/</span></code> Inside: hollow</summary>", site.page())


def test_the_tree_follows_the_code(build: Build, tmp_path: Path) -> None:
    write(tmp_path, box__in__start='"""A box."""')
    site = build(".. tree:: box\n")
    write(tmp_path, box__in__start='"""A chest."""', box__in__lid='"""Covers it."""')
    assert "box/ A chest lid.py Covers it" in words(site.build().page())


def test_a_module_that_does_not_say_what_it_is_for_is_a_warning(build: Build, tmp_path: Path) -> None:
    write(tmp_path, box__in__start="", box__in__lid="HEIGHT = 1", bag__in__strap='"""A strap."""')
    warnings = build(".. tree:: box bag nowhere\n").warnings
    assert "box/ has no docstring" in warnings
    assert "lid.py has no docstring" in warnings
    assert "bag" not in warnings
    assert "there is no folder with modules at nowhere" in warnings


@pytest.mark.parametrize("folder", ["course", "autograder", "docs/_ext"])
def test_every_module_of_the_project_says_what_it_is_for(folder: str) -> None:
    from tree import first_sentence  # type: ignore[import-not-found,unused-ignore]

    modules = list((DOCS.parent / folder).rglob("*.py"))
    assert len(modules) > 15
    assert [path.name for path in modules if not first_sentence(path)] == []
