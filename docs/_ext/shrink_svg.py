"""SVG files as light as they can be without looking different: fewer digits in paths, small rasters in them."""

import re
from base64 import b64decode, b64encode
from io import BytesIO

from PIL import Image

_PATH = re.compile(r' d="([^"]*)"')
_PLACE = re.compile(r' (x|y)="(-?\d+\.\d{2})\d+"')
_NOT_TURNED = re.compile(r' transform="rotate\(-0 [^)]*\)"')
_DIGITS = re.compile(r"(\d\.\d{2})\d+")
_RASTER = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")


def shrink_svg(svg: str) -> str:
    """Coordinates to a hundredth of a point; a raster with one byte a pixel if it is grey, and its best compression.

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
    content = BytesIO()
    image.save(content, "PNG", optimize=True)
    return min(encoded, b64encode(content.getvalue()).decode(), key=len)
