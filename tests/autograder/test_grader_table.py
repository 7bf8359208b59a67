"""Right answers that are kept: asked for once, the same when they are read back, and none where anything is amiss."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from autograder.engine.answering import kept
from autograder.engine.answering.oracle import Live, Replies
from autograder.engine.answering.table import Table
from autograder.engine.calls import Call, Leaf
from autograder.engine.catalogue import Exercise, exercises
from autograder.engine.grading.grade import grade
from tests.autograder.submissions import SOLUTION

INTERPOLATION = next(exercise for exercise in exercises() if exercise.name == "interpolation")


class Counting(Live):
    """Counts what it is asked."""

    def __init__(self, exercise: Exercise) -> None:
        super().__init__(exercise)
        self.asked: list[int] = []

    def replies(self, calls: Sequence[Call]) -> list[Replies]:
        self.asked.append(len(calls))
        return super().replies(calls)


@pytest.fixture
def live() -> Iterator[Counting]:
    made = Counting(INTERPOLATION)
    yield made
    made.close()


def lerp(steps: int) -> Call:
    return Call("lerp", [np.zeros(2, np.float32), np.ones(2, np.float32), steps])


def numbers(table: Table, steps: int) -> list[object]:
    expected = table(lerp(steps))
    leaves = [expected.exact.result, expected.rounded.result]
    return [(leaf.dtype, leaf.array.tolist()) for leaf in leaves if isinstance(leaf, Leaf)]


def test_what_is_expected_together_is_asked_together_and_once(live: Counting) -> None:
    table = Table(live)
    calls = [lerp(n) for n in (2, 3, 3, 5)]
    table.expect(calls)
    assert all(isinstance(table(call).exact.result, Leaf) for call in calls)
    assert live.asked == [3]
    table(lerp(2)), table(lerp(7))
    assert live.asked == [3, 1]


def test_kept_answers_are_the_same_bit_for_bit(live: Counting, tmp_path: Path) -> None:
    place = tmp_path / "answers"
    first = Table(live, place)
    found = [numbers(first, steps) for steps in (2, 6)]
    first.close()
    again = Table(live, place)
    assert [numbers(again, steps) for steps in (2, 6)] == found
    assert live.asked == [1, 1]
    numbers(again, 9)
    assert live.asked == [1, 1, 1]
    again.close()
    assert numbers(Table(live, place), 9)
    assert live.asked == [1, 1, 1]
    assert [path.name for path in tmp_path.iterdir()] == ["answers"], "no half-written file is left"


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a bit": lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
    "cut": lambda data: data[:-1],
    "longer": lambda data: data + b"x",
    "empty": lambda _: b"",
    "other": lambda _: b"x" * 1000,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_counts_as_none(live: Counting, tmp_path: Path, damage: str) -> None:
    place = tmp_path / "answers"
    table = Table(live, place)
    found = numbers(table, 4)
    table.close()
    place.write_bytes(DAMAGE[damage](place.read_bytes()))
    assert numbers(Table(live, place), 4) == found
    assert live.asked == [1, 1]


def test_where_nothing_can_be_kept_all_goes_on(live: Counting, tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    for place in (tmp_path / "not there" / "answers", tmp_path / "a folder"):
        table = Table(live, place)
        assert numbers(table, 4)
        table.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a folder"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for function in (kept._folder, kept._seeds):
        function.cache_clear()
    yield tmp_path
    for function in (kept._folder, kept._seeds):
        function.cache_clear()


def test_a_seed_is_one_of_a_few_which_stay_and_nobody_else_may_read(cache: Path) -> None:
    seeds = {kept.seed() for _ in range(200)}
    assert len(seeds) == kept.SEEDS
    kept._seeds.cache_clear()
    assert {kept.seed() for _ in range(200)} == seeds
    [folder] = (cache / "latent-course" / "answers").iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    assert kept.place(INTERPOLATION, min(seeds)) == folder / f"interpolation-{min(seeds)}"
    assert kept.place(INTERPOLATION, kept.LIMIT) is None


@pytest.mark.parametrize("text", ["", "[1, 2]", "[" * 5000, '{"a": 1}', "[-1, 2, 3, 4, 5, 6, 7, 8]", "\0"])
def test_damaged_seeds_are_drawn_anew(cache: Path, text: str) -> None:
    kept.seed()
    [file] = cache.rglob("seeds.json")
    file.write_text(text)
    kept._seeds.cache_clear()
    seeds = {kept.seed() for _ in range(200)}
    assert len(seeds) == kept.SEEDS
    assert all(0 <= seed < kept.LIMIT for seed in seeds)


def test_without_a_home_or_room_any_seed_is_drawn(cache: Path) -> None:
    (cache / "latent-course").write_text("a file")
    assert len({kept.seed() for _ in range(20)}) > kept.SEEDS
    assert kept.place(INTERPOLATION, 1) is None


def test_answers_of_code_that_nobody_used_for_long_go(cache: Path) -> None:
    answers = cache / "latent-course" / "answers"
    for name, days in (("old", 40), ("young", 20)):
        (answers / name).mkdir(parents=True)
        (answers / name / "kl-1").write_text("x")
        os.utime(answers / name, (0, time.time() - days * 24 * 3600))
    kept.seed()
    assert sorted(path.name for path in answers.iterdir() if path.name in ("old", "young")) == ["young"]


def test_a_second_grading_with_kept_answers_gives_the_same_and_asks_no_reference(
    cache: Path, latent: Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / latent.starter
    path.write_text(SOLUTION.replace("self.fc_mu(h)", "2 * self.fc_mu(h)"))
    seed = kept.seed()
    first = grade(latent, path, parts=["1.2", "1.3", "1.4"], seed=seed)
    monkeypatch.setattr(Live, "replies", None)  # whoever asked it would fail
    assert grade(latent, path, parts=["1.2", "1.3", "1.4"], seed=seed) == first
    files = [path for path in (cache / "latent-course").rglob("*") if path.is_file()]
    assert [path.name for path in files if path.suffix != ".json"] == [f"latent-{seed}"]
    assert not [path for path in files if b"def " in path.read_bytes()], "numbers only"
