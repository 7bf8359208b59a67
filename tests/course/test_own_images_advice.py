"""The advice for arrays that cannot be learned: who follows it gets images that can."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from course import own_images
from course.errors import CourseError
from tests.course.own_files import GENERATOR, IMAGES, LABELS, npz

PLENTY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def refused(path: Path) -> str:
    with pytest.raises(CourseError) as caught:
        own_images.read(path)
    assert str(caught.value).startswith(f"{path}: ")
    return str(caught.value)


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["cat", "dog", "owl"])[LABELS], np.array(["cat", "dog", "owl"])[LABELS][:, None],
        np.array([b"cat", b"dog", b"owl"])[LABELS], LABELS / 1, LABELS > 1,
    ],
    ids=["words", "a column of words", "bytes", "floats", "booleans"],
)  # fmt: skip
def test_the_advice_for_labels_makes_labels_that_are_read(labels: NDArray[Any], tmp_path: Path) -> None:
    said = refused(npz(tmp_path / "a.npz", images=IMAGES, labels=labels))
    scope: dict[str, Any] = {"np": np, "labels": labels}
    if line := re.search(r"class_names, labels = .*\)(?=, and write both)", said):
        exec(line[0], scope)
        mended = npz(tmp_path / "b.npz", images=IMAGES, labels=scope["labels"], class_names=scope["class_names"])
        assert own_images.read(mended).train.class_names == ("cat", "dog", "owl")
    else:
        line = re.search(r"write (labels.*)$", said)
        assert line is not None
        mended = npz(tmp_path / "b.npz", images=IMAGES, labels=eval(line[1], scope))
    plain = npz(tmp_path / "c.npz", images=IMAGES, labels=LABELS if len(np.unique(labels)) == 3 else LABELS > 1)
    if len(np.unique(labels)) == 3:
        np.testing.assert_array_equal(own_images.read(mended).train.labels, own_images.read(plain).train.labels)


def test_words_to_judge_on_have_advice_of_their_own(tmp_path: Path) -> None:
    names = np.array(["cat", "dog", "owl"])
    path = npz(tmp_path / "a.npz", images=IMAGES, labels=LABELS, test_images=IMAGES, test_labels=names[LABELS])
    assert "number them as labels, np.searchsorted(class_names, test_labels)" in refused(path)


NUMBERS = [np.uint16, np.uint32, np.int8, np.int16, np.int32, np.int64, np.float16, np.float32, np.float64, np.uint8]


@st.composite
def values(draw: st.DrawFn) -> NDArray[Any]:
    """Images of any type of numbers, between any two of its values, of which each has both."""
    kind = np.dtype(draw(st.sampled_from(NUMBERS)))
    usual = [0, 1, 15, 16, 100, 127, 255, 1023, 4095, 65535, -1, -128, -1000, 0.001, 0.2, 2**31 - 1]
    low, high = sorted(draw(st.lists(st.sampled_from(usual), min_size=2, max_size=2, unique=True)))
    info: Any = np.iinfo(kind) if kind.kind in "iu" else np.finfo(kind)
    low, high = (np.clip(bound, float(info.min), float(info.max)) for bound in (low, high))
    images = np.random.default_rng(draw(st.integers(0, 9))).uniform(low, high, (6, 4, 4))
    images[:, 0, 0], images[:, 1, 1] = low, high
    return images.astype(kind)


@PLENTY
@given(values())
def test_the_advice_for_values_makes_images_that_are_read(tmp_path: Path, images: NDArray[Any]) -> None:
    path = npz(tmp_path / "a.npz", images=images)
    try:
        own_images.read(path)
    except CourseError as error:
        said = str(error)
    else:
        assert images.dtype == np.uint8 or images.dtype.kind == "f"
        return
    if images.min() == images.max():
        assert "these are all" in said or "look at what wrote them" in said
        return
    line = re.search(r"write (.*)$", said)
    assert line is not None, said
    mended = eval(line[1], {"np": np, "images": images})
    own = own_images.read(npz(tmp_path / "b.npz", images=mended))
    order = np.argsort(images.ravel(), kind="stable")
    mended = mended.ravel()[order]
    assert (mended[1:] >= mended[:-1]).all()  # nothing is turned around: brighter stays brighter
    assert own.train.images.max() >= 0.5


SHAPES = {
    "large": (6, 100, 100), "a little too large": (6, 65, 65), "very large": (4, 640, 640),
    "large rows": (6, 10_000), "large colours last": (6, 96, 96, 3), "large colours first": (6, 3, 96, 96),
    "large with an axis of one": (6, 80, 80, 1), "oblong": (6, 28, 40), "high": (6, 40, 28),
    "oblong colours": (6, 20, 30, 3), "oblong colours first": (6, 3, 20, 30), "images last": (20, 20, 60),
    "colours and images last": (20, 20, 3, 60), "with a fourth channel": (6, 8, 8, 4), "grey and clear": (6, 8, 8, 2),
    "rows of colours": (6, 3 * 32 * 32), "large and oblong": (6, 90, 130),
}  # fmt: skip


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
@pytest.mark.parametrize("case", SHAPES)
def test_the_advice_for_shapes_makes_images_that_are_read(case: str, kind: type, tmp_path: Path) -> None:
    images: NDArray[Any] = GENERATOR.integers(0, 2, SHAPES[case], np.uint8).astype(kind)
    images *= 255 if kind is np.uint8 else 1
    for _ in range(3):
        said = refused(npz(tmp_path / "a.npz", images=images))
        line = re.search(r", ((?:images\[|images\.reshape|np\.|torch\.).*)$", said)
        assert line is not None, said
        images = eval(line[1], {"np": np, "torch": torch, "images": images})
        assert images.dtype == kind
        if images.ndim == 4 or images.shape[1] <= 64:
            break
    images = (images - images.min()) / np.float32(images.max() - images.min())  # averages lie close together
    assert own_images.read(npz(tmp_path / "b.npz", images=images)).train.images.shape[1] <= 64**2


@pytest.mark.parametrize("shape", [(7,), (), (6, 4, 4, 5), (6, 7), (2, 2, 2, 2, 2), (6, 1, 1), (0,), (6, 0, 0), (6, 1)])
def test_shapes_of_no_images_are_refused_with_a_next_step(shape: tuple[int, ...], tmp_path: Path) -> None:
    assert re.search(r"got \(.*\): \w+", refused(npz(tmp_path / "a.npz", images=np.zeros(shape, np.uint8))))
