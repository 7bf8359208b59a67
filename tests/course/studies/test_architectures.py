"""The ten networks, and a plane as the judge sees it, with a judge that can be worked out by hand."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from course.fashion import FashionSet
from course.models import VAE, Autoencoder
from course.run_config import RunConfig, build
from course.studies import judge
from course.studies.architectures import ARCHITECTURES, SHAPES, plane_of, squared_error


def test_each_shape_is_there_as_both_kinds_with_a_plane_as_latent_space() -> None:
    assert len(ARCHITECTURES) == 10 == len({each.title for each in ARCHITECTURES.values()})
    for name, each in ARCHITECTURES.items():
        model = build(RunConfig.of("fashion", each.kind, each.size).size, 0, each.kind)
        assert isinstance(model, VAE if name.startswith("vae") else Autoencoder)
        assert (model.hidden_dim, model.depth) == (each.hidden_dim, each.depth)
        assert model.latent_dim == 2
    assert {(each.hidden_dim, each.depth) for each in ARCHITECTURES.values()} == set(SHAPES)


class Half:
    """Codes are the first two pixels; decoded, they come back as an image of two pixels."""

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, :2]

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.pad(z, (0, 1))


def right_half(images: NDArray[np.float32]) -> NDArray[np.int64]:
    return (images[:, 0] > 0.5).astype(np.int64)


def test_a_plane_has_bounds_a_grid_and_what_the_judge_calls_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "classes", right_half)
    images = np.array([[0, 0, 1], [1, 0, 1], [0, 1, 1], [1, 1, 1]], np.float32)
    plane = plane_of(Half(), images, side=4)  # type: ignore[arg-type]
    np.testing.assert_array_equal(plane.codes, images[:, :2])
    np.testing.assert_allclose(plane.extent, (-0.05, 1.05, -0.05, 1.05), rtol=1e-6)
    np.testing.assert_array_equal(plane.classes, np.array([[0, 0, 1, 1]] * 4))
    assert plane.islands() == 2
    assert plane.islands(at_least=9) == 0
    assert plane.accuracy(np.array([0, 1, 0, 1])) == 1
    assert plane.accuracy(np.array([0, 1, 1, 1])) == 0.75
    wide = plane_of(Half(), images, side=4, extent=(0.5, 1.5, 0, 1))  # type: ignore[arg-type]
    assert (wide.classes == 1).all()


def test_squared_error_is_summed_over_pixels() -> None:
    images = np.array([[0.2, 0.4, 0.5], [0, 0, 1]], np.float32)
    found = squared_error(Half(), FashionSet("two", images, np.zeros(2, np.int64)))  # type: ignore[arg-type]
    assert found == pytest.approx((0.25 + 1) / 2)
