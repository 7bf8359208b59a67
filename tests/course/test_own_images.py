"""Readers' own images: what is read of an .npz file, of MNIST's four files and of pictures, and what is refused."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import re
import shutil
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image

from course import checkpoints, datasets, own_images, runs
from course.cli import main
from course.explorer import contents, readers
from course.own_images import checks, pictures
from course.own_images.mnist import FILES as IDX
from course.run_config import RunConfig
from tests.course import small_fashion

PLENTY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
GENERATOR = np.random.default_rng(5)
IMAGES = GENERATOR.integers(0, 256, (60, 5, 5), np.uint8)
LABELS = np.arange(60) % 3
BRIEF = ("--steps", "4", "--hidden-dim", "8")


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LATENT_COURSE_RUNS", str(tmp_path / "runs"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "runs"


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def train(data: Path | str, *options: str) -> Result:
    latent = () if "classifier" in options else ("--latent-dim", "2")
    return invoke("train", "--data", str(data), *BRIEF, *latent, *options)


def npz(path: Path, **content: Any) -> Path:
    np.savez(path, **content)
    return path


def idx(folder: Path, content: dict[str, NDArray[np.uint8]], packed: bool = False) -> Path:
    """The four files of MNIST's form; `content` by the names of `files.IDX`."""
    folder.mkdir(exist_ok=True)
    for what, values in content.items():
        raw = small_fashion.idx(values)
        (folder / f"{IDX[what]}{'.gz' if packed else ''}").write_bytes(gzip.compress(raw) if packed else raw)
    return folder


def four(**changes: NDArray[np.uint8]) -> dict[str, NDArray[np.uint8]]:
    """The content of four small files, as they should be but for the changes."""
    labels = LABELS.astype(np.uint8)
    usual = {"images": IMAGES[:40], "labels": labels[:40], "test_images": IMAGES[40:], "test_labels": labels[40:]}
    return usual | changes


def folder_of(place: Path, classes: tuple[str, ...] = ("cat", "dog"), count: int = 6) -> Path:
    for number, name in enumerate(classes):
        (place / name).mkdir(parents=True)
        for i in range(count):
            grey = GENERATOR.integers(0, 256, (20 + i, 30), np.uint8)
            Image.fromarray(grey).save(place / name / f"{i}.{('png', 'jpg', 'JPEG')[(i + number) % 3]}")
    return place


def rows(images: NDArray[Any]) -> list[bytes]:
    return sorted(np.ascontiguousarray(image).tobytes() for image in images)


@st.composite
def sets(draw: st.DrawFn) -> dict[str, NDArray[Any]]:
    """Images of bytes with labels, of any square size, which reach from black to white."""
    side, count = draw(st.integers(2, 64)), draw(st.integers(4, 24))
    images = draw(arrays.arrays(np.uint8, (count, side, side), elements=st.integers(0, 255), fill=st.integers(0, 255)))
    images[0, 0, 0] = 255
    labels = draw(arrays.arrays(np.uint8, (count,), elements=st.integers(0, 9)))
    labels[:2] = 0, 9
    return {"images": images, "labels": labels}


@PLENTY
@given(sets(), sets(), st.booleans())
def test_the_four_files_of_mnist_come_back_as_they_were(
    tmp_path: Path, train: dict[str, NDArray[Any]], test: dict[str, NDArray[Any]], packed: bool
) -> None:
    side = train["images"].shape[1]
    other = np.resize(test["images"], (len(test["images"]), side, side))
    other[0] = 255
    known = np.where(np.isin(test["labels"], train["labels"]), test["labels"], 0).astype(np.uint8)
    folder = tmp_path / "files"
    shutil.rmtree(folder, ignore_errors=True)
    own = own_images.read(idx(folder, {**train, "test_images": other, "test_labels": known}, packed))
    np.testing.assert_array_equal(own.train.images, (train["images"] / 255.0).astype(np.float32).reshape(-1, side**2))
    assert rows(own.test.images) == rows((other / 255.0).astype(np.float32))
    names = np.array(own.train.class_names)
    np.testing.assert_array_equal(names[own.train.labels], train["labels"].astype(str))
    assert sorted(names[own.test.labels]) == sorted(known.astype(str))
    assert own.train.images.dtype == np.float32
    assert own.train.labels.dtype == np.int64


