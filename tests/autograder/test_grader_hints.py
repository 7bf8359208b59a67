"""How many hints were shown is remembered, whatever has become of the file that says so."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from autograder.engine.catalogue import part
from autograder.engine.report.hints import next_rung

PART = part("1.1")[1]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["1.1", "1.2", "x"]), inner),
    max_leaves=5,
)


@given(st.binary(max_size=20) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_file_is_read_and_the_next_hint_follows(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        memory = Path(folder, ".latent-course", "hints.json")
        memory.parent.mkdir()
        memory.write_bytes(content)
        said = [next_rung(PART, Path(folder)) for _ in range(2)]
    numbers = [lines[0].partition(" of 3 ")[0] for lines in said]
    seen_all = [lines[0].startswith("You have seen all 3") for lines in said]
    assert seen_all[1] or numbers in (["Hint 1", "Hint 2"], ["Hint 2", "Hint 3"])


def test_where_nothing_can_be_kept_the_first_hint_is_given(tmp_path: Path) -> None:
    (tmp_path / ".latent-course").touch()
    said = [next_rung(PART, tmp_path)[0] for _ in range(2)]
    assert said == ["Hint 1 of 3 for 1.1 encode"] * 2
