"""All starters in one file, which run where they are unpacked."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from take_along import write_starters  # type: ignore[import-not-found,unused-ignore]

from course.starters import generate

ROOT = Path(__file__).parents[2]


def test_the_zip_has_every_starter_as_it_is_before_anybody_wrote(tmp_path: Path) -> None:
    write_starters(ROOT / "solutions", tmp_path / "starters.zip")
    with zipfile.ZipFile(tmp_path / "starters.zip") as archive:
        found = {Path(name).name: archive.read(name).decode() for name in archive.namelist()}
    words = found.pop("README.txt")
    assert found == generate(ROOT / "solutions")
    assert "pytest autograder --submission" in words


def test_the_zip_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        write_starters(ROOT / "solutions", tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_starter_runs_where_it_is_unpacked(tmp_path: Path) -> None:
    write_starters(ROOT / "solutions", tmp_path / "starters.zip")
    zipfile.ZipFile(tmp_path / "starters.zip").extractall(tmp_path)
    run = subprocess.run(
        [sys.executable, "latent_starter.py"],
        cwd=tmp_path / "latent-course-starters",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Exercise 1.1" in run.stdout + run.stderr
    assert "Traceback" not in run.stderr