@PLENTY
@given(sets(), st.booleans(), st.booleans(), st.sampled_from([np.uint8, np.float32, np.float64]))
def test_an_npz_gives_back_all_images_each_once_whatever_its_form(
    tmp_path: Path, whole: dict[str, NDArray[Any]], flat: bool, packed: bool, kind: type[Any]
) -> None:
    images, labels = whole["images"], whole["labels"]
    given_images = images if kind is np.uint8 else (images / 255.0).astype(kind)
    write = np.savez_compressed if packed else np.savez
    write(tmp_path / "a.npz", images=given_images.reshape(len(images), -1) if flat else given_images, labels=labels)
    own = own_images.read(tmp_path / "a.npz")
    assert len(own.test) == max(2, round(len(images) / 10))
    together = np.concatenate([own.train.images, own.test.images])
    assert rows(together) == rows((images / 255.0).astype(np.float32).reshape(len(images), -1))
    assert own.checksum == own_images.read(npz(tmp_path / "b.npz", images=images, labels=labels)).checksum
    names = np.array(own.train.class_names)
    by_image: dict[bytes, set[str]] = {image.tobytes(): set() for image in together}
    for image, label in zip(together, names[np.concatenate([own.train.labels, own.test.labels])], strict=True):
        by_image[image.tobytes()].add(str(label))
    for image, label in zip((images / 255.0).astype(np.float32), labels, strict=True):
        assert str(label) in by_image[image.tobytes()]


@PLENTY
@given(st.lists(st.integers(2, 80), min_size=2, max_size=8))
def test_one_share_rounded_is_held_out_of_every_class(tmp_path: Path, counts: list[int]) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    images = GENERATOR.integers(0, 256, (len(labels), 3, 3), np.uint8)
    own = own_images.read(npz(tmp_path / "a.npz", images=images, labels=labels))
    held = np.bincount(own.test.labels, minlength=len(counts))
    least, most = (held - 0.5) / counts, (held + 0.5) / counts  # the shares that would be rounded to this
    assert least.max() <= most.min() + 1e-9
    assert len(own.test) == max(2, round(len(labels) / 10))


def test_what_is_judged_first_is_of_all_classes_though_the_file_is_sorted(tmp_path: Path) -> None:
    labels = np.repeat(np.arange(5), 100)
    images = GENERATOR.integers(0, 256, (500, 3, 3), np.uint8)
    sorted_file = npz(tmp_path / "a.npz", images=images, labels=labels, test_images=images, test_labels=labels)
    for rows_of in (slice(0, 50), slice(200, 250)):
        counts = np.bincount(own_images.read(sorted_file).test.labels[rows_of], minlength=5)
        assert counts.min() >= 8


def test_classes_are_named_by_number_or_by_name(tmp_path: Path) -> None:
    letters = own_images.read(npz(tmp_path / "a.npz", images=IMAGES, labels=LABELS + 1))  # EMNIST counts from 1
    assert letters.train.class_names == ("1", "2", "3")
    assert set(letters.train.labels.tolist()) == {0, 1, 2}
    names = np.array(["cat", "dog", "owl", "none"])
    named = own_images.read(npz(tmp_path / "b.npz", images=IMAGES, labels=LABELS, class_names=names))
    assert named.train.class_names == tuple(names)
    assert datasets.source(str(tmp_path / "b.npz")).class_names == tuple(names)


def test_pictures_become_grey_squares_and_subfolders_classes(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "pets")
    (place / ".hidden").mkdir()
    (place / "cat" / "notes.txt").write_text("no picture")
    (place / "empty").mkdir()
    own = own_images.read(place)
    assert (len(own.train), len(own.test), own.train.images.shape[1]) == (10, 2, 28 * 28)
    assert own.train.class_names == ("cat", "dog")
    assert "12 pictures: the middle square of each, in grey, made 28 x 28 pixels" in own.words
    flat = own_images.read(place / "cat")
    assert flat.train.class_names == checks.UNLABELLED
    assert flat.train.labels.max() == 0


