"""A submission gets at its own files and at nobody else's, whoever runs the grader: each case is the real command."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.autograder.submissions import ROOT
from tests.autograder.users import folder_for_all, run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the walls are Linux's; `doctor` says so elsewhere")
SOLUTION = (ROOT / "solutions" / "kl_solution.py").read_text(encoding="utf-8")
WAYS = {
    "as root or whoever we are": ("as we are", "forked"),
    "in fresh processes": ("as we are", "fresh"),
    "as an ordinary user": ("ordinary user", "forked"),
    "as an ordinary user without namespaces": ("ordinary user, no namespaces", "forked"),
}
HERE = next(iter(WAYS))
ways = pytest.mark.parametrize("way", WAYS)

# What a file tries at its top. `there` is the folder in which it was handed in.
TRIES = {
    "import": "importlib.import_module('bob_kl')",
    "import through a link": "importlib.import_module('linked')",
    "import through a link beside": "importlib.import_module('alias')",
    "import from a linked folder": "importlib.import_module('linked_folder.kl_starter')",
    "open": "(here / 'bob_kl.py').read_text()",
    "open by a path from the root": "(there / 'bob_kl.py').read_text()",
    "open through a link": "(here / 'linked.py').read_text()",
    "open through a link, from the root": "(there / 'linked.py').read_text()",
    "open in a linked folder": "(here / 'linked_folder' / 'kl_starter.py').read_text()",
    "open a sibling of the folder": "(there.parent / 'eve' / 'kl_starter.py').read_text()",
    "open what is in the parent": "(here / '..' / 'marks.csv').read_text()",
    "open what is in the parent, from the root": "(there.parent / 'marks.csv').read_text()",
    "list the folder": "assert 'bob_kl.py' in os.listdir(there)",
    "list the parent": "os.listdir(there.parent)",
    "list what came along": "assert any('bob' in name or 'linked' in name for name in os.listdir(here))",
    "glob": "[text] = [open(p).read() for p in glob.glob(f'{there}/*bob*.py')]",
    "glob for all": "assert [open(p).read() for p in glob.glob(f'{there.parent}/**/*.py', recursive=True)]",
    "search other workers": "assert len([p for p in here.parent.parent.glob('*/submission/*')]) > 1",
}
THIEF = f"""
import glob, importlib, os
from pathlib import Path
here, there = Path(__file__).parent, Path("@THERE@")
try:
    import bob_kl
    from bob_kl import *
except Exception:
    pass
try:
    import alias, linked
except Exception:
    pass
try:
    import linked_folder.kl_starter
    from linked_folder import kl_starter
except Exception:
    pass
got = []
for name, attempt in {TRIES!r}.items():
    try:
        exec(attempt)
        got.append(name)
    except BaseException:
        pass
raise RuntimeError(f"GOT {{got}}")
def kl_divergence(): ...
"""


def graded(way: str, place: Path, handed_in: Path) -> dict[str, Any]:
    """The command's report, by parts; the report is written elsewhere, and nothing is left beside the files."""
    mode, workers = WAYS[way]
    temporary = place / "tmp"
    temporary.mkdir(exist_ok=True)
    subprocess.run(["chmod", "-R", "a+rX", place], check=True)
    before = sorted(place.rglob("*"))
    options = ["-k", "kl", "-p", "no:cacheprovider", f"--report-json={temporary}/report.json"]
    program = ("-m", "pytest", "autograder", f"--submission={handed_in}", *options)
    ran = run(mode, temporary, *program, LATENT_COURSE_WORKERS=workers)
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    report = temporary / "report.json"
    found = {test["number"]: test for test in json.loads(report.read_text())["tests"]}
    report.unlink()
    assert sorted(place.rglob("*")) == before
    return found


def said(found: dict[str, Any], number: str = "4.1") -> str:
    return " ".join(found[number]["output"].split())


def scores(found: dict[str, Any]) -> list[float]:
    return [found[number]["score"] for number in sorted(found)]


@ways
@pytest.mark.parametrize("whole_folder", [False, True])
def test_a_submission_gets_at_no_neighbour_in_any_way(way: str, whole_folder: bool) -> None:
    with folder_for_all() as place:
        there = place / "class" / "ada"
        for folder in ("ada", "eve", "other"):
            (place / "class" / folder).mkdir(parents=True)
        (place / "class" / "marks.csv").write_text("ada,20\n")
        for name in ("eve/kl_starter.py", "other/kl_starter.py", "other/bob_kl.py"):
            (place / "class" / name).write_text(SOLUTION)
        text = THIEF.replace("@THERE@", str(there))
        (there / "kl_starter.py").write_text(text)
        if not whole_folder:  # in a folder that is handed in, such a file would be the student's own
            (there / "bob_kl.py").write_text(SOLUTION)
            (there / "alias.py").symlink_to("bob_kl.py")
        (there / "linked.py").symlink_to("../other/bob_kl.py")
        (there / "linked_folder").symlink_to("../other")
        found = graded(way, place, there if whole_folder else there / "kl_starter.py")
    assert "RuntimeError: GOT []" in said(found)
    assert scores(found) == [0] * 5


