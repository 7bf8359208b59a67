"""What may be taken of memory: within what the system, the group and the process allow."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import memory
from course.errors import CourseError

GB = 10**9


def limits(root: Path, line: str) -> list[int]:
    (root / "groups").write_text(line, encoding="utf-8")
    return list(memory._group_limits(root / "groups", root))


def group(place: Path, **files: object) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (place / name.replace("__", ".")).write_text(f"{content}\n", encoding="utf-8")
    return place


def test_no_more_is_available_than_the_machine_has() -> None:
    assert 0 < memory.available() <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def test_what_is_too_large_is_refused_with_both_numbers_and_the_next_step() -> None:
    memory.check(1, "a byte")
    with pytest.raises(CourseError, match=r"^a model: expected to fit into [\d.]+ .B of free memory, got 3.0 PB. Less"):
        memory.check(3 * 10**15, "a model", "Less, please")
    with pytest.raises(CourseError, match="Take something smaller"):
        memory.check(10**30, "a header that lies")


def test_each_group_around_a_process_counts_and_what_is_only_cached_is_free(tmp_path: Path) -> None:
    group(tmp_path / "batch", memory__max=8 * GB, memory__current=5 * GB, memory__stat=f"anon 7\ninactive_file {GB}")
    group(tmp_path / "batch" / "job", memory__max="max", memory__current=1)
    assert limits(tmp_path, "0::/batch/job\n") == [4 * GB]
    assert limits(tmp_path, "0::/\n") == []
    group(tmp_path, memory__max=2 * GB, memory__current=GB)  # as it looks from inside a container
    assert limits(tmp_path, "0::/batch/job\n") == [4 * GB, GB]


def test_older_control_groups_count_too(tmp_path: Path) -> None:
    place = tmp_path / "memory" / "job"
    group(place, memory__limit_in_bytes=3 * GB, memory__usage_in_bytes=GB, memory__stat=f"total_inactive_file {GB}")
    assert limits(tmp_path, "9:pids:/job\n4:memory:/job\n") == [3 * GB]


@given(st.text(max_size=80))
def test_a_list_of_groups_of_another_form_says_nothing(tmp_path_factory: pytest.TempPathFactory, line: str) -> None:
    root = tmp_path_factory.getbasetemp()
    (root / "groups").write_bytes(line.encode("utf-8", "replace"))
    assert list(memory._group_limits(root / "groups", root / "nowhere")) == []


def test_a_limit_of_the_process_counts() -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (GB, GB))

    line = "from course import memory; print(memory.available())"
    done = subprocess.run([sys.executable, "-c", line], preexec_fn=limited, capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < GB


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (1_499_999, "1.4 MB"), (10**9, "1.0 GB")]
)
def test_a_size_is_said_in_units_of_a_thousand(count: int, words: str) -> None:
    assert memory.size(count) == words
