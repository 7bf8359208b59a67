"""A few hundred of what `python -m tests.course.fuzz_readers` tries by the thousands."""

import pytest

from tests.course import fuzz_readers


@pytest.mark.parametrize("seed", [3, 4])
def test_a_changed_file_gives_a_model_or_one_line_that_names_it(seed: int) -> None:
    counts, faults = fuzz_readers.fuzz(300, seed)
    assert faults == []
    assert counts["read"] > 10
    assert counts["refused"] > 100
