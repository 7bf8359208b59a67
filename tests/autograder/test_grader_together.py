"""Calls that are sent together are answered as they are one by one, whatever becomes of any of them."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from autograder.engine import wire
from autograder.engine.answering.submission import Submission
from autograder.engine.calls import Call, Leaf, Model
from autograder.engine.catalogue import Exercise
from autograder.engine.verdicts import Untrusted
from autograder.engine.worker_client import talk
from autograder.engine.worker_client.limits import Death, Limits

FILE = """
import os, time
import torch
count = 0
def counted(x):
    global count
    count += 1
    return x * count
def large(x, size):
    return torch.ones(size) + x
def late(x, when):
    if float(x) == when:
        time.sleep(60)
    return x
def ends(x, when):
    if float(x) == when:
        os._exit(3)
    return x
def odd(x, when):
    return [[[[[[x]]]]]] if float(x) == when else x
def asked(x, model):
    return model(x[None])[0]
"""
FUNCTIONS = ("counted", "large", "late", "ends", "odd", "asked")
WAYS = ("together", "one by one")


@pytest.fixture
def submission(latent: Exercise, tmp_path: Path) -> Iterator[Submission]:
    path = tmp_path / "latent_starter.py"
    path.write_text(FILE)
    made = Submission(latent, path, Limits(call=1.0))
    made.file._functions = dict.fromkeys(FUNCTIONS, "1.1")
    yield made
    made.close()


def number(x: float) -> np.ndarray:
    return np.array(x, np.float32)


def told(submission: Submission, calls: Sequence[Call], way: str) -> list[str]:
    """What is said of each call until one decides."""
    said = []
    answers = submission.ask_each(calls) if way == "together" else map(submission.ask, calls)
    try:
        for answer in answers:
            result = answer.result
            said.append(str(result.array.sum()) if isinstance(result, Leaf) else type(result).__name__)
    except Death as death:
        said.append(f"{death.kind}: {death}")
    return said


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("function", "kind"), [("late", "timeout"), ("ends", "exit"), ("odd", "")])
def test_the_call_that_decides_is_the_same(submission: Submission, function: str, kind: str, way: str) -> None:
    found = told(submission, [Call(function, [number(n), 3.0]) for n in range(6)], way)
    assert found[:3] == ["0.0", "1.0", "2.0"]
    assert found[3].startswith(kind)
    assert len(found) == (4 if kind else 6)
    assert told(submission, [Call("counted", [number(1)])], way) == ["1.0"], "others are asked in a new worker"


@pytest.mark.parametrize("size", [1, 100, 5000, 40_000, 400_000])
def test_answers_of_any_size_come_in_their_order(submission: Submission, size: int) -> None:
    calls = [Call("large", [np.full(size, n, np.float32), size]) for n in range(12)]
    assert told(submission, calls, "together") == [str(np.float32(size * (n + 1))) for n in range(12)]


def test_answers_that_nobody_waits_for_are_passed_over(submission: Submission) -> None:
    calls = [Call("counted", [number(1)])] * 8
    with closing(submission.ask_each(calls)) as answers:
        for _ in range(4):
            next(answers)
    [after] = told(submission, calls[:1], "together")
    assert after == "9.0", "the same worker has answered all, and the next answer belongs to the next call"


def test_a_worker_that_keeps_others_waiting_for_nothing_is_replaced(submission: Submission) -> None:
    calls = [Call("late", [number(n), 3.0]) for n in range(6)]
    with closing(submission.ask_each(calls)) as answers:
        for _ in range(2):
            next(answers)
    assert told(submission, [Call("counted", [number(1)])], "together") == ["1.0"]


def test_calls_that_may_ask_back_are_sent_alone(submission: Submission) -> None:
    model = Model("bent", {"weight": np.eye(3, dtype=np.float32), "bias": np.zeros(3, np.float32)})
    calls = [Call("asked", [np.full(3, n, np.float32), model]) for n in range(4)]
    expected = [str(np.tanh(np.full(3, n, np.float32)).sum()) for n in range(4)]
    assert [float(x) for x in told(submission, calls, "together")] == pytest.approx([float(x) for x in expected])


def test_honesty_is_tried_after_the_first_call_of_each_function(submission: Submission) -> None:
    liar = "import autograder.engine.worker_process.side_effects as s\ns.Snapshot.drew = lambda self: True\n"
    submission.path.write_text(liar + FILE)
    with pytest.raises(Untrusted):
        list(submission.ask_each([Call("counted", [number(1)])] * 4))


def test_answers_are_not_read_ahead_without_end() -> None:
    """A worker could send 64 MB for each call."""
    theirs, ours = os.pipe()
    answer = wire.encode(wire.Message({"id": 1}, [np.zeros(talk.AHEAD, np.uint8)]))
    with open(theirs, "rb") as answers, open(ours, "wb") as sent:
        speaker = threading.Thread(target=lambda: [sent.write(answer) for _ in range(9)], daemon=True)
        conversation = talk.Talk(io.BytesIO(), answers)
        conversation.ask(b"", 9)
        speaker.start()
        speaker.join(0.5)
        assert speaker.is_alive(), "nobody takes what it says"
        assert all(isinstance(conversation.answer(60), wire.Message) for _ in range(9))
        speaker.join(60)
        assert not speaker.is_alive()
        conversation.close()


def test_as_many_requests_go_together_as_fit() -> None:
    assert talk.fitting([b"x" * 5] * 10, 21) == 4
    assert talk.fitting([b"x" * 50] * 10, 21) == 1
    assert talk.fitting([b"x" * 5], 0) == 1
