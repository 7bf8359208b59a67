"""Folders are whole or not there, whoever else writes, and whenever a process is killed."""

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import pytest

from course import folders

ROOT = Path(__file__).parents[2]
HAMMER = """
import sys, threading
from pathlib import Path
import numpy as np
import torch
from course import runs
from course.run_config import build
from course.training import History
torch.set_num_threads(1)
store, threads, saves = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
model = build({"input_dim": 4, "hidden_dim": 2, "latent_dim": 1}, 0)
history, about = History(1, np.ones((3, 3), np.float32)), {"data": "lines64", "settings": {}}

said = []

def save(thread):
    for number in range(saves):
        name = "same" if number % 2 else f"run-{(thread + number) % 3}"
        try:
            runs.save(model, history, store / name, about, 1.0, replace=number % 3 > 0)
        except BaseException as error:
            said.append(f"could not save: {error!r}")
            continue
        try:
            run = runs.get(name, store)
            assert run and name in [run.name for run in runs.all_runs(store)], "an acknowledged run is missing"
            run.model(), run.history()
            said.append("kept")
        except BaseException as error:
            said.append(f"could not read: {error!r}")

all_of_them = [threading.Thread(target=save, args=(thread,)) for thread in range(threads)]
[thread.start() for thread in all_of_them]
[thread.join() for thread in all_of_them]
print("\\n".join(said))
"""


def test_many_processes_and_threads_lose_no_run(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HAMMER, str(tmp_path), "4", "8"]
    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = Counter(line for process in started for line in process.communicate(timeout=120)[0].splitlines())
    assert said == {"kept": 3 * 4 * 8}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run-0", "run-1", "run-2", "same"]


def fill(folder: Path, text: str) -> None:
    with folders.filled(folder) as half:
        (half / "a").write_text(text)


def read(folder: Path) -> str:
    return (folder / "a").read_text()


KILLED = """
import os, signal, sys
from pathlib import Path
from course import folders
moves, before = int(sys.argv[2]), Path.rename

def rename(path, target):
    global moves
    if not moves:
        os.kill(os.getpid(), signal.SIGKILL)
    moves -= 1
    return before(path, target)

def remove(path, ignore_errors):
    os.kill(os.getpid(), signal.SIGKILL)

Path.rename, folders.shutil.rmtree = rename, remove
with folders.filled(Path(sys.argv[1])) as half:
    (half / "a").write_text("new")
"""


@pytest.mark.parametrize(("moves", "left"), [(0, "old"), (1, "old"), (2, "new")])
@pytest.mark.parametrize("way", ["read", "list", "write"])
def test_a_process_killed_while_it_replaces_a_folder_leaves_a_whole_one(
    moves: int, left: str, way: str, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    fill(folder, "old")
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(moves)], cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert folder.exists() == (moves != 1)
    with pytest.warns(folders.PutBack, match="run had been left aside") if moves == 1 else nullcontext():
        if way == "list":
            assert folders.listed(tmp_path) == [folder]
        if way == "write":
            fill(tmp_path / "another", "x")
            assert folder.exists()
        assert folders.read_from(folder, read) == left
    fill(folder, "newest")
    assert read(folder) == "newest"
    assert [path.name for path in tmp_path.glob(".*.old")] == []


def test_a_folder_that_cannot_take_its_place_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "run", "old")
    before = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if path.suffix == ".half":
            raise OSError(28, "No space left on device")
        return before(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="No space left"):
        fill(tmp_path / "run", "new")
    assert read(tmp_path / "run") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_where_nothing_is_nothing_is_found(tmp_path: Path) -> None:
    assert folders.listed(tmp_path / "none") == folders.listed(Path("/dev/null")) == []
    with pytest.raises(OSError, match="none"):
        folders.read_from(tmp_path / "none" / "run", read)


STOPPED = """
import fcntl, os, sys, time
fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX)
print("locked", flush=True)
time.sleep(1000)
"""


def test_a_lock_that_somebody_keeps_does_not_hold_a_reader_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "run", "old")
    monkeypatch.setattr(folders, "_PATIENCE", 0.2)
    with subprocess.Popen([sys.executable, "-c", STOPPED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as stopped:
        assert stopped.stdout
        assert stopped.stdout.readline() == "locked\n"
        assert folders.listed(tmp_path) == [tmp_path / "run"]
        assert folders.read_from(tmp_path / "run", read) == "old"
        with pytest.raises(TimeoutError, match="another process has locked it"):
            fill(tmp_path / "run", "new")
        stopped.kill()
    assert read(tmp_path / "run") == "old"
    fill(tmp_path / "run", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("link", [False, True])
def test_a_file_or_link_where_the_folder_goes_makes_room(link: bool, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    if link:
        (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    else:
        (tmp_path / "run").write_text("")
    fill(tmp_path / "run", "new")
    assert read(tmp_path / "run") == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "run"]


def test_a_clock_that_was_set_back_or_forward_loses_nothing_whole(tmp_path: Path) -> None:
    fill(tmp_path / "run", "old")
    half = tmp_path / f".run.{'0' * 32}.half"
    half.mkdir()
    for when in (0, 2**32):
        for folder in (half, tmp_path / "run"):
            os.utime(folder, (when, when))
        assert folders.listed(tmp_path) == [tmp_path / "run"]
        assert half.exists() == (when > 0)
        half.mkdir(exist_ok=True)
    assert read(tmp_path / "run") == "old"
