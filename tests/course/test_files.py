"""Folders and files are whole or not there, whoever else writes, and whenever a process is killed."""

import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from course import files

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
    with files.filled(folder) as half:
        (half / "a").write_text(text)


def read(folder: Path) -> str:
    return (folder / "a").read_text()


KILLED = """
import os, signal, sys
from pathlib import Path
from course import files
moves, before = int(sys.argv[2]), Path.rename

def rename(path, target):
    global moves
    if not moves:
        os.kill(os.getpid(), signal.SIGKILL)
    moves -= 1
    return before(path, target)

def remove(path, ignore_errors):
    os.kill(os.getpid(), signal.SIGKILL)

Path.rename, files.shutil.rmtree = rename, remove
with files.filled(Path(sys.argv[1])) as half:
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
    if way == "list":
        assert files.folders(tmp_path) == [folder]
    if way == "write":
        fill(tmp_path / "another", "x")
        assert folder.exists()
    assert files.read_from(folder, read) == left
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


def test_a_file_is_written_by_many_threads_and_always_whole(tmp_path: Path) -> None:
    path, torn = tmp_path / ("n" * 250), []

    def write(letter: bytes) -> None:
        for _ in range(50):
            files.write(path, letter * 5000)
            if len(set(path.read_bytes())) != 1:
                torn.append(letter)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c", b"d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert torn == []
    assert list(tmp_path.iterdir()) == [path]


def test_where_nothing_is_nothing_is_found(tmp_path: Path) -> None:
    assert files.folders(tmp_path / "none") == files.folders(Path("/dev/null")) == []
    with pytest.raises(OSError, match="none"):
        files.read_from(tmp_path / "none" / "run", read)
