"""What the grader and a worker say to each other: the JSON body of every message, as types.

The grader sends a request, the worker a reply with the same number (`id`). In the middle of a call a worker may also
send a note, or a question that the grader has to answer first. Arrays travel beside the body, which refers to them by
index.

A worker's code is the student's as well, so a reply can hold anything. These types say what an honest worker sends; the
grader trusts none of it before `evidence.must_be_whole` and `parsing.parse` have looked at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

__all__ = [
    "CHANNEL_LOST",
    "ArrayItem",
    "CallReply",
    "CallRequest",
    "ErrorReply",
    "ErrorReport",
    "FloatItem",
    "GeneratorItem",
    "GradientsReply",
    "Items",
    "LeafResult",
    "LoadReply",
    "LoadRequest",
    "ManyResult",
    "MistakeText",
    "MistakesRequest",
    "ModelItem",
    "ModelQuestion",
    "OddResult",
    "OptimizerItem",
    "PathItem",
    "PlainItem",
    "Question",
    "Request",
    "Result",
    "RoundReply",
    "RoundRequest",
    "SeedItem",
    "StackResult",
    "StandInReply",
    "StandInRequest",
    "TensorItem",
    "Value",
]

CHANNEL_LOST = 86  # exit code of a worker: the pipe broke while an answer was sent

# Values that functions are given and stand-ins give, told apart by their tags. `array` and `state` are indices.


class PlainItem(TypedDict):
    """None, a truth value, a whole number, a text; in the grader's own arguments a float as well."""

    tag: Literal["value"]
    value: bool | int | float | str | None


class FloatItem(TypedDict):
    """A float as `float.hex` writes it, so that NaN and each bit arrive."""

    tag: Literal["float"]
    value: str


class Items(TypedDict):
    """A list or tuple."""

    tag: Literal["list", "tuple"]
    items: list[Value]


class TensorItem(TypedDict):
    """A tensor; `grad` says whether it needs a gradient."""

    tag: Literal["tensor"]
    array: int
    grad: NotRequired[bool]


class ArrayItem(TypedDict):
    """An array of numpy's."""

    tag: Literal["array"]
    array: int


class PathItem(TypedDict):
    """A file in the worker's own folder."""

    tag: Literal["path"]
    name: str


class SeedItem(TypedDict):
    """A new generator with this seed, from which so many numbers were drawn."""

    tag: Literal["seed"]
    seed: int
    drawn: int


class GeneratorItem(TypedDict):
    """A generator in this state."""

    tag: Literal["generator"]
    state: int


class ModelItem(TypedDict):
    """A model of the grader's own, of a kind in `worker_process/models.py`, with these arrays; or, if it `asks`, with
    zeros in their place, and each time that it is called it asks the grader.
    """

    tag: Literal["model"]
    model: str
    arrays: dict[str, int]
    asks: NotRequired[bool]


class OptimizerItem(TypedDict):
    """A new optimizer of torch's, by its class, for the model of the argument `of`."""

    tag: Literal["optimizer"]
    optimizer: str
    rate: float
    of: str


Value = (
    PlainItem
    | FloatItem
    | Items
    | TensorItem
    | ArrayItem
    | PathItem
    | SeedItem
    | GeneratorItem
    | ModelItem
    | OptimizerItem
)


# What a function returned, as far as it can be read.


class LeafResult(TypedDict):
    """Numbers: of a tensor, an array of numpy's, or Python's own."""

    tag: Literal["leaf"]
    array: int
    kind: Literal["torch", "numpy", "python"]
    dtype: str
    requires_grad: bool


class StackResult(TypedDict):
    """A list or tuple of leaves that are alike, as one array."""

    tag: Literal["stack"]
    of: str
    stack: LeafResult


class ManyResult(TypedDict):
    """Any other list or tuple."""

    tag: Literal["many"]
    of: str
    items: list[Result]


class OddResult(TypedDict):
    """What is no answer, in words."""

    tag: Literal["odd"]
    text: str
    none: bool


Result = LeafResult | StackResult | ManyResult | OddResult


# Requests.


