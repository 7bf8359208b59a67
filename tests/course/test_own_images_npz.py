"""An .npz file: the names and shapes under which its arrays are read, and its limits."""

from __future__ import annotations

import io
import os
import re
import resource
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from course import own_images
from course.errors import CourseError
from tests.course.own_files import GENERATOR, IMAGES, LABELS, npz, zipped

COLOURS = GENERATOR.integers(0, 256, (60, 5, 5, 3), np.uint8)


def words(path: Path) -> str:
    return "\n".join(own_images.read(path).words)


def refused(path: Path) -> str:
    with pytest.raises(CourseError) as caught:
        own_images.read(path)
    assert str(caught.value).startswith(f"{path}: ")
    return str(caught.value)


USUAL = {
    "Keras": ("x_train", "y_train", "x_test", "y_test"),
    "capitals": ("X_train", "Y_train", "X_test", "Y_test"),
    "MedMNIST": ("train_images", "train_labels", "test_images", "test_labels"),
    "parts": ("train_x", "train_y", "test_x", "test_y"),
}


@pytest.mark.parametrize("names", USUAL.values(), ids=USUAL)
def test_the_usual_names_of_four_arrays_are_read_and_said(names: tuple[str, ...], tmp_path: Path) -> None:
    parts = (IMAGES[:40], LABELS[:40], IMAGES[40:], LABELS[40:])
    usual = npz(tmp_path / "a.npz", **dict(zip(names, parts, strict=True)))
    ours = npz(tmp_path / "b.npz", images=parts[0], labels=parts[1], test_images=parts[2], test_labels=parts[3])
    assert own_images.read(usual).checksum == own_images.read(ours).checksum
    assert f"{names[0]} read as images" in words(usual)
    assert f"{names[1]} read as labels" in words(usual)


@pytest.mark.parametrize("name", ["label", "y", "targets", "target", "Y", "Labels", "y_train", "train_labels"])
def test_labels_under_another_usual_name_are_read_and_said(name: str, tmp_path: Path) -> None:
    path = npz(tmp_path / "a.npz", images=IMAGES, **{name: LABELS})
    assert len(own_images.read(path).train.class_names) == 3
    assert f"{name} read as labels" in words(path)


@pytest.mark.parametrize("name", ["classes", "val_images", "arr_1", "Klasse\n", "x_train", "y\x1b"])
def test_what_is_not_read_is_named(name: str, tmp_path: Path) -> None:
    path = npz(tmp_path / "a.npz", images=IMAGES, **{name: LABELS})
    assert own_images.read(path).train.class_names == ("image",)
    shown = name.replace("\n", "?").replace("\x1b", "?")
    assert f"\nnot read: {shown}\n" in words(path)


def test_two_arrays_for_one_part_are_refused_unless_one_has_its_name(tmp_path: Path) -> None:
    assert "expected one array of labels, got y, target: call the right one labels" in refused(
        npz(tmp_path / "a.npz", images=IMAGES, y=LABELS, target=LABELS)
    )
    path = npz(tmp_path / "b.npz", images=IMAGES, y=LABELS, labels=LABELS % 2)
    assert len(own_images.read(path).train.class_names) == 2
    assert "not read: y" in words(path)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("images.npy", archive.read("images.npy"))
    assert "expected one array of images, got images, images" in refused(path)


@pytest.mark.parametrize("kind", [np.uint8, np.float64])
@pytest.mark.parametrize("axis", [1, 3])
def test_a_channel_axis_of_one_is_dropped_and_one_of_three_made_grey(axis: int, kind: type, tmp_path: Path) -> None:
    white = 255 if kind is np.uint8 else 1
    images = IMAGES if kind is np.uint8 else IMAGES / 255
    one = npz(tmp_path / "one.npz", images=np.expand_dims(images, axis))
    assert own_images.read(one).checksum == own_images.read(npz(tmp_path / "plain.npz", images=images)).checksum
    three = npz(tmp_path / "three.npz", images=np.moveaxis(COLOURS.astype(kind) * (white / 255), -1, axis).astype(kind))
    assert "images: their three colours made grey, 0.299 + 0.587 + 0.114" in words(three)
    own = own_images.read(three)
    grey = (COLOURS @ [0.299, 0.587, 0.114] / 255).reshape(60, -1)
    found = np.concatenate([own.train.images, own.test.images])
    np.testing.assert_allclose(np.sort(found.sum(axis=1)), np.sort(grey.sum(axis=1)), atol=25 * 0.5 / 255 + 1e-5)


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.float32, np.float64, np.bool_])
def test_one_hot_labels_and_labels_in_a_column_are_classes(kind: type, tmp_path: Path) -> None:
    plain = own_images.read(npz(tmp_path / "a.npz", images=IMAGES, labels=LABELS))
    one_hot = npz(tmp_path / "b.npz", images=IMAGES, labels=np.eye(3)[LABELS].astype(kind))
    assert own_images.read(one_hot).checksum == plain.checksum
    assert "labels: the place of the 1 in each row of 3, counted from 0" in words(one_hot)
    if kind in (np.uint8, np.int64):
        column = npz(tmp_path / "c.npz", images=IMAGES, labels=LABELS[:, None].astype(kind))
        assert own_images.read(column).checksum == plain.checksum