def test_a_picture_is_turned_cut_put_on_white_and_scaled(tmp_path: Path) -> None:
    wide = np.zeros((30, 90), np.uint8)
    wide[:, 30:60] = 255
    Image.fromarray(wide).save(tmp_path / "wide.png")
    assert pictures.picture(tmp_path / "wide.png").min() > 250  # the black sides are cut off
    half = np.zeros((56, 56), np.uint8)
    half[:28] = 255
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera lay on its side
    Image.fromarray(half).save(tmp_path / "turned.jpg", exif=turned, quality=95)
    assert pictures.picture(tmp_path / "turned.jpg")[:, :12].mean() < 5
    assert pictures.picture(tmp_path / "turned.jpg")[:, 16:].mean() > 250
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert pictures.picture(tmp_path / "clear.png").min() == 255
    deep = np.full((28, 28), 257 * 100, np.uint16)
    Image.fromarray(deep).save(tmp_path / "deep.png")
    assert (pictures.picture(tmp_path / "deep.png") == 100).all()
    Image.new("RGB", (28, 28), (255, 0, 0)).save(tmp_path / "red.png")
    assert np.ptp(pictures.picture(tmp_path / "red.png")) == 0


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


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


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
    "64-bit integers": (file_of(images=IMAGES.astype(np.int64)), "floats in [0, 1], got int64"),
    "words": (file_of(images=np.array([["a", "b"]] * 4)), "got <U1"),
    "booleans": (file_of(images=IMAGES > 9), "got bool"),
    "0 and 1 as bytes": (file_of(images=(IMAGES > 9).astype(np.uint8)), "multiply black and white images by 255"),
    "none": (file_of(images=IMAGES[:0]), "at least 2 images, got none"),
    "three": (file_of(images=IMAGES[:3]), "at least 4 images, some to judge on, got 3"),
    "one to judge on": (mine(test_images=IMAGES[:1]), "at least 2 test_images, got 1"),
    "oblong": (file_of(images=IMAGES[:, :4]), "squares of 2 to 64 pixels a side, got (60, 4, 5)"),
    "oblong rows": (file_of(images=IMAGES.reshape(60, 25)[:, :24]), "got (60, 24)"),
    "colours": (file_of(images=np.zeros((9, 8, 8, 3), np.uint8)), "got (9, 8, 8, 3)"),
    "one image": (file_of(images=IMAGES[0, 0]), "got (5,)"),
    "a number": (file_of(images=np.uint8(3)), "got ()"),
    "too large": (file_of(images=np.zeros((9, 65, 65), np.uint8)), "squares of 2 to 64 pixels"),
    "too small": (file_of(images=np.zeros((9, 1), np.uint8)), "squares of 2 to 64 pixels"),
    "unequal": (mine(test_images=IMAGES[:, :4, :4]), "as large as images, 25 pixels, got 16"),
    "ragged": (file_of(images=np.array([IMAGES[0], IMAGES[1, :4]], object)), "got Object arrays cannot be loaded"),
    "few labels": (mine(labels=LABELS[:59]), "one for each image, got shape (59,)"),
    "one-hot labels": (mine(labels=np.eye(3, dtype=int)[LABELS]), "got shape (60, 3)"),
    "labels as words": (mine(labels=np.array(["a", "b"] * 30)), "labels as whole numbers"),
    "labels as floats": (mine(labels=LABELS / 1), "one class each, got float64"),
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
    "other names": (file_of(x_train=IMAGES, y_train=LABELS), "expected an array `images`, and if there are any"),
    "no zip": (raw("f.npz", b"no zip at all"), "got something else, or half of one"),
    "empty file": (raw("f.npz", b""), "got something else, or half of one"),
    "zip of other things": (raw("f.npz", zipped("images", b"text")), "expected an .npz file of plain arrays"),
    "zip of no arrays": (raw("f.npz", zipped("images.npy", b"text")), "expected an .npz file of plain"),
    "a pickle": (raw("f.npz", pickle.dumps({"images": 1})), "got something else"),
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
    "IDX that promises terabytes": (break_file(IDX["images"], b"\0\0\x08\3" + b"\xff" * 12), "it is cut off"),
    "IDX missing": (missing_file, "t10k-labels-idx1-ubyte is not there: copy it to the others"),
    "IDX of other counts": (files(labels=np.zeros(39, np.uint8)), "one for each image, got shape (39,)"),
    "IDX of oblong images": (files(images=IMAGES[:40, :4]), "got (40, 4, 5)"),
    "IDX without images": (files(images=IMAGES[:0], labels=np.zeros(0, np.uint8)), "at least 2 images, got none"),
    "unreadable pictures": (broken_pictures, "got 2 that cannot be read: cat/0.png, dog/x.jpg. Repair them or move"),
    "pictures on both levels": (both_levels, "got both: 1 beside cat, dog"),
    "one subfolder": (lambda place: folder_of(place / "f", ("cat",)), "labels of 2 to 256 classes, got only 0"),
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
    assert "Object arrays cannot be loaded" in result.output
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
    assert "got 1 that cannot be read: dog/?.jpg" in broken.output


