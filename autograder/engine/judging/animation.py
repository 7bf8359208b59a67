"""Looks at the animation that a walk was written to: whether it shows the frames, in their order, and how fast.

Pillow joins frames that are alike into one that lasts longer, so neither the number of pictures in a file nor how long
one of them lasts says it alone.
"""

from __future__ import annotations

import io
import statistics
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.engine import wire
from autograder.engine.calls import Answer, Leaf
from autograder.engine.judging.comparison import describe
from autograder.engine.verdicts import Wrong

__all__ = ["look_at_file"]

SIDE = 16
LARGEST_FILE, LARGEST_PICTURE = 4 * 1024 * 1024, 2048 * 2048  # bytes and pixels that are looked at
MOST_FRAMES, MOST_PIXELS = 2000, 2**26  # of an animation
BLACK = 1  # of 255: what numbers from 0 to 1 are in a file
ALIKE = 0.9  # correlation of the pixels of two pictures: few colours and soft edges change little
HUNDREDTH = 10.0  # ms: a GIF counts so
OFF = 0.05  # of a duration, besides


@dataclass(frozen=True, eq=False)
class _Animation:
    pictures: wire.Array  # (N, 16, 16), grey
    durations: list[float]  # ms


def look_at_file(answer: Answer, name: str, fps: float, shown: wire.Array) -> list[str]:
    """Raises Wrong unless the file that was asked for shows the frames `shown` (N, 16, 16), `fps` of them a second."""
    file = answer.files.get(name)
    wanted = "an animation at the path that `path` names"
    if file is None:
        others = f", but {answer.others[0]!r} was written" if answer.others else ""
        raise Wrong(wanted, f"no file there{others}")
    if not isinstance(file, Leaf):
        raise Wrong(wanted, describe(file))
    animation = _read(file.array, wanted)
    if animation is None:
        raise Wrong(wanted, "a file that is not an animated image")
    if animation.pictures.max() <= BLACK:
        raise Wrong(wanted, f"a file of black pictures, with no pixel above {BLACK} of 255")
    if len(animation.pictures) < 2:
        raise Wrong(wanted, "a still picture of one frame")
    _must_last(animation, fps, len(shown))
    _must_show(animation, shown)
    return ["an animation"]


def _read(data: Any, wanted: str) -> _Animation | None:
    """The pictures of a GIF, PNG or WebP; None if it is none. Raises Wrong, before much is decoded, if it is large."""
    from PIL import Image

    if data.nbytes > LARGEST_FILE:
        raise Wrong(wanted, f"a file of {data.nbytes:,} bytes, and up to {LARGEST_FILE:,} are looked at")
    pictures, durations, pixels = [], [], 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            with Image.open(io.BytesIO(data.tobytes()), formats=("GIF", "PNG", "WEBP")) as image:
                if image.width * image.height > LARGEST_PICTURE:
                    got = f"{image.width} x {image.height} pixels, and up to {LARGEST_PICTURE:,} are looked at"
                    raise Wrong(wanted, got)
                for number in range(MOST_FRAMES + 1):
                    try:
                        image.seek(number)
                    except EOFError:
                        break
                    pixels += image.width * image.height
                    if number == MOST_FRAMES or pixels > MOST_PIXELS:
                        raise Wrong(wanted, f"more than the {number:,} pictures of this size that are looked at")
                    small = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
                    pictures.append(np.asarray(small, np.float64))
                    durations.append(float(image.info.get("duration") or 0))
        except Wrong:
            raise
        except Exception:
            return None
    return _Animation(np.array(pictures), durations)


def _must_last(animation: _Animation, fps: float, count: int) -> None:
    right = 1000 / fps
    typical, mean = statistics.median(animation.durations), sum(animation.durations) / count
    if min(abs(typical - right), abs(mean - right)) > HUNDREDTH + OFF * right:
        raise Wrong(
            f"{right:.4g} milliseconds for each frame of the file, since fps = {fps:g}", f"{typical:.4g} milliseconds"
        )


def _must_show(animation: _Animation, shown: wire.Array) -> None:
    """Goes through the file as far as it comes nearer to each frame."""
    place, last = 0, len(animation.pictures) - 1
    for number, frame in enumerate(shown):
        here = _likeness(animation.pictures[place], frame)
        while place < last and (there := _likeness(animation.pictures[place + 1], frame)) >= here:
            place, here = place + 1, there
        if here < ALIKE:
            wanted = "a file that shows the frames that are returned, in their order"
            raise Wrong(wanted, f"a file of {last + 1} pictures that does not show frame {number + 1} of {len(shown)}")


def _likeness(one: wire.Array, other: wire.Array) -> float:
    """The correlation of their pixels; a picture of one colour is like no frame."""
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / size if size else -1.0
