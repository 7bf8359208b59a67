"""A linear probe reads what a line can read, whatever the scale, from as few labels as it is given."""

import numpy as np
import pytest

from course.studies.probe import few_labelled, probe_accuracy, probe_nats

RNG = np.random.default_rng(0)


def blobs(count: int, apart: float) -> tuple[np.ndarray, np.ndarray]:
    labels = RNG.integers(3, size=count)
    return RNG.standard_normal((count, 4)) + apart * np.eye(4)[labels], labels


def test_classes_far_apart_are_read_and_shuffled_labels_are_not() -> None:
    known, labels = blobs(90, 12)
    asked, truth = blobs(300, 12)
    assert probe_accuracy(known, labels, asked, truth) == 1
    assert probe_accuracy(known, RNG.permutation(labels), asked, truth) < 0.75


def test_a_probe_of_labels_that_say_nothing_pays_what_a_guess_pays() -> None:
    known, labels = blobs(3000, 12)
    asked, truth = blobs(300, 12)
    assert probe_nats(known, labels, asked, truth) < 0.01
    assert probe_nats(known, RNG.permutation(labels), asked, truth) == pytest.approx(np.log(3), abs=0.05)


def test_the_scale_and_the_place_of_features_say_nothing() -> None:
    known, labels = blobs(60, 2)
    asked, truth = blobs(200, 2)
    scale, place = np.array([1e3, 1e-3, 1, 7]), 50
    moved = probe_accuracy(known * scale + place, labels, asked * scale + place, truth)
    assert moved == pytest.approx(probe_accuracy(known, labels, asked, truth))


def test_few_labelled_are_balanced_different_with_each_seed_and_no_row_twice() -> None:
    labels = np.repeat([0, 1, 2], [30, 12, 50])
    rows = few_labelled(labels, 12, seed=1)
    assert np.bincount(labels[rows]).tolist() == [12, 12, 12]
    assert len(set(rows.tolist())) == 36
    assert rows.tolist() == few_labelled(labels, 12, seed=1).tolist() != few_labelled(labels, 12, seed=2).tolist()
    with pytest.raises(ValueError, match="class 1 has 12 examples, fewer than 13"):
        few_labelled(labels, 13, seed=0)
