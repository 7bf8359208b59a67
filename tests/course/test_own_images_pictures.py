"""A folder of pictures: which are read and how they become grey squares, and what is said of the others."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from course import own_images
from course.errors import CourseError
from course.own_images import checks, picture
from course.own_images.picture import ENDINGS
from tests.course.image_corpus import corpus
from tests.course.own_files import GENERATOR, folder_of

SHAPE = (28, 28)


def drawing(row: int = 0) -> NDArray[np.uint8]:
    """A white bar on black, at another place in each row."""
    image = np.zeros(SHAPE, np.uint8)
    image[4 + row : 12 + row] = 255
    return image


def said(place: Path) -> str:
    return "\n".join(own_images.read(place).words)


def all_images(place: Path) -> NDArray[np.float32]:
    own = own_images.read(place)
    return np.concatenate([own.train.images, own.test.images])


def saved(place: Path, arrays: list[NDArray[Any]], ending: str = "png") -> Path:
    place.mkdir(parents=True, exist_ok=True)
    for row, array in enumerate(arrays):
        Image.fromarray(array).save(place / f"{row}.{ending}")
    return place


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_chunk(png: bytes, kind: bytes, content: bytes) -> bytes:
    """The PNG with one more chunk after its header."""
    return png[:33] + chunk(kind, content) + png[33:]


def test_pictures_become_grey_squares_and_subfolders_classes(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "pets")
    own = own_images.read(place)
    assert (len(own.train), len(own.test), own.train.images.shape[1]) == (10, 2, 28 * 28)
    assert own.train.class_names == ("cat", "dog")
    assert own.words[1:-1] == ("12 pictures: the middle square of each, in grey, made 28 x 28 pixels",)
    flat = own_images.read(place / "cat")
    assert flat.train.class_names == checks.UNLABELLED
    assert flat.train.labels.max() == 0


@pytest.mark.parametrize("name", [name for name in corpus() if name.endswith(ENDINGS)])
def test_every_form_is_read_by_its_content_whatever_its_ending(name: str, tmp_path: Path) -> None:
    place = folder_of(tmp_path / "pets")
    (place / "cat" / name.upper()).write_bytes(corpus()[name])
    (place / "dog" / "other.jpeg").write_bytes(corpus()[name])
    own = own_images.read(place)
    assert len(own.train) + len(own.test) == 14
    assert ("of several pages or frames, of which the first is read: 2 (cat/" in said(place)) == (
        name.startswith(("frames", "pages"))
    )
    assert "damaged" not in said(place)


@pytest.mark.parametrize("ending", ["png", "webp", "bmp", "tiff", "gif", "pgm"])
def test_a_form_that_loses_nothing_gives_the_same_images(ending: str, tmp_path: Path) -> None:
    arrays = [GENERATOR.integers(0, 256, SHAPE, np.uint8) for _ in range(6)]
    place = tmp_path / "a"
    place.mkdir()
    for row, array in enumerate(arrays):
        Image.fromarray(array).save(place / f"{row}.{ending}", lossless=True)  # which only WebP looks at
    np.testing.assert_allclose(
        np.sort(all_images(place), axis=0), np.sort([a.ravel() / 255 for a in arrays], axis=0), atol=1e-6
    )


def test_a_picture_is_turned_cut_put_on_white_and_scaled(tmp_path: Path) -> None:
    wide = np.zeros((30, 90), np.uint8)
    wide[:, 30:60] = 255
    Image.fromarray(wide).save(tmp_path / "wide.png")
    assert picture.read(tmp_path / "wide.png").pixels.min() > 250  # the black sides are cut off
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert picture.read(tmp_path / "clear.png").pixels.min() == 255
    Image.new("RGB", (28, 28), (255, 0, 0)).save(tmp_path / "red.png")
    assert np.ptp(picture.read(tmp_path / "red.png").pixels) == 0


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif"])
def test_a_picture_stands_upright_however_the_camera_lay(ending: str, tmp_path: Path) -> None:
    upright = np.zeros((56, 56), np.uint8)
    upright[:28, :28], upright[28:, :28] = 255, 128
    laid = {
        1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1], 5: upright.T,
        6: np.rot90(upright), 7: np.rot90(upright, 2).T, 8: np.rot90(upright, -1),
    }  # fmt: skip
    for orientation, pixels in laid.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        Image.fromarray(np.ascontiguousarray(pixels)).save(tmp_path / f"{orientation}.{ending}", exif=exif, quality=95)
    for orientation in laid:
        seen = picture.read(tmp_path / f"{orientation}.{ending}").pixels.astype(float)
        assert abs(seen[2:12, 2:12].mean() - 255) < 4, orientation
        assert abs(seen[16:26, 2:12].mean() - 128) < 4, orientation
        assert seen[:, 16:].mean() < 4, orientation


def exif_with(*entries: bytes, extra: bytes = b"") -> bytes:
    """An EXIF block in which the camera lay on its side, with more entries of 12 bytes."""
    turned = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    return b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1 + len(entries)) + turned + b"".join(entries) + bytes(4) + extra


@pytest.mark.parametrize(
    "exif",
    [
        exif_with(struct.pack(">HHII", 0x011A, 5, 1, 38), extra=struct.pack(">ii", -1, 0)),
        exif_with(struct.pack(">HHII", 0x011A, 10, 1, 38), extra=struct.pack(">ii", -(2**31), -1)),
        exif_with(struct.pack(">HHII", 0x011A, 5, 2**31, 38)),
        exif_with(struct.pack(">HHII", 0x8769, 4, 1, 2**32 - 1)),
        exif_with(struct.pack(">HHII", 0x011A, 99, 1, 0)),
    ],
    ids=["-1/0", "-2^31/-1", "too many", "nowhere", "no type"],
)
def test_odd_notes_of_a_camera_keep_nothing_from_being_read(exif: bytes, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    half = np.zeros((56, 56), np.uint8)
    half[:28] = 255
    Image.fromarray(half).save(buffer, "JPEG", exif=exif, quality=95)
    (tmp_path / "a.jpg").write_bytes(buffer.getvalue())
    pixels = picture.read(tmp_path / "a.jpg").pixels
    assert pixels[:, :12].mean() < 5
    assert pixels[:, 16:].mean() > 250


def test_white_drawings_on_clear_ground_are_put_on_black(tmp_path: Path) -> None:
    drawn = [np.dstack([np.full(SHAPE, shade, np.uint8)] * 3 + [drawing(row)]) for row in range(6) for shade in (255,)]
    white = saved(tmp_path / "white", drawn)
    assert "6 of 6 with a clear ground are put on black, where they can be seen better" in said(white)
    assert sorted(map(bytes, all_images(white))) == sorted(
        bytes(drawing(row).ravel() / np.float32(255)) for row in range(6)
    )
    black = saved(tmp_path / "black", [np.dstack([np.zeros((*SHAPE, 3), np.uint8), drawing(row)]) for row in range(6)])
    assert "clear ground" not in said(black)
    assert sorted(map(bytes, all_images(black))) == sorted(
        bytes((255 - drawing(row)).ravel() / np.float32(255)) for row in range(6)
    )
    both = saved(tmp_path / "both", drawn[:2])
    for row in range(2, 6):
        Image.open(black / f"{row}.png").save(both / f"{row}.png")
    assert "2 of 6 with a clear ground are put on black" in said(both)
    assert np.ptp(all_images(both), axis=1).min() == 1


@pytest.mark.parametrize(("bits", "taken"), [(16, None), (14, 16383), (12, 4095), (10, 1023), (8, 255), (1, 1)])
@pytest.mark.parametrize("ending", ["png", "tif"])
def test_as_many_bits_as_are_used_reach_from_black_to_white(
    bits: int, taken: int | None, ending: str, tmp_path: Path
) -> None:
    arrays = [(drawing(row) / 255 * (2**bits - 1)).astype(np.uint16) for row in range(6)]
    place = saved(tmp_path / "deep", arrays, ending)
    assert sorted(map(bytes, all_images(place))) == sorted(
        bytes(drawing(row).ravel() / np.float32(255)) for row in range(6)
    )
    assert (f"6 of more than 8 bits reach up to {taken}: {taken} is taken as white" in said(place)) == bool(taken)
    assert ("more than 8 bits" in said(place)) == bool(taken)


def test_floats_reach_from_black_to_white_and_black_ones_are_refused(tmp_path: Path) -> None:
    bright = saved(tmp_path / "bright", [drawing(row) / np.float32(255) for row in range(6)], "tif")
    assert all_images(bright).max() == 1
    black = saved(tmp_path / "black", [drawing(row) / np.float32(255 * 255) for row in range(6)], "tif")
    with pytest.raises(CourseError, match=r"black: .*got 6 pictures with values from 0 to 1 of 255.*Save them"):
        own_images.read(black)
    minus = saved(tmp_path / "minus", [drawing(row) / np.float32(-255) for row in range(6)], "tif")
    with pytest.raises(CourseError, match="values below 0, or that are no numbers"):
        own_images.read(minus)


def test_blank_pictures_are_said_and_most_of_them_refused(tmp_path: Path) -> None:
    blank = np.full(SHAPE, 7, np.uint8)
    some = saved(tmp_path / "some", [drawing(), drawing(1), drawing(2), drawing(3), blank, blank])
    assert "of one value, or nearly: 2 (4.png, 5.png)" in said(some)
    most = saved(tmp_path / "most", [drawing(), blank, blank, blank, blank])
    with pytest.raises(CourseError, match=r"got 4 of 5 of one value, or nearly: 1\.png, 2\.png and 2 more. Look at"):
        own_images.read(most)
    in_colour = saved(tmp_path / "colour", [np.full((*SHAPE, 3), 10 + row, np.uint8) for row in range(5)])
    with pytest.raises(CourseError, match="reach from dark to bright, got 5 pictures with values from 10 to 14 of 255"):
        own_images.read(in_colour)


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt"])
def test_a_long_comment_keeps_nothing_from_being_read(kind: bytes, tmp_path: Path) -> None:
    words, packed = b"b" * 3_000_000, zlib.compress(b"b" * 3_000_000)
    content = {b"tEXt": b"a\0" + words, b"zTXt": b"a\0\0" + packed, b"iTXt": b"a\0\1\0\0\0" + packed}[kind]
    place = folder_of(tmp_path / "pets")
    before = own_images.read(place)
    path = place / "cat" / "0.png"
    path.write_bytes(with_chunk(path.read_bytes(), kind, content))
    after = own_images.read(place)
    assert after.checksum == before.checksum
    assert after.words == before.words


def test_what_a_browser_shows_of_a_damaged_picture_is_read_and_said(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "pets")
    for name in ("cat/0.png", "cat/2.JPEG"):
        whole = (place / name).read_bytes()
        (place / name).write_bytes(whole[: len(whole) * 3 // 4])
    odd = with_chunk((place / "dog" / "2.png").read_bytes(), b"pHYs", b"12345678\1")
    (place / "dog" / "2.png").write_bytes(odd.replace(b"12345678", b"12345679"))  # its checksum is wrong now
    assert "damaged, and read as far as a browser shows them: 3 (cat/0.png: " in said(place)
    (place / "cat" / "0.png").write_bytes(whole[:20])
    with pytest.raises(CourseError, match=r"got 1 that cannot be read: cat/0\.png \(.+\)\. Repair them or move"):
        own_images.read(place)


def huge_png(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels, all black."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(10_000_000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [13_000, 100_000, 2**31 - 1])
def test_a_picture_of_too_many_pixels_is_named_with_its_size_and_not_unpacked(side: int, tmp_path: Path) -> None:
    place = folder_of(tmp_path / "pets")
    (place / "cat" / "scan.png").write_bytes(huge_png(side, side))
    with pytest.raises(CourseError, match=rf"cat/scan\.png \({side} x {side} pixels, which is more than 100 million\)"):
        own_images.read(place)
