"""The parts of t-SNE: against scikit-learn's own fit, autograd, and cases that can be counted by hand."""

import numpy as np
import pytest
import torch
from scipy.special import softmax
from sklearn.manifold import TSNE

from course.maps import joint_pca
from course.studies.tsne import (
    affinities,
    descend,
    divergence,
    forces,
    neighbour_probabilities,
    similarities,
)

RNG = np.random.default_rng(0)
CODES = RNG.standard_normal((60, 5)) * [3, 2, 1, 1, 1]
POINTS = RNG.standard_normal((60, 2)) * 4


def test_every_code_has_as_many_neighbours_as_the_perplexity_says() -> None:
    p = neighbour_probabilities(CODES, 7)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert (np.diag(p) == 0).all()
    entropy = -(p * np.log(p, where=p > 0, out=np.zeros_like(p))).sum(axis=1)
    np.testing.assert_allclose(np.exp(entropy), 7, rtol=1e-6)
    with pytest.raises(ValueError, match="between 1 and 59, got 59"):
        neighbour_probabilities(CODES, 59)


def test_rows_are_gaussians_around_their_code() -> None:
    p = neighbour_probabilities(CODES, 7)
    squares = np.square(CODES[1:] - CODES[0]).sum(axis=1)
    slope = np.log(p[0, 1] / p[0, 2]) / (squares[1] - squares[0])  # 1 / (2 sigma^2)
    np.testing.assert_allclose(p[0, 1:], softmax(-slope * squares), rtol=1e-6)


def test_pairs_are_symmetric_and_add_up_to_one() -> None:
    for pairs in (affinities(CODES), similarities(POINTS)):
        np.testing.assert_allclose(pairs, pairs.T)
        assert pairs.sum() == pytest.approx(1)
    three = similarities(np.array([[0.0, 0], [1, 0], [0, 2]]))
    weights = np.array([1 / 2, 1 / 5, 1 / 6])  # of squared distances 1, 4, 5
    np.testing.assert_allclose(three[[0, 0, 1], [1, 2, 2]], weights / weights.sum() / 2)


def test_the_kl_is_the_one_that_scikit_learn_reports() -> None:
    tsne = TSNE(2, perplexity=10, method="exact", init="pca", random_state=0)
    points = tsne.fit_transform(CODES).astype(np.float64)
    assert divergence(affinities(CODES, 10), similarities(points)) == pytest.approx(tsne.kl_divergence_, rel=1e-3)


def test_both_forces_together_are_the_gradient_turned() -> None:
    p = affinities(CODES, 10)
    points = torch.tensor(POINTS, requires_grad=True)
    weights = 1 / (1 + (points[:, None] - points[None]).square().sum(dim=2))
    pairs = ~torch.eye(60, dtype=torch.bool)
    q, known = weights[pairs] / weights[pairs].sum(), torch.from_numpy(p)[pairs]
    torch.special.xlogy(known, known / q).sum().backward()
    attraction, repulsion = forces(p, POINTS)
    assert points.grad is not None
    np.testing.assert_allclose(attraction + repulsion, -points.grad.numpy(), atol=1e-10)
    np.testing.assert_allclose(attraction.sum(axis=0), 0, atol=1e-12)  # what pulls one pulls the other


def test_two_points_attract_and_repel_along_their_line() -> None:
    p = np.array([[0, 0.5], [0.5, 0]])
    attraction, repulsion = forces(p, np.array([[0.0, 0], [3, 0]]))
    np.testing.assert_allclose(attraction[0], [4 * 0.5 * 3 / 10, 0])
    np.testing.assert_allclose(repulsion[0], -attraction[0])  # q is 0.5 as well: the pair is where it should be


@pytest.mark.parametrize("kernel", ["student", "gaussian"])
def test_descent_makes_the_kl_smaller(kernel: str) -> None:
    p, start = affinities(CODES, 10), joint_pca(CODES).points
    made = {steps: descend(p, start, kernel, steps) for steps in (1, 300)}  # type: ignore[arg-type]  # of parametrize
    if kernel == "student":
        assert divergence(p, similarities(made[300])) < 0.6 * divergence(p, similarities(made[1]))
    assert np.isfinite(made[300]).all()
    assert made[300].std() > 10 * made[1].std()
