"""Folders that a submission filled are measured and removed, however deep, closed or oddly named they are."""

from __future__ import annotations

import json
import math
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.engine import trees
from tests.autograder.submissions import deep, solution_with
from tests.autograder.users import folder_for_all, run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="elsewhere folders are removed by path")
NAMES = st.binary(min_size=1, max_size=255).filter(lambda name: not {0, 47} & set(name) and name not in (b".", b".."))
MODES = st.sampled_from([0o700, 0o755, 0o500, 0o300, 0o100, 0])
LEAVES = st.sampled_from(["file", "closed file", "link", "broken link", "fifo"])
TREES = st.recursive(LEAVES, lambda inside: st.tuples(MODES, st.dictionaries(NAMES, inside, max_size=4)), max_leaves=20)
LINES = """
import os
for _ in range(1100):
    os.mkdir("d")
    os.chdir("d")
return torch.zeros(len(x), self.fc_mu.out_features)
"""
REMOVES = (
    "import os, sys, pathlib, resource\n"
    "from autograder.engine import trees\n"
    "resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))\n"
    "sys.setrecursionlimit(100)\n"
    "sizes = [trees.size(pathlib.Path(place)) for place in sys.argv[1:]]\n"
    "[trees.remove(pathlib.Path(place)) for place in sys.argv[1:]]\n"
    "print(sizes, [os.path.lexists(place) for place in sys.argv[1:]])\n"
)


@pytest.fixture
def precious(tmp_path: Path) -> Iterator[Path]:
    """A folder that links lead to, and that must survive."""
    folder = tmp_path / "precious"
    folder.mkdir()
    (folder / "file").write_text("kept")
    yield folder
    assert (folder / "file").read_text() == "kept"
    assert folder.stat().st_mode & 0o777 == 0o755


def grow(place: bytes, tree: object, link: Path) -> None:
    match tree:
        case "file" | "closed file":
            Path(os.fsdecode(place)).write_text("x" * 10)
            os.chmod(place, 0o600 if tree == "file" else 0)
        case "link" | "broken link":
            os.symlink(link if tree == "link" else "nowhere", place)
        case "fifo":
            os.mkfifo(place)
        case (int(mode), dict(inside)):
            os.mkdir(place)
            for name, below in inside.items():
                grow(place + b"/" + name, below, link)
            os.chmod(place, mode)


def removed(mode: str, *places: Path) -> str:
    """What a program of its own says that has few descriptors and little stack: sizes before, and what is left."""
    ran = run(mode, places[0].parent, "-c", REMOVES, *map(str, places))
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_any_tree_goes_and_what_its_links_lead_to_stays(tree: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        kept, place = Path(folder, "kept"), Path(folder, "place")
        kept.mkdir()
        (kept / "file").touch()
        grow(os.fsencode(place), tree, kept)
        assert trees.size(place) >= 0
        trees.remove(place)
        assert os.listdir(folder) == ["kept"]
        assert os.listdir(kept) == ["file"]


def test_sizes_are_sums_and_what_is_too_much_is_infinite(pit: Path, precious: Path) -> None:
    place = pit / "place"
    (place / "a" / "b").mkdir(parents=True)
    for name in ("one", "a/two", "a/b/three"):
        (place / name).write_bytes(b"x" * 100)
    (place / "link").symlink_to(precious)
    expected = [
        max(path.lstat().st_size, 512 * path.lstat().st_blocks)
        for path in place.rglob("*")
        if path.is_symlink() or not path.is_dir()
    ]
    assert trees.size(place) == sum(expected) >= 300 + len(os.fsencode(precious))
    assert len(expected) == 4
    assert trees.size(place, 50) > 50
    assert trees.size(pit / "absent") == 0
    deep(place / "deep", trees.DEPTH, "d")
    assert trees.size(place) == math.inf
    trees.remove(place)
    place.mkdir()
    for number in range(trees.ENTRIES + 1):
        (place / str(number)).touch()
    assert trees.size(place) == math.inf


def test_what_is_deeper_than_any_path_is_long_goes_with_few_descriptors_and_little_stack(pit: Path) -> None:
    deep(pit / "deep", 3000, "d" * 200)
    assert removed("as we are", pit / "deep") == "[inf] [False]"


def test_fifty_thousand_files_go(tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    for number in range(50_000):
        (tmp_path / "many" / str(number)).touch()
    trees.remove(tmp_path / "many")
    assert not (tmp_path / "many").exists()


@pytest.mark.parametrize("mode", ["as we are", "ordinary user"])
def test_closed_folders_go_and_links_stay_whoever_removes_them(mode: str, precious: Path) -> None:
    with folder_for_all() as folder:
        tree = (
            0,
            {b"closed": (0, {b"in": "closed file", b"l": "link"}), b"read": (0o500, {b"f": "file"}), b"e": (0, {})},
        )
        grow(os.fsencode(folder / "tree"), tree, precious)
        grow(os.fsencode(folder / "alias"), "link", precious)
        if mode != "as we are" and os.getuid() == 0:
            subprocess.run(["chown", "-R", "-h", "65534:65534", folder], check=True)
        said = removed(mode, folder / "tree", folder / "alias")
        assert said.endswith("[False, False]")
        if os.getuid() != 0 or mode != "as we are":
            assert said.startswith("[inf, ")
        assert os.listdir(folder) == []


def test_a_folder_that_is_moved_meanwhile_ends_the_removal_and_nothing_outside_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("place/z/b", "place/kept", "elsewhere/kept"):
        (tmp_path / name).mkdir(parents=True)
    plain = trees._without_files

    def moving(handle: int) -> list[str]:
        names = plain(handle)
        if "b" in names:
            os.rename(tmp_path / "place" / "z", tmp_path / "elsewhere" / "z")
        return sorted(names)  # the last is looked at first

    monkeypatch.setattr(trees, "_without_files", moving)
    trees.remove(tmp_path / "place")
    assert (tmp_path / "elsewhere" / "kept").is_dir()


@pytest.mark.parametrize("mode", ["as we are", "ordinary user, no namespaces"])
def test_a_submission_that_digs_deep_costs_its_part_and_no_later_grader(mode: str) -> None:
    with folder_for_all() as place:
        for name, text in (("digs", solution_with({"1.1": LINES})), ("honest", solution_with({}))):
            (place / name).mkdir()
            (place / name / "latent_starter.py").write_text(text)
        temporary = place / "tmp"
        temporary.mkdir()
        reported = {name: graded(mode, temporary, place / name) for name in ("digs", "honest")}
        assert reported["digs"] == ["failed", "passed", "passed", "passed"]
        assert reported["honest"] == ["passed"] * 4


def graded(mode: str, temporary: Path, folder: Path) -> list[str]:
    """The statuses that the command reports; nothing is left in its temporary folder, whatever lay there before."""
    deep(temporary / "latent-worker-deep", 1100, "d")
    if mode.startswith("ordinary") and os.getuid() == 0:
        os.chown(temporary / "latent-worker-deep", 65534, 65534)
        subprocess.run(["chown", "-R", "65534:65534", temporary], check=True)
    os.utime(temporary / "latent-worker-deep", (0, 0))
    report = temporary / "report.json"
    options = ["-p", "no:cacheprovider", f"--submission={folder}", f"--report-json={report}", "-k", "latent"]
    ran = run(mode, temporary, "-m", "pytest", "autograder", *options)
    assert "Traceback" not in ran.stdout + ran.stderr, ran.stdout + ran.stderr
    assert os.listdir(temporary) == ["report.json"], ran.stdout
    found = [test["status"] for test in json.loads(report.read_text())["tests"]]
    report.unlink()
    return found
