"""The digits: parted the same way each time, each image once, and trained on by name."""

import numpy as np
from sklearn.datasets import load_digits

from course import datasets, digits
from course.models import VAE
from course.run_config import RunConfig, build


def test_every_digit_is_in_one_part() -> None:
    train, test = digits.load("train"), digits.load("test")
    assert (len(train), len(test)) == (1442, 355)
    parted = np.concatenate([train.images, test.images]) * 16
    everything, labels = load_digits(return_X_y=True)
    assert sorted(map(bytes, parted.astype(np.uint8))) == sorted(map(bytes, everything.astype(np.uint8)))
    assert (np.bincount(train.labels) + np.bincount(test.labels)).tolist() == np.bincount(labels).tolist()


def test_each_digit_has_its_fifth_in_the_test_part() -> None:
    shares = np.bincount(digits.load("test").labels) / np.bincount(load_digits(return_X_y=True)[1])
    assert ((shares > 0.19) & (shares <= 0.2)).all()


def test_pixels_lie_between_0_and_1_and_use_all_of_it() -> None:
    images = digits.load().images
    assert images.dtype == np.float32
    assert (images.min(), images.max()) == (0, 1)
    assert len(np.unique(images)) == 17


def test_a_model_is_built_for_them_by_name() -> None:
    config = RunConfig.of("digits", VAE)
    model = build(config.size, 0)
    assert (model.input_dim, model.size["latent_dim"]) == (64, 8)
    assert config.name.startswith("digits-vae-d8-b1-s0-")
    assert datasets.class_names("digits") == tuple("0123456789")
