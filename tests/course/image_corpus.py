"""A few own images in every form that is read, as the bytes of one file each, and how to damage them."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from tests.course import small_fashion

__all__ = ["corpus", "damaged"]

EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63 - 1, 2**64 - 1)
Random = np.random.Generator


def _grey(seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (20, 24), np.uint8)


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def _npz(write: Callable[..., None], **content: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    write(buffer, **content)
    return buffer.getvalue()


@cache
def corpus() -> dict[str, bytes]:
    """The content of whole files by a name that says what they are; an ending says how they are read."""
    grey, deep = Image.fromarray(_grey()), Image.fromarray(_grey().astype(np.uint16) * 257)
    colours = Image.fromarray(np.stack([_grey(1), _grey(2), _grey(3)], axis=-1))
    clear = colours.copy()
    clear.putalpha(grey)
    exif = Image.Exif()
    exif.update({0x0112: 6, 0x010F: "a camera", 0x011A: 72.0})
    text = PngImagePlugin.PngInfo()
    text.add_text("a", "b" * 200)
    text.add_itxt("c", "d" * 200, zip=True)
    frames = {"save_all": True, "append_images": [Image.fromarray(_grey(4))]}
    pictures = {
        "grey.png": _saved(grey, "PNG", pnginfo=text), "clear.png": _saved(clear, "PNG", exif=exif),
        "deep.png": _saved(deep, "PNG"), "bits.png": _saved(grey.convert("1"), "PNG"),
        "palette.png": _saved(clear.quantize(16), "PNG"), "frames.png": _saved(grey, "PNG", **frames),
        "grey.jpg": _saved(grey, "JPEG"), "exif.jpg": _saved(colours, "JPEG", exif=exif, quality=90),
        "print.jpg": _saved(colours.convert("CMYK"), "JPEG"), "steps.jpg": _saved(colours, "JPEG", progressive=True),
        "lossy.webp": _saved(colours, "WEBP"), "exact.webp": _saved(clear, "WEBP", lossless=True, exif=exif),
        "frames.webp": _saved(colours, "WEBP", **frames), "plain.bmp": _saved(colours, "BMP"),
        "palette.bmp": _saved(grey.quantize(16), "BMP"), "plain.tif": _saved(colours, "TIFF", exif=exif),
        "deep.tif": _saved(deep, "TIFF"), "floats.tif": _saved(Image.fromarray(_grey() / np.float32(255)), "TIFF"),
        "lzw.tif": _saved(clear, "TIFF", compression="tiff_lzw"),
        "jpeg.tif": _saved(colours, "TIFF", compression="jpeg"), "pages.tif": _saved(grey, "TIFF", **frames),
        "frames.gif": _saved(grey, "GIF", **frames), "clear.gif": _saved(clear, "GIF"),
        "grey.pgm": _saved(grey, "PPM"), "colours.ppm": _saved(colours, "PPM"),
        "deep.pgm": b"P5 24 20 65535\n" + (_grey().astype(">u2") * 257).tobytes(),
        "bits.pbm": _saved(grey.convert("1"), "PPM"),
    }  # fmt: skip
    images, labels = np.random.default_rng(7).integers(0, 256, (12, 6, 6), np.uint8), np.arange(12) % 3
    names = np.array(["a", "b", "c"])
    sets = {
        "plain.npz": _npz(np.savez, images=images, labels=labels, class_names=names),
        "packed.npz": _npz(np.savez_compressed, images=images, labels=labels),
        "floats.npz": _npz(np.savez, images=(images / 255.0).reshape(12, -1), labels=np.eye(3)[labels]),
        "colours.npz": _npz(np.savez_compressed, x_train=np.stack([images] * 3, axis=-1), y_train=labels[:, None]),
        "parts.npz": _npz(np.savez, x_train=images, y_train=labels, x_test=images, y_test=labels),
    }  # fmt: skip
    files = {f"train-images-idx3-ubyte{ending}": pack(small_fashion.idx(images)) for ending, pack in _PACKS.items()}
    files |= {
        f"train-labels-idx1-ubyte{ending}": pack(small_fashion.idx(labels.astype(np.uint8)))
        for ending, pack in _PACKS.items()
    }
    return pictures | sets | files


_PACKS: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress}


def damaged(name: str, random: Random) -> bytes:
    """The file of this name, damaged a few times; half of the time what packs or checks it is made right again."""
    data = corpus()[name]
    whole = random.random() < 0.5
    if name.endswith(".gz") and whole:
        return gzip.compress(_several(gzip.decompress(data), random))
    if name.endswith(".npz") and whole:
        return _inside_zip(data, random)
    data = _several(data, random)
    return _checked_png(data) if name.endswith(".png") and whole else data


def _several(data: bytes, random: Random) -> bytes:
    for _ in range(random.integers(1, 4)):
        data = _DAMAGES[random.integers(len(_DAMAGES))](bytearray(data), random)
    return data


def _place(data: bytearray, random: Random) -> int:
    """Anywhere, and often among the first bytes, in which sizes stand."""
    most = min(len(data), 64) if random.random() < 0.5 else len(data)
    return int(random.integers(max(1, most)))


def _flip(data: bytearray, random: Random) -> bytes:
    for _ in range(random.integers(1, 9)):
        if data:
            data[_place(data, random)] ^= 1 << int(random.integers(8))
    return bytes(data)


def _cut(data: bytearray, random: Random) -> bytes:
    return bytes(data[: random.integers(len(data) + 1)])


def _swap(data: bytearray, random: Random) -> bytes:
    a, b, c = sorted(random.integers(0, len(data) + 1, 3))
    return bytes(data[:a] + data[b:c] + data[a:b] + data[c:])


def _repeat(data: bytearray, random: Random) -> bytes:
    a, b = sorted(random.integers(0, len(data) + 1, 2))
    return bytes(data[:b] + data[a:b] * int(random.integers(1, 20)) + data[b:])


def _extreme(data: bytearray, random: Random) -> bytes:
    size, place = int(random.choice([1, 2, 4, 8])), _place(data, random)
    number = EXTREMES[random.integers(len(EXTREMES))] & (1 << 8 * size) - 1
    data[place : place + size] = number.to_bytes(size, "big" if random.random() < 0.5 else "little")
    return bytes(data)


def _splice(data: bytearray, random: Random) -> bytes:
    other = list(corpus().values())[random.integers(len(corpus()))]
    return bytes(data[: random.integers(len(data) + 1)] + other[random.integers(len(other)) :])


_DAMAGES = (_flip, _flip, _cut, _swap, _repeat, _extreme, _extreme, _splice)


def _inside_zip(data: bytes, random: Random) -> bytes:
    """The archive with one member damaged, and all checksums right."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        members = before.namelist()
        chosen = random.integers(len(members))
        for row, member in enumerate(members):
            content = before.read(member)
            after.writestr(member, _several(content, random) if row == chosen else content)
    return buffer.getvalue()


def _checked_png(data: bytes) -> bytes:
    """The chunks of a PNG with the checksum that belongs to each, as far as there are chunks."""
    parts, place = [data[:8]], 8
    while place + 12 <= len(data):
        end = place + 8 + int.from_bytes(data[place : place + 4], "big")
        if end + 4 > len(data):
            break
        parts += [data[place:end], zlib.crc32(data[place + 4 : end]).to_bytes(4, "big")]
        place = end + 4
    return b"".join([*parts, data[place:]])