@pytest.mark.parametrize("white", [255, 1.0])
def test_blank_images_are_said_and_most_of_them_refused(white: float, tmp_path: Path) -> None:
    images = (IMAGES if white == 255 else IMAGES / 255).copy()
    images[7:20] = white / 5
    assert "images: 13 of 60 are of one value, or nearly, the first at 7" in words(
        npz(tmp_path / "a.npz", images=images)
    )
    images[20:50] = 0
    assert "got 43 of 60 of one value, or nearly, the first at 7" in refused(npz(tmp_path / "b.npz", images=images))
    assert "from 0 to 0.0" in refused(npz(tmp_path / "c.npz", images=IMAGES / 255.0**2))
    assert "from 9 to 9, which look all alike" in refused(
        npz(tmp_path / "d.npz", images=np.full((9, 4, 4), 9, np.uint8))
    )


def headed(shape: tuple[int, ...], kind: str = "|u1", version: tuple[int, int] = (1, 0)) -> bytes:
    """The start of an .npy file that promises an array of this shape."""
    buffer = io.BytesIO()
    header = {"descr": kind, "fortran_order": False, "shape": shape}
    write = np.lib.format.write_array_header_1_0 if version == (1, 0) else np.lib.format.write_array_header_2_0
    write(buffer, header)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("shape", "kind"),
    [((10**9, 64, 64), "|u1"), ((10**12, 8, 8), "<f8"), ((2**40, 2, 2), "|u1"), ((10**400, 64, 64), "<f8")],
)
@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_what_a_header_promises_is_held_against_the_file(
    shape: tuple[int, ...], kind: str, version: tuple[int, int], tmp_path: Path
) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(zipped("images.npy", headed(shape, kind, version) + bytes(1000)))
    assert re.search(r"expected [\d.,]+ [TP]B of images, got 1\.\d kB: it is cut off", refused(path))


@pytest.mark.parametrize("kind", ["|S0", "|V0", "|V8", "|O", "<M8[s]", "(2,2)u1", "[('a','u1')]"])
def test_arrays_of_no_numbers_are_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    start = headed((9, 4, 4)).replace(b"'|u1'", kind.encode() if kind.startswith("[") else repr(kind).encode())
    length = len(start) - 10
    path.write_bytes(zipped("images.npy", start[:8] + length.to_bytes(2, "little") + start[10:] + bytes(5000)))
    assert re.search("expected images as plain numbers|expected an .npz file of plain arrays", refused(path))


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (zipfile.ZIP_DEFLATED, r"images: expected data, got [\d.]+ kB that unpack to 81\.9 MB"),
        (zipfile.ZIP_BZIP2, "expected images packed as NumPy packs it, got another method"),
        (zipfile.ZIP_LZMA, "expected images packed as NumPy packs it, got another method"),
    ],
)
def test_a_bomb_is_not_unpacked(method: int, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("images.npy", headed((20_000, 64, 64)) + bytes(20_000 * 64 * 64))
    tracemalloc.start()
    try:
        assert re.search(said, refused(path))
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_under_a_limit_of_memory_a_large_set_is_refused_in_words(tmp_path: Path) -> None:
    path = npz(tmp_path / "a.npz", images=GENERATOR.integers(0, 256, (50_000, 40, 40), np.uint8))

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (700_000_000, 700_000_000))

    code = f"from course import own_images; own_images.read({os.fspath(path)!r})"
    done = subprocess.run([sys.executable, "-c", code], preexec_fn=limited, capture_output=True, text=True)
    assert re.search(
        r"CourseError: .*images of shape \(50000, 40, 40\): expected to fit into .*got 800.0 MB", done.stderr
    )


def test_a_pipe_a_device_and_a_folder_of_this_name_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npz")
    assert "got what is neither: a pipe, a socket or a device" in refused(tmp_path / "pipe.npz")
    (tmp_path / "zero.npz").symlink_to("/dev/zero")
    assert "got what is neither: a pipe, a socket or a device" in refused(tmp_path / "zero.npz")
    (tmp_path / "folder.npz").mkdir()
    assert "expected pictures" in refused(tmp_path / "folder.npz")


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("bitmaps.npy", "np.load('images.npy')"), ("train-images-idx3-ubyte.gz", "name the folder in which they lie"),
        ("cat.jpg", "one picture: name the folder in which they lie"), ("a.mat", "a file of another name: write np."),
    ],
)  # fmt: skip
def test_another_file_has_advice_of_its_own(name: str, step: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"something")
    assert step in refused(tmp_path / name)


def test_names_of_characters_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    names = np.full(3, 2**31, np.uint32).view("U1")
    said = refused(npz(tmp_path / "a.npz", images=IMAGES, labels=LABELS, class_names=names))
    assert "expected an .npz file of plain arrays, got: invalid maximum character" in said


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"expected a folder or an \.npz file, got nothing of this name"):
        own_images.read(tmp_path / "a.npz")
