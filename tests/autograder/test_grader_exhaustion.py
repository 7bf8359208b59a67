"""However much a worker says, the grader's work, memory and time are bounded, and the part that caused it is wrong."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.engine.answering.budget import FILE_BYTES, PART_BYTES, Budget
from autograder.engine.calls import Answer, Leaf, Many, Value
from autograder.engine.catalogue import LOOKED_AT, exercise_of
from autograder.engine.grading.grade import grade
from autograder.engine.judging import animation, rows
from autograder.engine.parsing import DEEPEST, MOST_NUMBERS, MOST_VALUES, TooMuch, parse
from autograder.engine.verdicts import Wrong
from autograder.engine.wire import Message
from autograder.engine.worker_client.limits import Limits
from tests.autograder.forgers import exercise_called, forging, with_tail

MODELS = "used={'0': {}}, files={'walk.gif': leaf(1, kind='numpy'), 'round_trip.gif': leaf(1, kind='numpy')}"
MANY = "{'tag': 'many', 'of': 'list', 'items': [leaf(0, kind='numpy')] * 700}"
WALK = "create_latent_walk_animation"
DEEP = "'[' * 700 + ']' * 700"
TOO_LARGE, NO_ANSWER = "gave an answer that is too large", "that does not hold what was asked for"
CASES = {  # exercise, submission, part, and what is said of it
    "a stack of nothing": (
        "latent",
        forging(
            "packed(whole(request, {'tag': 'stack', 'of': 'list', 'stack': leaf()}),"
            " [{'dtype': 'f4', 'shape': [8_000_000, 0]}])",
            function="SimpleVAE.encode",
        ),
        "1.1",
        TOO_LARGE,
    ),
    "eight million rows": (
        "latent",
        with_tail("latent", "def interpolate(vae, a, b, num_steps=8): return torch.zeros(8_000_000, 1)"),
        "1.3",
        r"float32 of shape \(8000000, 1\)|too much: all answers of this part hold",
    ),
    "one array seven hundred times": (
        "latent",
        forging(
            f"packed(whole(request, {MANY}, {MODELS}),"
            " [{'dtype': 'u1', 'shape': [2048, 2048]}, {'dtype': 'u1', 'shape': [1]}], bytes((1 << 22) + 1))",
            function=WALK,
        ),
        "1.4",
        NO_ANSWER,
    ),
    "a frame of 8192 x 8192": (
        "latent",
        forging(
            "packed(whole(request, {'tag': 'many', 'of': 'list', 'items': [leaf(kind='numpy')]}, used={'0': {}}),"
            " [{'dtype': 'u1', 'shape': [8192, 8191]}], bytes(8192 * 8191))",
            function=WALK,
        ),
        "1.4",
        TOO_LARGE,
    ),
    "lists in lists, 200 deep": (
        "latent",
        forging(
            "packed(None, text='{\"body\": {\"id\": %d, \"result\": ' % request.body['id']"
            " + '{\"tag\": \"many\", \"of\": \"list\", \"items\": [' * 200 + ']}' * 200"
            " + ', \"changes\": [], \"calls\": [], \"files\": {}, \"others\": [], \"refused\": [], \"used\": {},"
            " \"drew\": false},"
            " \"arrays\": []}')",
            function="SimpleVAE.encode",
        ),
        "1.1",
        TOO_LARGE,
    ),
    "a header that JSON cannot hold": (
        "latent",
        forging(f"packed(None, text='{{\"body\": ' + {DEEP} + ', \"arrays\": []}}')", function="SimpleVAE.encode"),
        "1.1",
        "answered with something that is not an answer|belongs to no question",
    ),
    "a count that JSON reads as infinity": (
        "latent",
        forging("packed(None, text='{\"body\": {\"id\": 1e999}, \"arrays\": []}')", function="SimpleVAE.encode"),
        "1.1",
        "answered with something that is not an answer",
    ),
}  # fmt: skip
LARGE_EACH = "packed(whole(request, leaf()), [{'dtype': 'f8', 'shape': [8_000_000]}], bytes(64_000_000))"
QUESTION = """
class Long(list):
    pass