@ways
def test_a_starter_that_is_a_link_out_of_the_folder_is_named_as_one(way: str) -> None:
    with folder_for_all() as place:
        for folder in ("ada", "bob"):
            (place / folder).mkdir()
        (place / "bob" / "kl_starter.py").write_text(SOLUTION)
        (place / "ada" / "kl_starter.py").symlink_to("../bob/kl_starter.py")
        found = graded(way, place, place / "ada")
    assert scores(found) == [0] * 5
    assert "kl_starter.py is a link to something outside of the folder that was handed in" in said(found)


HELPED = {
    "kl_starter.py": SOLUTION + "\nfrom helper import right\nfrom pack import deep\nimport pack.more as more\n"
    "assert right and deep.value == 3 and more.value == 4\n",
    "helper.py": "from second import right\n",
    "second.py": "right = True\n",
    "pack/__init__.py": "",
    "pack/deep.py": "from .deeper import value\n",
    "pack/deeper.py": "from . import deepest\nvalue = deepest.value\n",
    "pack/deepest.py": "value = 3\n",
    "pack/more.py": "value = 4\n",
}
NAMED = {
    "kl_starter.py": SOLUTION + "\nimport json, torch\nfrom pathlib import Path\nhere = Path(__file__).parent\n"
    "marks = json.loads(Path(__file__).with_name('marks.json').read_text())\n"
    "assert marks == [1] and (here / 'tables' / 'own.txt').read_text() == 'own'\n"
    "assert not list(here.glob('un*'))\n",
    "marks.json": "[1]",
    "tables/own.txt": "own",
    "unnamed.txt": "",
    "latent_starter.py": "",  # of another exercise: one student's as well
}
WITH_DATA = {
    "kl_starter.py": SOLUTION + "\nfrom pathlib import Path\nhere = Path(__file__).parent\n"
    "assert (here / 'data.txt').read_text() == (here / 'again.txt').read_text() == 'own'\n"
    "assert (here / 'links' / 'own').read_bytes() == (here / 'deep' / 'own').read_bytes() == bytes(range(256))\n"
    "assert __file__.endswith('kl_starter.py')\n",
    "data.txt": "own",
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@ways
def test_modules_and_named_data_come_along_with_a_file_and_all_with_a_folder(way: str) -> None:
    with folder_for_all() as place:
        write(place / "helped", HELPED)
        write(place / "named", NAMED)
        write(place / "data", WITH_DATA)
        (place / "data" / "deep").mkdir()
        (place / "data" / "deep" / "own").write_bytes(bytes(range(256)))
        (place / "data" / "again.txt").symlink_to("data.txt")
        (place / "data" / "links").symlink_to("deep")
        assert scores(graded(way, place, place / "helped" / "kl_starter.py")) == [4] * 5
        assert scores(graded(way, place, place / "named" / "kl_starter.py")) == [4] * 5
        assert scores(graded(way, place, place / "data")) == [4] * 5


LEFT_OUT = {
    "import bob": "line 1 of kl_starter.py fails: ModuleNotFoundError: No module named 'bob' (bob.py lies there, but "
    "was left out: it belongs to another submission: hand in a folder of your own that holds it): import bob",
    "from helper import x": "No module named 'helper' (helper.py lies there, but was left out: it is a link: put the "
    "file itself there): from helper import x",
    "open(__file__.replace('kl_starter.py', 'data.txt'))": "No such file or directory: 'data.txt' (data.txt lies "
    "there, but was left out: it may be somebody else's, as bob.py beside it is: hand in a folder of your own that "
    "holds it)",
}


@pytest.mark.parametrize("code", LEFT_OUT)
def test_what_was_left_out_is_said_with_names_that_the_student_knows(code: str) -> None:
    with folder_for_all() as place:
        write(place, {"bob.py": SOLUTION, "data.txt": "own", "far/helper.py": "x = 1\n"})
        (place / "helper.py").symlink_to("far/helper.py")
        (place / "kl_starter.py").write_text(f"{code}\ndef kl_divergence(): ...\n")
        assert LEFT_OUT[code] in said(graded(HERE, place, place / "kl_starter.py"))


def test_who_opens_a_file_from_another_place_is_told_where_it_is() -> None:
    with folder_for_all() as place:
        write(place, {"kl_starter.py": SOLUTION + "\nopen('/own/data.txt')\n", "data.txt": "own"})
        assert "open it as Path(__file__).parent / 'data.txt'" in said(graded(HERE, place, place))
        write(place, {"kl_starter.py": SOLUTION + "\nassert open('data.txt').read() == 'own'\n"})
        assert scores(graded(HERE, place, place)) == [4] * 5


def test_a_file_that_is_reached_through_links_is_graded_as_what_it_is() -> None:
    with folder_for_all() as place:
        write(place / "real", {"handed_in_7": SOLUTION + "\nimport helper\n", "helper.py": "x = 1\n"})
        (place / "inbox").symlink_to("real")
        (place / "kl_starter.py").symlink_to("inbox/handed_in_7")
        assert scores(graded(HERE, place, place / "kl_starter.py")) == [4] * 5
