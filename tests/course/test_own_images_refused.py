"""Readers' own images that cannot be learned: one line says what was expected, what is there, and the next step."""

from __future__ import annotations

import os
import pickle
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray

from course import own_images
from course.cli import main
from tests.course import small_fashion
from tests.course.own_files import IDX, IMAGES, LABELS, folder_of, four, idx, npz, zipped


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_COURSE_RUNS", str(tmp_path / "runs"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def train(data: Path | str) -> Result:
    return invoke("train", "--data", str(data), "--steps", "4", "--hidden-dim", "8", "--latent-dim", "2")


def break_file(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(place: Path) -> Path:
        idx(place / "f", four())
        (place / "f" / name).write_bytes(content)
        return place / "f"

    return make


def files(**changes: NDArray[np.uint8]) -> Callable[[Path], Path]:
    return lambda place: idx(place / "f", four(**changes))


def file_of(**content: Any) -> Callable[[Path], Path]:
    return lambda place: npz(place / "f.npz", **content)


def mine(**content: Any) -> Callable[[Path], Path]:
    return file_of(images=IMAGES, **content)


def known(**content: Any) -> Callable[[Path], Path]:
    return mine(labels=LABELS, **content)


def raw(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(place: Path) -> Path:
        (place / name).write_bytes(content)
        return place / name

    return make


def broken_pictures(place: Path) -> Path:
    folder_of(place / "f")
    whole = (place / "f" / "cat" / "0.png").read_bytes()
    (place / "f" / "cat" / "0.png").write_bytes(whole[: len(whole) // 2])
    (place / "f" / "dog" / "x.jpg").write_text("no picture")
    return place / "f"


def both_levels(place: Path) -> Path:
    folder_of(place / "f")
    shutil.copy(place / "f" / "cat" / "0.png", place / "f" / "0.png")
    return place / "f"


def missing_file(place: Path) -> Path:
    idx(place / "f", four())
    (place / "f" / IDX["test_labels"]).unlink()
    return place / "f"


FLOATS = IMAGES / 255.0
NAN = FLOATS.copy()
NAN[7, 2, 2] = np.nan
TEST = {"test_images": IMAGES, "test_labels": LABELS}

# (what lies there, what the message says)
REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "NaN": (file_of(images=NAN), "got 1 with NaN or infinity, the first at 7"),
    "infinite in 32 bits": (file_of(images=FLOATS * 1e300), "NaN or infinity"),
    "0 to 255 as floats": (file_of(images=IMAGES.astype(np.float32)), "in [0, 1], got values from 0 to 255"),
    "negative": (file_of(images=FLOATS - 0.5), "in [0, 1], got values from -0.5 to 0.5"),
    "64-bit integers": (
        file_of(images=IMAGES.astype(np.int64)), "in [0, 1], got int64: write images.astype(np.uint8)"
    ),
    "words": (file_of(images=np.full((4, 2, 2), "a")), "got <U1: write real numbers, one for each pixel"),
    "booleans": (file_of(images=IMAGES > 9), "got bool: write images.astype(np.float32)"),
    "0 and 1 as bytes": (
        file_of(images=(IMAGES > 9).astype(np.uint8)), "which look all alike: write images * np.uint8(255)"
    ),
    "none": (file_of(images=IMAGES[:0]), "at least 4 images, some to judge on, got none"),
    "three": (file_of(images=IMAGES[:3]), "at least 4 images, some to judge on, got 3"),
    "one to judge on": (mine(test_images=IMAGES[:1]), "at least 2 test_images, got 1"),
    "oblong": (file_of(images=IMAGES[:, :4]), "squares of 2 to 64 pixels a side, got (60, 4, 5)"),
    "oblong rows": (file_of(images=IMAGES.reshape(60, 25)[:, :24]), "got (60, 24)"),
    "one image": (file_of(images=IMAGES[0, 0]), "got (5,)"),
    "a number": (file_of(images=np.uint8(3)), "got ()"),
    "too large": (file_of(images=np.zeros((9, 65, 65), np.uint8)), "make them smaller, torch.nn.functional.adaptive"),
    "too small": (file_of(images=np.zeros((9, 1), np.uint8)), "squares of 2 to 64 pixels"),
    "unequal": (mine(test_images=IMAGES[:, :4, :4]), "as large as images, 25 pixels, got 16"),
    "ragged": (file_of(images=np.array([IMAGES[0], IMAGES[1, :4]], object)), "got Python objects, which may run code"),
    "few labels": (mine(labels=LABELS[:59]), "one for each image, got shape (59,)"),
    "two columns of labels": (mine(labels=np.stack([LABELS, LABELS], 1)), "keep one column, labels[:, 0]"),
    "labels as words": (mine(labels=np.array(["a", "b"] * 30)), "labels = np.unique(labels, return_inverse=True)"),
    "labels as floats": (mine(labels=LABELS / 1), "one class each, got float64: write labels.astype(int)"),
    "one class": (mine(labels=LABELS * 0 + 7), "labels of 2 to 256 classes, got only 7"),
    "thousands": (
        file_of(images=np.resize(IMAGES, (3000, 5, 5)), labels=np.arange(3000)), "labels of 2 to 256 classes, got 3000"
    ),
    "many names": (known(class_names=np.array(["x"] * 300)), "2 to 256 classes, got 300"),
    "few names": (known(class_names=np.array(["a", "b"])), "got 0 to 2: name every class"),
    "negative labels": (
        mine(labels=LABELS - 1, class_names=np.array(["a", "b", "c"])), "got -1 to 1: name every class"
    ),
    "names as numbers": (known(class_names=np.arange(3)), "expected class_names as words"),
    "names without labels": (mine(class_names=np.array(["a"])), "expected labels with"),
    "test labels alone": (known(test_labels=LABELS), "expected test_images with test_labels, got none"),
    "labels to learn alone": (known(test_images=IMAGES), "expected test_labels with labels, got none"),
    "test labels without labels": (mine(**TEST), "expected labels with"),
    "a class to judge alone": (
        known(test_images=IMAGES, test_labels=LABELS + 1), "got 3 too: no image to learn has it"
    ),
    "other names": (file_of(arr_0=IMAGES, arr_1=LABELS), "expected an array `images`, and if there are any"),
    "two of a kind": (file_of(x=IMAGES, data=IMAGES), "expected one array of images, got x, data: call the right"),
    "no zip": (raw("f.npz", b"no zip at all"), "got: File is not a zip file. Write it again"),
    "empty file": (raw("f.npz", b""), "got: File is not a zip file. Write it again"),
    "zip of other things": (raw("f.npz", zipped("images", b"text")), "expected an .npz file of plain arrays"),
    "zip of no arrays": (raw("f.npz", zipped("images.npy", b"text")), "expected an .npz file of plain"),
    "a pickle": (raw("f.npz", pickle.dumps({"images": 1})), "got: File is not a zip file"),
    "another ending": (raw("f.csv", b"1,2,3"), "expected a folder or an .npz file, got a file of another name"),
    "IDX cut off": (break_file(IDX["images"], small_fashion.idx(IMAGES[:40])[:-1]), "it is cut off"),
    "IDX gone on": (break_file(IDX["images"], small_fashion.idx(IMAGES[:40]) + b"x"), "something follows the end"),
    "IDX of labels as images": (
        break_file(IDX["images"], small_fashion.idx(np.zeros(40, np.uint8))),
        "expected images of shape (any, any, any), got labels of shape (40,)",
    ),
    "IDX of images as labels": (
        break_file(IDX["labels"], small_fashion.idx(IMAGES[:40])),
        "expected labels of shape (any,), got images of shape (40, 5, 5)",
    ),
    "IDX of floats": (break_file(IDX["images"], b"\0\0\x0d\3" + bytes(40)), "which is no IDX file of bytes"),
    "IDX empty": (break_file(IDX["labels"], b""), "got an empty file"),
    "IDX that promises terabytes": (break_file(IDX["images"], b"\0\0\x08\3" + b"\xff" * 12), "got 16: it is cut off"),
    "IDX missing": (missing_file, "t10k-labels-idx1-ubyte is not there: copy it to the others"),
    "IDX of other counts": (files(labels=np.zeros(39, np.uint8)), "one for each image, got shape (39,)"),
    "IDX of oblong images": (files(images=IMAGES[:40, :4]), "got (40, 4, 5)"),
    "IDX without images": (
        files(images=IMAGES[:0], labels=np.zeros(0, np.uint8)), "at least 2 images, got none"
    ),
    "unreadable pictures": (broken_pictures, "got 1 that cannot be read: dog/x.jpg (it is none of PNG, JPEG"),
    "pictures on both levels": (both_levels, "got both: 1 beside cat, dog"),
    "one subfolder": (
        lambda place: folder_of(place / "f", ("cat",)), "subfolders for 2 to 256 classes, got only cat: name it as the"
    ),
    "no pictures": (lambda place: folder_of(place / "f", count=0), "or the four files of MNIST"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_learned_is_refused_in_words_before_anything_is_written(case: str, tmp_path: Path) -> None:
    make, words = REFUSED[case]
    result = train(make(tmp_path))
    assert result.exit_code == 1
    assert words in result.output, result.output
    assert re.search(r"expected|got", result.output)
    assert result.output.startswith("Error: ")
    assert len(result.output.splitlines()) == 1
    assert list((tmp_path / "here").iterdir()) == []
    assert not (tmp_path / "runs").exists()


def test_an_npz_runs_no_code_of_its_author(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    np.savez(tmp_path / "f.npz", images=IMAGES, labels=np.array([Trap()] * 60, object))
    result = train(tmp_path / "f.npz")
    assert result.exit_code == 1
    assert "got Python objects, which may run code" in result.output
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("closed", ["f.npz", "pets/cat", "pets/cat/0.png", "files/train-labels-idx1-ubyte"])
def test_what_may_not_be_read_is_named(closed: str, tmp_path: Path) -> None:
    npz(tmp_path / "f.npz", images=IMAGES)
    folder_of(tmp_path / "pets")
    idx(tmp_path / "files", four())
    for place in (tmp_path, *tmp_path.rglob("*")):
        place.chmod(0o755)
    (tmp_path / closed).chmod(0)
    asked = os.geteuid()
    ways = [place for place in tmp_path.parents if not place.stat().st_mode & 1]
    for place in ways:
        place.chmod(place.stat().st_mode | 1)
    try:
        os.seteuid(65534 if asked == 0 else asked)  # root may read everything
        with pytest.raises(PermissionError, match=r"expected to read .*, got: permission denied. Give yourself"):
            own_images.read(tmp_path / closed.split("/")[0])
    finally:
        os.seteuid(asked)
        for place in ways:
            place.chmod(place.stat().st_mode & ~1)
        (tmp_path / closed).chmod(0o755)


def test_names_that_are_no_utf8_are_read_and_printed(tmp_path: Path) -> None:
    place = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe"))
    folder_of(place, (os.fsdecode(b"caf\xe9"), "dog"))
    os.rename(place / "dog" / "0.jpg", place / "dog" / os.fsdecode(b"\xf0.jpg"))
    assert own_images.read(place).train.class_names == ("caf?", "dog")
    result = train(place)
    assert result.exit_code == 0, result.output
    assert "Wrote ??-vae.safetensors" in result.output
    page = invoke("explore", "??-vae.safetensors", "--no-open")
    assert page.exit_code == 0, page.output
    (place / "dog" / os.fsdecode(b"\xf0.jpg")).write_bytes(b"")
    broken = train(place)
    assert broken.exit_code == 1
    assert "got 1 that cannot be read: dog/?.jpg (it is empty)" in broken.output
