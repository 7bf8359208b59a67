import numpy as np
import pytest
import torch

from course.patterns import PatternSet, bars512, cross8x8, lines64
from course.studies import factors


@pytest.mark.parametrize(("patterns", "factor"), [(lines64(), "thickness"), (bars512(), "cy"), (cross8x8(), "cx")])
def test_counterparts_differ_in_the_factor_and_nothing_else(patterns: PatternSet, factor: str) -> None:
    column = patterns.factor_names.index(factor)
    values = np.unique(patterns.factors[:, column])
    without, having = factors.counterparts(patterns, factor, int(values[0]), int(values[1]))
    assert len(without) == len(patterns) / len(values)
    a, b = patterns.factors[without], patterns.factors[having]
    assert (a[:, column] == values[0]).all()
    assert (b[:, column] == values[1]).all()
    assert (np.delete(a, column, axis=1) == np.delete(b, column, axis=1)).all()


def test_moves_go_to_any_other_type_and_one_step_elsewhere() -> None:
    assert len(factors.moves(lines64(), "type")) == 4 * 3
    assert len(factors.moves(lines64(), "position")) == 2 * 7
    assert len(factors.moves(lines64(), "thickness")) == 2
    assert factors.moves(cross8x8(), "type") == []


def test_a_direction_is_found_without_the_pair_that_it_is_tried_on() -> None:
    codes = torch.randn((10, 3), generator=torch.Generator().manual_seed(0))
    without, having = np.arange(5), np.arange(5, 10)
    directions = factors.held_out_directions(codes, without, having)
    others = [1, 2, 3, 4]
    torch.testing.assert_close(directions[0], (codes[5:][others] - codes[:5][others]).mean(dim=0))
    codes[0] += 100
    torch.testing.assert_close(factors.held_out_directions(codes, without, having)[0], directions[0])


def test_agreement_is_one_for_one_vector_and_zero_for_vectors_that_cancel() -> None:
    codes = torch.tensor([[0.0, 0], [5, 1], [3, 4], [8, 5]])
    assert factors.agreement(codes, np.array([0, 1]), np.array([2, 3])) == pytest.approx(1)
    codes = torch.tensor([[0.0, 0], [0, 0], [1, 1], [-1, -1]])
    assert factors.agreement(codes, np.array([0, 1]), np.array([2, 3])) == pytest.approx(0)


def test_random_directions_agree_by_one_over_the_root_of_their_number() -> None:
    codes, noise = torch.zeros((20_000, 3)), torch.Generator().manual_seed(0)
    codes[10_000:, 0] = 2.0  # all of one length, so that the squared agreement is 1 / M on average
    squares = [
        factors.random_agreement(codes, rows, rows + 10_000, noise) ** 2 for rows in np.arange(8000).reshape(1000, 8)
    ]
    assert np.mean(squares) == pytest.approx(1 / 8, rel=0.1)
    assert factors.random_agreement(codes, np.array([0]), np.array([10_000]), noise) == pytest.approx(1)


def test_a_miss_is_counted_in_the_widths_of_the_right_cloud() -> None:
    codes = torch.tensor([[0.0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 3]])
    widths = torch.tensor([[1.0, 1]] * 5 + [[1.0, 0.5]])
    without, having = np.array([0, 1, 2]), np.array([3, 4, 5])
    # the others of the third pair move by (0, 1), where (0, 3) is right: 2 away, which is 4 widths
    torch.testing.assert_close(factors.misses(codes, widths, without, having)[2], torch.tensor(4.0))
    torch.testing.assert_close(factors.misses(codes[:5], widths, without[:2], having[:2]), torch.zeros(2))


def test_changed_factors_counts_over_valid_images_only() -> None:
    patterns = lines64()
    without, having = factors.counterparts(patterns, "thickness", 1, 2)
    pair = patterns.images[[without[0], having[0]]]
    assert factors.changed_factors(pair[:1], patterns) == 0
    assert factors.changed_factors(pair, patterns) == 1
    assert factors.changed_factors(patterns.images, patterns) == 3
    broken = 1 - patterns.images[:2]
    assert factors.changed_factors(broken, patterns) == 0
    assert factors.changed_factors(np.concatenate([pair, broken]), patterns) == 1
