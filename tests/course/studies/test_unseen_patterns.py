"""Images that no model has seen: what is flipped and rubbed out, and what counts as given back."""

import numpy as np
import pytest
import torch
from torch import Generator, Tensor

from course import checkpoints
from course.patterns import TYPES, lines64
from course.studies import unseen_patterns


def x() -> Tensor:
    return torch.from_numpy(lines64().images)


def test_each_pixel_of_each_image_is_flipped_once() -> None:
    flipped = unseen_patterns.one_flipped(x()[:3]).reshape(3, 256, 256)
    differs = flipped != x()[:3, None]
    assert torch.equal(differs, torch.eye(256, dtype=torch.bool).expand(3, 256, 256))
    assert np.isin(flipped.numpy(), (0, 1)).all()


def test_as_many_pixels_are_flipped_as_are_asked_for() -> None:
    images = unseen_patterns.flipped(x(), 16, generator=Generator().manual_seed(0))
    differs = images != x()
    assert differs.sum(dim=1).tolist() == [16] * 64
    assert differs.sum(dim=0).max() < 16  # not the same ones everywhere
    with pytest.raises(ValueError, match="from 0 to 256"):
        unseen_patterns.flipped(x(), 257, generator=Generator())


def test_half_lines_are_half_of_their_lines_and_no_images_of_the_set() -> None:
    halves, rows = unseen_patterns.half_lines()
    images = lines64()
    assert {TYPES[t] for t in images.labels[rows]} == {"diagonal", "horizontal", "vertical"}
    assert len(halves) == len(rows) == 48
    whole = images.images[rows]
    assert (halves.numpy() <= whole).all()
    assert (halves.numpy().sum(axis=1) == whole.sum(axis=1) / 2).all()


def test_noise_is_half_ink() -> None:
    images = unseen_patterns.noise(500, generator=Generator().manual_seed(1))
    assert images.shape == (500, 256)
    assert np.isin(images.numpy(), (0, 1)).all()
    assert float(images.mean()) == pytest.approx(0.5, abs=0.01)


def test_what_is_given_back_is_named_and_nothing_is_minus_one() -> None:
    vae = checkpoints.load("lines64")
    assert unseen_patterns.reconstructed_rows(vae, x()).tolist() == list(range(64))
    with torch.no_grad():
        vae.decoder.get_parameter("out.bias")[:] = -100  # now every decode is empty
    assert (unseen_patterns.reconstructed_rows(vae, x()) == -1).all()


def test_costs_are_those_of_the_distributions() -> None:
    vae = checkpoints.load("lines64")
    distortion, rate = unseen_patterns.costs(vae, x())
    with torch.no_grad():
        mu, log_var = vae.posterior(x())
        x_hat = vae.decode(mu).double()
        posterior = torch.distributions.Normal(mu, torch.exp(log_var / 2))
    right = torch.where(x() == 1, x_hat, 1 - x_hat)  # the probability of each pixel as it is
    assert distortion.numpy() == pytest.approx(-right.log().sum(dim=1).numpy(), abs=1e-3)
    expected = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0, 1)).sum(dim=1)
    assert rate.numpy() == pytest.approx(expected.numpy(), abs=1e-3)
    noise = unseen_patterns.noise(5, generator=Generator().manual_seed(2))
    assert torch.isfinite(unseen_patterns.costs(vae, noise)[0]).all()  # also where a pixel is all but impossible
