from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from course import patterns
from course.patterns import CODE_WORDS, SETS, TYPES, PatternSet, bars512, classic, cross8x8, lines64, nearest, parities


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_classic_is_the_documented_set() -> None:
    images = classic(generator=rng())
    assert images.images.shape == (1000, 256)
    assert images.images.dtype == np.float32
    assert images.labels.tolist() == [0, 1, 2, 3] * 250
    assert images.templates[:4].sum(axis=1).tolist() == [31, 32, 32, 60]
    shapes = images.templates[:4].reshape(4, 16, 16)
    assert (np.diag(shapes[0]) == 1).all()
    assert (np.diag(shapes[0], 1) == 0.5).all()
    assert (np.diag(shapes[0], -1) == 0.5).all()
    assert (shapes[1][7:9] == 1).all()
    assert (shapes[2][:, 7:9] == 1).all()
    assert (shapes[3] == np.maximum(shapes[1], shapes[2])).all()


def test_classic_noise_has_the_stated_spread_and_is_clipped() -> None:
    images = classic(4000, generator=rng())
    grey = images.templates == 0.5  # far from both limits, so clipping does not touch the noise
    assert np.std((images.images - images.templates)[grey]) == pytest.approx(0.05, rel=0.02)
    assert images.images.min() == 0
    assert images.images.max() == 1


def test_classic_repeats_with_its_generator_and_leaves_the_global_one_alone() -> None:
    def global_state() -> bytes:
        key: NDArray[np.uint32] = np.random.get_state(legacy=False)["state"]["key"]  # noqa: NPY002  (what is looked at)
        return key.tobytes()

    before = global_state()
    assert (classic(generator=rng(3)).images == classic(generator=rng(3)).images).all()
    assert (classic(generator=rng(3)).images != classic(generator=rng(4)).images).any()
    assert global_state() == before


@pytest.mark.parametrize(
    ("name", "size", "factors"),
    [("lines64", 64, ("type", "position", "thickness")), ("bars512", 512, ("type", "cx", "cy", "thickness")),
     ("cross8x8", 64, ("type", "cx", "cy", "thickness")), ("parities", 16, ("bit 1", "bit 2", "bit 3", "bit 4"))],
)  # fmt: skip
def test_factorised_sets_hold_every_combination_once(name: str, size: int, factors: tuple[str, ...]) -> None:
    images = SETS[name]()
    assert images.factor_names == factors
    assert len(images) == size == len(np.unique(images.images, axis=0)) == len(np.unique(images.factors, axis=0))
    assert set(np.unique(images.images)) == {0, 1}
    assert images.entropy == pytest.approx(np.log(size), abs=1e-12)
    if "type" in factors:
        assert (images.labels == images.factors[:, 0]).all()


def test_parities_are_sums_of_bits_and_know_nothing_of_each_other() -> None:
    words = parities()
    squares = words.images.reshape(16, 4, 4, 4, 4).transpose(0, 1, 3, 2, 4).reshape(16, 16, 16)  # word, square, pixel
    assert (squares == squares[:, :, :1]).all()  # a square is all on or all off
    for word, text in enumerate(CODE_WORDS):
        for square, chosen in enumerate(CODE_WORDS):
            ones = sum(bit == choice == "1" for bit, choice in zip(text, chosen, strict=True))
            assert squares[word, square, 0] == ones % 2
    assert (words.images[:, :4] == 0).all()  # the square of no bits
    correlation = np.corrcoef(squares[:, 1:, 0].T)
    assert correlation == pytest.approx(np.eye(15), abs=1e-12)
    distance = np.abs(words.images[:, None] - words.images[None]).sum(axis=2)
    assert set(distance[~np.eye(16, dtype=bool)]) == {128}  # as far from each other as can be, all alike


def test_lines64_smallest_distance_and_full_length() -> None:
    images = lines64().images
    distance = np.abs(images[:, None] - images[None]).sum(axis=2)
    assert distance[~np.eye(64, dtype=bool)].min() == 15
    straight = lines64().labels != 3
    assert (images[straight].sum(axis=1) == 16 * lines64().factors[straight, 2]).all()


def test_classic_prototypes_are_members_of_lines64() -> None:
    thick = classic(4, noise=0, generator=rng()).images
    assert nearest(thick[1:], lines64().images)[1].tolist() == [0, 0, 0]
    assert (lines64().prototypes()[1:] == thick[1:]).all()
    # the classic diagonal is grey at both sides: the binary one takes its main diagonal and one side
    assert ((thick[0] == 1) <= (lines64().prototypes()[0] == 1)).all()


def test_cross8x8_is_the_part_of_bars512_with_thick_crosses() -> None:
    bars = bars512()
    chosen = (bars.labels == TYPES.index("cross")) & (bars.factors[:, 3] == 2)
    assert (cross8x8().images == bars.images[chosen]).all()
    assert (cross8x8().factors == bars.factors[chosen]).all()


def test_entropy_counts_collisions() -> None:
    """Full-length bars with two positions collide: 512 combinations, 470 distinct images."""
    bars = bars512()
    lines = []
    for kind, cx, cy, thickness in bars.factors:
        image = np.zeros((16, 16), np.float32)
        for step in range(thickness):
            if kind == 0:
                image[np.arange(16), (np.arange(16) + cx - cy - step) % 16] = 1
            if kind in (1, 3):
                image[cy - step] = 1
            if kind in (2, 3):
                image[:, cx - step] = 1
        lines.append(image.ravel())
    templates = np.stack(lines)
    colliding = PatternSet("long", templates, bars.labels, bars.factors, bars.factor_names, templates)
    keys: dict[bytes, int] = {}
    for row in templates:
        keys[row.tobytes()] = keys.get(row.tobytes(), 0) + 1
    assert len(keys) < 512
    assert colliding.entropy == pytest.approx(-sum(c / 512 * np.log(c / 512) for c in keys.values()))
    assert colliding.entropy < np.log(512)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_nearest_is_an_exact_oracle_for_damaged_images(seed: int, damage: int) -> None:
    """Fewer flips than half the smallest distance never change the nearest image."""
    generator = rng(seed)
    images = lines64().images.copy()
    for image in images:
        at = generator.choice(256, damage, replace=False)
        image[at] = 1 - image[at]
    index, distance = nearest(images, lines64().images)
    assert index.tolist() == list(range(64))
    assert (distance == damage).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [(lambda: classic(0, generator=rng()), "at least one image"),
     (lambda: classic(noise=-1, generator=rng()), "noise >= 0")],
)  # fmt: skip
def test_bad_values_are_refused_with_what_was_expected(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_pattern_set_is_public() -> None:
    assert all(hasattr(patterns, name) for name in patterns.__all__)
