"""Which files belong to a submission: of a single file and of a folder, with links, bounds and odd files."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.engine import wire
from autograder.engine.answering.submission import Submission
from autograder.engine.calls import Call
from autograder.engine.catalogue import Exercise, exercise_for
from autograder.engine.reading import Unreadable
from autograder.engine.staging import folder as folders
from autograder.engine.staging import own
from autograder.engine.staging.mentions import LOOKED_AT, mentions
from autograder.engine.staging.own import own_files
from autograder.engine.staging.room import ALL, MOST, OTHER, SOURCE
from autograder.engine.worker_client.limits import Death, Limits
from autograder.engine.worker_client.worker import Worker
from tests.autograder.submissions import SOLUTION, load, solution_with
from tests.autograder.users import folder_for_all, run

START = "latent_starter.py"


@pytest.fixture(scope="module")
def idle() -> Iterator[Worker]:
    """A worker for files that do it no harm."""
    worker = Worker()
    yield worker
    worker.close()


def names(path: Path, whole_folder: bool = False) -> set[str]:
    return set(own_files(path, whole_folder).files) - {path.name}


def sparse(path: Path, size: int) -> None:
    path.touch()
    os.truncate(path, size)


@pytest.fixture
def start(tmp_path: Path) -> Path:
    path = tmp_path / "class" / START
    path.parent.mkdir()
    path.write_text(SOLUTION)
    return path


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


FORMS = {
    "import helper": {"helper.py"},
    "import helper, other": {"helper.py", "other.py"},
    "from helper import x": {"helper.py"},
    "from helper import *": {"helper.py"},
    "def f():\n    import helper": {"helper.py"},
    "import pack.mod as m": {"pack/__init__.py", "pack/mod.py"},
    "from pack.mod import y": {"pack/__init__.py", "pack/mod.py"},
    "from pack import mod": {"pack/__init__.py", "pack/mod.py"},
    "from pack import (\n    mod,\n)": {"pack/__init__.py", "pack/mod.py"},
    "import plain.mod": {"plain/mod.py"},
    "import first": {"first.py", "second.py", "third.py"},
    "import relative": {"relative/__init__.py", "relative/a.py", "relative/b.py"},
    "import importlib; importlib.import_module('helper')": {"helper.py"},
    "__import__('helper')": {"helper.py"},
    "import torch, os, absent": set(),
    "import broken": {"broken.py"},
    "import helper\ndef (": set(),
    "import helper\n\0": set(),
    "# import helper": set(),
}


@pytest.mark.parametrize("code", FORMS)
def test_of_a_file_the_modules_come_along_that_it_imports(code: str, tmp_path: Path) -> None:
    write(tmp_path, helper="", other="", pack__mod="", plain__mod="", third="", broken="def f(:")
    write(tmp_path, first="import second", second="import third, first", unused="")
    (tmp_path / "pack" / "__init__.py").touch()
    write(tmp_path, relative__a="from . import b", relative__b="")
    (tmp_path / "relative" / "__init__.py").write_text("from .a import value")
    (tmp_path / "data.txt").touch()
    (tmp_path / START).write_text(code)
    assert names(tmp_path / START) == FORMS[code]


@pytest.mark.parametrize(
    "theirs",
    [
        SOLUTION,
        "def encode(x): ...",
        "async  def interpolate(): ...",
        "kl_divergence = lambda mu, log_var: 0",
        "class SimpleVAE:\n    encode = lambda self, x: x",
        "def active_units(mu): ...",
    ],
)
def test_another_submission_never_comes_along(theirs: str, start: Path) -> None:
    (start.parent / "bob.py").write_text(theirs)
    start.write_text("import bob")
    staged = own_files(start)
    assert set(staged.files) == {START}
    assert "belongs to another submission" in staged.left_out["bob.py"]


def test_what_lies_in_the_folder_of_another_submission_never_comes_along(start: Path) -> None:
    write(start.parent, bob__kl_starter="", bob__tools="", bob__deep__more="", kl_starter="")
    start.write_text("import bob.tools, bob.deep.more, kl_starter, bob.kl_starter")
    staged = own_files(start)
    assert set(staged.files) == {START}
    assert set(staged.left_out) == {"bob/tools.py", "bob/deep/more.py", "kl_starter.py", "bob/kl_starter.py"}


@pytest.mark.parametrize("above", ["", "clone/"])
def test_a_folder_that_holds_the_course_hands_nothing_of_it_over(
    above: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / above
    (project / "course").mkdir(parents=True)
    monkeypatch.setattr(own, "PROJECT", project.resolve())
    package = above.replace("/", ".")
    start = tmp_path / "kl_starter.py"
    start.write_text(f"import helper\nfrom {package}course import answers\nopen('{above}course/answers.py')\n")
    (tmp_path / "helper.py").write_text("x = 1\n")
    (project / "course" / "answers.py").write_text("def answer(): ...\n")
    for whole_folder in (False, True):
        found = own_files(start, whole_folder)
        assert set(found.files) == {"kl_starter.py", "helper.py"}
        assert "belongs to the course" in found.left_out[f"{above}course/answers.py"]


def test_links_and_odd_files_beside_a_file_stay_and_nothing_blocks(start: Path) -> None:
    write(start.parent.parent, far__mod="")
    (start.parent / "linked.py").symlink_to("../far/mod.py")
    (start.parent / "folder").symlink_to("../far")
    (start.parent / "loop.py").symlink_to("loop.py")
    os.mkfifo(start.parent / "fifo.py")
    (start.parent / "place.py").mkdir()
    sparse(start.parent / "huge.py", 10**10)
    start.write_text(
        "import linked, folder.mod, loop, fifo, place, huge, far\nfrom .. import up\nfrom ..far import mod"
    )
    staged = own_files(start)
    assert set(staged.files) == {START}
    assert {name: why.split(":")[0].split(";")[0] for name, why in staged.left_out.items()} == {
        "linked.py": "is a link",
        "folder/mod.py": "is a link",
        "folder/mod/__init__.py": "is a link",
        "folder/__init__.py": "is a link",
        "loop.py": "is a link",
        "fifo.py": "is not a file",
        "place.py": "is not a file",
        "huge.py": "has 10,000,000,000 bytes",
    }


def test_of_a_folder_all_comes_along_but_what_nobody_hands_in(start: Path) -> None:
    place = start.parent
    write(place, kl_starter="", deep__er__mod="", __pycache__x="", node_modules__x="", env__lib__x="", venv__x="")
    (place / "env" / "pyvenv.cfg").touch()
    for name in (".hidden", ".git/config", "data.txt", "deep/weights.bin"):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(name)
    os.mkfifo(place / "fifo")
    assert names(start, True) == {"kl_starter.py", "deep/er/mod.py", "venv/x.py", "data.txt", "deep/weights.bin"}
    assert own_files(start, True).files["deep/weights.bin"] == b"deep/weights.bin"


def test_links_in_a_folder_are_followed_inside_it_and_never_out(start: Path) -> None:
    place = start.parent
    write(place.parent, other__mod="", classmate__x="")  # `classmate` begins as `class` does
    write(place, deep__mod="# deep")
    for name, target in {
        "in.py": "deep/mod.py", "twice.py": "in.py", "folder": "deep", "root": str(place / "deep"),
        "out.py": "../other/mod.py", "out": "../other", "mate": "../classmate", "up": "..", "self": ".",
        "deep/up": "..", "deep/again": "up/deep", "nowhere.py": "nothing", "loop": "loop", "abs.py": "/etc/passwd",
        "through.py": "../class/deep/mod.py", "sly.py": "out/mod.py", "deep/out.py": "../../other/mod.py",
    }.items():  # fmt: skip
        (place / name).symlink_to(target)
    start.write_text("open('abs.py'); import out, up")
    staged = own_files(start, True)
    found = {name for name in staged.files if "/" not in name or name.count("/") == 1}
    assert found == {START, "in.py", "twice.py", "through.py", "deep/mod.py", "folder/mod.py", "root/mod.py"}
    assert {staged.files[name] for name in found - {START}} == {b"# deep"}
    assert "outside of the folder" in staged.left_out["abs.py"]
    assert "outside of the folder" in staged.left_out["out.py"]


def test_a_folder_is_bounded_and_what_the_starter_imports_comes_first(
    start: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = start.parent
    for number in range(MOST + 50):
        (place / f"a{number}").touch()
    write(place, zz__deep__last="x = 1")
    start.write_text("import zz.deep.last\nopen('0big.bin'), open('a99')")
    sparse(place / "0big.bin", OTHER + 1)
    staged = own_files(start, True)
    assert "zz/deep/last.py" in staged.files
    assert len(staged.files) <= MOST
    assert "bytes; up to" in staged.left_out["0big.bin"]
    wire.encode(wire.Message(*staged.request({})))

    monkeypatch.setattr(folders, "LOOKED_AT", 20)
    assert len(own_files(start, True).files) <= 22


def test_a_folder_of_large_files_fits_into_one_message(start: Path) -> None:
    for number in range(8):
        (start.parent / f"{number}.bin").write_bytes(b"x" * (OTHER // 2))
    staged = own_files(start, True)
    assert OTHER < sum(map(len, staged.files.values())) <= ALL
    assert len(wire.encode(wire.Message(*staged.request({})))) < wire.MAX_BYTES


def test_names_of_any_bytes_go_to_a_worker_and_arrive(latent: Exercise, start: Path) -> None:
    for name in (b"new\nline", b"\xff\xfe", "na\u00efve \u2713".encode(), b"n" * 255, b'"quoted"'):
        (start.parent / os.fsdecode(name)).write_bytes(name)
    start.write_text(
        SOLUTION + "\nimport os\nhere = os.path.dirname(os.fsencode(__file__))\n"
        "found = [n for n in os.listdir(here) if not n.endswith(b'.py')]\n"
        "assert len(found) == 5 and all(open(os.path.join(here, n), 'rb').read() == n for n in found), found\n"
    )
    submission = Submission(latent, start, Limits(), whole_folder=True)
    try:
        assert not submission.ask(Call("interpolate", ())).missing
    finally:
        submission.close()


def test_files_that_are_none_are_named_and_nothing_huge_is_read(start: Path) -> None:
    place = start.parent
    (place / "folder.py").mkdir()
    os.mkfifo(place / "fifo.py")
    sparse(place / "sparse.py", 10**10)
    sparse(place / "over.py", SOURCE + 1)
    (place / "loop.py").symlink_to("loop.py")
    (place / "broken.py").symlink_to("nothing")
    began = time.monotonic()
    for name, words in {
        "absent.py": "there is no file absent.py in class",
        "broken.py": "there is no file broken.py in class",
        "folder.py": "folder.py is not a file",
        "fifo.py": "fifo.py is not a file",
        "sparse.py": "sparse.py has 10,000,000,000 bytes; up to 1,000,000 are read",
        "over.py": "over.py has 1,000,001 bytes; up to 1,000,000 are read",
        "loop.py": "loop.py cannot be read: Too many levels of symbolic links",
    }.items():
        with pytest.raises(Unreadable) as caught:
            own_files(place / name)
        assert str(caught.value) == words
        assert exercise_for(place / name) is None
    with pytest.raises(Unreadable, match=r"there is no file absent\.py in class"):
        own_files(place / "absent.py", whole_folder=True)
    assert time.monotonic() - began < 5


def test_a_file_that_may_not_be_read_is_named_and_costs_no_traceback() -> None:
    with folder_for_all() as place:
        (place / "tmp").mkdir()
        (place / "kl_starter.py").write_text("x = 1")
        (place / "kl_starter.py").chmod(0)
        subprocess.run(["chown", "-R", "65534", place], check=os.getuid() == 0, stderr=subprocess.DEVNULL)
        for handed_in in (place / "kl_starter.py", place):
            options = [f"--submission={handed_in}", "-k", "kl", "-p", "no:cacheprovider"]
            ran = run("ordinary user", place / "tmp", "-m", "pytest", "autograder", *options)
            said = " ".join(ran.stdout.split())
            assert "kl_starter.py may not be read by the user who runs the grader: change its mode" in said
            assert "Traceback" not in ran.stdout + ran.stderr


def test_one_session_grades_one_state_of_the_files(latent: Exercise, start: Path) -> None:
    """What was read when a worker first loaded it is what later workers load, and not before."""
    (start.parent / "helper.py").write_text("import os\n")
    ending = {"1.3": "import helper; helper.os._exit(3)"}
    submission = Submission(latent, start, Limits())
    submission.start()
    start.write_text(solution_with(ending))  # saved after the worker was started
    try:
        for _ in range(2):
            with pytest.raises(Death, match="exit code 3"):
                submission.ask(Call("interpolate", (1.0, 1.0, 1.0)))
            submission._deaths.clear()
            start.write_text("raise SystemExit")
            (start.parent / "helper.py").unlink(missing_ok=True)
    finally:
        submission.close()


def test_a_look_at_a_source_ends_soon_whatever_it_is() -> None:
    count = LOOKED_AT // 2
    began = time.monotonic()
    evil = (("x=", "1+", "1"), ("x=a", ".b", ""), ("x=[", "0,", "]"), ("", "((", ""), ("x=", "--", "1"), ("", "a;", ""))
    for start, piece, end in (*evil, ("x=f'", "{0}", "'"), ("x=", "1<", "1"), ("x=a", "()", "")):
        text = start + piece * (2 * count // len(piece) - 5) + end
        mentions(text.encode())
    assert mentions(b"import a\n" * LOOKED_AT).modules == ()
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("name", ["'n' * 10_000", "'nul\\0'", "b'\\xff'", "7", "None", "'.'", "'..'"])
def test_an_error_about_an_odd_name_is_said_like_any_other(name: str, idle: Worker, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"raise FileNotFoundError(2, 'gone', {name})\n")
    said = load(idle, tmp_path / "a.py")["problem"]
    assert (said["type"], said["line"]) == ("FileNotFoundError", 1)
    assert "gone" in said["message"]
