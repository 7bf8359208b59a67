"""The language of the private pipe between the grader and a worker.

A message is four bytes (the length of the header, big-endian), a JSON header of at most 64 KB, and the raw
little-endian bytes of the arrays that the header announces by dtype and shape. Each size is checked before anything
is read or allocated. Nothing is ever unpickled, on either side.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "DTYPES",
    "MAX_ARRAYS",
    "MAX_BYTES",
    "MAX_HEADER",
    "Array",
    "Message",
    "WireError",
    "encode",
    "is_sendable",
    "read",
    "write",
]

Array = NDArray[Any]

MAX_HEADER = 64 * 1024
MAX_ARRAYS = 1024
MAX_DIMENSIONS = 8
MAX_BYTES = 64 * 1024 * 1024  # of all arrays together
DTYPES = {"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"}


class WireError(Exception):
    """What was read is not a message of this protocol."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes | None: ...


class Writable(Protocol):
    def write(self, data: bytes, /) -> int | None: ...

    def flush(self) -> None: ...


@dataclass(frozen=True)
class Message:
    """A JSON object and the arrays it refers to by index."""

    body: Mapping[str, Any]
    arrays: Sequence[Array] = field(default_factory=tuple)


def is_sendable(array: Array) -> bool:
    """Whether an array is of a kind and size that a message can carry."""
    known = f"{array.dtype.kind}{array.dtype.itemsize}" in DTYPES
    return known and array.ndim <= MAX_DIMENSIONS and array.nbytes <= MAX_BYTES


def encode(message: Message) -> bytes:
    """One message as bytes; WireError if it breaks a limit."""
    if len(message.arrays) > MAX_ARRAYS:
        raise WireError(f"{len(message.arrays)} arrays are more than {MAX_ARRAYS}")
    little = [np.asarray(a, dtype=a.dtype.newbyteorder("<"), order="C") for a in message.arrays]
    for array in little:
        if not is_sendable(array):
            raise WireError(f"an array of dtype {array.dtype} and shape {array.shape} cannot be sent")
    if sum(a.nbytes for a in little) > MAX_BYTES:
        raise WireError(f"the arrays hold more than {MAX_BYTES} bytes")
    announced = [{"dtype": f"{a.dtype.kind}{a.dtype.itemsize}", "shape": list(a.shape)} for a in little]
    try:
        header = ENCODER.encode({"body": message.body, "arrays": announced}).encode("ascii")
    except (ValueError, TypeError, RecursionError) as error:
        raise WireError(f"the body is not JSON: {error}") from None
    if len(header) > MAX_HEADER:
        raise WireError(f"a header of {len(header)} bytes is longer than {MAX_HEADER}")
    return b"".join([struct.pack(">I", len(header)), header, *(a.tobytes() for a in little)])


def write(stream: Writable, message: Message) -> None:
    """Sends one message; raises WireError, and sends nothing, if it breaks a limit."""
    stream.write(encode(message))
    stream.flush()


def read(stream: Readable) -> Message:
    """Receives one message. EOFError if the pipe was closed before it began, WireError if it is not a message."""
    first = stream.read(4)
    if not first:
        raise EOFError("the pipe is closed")
    size = struct.unpack(">I", first + _exactly(stream, 4 - len(first)))[0]
    if not 2 <= size <= MAX_HEADER:
        raise WireError(f"a header of {size} bytes is announced, more than {MAX_HEADER}")
    body, announced = _parse(_exactly(stream, size))
    layout = [_layout(item) for item in announced]
    if sum(count for _, _, count in layout) > MAX_BYTES:
        raise WireError(f"the arrays announced hold more than {MAX_BYTES} bytes")
    arrays = [np.frombuffer(_exactly(stream, count), dtype).reshape(shape) for dtype, shape, count in layout]
    return Message(body, arrays)


def _parse(header: bytes) -> tuple[dict[str, Any], list[Any]]:
    try:
        parsed = DECODER.decode(header.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"the header is not JSON: {error}") from None
    if not isinstance(parsed, dict) or set(parsed) != {"body", "arrays"}:
        raise WireError("the header does not hold a body and arrays, and nothing else")
    body, announced = parsed["body"], parsed["arrays"]
    if not isinstance(body, dict) or not isinstance(announced, list) or len(announced) > MAX_ARRAYS:
        raise WireError("the body is not an object, or the arrays are not a short list")
    return body, announced


def _layout(item: Any) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """What an announced array is: dtype, shape and number of bytes."""
    if not isinstance(item, dict) or set(item) != {"dtype", "shape"}:
        raise WireError("an array is announced without its dtype and shape")
    dtype, shape = item["dtype"], item["shape"]
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise WireError(f"dtype {str(dtype)[:40]!r} is not one that is sent here")
    if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
        raise WireError("a shape is not a short list")
    if any(type(n) is not int or not 0 <= n <= MAX_BYTES for n in shape):
        raise WireError("a shape holds something else than sizes")
    little = np.dtype(dtype).newbyteorder("<")
    return little, tuple(shape), math.prod(shape) * little.itemsize


def _exactly(stream: Readable, count: int) -> bytes:
    parts: list[bytes] = []
    while count:
        part = stream.read(min(count, 1 << 20))
        if not part:
            raise WireError(f"the pipe closed with {count} bytes still to come")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _finite(text: str) -> float:
    """Numbers such as 1e999, which JSON allows, are infinite once they are read."""
    number = float(text)
    return number if math.isfinite(number) else _no_constant(text[:20])


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


ENCODER = json.JSONEncoder(allow_nan=False)  # made once: json.dumps and json.loads make one each time
DECODER = json.JSONDecoder(parse_constant=_no_constant, parse_float=_finite)
