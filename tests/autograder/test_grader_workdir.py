"""Folders of workers: a grader that was killed leaves them, the next one sweeps them away, and nobody else's."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from autograder.engine.catalogue import Exercise
from autograder.engine.grading.grade import grade
from autograder.engine.worker_client import workdir
from autograder.engine.worker_client.limits import NotStarted
from tests.autograder.submissions import ROOT, SOLUTION, deep

pytestmark = pytest.mark.skipif(os.name != "posix", reason="folders are held with flock")
HOLDER = "from autograder.engine.worker_client import workdir; print(workdir.make(), flush=True); input()"
LONG_AGO = 10 * workdir.RECENT


def folders(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()}


def age(path: Path) -> None:
    then = time.time() - LONG_AGO
    os.utime(path, (then, then))


def test_what_a_killed_grader_left_is_swept_by_the_next(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    found = []
    for holder in holders:
        assert holder.stdout is not None
        found.append(Path(holder.stdout.readline().strip()))
    killed, alive = found
    (killed / "left").mkdir()
    (killed / "left" / "file").write_text("by a submission")
    (tmp_path / "latent-worker-fresh").mkdir()
    (tmp_path / "of-others").mkdir()
    (tmp_path / "latent-worker-link").symlink_to(tmp_path / "of-others")
    for path in (killed, alive, tmp_path / "of-others"):
        age(path)
    holders[0].kill()
    holders[0].communicate()
    workdir._sweep.cache_clear()
    workdir._sweep(tmp_path)
    kept = {alive.name, "latent-worker-fresh", "of-others", "latent-worker-link"}
    assert folders(tmp_path) == kept
    workdir._sweep(tmp_path)
    assert folders(tmp_path) == kept
    holders[1].communicate("")
    workdir._sweep.cache_clear()


def test_a_folder_is_released_with_its_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0
    for _ in range(3):
        workdir.remove(workdir.make())
    assert folders(tmp_path) == set()
    if before:
        assert len(os.listdir("/proc/self/fd")) == before


def test_a_sweep_survives_whatever_has_the_name_of_a_worker(pit: Path) -> None:
    deep(pit / "latent-worker-deep", 1100, "d")
    (pit / "latent-worker-file").touch()
    os.mkfifo(pit / "latent-worker-fifo")
    (pit / "latent-worker-nowhere").symlink_to("nowhere")
    for name in ("deep", "file", "fifo"):
        age(pit / f"latent-worker-{name}")
    for place in (pit, pit / "latent-worker-file", pit / "absent"):
        workdir._sweep.cache_clear()
        workdir._sweep(place)
    workdir._sweep.cache_clear()
    assert folders(pit) == {"latent-worker-file", "latent-worker-fifo", "latent-worker-nowhere"}


def test_where_no_folder_can_be_made_nothing_is_checked_and_the_reason_is_said(
    latent: Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(NotStarted, match="let TMPDIR name a folder that can be written to"):
        workdir.make()
    path = tmp_path / latent.starter
    path.write_text(SOLUTION)
    for outcome in grade(latent, path):
        assert outcome.finding.state.value == "could not be checked"
        assert "a worker needs a folder for temporary files, and none can be made" in outcome.finding.reason
