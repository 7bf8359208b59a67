"""What README says stands on the site too, from the one file."""

from collections.abc import Callable
from pathlib import Path

from markdown import as_rst, section  # type: ignore[import-not-found,unused-ignore]

from tests.site.sample_site import DOCS, Site

Build = Callable[..., Site]
TEXT = """# Top

First words.

## One

See [the page](docs/notes.rst#there), [`a file`](course/a.py) and [outside](https://example.org).

```console
# not a heading
$ ls
```

### Inner

Deeper.

<!-- kept from readers -->
## Two

| | b |
| --- | ---: |
| 1 | 2 |
"""


def test_a_section_ends_at_the_next_of_its_level_and_not_in_code() -> None:
    found = section(TEXT, "One") or ""
    assert found.startswith("## One")
    assert "# not a heading" in found
    assert "Deeper." in found
    assert "## Two" not in found
    assert section(TEXT, "not a heading") is None


def test_links_lead_to_pages_of_the_site_and_else_are_words() -> None:
    rst = as_rst(TEXT, {"notes"})
    assert ":doc:`the page </notes>`" in rst
    assert "``a file``" in rst
    assert "course/a.py" not in rst
    assert "<https://example.org>" in rst
    assert "kept from readers" not in rst
    assert "counted" in rst  # a column without a name is a fault to those who hear the table


def test_a_page_shows_the_section(build: Build) -> None:
    notes = {"notes.md": TEXT, "notes.rst": ":orphan:\n\nNotes\n=====\n"}
    site = build(".. markdown:: notes.md\n   :section: One\n", **notes)
    assert site.warnings == ""
    for words in ("<h2>One", "<h3>Inner", 'href="notes.html"', '<span class="gp">$ </span>ls'):
        assert words in site.page(), words


def test_a_section_that_is_not_there_is_a_warning(build: Build) -> None:
    assert (
        "has no section 'Three'" in build(".. markdown:: notes.md\n   :section: Three\n", **{"notes.md": TEXT}).warnings
    )


def test_every_section_that_the_pages_show_is_in_the_readme() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    asked = [line.partition(":section: ")[2] for page in DOCS.glob("*.rst") for line in _lines(page)]
    assert {"Two commands", "Learn", "Windows, or no make", "Teach in five minutes"} <= {
        title for title in asked if title
    }
    assert not [title for title in asked if title and section(readme, title) is None]


def _lines(page: Path) -> list[str]:
    return page.read_text(encoding="utf-8").splitlines()
