"""The convolutional pair: shapes, weights that a seed repeats, and the sizes that it refuses."""

from typing import Any

import pytest
import torch
from torch import Generator

from course.claims.convolutions import RUNS, multiplications
from course.convolutional import ConvAutoencoder, ConvVAE
from course.explorer import contents
from course.models import VAE
from course.training import Settings, fit

KINDS = (ConvAutoencoder, ConvVAE)


def small(kind: Any, **size: int) -> Any:
    return kind(64, 3, 2, **size, generator=Generator().manual_seed(0))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", [4, 8, 28])
def test_images_go_to_a_code_and_back(kind: Any, side: int) -> None:
    model = kind(side**2, 3, 2, generator=Generator().manual_seed(0))
    x = torch.rand(5, side**2, generator=Generator().manual_seed(1))
    assert model.encode(x).shape == (5, 3)
    assert model.decode(model.encode(x)).shape == x.shape
    assert float(model.loss(x).total.detach()) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_draws_the_same_weights_within_the_limits_of_torch(kind: Any) -> None:
    model, again = small(kind), kind(**small(kind).size, generator=Generator().manual_seed(0))
    for (name, a), (other, b) in zip(model.state_dict().items(), again.state_dict().items(), strict=True):
        assert name == other
        assert torch.equal(a, b)
        assert 0 < float(a.abs().max()) < 1
    first, usual = model.encoder[1], torch.nn.Conv2d(1, 2, 4)
    assert float(first.weight.detach().abs().max()) <= 1 / 4
    assert float(usual.weight.detach().abs().max()) <= 1 / 4


@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_where_an_image_is_bright(kind: Any) -> None:
    x = torch.zeros(8, 64)
    x[:4, :32], x[4:, 32:] = 1, 1
    model = kind(64, 3, 8, generator=Generator().manual_seed(0))
    before = float(model.loss(x, beta=0.0).total.detach())
    fit(model, x, Settings(steps=200, learning_rate=0.01, beta=0.0, beta_start=0.0))
    assert float(model.loss(x, beta=0.0).total.detach()) < before / 4


def test_a_pixel_moves_only_what_its_kernel_sees() -> None:
    """Far from a pixel the first two layers are blind to it: that is what a convolution is."""
    x = torch.zeros(2, 784)
    x[1, 0] = 1
    seen = ConvAutoencoder(784, 3, 2, generator=Generator().manual_seed(0)).encoder[:5](x)  # (2, 4, 7, 7)
    changed = (seen[0] != seen[1]).any(dim=0)
    assert changed[:2, :2].any()
    assert not changed[2:].any()
    assert not changed[:, 2:].any()


@pytest.mark.parametrize("pixels", [63, 36, 784 - 28])
def test_images_that_cannot_be_halved_twice_are_refused(pixels: int) -> None:
    with pytest.raises(ValueError, match=f"a side that is a multiple of 4, got {pixels} pixels"):
        ConvVAE(pixels)


def test_the_explorer_says_what_it_can_show() -> None:
    with pytest.raises(ValueError, match="ConvVAE has convolutions"):
        contents.explorable(ConvVAE(784, 3, 2), "fashion-sample")


def test_multiplications_count_each_use_of_a_weight() -> None:
    dense = VAE(64, 5, 3)
    assert multiplications(dense) == 64 * 5 + 5 * 5 + 2 * 5 * 3 + 3 * 5 + 5 * 5 + 5 * 64
    first, second = 16 * 2 * 4**2, 16 * 2 * 4 * 2**2
    assert multiplications(small(ConvAutoencoder)) == 2 * (first + second) + 2 * 3 * 4 * 2**2


@pytest.mark.parametrize("kind", ["ae", "vae"])
def test_the_small_dense_models_of_the_lesson_have_as_many_parameters_to_a_hundredth(kind: str) -> None:
    counts = [sum(p.numel() for p in RUNS[f"{name}-{kind}"].untrained(0).parameters()) for name in ("conv", "small")]
    assert counts[1] == pytest.approx(counts[0], rel=0.01)
