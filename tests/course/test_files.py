"""Files are whole or not there, and last."""

import os
import threading
from pathlib import Path

import pytest

from course import files
from course.errors import CourseError


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


def test_a_disk_that_says_only_at_last_that_it_is_full_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write(tmp_path / "a", b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.write(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_home_that_is_another_in_every_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "relative")
    for cache in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", cache)
        with pytest.raises(CourseError, match="expected one in HOME"):
            files.cache_folder()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert files.cache_folder() == tmp_path / "latent-course"


def test_a_user_without_a_home_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)

    def nobody(_: int) -> None:
        raise KeyError("no such user")

    monkeypatch.setattr("pwd.getpwuid", nobody)
    with pytest.raises(CourseError, match="got 'none'"):
        files.cache_folder()


def test_half_a_file_of_a_killed_process_goes_a_day_later(tmp_path: Path) -> None:
    names = [f".{digit * 32}.half" for digit in "01"] + [".mine.half", "mine.half"]
    for name in names:
        (tmp_path / name).write_bytes(b"half")
        if name != names[1]:
            os.utime(tmp_path / name, (0, 0))
    files.check_writable(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])