def test_every_model_learns_own_images_is_drawn_listed_and_compared(tmp_path: Path) -> None:
    own = npz(tmp_path / "a b.npz", images=IMAGES, labels=LABELS)
    for model in ("ae", "vae", "cvae", "branched", "classifier"):
        result = train(own, "--model", model)
        assert result.exit_code == 0, result.output
        assert result.output.splitlines()[:2] == [
            "a b: 54 images of 5 x 5 to learn, 6 to judge on, 3 classes",
            "no test part: 6 images, a tenth, are held out to judge on, the same each time",
        ]
        assert Path(f"a b-{model}.png").exists() == (model != "classifier")
    record = checkpoints.read_record("a b-vae")
    assert record["command"].startswith(f"latent-course train --data '{own}' --model vae --")
    assert record["path"] == str(own)
    listed = invoke("runs", "-w", f"data={own}").output.splitlines()
    assert [line.split()[1] for line in listed[1:]] == ["ae", "branched", "classifier", "cvae", "vae"]
    assert len(invoke("runs", "-w", f"data={record['data']}").output.splitlines()) == 6
    names = [run.name for run in runs.find(tmp_path / "runs", data=record["data"]) if "VAE" in run.parameters["kind"]]
    compared = invoke("runs", "compare", *names)
    assert compared.exit_code == 0, compared.output
    assert "different images" not in compared.output
    table = {line.split()[0]: line.split()[1:] for line in compared.output.splitlines()[1:]}
    assert float(table["negative_elbo"][2]) == pytest.approx(record["quality"]["negative_elbo"], abs=1e-3)


def test_a_sweep_runs_on_own_images(tmp_path: Path) -> None:
    own = npz(tmp_path / "mine.npz", images=IMAGES)
    result = invoke("sweep", "--data", str(own), "--beta", "1,4", "--latent-dim", "2", "--steps", "3")
    assert result.exit_code == 0, result.output
    assert "no labels" in result.output
    assert "negative_elbo" in result.output
    assert Path("sweep-mine.png").exists()
    kept = runs.find(tmp_path / "runs", data=datasets.source(str(own)).name)
    assert [run.record["path"] for run in kept] == [str(own)] * 2


