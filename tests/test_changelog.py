"""The changelog speaks of this version, and of names that can be found."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
UNRELEASED = TEXT.partition("\n## [Unreleased]\n")[2].partition("\n## ")[0]
ROWS = re.findall(r"^\| (`.+) \| (`.+) \|$", UNRELEASED, re.MULTILINE)


def exists(name: str) -> bool:
    """Whether course has such a module, or offers such a name in one."""
    parts = name.split(".")
    for depth in range(len(parts), 0, -1):
        module = (ROOT / "course").joinpath(*parts[:depth])
        if module.with_suffix(".py").is_file():
            found = import_module(".".join(["course", *parts[:depth]]))
            return depth == len(parts) or parts[depth] in found.__all__
    return False


def test_the_newest_release_is_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert re.findall(r"^## \[(.+?)\]", TEXT, re.MULTILINE)[:2] == ["Unreleased", project["version"]]


@pytest.mark.parametrize(("before", "now"), ROWS)
def test_what_was_renamed_has_the_new_name_and_no_longer_the_old_one(before: str, now: str) -> None:
    assert all(exists(name) for name in re.findall(r"`([^`]+)`", now))
    assert not any(exists(name) for name in re.findall(r"`([^`]+)`", before))


def test_the_renamed_are_looked_at() -> None:
    assert len(ROWS) > 5
