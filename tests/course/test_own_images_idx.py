"""MNIST's four files: the names that they go by, EMNIST's letters, and what their headers may promise."""

from __future__ import annotations

import gzip
import re
import shutil
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from course import idx as idx_files
from course import own_images
from course.errors import CourseError
from tests.course import small_fashion
from tests.course.own_files import IDX, IMAGES, four, idx

NAMES = {
    "dots": "{part}-images.idx3-ubyte {part}-labels.idx1-ubyte",
    "EMNIST": "emnist-letters-{part}-images-idx3-ubyte emnist-letters-{part}-labels-idx1-ubyte",
    "capitals": "{part}-Images-IDX3-ubyte {part}-Labels-IDX1-ubyte",
    "QMNIST": "qmnist_{part}-images-idx3-ubyte qmnist_{part}-labels-idx1-ubyte",
}


def named(folder: Path, pattern: str, test: str = "t10k", ending: str = "") -> Path:
    """The usual four files under other names."""
    idx(folder, four(), packed=ending == ".gz")
    for part, name in (("train", "train"), ("t10k", test)):
        images, labels = pattern.format(part=name).split()
        (folder / f"{part}-images-idx3-ubyte{ending}").rename(folder / f"{images}{ending}")
        (folder / f"{part}-labels-idx1-ubyte{ending}").rename(folder / f"{labels}{ending}")
    return folder


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("test", ["t10k", "test"])
@pytest.mark.parametrize("names", NAMES)
def test_the_four_files_are_read_under_each_of_their_names(names: str, test: str, ending: str, tmp_path: Path) -> None:
    usual = own_images.read(idx(tmp_path / "usual", four()))
    own = own_images.read(named(tmp_path / "files", NAMES[names], test, ending))
    side = IMAGES.shape[1]
    expected = usual.train.images.reshape(-1, side, side)
    if names == "EMNIST":
        expected = expected.swapaxes(1, 2)
        assert "EMNIST's images lie on their side: rows and columns are exchanged" in own.words
    else:
        assert own.checksum == usual.checksum
    np.testing.assert_array_equal(own.train.images.reshape(-1, side, side), expected)
    np.testing.assert_array_equal(own.train.labels, usual.train.labels)


def test_several_sets_in_one_folder_are_refused_by_name(tmp_path: Path) -> None:
    place = named(tmp_path / "files", NAMES["EMNIST"])
    idx(place, four())
    with pytest.raises(CourseError, match="got several: emnist-letters-train-images-idx3-ubyte, train-images"):
        own_images.read(place)


def test_other_files_beside_them_are_named(tmp_path: Path) -> None:
    place = idx(tmp_path / "files", four())
    before = own_images.read(place)
    (place / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(b"older"))
    (place / "._train-images-idx3-ubyte").write_bytes(b"notes of a Mac")
    (place / "emnist-letters-train-images-idx3-ubyte").mkdir()
    (place / "cat.png").write_bytes(b"")
    own = own_images.read(place)
    assert own.checksum == before.checksum
    assert own.words[1] == (
        "not read: ._train-images-idx3-ubyte, cat.png, emnist-letters-train-images-idx3-ubyte, "
        "train-images-idx3-ubyte.gz"
    )


def test_files_that_lie_deeper_down_are_found_for_the_advice(tmp_path: Path) -> None:
    idx(tmp_path / "raw", four())
    (tmp_path / "data" / "MNIST").mkdir(parents=True)
    shutil.move(tmp_path / "raw", tmp_path / "data" / "MNIST" / "raw")
    with pytest.raises(CourseError, match=rf"Name the folder of these four, {tmp_path}/data/MNIST/raw$"):
        own_images.read(tmp_path / "data")


@pytest.mark.parametrize("shape", [(2**32 - 1,) * 3, (10**6, 64, 64), (60_000, 28, 28)])
@pytest.mark.parametrize("packed", [False, True])
def test_a_header_that_promises_more_than_the_file_can_hold_is_refused_at_once(
    shape: tuple[int, ...], packed: bool, tmp_path: Path
) -> None:
    place = idx(tmp_path / "files", four(), packed)
    path = place / f"{IDX['images']}{'.gz' if packed else ''}"
    header = b"\0\0\x08\3" + b"".join(length.to_bytes(4, "big") for length in shape)
    path.write_bytes(gzip.compress(header + bytes(4000)) if packed else header + bytes(4000))
    size = 16 + shape[0] * shape[1] * shape[2]
    with pytest.raises(CourseError, match=rf"{path}: expected {size} bytes, got \d+( packed ones)?: it is cut off"):
        own_images.read(place)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((20_000, 64, 64), r"expected data, got [\d.]+ kB that unpack to 81\.9 MB, nearly all the same byte"),
        ((40, 5, 5), r"expected 1016 bytes, got more: something follows the end"),
        ((9, 3000, 3000), r"expected data, got [\d.]+ kB that unpack to 81\.0 MB"),
    ],
)
def test_a_bomb_is_not_unpacked(shape: tuple[int, ...], said: str, tmp_path: Path) -> None:
    place = idx(tmp_path / "files", four(), packed=True)
    header = b"\0\0\x08\3" + b"".join(length.to_bytes(4, "big") for length in shape)
    (place / f"{IDX['images']}.gz").write_bytes(gzip.compress(header + bytes(90_000_000), 6))
    tracemalloc.start()
    try:
        with pytest.raises(CourseError, match=said):
            own_images.read(place)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_images_of_a_wrong_size_are_refused_before_they_are_read(tmp_path: Path) -> None:
    place = idx(tmp_path / "files", four(images=np.zeros((40, 900, 900), np.uint8)))
    tracemalloc.start()
    try:
        with pytest.raises(CourseError, match=r"of 2 to 64 pixels a side, got \(40, 900, 900\): make them smaller"):
            own_images.read(place)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_file_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    path, content = tmp_path / "images.gz", small_fashion.idx(IMAGES)
    path.write_bytes(gzip.compress(content))
    assert idx_files.shape_of(path, (None, 5, 5)) == IMAGES.shape
    np.testing.assert_array_equal(idx_files.read(path, (None, 5, 5)), IMAGES)
    for cut in (content[:-1], content + b"x"):
        path.write_bytes(gzip.compress(cut))
        with pytest.raises(CourseError, match=re.escape(str(path))):
            idx_files.read(path, (None, 5, 5))
