import numpy as np
import pytest
import torch

from course import checkpoints
from course.latent import lerp, slerp
from course.patterns import lines64, nearest
from course.studies import strips


def test_ends_are_images_of_different_types_and_repeat_with_the_seed() -> None:
    ends = strips.image_ends(3)
    assert ends.shape == (200, 2, 256)
    rows, distances = nearest(ends.reshape(-1, 256).numpy(), lines64().templates)
    kinds = lines64().labels[rows].reshape(-1, 2)
    assert (distances == 0).all()
    assert (kinds[:, 0] != kinds[:, 1]).all()
    assert torch.equal(ends, strips.image_ends(3))
    assert not torch.equal(ends, strips.image_ends(4))


@pytest.mark.parametrize("way", [lerp, slerp])
def test_strips_begin_and_end_at_the_reconstructions(way: strips.Way) -> None:
    model = checkpoints.load("lines64")
    frames = strips.through_latent(model, 0, way, 5)
    assert frames.shape == (200, 5, 256)
    with torch.no_grad():
        ends = model.decode(strips.encoded_ends(model, 0).reshape(-1, 8)).numpy().reshape(-1, 2, 256)
    np.testing.assert_allclose(frames[:, [0, -1]], ends, atol=1e-5)


def test_a_blend_is_even_and_half_way_as_far_as_pixels_differ() -> None:
    blend, ends = strips.through_pixels(0, 5), strips.image_ends(0).numpy()
    assert strips.largest_step(blend) == pytest.approx(1, abs=1e-5)
    assert strips.largest_step(ends[:, [0, 0, 1]]) == pytest.approx(2)
    # a quarter of the way the nearest image is the end, a quarter of the differing pixels away
    quarter = np.abs(ends[:, 0] - ends[:, 1]).sum(axis=1).mean() / 4
    assert strips.distance_between(blend[:, :3]) == pytest.approx(quarter, rel=0.02)
    assert strips.distance_between(ends[:, [0, 1, 1]]) == 0
