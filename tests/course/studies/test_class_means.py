import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from course.studies.class_means import class_means, class_sums


def normal(seed: int, *shape: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(shape)


def test_class_sums_move_the_mean_of_a_class_onto_that_of_another() -> None:
    labels = np.repeat(np.arange(3), 20)
    rows = normal(0, 60, 4) + 9 * np.eye(3, 4)[labels]
    means = class_means(rows, labels, 3)
    sums = class_sums(rows, labels, means, per_class=20)
    assert len(sums.rows) == 3 * 2 * 20
    for a in range(3):
        for b in {0, 1, 2} - {a}:
            group = sums.rows[(sums.before == a) & (sums.wanted == b)]
            np.testing.assert_allclose(group.mean(axis=0), rows[labels == b].mean(axis=0))
            np.testing.assert_allclose(group - group[0], rows[labels == a] - rows[labels == a][0], atol=1e-12)
    assert LinearDiscriminantAnalysis().fit(rows, labels).score(sums.rows, sums.wanted) > 0.95
    with pytest.raises(ValueError, match=r"none of \[3\]"):
        class_means(rows, labels, 4)
