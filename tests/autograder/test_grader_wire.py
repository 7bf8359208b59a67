"""The pipe's protocol: what goes in comes out, and what is not a message is refused before it is read."""

from __future__ import annotations

import io
import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.engine import wire
from autograder.engine.parsing import parse
from autograder.engine.wire import Message, WireError, encode, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
ARRAYS = npst.arrays(
    st.sampled_from([np.dtype(name) for name in ("<f4", "<f8", ">f8", "<f2", "u1", "<i8", "?", ">i4")]),
    npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)


@given(body=st.dictionaries(st.text(max_size=8), JSON, max_size=4), arrays=st.lists(ARRAYS, max_size=4))
def test_what_goes_in_comes_out(body: dict[str, Any], arrays: list[Any]) -> None:
    got = read(io.BytesIO(encode(Message(body, arrays))))
    assert got.body == body
    assert len(got.arrays) == len(arrays)
    for mine, theirs in zip(arrays, got.arrays, strict=True):
        assert theirs.shape == mine.shape
        assert theirs.dtype == mine.dtype.newbyteorder("<")
        assert theirs.tobytes() == mine.astype(mine.dtype.newbyteorder("<")).tobytes()


@given(cut=st.integers(1, 200))
def test_a_message_cut_short_is_refused(cut: int) -> None:
    data = encode(Message({"a": "long enough to be cut somewhere"}, [np.arange(20.0)]))
    with pytest.raises(WireError):
        read(io.BytesIO(data[:-cut] or data[:1]))


def test_a_closed_pipe_is_told_from_a_broken_message() -> None:
    with pytest.raises(EOFError):
        read(io.BytesIO(b""))


@settings(max_examples=300)
@given(data=st.binary(min_size=1, max_size=300))
def test_noise_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        read(io.BytesIO(data))


def framed(header: object, tail: bytes = b"") -> io.BytesIO:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return io.BytesIO(struct.pack(">I", len(text)) + text + tail)


@pytest.mark.parametrize(
    "header",
    [
        {"body": {}},
        {"body": [], "arrays": []},
        {"body": {}, "arrays": {}},
        {"body": {}, "arrays": [], "more": 1},
        {"body": {}, "arrays": [{"dtype": "O", "shape": [1]}]},
        {"body": {}, "arrays": [{"dtype": "f8,f8", "shape": [1]}]},
        {"body": {}, "arrays": [{"dtype": "c16", "shape": [1]}]},
        {"body": {}, "arrays": [{"dtype": ["f8"], "shape": [1]}]},
        {"body": {}, "arrays": [{"dtype": "f8", "shape": [-1]}]},
        {"body": {}, "arrays": [{"dtype": "f8", "shape": [True]}]},
        {"body": {}, "arrays": [{"dtype": "f8", "shape": [1.0]}]},
        {"body": {}, "arrays": [{"dtype": "f8", "shape": 3}]},
        {"body": {}, "arrays": [{"dtype": "f8", "shape": [1] * 9}]},
        {"body": {}, "arrays": [{"dtype": "f8", "shape": [wire.MAX_BYTES // 8 + 1]}]},
        {"body": {}, "arrays": [{"dtype": "f8", "shape": [1 << 25, 1 << 25, 1 << 25]}]},
        {"body": {}, "arrays": [{"dtype": "u1", "shape": [0]}] * (wire.MAX_ARRAYS + 1)},
        b'{"body": {"x": NaN}, "arrays": []}',
        b'{"body": {"x": "\xff"}, "arrays": []}',
        b"[" * 60_000,
    ],
)
def test_a_header_that_says_something_else_is_refused(header: object) -> None:
    with pytest.raises(WireError):
        read(framed(header, b"\0" * 64))


def test_a_long_header_is_refused_before_it_is_read() -> None:
    stream = io.BytesIO(struct.pack(">I", wire.MAX_HEADER + 1) + b"x" * 100)
    with pytest.raises(WireError, match="header"):
        read(stream)
    assert stream.tell() == 4


def test_large_arrays_are_refused_before_they_are_read() -> None:
    half = {"dtype": "u1", "shape": [wire.MAX_BYTES // 2 + 1]}
    stream = framed({"body": {}, "arrays": [half, half]}, b"\0" * 100)
    with pytest.raises(WireError, match="more than"):
        read(stream)
    assert len(stream.read()) == 100


@pytest.mark.parametrize(
    "message",
    [
        Message({"x": "y" * wire.MAX_HEADER}),
        Message({}, [np.zeros(3, complex)]),
        Message({}, [np.array(["text"])]),
        Message({}, [np.array([None])]),
        Message({}, [np.zeros(1)] * (wire.MAX_ARRAYS + 1)),
        Message({}, [np.zeros(wire.MAX_BYTES + 1, np.uint8)]),
    ],
)
def test_what_breaks_a_limit_is_not_sent(message: Message) -> None:
    stream = io.BytesIO()
    with pytest.raises(WireError):
        wire.write(stream, message)
    assert stream.getvalue() == b""


@given(body=st.dictionaries(st.sampled_from(["result", "changes", "files", "others", "used", "drew", "error"]), JSON))
def test_a_message_that_is_no_answer_is_refused_and_nothing_worse(body: dict[str, Any]) -> None:
    try:
        answer = parse(Message(body))
    except ValueError:
        return
    assert answer.error is not None or "result" in body
