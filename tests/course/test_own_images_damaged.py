"""Damaged files of every form give images, or an error that names the file, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from course import own_images
from tests.course import fuzz_images
from tests.course.fuzz_images import Place, damaged_file
from tests.course.image_corpus import corpus


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_damaged_files_are_read_or_refused(seed: int, tmp_path: Path) -> None:
    place = Place(tmp_path)
    outcomes = {place.outcome(*damaged_file(seed, number)) for number in range(300)}
    assert outcomes == {"read", "refused"}


def test_whole_files_are_read(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert {name: place.outcome(name, content) for name, content in corpus().items()} == dict.fromkeys(corpus(), "read")


def test_an_input_is_made_again_from_its_number() -> None:
    assert [damaged_file(1, number) for number in range(80)] == [damaged_file(1, number) for number in range(80)]
    assert damaged_file(1, 0) != damaged_file(2, 0)


@pytest.mark.parametrize("error", [KeyError("x"), MemoryError(), ValueError("no name")])
def test_what_should_not_be_raised_is_found(error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Path) -> own_images.OwnImages:
        raise error

    monkeypatch.setattr(own_images, "read", fails)
    with pytest.raises((AssertionError, type(error))):
        Place(tmp_path).outcome("grey.png", b"")


def test_the_command_counts_and_says_its_seed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", fuzz_images.__name__, "--count", "80", "--seed", "4"]
    done = subprocess.run([*command, "--keep", str(tmp_path / "keep")], capture_output=True, text=True, check=True)
    assert "seed 4: 80 inputs, 0 failed" in done.stdout
    assert not (tmp_path / "keep").exists()