def kl_divergence(mu, log_var):
    raise NotImplementedError("Exercise 4.2: yours to write")

def kl_per_dimension(mu, log_var):
    import gc
    from autograder.engine import wire
    from autograder.engine.worker_process.channel import Channel
    kl_divergence_noted(mu, log_var)
    channel = next(found for found in gc.get_objects() if isinstance(found, Channel))
    value = {"tag": "value", "value": 0}
    question = json.dumps({"ask": "kl_divergence", "args": value, "kwargs": {}, "random": 0, "weights": []})
    text = '{"body": ' + question.replace("0}", "[" + "1e9," * 14_000 + "1]}", 1) + ', "arrays": []}'
    with channel._lock:
        channel._answers.write(packed(None, text=text))
        channel._answers.flush()
        told = wire.read(channel._requests)
    raise RuntimeError(f"TOLD {told.body}")

def kl_divergence_noted(*given):
    return kl_divergence(*given)
"""


def graded(name: str, text: str, folder: Path, limits: Limits | None = None) -> Mapping[str, Any]:
    exercise = exercise_called(name)
    path = folder / exercise.starter
    path.write_text(text, encoding="utf-8")
    return {o.part.number: o.finding for o in grade(exercise, path, seed=7, limits=limits or Limits(call=10))}


@pytest.mark.parametrize("case", CASES)
def test_an_answer_that_is_too_much_costs_its_part_alone(case: str, tmp_path: Path) -> None:
    name, text, number, said = CASES[case]
    found = graded(name, text, tmp_path)
    assert {n: f.state.value for n, f in found.items()} == {n: "wrong" if n == number else "done" for n in found}
    assert re.search(said, found[number].got), found[number].got


def test_answers_that_are_large_each_are_not_kept_without_end(tmp_path: Path) -> None:
    found = graded("interpolation", forging(LARGE_EACH, "interpolation"), tmp_path)
    assert {finding.state.value for finding in found.values()} == {"wrong"}
    assert all("hold" in finding.got and "MB together" in finding.got for finding in found.values())


def test_answers_just_before_each_deadline_do_not_add_up(tmp_path: Path) -> None:
    text = forging("time.sleep(0.8)", "interpolation", "slerp")
    found = graded("interpolation", text, tmp_path, Limits(call=1.0, load=3.0))
    states = {number: finding.state.value for number, finding in found.items()}
    assert states == {"6.1": "done", "6.2": "wrong", "6.3": "done", "6.4": "done", "6.5": "done"}
    assert "was too slow: all calls together took 6 seconds for this part" in found["6.2"].got


def test_a_question_that_grows_when_it_is_handed_on_is_refused(tmp_path: Path) -> None:
    found = graded("kl", with_tail("kl", QUESTION), tmp_path)
    assert found["4.3"].state.value == "blocked"
    assert "the question cannot be handed on" in found["4.3"].reason


@pytest.mark.parametrize("seconds", [0.1, 0.9, 1.0])
def test_all_calls_to_a_file_end_within_its_budget(seconds: float) -> None:
    limits = Limits(call=1.0, load=3.0)
    budget, spent = Budget(limits), 0.0
    for part in "abcdefgh":
        of_part = 0.0
        while not (end := budget.end(part)):
            took = min(seconds, budget.left(part))
            budget.spend(part, took)
            of_part += took
        assert end.kind == "slow"
        spent += of_part
        assert of_part <= 3 * limits.call + limits.load + 1e-9
    assert math.isclose(spent, 10 * limits.call + 2 * limits.load)


def test_memory_has_a_budget_of_its_own() -> None:
    budget = Budget(Limits())
    for part in "abcdefgh":
        while not (end := budget.end(part)):
            budget.spend(part, 0, PART_BYTES // 3)
        assert "MB together" in str(end)
    assert budget._file.bytes <= FILE_BYTES + PART_BYTES // 3


def leaf(array: int) -> dict[str, Any]:
    return {"tag": "leaf", "array": array, "kind": "torch", "dtype": "float32", "requires_grad": False}


def whole(result: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "changes": [],
        "calls": [],
        "files": {},
        "others": [],
        "refused": [],
        "used": {},
        "drew": False,
    }
    return {"result": result, **empty}


LEAVES = st.builds(leaf, st.integers(-2, 4))
RESULTS = st.recursive(
    LEAVES | st.builds(lambda one: {"tag": "stack", "of": "list", "stack": one}, LEAVES),
    lambda inner: st.builds(lambda items: {"tag": "many", "of": "list", "items": items}, st.lists(inner, max_size=4)),
    max_leaves=12,
)  # fmt: skip


def leaves(value: Value) -> list[Leaf]:
    if isinstance(value, Many):
        return [found for item in value.items for found in leaves(item)]
    return [value] if isinstance(value, Leaf) else []


@settings(max_examples=200)
@given(RESULTS, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4))
def test_no_answer_holds_more_than_was_sent(result: Any, shapes: list[tuple[int, int]]) -> None:
    sent = [np.zeros(shape, np.float32) for shape in shapes]
    try:
        answer = parse(Message(whole(result), sent))
    except ValueError:
        return
    assert sum(found.array.size for found in leaves(answer.result)) <= sum(array.size for array in sent)
    assert len(leaves(answer.result)) <= answer.weight


def test_the_limits_are_where_they_are_said_to_be() -> None:
    stack = {"tag": "stack", "of": "list", "stack": leaf(0)}
    assert isinstance(parse(Message(whole(stack), [np.zeros((MOST_VALUES - 1, 0))])), Answer)
    with pytest.raises(TooMuch):
        parse(Message(whole(stack), [np.zeros((MOST_VALUES, 0))]))
    assert isinstance(parse(Message(whole(leaf(0)), [np.zeros(MOST_NUMBERS, np.uint8)])), Answer)
    with pytest.raises(TooMuch):
        parse(Message(whole(leaf(0)), [np.zeros(MOST_NUMBERS, np.uint8), np.zeros(0)]))
    nested: Any = leaf(0)
    for depth in range(DEEPEST + 1):
        assert isinstance(parse(Message(whole(nested), [np.zeros(1)])), Answer), depth
        nested = {"tag": "many", "of": "list", "items": [nested]}
    with pytest.raises(TooMuch):
        parse(Message(whole(nested), [np.zeros(1)]))
    many = Leaf(np.zeros((MOST_VALUES + 1, 2)))
    assert rows(many) is many


FRAME = b"\x2c" + struct.pack("<HHHH", 0, 0, 1, 1) + b"\0\x02\x02\x44\x01\x00"


def gif(width: int, height: int, frames: int) -> Any:
    start = b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0" + b"\0\0\0\xff\xff\xff"
    return np.frombuffer(start + FRAME * frames + b";", np.uint8)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (gif(16, 16, 200_000), "more than the 2,000 pictures"),
        (gif(16, 16, 1_000_000), "bytes, and up to"),
        (gif(4096, 4096, 2), "4096 x 4096 pixels"),
    ],
)
def test_of_a_large_animation_little_is_decoded(data: Any, said: str) -> None:
    with pytest.raises(Wrong, match=said):
        animation._read(data, "an animation")


@pytest.mark.parametrize("data", [gif(65535, 65535, 2), np.zeros(100, np.uint8)])
def test_what_pillow_does_not_open_is_no_animation(data: Any) -> None:
    assert animation._read(data, "an animation") is None


@pytest.mark.parametrize("blank", ["\n", "\n ", " ", "\t\n", "a\n", "a=\n", "def \n", " a"])
def test_which_exercise_a_text_belongs_to_is_found_in_one_pass(blank: str) -> None:
    """A pattern that reaches over lines takes hours for these."""
    text = (blank * LOOKED_AT)[: LOOKED_AT - 100]
    assert exercise_of("mine.py", text.encode()) is None
    assert exercise_of("mine.py", f"{text}\ndef kl_divergence(mu, log_var):".encode()) is exercise_called("kl")
    assert exercise_of("mine.py", f"{text}\n  kl_divergence = lambda mu, log_var: 0".encode()) is exercise_called("kl")
