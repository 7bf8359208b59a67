"""SVG files as light as they can be without looking different: fewer digits in paths, small rasters in them."""

import re
from base64 import b64decode, b64encode
from io import BytesIO

import numpy as np
from PIL import Image

_PATH = re.compile(r' d="([^"]*)"')
_PLACE = re.compile(r' (x|y)="(-?\d+\.\d{2})\d+"')
_NOT_TURNED = re.compile(r' transform="rotate\(-0 [^)]*\)"')
_DIGITS = re.compile(r"(\d\.\d{2})\d+")
_RASTER = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")


def shrink_svg(svg: str) -> str:
    """Coordinates to a hundredth of a point; a raster with a byte a pixel if its colours are few, best compressed.

    Numbers of transformations keep all their digits: a hundredth is much for a scale.
    """
    svg = _NOT_TURNED.sub("", _PATH.sub(_with_fewer_digits, svg))
    svg = _PLACE.sub(r' \1="\2"', svg)
    return _RASTER.sub(lambda found: f"data:image/png;base64,{_small(found[1])}", svg)


def _with_fewer_digits(path: re.Match[str]) -> str:
    return ' d="' + _DIGITS.sub(r"\1", path[1]) + '"'


def _small(encoded: str) -> str:
    image: Image.Image = Image.open(BytesIO(b64decode(encoded)))
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    if image.mode == "RGB":
        red, green, blue = image.split()
        if red.tobytes() == green.tobytes() == blue.tobytes():
            image = red
    return min(encoded, _png(image), _indexed(image), key=len)


def _indexed(image: Image.Image) -> str:
    """The same pixels as places in a list of colours, if there are few enough for one byte; else no smaller."""
    colours, at = np.unique(np.asarray(image.convert("RGBA")).reshape(-1, 4), axis=0, return_inverse=True)
    if len(colours) > 256:
        return _png(image)
    indexed = Image.fromarray(at.reshape(image.height, image.width).astype(np.uint8))
    indexed.putpalette(colours[:, :3].tobytes())
    return _png(indexed, transparency=colours[:, 3].tobytes())


def _png(image: Image.Image, **options: bytes) -> str:
    content = BytesIO()
    image.save(content, "PNG", optimize=True, **options)
    return b64encode(content.getvalue()).decode()
