import numpy as np
import pytest

from course.studies.code_statistics import centre_length, mean_length, separation


def test_lengths_and_separation() -> None:
    codes = np.array([[3.0, 4], [-3, -4], [0, 0]])
    assert mean_length(codes) == pytest.approx(10 / 3)
    assert centre_length(codes) == 0
    assert centre_length(codes + np.array([0, 2])) == 2
    points = np.array([[-1.0, 0], [1, 0], [9, 0], [11, 0]])
    labels = np.array([0, 0, 1, 1])
    assert separation(points, labels) == pytest.approx(10)
    assert separation(7 * points + 3, labels) == pytest.approx(10)  # no scale, no place
    with pytest.raises(ValueError, match="2 classes"):
        separation(points, np.zeros(4, int))
