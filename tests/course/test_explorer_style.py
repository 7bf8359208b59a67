"""House rules of the explorer's scripts that no linter knows: one global, namespaces, and state that is declared."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from course.explorer.page import BROWSER, LEARNING, LEARNING_STYLE, SCRIPTS, SKETCHING, STYLE

FILES = (*SCRIPTS, *SKETCHING, *LEARNING)
NAMESPACES = ("math", "model", "canvas", "ui")


def texts() -> dict[str, str]:
    return {name: (BROWSER / name).read_text(encoding="utf-8") for name in FILES}


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", text, flags=re.DOTALL)


def classes(text: str) -> Iterator[tuple[str, str]]:
    """Name and body of each class."""
    for found in re.finditer(r"^( *)(?:[\w.]+ = )?class ?(\w*) \{\n(.*?)^\1\}", text, re.DOTALL | re.MULTILINE):
        yield found[2], found[3]


def undeclared(text: str) -> set[str]:
    """Fields that are written somewhere in a class, but not declared in its constructor."""
    missing: set[str] = set()
    for _, body in classes(without_comments(text)):
        written = re.findall(r"this\.(\w+)(?: (?:\?\?|\+|-)?= |\+\+)", body)
        constructor = re.search(r"^( *)constructor\(.*?^\1\}", body, re.DOTALL | re.MULTILINE)
        declared = re.findall(r"this\.(\w+) = ", constructor[0]) if constructor else []
        missing |= set(written) - set(declared)
    return missing


def test_all_files_are_listed_and_lie_in_the_folder_of_their_namespace() -> None:
    found = {file.relative_to(BROWSER).as_posix() for file in BROWSER.rglob("*.*") if not file.name.startswith(".")}
    assert found == {*FILES, STYLE, LEARNING_STYLE}
    assert {name.split("/")[0] for name in FILES if "/" in name} == set(NAMESPACES)


@pytest.mark.parametrize("name", FILES)
def test_a_file_says_its_namespace_and_its_idea_and_defines_nothing_elsewhere(name: str) -> None:
    text = texts()[name]
    namespace = name.split("/")[0] if "/" in name else ""
    assert text.startswith(f"/* latentExplorer.{namespace}: " if namespace else "/* The one global")
    code = without_comments(text)
    top = {line for line in code.split("\n") if re.match(r"[a-zA-Z]", line)}
    allowed = rf"latentExplorer\.{namespace}\.|globalThis\.latentExplorer = |if \(document|else addEventListener"
    assert [line for line in top if not re.match(allowed, line)] == []
    assigned = set(re.findall(r"^ {0,2}(?:latentExplorer\.)?(math|model|canvas|ui)\.\w[\w.]* = ", code, re.MULTILINE))
    assert assigned <= {namespace}


def test_a_name_is_defined_once() -> None:
    code = without_comments("\n".join(texts().values()))
    names = re.findall(r"^ {0,2}(?:latentExplorer\.)?((?:math|model|canvas|ui)\.\w[\w.]*) = ", code, re.MULTILINE)
    assert len(names) > 60
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("name", FILES)
def test_fields_are_declared_where_an_object_is_made(name: str) -> None:
    assert undeclared(texts()[name]) == set()


def test_fields_that_others_write_are_declared_too() -> None:
    [explorer] = [body for _, body in classes(texts()["ui/explorer.js"])]
    declared = set(re.findall(r"this\.(\w+) = ", explorer.split("\n    }\n")[0]))
    written = {name for text in texts().values() for name in re.findall(r"\bexplorer\.(\w+)(?: = |\+\+)", text)}
    assert {"backgroundStatus", "chosen", "themes", "validShare"} <= written <= declared


def test_an_undeclared_field_does_not_pass() -> None:
    text = "class A {\n  constructor() {\n    this.a = 1;\n  }\n\n  go() {\n    this.b ??= 2;\n    this.a++;\n  }\n}\n"
    assert undeclared(text) == {"b"}


@pytest.mark.parametrize("name", [*FILES, STYLE, LEARNING_STYLE])
def test_no_line_is_longer_than_120_columns(name: str) -> None:
    lines = (BROWSER / name).read_text(encoding="utf-8").split("\n")
    assert [line for line in lines if len(line) > 120] == []