class LoadRequest(TypedDict):
    """Load a file. Its arrays are the contents of `files`, in their order."""

    op: Literal["load"]
    start: str
    files: list[str]
    left_out: dict[str, str]  # by name: why
    functions: dict[str, str]  # part numbers by function name
    seconds: NotRequired[float]  # after which the file says where it is


class RoundRequest(TypedDict):
    """One of several times that a call is made: its seed, and arguments that replace."""

    seed: int
    kwargs: dict[str, Value]


class CallRequest(TypedDict):
    """Call a function of the file, once or in rounds."""

    op: Literal["call"]
    function: str
    float: str  # what float arrays become: float32 or float64
    seed: int
    args: list[Value]
    kwargs: dict[str, Value]
    layers: dict[str, list[int]]  # weight and bias of layers of the student's own class
    collect: list[str]  # files that the answer brings back
    grad_mode: NotRequired[bool]  # False: torch's gradient mode is off while the function runs
    rounds: NotRequired[list[RoundRequest]]
    cotangents: NotRequired[list[int]]  # asks for gradients
    planted: NotRequired[bool]  # the grader's own function in the place of the file's, to see what is reported of it
    stand_ins: NotRequired[list[str]]  # functions for which the worker asks back
    variant: NotRequired[list[str]]  # part and name of a named mistake, which then answers


class MistakesRequest(TypedDict):
    """Learn the named mistakes of a module; only the reference's worker is asked to."""

    op: Literal["mistakes"]
    module: str


class Question(TypedDict):
    """A worker's question in the middle of a call: what does this function give, from this random state?"""

    ask: str
    args: Value
    kwargs: dict[str, Value]
    random: int
    weights: list[int]  # if there are any, gradients are asked for


class ModelQuestion(TypedDict):
    """A worker's question in the middle of a call: what does a model give for the first array; or if `gradient`, what
    is the gradient there for a weight of the output, the second array?
    """

    ask: Literal[""]
    round: int
    model: str  # the name of its argument
    gradient: bool


class StandInRequest(Question):
    """The same question, handed on to the reference."""

    op: Literal["stand in"]


Request = LoadRequest | CallRequest | MistakesRequest | StandInRequest


# Replies.


class ErrorReport(TypedDict):
    """An exception, and the line of the student's file from which it came."""

    type: str
    message: str
    note: NotRequired[str]
    refused: NotRequired[str]  # what the walls refused, in one word
    stub: NotRequired[str]  # the number of the part whose stub it came from
    file: NotRequired[str]
    line: NotRequired[int | None]
    text: NotRequired[str]
    called_file: NotRequired[str]  # where the function that was asked for called the one that failed
    called_line: NotRequired[int | None]
    called_text: NotRequired[str]


class LoadReply(TypedDict):
    """What a file offers, and the lines where a starter's `raise` still stands, by function."""

    names: list[str]
    leftover: dict[str, int]
    refused: list[str]  # in words, what the walls refused, though the file went on


class ErrorReply(TypedDict):
    """A call that ended in an exception."""

    error: ErrorReport
    calls: list[str]


class CallReply(TypedDict):
    """All that is known about a call that came to its end."""

    result: Result
    drew: bool
    changes: list[str]
    calls: list[str]
    used: dict[str, dict[str, Any]]  # what became of models and generators
    seen: dict[str, list[Result]]  # what recording models were called on
    gradients: NotRequired[list[Result]]
    files: dict[str, Result]
    others: list[str]
    refused: list[str]  # as when a file is loaded


class RoundReply(TypedDict):
    """The answer of one round, and which arrays are its own."""

    body: Mapping[str, Any]
    start: int
    count: int


class MistakeText(TypedDict):
    """A named mistake without its code."""

    name: str
    part: str
    question: str
    section: str
    place: str


class StandInReply(TypedDict):
    """What the reference gives in place of a student's function; states go on as if it had run there."""

    result: Value
    random: int | None
    generators: list[int]
    used: list[dict[str, int]]


class GradientsReply(TypedDict):
    """The gradients that were asked for."""

    gradients: list[int | None]