@pytest.mark.parametrize("model", ["cvae", "branched", "classifier"])
def test_images_without_labels_are_refused_by_models_that_need_them(model: str, tmp_path: Path) -> None:
    result = train(npz(tmp_path / "mine.npz", images=IMAGES), "--model", model)
    assert result.exit_code == 1
    assert "learns from labels, and mine has none: train ae or vae, or add labels" in result.output
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("model", ["ae", "vae"])
def test_images_without_labels_do_for_the_others(model: str, tmp_path: Path) -> None:
    result = train(npz(tmp_path / "mine.npz", images=IMAGES), "--model", model)
    assert result.exit_code == 0, result.output
    assert "no labels" in result.output
    assert Path(f"mine-{model}.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_images_elsewhere_are_the_same_run_and_others_another(tmp_path: Path) -> None:
    first = npz(tmp_path / "one.npz", images=IMAGES, labels=LABELS)
    assert "Found" not in train(first).output
    (tmp_path / "other").mkdir()
    moved = first.rename(tmp_path / "other" / "two.npz")
    found = train(moved)
    assert "Found in the run store" in found.output
    [kept] = runs.find(tmp_path / "runs", data=datasets.source(str(moved)).name)
    assert kept.record["path"] == str(moved)  # where they lie now
    changed = IMAGES.copy()
    changed[3, 1, 1] ^= 1
    npz(moved, images=changed, labels=LABELS)
    assert "Found" not in train(moved).output
    npz(moved, images=IMAGES, labels=(LABELS + 1) % 3)
    assert "Found" not in train(moved).output
    assert len([run for run in runs.find(tmp_path / "runs") if not run.shipped]) == 3


def test_a_folder_of_files_and_an_npz_of_the_same_images_are_the_same_run(tmp_path: Path) -> None:
    content = four()
    folder, file = idx(tmp_path / "files", content, packed=True), npz(tmp_path / "a.npz", **content)
    plans = [RunConfig.of(str(place)) for place in (folder, file)]
    assert plans[0].name == plans[1].name
    assert plans[0].record["path"] != plans[1].record["path"]


def test_runs_whose_images_are_gone_or_changed_say_where_they_lay(tmp_path: Path) -> None:
    own = npz(tmp_path / "mine.npz", images=IMAGES)
    assert train(own).exit_code == 0
    [run] = [run for run in runs.find(tmp_path / "runs") if not run.shipped]
    npz(own, images=255 - IMAGES)
    for command in (("runs", "compare", run.name), ("explore", run.name, "--no-open")):
        result = invoke(*command)
        assert result.exit_code == 1
        assert f"expected the images {run.record['data']} in {own}, but others lie there now (own-" in result.output
    own.rename(tmp_path / "away.npz")
    gone = invoke("explore", "mine-vae.safetensors", "--no-open")
    assert "but they are gone. If they lie elsewhere" in gone.output
    assert not Path("explorer.html").exists()
    assert invoke("explore", "mine-vae.safetensors", "--no-open", "--data", str(tmp_path / "away.npz")).exit_code == 0


def test_the_explorer_shows_a_few_of_each_class_and_names_no_place(tmp_path: Path) -> None:
    labels = np.repeat(np.arange(12), 60)
    images = GENERATOR.integers(0, 256, (720, 6, 6), np.uint8)
    own = npz(tmp_path / "mine.npz", images=images, labels=labels)
    assert train(own, "--model", "cvae").exit_code == 0
    result = invoke("explore", "mine-cvae.safetensors", "--no-open")
    assert result.exit_code == 0, result.output
    page = Path("explorer.html").read_text(encoding="utf-8")
    assert str(tmp_path) not in page.replace(str(Path("mine-cvae.safetensors")), "")
    payload = contents.data_payload(str(own))
    assert (payload["title"], payload["side"], payload["exact"], len(payload["markers"])) == ("mine", 6, False, 12)
    assert payload["count"] == 72
    assert json.dumps(payload["classes"]) in page
    assert readers.find("mine-cvae.safetensors").images(None) == str(own)


def test_own_images_are_read_again_only_when_a_file_has_changed(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "pets")
    first = own_images.read(place)
    assert own_images.read(place) is first
    Image.new("L", (28, 28), 9).save(place / "cat" / "new.png")
    assert len(own_images.read(place).train) + len(own_images.read(place).test) == 13


def test_a_name_of_the_course_comes_before_a_folder(tmp_path: Path) -> None:
    folder_of(Path("lines64"))
    assert datasets.source("lines64").path is None
    assert datasets.source("./lines64").class_names == ("cat", "dog")
    assert datasets.source(str(tmp_path / "here" / "lines64")).name == datasets.source("./lines64").name


def test_the_recipe_of_the_lesson_makes_images_that_every_command_there_takes() -> None:
    page = (Path(__file__).parents[2] / "docs/lessons/autoencoder/lesson.rst").read_text(encoding="utf-8")
    section = page.split("Your own images\n")[1].split("\nModify\n")[0]
    recipe, commands = (textwrap.dedent(block) for block in re.findall(r"(?m)((?:^   (?! *:).*\n)+)", section))
    assert len(recipe.splitlines()) == 3
    exec(recipe, {})
    for line in commands.splitlines():
        words = [*line.removeprefix("$ latent-course ").split()]
        brief = {"train": BRIEF, "explore": ("--no-open",)}.get(words[0], ())
        result = invoke(*words, *brief)
        assert result.exit_code == 0, result.output
    assert datasets.source("digits.npz").words[0].startswith("digits: 1617 images of 8 x 8 to learn, 180 to judge on")
