"""Which shapes images and labels may have, and a line of Python that mends one that they may not.

Shapes are known from a file's header: what does not fit is refused before it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isqrt

from course.errors import CourseError

__all__ = ["LEAST", "MAX_CLASSES", "SIDES", "channels", "check", "side"]

SIDES = (2, 64)
MAX_CLASSES = 256
LEAST = 2

Shape = tuple[int, ...]


def check(shapes: Mapping[str, Shape]) -> None:
    """Raises CourseError where the arrays of these names, of `Arrays`, cannot be a set of images with its labels."""
    pixels = side("images", shapes["images"]) ** 2
    if "test_images" in shapes:
        test_pixels = side("test_images", shapes["test_images"]) ** 2
        if test_pixels != pixels:
            raise CourseError(
                f"expected test_images as large as images, {pixels} pixels, got {test_pixels}: scale one of them"
            )
    elif "test_labels" in shapes:
        raise CourseError("expected test_images with test_labels, got none: add the images, or leave both out")
    elif (got := shapes["images"][0]) < 2 * LEAST:
        raise CourseError(f"expected at least {2 * LEAST} images, some to judge on, got {got or 'none'}: add more")
    for images, labels in (("images", "labels"), ("test_images", "test_labels")):
        if images in shapes and shapes[images][0] < LEAST:
            raise CourseError(f"expected at least {LEAST} {images}, got {shapes[images][0] or 'none'}: add more")
        if images in shapes and labels in shapes:
            _check_labels(labels, shapes[labels], shapes[images][0])


def side(what: str, shape: Shape) -> int:
    """The side of square images of this shape."""
    axis = channels(shape)
    plain = shape if axis is None else shape[:axis] + shape[axis + 1 :]
    found = plain[-1] if len(plain) == 3 else isqrt(plain[-1]) if len(plain) == 2 else 0
    if plain[1:] not in ((found, found), (found**2,)) or not SIDES[0] <= found <= SIDES[1]:
        raise CourseError(
            f"expected {what} of shape (N, H, W) or (N, H * W), squares of {SIDES[0]} to {SIDES[1]} pixels a side, "
            f"got {shape}: {_mended(what, shape, plain)}"
        )
    return found


def channels(shape: Shape) -> int | None:
    """The axis of one grey or three colours, the last or the second, where there is one."""
    return next((axis for axis in (3, 1) if len(shape) == 4 and shape[axis] in (1, 3)), None)


def _check_labels(what: str, shape: Shape, count: int) -> None:
    columns = 1 if len(shape) == 1 else shape[1] if len(shape) == 2 else 0  # more are one-hot
    if not 1 <= columns <= MAX_CLASSES or shape[0] != count:
        raise CourseError(f"expected {count} {what}, one for each image, got shape {shape}: count both again")


def _mended(what: str, shape: Shape, plain: Shape) -> str:
    """What to do about images of this shape; `plain` is the shape without a channel axis."""
    root = isqrt(plain[1]) if len(plain) == 2 else 0
    if len(plain) == 3 and plain[1] == plain[2] > SIDES[1]:
        return _smaller(f"np.moveaxis({what}, -1, 1)" if channels(shape) == 3 else what, what)
    if root > SIDES[1] and root**2 == plain[1]:
        return _smaller(f"{what}.reshape(-1, {root}, {root})", what)
    if len(shape) in (3, 4) and shape[0] == shape[1] < shape[-1] and (len(shape) == 3 or shape[2] in (1, 3)):
        return f"put the images first, np.moveaxis({what}, -1, 0)"
    if len(plain) == 3 and min(plain[1:]) >= SIDES[0]:
        least = min(plain[1:])
        top, left = ((length - least) // 2 for length in plain[1:])
        rows, columns = f"{top}:{top + least}", f"{left}:{left + least}"
        return f"cut out the middle, {what}[{':, ' * (channels(shape) == 1)}:, {rows}, {columns}]"
    if len(shape) == 4 and shape[-1] in (2, 4):
        return f"leave out alpha, {what}[..., :{shape[-1] - 1}]"
    root = isqrt(shape[1] // 3) if len(shape) == 2 else 0
    if root >= SIDES[0] and 3 * root**2 == shape[1]:
        return f"say where the colours are, {what}.reshape(-1, 3, {root}, {root})"
    if len(shape) < 2:
        return "put several images into one array, np.stack(list_of_images)"
    return "make squares of them, or write them as a folder of pictures, of each of which the middle square is read"


def _smaller(images: str, dtype: str) -> str:
    """A line that averages squares of pixels until there are as many as may be."""
    pooled = f"torch.nn.functional.adaptive_avg_pool2d(torch.from_numpy({images}).float(), {SIDES[1]})"
    return f"make them smaller, {pooled}.numpy().astype({dtype}.dtype)"
