import numpy as np
import pytest
import torch
from torch import Generator, Tensor

from course.labelled import ConditionalVAE, one_hot
from course.studies import conditional_sampling


class Painter(ConditionalVAE):
    """Paints the label into the first pixels and the first number of z into the last; its codes depend on the label."""

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        assert labels is not None
        return torch.cat([one_hot(labels, self.num_classes), torch.sigmoid(z[:, :1])], dim=1)

    def posterior(self, x: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        assert labels is not None
        offset = 10.0 * labels[:, None] * torch.tensor([1.0, -1.0])
        return offset + x[:, :2], torch.full((len(x), 2), -30.0)


def painter() -> Painter:
    return Painter(input_dim=4, hidden_dim=3, latent_dim=2, num_classes=3, generator=Generator().manual_seed(0))


def test_every_class_is_asked_for_equally_often_and_in_order() -> None:
    images = conditional_sampling.sample_by_label(painter(), torch.zeros(12, 2))
    assert images[:, :3].argmax(axis=1).tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    assert conditional_sampling.repeated_labels(3, 4).tolist() == images[:, :3].argmax(axis=1).tolist()


@pytest.mark.parametrize("rows", [0, 4])
def test_rows_that_no_class_can_share_are_refused(rows: int) -> None:
    with pytest.raises(ValueError, match=f"each of 3 classes, got {rows} rows"):
        conditional_sampling.sample_by_label(painter(), torch.zeros(rows, 2))


def test_obtained_counts_each_class_apart() -> None:
    found = np.array([0, 0, 1, 0, 2, 2, 2, 1, 2, 2, 2, 2])
    np.testing.assert_allclose(conditional_sampling.class_accuracy(found, 3), [0.75, 0.25, 1.0])


def test_samples_of_fitted_gaussians_have_the_mean_and_covariance_of_their_class() -> None:
    rng = np.random.default_rng(0)
    x = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 2]], 3000).astype(np.float32)
    labels = torch.arange(3).repeat(1000)
    z = conditional_sampling.sample_fitted_gaussians(
        painter(), torch.from_numpy(x), labels, 20_000, Generator().manual_seed(1)
    ).numpy()
    for label, samples in enumerate(np.split(z, 3)):
        own = x[labels.numpy() == label]
        np.testing.assert_allclose(samples.mean(axis=0) - [10 * label, -10 * label], own.mean(axis=0), atol=0.05)
        np.testing.assert_allclose(np.cov(samples.T), np.cov(own.T), atol=0.08)


def test_samples_of_the_overall_gaussian_have_the_mean_and_covariance_of_all_codes() -> None:
    x, labels = torch.randn((3000, 2), generator=Generator().manual_seed(0)), torch.arange(3).repeat(1000)
    z = conditional_sampling.sample_overall_gaussian(painter(), x, labels, 40_000, Generator().manual_seed(1)).numpy()
    codes = painter().posterior(x, labels)[0].numpy()
    np.testing.assert_allclose(z.mean(axis=0), codes.mean(axis=0), atol=0.15)
    np.testing.assert_allclose(np.cov(z.T), np.cov(codes.T), rtol=0.03)


def test_a_class_with_too_few_images_is_named() -> None:
    labels = torch.tensor([0, 0, 0, 1, 1, 2, 2, 2])
    with pytest.raises(ValueError, match="got 2 of class 1"):
        conditional_sampling.sample_fitted_gaussians(painter(), torch.rand(8, 2), labels, 5)


def test_the_variance_ratio_is_one_for_samples_that_vary_as_the_real_and_zero_for_one_picture_a_class() -> None:
    rng = np.random.default_rng(0)
    labels = np.tile(np.arange(3), 500)
    real = (rng.random((1500, 4)) + labels[:, None]).astype(np.float32)
    images = real[np.argsort(labels, kind="stable")]
    assert conditional_sampling.variance_ratio(images, real, labels) == pytest.approx(1)
    assert conditional_sampling.variance_ratio(0.5 * images, real, labels) == pytest.approx(0.25)
    assert conditional_sampling.variance_ratio(np.repeat(np.eye(3, 4, dtype=np.float32), 9, axis=0), real, labels) == 0
