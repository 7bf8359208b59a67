"""One picture of any size as 28 x 28 pixels of grey, or the reason why it cannot be read."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile, ImageOps, PngImagePlugin, UnidentifiedImageError

from course import memory
from course.errors import CourseError

__all__ = ["ENDINGS", "SIDE", "Picture", "read"]

SIDE = 28
ENDINGS = (
    ".png", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".pgm", ".ppm", ".pbm",
)  # fmt: skip
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "PPM")
_PAGED = ("PNG", "WEBP", "TIFF", "GIF")  # a JPEG's further pictures are small copies, or depth
_MOST_PIXELS = 100_000_000
_LONGEST_COMMENT = 1 << 26  # bytes of text in a PNG, which all go into memory
_BYTES = 24  # a pixel: in four colours as it lies, upright, converted, its ground and both together; and in grey
_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip


class Picture(NamedTuple):
    """The middle square (28, 28) of a picture: bytes, or floats of any range where it has more than 8 bits a value.

    `peak` is the largest value of such a picture, 0 of others. What is clear in `pixels` is white; `on_black` is the
    same picture with black there. `fault` is what is wrong with a file that a browser shows nevertheless.
    """

    pixels: NDArray[Any]
    peak: float = 0.0
    on_black: NDArray[np.uint8] | None = None
    pages: bool = False
    fault: str = ""


def read(path: Path) -> Picture:
    """The picture at `path`, turned as its camera says, and as far as it is there where its end is missing.

    Raises CourseError with the reason where there is none, MemoryError and PermissionError as they are.
    """
    content = _content(path)
    try:
        with _patient(damaged=False):
            return _decoded(content)
    except (CourseError, MemoryError):
        raise
    except Exception as error:  # Pillow's readers let out whatever a damaged file makes Python or C raise
        fault = error
    try:
        with _patient(damaged=True):
            found = _decoded(content)
    except (CourseError, MemoryError):
        raise
    except Exception:  # as above: neither way can it be read
        unknown = isinstance(fault, UnidentifiedImageError)
        raise CourseError(f"it is none of {', '.join(_FORMATS)}" if unknown else _in_words(fault)) from None
    if np.ptp(found.pixels[SIDE // 2 :]) == 0:
        raise CourseError(f"{_in_words(fault)}, and its lower half is empty")
    return found._replace(fault=_in_words(fault))


def _content(path: Path) -> bytes:
    """The whole file: what a damaged one says about lengths cannot make a reader ask for more than there is."""
    try:
        memory.check(path.stat().st_size, "the file")
        content = path.read_bytes()
    except FileNotFoundError:
        raise CourseError("it is gone") from None
    except PermissionError:
        raise
    except OSError as error:
        raise CourseError(_in_words(error)) from None
    if not content:
        raise CourseError("it is empty")
    return content


def _decoded(content: bytes) -> Picture:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what Pillow warns, the size is looked at here, and the rest does no harm
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            pixels = image.width * image.height
            if pixels > _MOST_PIXELS:
                raise CourseError(
                    f"{image.width} x {image.height} pixels, which is more than {_MOST_PIXELS // 10**6} million"
                )
            memory.check(pixels * _BYTES, f"{image.width} x {image.height} pixels")
            pages = image.format in _PAGED and getattr(image, "is_animated", False)
            image.load()
            return _grey(_upright(image))._replace(pages=pages)


def _upright(image: Image.Image) -> Image.Image:
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # whatever is wrong with what a camera notes: browsers show the picture as it lies
        return image
    return image.transpose(_TURNED[orientation]) if orientation in _TURNED else image


def _grey(image: Image.Image) -> Picture:
    if image.mode[0] in "IF":  # 16 or 32 bits a value, which Pillow would cut off and not scale
        values = np.asarray(image).astype(np.float32)
        if not np.isfinite(values).all() or values.min() < 0:
            raise CourseError("values below 0, or that are no numbers")
        return Picture(np.asarray(_square(Image.fromarray(values))).clip(0), float(values.max()))
    if not image.has_transparency_data:
        return Picture(np.asarray(_square(image.convert("RGB").convert("L"))))
    colours = image.convert("RGBA")
    white, black = (
        np.asarray(_square(Image.alpha_composite(Image.new("RGBA", colours.size, ground), colours).convert("L")))
        for ground in ("white", "black")
    )
    return Picture(white, on_black=black)


def _square(grey: Image.Image) -> Image.Image:
    return ImageOps.fit(grey, (SIDE, SIDE), Image.Resampling.LANCZOS)


@contextmanager
def _patient(damaged: bool) -> Iterator[None]:
    """Pillow as browsers are: it passes over long comments and, of damaged files, shows what there is."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES, PngImagePlugin.MAX_TEXT_CHUNK, Image.MAX_IMAGE_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES, PngImagePlugin.MAX_TEXT_CHUNK = damaged, _LONGEST_COMMENT
    Image.MAX_IMAGE_PIXELS = None  # `_decoded` looks at the size, which it can say
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES, PngImagePlugin.MAX_TEXT_CHUNK, Image.MAX_IMAGE_PIXELS = before


def _in_words(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "its header is damaged"
    words = getattr(error, "strerror", None) or str(error).partition("\n")[0]
    return words[:200] or type(error).__name__
